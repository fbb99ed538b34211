"""When events happen, as two instants; all else happens at no time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from syncline.domain.values.content import AllDaySpan, TimedSpan, parse_instant
from syncline.domain.values.items import Item, Record, Window

Stretch = tuple[datetime, datetime]


def stretch_of_item(item: Item) -> Stretch | None:
    """From when to when an item lasts."""
    match item.content.get("when"):
        case TimedSpan(start=start, end=end):
            return start, end
        case AllDaySpan(first=first, last=last):
            return _days(first, last)
        case _:
            return None


def stretch_of_record(record: Record) -> Stretch | None:
    """From when to when a record lasts."""
    fields = record.fields
    if fields.get("IsAllDayEvent"):
        first = date.fromisoformat(str(fields["ActivityDate"]))
        last = fields.get("EndDate")
        return _days(first, date.fromisoformat(str(last)) if last else first)
    start, end = fields.get("StartDateTime"), fields.get("EndDateTime")
    if not start:
        return None
    return parse_instant(str(start)), parse_instant(str(end or start))


def is_inside(stretch: Stretch | None, window: Window) -> bool:
    """Whether a part of a stretch lies in the window; no stretch always does."""
    if stretch is None:
        return True
    start, end = stretch
    return start < window.end and end >= window.start


def _days(first: date, last: date) -> Stretch:
    midnight = datetime.combine(first, time(), UTC)
    # One second less than the next midnight, which is another day's.
    length = (last - first) + timedelta(days=1) - timedelta(seconds=1)
    return midnight, midnight + length
