"""Graph's times and zones, read and written.

Event times have up to seven fraction digits and no offset, with the zone
beside them; without `Prefer: outlook.timezone` that zone is UTC. Zone names are
Windows or IANA names, bare offsets, or Exchange's own `tzone://Microsoft/...`. A
zone that somebody made up (`Customized Time Zone`) has rules that Graph does not
tell: it stays unknown, and nothing is ever written in it.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tzlocal.windows_tz import win_tz

from syncline.connectors.microsoft365.wire import Moment
from syncline.domain.values.content import AllDaySpan, Span, TimedSpan

_UTC_NAMES = frozenset(
    {"utc", "gmt", "z", "tzone://microsoft/utc", "coordinated universal time"}
)
#: `UTC+05:30`, `GMT-3`, `(UTC+05:30)`, `+0530`: an offset and nothing that has rules.
_OFFSET = re.compile(
    r"\(?(?:utc|gmt)?\s*([+-])(\d{1,2})(?::?(\d\d))?\)?", re.ASCII | re.IGNORECASE
)
_LARGEST_OFFSET = timedelta(hours=14)
_IANA_OF_WINDOWS = {name.lower(): iana for name, iana in win_tz.items()}
_DAY = timedelta(days=1)


@lru_cache(maxsize=512)
def find_zone(name: str) -> tzinfo | None:
    """The zone that a provider's name means; None when nobody knows it."""
    if name.lower() in _UTC_NAMES:
        return UTC
    try:
        return ZoneInfo(_IANA_OF_WINDOWS.get(name.lower(), name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return _fixed_offset(name)


def _fixed_offset(name: str) -> tzinfo | None:
    match = _OFFSET.fullmatch(name.strip())
    if match is None:
        return None
    sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if offset > _LARGEST_OFFSET:
        return None
    return timezone(-offset if sign == "-" else offset)


def read_instant(moment: Moment) -> datetime:
    """The instant that a moment of an event means, whole seconds.

    Raises:
        ValueError: No date, or a zone that nobody knows.
    """
    read = datetime.fromisoformat(moment.date_time).replace(microsecond=0)
    if read.tzinfo is None:
        zone = find_zone(moment.time_zone or "UTC")
        if zone is None:
            raise ValueError(f"unknown zone {moment.time_zone!r}")
        read = read.replace(tzinfo=zone)
    try:
        return read.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"beyond the calendar: {moment.date_time!r}") from error


def read_span(
    start: Moment | None, end: Moment | None, *, is_all_day: bool, zone: str
) -> Span:
    """The span of an event.

    Raises:
        ValueError: A date is missing, is none, or the end is before the start.
    """
    if start is None or end is None:
        raise ValueError("start or end is missing")
    if is_all_day:
        # Midnights of the event's own zone, the end exclusive: only dates count.
        first, after = _read_date(start), _read_date(end)
        if after <= first:
            raise ValueError(f"all-day event ends {after} and begins {first}")
        return AllDaySpan(first=first, last=after - _DAY)
    begins_at, ends_at = read_instant(start), read_instant(end)
    if ends_at < begins_at:
        raise ValueError(f"event ends {ends_at} and begins {begins_at}")
    return TimedSpan(start=begins_at, end=ends_at, zone=zone)


def _read_date(moment: Moment) -> date:
    return datetime.fromisoformat(moment.date_time).date()


def read_stamp(text: str | None) -> datetime | None:
    """A `...DateTime` stamp (UTC with Z); None when it is missing or none."""
    if not text:
        return None
    try:
        stamp = datetime.fromisoformat(text)
        if stamp.tzinfo is None:
            return stamp.replace(tzinfo=UTC)
        return stamp.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def span_body(span: Span, zone: str = "") -> dict[str, Any]:
    """The properties of an event that say when it is.

    Args:
        span: What is wanted.
        zone: Zone that the mailbox shows the event in so far; kept when the
            span has none of its own, or the event would show in another one.
    """
    if isinstance(span, AllDaySpan):
        return {
            "isAllDay": True,
            "start": _midnight(span.first),
            "end": _midnight(span.last + _DAY),
        }
    name = span.zone or zone
    known = find_zone(name) if name else None
    if known is None or isinstance(known, timezone):
        # Graph takes Windows and IANA names only; an offset is said as UTC.
        name, known = "UTC", UTC
    return {
        "isAllDay": False,
        "start": _wall_clock(span.start, name, known),
        "end": _wall_clock(span.end, name, known),
    }


def _midnight(day: date) -> dict[str, str]:
    text = datetime.combine(day, time.min, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return {"dateTime": text, "timeZone": "UTC"}


def _wall_clock(instant: datetime, name: str, zone: tzinfo) -> dict[str, str]:
    local = instant.astimezone(zone)
    if local.astimezone(UTC) != local.replace(fold=0).astimezone(UTC):
        # The second pass of an hour that happens twice cannot be written without
        # an offset; UTC says it exactly.
        name, local = "UTC", instant.astimezone(UTC)
    return {"dateTime": local.strftime("%Y-%m-%dT%H:%M:%S"), "timeZone": name}


def span_edges(span: Span) -> tuple[datetime, datetime]:
    """Start and exclusive end as instants; days of all-day events at UTC."""
    if isinstance(span, TimedSpan):
        return span.start, span.end
    return (
        datetime.combine(span.first, time.min, UTC),
        datetime.combine(span.last + _DAY, time.min, UTC),
    )
