"""Records of other objects as events: which are asked for, how rows are read; pure.

What day or moment a record has stands in fields that only a profile knows. Their
type, which decides how a query compares them, comes from the object's description.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from syncline.connectors.salesforce import soql
from syncline.connectors.salesforce.ids import long_id
from syncline.connectors.salesforce.scope import mine
from syncline.connectors.salesforce.streams import (
    GONE,
    LIVE,
    ORDER,
    Stream,
    changed_since,
)
from syncline.connectors.salesforce.translate import (
    UnreadableRowError,
    row_id,
    row_stamp,
)
from syncline.connectors.salesforce.wire import ObjectDescription, Row
from syncline.domain.access.policy import Mirrored
from syncline.domain.values.content import (
    RecordFields,
    clean_text,
    format_instant,
    parse_instant,
)
from syncline.domain.values.ids import RecordId
from syncline.domain.values.items import Record, Window
from syncline.domain.values.kinds import Kind

SYSTEM_FIELDS = ("Id", "OwnerId", "SystemModstamp", "IsDeleted")
#: How long something lasts of which only the start is known.
USUAL_LENGTH = timedelta(hours=1)
_DAY = timedelta(days=1)


class Shape(StrEnum):
    """The type of the field that says when something begins."""

    MOMENT = "datetime"
    DAY = "date"


def columns(mirror: Mirrored) -> tuple[str, ...]:
    """What to select."""
    named = (name for name in mirror.fields if name not in SYSTEM_FIELDS)
    return (*SYSTEM_FIELDS, *named)


def unusable_fields(mirror: Mirrored, found: ObjectDescription) -> tuple[str, ...]:
    """Fields that are missing, or whose type cannot say when something happens."""
    fields = {f.name: f for f in found.fields}
    lost = [name for name in columns(mirror) if name not in fields]
    start = fields.get(mirror.start_field)
    if start is not None and start.type not in list(Shape):
        lost.append(mirror.start_field)
    end = fields.get(mirror.end_field)
    if end is not None and start is not None and end.type != start.type:
        lost.append(mirror.end_field)
    return tuple(lost)


def shape_of(mirror: Mirrored, found: ObjectDescription) -> Shape:
    """The type of the start in a description that has all fields."""
    (start,) = (f for f in found.fields if f.name == mirror.start_field)
    return Shape(start.type)


def stream_of(
    mirror: Mirrored,
    shape: Shape,
    user_id: str,
    window: Window,
    floor: datetime | None,
    *,
    is_full: bool,
) -> Stream:
    """The query for what changed, or for all in the window and what was deleted."""
    ours = [mine(user_id)]
    listed = [*ours, *_inside(mirror, shape, window)]
    if floor is None:
        where = listed
    elif is_full:
        lost = [*ours, GONE, changed_since(floor)]
        where = [soql.either(soql.all_of([*listed, LIVE]), soql.all_of(lost))]
    else:
        where = [*ours, changed_since(floor)]
    return Stream(
        object_name=mirror.object_name,
        soql=soql.select(columns(mirror), mirror.object_name, where, ORDER),
        kind=Kind.EVENT,
        mirror=mirror,
        has_deleted=floor is not None,
        is_full=is_full or floor is None,
        floor=floor,
    )


def _inside(mirror: Mirrored, shape: Shape, window: Window) -> Iterator[str]:
    start, end = mirror.start_field, mirror.end_field
    first = soql.instant(window.start)
    earliest, after = soql.instant(window.start - USUAL_LENGTH), window.end
    last = f"< {soql.instant(after)}"
    if shape is Shape.DAY:
        first = earliest = window.start.date().isoformat()
        last = f"<= {(after - _DAY).date().isoformat()}"
    yield f"{start} {last}"
    begins = f"{start} >= {earliest}"
    if end:
        open_end = soql.all_of([f"{end} = null", begins])
        yield soql.either(f"{end} >= {first}", open_end)
    else:
        yield begins


def read_mirrored(mirror: Mirrored, row: Row) -> Record | None:
    """The record of a row in the shape of an event; None where it has no start.

    Raises:
        UnreadableRowError: A value is not what its field says.
    """
    record_id, stamp = row_id(row), row_stamp(row)
    if not record_id:
        raise UnreadableRowError("Id", "no id")
    if not stamp:
        raise UnreadableRowError("SystemModstamp", "no date and time")
    if row.get(mirror.start_field) is None:
        return None
    return Record(
        kind=Kind.EVENT,
        id=RecordId(record_id),
        version=stamp,
        fields={
            "Subject": _text(row, mirror.subject_field)
            or mirror.name
            or mirror.object_name,
            "Description": _text(row, mirror.description_field),
            "Location": _text(row, mirror.location_field),
            "IsPrivate": False,
            "IsReminderSet": False,
            "ReminderDateTime": None,
            **_span(mirror, row),
        },
        owner_id=long_id(str(row.get("OwnerId") or "")),
        changed_at=parse_instant(stamp),
        is_mirrored=True,
    )


def _text(row: Row, name: str) -> str | None:
    value = row.get(name) if name else None
    return None if value is None else clean_text(str(value))


def _span(mirror: Mirrored, row: Row) -> RecordFields:
    """When it happens; a day is no time that is taken."""
    start = str(row[mirror.start_field])
    end = row.get(mirror.end_field) if mirror.end_field else None
    if "T" not in start:
        first = _day(mirror.start_field, start)
        last = first if end is None else _day(mirror.end_field, str(end))
        return {
            "IsAllDayEvent": True,
            "ActivityDate": first.isoformat(),
            "EndDate": max(first, last).isoformat(),
            "StartDateTime": None,
            "EndDateTime": None,
            "ShowAs": "Free",
        }
    begins = _moment(mirror.start_field, start)
    ends = begins + USUAL_LENGTH if end is None else _moment(mirror.end_field, str(end))
    return {
        "IsAllDayEvent": False,
        "StartDateTime": format_instant(begins),
        "EndDateTime": format_instant(max(begins, ends)),
        "ActivityDate": None,
        "EndDate": None,
        "ShowAs": "Busy",
    }


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UnreadableRowError(name, str(error)) from error


def _moment(name: str, text: str) -> datetime:
    try:
        return parse_instant(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UnreadableRowError(name, str(error)) from error
