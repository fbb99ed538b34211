"""`syncline mapping`: which field travels where, and what is in the way."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from syncline.cli.output import AsJson, fail, fail_without_mailbox, out, print_json

if TYPE_CHECKING:
    from syncline.domain.mapping.check import Problem
    from syncline.usecases.check_mapping import Look

_ARROWS = {"up": "→", "down": "←", "both": "↔"}


def mapping(
    mailbox: Annotated[int, typer.Argument(help="Number of the mailbox.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Print a mailbox's field tables beside what Salesforce says; changes nothing."""
    from syncline import composition
    from syncline.domain.errors import ProviderError
    from syncline.domain.values.ids import MailboxId

    composition.prepare()
    if not composition.has_mailbox(mailbox):
        fail_without_mailbox(mailbox)
    try:
        looks = composition.field_tables(MailboxId(mailbox))
    except ProviderError as error:
        fail(f"{error.fault.provider} could not be read ({error.fault.code}).")
    tables = [as_document(look) for look in looks]
    if as_json:
        print_json({"tables": tables})
    else:
        for table in tables:
            _print(table)


def as_document(look: Look) -> dict[str, Any]:
    """One kind's table as scripts read it."""
    told: dict[str, list[str]] = defaultdict(list)
    for problem in look.problems:
        told[problem.field].append(_text(problem))
    lines = [
        _line(look, row.item, str(row.direction), name, told.pop(name, []))
        for row in look.mapping.rows
        for name in row.record
    ]
    fixed = [
        {**_line(look, "", "up", name, told.pop(name, [])), "value": value}
        for name, value in look.mapping.on_create.items()
    ]
    rest = [text for texts in told.values() for text in texts]
    return {
        "kind": look.mapping.kind,
        "object": look.mapping.object_name,
        "fields": lines,
        "fixed": fixed,
        "problems": rest,
    }


def _line(
    look: Look, item: str, direction: str, name: str, problems: list[str]
) -> dict[str, Any]:
    fact = look.facts.get(name)
    return {
        "item_field": item,
        "direction": direction,
        "record_field": name,
        "type": fact.type if fact else None,
        "length": fact.length or None if fact else None,
        "problems": problems,
    }


def _text(problem: Problem) -> str:
    from syncline.domain.issues.catalog import by_slug
    from syncline.domain.issues.remedy import explain

    return explain(by_slug(problem.sort).code, problem.params)


def _print(document: dict[str, Any]) -> None:
    table = Table(
        "mailbox", "", "Salesforce", "type", "length", "in the way",
        title=f"{document['kind']} and {document['object']}", title_justify="left",
    )  # fmt: skip
    for line in document["fields"]:
        _add(table, line, line["item_field"])
    for line in document["fixed"]:
        _add(table, line, f"always “{line['value']}”")
    out.print(table)
    for text in document["problems"]:
        out.print(text, markup=False)


def _add(table: Table, line: dict[str, Any], source: str) -> None:
    table.add_row(
        source,
        _ARROWS[line["direction"]],
        line["record_field"],
        line["type"] or "",
        str(line["length"] or ""),
        "\n".join(line["problems"]),
    )
