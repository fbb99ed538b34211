"""Graph's patterns and RFC 5545 rules say the same days."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given
from hypothesis import strategies as st

from syncline.connectors.microsoft365.patterns import DAYS, read_rule
from syncline.connectors.microsoft365.rules import (
    FirstTime,
    InexpressibleError,
    last_day,
    rule_body,
)
from syncline.connectors.microsoft365.wire import Recurrence

INDEXES = ("first", "second", "third", "fourth", "last")
BERLIN = ZoneInfo("Europe/Berlin")
LAST = date(2032, 12, 31)

days_of_week = st.lists(st.sampled_from(DAYS), min_size=1, unique=True)
intervals = st.integers(1, 5)
patterns = st.one_of(
    st.fixed_dictionaries({"type": st.just("daily"), "interval": intervals}),
    st.fixed_dictionaries(
        {
            "type": st.just("weekly"),
            "interval": intervals,
            "daysOfWeek": days_of_week,
            "firstDayOfWeek": st.sampled_from(DAYS),
        }
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("absoluteMonthly"),
            "interval": intervals,
            "dayOfMonth": st.integers(1, 31),
        }
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("relativeMonthly"),
            "interval": intervals,
            "daysOfWeek": days_of_week,
            "index": st.sampled_from(INDEXES),
        }
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("absoluteYearly"),
            "interval": intervals,
            "month": st.integers(1, 12),
            "dayOfMonth": st.integers(1, 31),
        }
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("relativeYearly"),
            "interval": intervals,
            "month": st.integers(1, 12),
            "daysOfWeek": days_of_week,
            "index": st.sampled_from(INDEXES),
        }
    ),
)
ranges = st.one_of(
    st.just({"type": "noEnd"}),
    st.builds(
        lambda n: {"type": "numbered", "numberOfOccurrences": n}, st.integers(1, 30)
    ),
    st.builds(
        lambda n: {
            "type": "endDate",
            "endDate": (date(2026, 11, 2) + timedelta(days=n)).isoformat(),
        },
        st.integers(0, 700),
    ),
)


def outlook_days(pattern: dict[str, Any], first: date) -> Iterator[date]:
    """What the vendor's documentation says a pattern means, day by day."""
    week_start = DAYS.index(pattern.get("firstDayOfWeek", "sunday"))
    opening = first - timedelta(days=(first.weekday() - week_start) % 7)
    day = first
    while day <= LAST:
        if _happens(pattern, first, opening, day):
            yield day
        day += timedelta(days=1)


def _happens(pattern: dict[str, Any], first: date, opening: date, day: date) -> bool:
    interval, kind = pattern["interval"], pattern["type"]
    months = (day.year - first.year) * 12 + day.month - first.month
    length = calendar.monthrange(day.year, day.month)[1]
    if kind == "daily":
        return (day - first).days % interval == 0
    if kind == "weekly":
        is_week = (day - opening).days // 7 % interval == 0
        return is_week and DAYS[day.weekday()] in pattern["daysOfWeek"]
    if kind.endswith("Yearly"):
        if day.month != pattern["month"] or (day.year - first.year) % interval:
            return False
    elif months % interval:
        return False
    if kind.startswith("absolute"):
        return bool(day.day == min(pattern["dayOfMonth"], length))
    fitting = [
        n
        for n in range(1, length + 1)
        if DAYS[day.replace(day=n).weekday()] in pattern["daysOfWeek"]
    ]
    place = -1 if pattern["index"] == "last" else INDEXES.index(pattern["index"])
    return fitting[place] == day.day


def recurrence(pattern: dict[str, Any], span: dict[str, Any]) -> Recurrence:
    return msgspec.convert({"pattern": pattern, "range": span}, Recurrence)


def first_time(day: date) -> FirstTime:
    return FirstTime(
        day=day, clock=time(9), zone=BERLIN, zone_name="W. Europe Standard Time"
    )


@given(
    pattern=patterns,
    span=ranges,
    start=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
)
def test_a_rule_has_the_days_of_its_pattern(
    pattern: dict[str, Any], span: dict[str, Any], start: date
) -> None:
    """B09: as many occurrences on both sides."""
    first = next(outlook_days(pattern, start), None)
    assume(first is not None)
    assert first is not None
    rule = read_rule(recurrence(pattern, span))
    told = rrulestr(rule, dtstart=datetime.combine(first, time(9)))
    expected = list(islice(outlook_days(pattern, first), 40))
    if span["type"] == "numbered":
        expected = expected[: span["numberOfOccurrences"]]
    if span["type"] == "endDate":
        end = date.fromisoformat(span["endDate"])
        # dateutil reads a bare date as its midnight.
        told = rrulestr(f"{rule}T235959", dtstart=datetime.combine(first, time(9)))
        expected = [day for day in expected if day <= end]
    days = [moment.date() for moment in islice(told, 40)]
    assert days[: len(expected)] == expected
    assert all(day > LAST for day in days[len(expected) :])


@given(
    pattern=patterns,
    span=ranges,
    start=st.dates(date(2026, 1, 1), date(2026, 11, 2)),
)
def test_a_rule_leads_back_to_a_pattern_with_the_same_rule(
    pattern: dict[str, Any], span: dict[str, Any], start: date
) -> None:
    first = next(outlook_days(pattern, start), None)
    assume(first is not None)
    assert first is not None
    if span["type"] == "endDate":
        assume(date.fromisoformat(span["endDate"]) >= first)
    rule = read_rule(recurrence(pattern, span))
    body = rule_body(rule, first_time(first))
    assert body["range"]["startDate"] == first.isoformat()
    assert body["range"]["recurrenceTimeZone"] == "W. Europe Standard Time"
    assert read_rule(msgspec.convert(body, Recurrence)) == rule
    same = outlook_days(body["pattern"], first)
    assert list(islice(same, 20)) == list(islice(outlook_days(pattern, first), 20))


@pytest.mark.parametrize(
    ("pattern", "rule"),
    [
        (
            {
                "type": "weekly",
                "interval": 1,
                "daysOfWeek": ["wednesday", "Monday"],
                "firstDayOfWeek": "sunday",
            },
            "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,WE",
        ),
        (
            {"type": "weekly", "interval": 2, "daysOfWeek": ["monday"]},
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;WKST=SU",
        ),
        (
            {"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31},
            "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
        ),
        (
            {
                "type": "relativeMonthly",
                "interval": 1,
                "daysOfWeek": ["tuesday"],
                "index": "second",
            },
            "FREQ=MONTHLY;INTERVAL=1;BYDAY=2TU",
        ),
        (
            {"type": "absoluteYearly", "interval": 1, "month": 5, "dayOfMonth": 4},
            "FREQ=YEARLY;INTERVAL=1;BYMONTH=5;BYMONTHDAY=4",
        ),
    ],
)
def test_patterns_have_one_spelling(pattern: dict[str, Any], rule: str) -> None:
    assert read_rule(recurrence(pattern, {"type": "noEnd"})) == rule


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=2;BYDAY=MO",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=3;UNTIL=20270101",
        "FREQ=DAILY;UNTIL=20260101",
        "FREQ=DAILY;UNTIL=soon",
        "FREQ=DAILY;BYHOUR=9,17",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;BYDAY=TU",
        "FREQ=MONTHLY;BYMONTHDAY=2,16",
        "FREQ=MONTHLY;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYDAY=1MO,3MO",
        "FREQ=MONTHLY;BYDAY=5MO",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=2,3",
        "FREQ=YEARLY;BYDAY=20MO",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=YEARLY;BYWEEKNO=20",
        "DAILY",
        "",
    ],
)
def test_what_graph_cannot_say_is_refused(rule: str) -> None:
    with pytest.raises(InexpressibleError):
        rule_body(rule, first_time(date(2026, 11, 2)))


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        ("20270101", date(2027, 1, 1)),
        ("20270101T080000Z", date(2027, 1, 1)),
        ("20270101T075959Z", date(2026, 12, 31)),
        ("20261231T233000Z", date(2026, 12, 31)),
        ("20270101T090000", date(2027, 1, 1)),
    ],
)
def test_an_end_in_utc_is_a_day_of_the_series_zone(until: str, expected: date) -> None:
    """B09: the last occurrence, at 09:00 in Berlin, is neither lost nor added."""
    assert last_day(until, first_time(date(2026, 11, 2))) == expected


def test_patterns_that_make_no_sense_are_no_rule() -> None:
    for pattern in (
        {"type": "hourly"},
        {"type": "weekly", "daysOfWeek": []},
        {"type": "absoluteMonthly", "dayOfMonth": 0},
        {"type": "absoluteYearly", "dayOfMonth": 1, "month": 13},
        {"type": "relativeMonthly", "daysOfWeek": ["monday"], "index": "fifth"},
    ):
        with pytest.raises(ValueError, match=r".+"):
            read_rule(recurrence(pattern, {"type": "noEnd"}))
    for span in ({"type": "endDate", "endDate": "soon"}, {"type": "until"}):
        with pytest.raises(ValueError, match=r".+"):
            read_rule(recurrence({"type": "daily"}, span))


def test_instants_of_a_zone_are_meant_by_the_clock_of_the_series() -> None:
    summer = FirstTime(
        day=date(2026, 7, 1), clock=time(23, 30), zone=BERLIN, zone_name="Europe/Berlin"
    )
    end = datetime(2026, 7, 31, 21, 30, tzinfo=UTC)
    assert last_day(f"{end:%Y%m%dT%H%M%SZ}", summer) == date(2026, 7, 31)
