"""What the writer does to a sandbox mailbox, also when answers are lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from syncline.domain.errors import PassingError
from syncline.domain.values.content import AllDaySpan, Attendee, TimedSpan
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.items import Item
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import Operation
from tests.contract.microsoft365.bench import (
    DAY,
    TODAY,
    Bench,
    Reader,
    contact_fields,
    creation,
    deletion,
    event_fields,
    event_json,
    guest_json,
    items_of,
    only,
    update,
)

BOTH = [
    creation("k-event", Kind.EVENT, event_fields()),
    creation("k-contact", Kind.CONTACT, contact_fields()),
]


def item_of(bench: Bench, kind: Kind, item_id: str) -> Item:
    (item,) = items_of(bench.connect().changes.fetch(kind, [item_id]))
    return item


def new_event(bench: Bench, **more: object) -> Item:
    made = bench.person("POST", "/events", event_json(**more))
    return item_of(bench, Kind.EVENT, made["id"])


def new_contact(bench: Bench, **more: object) -> Item:
    made = bench.person("POST", "/contacts", {"givenName": "Ada", **more})
    return item_of(bench, Kind.CONTACT, made["id"])


def test_created_items_say_what_was_wanted(bench: Bench, read: Reader) -> None:
    outcomes = bench.connect().writer.write(BOTH)
    assert [o.fault for o in outcomes] == [None, None]
    assert all(o.created for o in outcomes)
    for outcome in outcomes:
        assert outcome.item is not None
        stored = item_of(bench, outcome.operation.kind, outcome.id)
        assert stored == outcome.item
        assert stored.version == outcome.version
        assert stored.link_key == outcome.operation.key
        for name, value in outcome.operation.fields.items():
            found = stored.content[name]
            if isinstance(value, TimedSpan) and isinstance(found, TimedSpan):
                assert (found.start, found.end) == (value.start, value.end)
            else:
                assert found == value
    assert bench.counters["guest_mails"] == 0
    assert len(items_of(read(None))) == 2


def test_repeated_create_finds_the_first(bench: Bench) -> None:
    first = bench.connect().writer.write(BOTH)
    again = bench.connect().writer.write(BOTH)
    assert [o.id for o in again] == [o.id for o in first]
    assert len(bench.events()) == len(bench.contacts()) == 1


def test_create_that_finds_other_content_says_so(bench: Bench) -> None:
    bench.connect().writer.write(BOTH)
    changed = creation("k-event", Kind.EVENT, event_fields("Another subject"))
    (outcome,) = bench.connect().writer.write([changed])
    assert not outcome.created
    assert outcome.item is not None
    assert outcome.item.name == "Visit"


def test_deliberate_second_create_makes_a_second_item(bench: Bench) -> None:
    (first,) = bench.connect().writer.write(BOTH[:1])
    bench.person("DELETE", f"/events/{first.id}")
    second = replace(BOTH[0], nonce=first.id)
    (outcome,) = bench.connect().writer.write([second])
    assert outcome.fault is None
    assert outcome.id != first.id
    assert len(bench.events()) == 1


@pytest.mark.parametrize("kind", ["drop_response", "status"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_lost_answer_of_a_create_doubles_nothing(
    bench: Bench, kind: str, when: str
) -> None:
    for path in ("/me/events", "/me/contacts"):
        bench.fault(kind, "POST", path, status=500, when=when)
    outcomes = bench.connect().writer.write(BOTH)
    assert [o.fault for o in outcomes] == [None, None]
    assert len(bench.events()) == len(bench.contacts()) == 1


def test_lost_answer_of_the_whole_batch_doubles_nothing(bench: Bench) -> None:
    contact = new_contact(bench)
    event = new_event(bench, subject="Old")
    operations = [
        *BOTH,
        update(contact, {"job_title": "Chief"}),
        deletion(event),
    ]
    # The first batch looks contacts up; the second one writes.
    bench.fault("drop_response", "POST", "$batch", times=1, when="after")
    bench.fault("drop_response", "POST", "/me/contacts")
    outcomes = bench.connect().writer.write(operations)
    assert [o.fault for o in outcomes] == [None] * 4
    assert len(bench.events()) == 1
    assert sorted(c["jobTitle"] or "" for c in bench.contacts()) == ["", "Chief"]


def test_provider_that_refuses_all_work_raises_and_nothing_is_written(
    bench: Bench,
) -> None:
    bench.fault("status", "POST", "$batch", status=429, times=9)
    with pytest.raises(PassingError):
        bench.connect().writer.write(BOTH[:1])
    assert bench.events() == []


def test_update_changes_its_fields_and_keeps_the_rest(bench: Bench) -> None:
    address = {"city": "London", "countryOrRegion": "UK"}
    item = new_contact(bench, businessAddress=address, jobTitle="Analyst")
    fields = {
        "business_street": "12 St James",
        "emails": ("a@x.example", "b@x.example"),
    }
    (outcome,) = bench.connect().writer.write([update(item, fields)])
    assert outcome.fault is None
    stored = item_of(bench, Kind.CONTACT, item.id)
    assert stored == outcome.item
    assert stored.content == {**item.content, **fields}


def test_update_with_stale_version_is_refused(bench: Bench) -> None:
    item = new_contact(bench)
    bench.person("PATCH", f"/contacts/{item.id}", {"surname": "King"})
    operations = [update(item, {"job_title": "Chief"}), deletion(item)]
    for operation in operations:
        (outcome,) = bench.connect().writer.write([operation])
        assert outcome.fault is not None
        assert outcome.fault.fault_class is FaultClass.VERSION
    (contact,) = bench.contacts()
    assert contact["jobTitle"] is None


def test_update_of_what_is_gone_says_not_found(bench: Bench) -> None:
    item = new_contact(bench)
    bench.person("DELETE", f"/contacts/{item.id}")
    operations = [update(item, {"job_title": "Chief"}), deletion(item)]
    updated, deleted = bench.connect().writer.write(operations)
    assert updated.fault is not None
    assert updated.fault.fault_class is FaultClass.NOT_FOUND
    assert deleted.fault is None


def test_lost_answer_of_an_update_is_found_out(bench: Bench) -> None:
    item = new_contact(bench)
    bench.fault("drop_response", "PATCH", "/contacts/")
    (outcome,) = bench.connect().writer.write([update(item, {"job_title": "Chief"})])
    assert outcome.fault is None
    assert outcome.version == item_of(bench, Kind.CONTACT, item.id).version


def test_event_keeps_its_zone_when_it_is_moved(bench: Bench) -> None:
    zone = "W. Europe Standard Time"
    times = {
        side: {"dateTime": f"2026-11-24T{hour}:00:00", "timeZone": zone}
        for side, hour in (("start", "10"), ("end", "11"))
    }
    made = bench.person("POST", "/events", {"subject": "Zoned", **times})
    item = item_of(bench, Kind.EVENT, made["id"])
    span = item.content["when"]
    assert isinstance(span, TimedSpan)
    later = TimedSpan(start=span.start + DAY, end=span.end + DAY)
    (outcome,) = bench.connect().writer.write([update(item, {"when": later})])
    assert outcome.item is not None
    assert outcome.item.content["when"] == replace(later, zone=zone)


def test_timed_event_becomes_all_day_and_back(bench: Bench) -> None:
    item = new_event(bench)
    days = AllDaySpan(first=date(2026, 12, 1), last=date(2026, 12, 3))
    (outcome,) = bench.connect().writer.write([update(item, {"when": days})])
    assert outcome.item is not None
    assert outcome.item.content["when"] == days
    (outcome,) = bench.connect().writer.write(
        [update(outcome.item, {"when": item.content["when"]})]
    )
    assert outcome.item is not None
    assert outcome.item.content["when"] == item.content["when"]


def test_throttled_parts_alone_are_sent_again(bench: Bench) -> None:
    bench.fault("status", "POST", "/me/events", status=429, retry_after=2)
    outcomes = bench.connect().writer.write(BOTH)
    assert [o.fault for o in outcomes] == [None, None]
    assert 2.0 in bench.waits
    assert len(bench.contacts()) == 1


@pytest.mark.parametrize("times", [1, 9])
def test_throttled_contact_that_was_made_all_the_same_is_not_made_again(
    bench: Bench, times: int
) -> None:
    bench.fault("status", "POST", "/me/contacts", status=429, times=times, when="after")
    outcomes = bench.connect().writer.write(BOTH)
    assert [o.fault for o in outcomes] == [None, None]
    assert len(bench.contacts()) == 1


def test_rejected_part_is_not_sent_again_and_stops_no_other(bench: Bench) -> None:
    bad = creation("k-bad", Kind.EVENT, event_fields("x" * 300))
    first, second = bench.connect().writer.write([bad, BOTH[0]])
    assert first.fault is not None
    assert first.fault.fault_class is FaultClass.REJECTED
    assert first.fault.code == "ErrorPropertyValidationFailure"
    assert second.fault is None
    assert bench.counters["requests"] == 1


def with_guests(bench: Bench, **more: object) -> Item:
    made = bench.person("POST", "/events", event_json(attendees=[guest_json()], **more))
    bench.reset()
    return item_of(bench, Kind.EVENT, made["id"])


GUEST = Attendee(email="guest@elsewhere.example")


@pytest.mark.parametrize("is_known", [True, False], ids=["known", "unknown"])
@pytest.mark.parametrize("verb", ["update", "delete", "remove guests"])
def test_write_on_a_meeting_with_guests_is_refused(
    bench: Bench, verb: str, *, is_known: bool
) -> None:
    item = with_guests(bench)
    more: dict[str, object] = {} if is_known else {"item": None}
    operation: Operation = {
        "update": update(item, {"subject": "New"}, **more),
        "delete": deletion(item, **more),
        "remove guests": update(item, {"attendees": ()}, **more),
    }[verb]
    (outcome,) = bench.connect().writer.write([operation])
    assert outcome.fault is not None
    assert outcome.fault.code == "GuestsWouldBeMailed"
    assert outcome.fault.fault_class is FaultClass.REJECTED
    assert bench.counters["guest_mails"] == 0
    assert bench.counters["writes"] == 0


def test_guests_invited_since_the_read_are_not_mailed(bench: Bench) -> None:
    item = new_event(bench)
    bench.person("PATCH", f"/events/{item.id}", {"attendees": [guest_json()]})
    bench.reset()
    operations = [
        update(item, {"subject": "New"}),
        update(item, {"subject": "New"}, version=""),
        deletion(item, version=""),
    ]
    outcomes = bench.connect().writer.write(operations)
    assert all(o.fault is not None for o in outcomes)
    assert bench.counters["guest_mails"] == 0


def test_create_with_guests_is_refused_unsent(bench: Bench) -> None:
    operation = creation("k", Kind.EVENT, event_fields(attendees=(GUEST,)))
    (outcome,) = bench.connect().writer.write([operation])
    assert outcome.fault is not None
    assert outcome.fault.code == "GuestsWouldBeMailed"
    assert bench.counters["requests"] == 0


def test_own_state_of_a_meeting_may_be_written(bench: Bench) -> None:
    item = with_guests(bench)
    fields = {"show_as": "elsewhere", "reminder_minutes": None}
    (outcome,) = bench.connect().writer.write([update(item, fields)])
    assert outcome.fault is None
    assert outcome.item is not None
    assert {n: outcome.item.content[n] for n in fields} == fields
    assert bench.counters["guest_mails"] == 0


def test_meeting_of_somebody_else_is_not_changed(bench: Bench, read: Reader) -> None:
    organizer = {"emailAddress": {"address": "boss@elsewhere.example"}}
    raw = event_json(organizer=organizer, attendees=[guest_json(bench.address)])
    bench.sandbox.seed({"items": {bench.address: {"events": [raw]}}})
    item = only(read(None))
    assert not item.has_guests
    operations = [update(item, {"subject": "Mine"}), deletion(item)]
    outcomes = bench.connect().writer.write(operations)
    assert [o.fault.code for o in outcomes if o.fault] == ["NotTheOrganizer"] * 2
    assert [e["subject"] for e in bench.events()] == ["Review"]


def test_privacy_is_kept_by_other_updates(bench: Bench) -> None:
    item = new_event(bench, sensitivity="confidential")
    assert item.content["private"] is True
    bench.connect().writer.write([update(item, {"subject": "Still secret"})])
    assert bench.events()[0]["sensitivity"] == "confidential"


def test_20_creates_are_two_requests(bench: Bench) -> None:
    operations = [
        creation(f"k{n}", Kind.CONTACT, contact_fields(given_name=f"No. {n}"))
        for n in range(20)
    ]
    outcomes = bench.connect().writer.write(operations)
    assert [o.fault for o in outcomes] == [None] * 20
    assert bench.counters["requests"] == 2
    assert len(bench.contacts()) == 20


def test_span_in_a_repeated_hour_is_exact(bench: Bench) -> None:
    zone = "Europe/Berlin"
    start = TODAY.replace(year=2026, month=10, day=25, hour=1, minute=30)
    when = TimedSpan(start=start, end=start + timedelta(hours=1), zone=zone)
    operation = creation("k", Kind.EVENT, event_fields(when=when))
    (outcome,) = bench.connect().writer.write([operation])
    assert outcome.item is not None
    stored = outcome.item.content["when"]
    assert isinstance(stored, TimedSpan)
    assert (stored.start, stored.end) == (when.start, when.end)


def test_guests_are_invited_only_when_the_profile_allows_it(bench: Bench) -> None:
    """C02: attendees are written when they are among the fields, and counted."""
    guests = (Attendee(email="zoe@x.example", name="Zoe", role="optional"),)
    wanted = creation("k1", Kind.EVENT, event_fields(attendees=guests))
    writer = bench.connect().writer
    (refused,) = writer.write([wanted])
    assert refused.fault is not None
    assert bench.events() == []
    (made,) = writer.write([replace(wanted, may_mail_guests=True)])
    assert made.item is not None
    assert made.item.content["attendees"] == guests
    assert bench.counters["guest_mails"] == 1
    more = (*guests, Attendee(email="bob@x.example", name="Bob"))
    adding = update(made.item, {"attendees": more})
    (added,) = writer.write([replace(adding, may_mail_guests=True)])
    assert added.item is not None
    assert set(added.item.content["attendees"] or ()) == set(more)
    renaming = update(added.item, {"subject": "Renamed"})
    (renamed,) = writer.write([replace(renaming, may_mail_guests=True)])
    assert renamed.item is not None
    assert set(renamed.item.content["attendees"] or ()) == set(more)


def test_meetings_of_others_are_left_alone_even_when_mail_is_allowed(
    bench: Bench,
) -> None:
    """A09, C03"""
    organizer = {"emailAddress": {"address": "boss@elsewhere.example"}}
    raw = event_json(organizer=organizer, attendees=[guest_json(bench.address)])
    bench.sandbox.seed({"items": {bench.address: {"events": [raw]}}})
    (listed,) = bench.events()
    item = item_of(bench, Kind.EVENT, listed["id"])
    for wanted in (update(item, {"subject": "Ours"}), deletion(item)):
        (outcome,) = bench.connect().writer.write(
            [replace(wanted, may_mail_guests=True)]
        )
        assert outcome.fault is not None
        assert outcome.fault.fault_class is FaultClass.REJECTED
    assert item_of(bench, Kind.EVENT, item.id) == item
    assert bench.counters["guest_mails"] == 0
