"""Rows of the list of failures that need both providers and time to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from syncline.domain.issues.catalog import entry
from syncline.domain.sessions import Counted
from syncline.store.models import IssueRow, LinkRow
from tests.scenario.differences import differences
from tests.scenario.facts import Facts, Json
from tests.scenario.networks import Interrupted, TroubledTransport, reset
from tests.scenario.people import timed
from tests.scenario.signing_in import sign_in
from tests.scenario.world import PROVIDERS, Saved, World, is_quiet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

GUEST = {"emailAddress": {"address": "guest@acme.example"}, "type": "required"}
#: Everything is compared once a week, whatever the providers tell.
A_WEEK = timedelta(days=8)
OFF = {
    "silent_deletions": False,
    "dying_next_links": 0,
    "empty_listings": 0,
    "empty_path": "",
}


@pytest.fixture(scope="module")
def expected(world: World, second: Saved) -> Facts:
    """How the second day ends when nothing goes wrong."""
    world.restore(second)
    world.sync()
    world.settle()
    return world.facts()


@pytest.fixture
def in_step(world: World, second: Saved) -> Iterator[World]:
    """A world after the second day, in step; it behaves again afterwards."""
    world.restore(second)
    world.settle()
    world.reset_counters()
    yield world
    _behave(world, **OFF)
    world.outlook.use(world.account("microsoft365")["access_token"])


def _behave(world: World, **quirks: object) -> None:
    world.ask("microsoft365", "POST", "/quirks", dict(quirks))


def _forget_resume_points(world: World) -> None:
    for provider in PROVIDERS:
        world.ask(provider, "POST", "/faults", {"kind": "lose_delta_tokens"})


def _names(things: list[Json]) -> Counter[str]:
    fields = ("subject", "surname", "givenName", "title", "Subject", "LastName")
    return Counter(
        str(next((thing[f] for f in fields if thing.get(f)), "?")) for thing in things
    )


def _item(world: World, subject: str) -> Json:
    rows = world.outlook.call("GET", "/v1.0/me/events?$top=900")["value"]
    [found] = [row for row in rows if row["subject"] == subject]
    return dict(found)


def _address(world: World) -> str:
    return world.account("microsoft365")["address"]


def test_a_migrated_mailbox_finds_all_its_partners_again(in_step: World) -> None:
    """D05: every id of the mailbox is new; nothing is doubled, nothing deleted."""
    before = in_step.facts()
    migrate = {"address": _address(in_step)}
    in_step.ask("microsoft365", "POST", "/migrate", migrate)
    assert is_quiet(in_step.settle())
    after = in_step.facts()
    assert _names(after["items"]) == _names(before["items"])
    assert _names(after["records"]) == _names(before["records"])
    assert in_step.guest_mails() == 0


def test_an_item_under_another_id_keeps_its_record(in_step: World) -> None:
    """D02, D03, D11: told as removed and as new, it is still the same item."""
    item = _item(in_step, "New in Outlook")
    before = in_step.facts()
    change = {"address": _address(in_step), "id": item["id"]}
    in_step.ask("microsoft365", "POST", "/new-id", change)
    assert is_quiet(in_step.settle())
    after = in_step.facts()
    assert _names(after["items"]) == _names(before["items"])
    assert _names(after["records"]) == _names(before["records"])


def test_a_copied_item_gets_a_record_of_its_own(in_step: World) -> None:
    """D11: a copy carries our property along, and is another item all the same."""
    item = _item(in_step, "New in Outlook")
    before = in_step.facts()
    copy = {"address": _address(in_step), "id": item["id"]}
    in_step.ask("microsoft365", "POST", "/copy", copy)
    assert is_quiet(in_step.settle())
    after = in_step.facts()
    more = _names(after["records"]) - _names(before["records"])
    assert more == Counter({"New in Outlook": 1})
    ends = LinkRow.objects.exclude(record_id=None).exclude(state="tombstone")
    assert max(Counter(link.record_id for link in ends).values()) == 1


def test_a_deletion_that_nobody_told_of_is_found_within_a_week(
    in_step: World,
) -> None:
    """A16, D12, D13: no stream and no notification tells of it."""
    _behave(in_step, silent_deletions=True)
    in_step.outlook.delete_event("New in Outlook")
    in_step.settle()
    in_step.clock.advance(A_WEEK)
    in_step.settle()
    # The owner's own sign-in is a week old, too.
    in_step.outlook.use(sign_in(in_step, "microsoft365")["access_token"])
    assert "New in Outlook" not in _names(in_step.facts()["records"])


def test_paging_that_dies_on_the_way_begins_again(
    world: World, second: Saved, expected: Facts
) -> None:
    """E02, E03: next links answer 410; nobody has to do anything."""
    world.restore(second)
    _forget_resume_points(world)
    _behave(world, dying_next_links=2)
    world.sync()
    _behave(world, **OFF)
    assert is_quiet(world.settle())
    found = world.facts()
    assert differences(_told_by_listings(expected), _told_by_listings(found)) == []


def _told_by_listings(facts: Facts) -> Facts:
    """Without a message that was thrown away: only a stream tells of that."""
    links = [link for link in facts["links"] if link["name"] != "Thrown away"]
    return facts | {"links": links}


def test_an_empty_listing_deletes_nothing(in_step: World) -> None:
    """D08: a listing that came back empty is not believed."""
    before = in_step.facts()
    _forget_resume_points(in_step)
    _behave(in_step, empty_listings=9, empty_path="calendarView")
    in_step.sync()
    assert _names(in_step.facts()["records"]) == _names(before["records"])
    _behave(in_step, **OFF)
    in_step.settle()
    after = in_step.facts()
    assert _names(after["items"]) == _names(before["items"])
    assert _names(after["records"]) == _names(before["records"])


def test_a_meeting_keeps_its_people_through_many_rounds(in_step: World) -> None:
    """A10, C01, C02, C06, C10: the organizer and the guests stay who they are."""
    in_step.outlook.add_event("Board", timed(15), attendees=[GUEST])
    before = _item(in_step, "Board")
    in_step.reset_counters()
    for _ in range(3):
        _forget_resume_points(in_step)
        in_step.settle()
    # By now the owner's program has to sign in anew.
    in_step.outlook.use(sign_in(in_step, "microsoft365")["access_token"])
    after = _item(in_step, "Board")
    assert after["organizer"] == before["organizer"]
    assert after["attendees"] == before["attendees"]
    assert _names(in_step.facts()["items"])["Board"] == 1
    assert in_step.guest_mails() == 0


def test_nothing_is_written_while_nothing_changes(in_step: World) -> None:
    """A01, F11, F12: own writes that come back are no changes, in any session."""
    for _ in range(5):
        in_step.clock.advance(timedelta(seconds=10))
        assert is_quiet(in_step.sync())
    for provider in PROVIDERS:
        assert in_step.ask(provider, "GET", "/counters")["writes"] == 0


def test_what_fails_for_days_is_one_issue_that_counts(in_step: World) -> None:
    """L02: one row for an item and its cause, with a counter, until it is solved."""
    about = IssueRow.objects.filter(state="open", name="Fax")
    assert about.count() == 1
    before = about.get()
    for _ in range(4):
        in_step.clock.advance(timedelta(days=2))
        in_step.sync()
    after = about.get()
    assert after.occurrences > before.occurrences
    assert (after.first_seen, after.pk) == (before.first_seen, before.pk)
    assert after.last_seen > before.last_seen


def test_a_session_says_how_many_items_failed(world: World, second: Saved) -> None:
    """H04, H12: a session with failures is not called finished, and counts them."""
    world.restore(second)
    session = world.sync()
    failed = sum(t.count for t in session.tallies if t.counted is Counted.FAILED)
    holds = [link.hold for link in LinkRow.objects.exclude(hold=None)]
    started = session.started_at.isoformat()[:19]
    new = [hold for hold in holds if hold["since"][:19] >= started]
    assert session.result == "SW0002"
    assert failed == len(new) > 0
    assert session.issues_open == IssueRow.objects.filter(state="open").count()


def test_a_required_field_is_named_as_people_and_as_admins_call_it(
    in_step: World,
) -> None:
    """H06: label and API name of what is missing."""
    issue = IssueRow.objects.get(state="open", name="Fax")
    assert entry(issue.code).slug == "required_field_missing"
    words = " ".join(str(value) for value in issue.params.values())
    assert "Last" in words
    assert "LastName" in str(issue.evidence) + words


def test_spent_calls_park_the_mailbox_and_lose_nothing(
    world: World, second: Saved, expected: Facts
) -> None:
    """G05: the session ends at once; the resume points stay where they were."""
    world.restore(second)
    fault = {
        "match": {"path_contains": "/composite"},
        "kind": "status",
        "status": 403,
        "code": "REQUEST_LIMIT_EXCEEDED",
        "times": 99,
    }
    world.ask("salesforce", "POST", "/faults", fault)
    session = world.sync()
    assert entry(session.error_code).slug == "allowance_spent"
    assert world.ask("salesforce", "GET", "/counters")["requests"] == 1
    world.ask("salesforce", "DELETE", "/faults")
    assert is_quiet(world.settle())
    assert differences(expected, world.facts()) == []


def test_issues_are_kept_while_salesforce_is_away(
    world: World, second: Saved, expected: Facts
) -> None:
    """L01, L11: three failed sessions in a row are told, and it is told at home."""
    world.restore(second)
    codes = []
    for _ in range(3):
        network = TroubledTransport(
            reset, lambda n: True, lambda r: "/services/" in str(r.url)
        )
        codes.append(world.sync(transport=network).error_code)
        world.clock.advance(timedelta(minutes=5))
    assert {entry(code).slug for code in codes} == {"crm_unavailable"}
    about = IssueRow.objects.filter(subject="connection:crm")
    assert [row.state for row in about] == ["open"]
    assert is_quiet(world.settle())
    assert [row.state for row in about.all()] == ["resolved"]
    found = world.facts()
    kept = [i for i in found["issues"] if i["subject"] != "connection:crm"]
    assert differences(expected, found | {"issues": kept}) == []


def test_the_first_cause_is_kept_when_a_later_try_fails_otherwise(
    in_step: World,
) -> None:
    """H07: what is shown is why it failed first, with the number of tries."""
    before = IssueRow.objects.get(state="open", name="Fax")
    fault = {
        "match": {"path_contains": "/composite/sobjects/Contact/Syncline_Id__c"},
        "kind": "status",
        "status": 400,
        "code": "NEVER_SEEN",
        "times": 99,
    }
    in_step.ask("salesforce", "POST", "/faults", fault)
    in_step.clock.advance(timedelta(days=2))
    in_step.sync()
    in_step.ask("salesforce", "DELETE", "/faults")
    [fax] = [c for c in _contacts(in_step) if c["givenName"] == "Fax"]
    texts = [name for name in fax["categories"] if name.startswith("Status: ")]
    assert len(texts) == 1
    assert IssueRow.objects.get(pk=before.pk).state == "open"
    assert "Last name" in texts[0]


def _contacts(world: World) -> list[Json]:
    found: list[Json] = world.outlook.call("GET", "/v1.0/me/contacts?$top=900")["value"]
    return found


def test_an_edit_during_a_session_is_merged_and_not_run_over(
    world: World, second: Saved
) -> None:
    """D09, H18, H19: somebody writes between our reading and our writing."""
    world.restore(second)
    network = Interrupted(4, lambda: _edit(world))
    world.sync(transport=network)
    assert is_quiet(world.settle())
    facts = world.facts()
    [item] = [x for x in facts["items"] if x.get("subject") == "Edited apart"]
    [record] = [x for x in facts["records"] if x.get("Subject") == "Edited apart"]
    assert item["location"]["displayName"] == record["Location"] == "Room 5"
    assert record["Description"] == "Changed in between"
    assert "Changed in between" in item["body"]["content"]


def _edit(world: World) -> None:
    world.crm.change("Event", "Edited apart", Description="Changed in between")
