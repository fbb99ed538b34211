"""Recurring series of a sandbox mailbox: read whole, changed one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from syncline.connectors.microsoft365.times import find_zone
from syncline.domain.values.changes import ChangeSet, Presence
from syncline.domain.values.content import AllDaySpan, TimedSpan
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.items import Item, Role, Window
from syncline.domain.values.kinds import Kind
from tests.contract.microsoft365.bench import (
    DAY,
    TODAY,
    WINDOW,
    Bench,
    Reader,
    creation,
    deletion,
    event_fields,
    event_json,
    guest_json,
    items_of,
    series_json,
    stamp,
    update,
)

PROPERTY = "String {7C9F1B0E-52A6-4C0B-9E52-5A1C53E0D7A4} Name SynclineId"


def made(bench: Bench, count: int = 5, **more: Any) -> Any:
    return bench.person("POST", "/events", series_json(count, **more))


def master_of(found: ChangeSet) -> Item:
    (master,) = (i for i in items_of(found) if i.role is Role.MASTER)
    return master


def occurrences(found: ChangeSet) -> list[Item]:
    return [i for i in items_of(found) if i.role is Role.OCCURRENCE]


def days(count: int, first: int = 1) -> list[date]:
    return [(TODAY + n * DAY).date() for n in range(first, first + count)]


def test_a_series_is_its_master_and_its_occurrences(bench: Bench, read: Reader) -> None:
    key = [{"id": PROPERTY, "value": "k1"}]
    raw = made(bench, categories=["Salesforce"], singleValueExtendedProperties=key)
    found = read(None)
    master = master_of(found)
    assert (master.id, master.uid, master.link_key) == (raw["id"], raw["uid"], "k1")
    assert master.content["recurrence"] == "FREQ=DAILY;INTERVAL=1;COUNT=5"
    assert master.unsupported is None
    told = occurrences(found)
    assert [i.uid for i in told] == [f"{raw['uid']}/{day}" for day in days(5)]
    for item in told:
        assert (item.series_id, item.series_uid) == (raw["id"], raw["uid"])
        assert (item.link_key, item.categories) == ("k1", ("Salesforce",))
        assert item.content["recurrence"] is None
        assert item.name == "Stand-up"
    assert found.full_series == {raw["uid"]}


def test_only_occurrences_in_the_window_are_read(bench: Bench, read: Reader) -> None:
    raw = made(bench, 200)
    found = read(None)
    assert len(occurrences(found)) == (WINDOW.end - TODAY) // DAY - 1
    assert found.full_series == {raw["uid"]}


def test_a_quiet_series_costs_one_request(bench: Bench, read: Reader) -> None:
    made(bench)
    first = read(None)
    bench.reset()
    again = read(first.watermark)
    assert (again.changes, again.full_series) == ((), frozenset())
    assert bench.counters["requests"] == 1


def day_ids(bench: Bench, series_id: str) -> list[str]:
    window = f"startDateTime={TODAY:%Y-%m-%d}&endDateTime={TODAY + 30 * DAY:%Y-%m-%d}"
    path = f"/events/{series_id}/instances?{window}&$top=100"
    return [day["id"] for day in bench.person("GET", path)["value"]]


def test_any_change_brings_the_whole_series(bench: Bench, read: Reader) -> None:
    """A13: a deleted occurrence is missing from a series that was read whole."""
    raw = made(bench)
    watermark = read(None).watermark
    second, third = day_ids(bench, raw["id"])[1:3]
    bench.person("PATCH", f"/events/{second}", {"subject": "Longer"})
    bench.person("DELETE", f"/events/{third}")
    found = read(watermark)
    names = {item.uid[-10:]: item.name for item in occurrences(found)}
    one, two, _, four, five = (day.isoformat() for day in days(5))
    assert names == {
        one: "Stand-up",
        two: "Longer",
        four: "Stand-up",
        five: "Stand-up",
    }
    assert found.full_series == {raw["uid"]}
    assert read(found.watermark).changes == ()


def test_a_moved_occurrence_keeps_the_day_of_the_rule(
    bench: Bench, read: Reader
) -> None:
    raw = made(bench)
    watermark = read(None).watermark
    first = day_ids(bench, raw["id"])[0]
    start = TODAY + 9 * DAY + timedelta(hours=15)
    span = {"start": stamp(start), "end": stamp(start + timedelta(hours=1))}
    bench.person("PATCH", f"/events/{first}", span)
    moved = next(
        item
        for item in occurrences(read(watermark))
        if item.uid.endswith(f"{days(1)[0]}")
    )
    when = moved.content["when"]
    assert isinstance(when, TimedSpan)
    assert when.start == start


def test_days_are_days_of_the_series_own_zone(bench: Bench, read: Reader) -> None:
    """B05: an evening in Los Angeles is the next day in UTC, and winter is later."""
    first = TODAY + DAY
    zone = "Pacific Standard Time"
    raw = series_json(3)
    for side, clock in (("start", "19:00:00"), ("end", "20:00:00")):
        raw[side] = {"dateTime": f"{first:%Y-%m-%d}T{clock}", "timeZone": zone}
    bench.person("POST", "/events", raw)
    told = occurrences(read(None))
    assert [item.uid[-10:] for item in told] == [d.isoformat() for d in days(3)]
    spans = [item.content["when"] for item in told]
    starts = [span.start.date() for span in spans if isinstance(span, TimedSpan)]
    assert starts == days(3, first=2)


def test_all_day_series_have_local_dates(bench: Bench, read: Reader) -> None:
    """B01"""
    first = TODAY + DAY
    span = {"start": stamp(first), "end": stamp(first + DAY), "isAllDay": True}
    bench.person("POST", "/events", series_json(3) | span)
    found = read(None)
    told = occurrences(found)
    assert [item.content["when"] for item in told] == [
        AllDaySpan(first=day, last=day) for day in days(3)
    ]
    assert [item.uid[-10:] for item in told] == [d.isoformat() for d in days(3)]
    assert master_of(found).content["when"] == told[0].content["when"]


def test_a_shifted_series_keeps_its_uids(bench: Bench, read: Reader) -> None:
    """A07: the ids change, who is who does not."""
    raw = made(bench)
    before = read(None)
    start = TODAY + DAY + timedelta(hours=16)
    span = {"start": stamp(start), "end": stamp(start + timedelta(hours=1))}
    bench.person("PATCH", f"/events/{raw['id']}", span)
    after = read(before.watermark)
    assert [i.uid for i in occurrences(after)] == [i.uid for i in occurrences(before)]
    assert after.full_series == before.full_series


def test_looks_tell_occurrences_that_are_there_gone_and_far_away(
    bench: Bench, read: Reader
) -> None:
    raw = made(bench)
    told = occurrences(read(None))
    source = bench.connect().changes
    start = WINDOW.end + 5 * DAY
    span = {"start": stamp(start), "end": stamp(start + timedelta(hours=1))}
    bench.person("DELETE", f"/events/{told[1].id}")
    bench.person("PATCH", f"/events/{told[2].id}", span)
    source.read(None, WINDOW)
    looked = source.fetch(Kind.EVENT, [item.id for item in told[:3]])
    assert [c.presence for c in looked] == [
        Presence.SEEN,
        Presence.DELETED,
        Presence.OUT_OF_SCOPE,
    ]
    assert [i.uid for i in items_of(looked)] == [told[0].uid, told[2].uid]
    assert items_of(looked)[0].series_uid == raw["uid"]
    bench.person("DELETE", f"/events/{raw['id']}")
    gone = source.fetch(Kind.EVENT, [raw["id"], told[0].id])
    assert [c.presence for c in gone] == [Presence.DELETED, Presence.DELETED]


def test_a_look_and_a_reading_agree_on_series(bench: Bench, read: Reader) -> None:
    made(bench)
    items = items_of(read(None))
    looked = bench.connect().changes.fetch(Kind.EVENT, [item.id for item in items])
    assert items_of(looked) == items


@pytest.mark.parametrize("path", ["/instances", "/events/"])
def test_what_cannot_be_read_is_not_gone(bench: Bench, read: Reader, path: str) -> None:
    """A04"""
    raw = made(bench)
    watermark = read(None).watermark
    bench.person("PATCH", f"/events/{raw['id']}", {"subject": "Other"})
    bench.fault("status", "GET", path, status=403, times=5)
    found = read(watermark)
    assert found.full_series == frozenset()
    assert {c.presence for c in found.changes} == {Presence.UNREADABLE}
    assert [c.id for c in found.changes] == [raw["id"]]


def test_own_answer_to_a_series_of_somebody_else(bench: Bench, read: Reader) -> None:
    organizer = {"emailAddress": {"address": "boss@elsewhere.example"}}
    raw = series_json(
        2,
        organizer=organizer,
        attendees=[guest_json(bench.address)],
        responseStatus={"response": "tentativelyAccepted"},
    )
    bench.sandbox.seed({"items": {bench.address: {"events": [raw]}}})
    found = items_of(read(None))
    assert [item.response for item in found] == ["tentative"] * 3
    assert not any(item.is_organizer for item in found)


def test_what_the_rounds_leave_out_is_found_by_a_whole_reading(
    bench: Bench, read: Reader
) -> None:
    """A17, D08: a plain listing is the second opinion."""
    raw = made(bench, 3)
    bench.person("POST", "/events", event_json("Single"))
    bench.control("POST", "/quirks", {"missing_own_series": True})
    found = read(None)
    assert len(occurrences(found)) == 3
    assert found.full_series == {raw["uid"]}
    quirk = {"empty_listings": 1, "empty_path": "calendarView/delta"}
    bench.control("POST", "/quirks", {"missing_own_series": False, **quirk})
    found = read(None)
    assert len(occurrences(found)) == 3
    assert "Single" in {item.name for item in items_of(found)}


# --- writing ---


def test_one_occurrence_is_changed_and_another_deleted(
    bench: Bench, read: Reader
) -> None:
    """A03, A21: the others stay as they are."""
    made(bench)
    before = read(None)
    one, two, *others = occurrences(before)
    writer = bench.connect().writer
    (changed,) = writer.write([update(one, {"subject": "Ours"})])
    (deleted,) = writer.write([deletion(replace(two, version=""))])
    assert changed.is_done
    assert deleted.is_done
    assert changed.item is not None
    assert (changed.item.uid, changed.item.role) == (one.uid, Role.OCCURRENCE)
    after = {item.uid: item for item in occurrences(read(before.watermark))}
    assert after[one.uid].name == "Ours"
    assert two.uid not in after
    assert [after[o.uid].content for o in others] == [o.content for o in others]
    assert bench.counters["guest_mails"] == 0


def test_an_occurrence_with_guests_is_not_changed_unless_it_may_be(
    bench: Bench, read: Reader
) -> None:
    """A12"""
    made(bench, attendees=[guest_json()])
    one = occurrences(read(None))[0]
    bench.reset()
    writer = bench.connect().writer
    (refused,) = writer.write([update(one, {"subject": "Ours"})])
    assert refused.fault is not None
    assert refused.fault.fault_class is FaultClass.REJECTED
    assert bench.counters["guest_mails"] == 0
    allowed = replace(update(one, {"subject": "Ours"}), may_mail_guests=True)
    (done,) = writer.write([allowed])
    assert done.is_done
    assert done.item is not None
    assert done.item.has_guests
    assert bench.counters["guest_mails"] > 0


def test_a_series_is_created_once(bench: Bench, read: Reader) -> None:
    start = TODAY + 2 * DAY + timedelta(hours=9)
    weekday = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[start.weekday()]
    rule = f"FREQ=WEEKLY;INTERVAL=1;BYDAY={weekday};COUNT=4"
    span = TimedSpan(start=start, end=start + timedelta(hours=1), zone="Europe/Paris")
    fields = event_fields(recurrence=rule, when=span)
    wanted = creation("k1", Kind.EVENT, fields)
    first, second = (bench.connect().writer.write([wanted])[0] for _ in range(2))
    assert first.is_done
    assert second.id == first.id
    found = read(None)
    assert len(occurrences(found)) == 4
    master = master_of(found)
    assert (master.content["recurrence"], master.link_key) == (rule, "k1")
    when = occurrences(found)[0].content["when"]
    assert isinstance(when, TimedSpan)
    assert (when.start, when.zone) == (start, "Europe/Paris")


def test_another_spelling_of_a_rule_is_the_same_rule(bench: Bench) -> None:
    rule = "COUNT=4;FREQ=DAILY;WKST=MO"
    wanted = creation("k1", Kind.EVENT, event_fields(recurrence=rule))
    (outcome,) = bench.connect().writer.write([wanted])
    assert outcome.is_done
    assert outcome.created
    assert outcome.item is not None
    assert outcome.item.content["recurrence"] == "FREQ=DAILY;INTERVAL=1;COUNT=4"


def test_a_rule_that_graph_cannot_say_is_refused_alone(bench: Bench) -> None:
    rules = ("FREQ=MONTHLY;BYMONTHDAY=2,16", "FREQ=DAILY;INTERVAL=1;COUNT=2")
    wanted = [
        creation(f"k{n}", Kind.EVENT, event_fields(recurrence=rule))
        for n, rule in enumerate(rules)
    ]
    refused, done = bench.connect().writer.write(wanted)
    assert refused.fault is not None
    assert refused.fault.fault_class is FaultClass.REJECTED
    assert refused.fault.fields == ("recurrence",)
    assert done.is_done
    assert len(bench.events()) == 1


def test_single_events_are_no_series(bench: Bench, read: Reader) -> None:
    bench.person("POST", "/events", event_json())
    (item,) = items_of(read(None))
    assert (item.role, item.series_uid) == (Role.SINGLE, "")
    assert item.content["recurrence"] is None


@pytest.mark.parametrize("month", [(2027, 3), (2027, 10)])
@pytest.mark.parametrize(
    "zone",
    [
        "W. Europe Standard Time",
        "America/New_York",
        "AUS Eastern Standard Time",
        "Australia/Lord_Howe",
        "India Standard Time",
    ],
)
def test_a_series_keeps_its_clock_through_both_transitions(
    bench: Bench, zone: str, month: tuple[int, int]
) -> None:
    """B05: months in which clocks change there, or in Europe and the USA apart."""
    first = date(*month, 1)
    raw = series_json(45)
    for side, clock in (("start", "23:30:00"), ("end", "23:45:00")):
        raw[side] = {"dateTime": f"{first}T{clock}", "timeZone": zone}
    raw["recurrence"]["range"]["startDate"] = first.isoformat()
    bench.person("POST", "/events", raw)
    begin = datetime(*month, 1, tzinfo=UTC)
    window = Window(start=begin - 2 * DAY, end=begin + 60 * DAY)
    told = occurrences(bench.connect().changes.read(None, window))
    wanted = [first + n * DAY for n in range(45)]
    assert [item.uid[-10:] for item in told] == [day.isoformat() for day in wanted]
    there = find_zone(zone)
    for item, day in zip(told, wanted, strict=True):
        when = item.content["when"]
        assert isinstance(when, TimedSpan)
        local = when.start.astimezone(there)
        assert (local.date(), f"{local:%H:%M}") == (day, "23:30")
