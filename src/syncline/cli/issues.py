"""`syncline issues`: what could not be synchronized, and what to do about it."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table

from syncline.cli.output import AsJson, fail_without_mailbox, out, print_json
from syncline.domain.issues.issue import Issue
from syncline.domain.values.kinds import Side


def issues(
    mailbox: Annotated[int, typer.Argument(help="Number of the mailbox.")],
    *,
    all_states: Annotated[
        bool, typer.Option("--all", help="Also resolved and dismissed ones.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the issues of a mailbox."""
    from syncline import composition

    composition.prepare()
    if not composition.has_mailbox(mailbox):
        fail_without_mailbox(mailbox)
    found = composition.issues_of(mailbox, all_states=all_states)
    if as_json:
        print_json([as_document(issue) for issue in found])
    else:
        _print(found)


def as_document(issue: Issue) -> dict[str, Any]:
    """The stable shape that scripts read."""
    from syncline.domain.issues import remedy
    from syncline.domain.issues.catalog import known

    return {
        "code": issue.code,
        "severity": str(known(issue.code).severity),
        "kind": str(issue.kind or ""),
        "name": issue.name,
        "direction": direction(issue.side),
        "operation": issue.operation,
        "title": remedy.title(issue.code, issue.params),
        "cause": remedy.explain(issue.code, issue.params),
        "remedy": remedy.remedy(issue.code, issue.params),
        "state": str(issue.state),
        "first_seen": issue.first_seen.isoformat(),
        "last_seen": issue.last_seen.isoformat(),
        "occurrences": issue.occurrences,
        "mailbox_item_id": issue.item_id or None,
        "salesforce_id": issue.record_id or None,
    }


def direction(side: Side | None) -> str:
    """Which way the item was to travel."""
    match side:
        case Side.CRM:
            return "mailbox to Salesforce"
        case Side.MAILBOX:
            return "Salesforce to mailbox"
        case None:
            return ""


def _print(found: list[Issue]) -> None:
    if not found:
        out.print("[green]No issues.[/green] Everything that should be in step is.")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("Code", "Kind", "Name", "What and why", "What to do"):
        table.add_column(heading, overflow="fold")
    from rich.markup import escape

    for issue in found:
        row = as_document(issue)
        table.add_row(
            *(
                escape(str(row[name]))
                for name in ("code", "kind", "name", "cause", "remedy")
            )
        )
    out.print(table)
