"""Graph's recurrence patterns, said as RFC 5545 rules.

Both say on which days a series happens; pure. Where they differ:

- A day of the month that a month lacks: Outlook takes the month's last day, a
  rule leaves the month out. Day 31 therefore is `BYMONTHDAY=28,29,30,31;BYSETPOS=-1`.
- The first week: Outlook's week begins on Sunday unless it says so, a rule's on
  Monday; it matters from every second week on.
- The end: Outlook names the last day in the series' zone, and so does `UNTIL`.
"""

from __future__ import annotations

from datetime import date

from syncline.connectors.microsoft365.wire import Pattern, Range, Recurrence

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PLACES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
#: Every month has this many days; from here on Outlook may have to clip.
SHORTEST_MONTH = 28
LONGEST_MONTH = 31
MONTHS = 12
_CODE_OF_DAY = dict(zip(DAYS, CODES, strict=True))


def read_rule(raw: Recurrence) -> str:
    """The rule of a series, in one spelling only.

    Raises:
        ValueError: The pattern makes no sense.
    """
    pattern = raw.pattern
    interval = pattern.interval or 1
    parts = _pattern_parts(pattern, interval)
    return ";".join([*parts, *_range_parts(raw.range)])


def _pattern_parts(pattern: Pattern, interval: int) -> list[str]:
    every = f"INTERVAL={interval}"
    match pattern.type:
        case "daily":
            return ["FREQ=DAILY", every]
        case "weekly":
            days = f"BYDAY={_read_days(pattern)}"
            week = _week_start(pattern.first_day_of_week) if interval > 1 else ""
            return ["FREQ=WEEKLY", every, days, *([week] if week else [])]
        case "absoluteMonthly":
            return ["FREQ=MONTHLY", every, *_month_day_parts(pattern)]
        case "relativeMonthly":
            return ["FREQ=MONTHLY", every, *_place_parts(pattern)]
        case "absoluteYearly":
            month = _month_part(pattern)
            return ["FREQ=YEARLY", every, month, *_month_day_parts(pattern)]
        case "relativeYearly":
            return ["FREQ=YEARLY", every, _month_part(pattern), *_place_parts(pattern)]
    raise ValueError(f"unknown recurrence pattern {pattern.type!r}")


def _read_days(pattern: Pattern) -> str:
    given = {day.lower() for day in pattern.days_of_week or ()}
    if not given or given - set(DAYS):
        raise ValueError(f"senseless days of a week: {sorted(given)}")
    return ",".join(_CODE_OF_DAY[day] for day in DAYS if day in given)


def _week_start(day: str | None) -> str:
    code = _CODE_OF_DAY.get((day or "sunday").lower(), "SU")
    return "" if code == "MO" else f"WKST={code}"


def _month_day_parts(pattern: Pattern) -> list[str]:
    day = pattern.day_of_month or 0
    if not 1 <= day <= LONGEST_MONTH:
        raise ValueError(f"no day of a month: {day}")
    if day <= SHORTEST_MONTH:
        return [f"BYMONTHDAY={day}"]
    days = ",".join(str(n) for n in range(SHORTEST_MONTH, day + 1))
    return [f"BYMONTHDAY={days}", "BYSETPOS=-1"]


def _month_part(pattern: Pattern) -> str:
    month = pattern.month or 0
    if not 1 <= month <= MONTHS:
        raise ValueError(f"no month: {month}")
    return f"BYMONTH={month}"


def _place_parts(pattern: Pattern) -> list[str]:
    place = PLACES.get((pattern.index or "first").lower())
    if place is None:
        raise ValueError(f"unknown index {pattern.index!r}")
    days = _read_days(pattern)
    if "," not in days:
        return [f"BYDAY={place}{days}"]
    return [f"BYDAY={days}", f"BYSETPOS={place}"]


def _range_parts(span: Range) -> list[str]:
    match span.type:
        case "noEnd":
            return []
        case "numbered":
            return [f"COUNT={span.number_of_occurrences}"]
        case "endDate":
            day = date.fromisoformat(span.end_date or "")
            return [f"UNTIL={day:%Y%m%d}"]
    raise ValueError(f"unknown recurrence range {span.type!r}")
