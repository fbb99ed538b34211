"""What a profile changes about the field tables, read from `Policy.fields`.

    {"event": {
        "Location":    {"direction": "up"},
        "Subject":     {"off": true},
        "Description": {"record": "Notes__c"},
        "ShowAs":      {"words": {"tentative": ["Tentative"]}},
        "custom":      [{"item": "recurrence", "record": "Rule__c"}],
        "on_create":   {"Type": "Meeting"}},
     "contact": {
        "LastName":    {"default": "Unknown"}}}

A line of a table is named by any of its record fields. Whatever is wrong is
collected, each problem with what to do about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from syncline.domain.errors import ConfigurationError
from syncline.domain.mapping.item_fields import ITEM_FIELDS, READ_ONLY
from syncline.domain.mapping.reading import Reading, listed
from syncline.domain.mapping.rows import Row
from syncline.domain.mapping.tables import CONVERTERS, TABLES
from syncline.domain.values.kinds import Direction, Kind

CUSTOM, ON_CREATE = "custom", "on_create"

_CHANGES = ("off", "direction", "record", "words", "default")
_CUSTOM = ("item", "record", "direction", "converter", "words", "default")


def problems_of(fields: Any) -> tuple[ConfigurationError, ...]:
    """Everything that is wrong with a profile's changes; nothing when all is well."""
    if not isinstance(fields, Mapping):
        return (
            ConfigurationError(
                "fields",
                "The changes to the field tables are no object.",
                "Write them by kind, such as {“event”: {“Location”: {“off”: true}}}.",
            ),
        )
    unknown = tuple(
        ConfigurationError(
            f"fields.{name}",
            f"There is no field table for “{name}”.",
            f"Use {listed(TABLES)}, or remove it.",
        )
        for name in fields
        if name not in TABLES
    )
    tables = (read_table(kind, fields.get(kind, {})) for kind in TABLES)
    return unknown + tuple(problem for table in tables for problem in table.problems)


def read_table(kind: Kind, changes: Any) -> Reading:
    """One kind's table after a profile's changes, and what is wrong with them."""
    reading = Reading(kind=kind)
    if not reading.is_object(changes, "", ()):
        return reading
    for row in TABLES[kind]:
        reading.rows.extend(_changed(reading, row, changes))
    names = {field for row in TABLES[kind] for field in row.record}
    for name in changes:
        if name not in names | {CUSTOM, ON_CREATE}:
            reading.complain(
                name,
                f"The table of {kind} fields has no “{name}”.",
                f"Use a Salesforce field of the table: {listed(sorted(names))}; "
                f"add others under “{CUSTOM}”.",
            )
    reading.rows.extend(_custom_rows(reading, changes.get(CUSTOM, [])))
    _set_on_create(reading, changes.get(ON_CREATE, {}))
    _look_for_clashes(reading)
    return reading


def _changed(reading: Reading, row: Row, changes: Mapping[str, Any]) -> Iterator[Row]:
    """The row as the profile wants it; nothing when it is off."""
    for name in row.record:
        if name not in changes:
            continue
        change = changes[name]
        if not reading.is_object(change, name, _CHANGES):
            continue
        is_off = reading.flag(f"{name}.off", change.get("off", False))
        if row.is_essential and (is_off or "direction" in change):
            reading.complain(
                name,
                f"No {reading.kind} can do without {name}.",
                "Leave it as it is. To synchronize less, change which kinds the "
                "profile synchronizes.",
            )
            continue
        if is_off:
            return
        row = _with_changes(reading, name, row, change)
    yield row


def _with_changes(
    reading: Reading, where: str, row: Row, change: Mapping[str, Any]
) -> Row:
    if "direction" in change:
        row = _turned(reading, f"{where}.direction", row, change["direction"])
    if "record" in change:
        row = _moved(reading, f"{where}.record", row, change["record"])
    if "words" in change:
        row = _reworded(reading, f"{where}.words", row, change["words"])
    if "default" in change:
        row = _with_default(reading, f"{where}.default", row, change["default"])
    return row


def _turned(reading: Reading, where: str, row: Row, value: Any) -> Row:
    direction = reading.direction(where, value)
    goes_down = direction is not None and direction is not Direction.UP
    if goes_down and not _can_go_down(row):
        reading.complain(
            where,
            f"“{row.item}” travels to Salesforce only.",
            "Write “up”, or leave the direction out.",
        )
        return row
    return replace(row, direction=direction) if direction else row


def _can_go_down(row: Row) -> bool:
    return CONVERTERS[row.converter].can_go_down and row.item not in READ_ONLY


def _moved(reading: Reading, where: str, row: Row, value: Any) -> Row:
    if CONVERTERS[row.converter].is_fixed:
        reading.complain(
            where,
            f"“{row.item}” cannot be kept in another field than {listed(row.record)}.",
            "Remove “record” here.",
        )
        return row
    name = reading.record_field(where, value)
    return replace(row, record=(name,)) if name else row


def _reworded(reading: Reading, where: str, row: Row, value: Any) -> Row:
    if not row.words:
        reading.complain(
            where,
            f"“{row.item}” is free text; it has no list of words.",
            "Remove “words” here.",
        )
        return row
    found = reading.words(where, value, tuple(row.words))
    return replace(row, words={**row.words, **found})


def _with_default(reading: Reading, where: str, row: Row, value: Any) -> Row:
    if row.converter not in ("text", "first", "joined", "guest_list"):
        reading.complain(
            where,
            f"“{row.item}” is no text; it takes no default.",
            "Remove “default” here.",
        )
        return row
    if not isinstance(value, str) or not value.strip():
        reading.complain(
            where, "The default is no text.", "Write the text between quotes."
        )
        return row
    return replace(row, default=value.strip())


# --- lines of the profile's own ----------------------------------------------


def _custom_rows(reading: Reading, document: Any) -> Iterator[Row]:
    if not isinstance(document, list | tuple):
        reading.complain(
            CUSTOM,
            "The custom fields are no list.",
            "Write them between brackets: [{“item”: …, “record”: …}].",
        )
        return
    for number, entry in enumerate(document, start=1):
        where = f"{CUSTOM}.{number}"
        if reading.is_object(entry, where, _CUSTOM):
            row = _custom_row(reading, where, entry)
            if row is not None:
                yield row


def _custom_row(reading: Reading, where: str, entry: Mapping[str, Any]) -> Row | None:
    offered = ITEM_FIELDS[reading.kind]
    item = str(entry.get("item", ""))
    if item not in offered:
        reading.complain(
            f"{where}.item",
            f"The {reading.kind} items of a mailbox have no field “{item}”.",
            f"Use one of {listed(sorted(offered))}.",
        )
    record = reading.record_field(f"{where}.record", entry.get("record"))
    if item not in offered or record is None:
        return None
    usual = next((r for r in TABLES[reading.kind] if r.item == item), None)
    ways = offered[item]
    converter = entry.get("converter", ways[0])
    if converter not in ways:
        reading.complain(
            f"{where}.converter",
            f"“{item}” cannot be converted as “{converter}”.",
            f"Use {listed(ways)}, or leave it out.",
        )
        return None
    row = Row(item=item, record=(record,), converter=converter)
    if converter == "words" and usual is not None:
        row = replace(row, words=usual.words, otherwise=usual.otherwise)
    if not _can_go_down(row):
        row = replace(row, direction=Direction.UP)
    rest = {k: v for k, v in entry.items() if k not in ("item", "record", "converter")}
    return _with_changes(reading, where, row, rest)


def _set_on_create(reading: Reading, document: Any) -> None:
    if not reading.is_object(document, ON_CREATE, ()):
        return
    for name, value in document.items():
        where = f"{ON_CREATE}.{name}"
        field = reading.record_field(where, name)
        if not isinstance(value, str | bool | int | float):
            reading.complain(
                where,
                f"The value of {name} is neither text, number, nor yes or no.",
                "Write a single value, or remove the field.",
            )
        elif field is not None:
            reading.on_create[field] = value


# --- the table as a whole ----------------------------------------------------


def _look_for_clashes(reading: Reading) -> None:
    filled: dict[str, str] = {}
    emptied: dict[str, str] = {}
    for row in reading.rows:
        for name in row.record:
            if name in filled:
                reading.complain(
                    name,
                    f"Both “{filled[name]}” and “{row.item}” would be kept in {name}.",
                    "Send one of them to another field, or switch it off.",
                )
            filled[name] = row.item
        if row.direction is Direction.UP:
            continue
        if row.item in emptied:
            reading.complain(
                row.record[0],
                f"“{row.item}” would come from both {emptied[row.item]} and "
                f"{row.record[0]}.",
                "Set the direction of one of them to “up”.",
            )
        emptied[row.item] = row.record[0]
    for name in reading.on_create:
        if name in filled:
            reading.complain(
                f"{ON_CREATE}.{name}",
                f"{name} gets “{filled[name]}” of the item already.",
                "Remove the fixed value, or switch the field off.",
            )
