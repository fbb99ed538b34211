"""`syncline plan`: what the next session would write, without writing it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncline.cli.output import AsJson, fail, fail_without_mailbox, out, print_json
from syncline.domain.values.kinds import Side
from syncline.domain.values.operations import Verb
from syncline.usecases.errands import new_values

if TYPE_CHECKING:
    from syncline.usecases.plan_mailbox import Forecast, Intended


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
        "operations": [_intended(w) for w in found.writes],
        "people": [{"email": p.email, "object": p.object_name} for p in found.people],
        "issues": [
            {"code": i.code, "name": i.name, "direction": _place(i.side)}
            for i in found.issues
        ],
        "waits_for_confirmation": list(found.waiting),
    }


def _intended(intended: Intended) -> dict[str, Any]:
    write = intended.write
    return {
        "side": _place(write.side),
        "operation": "mark" if write.is_mark else write.verb,
        "kind": write.kind,
        "name": write.name,
        "target": "" if write.verb is Verb.CREATE else write.target_id,
        "fields": new_values(intended),
        "before": dict(write.before),
    }


def _place(side: Side | None) -> str:
    return "mailbox" if side is Side.MAILBOX else "salesforce"


def _print(found: Forecast) -> None:
    if not found.writes and not found.people:
        out.print("A session would write nothing.")
    for person in found.people:
        out.print(
            f"create {person.object_name} in salesforce: {person.email}", markup=False
        )
    for intended in found.writes:
        _print_one(_intended(intended))
    if found.issues:
        out.print(f"{len(found.issues)} thing(s) would need attention:")
    for issue in found.issues:
        out.print(f"  {issue.code} {issue.name}", markup=False)
    if found.waiting:
        out.print(f"{len(found.waiting)} deletion(s) would wait for your word.")


def _print_one(document: dict[str, Any]) -> None:
    out.print(
        f"{document['operation']} {document['kind']} in {document['side']}: "
        f"{document['name']}",
        markup=False,
    )
    before, fields = document["before"], document["fields"]
    for name, value in fields.items():
        if value is None and name not in before:
            continue
        old = f"{_shown(before[name])} -> " if name in before else ""
        out.print(f"    {name}: {old}{_shown(value)}", markup=False)


def _shown(value: Any) -> str:
    """A value on one line, not endlessly long."""
    if value is None or value in ("", []):
        return "(empty)"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


_LONGEST = 100
