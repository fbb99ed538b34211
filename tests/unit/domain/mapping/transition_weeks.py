"""Events around the days on which clocks change, as items and as records.

Also a program: prints what the field table and the mailbox's own times make of
all of them, so that a test can compare what hosts in other zones print.
"""

from __future__ import annotations

import json
import sys
import time as clock
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from syncline.connectors.microsoft365.times import read_span, span_body
from syncline.connectors.microsoft365.wire import Moment
from syncline.domain.mapping import MAPPINGS
from syncline.domain.values.content import (
    AllDaySpan,
    Content,
    RecordFields,
    Span,
    TimedSpan,
    Value,
    encode,
    parse_instant,
)
from syncline.domain.values.kinds import Kind

EVENT = MAPPINGS[Kind.EVENT]

#: Sundays on which the clocks of a zone change; of two without summer time, the
#: weeks in which others do.
CHANGES: dict[str, tuple[date, ...]] = {
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Sydney": (date(2026, 4, 5), date(2026, 10, 4)),
    # Half an hour only.
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "America/St_Johns": (date(2026, 3, 8), date(2026, 11, 1)),
    "Asia/Kolkata": (date(2026, 3, 29), date(2026, 10, 25)),
    "Asia/Kathmandu": (date(2026, 3, 29), date(2026, 10, 25)),
}

#: Just around the hours that are skipped or come twice, and at work.
WALL_TIMES = (time(0, 0), time(1, 45), time(3, 30), time(9, 0), time(23, 45))
LENGTH = timedelta(minutes=45)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting at a wall time of its zone."""

    zone: str
    starts: datetime
    item: Content


def content(when: Span, **changes: Value) -> dict[str, Value]:
    """An event that is at some time."""
    return {
        "subject": "Demo",
        "body": None,
        "location": None,
        "when": when,
        "show_as": "busy",
        "private": False,
        "reminder_minutes": 30,
        "attendees": (),
        **changes,
    }


def days_around(change: date) -> Iterator[date]:
    """The week before and the week after, whole."""
    return (change + timedelta(days=n) for n in range(-8, 9))


def meetings() -> Iterator[Meeting]:
    """One meeting at each wall time of each day around each change."""
    for name, changes in CHANGES.items():
        zone = ZoneInfo(name)
        for change in changes:
            for day in days_around(change):
                for wall in WALL_TIMES:
                    starts = datetime.combine(day, wall, zone)
                    ends = starts.astimezone(UTC) + LENGTH
                    span = TimedSpan(start=starts.astimezone(UTC), end=ends, zone=name)
                    yield Meeting(name, starts, content(span))


def whole_days() -> Iterator[AllDaySpan]:
    """One, two and nine days from each day around each change on."""
    for change in sorted({c for changes in CHANGES.values() for c in changes}):
        for day in days_around(change):
            for more in (0, 1, 8):
                yield AllDaySpan(first=day, last=day + timedelta(days=more))


def there_and_back(item: Content) -> tuple[RecordFields, Content]:
    """The record of an item, and the item that is made of it again.

    Times are really translated, not only kept because they agree.
    """
    record = EVENT.to_record(item)
    translated = ("when", "reminder_minutes")
    return record, {
        r.name: (r.down if r.name in translated else r.to_item)(record, item)[r.name]
        for r in EVENT.rules
    }


def shown(span: Span) -> dict[str, object]:
    """How the mailbox is told when it is: wall time and zone, or dates."""
    body = span_body(span)
    start, end = (
        Moment(date_time=body[n]["dateTime"], time_zone=body[n]["timeZone"])
        for n in ("start", "end")
    )
    zone = span.zone if isinstance(span, TimedSpan) else ""
    again = read_span(start, end, is_all_day=body["isAllDay"], zone=zone)
    return {**body, "read": encode({"when": again})}


def everything() -> list[object]:
    """All records and all that the mailbox would be told, as JSON."""
    items = [meeting.item for meeting in meetings()]
    items += [content(span) for span in whole_days()]
    told = []
    for item in items:
        record, back = there_and_back(item)
        when = back["when"]
        assert isinstance(when, TimedSpan | AllDaySpan)
        told.append([record, encode(back), shown(when)])
    return told


def starts_of(record: RecordFields) -> datetime:
    """When a record says that it begins."""
    return parse_instant(str(record["StartDateTime"]))


if __name__ == "__main__":
    document = {"host": clock.tzname, "told": everything()}
    sys.stdout.write(json.dumps(document, sort_keys=True))
