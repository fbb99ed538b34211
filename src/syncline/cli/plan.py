"""`syncline plan`: what the next session would write, without writing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncline.cli.output import AsJson, fail, fail_without_mailbox, out, print_json
from syncline.domain.values.content import encode
from syncline.domain.values.kinds import Side

if TYPE_CHECKING:
    from syncline.domain.values.operations import Operation
    from syncline.usecases.plan_mailbox import Forecast


def plan(
    mailbox: Annotated[int, typer.Argument(help="Number of the mailbox.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Print what a session would write now; nothing is written."""
    from syncline import composition
    from syncline.domain.errors import ProviderError
    from syncline.domain.values.ids import MailboxId

    composition.prepare()
    if not composition.has_mailbox(mailbox):
        fail_without_mailbox(mailbox)
    try:
        found = composition.plan_mailbox(MailboxId(mailbox))
    except ProviderError as error:
        fail(f"{error.fault.provider} could not be read ({error.fault.code}).")
    if as_json:
        print_json(as_document(found))
    else:
        _print(found)


def as_document(found: Forecast) -> dict[str, Any]:
    """The forecast as scripts read it."""
    return {
        "operations": [_operation(o) for o in found.operations],
        "issues": [
            {"cause": f.slug, "direction": _place(f.side), "operation": f.verb}
            for f in found.findings
        ],
        "waits_for_confirmation": list(found.braked.lines) if found.braked else [],
    }


def _operation(operation: Operation) -> dict[str, Any]:
    fields = operation.fields
    return {
        "side": _place(operation.side),
        "operation": operation.verb,
        "kind": operation.kind,
        "name": _name(operation),
        "target": operation.target_id,
        "fields": encode(fields) if operation.side is Side.MAILBOX else dict(fields),
    }


def _name(operation: Operation) -> str:
    if operation.item is not None:
        return operation.item.name
    return operation.link.name


def _place(side: Side) -> str:
    return "salesforce" if side is Side.CRM else "mailbox"


def _print(found: Forecast) -> None:
    if not found.operations:
        out.print("A session would write nothing.")
    for operation in map(_operation, found.operations):
        fields = ", ".join(operation["fields"])
        out.print(
            f"{operation['operation']} {operation['kind']} in {operation['side']}: "
            f"{operation['name']}" + (f"  ({fields})" if fields else ""),
            markup=False,
        )
    if found.findings:
        out.print(f"{len(found.findings)} item(s) would become issues without a try.")
    if found.braked:
        out.print(f"{len(found.braked.lines)} deletion(s) would wait for your word.")
