"""What the change source says of a sandbox mailbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest

from syncline.domain.errors import GrantError, PassingError
from syncline.domain.values.changes import Presence, Watermark
from syncline.domain.values.content import AllDaySpan
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.kinds import Kind
from tests.contract.microsoft365.bench import (
    DAY,
    TODAY,
    WINDOW,
    Bench,
    Reader,
    event_json,
    guest_json,
    items_of,
    only,
    series_json,
    stamp,
)

PROPERTY = "String {7C9F1B0E-52A6-4C0B-9E52-5A1C53E0D7A4} Name SynclineId"


def test_first_read_lists_everything_with_link_keys(bench: Bench, read: Reader) -> None:
    key = [{"id": PROPERTY, "value": "our-key"}]
    bench.person("POST", "/events", event_json(singleValueExtendedProperties=key))
    bench.person("POST", "/events", event_json("Other"))
    bench.person("POST", "/contacts", {"givenName": "Ada"})
    found = read(None)
    assert found.full_kinds == {Kind.EVENT, Kind.CONTACT, Kind.TASK}
    items = items_of(found)
    assert all(item.link_key_known for item in items)
    assert {item.name: item.link_key for item in items} == {
        "Review": "our-key",
        "Other": None,
        "Ada": None,
    }


def test_quiet_read_is_one_request(bench: Bench, read: Reader) -> None:
    bench.person("POST", "/events", event_json())
    first = read(None)
    bench.reset()
    second = read(first.watermark)
    assert second.changes == ()
    assert second.full_kinds == frozenset()
    assert bench.counters["requests"] == 1
    assert bench.counters["writes"] == 0


def test_quiet_read_of_everything_is_one_request(bench: Bench, read: Reader) -> None:
    """Calendar, contacts, tasks and mail, filing folders and lists among them."""
    bench.connect().marker.offer(["Salesforce"])
    bench.person("POST", "/events", series_json(10))
    folder = bench.person(
        "POST", "/contactFolders", {"displayName": "Salesforce Contacts"}
    )
    bench.person("POST", f"/contactFolders/{folder['id']}/contacts", {"surname": "X"})
    for name in ("Errands", "Salesforce Tasks"):
        bench.person("POST", "/todo/lists", {"displayName": name})
    found = read(None)
    assert found.changes
    for _ in range(2):
        bench.reset()
        found = read(found.watermark)
        assert found.changes == ()
        assert bench.counters["requests"] == 1


def test_contacts_of_the_filing_folder_are_filed(bench: Bench, read: Reader) -> None:
    """Reference 3.3: sync while the item stays in the folder."""
    bench.person("POST", "/contacts", {"surname": "Outside"})
    watermark = read(None).watermark
    name = {"displayName": "Salesforce Contacts"}
    folder = bench.person("POST", "/contactFolders", name)["id"]
    where = f"/contactFolders/{folder}/contacts"
    key = [{"id": PROPERTY, "value": "k1"}]
    inside = {"surname": "Inside", "singleValueExtendedProperties": key}
    made = bench.person("POST", where, inside)
    found = read(watermark)
    item = only(found)
    assert (item.name, item.is_filed) == ("Inside", True)
    whole = {i.name: (i.is_filed, i.link_key) for i in items_of(read(None))}
    assert whole == {"Inside": (True, "k1"), "Outside": (False, None)}
    (looked,) = bench.connect().changes.fetch(Kind.CONTACT, [made["id"]])
    assert items_of([looked])[0].is_filed
    bench.person("DELETE", f"/contactFolders/{folder}")
    after = read(found.watermark)
    assert Kind.CONTACT in after.full_kinds
    assert [i.name for i in items_of(after)] == ["Outside"]


def test_pages_are_followed_to_the_end(bench: Bench, read: Reader) -> None:
    bench.sandbox.seed(
        {
            "items": {
                bench.address: {
                    "events": [event_json(f"No. {n}") for n in range(600)],
                    "contacts": [{"givenName": f"No. {n}"} for n in range(1100)],
                }
            }
        }
    )
    found = read(None)
    names = [item.name for item in items_of(found)]
    assert len(names) == len(set(names)) + 600 == 1700
    assert all(item.link_key_known for item in items_of(found))
    bench.reset()
    read(found.watermark)
    assert bench.counters["requests"] == 1


def test_incremental_read_leaves_link_keys_to_fetch(bench: Bench, read: Reader) -> None:
    watermark = read(None).watermark
    key = [{"id": PROPERTY, "value": "k1"}]
    bench.person(
        "POST", "/contacts", {"surname": "X", "singleValueExtendedProperties": key}
    )
    item = only(read(watermark))
    assert not item.link_key_known
    (looked,) = bench.connect().changes.fetch(Kind.CONTACT, [item.id])
    assert items_of([looked])[0].link_key == "k1"


def test_lost_delta_tokens_lead_to_a_full_round(bench: Bench, read: Reader) -> None:
    bench.person("POST", "/events", event_json())
    watermark = read(None).watermark
    bench.fault("lose_delta_tokens")
    healed = read(watermark)
    assert healed.full_kinds == {Kind.EVENT, Kind.CONTACT, Kind.TASK}
    assert only(healed).link_key_known
    assert read(healed.watermark).full_kinds == frozenset()


def test_link_that_dies_midway_restarts_its_kind_alone(
    bench: Bench, read: Reader
) -> None:
    contacts = [{"givenName": f"No. {n}"} for n in range(700)]
    bench.sandbox.seed({"items": {bench.address: {"contacts": contacts}}})
    bench.person("POST", "/events", event_json())
    bench.fault("status", "GET", "contacts/delta?$skiptoken", status=410)
    found = read(None)
    assert len(items_of(found)) == 701


def test_another_window_is_read_whole(bench: Bench, read: Reader) -> None:
    bench.person("POST", "/events", event_json(days=61))
    first = read(None)
    assert items_of(first) == []
    shifted = replace(WINDOW, start=WINDOW.start + DAY, end=WINDOW.end + 2 * DAY)
    found = bench.connect().changes.read(first.watermark, shifted)
    assert found.full_kinds == {Kind.EVENT}
    assert only(found).name == "Review"


def test_watermark_that_makes_no_sense_is_read_whole(read: Reader) -> None:
    found = read(Watermark(value="{garbled"))
    assert found.full_kinds == {Kind.EVENT, Kind.CONTACT, Kind.TASK}


def test_removed_item_is_suspect_until_looked_at(bench: Bench, read: Reader) -> None:
    made = bench.person("POST", "/events", event_json())
    watermark = read(None).watermark
    bench.person("DELETE", f"/events/{made['id']}")
    source = bench.connect().changes
    (change,) = source.read(watermark, WINDOW).changes
    assert (change.presence, change.id) == (Presence.SUSPECT, made["id"])
    assert source.fetch(Kind.EVENT, [made["id"]])[0].presence is Presence.DELETED


def test_event_moved_out_of_the_window_is_out_of_scope(
    bench: Bench, read: Reader
) -> None:
    made = bench.person("POST", "/events", event_json())
    watermark = read(None).watermark
    start = WINDOW.end + 5 * DAY
    span = {"start": stamp(start), "end": stamp(start + timedelta(hours=1))}
    bench.person("PATCH", f"/events/{made['id']}", span)
    source = bench.connect().changes
    (change,) = source.read(watermark, WINDOW).changes
    assert change.presence is Presence.SUSPECT
    (looked,) = source.fetch(Kind.EVENT, [made["id"]])
    assert looked.presence is Presence.OUT_OF_SCOPE
    assert looked.thing is not None


def test_unreadable_answer_to_a_look_is_not_a_deletion(bench: Bench) -> None:
    made = bench.person("POST", "/contacts", {"givenName": "Ada"})
    bench.fault("status", "GET", "/contacts/", status=403)
    (change,) = bench.connect().changes.fetch(Kind.CONTACT, [made["id"]])
    assert change.presence is Presence.UNREADABLE
    assert change.fault is not None
    assert change.fault.fault_class is FaultClass.PERMISSION


def test_looks_answer_in_order_20_to_a_request(bench: Bench) -> None:
    ids = [
        bench.person("POST", "/contacts", {"givenName": f"No. {n}"})["id"]
        for n in range(25)
    ]
    source = bench.connect().changes
    source.read(None, WINDOW)
    bench.reset()
    found = source.fetch(Kind.CONTACT, [*ids, "unknown"])
    assert [c.id for c in found] == [*ids, "unknown"]
    assert [i.name for i in items_of(found)] == [f"No. {n}" for n in range(25)]
    assert found[-1].thing is None
    assert bench.counters["requests"] == 2


def test_deleted_series_is_suspect_under_its_own_id(bench: Bench, read: Reader) -> None:
    made = bench.person("POST", "/events", series_json(10))
    watermark = read(None).watermark
    bench.person("DELETE", f"/events/{made['id']}")
    found = read(watermark)
    assert made["id"] in {c.id for c in found.changes}
    assert {c.presence for c in found.changes} == {Presence.SUSPECT}


def test_all_day_event_ends_on_its_last_day(bench: Bench, read: Reader) -> None:
    days = {"start": stamp(TODAY + DAY), "end": stamp(TODAY + 3 * DAY)}
    bench.person("POST", "/events", {"subject": "Fair", "isAllDay": True, **days})
    span = only(read(None)).content["when"]
    assert span == AllDaySpan(first=(TODAY + DAY).date(), last=(TODAY + 2 * DAY).date())


def test_meeting_of_somebody_else_names_its_organizer(
    bench: Bench, read: Reader
) -> None:
    organizer = {"emailAddress": {"address": "Boss@Elsewhere.example", "name": "Boss"}}
    guests = [guest_json(bench.address.upper()), guest_json("Zoe@x.example")]
    raw = event_json(organizer=organizer, attendees=guests)
    bench.sandbox.seed({"items": {bench.address: {"events": [raw]}}})
    item = only(read(None))
    assert not item.is_organizer
    assert item.organizer == "boss@elsewhere.example"
    attendees = item.content["attendees"]
    assert isinstance(attendees, tuple)
    assert [guest.email for guest in attendees] == ["zoe@x.example"]  # type: ignore[union-attr]


def test_unknown_zone_is_named(bench: Bench, read: Reader) -> None:
    raw = event_json()
    raw["start"]["timeZone"] = raw["end"]["timeZone"] = "tzone://Microsoft/Custom"
    bench.sandbox.seed({"items": {bench.address: {"events": [raw]}}})
    item = only(read(None))
    assert item.unsupported == "unknown_time_zone"
    assert item.unsupported_params == (("zone", "tzone://Microsoft/Custom"),)


def test_malformed_page_consumes_nothing(bench: Bench, read: Reader) -> None:
    watermark = read(None).watermark
    bench.person("POST", "/events", event_json())
    bench.fault("malformed", "GET", "calendarView/delta")
    with pytest.raises(PassingError) as caught:
        read(watermark)
    assert caught.value.fault.fault_class is FaultClass.BAD_RESPONSE
    assert only(read(watermark)).name == "Review"


def test_expired_token_is_renewed_once(bench: Bench, read: Reader) -> None:
    watermark = read(None).watermark
    bench.fault("expire_tokens")
    assert read(watermark).changes == ()
    assert bench.keeper.renewals == 1


def test_throttled_part_waits_as_asked(bench: Bench, read: Reader) -> None:
    bench.person("POST", "/contacts", {"givenName": "Ada"})
    bench.fault("status", "GET", "contacts/delta", status=429, retry_after=3)
    assert only(read(None)).name == "Ada"
    assert 3.0 in bench.waits


def test_refused_access_ends_the_read(bench: Bench, read: Reader) -> None:
    bench.fault("status", "POST", "$batch", status=401, times=5)
    with pytest.raises(GrantError):
        read(None)


def test_every_call_asks_for_immutable_ids(bench: Bench) -> None:
    seen: list[httpx2.Request] = []
    inner = bench.http._client  # listens to what is really sent
    inner.event_hooks = {"request": [seen.append]}
    bench.person("POST", "/events", series_json(3))
    source = bench.connect().changes
    found = source.read(None, WINDOW)
    source.fetch(Kind.EVENT, [item.id for item in items_of(found)])
    assert seen
    for request in seen:
        assert 'IdType="ImmutableId"' in request.headers["prefer"]
        text = request.content.decode()
        assert text.count('"url"') == text.count('IdType=\\"ImmutableId\\"')
