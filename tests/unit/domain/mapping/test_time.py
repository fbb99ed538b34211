"""When an event is stays what it is, in every zone and on every host."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from syncline.connectors.microsoft365.times import read_span
from syncline.connectors.microsoft365.wire import Moment
from syncline.domain.access.policy import Winner
from syncline.domain.engine.merge import merge
from syncline.domain.values.content import AllDaySpan, TimedSpan, encode
from syncline.domain.values.links import Base
from tests.unit.domain.mapping import transition_weeks as weeks

ROOT = Path(__file__).parents[4]

#: Far east, far west, half an hour off, and with other summers.
HOSTS = ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Australia/Lord_Howe",
         "America/New_York", "Asia/Kolkata")  # fmt: skip


def test_transition_days_are_such() -> None:
    """The table of this test is right: the offset changes on just these days."""
    for name, changes in weeks.CHANGES.items():
        zone = ZoneInfo(name)
        has_summer = not name.startswith("Asia/")
        for day in changes:
            before = datetime(day.year, day.month, day.day, tzinfo=zone).utcoffset()
            next_day = day + timedelta(days=1)
            after = datetime(
                next_day.year, next_day.month, next_day.day, tzinfo=zone
            ).utcoffset()
            assert (before != after) == has_summer, (name, day)


def test_meeting_keeps_its_wall_time_in_both_transition_weeks() -> None:
    """B05: EU and US change clocks in different weeks; nobody's meeting moves."""
    seen = 0
    for meeting in weeks.meetings():
        record, back = weeks.there_and_back(meeting.item)
        assert weeks.starts_of(record) == meeting.starts.astimezone(UTC)
        span = back["when"]
        assert isinstance(span, TimedSpan)
        assert span == meeting.item["when"]
        assert span.zone == meeting.zone
        wall = span.start.astimezone(ZoneInfo(meeting.zone))
        expected = meeting.starts.astimezone(UTC).astimezone(ZoneInfo(meeting.zone))
        assert wall.replace(tzinfo=None) == expected.replace(tzinfo=None)
        seen += 1
    assert seen == 7 * 2 * 17 * len(weeks.WALL_TIMES)


def test_mailbox_is_told_the_wall_time_that_it_showed_before() -> None:
    """B05: from the record back into the zone of the meeting, and read once more."""
    for meeting in weeks.meetings():
        _, back = weeks.there_and_back(meeting.item)
        span = back["when"]
        assert isinstance(span, TimedSpan)
        told = weeks.shown(span)
        expected = meeting.starts.astimezone(UTC).astimezone(ZoneInfo(meeting.zone))
        assert told["start"] == {
            "dateTime": expected.strftime("%Y-%m-%dT%H:%M:%S"),
            "timeZone": meeting.zone,
        }
        if not _comes_twice(expected):
            assert told["read"] == encode({"when": meeting.item["when"]})


def _comes_twice(moment: datetime) -> bool:
    """Whether its wall time, or that of its end, is one of an hour that repeats."""
    spread = (moment + timedelta(minutes=m) for m in range(0, 61, 15))
    return any(m.replace(fold=0).utcoffset() != m.replace(fold=1).utcoffset()
               for m in spread)  # fmt: skip


def test_meeting_that_is_moved_in_salesforce_keeps_its_zone() -> None:
    """B05: moved across the change of clocks, by the instant that was chosen."""
    for meeting in weeks.meetings():
        record, _ = weeks.there_and_back(meeting.item)
        later = weeks.starts_of(record) + timedelta(days=7)
        moved = {
            **record,
            "StartDateTime": later.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "EndDateTime": (later + weeks.LENGTH).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "ReminderDateTime": (later - timedelta(minutes=30)).strftime(
                "%Y-%m-%dT%H:%M:%SZ"
            ),
        }
        merged = merge(
            mapping=weeks.EVENT,
            item=meeting.item,
            record=moved,
            base=Base(item=meeting.item, record=record),
            winner=Winner.MAILBOX,
        )
        assert merged.to_item == {
            "when": TimedSpan(start=later, end=later + weeks.LENGTH, zone=meeting.zone)
        }


def test_whole_days_are_dates_and_never_instants() -> None:
    """B01: no zone and no change of clocks moves or stretches a whole day."""
    for span in weeks.whole_days():
        record, back = weeks.there_and_back(weeks.content(span))
        assert record["ActivityDate"] == span.first.isoformat()
        assert record["EndDate"] == span.last.isoformat()
        assert (record["StartDateTime"], record["EndDateTime"]) == (None, None)
        assert back["when"] == span
        told = weeks.shown(span)
        assert told["isAllDay"] is True
        assert told["read"] == encode({"when": span})


@pytest.mark.parametrize("show_as", ["oof", "free", "elsewhere", "tentative", "busy"])
def test_what_a_day_is_shown_as_does_not_make_it_timed(show_as: str) -> None:
    """B03: "out of office" for whole days stays whole days."""
    for span in weeks.whole_days():
        item = weeks.content(span, show_as=show_as)
        record, back = weeks.there_and_back(item)
        assert record["IsAllDayEvent"] is True
        assert (back["when"], back["show_as"]) == (span, show_as)


@pytest.mark.parametrize("is_all_day", [True, False])
def test_zone_that_nobody_knows_is_kept_as_it_is(is_all_day: bool) -> None:
    """B08: no crash; dates need no zone, and instants are clear without it."""
    begins = Moment(date_time="2026-10-25T00:00:00", time_zone="UTC")
    ends = Moment(date_time="2026-10-26T00:00:00", time_zone="UTC")
    zone = "Customized Time Zone"
    span = read_span(begins, ends, is_all_day=is_all_day, zone=zone)
    record, back = weeks.there_and_back(weeks.content(span))
    assert back["when"] == span
    if is_all_day:
        assert span == AllDaySpan(first=date(2026, 10, 25), last=date(2026, 10, 25))
    else:
        assert isinstance(span, TimedSpan)
        assert span.zone == zone
        assert record["StartDateTime"] == "2026-10-25T00:00:00Z"


def test_every_occurrence_around_the_change_has_a_record_of_its_own() -> None:
    """B09: a daily series has as many records as days, the last one included."""
    for name, changes in weeks.CHANGES.items():
        for change in changes:
            records = [
                weeks.there_and_back(m.item)[0]
                for m in weeks.meetings()
                if m.zone == name
                and m.starts.hour == 9
                and abs(m.starts.date() - change) <= timedelta(days=8)
            ]
            starts = [weeks.starts_of(r).astimezone(ZoneInfo(name)) for r in records]
            assert [s.date() for s in starts] == list(weeks.days_around(change))
            assert {(s.hour, s.minute) for s in starts} == {(9, 0)}


def test_zone_of_the_host_has_no_influence() -> None:
    """B04: a laptop on a trip writes what it wrote at home, to the letter."""
    here = json.loads(json.dumps(weeks.everything()))
    programs = {
        host: subprocess.Popen(
            [sys.executable, "-m", "tests.unit.domain.mapping.transition_weeks"],
            cwd=ROOT,
            env={**os.environ, "TZ": host, "PYTHONPATH": str(ROOT / "src")},
            stdout=subprocess.PIPE,
            text=True,
        )
        for host in HOSTS
    }
    names = set()
    for host, program in programs.items():
        printed, _ = program.communicate(timeout=60)
        assert program.returncode == 0, host
        document = json.loads(printed)
        names.add(tuple(document["host"]))
        assert document["told"] == here, host
    assert len(names) == len(HOSTS), "each host really was in its own zone"
