"""On which days a recurring series happens, and when on each of them.

A rule is expanded by days in the zone of the series and not by instants, so that
an occurrence keeps its time of day when the clocks are changed.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr  # type: ignore[import-untyped] # has no types

from syncline.domain.values.content import AllDaySpan, Span, TimedSpan


def first_day(span: Span) -> date:
    """The day on which a span begins, in its own zone."""
    if isinstance(span, AllDaySpan):
        return span.first
    return span.start.astimezone(_zone(span)).date()


def rule_days(rule: str, start: Span, first: date, last: date) -> list[date]:
    """Days from `first` to `last` on which a rule puts a series.

    Args:
        rule: RFC 5545 RRULE text; the last day of UNTIL is included.
        start: The series' first occurrence.
        first: Where to begin.
        last: Where to end, included.
    """
    begins = datetime.combine(first_day(start), time())
    days = rrulestr(_by_days(rule), dtstart=begins)
    # Copes with a rule that never ends: the stretch does.
    found = days.between(
        datetime.combine(first, time()), datetime.combine(last, time()), inc=True
    )
    return [day.date() for day in found]


def span_on(start: Span, day: date) -> Span:
    """When the occurrence of a day happens, unless it was moved."""
    shift = day - first_day(start)
    if isinstance(start, AllDaySpan):
        return AllDaySpan(first=start.first + shift, last=start.last + shift)
    zone = _zone(start)
    wall = start.start.astimezone(zone).replace(tzinfo=None) + shift
    begins = wall.replace(tzinfo=zone).astimezone(start.start.tzinfo)
    return TimedSpan(
        start=begins, end=begins + (start.end - start.start), zone=start.zone
    )


def until(rule: str, last: date) -> str:
    """The rule, ending with a day."""
    return f"{endless(rule)};UNTIL={last:%Y%m%d}"


def endless(rule: str) -> str:
    """The rule without its end."""
    parts = rule.split(";")
    return ";".join(p for p in parts if not p.startswith(("UNTIL=", "COUNT=")))


def reach(start: Span) -> timedelta:
    """How far from the day of its rule an occurrence may still happen, unmoved."""
    if isinstance(start, AllDaySpan):
        return timedelta(days=start.day_count)
    # A day for each of: the zone's distance from UTC, and a rest of a day.
    return (start.end - start.start) + timedelta(days=2)


def _zone(span: TimedSpan) -> ZoneInfo:
    return ZoneInfo(span.zone or "UTC")


def _by_days(rule: str) -> str:
    """The rule with UNTIL as a day: its time of day belongs to no local day."""
    parts = rule.split(";")
    return ";".join(p[:14] if p.startswith("UNTIL=") else p for p in parts)
