"""`syncline reset`: take Syncline out of a mailbox."""

from __future__ import annotations

from typing import Annotated

import typer

from syncline.cli.output import AsJson, fail, fail_without_mailbox, out, print_json

_QUESTION = (
    "This takes Syncline's categories off all items, deletes the appointments that "
    "came from Salesforce from the calendar (they stay in Salesforce), and pauses "
    "the mailbox. Go on?"
)


def reset(
    mailbox: Annotated[int, typer.Argument(help="Number of the mailbox.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take Syncline's marks and Salesforce's appointments out of a mailbox.

    Nothing is deleted in Salesforce. The first session after Start puts everything
    back.
    """
    from syncline import composition
    from syncline.domain.errors import MailboxBusyError, ProviderError
    from syncline.domain.values.ids import MailboxId

    composition.prepare()
    if not composition.has_mailbox(mailbox):
        fail_without_mailbox(mailbox)
    if not yes:
        typer.confirm(_QUESTION, abort=True)
    try:
        report = composition.reset_mailbox(MailboxId(mailbox), who="command line")
    except MailboxBusyError:
        fail("A session of this mailbox is running; try again when it is over.")
    except ProviderError as error:
        fail(f"{error.fault.provider} could not be reached ({error.fault.code}).")
    if as_json:
        print_json(
            {
                "deleted": report.deleted,
                "unmarked": report.unmarked,
                "left": report.left,
            }
        )
        return
    out.print(
        f"{report.unmarked} items unmarked, {report.deleted} appointments from "
        f"Salesforce deleted, {report.left} left. The mailbox is paused."
    )
