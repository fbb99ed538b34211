"""Which days a series falls on, by a rule or by Classic's fields.

Days are days of the series' own time zone.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, takewhile

from syncline.sandbox.salesforce.entities import Values
from syncline.sandbox.salesforce.moments import read_day

MOST_OCCURRENCES = 400
MONTHS_A_YEAR = 12
_DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
#: Classic's mask counts from Sunday: its bit of Monday is the second one.
_MASK = (2, 4, 8, 16, 32, 64, 1)
_INSTANCES = {"First": 1, "Second": 2, "Third": 3, "Fourth": 4, "Last": -1}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December",
)  # fmt: skip
_WORKDAYS = (0, 1, 2, 3, 4)
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A rule for days."""

    frequency: str
    interval: int = 1
    #: Monday is 0; empty: that of the first day.
    weekdays: tuple[int, ...] = ()
    #: Which of the month's weekdays, -1 for the last; 0: by day of month.
    instance: int = 0
    month_day: int = 0
    month: int = 0
    until: date | None = None
    count: int = MOST_OCCURRENCES


def read_rule(text: str) -> Pattern:
    """Read an RRULE; of RFC 5545 only what Salesforce itself makes.

    Raises:
        ValueError: It is another one.
    """
    pairs = (part.split("=", 1) for part in text.removeprefix("RRULE:").split(";"))
    parts = {pair[0].upper(): pair[-1] for pair in pairs}
    frequency = parts.pop("FREQ", "")
    if frequency not in _FREQUENCIES:
        raise ValueError(f"no rule: {text}")
    parts.pop("WKST", None)
    codes = [code for code in parts.pop("BYDAY", "").split(",") if code]
    places = {code[:-2] for code in codes} | {parts.pop("BYSETPOS", "")}
    place = max(places)
    end = parts.pop("UNTIL", "")
    pattern = Pattern(
        frequency=frequency,
        interval=int(parts.pop("INTERVAL", "1")),
        weekdays=tuple(_DAY_CODES.index(code[-2:]) for code in codes),
        instance=int(place or 0),
        month_day=int(parts.pop("BYMONTHDAY", "0")),
        month=int(parts.pop("BYMONTH", "0")),
        until=date(int(end[:4]), int(end[4:6]), int(end[6:8])) if end else None,
        count=min(int(parts.pop("COUNT", MOST_OCCURRENCES)), MOST_OCCURRENCES),
    )
    if parts:
        raise ValueError(f"not understood: {', '.join(parts)}")
    return pattern


def read_classic(values: Values) -> Pattern:
    """The pattern in the fields of a classic series."""
    kind = str(values["RecurrenceType"]).removeprefix("Recurs")
    mask = int(values.get("RecurrenceDayOfWeekMask") or 0)
    weekdays = tuple(day for day, bit in enumerate(_MASK) if mask & bit)
    frequency = kind.removesuffix("Nth").upper()
    if kind == "EveryWeekday":
        frequency, weekdays = "WEEKLY", _WORKDAYS
    month = values.get("RecurrenceMonthOfYear")
    return Pattern(
        frequency=frequency,
        interval=int(values.get("RecurrenceInterval") or 1),
        weekdays=weekdays,
        instance=_INSTANCES.get(values.get("RecurrenceInstance") or "", 0),
        month_day=int(values.get("RecurrenceDayOfMonth") or 0),
        month=_MONTHS.index(month) + 1 if month else 0,
        until=read_day(values.get("RecurrenceEndDateOnly") or ""),
    )


def as_classic(pattern: Pattern, first: date) -> Values:
    """The fields of a classic series of that pattern; it always has an end."""
    days = list(days_of(pattern, first))
    weekdays = pattern.weekdays or (first.weekday(),)
    nth = "Nth" if pattern.instance else ""
    values: Values = {
        "RecurrenceType": f"Recurs{pattern.frequency.capitalize()}{nth}",
        "RecurrenceInterval": pattern.interval,
        "RecurrenceEndDateOnly": days[-1].isoformat(),
    }
    if pattern.frequency == "WEEKLY" or nth:
        values["RecurrenceDayOfWeekMask"] = sum(_MASK[day] for day in weekdays)
    elif pattern.frequency in ("MONTHLY", "YEARLY"):
        values["RecurrenceDayOfMonth"] = pattern.month_day or first.day
    if nth:
        names = {place: name for name, place in _INSTANCES.items()}
        values["RecurrenceInstance"] = names[pattern.instance]
    if pattern.frequency == "YEARLY":
        values["RecurrenceMonthOfYear"] = _MONTHS[(pattern.month or first.month) - 1]
    return values


def days_of(pattern: Pattern, first: date) -> Iterator[date]:
    """The days of a series that begins on `first` or after it."""
    last = pattern.until or date.max
    later = (day for day in _candidates(pattern, first) if day >= first)
    for number, day in enumerate(takewhile(lambda day: day <= last, later)):
        if number >= pattern.count:
            return
        yield day


def _candidates(pattern: Pattern, first: date) -> Iterator[date]:
    match pattern.frequency:
        case "DAILY":
            for step in count():
                yield first + timedelta(days=step * pattern.interval)
        case "WEEKLY":
            yield from _weekly(pattern, first)
        case "MONTHLY":
            yield from _monthly(pattern, first, pattern.interval)
        case _:
            month = pattern.month or first.month
            start = first.replace(month=month, day=1)
            yield from _monthly(
                pattern, start, pattern.interval * MONTHS_A_YEAR, first.day
            )


def _weekly(pattern: Pattern, first: date) -> Iterator[date]:
    monday = first - timedelta(days=first.weekday())
    weekdays = sorted(pattern.weekdays or (first.weekday(),))
    for step in count():
        week = monday + timedelta(weeks=step * pattern.interval)
        for weekday in weekdays:
            yield week + timedelta(days=weekday)


def _monthly(
    pattern: Pattern, first: date, interval: int, month_day: int = 0
) -> Iterator[date]:
    wanted = pattern.month_day or month_day or first.day
    for step in count():
        year, month = divmod(first.month - 1 + step * interval, MONTHS_A_YEAR)
        year, month = first.year + year, month + 1
        if pattern.instance:
            yield _nth(year, month, pattern)
        elif wanted <= monthrange(year, month)[1]:
            yield date(year, month, wanted)


def _nth(year: int, month: int, pattern: Pattern) -> date:
    every = [date(year, month, day + 1) for day in range(monthrange(year, month)[1])]
    fitting = [day for day in every if day.weekday() in pattern.weekdays]
    return fitting[pattern.instance - (pattern.instance > 0)]
