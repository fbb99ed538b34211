"""Keeps the six ways to say when an event happens consistent.

A timed event has a start and, equally, an end or a duration. An all-day event
has a first and a last day; its date-times are midnights in UTC, its duration is
a whole number of days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from syncline.sandbox.salesforce.entities import Values
from syncline.sandbox.salesforce.faults import RefusedError, refuse
from syncline.sandbox.salesforce.moments import days, midnight, read_day, read_moment
from syncline.sandbox.salesforce.moments import stamp as spell

MINUTE = timedelta(minutes=1)
LONGEST = timedelta(days=14)
TIME_FIELDS = (
    "IsAllDayEvent",
    "StartDateTime",
    "ActivityDateTime",
    "EndDateTime",
    "DurationInMinutes",
    "ActivityDate",
    "EndDate",
)
INTEGRITY = "FIELD_INTEGRITY_EXCEPTION"


def _moment(values: Values, name: str) -> datetime | None:
    text = values.get(name)
    return read_moment(text) if text else None


def _day(values: Values, name: str) -> date | None:
    text = values.get(name)
    return read_day(text) if text else None


def complete_times(given: Values, before: Values) -> Values:
    """All time fields of an event.

    Args:
        given: What the request sets, already in stored spelling.
        before: The event's values so far; empty on create.

    Raises:
        RefusedError: Something is missing, contradicts itself or is too long.
    """
    named = {name for name in TIME_FIELDS if name in given}
    if before and not named:
        return {}
    all_day = given.get("IsAllDayEvent", before.get("IsAllDayEvent", False))
    was_all_day = before.get("IsAllDayEvent", all_day)
    kept = before if all_day == was_all_day else {}
    span = _all_day(given, kept or before) if all_day else _timed(given, kept)
    if span.length < timedelta(0):
        raise refuse(INTEGRITY, "An event can't end before it starts.", "EndDateTime")
    if span.length > LONGEST:
        text = "An event can't last longer than 14 days."
        raise refuse(INTEGRITY, text, "DurationInMinutes")
    return span.as_values()


@dataclass(frozen=True, slots=True)
class Span:
    """When an event happens."""

    start: datetime
    length: timedelta
    all_day: bool

    def as_values(self) -> Values:
        """The fields that say it."""
        shown_end = self.start + self.length
        if self.all_day:
            shown_end -= days(1)
        return {
            "IsAllDayEvent": self.all_day,
            "StartDateTime": spell(self.start),
            "ActivityDateTime": None if self.all_day else spell(self.start),
            "EndDateTime": spell(shown_end),
            "DurationInMinutes": self.length // MINUTE,
            "ActivityDate": self.start.date().isoformat(),
            "EndDate": shown_end.date().isoformat(),
        }


def _start(given: Values, before: Values) -> datetime | None:
    one, other = _moment(given, "StartDateTime"), _moment(given, "ActivityDateTime")
    if one and other and one != other:
        text = "StartDateTime and ActivityDateTime must be equal."
        raise refuse(INTEGRITY, text, "StartDateTime", "ActivityDateTime")
    return one or other or _moment(before, "StartDateTime")


def _timed(given: Values, before: Values) -> Span:
    start = _start(given, before)
    end = _moment(given, "EndDateTime")
    duration = given.get("DurationInMinutes")
    if end is None and duration is None:
        duration = before.get("DurationInMinutes")
    missing = [] if start else ["ActivityDateTime"]
    if end is None and duration is None:
        missing.append("DurationInMinutes")
    if start is None or missing:
        raise _missing(missing)
    by_end = None if end is None else end - start
    by_duration = None if duration is None else duration * MINUTE
    return Span(start, _agreed(by_end, by_duration), all_day=False)


def _missing(names: list[str]) -> RefusedError:
    text = f"Required fields are missing: [{', '.join(names)}]"
    return refuse("REQUIRED_FIELD_MISSING", text, *names)


def _agreed(by_end: timedelta | None, by_duration: timedelta | None) -> timedelta:
    if by_end is None:
        return by_duration or timedelta(0)
    if by_duration is not None and by_end != by_duration:
        text = "The end and the duration of the event do not agree."
        raise refuse(INTEGRITY, text, "EndDateTime", "DurationInMinutes")
    return by_end


def _all_day(given: Values, before: Values) -> Span:
    first = _day(given, "ActivityDate")
    if first is None:
        moment = _start(given, before)
        first = moment.date() if moment else _day(before, "ActivityDate")
    if first is None:
        raise _missing(["ActivityDate"])
    last = _day(given, "EndDate")
    if last is None and (end := _moment(given, "EndDateTime")):
        last = end.date()
    duration = given.get("DurationInMinutes")
    if last is None and duration is None and before.get("IsAllDayEvent"):
        duration = before.get("DurationInMinutes")
    by_end = None if last is None else last - first + days(1)
    by_duration = None if duration is None else _whole_days(duration)
    if by_end is None and by_duration is None:
        by_end = days(1)
    return Span(midnight(first), _agreed(by_end, by_duration), all_day=True)


def _whole_days(minutes: int) -> timedelta:
    """An all-day event lasts whole days: at least one, rounded up."""
    length = minutes * MINUTE
    return max(days(1), -(-length // days(1)) * days(1))
