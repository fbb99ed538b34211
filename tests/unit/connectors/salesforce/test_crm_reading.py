"""Reading a served org: cheap when quiet, complete when not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from crm_org import (
    TODAY,
    WINDOW,
    Org,
    control,
    meeting,
    operation,
    person,
)

from syncline.connectors.salesforce import Salesforce
from syncline.connectors.salesforce.ids import long_id
from syncline.connectors.salesforce.watermarks import read_bookmark, write_bookmark
from syncline.domain.errors import (
    AllowanceSpentError,
    GrantError,
    PassingError,
    PermissionDeniedError,
)
from syncline.domain.values.changes import ChangeSet, Presence, Watermark
from syncline.domain.values.content import format_instant
from syncline.domain.values.items import Record
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import Verb

#: A saved message never changes: messages are not listed.
LISTED = {Kind.EVENT, Kind.CONTACT, Kind.TASK}


def seen(found: ChangeSet, kind: Kind) -> list[Record]:
    return [
        c.thing for c in found.changes if c.kind is kind and isinstance(c.thing, Record)
    ]


def test_first_read_lists_all_of_mine(org: Org, salesforce: Salesforce) -> None:
    org.seed("Event", [meeting(1), meeting(2)])
    org.seed("Contact", [person(1)])
    found = salesforce.changes.read(None, WINDOW)
    assert found.full_kinds == LISTED
    assert [r.name for r in seen(found, Kind.EVENT)] == ["Meeting 1", "Meeting 2"]
    assert [r.name for r in seen(found, Kind.CONTACT)] == ["Given1 Family1"]
    assert found.hints == frozenset()
    assert org.requests == 1


def test_another_persons_events_are_not_mine(org: Org, salesforce: Salesforce) -> None:
    other = org.sandbox.accounts()[1]["username"]
    org.seed("Event", [meeting(1, _owner=other)])
    assert salesforce.changes.read(None, WINDOW).changes == ()


def test_events_outside_the_window_are_not_listed(
    org: Org, salesforce: Salesforce
) -> None:
    past = TODAY - timedelta(days=30)
    times = {
        "StartDateTime": format_instant(past),
        "EndDateTime": format_instant(past + timedelta(hours=1)),
    }
    org.seed("Event", [meeting(1, **times)])
    assert salesforce.changes.read(None, WINDOW).changes == ()


def test_a_quiet_read_is_one_request_and_reports_nothing(
    org: Org, salesforce: Salesforce
) -> None:
    org.seed("Event", [meeting(n) for n in range(5)])
    first = salesforce.changes.read(None, WINDOW)
    org.sandbox.counters.reset()
    again = org.connect().changes.read(first.watermark, WINDOW)
    assert org.requests == 1
    assert again.changes == ()
    assert again.hints == frozenset()
    assert again.full_kinds == frozenset()


@pytest.mark.parametrize("count", [1999, 2000, 2001])
def test_every_page_is_read(org: Org, salesforce: Salesforce, count: int) -> None:
    org.seed("Event", [meeting(n) for n in range(count)])
    found = salesforce.changes.read(None, WINDOW)
    assert len({r.id for r in seen(found, Kind.EVENT)}) == count
    assert org.requests == (1 if count <= 2000 else 2)


def test_a_change_is_reported_once_with_a_hint(
    org: Org, salesforce: Salesforce
) -> None:
    org.seed("Contact", [person(1), person(2)])
    first = salesforce.changes.read(None, WINDOW)
    target = seen(first, Kind.CONTACT)[0]
    change = operation(Verb.UPDATE, Kind.CONTACT, {"Title": "Buyer"}, target=target.id)
    assert salesforce.writer.write([change])[0].is_done
    second = salesforce.changes.read(first.watermark, WINDOW)
    assert [r.fields["Title"] for r in seen(second, Kind.CONTACT)] == ["Buyer"]
    assert second.hints == {f"record:{target.id}"}
    third = salesforce.changes.read(second.watermark, WINDOW)
    assert third.changes == ()
    assert third.hints == frozenset()


def test_reading_again_with_the_old_watermark_reports_the_same(
    org: Org, salesforce: Salesforce
) -> None:
    first = salesforce.changes.read(None, WINDOW)
    org.seed("Contact", [person(1)])
    once = salesforce.changes.read(first.watermark, WINDOW)
    again = salesforce.changes.read(first.watermark, WINDOW)
    assert once.changes == again.changes
    assert len(once.changes) == 1


def test_an_observed_deletion_is_reported(org: Org, salesforce: Salesforce) -> None:
    org.seed("Event", [meeting(1)])
    first = salesforce.changes.read(None, WINDOW)
    target = seen(first, Kind.EVENT)[0]
    salesforce.writer.write([operation(Verb.DELETE, Kind.EVENT, {}, target=target)])
    second = salesforce.changes.read(first.watermark, WINDOW)
    assert [(c.id, c.presence) for c in second.changes] == [
        (target.id, Presence.DELETED)
    ]
    assert f"record:{target.id}" in second.hints


def test_an_event_that_leaves_the_window_is_out_of_scope(
    org: Org, salesforce: Salesforce
) -> None:
    org.seed("Event", [meeting(1)])
    first = salesforce.changes.read(None, WINDOW)
    target = seen(first, Kind.EVENT)[0]
    later = WINDOW.end + timedelta(days=3)
    moved = {
        "StartDateTime": format_instant(later),
        "EndDateTime": format_instant(later + timedelta(hours=1)),
    }
    update = operation(Verb.UPDATE, Kind.EVENT, moved, target=target)
    assert salesforce.writer.write([update])[0].is_done
    second = salesforce.changes.read(first.watermark, WINDOW)
    assert [c.presence for c in second.changes] == [Presence.OUT_OF_SCOPE]
    assert salesforce.changes.fetch(Kind.EVENT, [target.id])[0].presence is (
        Presence.OUT_OF_SCOPE
    )


def test_a_moved_window_lists_everything_anew(org: Org, salesforce: Salesforce) -> None:
    org.seed("Event", [meeting(1)])
    org.seed("Contact", [person(1)])
    first = salesforce.changes.read(None, WINDOW)
    tomorrow = replace(WINDOW, end=WINDOW.end + timedelta(days=1))
    found = salesforce.changes.read(first.watermark, tomorrow)
    assert found.full_kinds == LISTED
    assert {c.kind for c in found.changes} == {Kind.EVENT, Kind.CONTACT}
    assert found.hints == frozenset()


def test_a_foreign_watermark_is_healed_by_a_full_listing(
    org: Org, salesforce: Salesforce
) -> None:
    org.seed("Contact", [person(1)])
    found = salesforce.changes.read(Watermark(value="nonsense"), WINDOW)
    assert found.full_kinds == LISTED
    assert len(found.changes) == 1


def test_after_a_sleep_longer_than_the_recycle_bin_all_is_listed(
    org: Org, salesforce: Salesforce
) -> None:
    bookmark = read_bookmark(salesforce.changes.read(None, WINDOW).watermark)
    assert bookmark is not None
    bookmark.since = {n: at - timedelta(days=20) for n, at in bookmark.since.items()}
    found = salesforce.changes.read(write_bookmark(bookmark), WINDOW)
    assert found.full_kinds == LISTED


def test_a_changed_user_is_a_hint(org: Org, salesforce: Salesforce) -> None:
    first = salesforce.changes.read(None, WINDOW)
    dora = org.sandbox.org.find_user("dora.gone@northwind-sandbox.example")
    assert dora is not None
    control(org, "users", {"username": dora["Username"], "is_active": True})
    found = salesforce.changes.read(first.watermark, WINDOW)
    assert f"user:{dora['Id']}" in found.hints


def test_a_changed_description_is_a_hint(org: Org, salesforce: Salesforce) -> None:
    bookmark = read_bookmark(salesforce.changes.read(None, WINDOW).watermark)
    assert bookmark is not None
    bookmark.described = dict.fromkeys(
        bookmark.described, "Mon, 05 Jan 2026 10:00:00 GMT"
    )
    found = salesforce.changes.read(write_bookmark(bookmark), WINDOW)
    objects = ("Event", "Contact", "Task", "EmailMessage")
    assert found.hints == {f"describe:{name}" for name in objects}
    again = salesforce.changes.read(found.watermark, WINDOW)
    assert again.hints == frozenset()


def test_fetch_tells_gone_from_hidden(org: Org, salesforce: Salesforce) -> None:
    other = org.sandbox.accounts()[1]["username"]
    org.seed("Event", [meeting(1), meeting(2), meeting(3, _owner=other)])
    events = {v.id: v for v in org.sandbox.org.tables["Event"].records.values()}
    kept, deleted, foreign = events
    salesforce.writer.write([operation(Verb.DELETE, Kind.EVENT, {}, target=deleted)])
    unknown = long_id("00U" + "9" * 12)
    asked = [kept, deleted, foreign, unknown, "no id"]
    found = salesforce.changes.fetch(Kind.EVENT, asked)
    assert [c.id for c in found] == asked
    assert [c.presence for c in found] == [
        Presence.SEEN,
        Presence.DELETED,
        Presence.OUT_OF_SCOPE,
        Presence.OUT_OF_SCOPE,
        Presence.UNREADABLE,
    ]


def test_a_malformed_record_spoils_only_itself(
    org: Org, salesforce: Salesforce
) -> None:
    org.seed("Contact", [person(1), person(2)])
    spoiled = next(iter(org.sandbox.org.tables["Contact"].records.values()))
    spoiled.values["Birthdate"] = "2026-02-31"
    found = salesforce.changes.read(None, WINDOW)
    by_id = {c.id: c for c in found.changes}
    assert by_id[spoiled.id].presence is Presence.UNREADABLE
    fault = by_id[spoiled.id].fault
    assert fault is not None
    assert fault.fields == ("Birthdate",)
    assert [c.presence for c in found.changes].count(Presence.SEEN) == 1


def test_a_query_that_fails_inside_the_composite_fails_the_read(
    org: Org, salesforce: Salesforce
) -> None:
    org.fail("status", "GET", "/query?", status=403, times=9)
    with pytest.raises(Exception, match="salesforce 403"):
        salesforce.changes.read(None, WINDOW)


def test_a_passing_failure_inside_the_composite_is_waited_out(
    org: Org, salesforce: Salesforce
) -> None:
    org.seed("Contact", [person(1)])
    org.fail("status", "GET", "/query?", status=503)
    assert len(salesforce.changes.read(None, WINDOW).changes) == 1
    assert len(org.waits) == 1


def test_without_our_custom_fields_the_rest_is_read(
    org: Org, salesforce: Salesforce
) -> None:
    for name in ("Event", "Contact", "Task", "EmailMessage"):
        control(org, "fields", {"field": f"{name}.Syncline_Id__c", "hidden": True})
    control(org, "fields", {"field": "Event.Syncline_Attendees__c", "hidden": True})
    org.seed("Event", [meeting(1)])
    first = salesforce.changes.read(None, WINDOW)
    record = seen(first, Kind.EVENT)[0]
    assert record.link_key is None
    assert "Syncline_Attendees__c" not in record.fields
    org.sandbox.counters.reset()
    fresh = org.connect()
    fresh.changes.read(first.watermark, WINDOW)
    assert org.requests == 1
    made = fresh.writer.write([operation(Verb.CREATE, Kind.CONTACT, person(1))])
    assert made[0].is_done
    assert made[0].record is not None


def test_a_spent_allowance_stops_the_next_call(org: Org) -> None:
    control(org, "settings", {"daily_api_requests": 100, "used_api_requests": 80})
    careful = org.connect(allowance_share=0.8)
    found = careful.changes.read(None, WINDOW)
    assert careful.client.allowance is not None
    assert careful.client.allowance[1] == 100
    before = org.requests
    with pytest.raises(AllowanceSpentError):
        careful.changes.read(found.watermark, WINDOW)
    assert org.requests == before


def test_an_ended_session_is_an_access_error(org: Org, salesforce: Salesforce) -> None:
    org.sandbox.org.sessions.clear()
    with pytest.raises(GrantError):
        salesforce.changes.read(None, WINDOW)


def test_an_org_that_is_down_is_a_passing_error(
    org: Org, salesforce: Salesforce
) -> None:
    org.fail("status", "POST", "/composite", status=503, times=9)
    with pytest.raises(PassingError):
        salesforce.changes.read(None, WINDOW)


def test_finder_looks_by_key_and_by_address(org: Org, salesforce: Salesforce) -> None:
    org.seed("Contact", [person(1, Syncline_Id__c="k'1"), person(2), person(3)])
    found = salesforce.finder.find(
        Kind.CONTACT, ["k'1", "other"], ["person2@example.com"]
    )
    assert [r.name for r in found] == ["Given1 Family1", "Given2 Family2"]
    assert found[0].link_key == "k'1"


def test_describes_know_lengths_and_picklists(salesforce: Salesforce) -> None:
    facts = salesforce.describes.of("Event")
    assert facts.fields["Subject"].length == 255
    assert set(facts.picklist("ShowAs")) == {"Busy", "OutOfOffice", "Free"}
    assert salesforce.describes.refresh("Event") is facts


def test_fields_that_only_the_profile_knows_are_read(
    org: Org, salesforce: Salesforce
) -> None:
    org.seed("Event", [meeting(1, Type="Call", DurationInMinutes=60)])
    first = salesforce.changes.read(None, WINDOW)
    assert "Type" not in seen(first, Kind.EVENT)[0].fields
    extra = {Kind.EVENT: ["Type", "CreatedDate", "DurationInMinutes", "None__c"]}
    found = org.connect(extra_fields=extra).changes.read(first.watermark, WINDOW)
    (record,) = seen(found, Kind.EVENT)
    assert (record.fields["Type"], record.fields["DurationInMinutes"]) == ("Call", 60)
    assert str(record.fields["CreatedDate"]).endswith("Z")
    assert "None__c" not in record.fields
    quiet = org.connect(extra_fields=extra)
    assert quiet.changes.read(found.watermark, WINDOW).changes == ()


@pytest.mark.parametrize("object_name", ["EmailMessage", "User"])
def test_a_policy_against_what_only_helps_stops_no_read(
    org: Org, object_name: str
) -> None:
    """H14: a transaction security policy that blocks queries of one object."""
    first = org.connect().changes.read(None, WINDOW)
    control(org, "settings", {"policy_blocks_queries_of": object_name})
    org.seed("Contact", [person(1)])
    found = org.connect().changes.read(first.watermark, WINDOW)
    assert [r.name for r in seen(found, Kind.CONTACT)] == ["Given1 Family1"]


def test_a_policy_against_events_fails_the_read_with_its_code(org: Org) -> None:
    """H14: what must be read is not left out in silence."""
    control(org, "settings", {"policy_blocks_queries_of": "Event"})
    with pytest.raises(PermissionDeniedError) as caught:
        org.connect().changes.read(None, WINDOW)
    assert caught.value.fault.code == "TXN_SECURITY_NO_ACCESS"
