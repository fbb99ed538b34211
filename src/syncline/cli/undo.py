"""`syncline undo`: take back what one session wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncline.cli.output import (
    FAILURE,
    WRONG_USE,
    AsJson,
    fail,
    out,
    print_json,
    show_progress,
)
from syncline.domain.values.history import KeptWrite
from syncline.domain.values.kinds import Side
from syncline.domain.values.operations import Verb

if TYPE_CHECKING:
    from syncline.usecases.undo_session import UndoLine, UndoReport

#: What is done to take a write back.
_TAKING_BACK = {
    Verb.CREATE: "delete",
    Verb.UPDATE: "change back",
    Verb.DELETE: "make again",
    Verb.ATTACH: "take off",
}


def undo(
    session: Annotated[int, typer.Argument(help="Number of the session.")],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Take back what a session wrote, item by item; nobody is mailed.

    What was changed since is left as it is. It can be run again: what was taken
    back stays so, and the rest is tried once more.
    """
    from syncline import composition
    from syncline.domain.errors import (
        MailboxBusyError,
        MailboxNotActiveError,
        ProviderError,
    )
    from syncline.domain.values.ids import SessionId

    composition.prepare()
    try:
        with show_progress() as progress:
            progress.add_task(f"Undoing session {session}", total=None)
            wanted = SessionId(session)
            report = (
                composition.preview_undo(wanted)
                if dry_run
                else composition.undo_session(wanted, who="command line")
            )
    except KeyError:
        fail(f"There is no session {session}.", code=WRONG_USE)
    except MailboxBusyError:
        fail("A session of this mailbox is running; try again when it is over.")
    except MailboxNotActiveError:
        fail("An admin switched this mailbox off; nothing was done.")
    except ProviderError as error:
        fail(f"{error.fault.provider} could not be read ({error.fault.code}).")
    if as_json:
        print_json(as_document(report))
    else:
        _print(report, is_dry=dry_run)
    if report.session is not None and report.session.error_code:
        raise typer.Exit(FAILURE)


def as_document(report: UndoReport) -> dict[str, Any]:
    """The report as scripts read it."""
    return {
        "session": report.session.id if report.session else None,
        "error_code": report.session.error_code if report.session else "",
        "undone": report.undone,
        "refused": len(report.refused),
        "already_undone": report.already,
        "writes": [_line(line) for line in report.lines],
    }


def _line(line: UndoLine) -> dict[str, Any]:
    write = line.write
    return {
        "side": _place(write.side),
        "operation": _TAKING_BACK[write.verb],
        "kind": write.kind,
        "name": write.name,
        "target": write.target_id,
        "fields": sorted(write.after) if write.verb is Verb.UPDATE else [],
        "refused": line.refusal or "",
        "detail": line.detail,
    }


def _place(side: Side) -> str:
    return "salesforce" if side is Side.CRM else "mailbox"


def _print(report: UndoReport, *, is_dry: bool) -> None:
    from syncline.domain.issues.refusals import why_not

    for line in report.lines:
        text = _describe(line.write)
        if line.refusal is None:
            out.print(text, markup=False)
        else:
            reason = why_not(line.refusal, line.detail)
            out.print(f"not: {text}\n     {reason}", markup=False)
    done = "Would undo" if is_dry else "Undone"
    out.print(f"{done} {report.undone}, refused {len(report.refused)}.")
    if report.already:
        out.print(f"{report.already} had been undone before.")
    if report.session is not None:
        out.print(f"This undo is session {report.session.id}; it can be undone, too.")
        if report.session.error_code:
            code = report.session.error_code
            out.print(f"It was cut off ({code}); run it again.", style="red")


def _describe(write: KeptWrite) -> str:
    fields = f"  ({', '.join(write.after)})" if write.verb is Verb.UPDATE else ""
    return (
        f"{_TAKING_BACK[write.verb]} {write.kind} in {_place(write.side)}: "
        f"{write.name}{fields}"
    )
