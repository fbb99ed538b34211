"""`syncline mapping`: which field travels where, and what is in the way."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from syncline.cli.output import (
    WRONG_USE,
    AsJson,
    fail,
    fail_without_mailbox,
    out,
    print_json,
)

if TYPE_CHECKING:
    from syncline.domain.mapping.check import Problem
    from syncline.usecases.check_mapping import Look

_ARROWS = {"up": "→", "down": "←", "both": "↔"}


def mapping(
    mailbox: Annotated[int, typer.Argument(help="Number of the mailbox.")],
    *,
    save: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="JSON file with the changes that the profile makes to the tables.",
        ),
    ] = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Save although something is in the way.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print a mailbox's field tables beside what Salesforce says.

    With --save the tables of the mailbox's profile are changed first, if Salesforce
    has nothing against it.
    """
    from syncline import composition
    from syncline.domain.errors import ProviderError
    from syncline.domain.values.ids import MailboxId

    composition.prepare()
    if not composition.has_mailbox(mailbox):
        fail_without_mailbox(mailbox)
    if save is not None:
        _save(mailbox, save, anyway=anyway)
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


def _save(mailbox: int, file: Path, *, anyway: bool) -> None:
    from syncline import composition
    from syncline.domain.errors import ProviderError
    from syncline.domain.values.ids import MailboxId

    try:
        fields = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        fail(f"{file.name} is no JSON: {error}.", code=WRONG_USE)
    if not isinstance(fields, dict):
        fail(f"{file.name} must hold one JSON object.", code=WRONG_USE)
    try:
        problems = composition.save_field_tables(
            MailboxId(mailbox), fields, despite_problems=anyway, who="command line"
        )
    except ProviderError as error:
        fail(f"{error.fault.provider} could not be read ({error.fault.code}).")
    for problem in problems:
        out.print(_text(problem), markup=False)
    if problems and not anyway:
        fail("Nothing was saved. Correct the file, or save it with --anyway.")


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
