"""Rows of Salesforce to records and back; pure.

Canonical forms are those of `domain.values.content`. For a timed event the date
fields that Salesforce derives are dropped, for an all-day event its midnights:
a day has no time zone and is never shifted by one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime

from syncline.connectors.salesforce.fields import (
    FIELDS,
    INVITEES,
    READ_ONLY,
    SYSTEM_FIELDS,
    TO_LOOK_UP,
    Form,
)
from syncline.connectors.salesforce.ids import is_id, long_id
from syncline.connectors.salesforce.manifest import KEY_FIELD, OBJECTS, PREFIXES
from syncline.connectors.salesforce.wire import Row
from syncline.domain.values.content import (
    RecordFields,
    RecordValue,
    clean_text,
    format_instant,
    parse_instant,
)
from syncline.domain.values.ids import LinkKey, RecordId
from syncline.domain.values.items import Record, Window
from syncline.domain.values.kinds import Kind

#: What a row carries besides fields of its record.
_NO_CONTENT = frozenset({"attributes", KEY_FIELD})
#: How Salesforce writes an instant.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+0000|Z)")
_SERIES_FIELDS = ("IsRecurrence", "IsRecurrence2", "RecurrenceActivityId")
_TIMED = ("StartDateTime", "EndDateTime")
_ALL_DAY = ("ActivityDate", "EndDate")
_SPAN = frozenset({"IsAllDayEvent", *_TIMED, *_ALL_DAY})


class UnreadableRowError(ValueError):
    """A record with a value that cannot be what its field says."""

    def __init__(self, field: str, reason: str) -> None:
        """Name the field."""
        super().__init__(f"{field}: {reason}")
        self.field = field


def row_id(row: Row) -> str:
    """The id of a row, from its address if it does not carry one; or nothing."""
    found = row.get("Id")
    if isinstance(found, str) and is_id(found):
        return long_id(found)
    attributes = row.get("attributes")
    url = attributes.get("url") if isinstance(attributes, Mapping) else None
    tail = url.rsplit("/", 1)[-1] if isinstance(url, str) else ""
    return long_id(tail) if is_id(tail) else ""


def row_stamp(row: Row) -> str:
    """When the row last changed, `2026-11-24T10:00:00.000Z`; empty if unknown.

    Texts of this form sort by time. It is also a record's version.
    """
    raw = row.get("SystemModstamp")
    if not isinstance(raw, str):
        return ""
    try:
        return stamp_of(parse_instant(raw))
    except ValueError:
        return ""


def stamp_of(instant: datetime) -> str:
    """An instant in the form of `row_stamp`."""
    text = instant.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z"


def read_record(kind: Kind, row: Row) -> Record:
    """A record from a row; fields that the row lacks are not in it.

    The invitees of a group event are `TO_LOOK_UP`.

    Raises:
        UnreadableRowError: A value is not what its field says.
    """
    record_id = row.get("Id")
    if not isinstance(record_id, str) or not is_id(record_id):
        raise UnreadableRowError("Id", "no id")
    stamp = row_stamp(row)
    if not stamp:
        raise UnreadableRowError("SystemModstamp", "no date and time")
    object_name = object_of(kind, record_id)
    forms = FIELDS[object_name]
    fields = {n: _read(n, form, row[n]) for n, form in forms.items() if n in row}
    others = row.keys() - forms.keys() - _NO_CONTENT - set(SYSTEM_FIELDS[object_name])
    fields |= {name: _read_other(row[name]) for name in sorted(others)}
    if kind is Kind.EVENT:
        _settle_span(fields)
        if "IsGroupEvent" in row:
            fields[INVITEES] = TO_LOOK_UP if row["IsGroupEvent"] else None
    key = row.get(KEY_FIELD)
    unsupported, series_id = _series(row) if kind is Kind.EVENT else (None, "")
    return Record(
        kind=kind,
        id=RecordId(long_id(record_id)),
        version=stamp,
        fields=fields,
        link_key=LinkKey(key) if isinstance(key, str) and key else None,
        owner_id=long_id(str(row.get("OwnerId") or "")),
        changed_at=parse_instant(stamp),
        unsupported=unsupported,
        series_id=series_id,
    )


def object_of(kind: Kind, record_id: str = "") -> str:
    """Which object holds a record; a message may be a Task."""
    if kind is Kind.MESSAGE and record_id.startswith(PREFIXES["Task"]):
        return "Task"
    return OBJECTS[kind]


def _series(row: Row) -> tuple[str | None, str]:
    """Which kind of series of somebody else's an event belongs to, and its id."""
    master = row.get("RecurrenceActivityId")
    if row.get(KEY_FIELD) or not any(row.get(n) for n in _SERIES_FIELDS):
        return None, ""
    series_id = long_id(master) if isinstance(master, str) and master else row_id(row)
    is_lightning = bool(row.get("IsRecurrence2"))
    return "lightning_series" if is_lightning else "classic_series", series_id


def is_inside(fields: RecordFields, window: Window) -> bool:
    """Whether any part of an event lies in the window."""
    if fields.get("IsAllDayEvent"):
        first, last = str(fields["ActivityDate"]), str(fields["EndDate"])
        opening, closing = window.start.date(), window.end.date()
        return first < closing.isoformat() and last >= opening.isoformat()
    start, end = str(fields["StartDateTime"]), str(fields["EndDateTime"])
    return start < format_instant(window.end) and end >= format_instant(window.start)


def write_fields(
    kind: Kind, fields: Mapping[str, object], agreed: RecordFields
) -> dict[str, object]:
    """What to send for changed fields; invitees are written by `invitees`.

    When an event happens is always sent whole: Salesforce moves the end along
    when it is given only a new start.

    Args:
        kind: Of the record.
        fields: What changes, by API name.
        agreed: What the record will hold afterwards, as far as known.
    """
    fields = {
        name: value
        for name, value in fields.items()
        if name != INVITEES and name not in READ_ONLY
    }
    if kind is not Kind.EVENT or not _SPAN & fields.keys():
        return dict(fields)
    whole = {**agreed, **fields}
    names = _ALL_DAY if whole.get("IsAllDayEvent") else _TIMED
    sent = {name: value for name, value in fields.items() if name not in _SPAN}
    sent["IsAllDayEvent"] = bool(whole.get("IsAllDayEvent"))
    sent.update({n: whole[n] for n in names if whole.get(n) is not None})
    return sent


def _read(name: str, form: Form, raw: object) -> RecordValue:
    if form is Form.FLAG:
        if raw is None or isinstance(raw, bool):
            return bool(raw)
        raise UnreadableRowError(name, "neither true nor false")
    if raw is None:
        return None
    if not isinstance(raw, str):
        raise UnreadableRowError(name, "not a text")
    try:
        match form:
            case Form.INSTANT:
                return format_instant(parse_instant(raw))
            case Form.DATE:
                return date.fromisoformat(raw).isoformat()
            case Form.ID:
                return long_id(raw) or None
            case _:
                return clean_text(raw)
    except (ValueError, OverflowError) as error:
        raise UnreadableRowError(name, str(error)) from error


def _read_other(raw: object) -> RecordValue:
    """A field that only a profile knows; its form shows in its value."""
    if isinstance(raw, str):
        if _MOMENT.fullmatch(raw):
            return format_instant(parse_instant(raw))
        return clean_text(raw)
    return raw if isinstance(raw, bool | int | float) else None


def _settle_span(fields: dict[str, RecordValue]) -> None:
    """Leave the fields that say when, and empty those that Salesforce derives."""
    if fields.get("IsAllDayEvent"):
        if not fields.get("ActivityDate"):
            fields["ActivityDate"] = _day(fields, "StartDateTime")
        if not fields.get("EndDate"):
            end = _day(fields, "EndDateTime")
            fields["EndDate"] = end or fields["ActivityDate"]
        needed, derived = _ALL_DAY, _TIMED
    else:
        needed, derived = _TIMED, _ALL_DAY
    for name in needed:
        if not fields.get(name):
            raise UnreadableRowError(name, "no date")
    fields.update(dict.fromkeys(derived))


def _day(fields: Mapping[str, RecordValue], name: str) -> str | None:
    value = fields.get(name)
    return value[:10] if isinstance(value, str) else None
