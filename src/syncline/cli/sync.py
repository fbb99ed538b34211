"""`syncline sync`: run one session of a mailbox now."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from syncline.cli.output import (
    FAILURE,
    AsJson,
    fail,
    fail_without_mailbox,
    out,
    print_json,
    show_progress,
)
from syncline.domain.sessions import Session
from syncline.domain.values.kinds import Side


def sync(
    mailbox: Annotated[int, typer.Argument(help="Number of the mailbox.")],
    *,
    retry_held: Annotated[
        bool, typer.Option("--retry-held", help="Try every held item again.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Run one session now; held items are tried again when a minute has passed."""
    from syncline import composition
    from syncline.domain.errors import MailboxBusyError, MailboxNotActiveError
    from syncline.domain.values.ids import MailboxId

    composition.prepare()
    if not composition.has_mailbox(mailbox):
        fail_without_mailbox(mailbox)
    try:
        with show_progress() as progress:
            progress.add_task(f"Synchronizing mailbox {mailbox}", total=None)
            session = composition.sync_mailbox(
                MailboxId(mailbox), is_asked=True, insists=retry_held
            )
    except MailboxBusyError:
        fail("A session of this mailbox is running; try again when it is over.")
    except MailboxNotActiveError as error:
        fail(f"This mailbox is {error}; press Start on its page first.")
    if as_json:
        print_json(as_document(session))
    else:
        _print(session)
    if session.error_code:
        raise typer.Exit(FAILURE)


def as_document(session: Session) -> dict[str, Any]:
    """The stable shape that scripts read."""
    return {
        "session": session.id,
        "result": str(session.result),
        "error_code": session.error_code,
        "requests": _by_side(session.requests),
        "writes": _by_side(session.writes),
        "issues_open": session.issues_open,
        "counts": [
            {
                "kind": t.kind,
                "side": _SIDE_NAMES[t.side],
                "counted": t.counted,
                "count": t.count,
                "reason": t.reason,
            }
            for t in session.tallies
        ],
    }


_SIDE_NAMES = {Side.MAILBOX: "mailbox", Side.CRM: "salesforce"}


def _by_side(counts: Any) -> dict[str, int]:
    return {name: counts.get(side, 0) for side, name in _SIDE_NAMES.items()}


def _print(session: Session) -> None:
    from syncline.domain.issues import remedy

    document = as_document(session)
    requests, writes = document["requests"], document["writes"]
    out.print(f"Session {session.id}: [bold]{session.result}[/bold]")
    out.print(
        f"  requests  mailbox {requests['mailbox']}, "
        f"Salesforce {requests['salesforce']}"
    )
    out.print(
        f"  writes    mailbox {writes['mailbox']}, Salesforce {writes['salesforce']}"
    )
    for tally in session.tallies:
        why = f" ({tally.reason})" if tally.reason else ""
        place = "in Salesforce" if tally.side is Side.CRM else "in the mailbox"
        out.print(f"  {tally.count:5} {tally.kind} {tally.counted} {place}{why}")
    out.print(f"  {session.issues_open:5} open issue(s)")
    if session.error_code:
        out.print(remedy.explain(session.error_code, {}), style="red", markup=False)
