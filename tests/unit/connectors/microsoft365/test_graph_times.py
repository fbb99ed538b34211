"""Times keep their instant and their zone on the way to Graph and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncline.connectors.microsoft365.times import (
    find_zone,
    read_span,
    read_stamp,
    span_body,
)
from syncline.connectors.microsoft365.wire import Moment
from syncline.domain.values.content import AllDaySpan, TimedSpan

ZONES = [
    "W. Europe Standard Time",
    "Europe/Berlin",
    "Eastern Standard Time",
    "AUS Eastern Standard Time",
    "Cen. Australia Standard Time",
    "Australia/Lord_Howe",
    "India Standard Time",
    "UTC",
    "UTC+05:30",
    "Customized Time Zone",
    "",
]
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
instants = st.integers(0, 3 * 365 * 86_400).map(lambda n: BEGIN + timedelta(seconds=n))


def there_and_back(span: TimedSpan | AllDaySpan, zone: str) -> TimedSpan | AllDaySpan:
    body = span_body(span, zone)
    start, end = (msgspec.convert(body[side], Moment) for side in ("start", "end"))
    return read_span(start, end, is_all_day=body["isAllDay"], zone=zone)


@given(start=instants, minutes=st.integers(0, 3000), zone=st.sampled_from(ZONES))
def test_any_instant_survives_in_any_zone(
    start: datetime, minutes: int, zone: str
) -> None:
    """B05, B07"""
    span = TimedSpan(start=start, end=start + timedelta(minutes=minutes), zone=zone)
    assert there_and_back(span, "") == TimedSpan(
        start=span.start, end=span.end, zone=""
    )
    body = span_body(span)
    assert {body["start"]["timeZone"], body["end"]["timeZone"]} <= {zone, "UTC"}
    assert find_zone(body["start"]["timeZone"]) is not None


@pytest.mark.parametrize("name", ZONES[:6])
@pytest.mark.parametrize("year", [2026, 2027])
def test_every_hour_around_both_transitions_survives(name: str, year: int) -> None:
    """B05: the week in which clocks go back, and that in which they go forward."""
    zone = find_zone(name)
    assert isinstance(zone, ZoneInfo)
    first = datetime(year, 1, 1, tzinfo=UTC)
    hours = [first + timedelta(hours=n) for n in range(365 * 24)]
    shifts = [
        hour
        for hour in hours
        if hour.astimezone(zone).utcoffset()
        != (hour + timedelta(hours=1)).astimezone(zone).utcoffset()
    ]
    assert len(shifts) == 2
    for shift in shifts:
        for minutes in range(-180, 240, 15):
            start = shift + timedelta(minutes=minutes)
            span = TimedSpan(start=start, end=start + timedelta(minutes=30), zone=name)
            back = there_and_back(span, "")
            assert isinstance(back, TimedSpan)
            assert (back.start, back.end) == (span.start, span.end)


@given(
    first=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    days=st.integers(0, 30),
    zone=st.sampled_from(ZONES),
)
def test_whole_days_are_the_same_days_everywhere(
    first: date, days: int, zone: str
) -> None:
    """B01, B08"""
    span = AllDaySpan(first=first, last=first + timedelta(days=days))
    assert there_and_back(span, zone) == span


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00", "x", "", None]
)
def test_stamps_beyond_the_calendar_are_none(text: str | None) -> None:
    assert read_stamp(text) is None
