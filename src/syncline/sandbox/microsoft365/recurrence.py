"""Which days a recurring event falls on.

The patterns are those of Graph's `patternedRecurrence`; days are days of the
series' own time zone.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from itertools import count

from syncline.sandbox.microsoft365.entities import Json
from syncline.sandbox.microsoft365.validation import invalid, unreadable

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
INDEXES = ("first", "second", "third", "fourth", "last")
_NEEDS = {
    "daily": (),
    "weekly": ("daysOfWeek",),
    "absoluteMonthly": ("dayOfMonth",),
    "relativeMonthly": ("daysOfWeek",),
    "absoluteYearly": ("dayOfMonth", "month"),
    "relativeYearly": ("daysOfWeek", "month"),
}
_MONTHS = 12
_LONGEST_MONTH = 31


@dataclass(frozen=True, slots=True)
class _Pattern:
    interval: int
    weekdays: frozenset[int]
    first_weekday: int
    day: int
    month: int
    index: str


def check_recurrence(raw: Json, first_day: date) -> None:
    """Refuse a recurrence that Graph refuses.

    Raises:
        GraphError: 400.
    """
    pattern, span = raw.get("pattern"), raw.get("range")
    if not isinstance(pattern, dict) or not isinstance(span, dict):
        raise unreadable("A recurrence needs a pattern and a range.")
    kind = pattern.get("type")
    if kind not in _NEEDS:
        raise unreadable(f"Requested value '{kind}' of 'pattern/type' was not found.")
    if any(not pattern.get(name) for name in _NEEDS[kind]):
        raise invalid(f"A {kind} pattern needs {', '.join(_NEEDS[kind])}.")
    if not 1 <= int(pattern.get("interval") or 1) <= 999:
        raise invalid("pattern/interval must be between 1 and 999.")
    _check_pattern_values(pattern)
    _check_range(span, first_day)


def _check_pattern_values(pattern: Json) -> None:
    days = [str(day).lower() for day in pattern.get("daysOfWeek") or []]
    if any(day not in DAYS for day in days):
        raise unreadable("Requested value of 'pattern/daysOfWeek' was not found.")
    if not 0 <= int(pattern.get("dayOfMonth") or 0) <= _LONGEST_MONTH:
        raise invalid("pattern/dayOfMonth must be between 1 and 31.")
    if not 0 <= int(pattern.get("month") or 0) <= _MONTHS:
        raise invalid("pattern/month must be between 1 and 12.")
    if (pattern.get("index") or "first") not in INDEXES:
        raise unreadable("Requested value of 'pattern/index' was not found.")


def _check_range(span: Json, first_day: date) -> None:
    kind = span.get("type")
    if kind not in ("endDate", "noEnd", "numbered"):
        raise unreadable(f"Requested value '{kind}' of 'range/type' was not found.")
    try:
        start = date.fromisoformat(span.get("startDate") or first_day.isoformat())
        end = date.fromisoformat(span["endDate"]) if kind == "endDate" else None
    except (ValueError, TypeError, KeyError) as error:
        raise unreadable("Cannot convert a literal of 'range' to a date.") from error
    if start != first_day:
        raise invalid("range/startDate must be the day of the event's start.")
    if end is not None and end < start:
        raise invalid("range/endDate is before range/startDate.")
    if kind == "numbered" and not int(span.get("numberOfOccurrences") or 0) > 0:
        raise invalid("A numbered range needs numberOfOccurrences.")


def occurrence_days(raw: Json, first_day: date) -> Iterator[date]:
    """The days of a series in order; endless when the range is."""
    span = raw["range"]
    days = _candidates(raw["pattern"], first_day)
    last: date | None = None
    limit: int | None = None
    if span["type"] == "endDate":
        last = date.fromisoformat(span["endDate"])
    elif span["type"] == "numbered":
        limit = int(span["numberOfOccurrences"])
    for number, day in enumerate(days):
        if (last is not None and day > last) or number == limit:
            return
        yield day


def _candidates(raw: Json, first_day: date) -> Iterator[date]:
    pattern = _Pattern(
        interval=int(raw.get("interval") or 1),
        weekdays=frozenset(
            DAYS.index(day.lower()) for day in raw.get("daysOfWeek") or []
        ),
        first_weekday=DAYS.index((raw.get("firstDayOfWeek") or "sunday").lower()),
        day=int(raw.get("dayOfMonth") or 1),
        month=int(raw.get("month") or 1),
        index=raw.get("index") or "first",
    )
    makers: dict[str, Callable[[_Pattern, date], Iterator[date]]] = {
        "daily": _daily,
        "weekly": _weekly,
        "absoluteMonthly": _monthly,
        "relativeMonthly": _monthly_relative,
        "absoluteYearly": _yearly,
        "relativeYearly": _yearly_relative,
    }
    try:
        for day in makers[raw["type"]](pattern, first_day):
            if day >= first_day:
                yield day
    except OverflowError:
        return


def _daily(pattern: _Pattern, first_day: date) -> Iterator[date]:
    for number in count():
        yield first_day + timedelta(days=number * pattern.interval)


def _weekly(pattern: _Pattern, first_day: date) -> Iterator[date]:
    into_week = (first_day.weekday() - pattern.first_weekday) % 7
    week = first_day - timedelta(days=into_week)
    offsets = sorted((day - pattern.first_weekday) % 7 for day in pattern.weekdays)
    while True:
        for offset in offsets:
            yield week + timedelta(days=offset)
        week += timedelta(weeks=pattern.interval)


def _months(first_day: date, interval: int) -> Iterator[tuple[int, int]]:
    month = first_day.year * _MONTHS + first_day.month - 1
    while (year := month // _MONTHS) <= MAXYEAR:
        yield year, month % _MONTHS + 1
        month += interval


def _clipped(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _monthly(pattern: _Pattern, first_day: date) -> Iterator[date]:
    for year, month in _months(first_day, pattern.interval):
        yield _clipped(year, month, pattern.day)


def _relative_day(year: int, month: int, pattern: _Pattern) -> date:
    length = calendar.monthrange(year, month)[1]
    days = [date(year, month, number) for number in range(1, length + 1)]
    fitting = [day for day in days if day.weekday() in pattern.weekdays]
    place = -1 if pattern.index == "last" else INDEXES.index(pattern.index)
    return fitting[place]


def _monthly_relative(pattern: _Pattern, first_day: date) -> Iterator[date]:
    for year, month in _months(first_day, pattern.interval):
        yield _relative_day(year, month, pattern)


def _yearly(pattern: _Pattern, first_day: date) -> Iterator[date]:
    for year in range(first_day.year, MAXYEAR + 1, pattern.interval):
        yield _clipped(year, pattern.month, pattern.day)


def _yearly_relative(pattern: _Pattern, first_day: date) -> Iterator[date]:
    for year in range(first_day.year, MAXYEAR + 1, pattern.interval):
        yield _relative_day(year, pattern.month, pattern)
