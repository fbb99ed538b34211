"""Invitees of served events: read with them, written after them, repeatable."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from crm_org import WINDOW, Org, control, meeting, operation, person

from syncline.connectors.salesforce import Salesforce
from syncline.connectors.salesforce.ids import long_id
from syncline.connectors.salesforce.watermarks import read_bookmark, write_bookmark
from syncline.domain.values.changes import Watermark
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.items import Record
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import Outcome, Verb


@pytest.fixture
def guests(org: Org) -> list[str]:
    """Two contacts and a colleague, in the order of their ids."""
    org.seed("Contact", [person(1), person(2)])
    contacts = list(org.sandbox.org.tables["Contact"].records)
    return [*contacts, org.sandbox.accounts()[1]["user_id"]]


def invited(**statuses: str) -> str:
    return json.dumps(sorted(map(list, statuses.items())))


def later(watermark: Watermark) -> Watermark:
    """The resume point of a read that came a second after the last write."""
    bookmark = read_bookmark(watermark)
    assert bookmark is not None
    second = timedelta(seconds=1)
    bookmark.since = {name: at + second for name, at in bookmark.since.items()}
    return write_bookmark(bookmark)


def make(salesforce: Salesforce, *people: str, **fields: Any) -> Outcome:
    text = invited(**dict.fromkeys(people, "New")) if people else None
    given = meeting(1, Invitees=text) | fields
    return salesforce.writer.write([operation(Verb.CREATE, Kind.EVENT, given)])[0]


def change(salesforce: Salesforce, made: Outcome, **fields: Any) -> Outcome:
    update = operation(Verb.UPDATE, Kind.EVENT, fields, target=made.id)
    return salesforce.writer.write([update])[0]


def invitees_of(outcome: Outcome) -> object:
    assert outcome.fault is None
    assert outcome.record is not None
    return outcome.record.fields["Invitees"]


def test_a_meeting_is_made_with_its_invitees(
    org: Org, salesforce: Salesforce, guests: list[str]
) -> None:
    made = make(salesforce, *guests)
    assert invitees_of(made) == invited(**dict.fromkeys(guests, "New"))
    assert org.sandbox.org.counters.invitee_mails == 0


def test_a_meeting_without_invitees_asks_nothing_more(
    org: Org, salesforce: Salesforce
) -> None:
    made = make(salesforce)
    assert invitees_of(made) is None
    assert org.requests == 2


def test_invitees_come_go_and_answer(
    org: Org, salesforce: Salesforce, guests: list[str]
) -> None:
    one, two, colleague = guests
    made = make(salesforce, one, two)
    wanted = invited(**{two: "Accepted", colleague: "Declined"})
    assert invitees_of(change(salesforce, made, Invitees=wanted)) == wanted
    assert invitees_of(change(salesforce, made, Invitees=None)) is None
    assert org.sandbox.org.counters.invitee_mails == 0


def test_writing_the_same_invitees_again_writes_nothing(
    org: Org, salesforce: Salesforce, guests: list[str]
) -> None:
    made = make(salesforce, *guests)
    before = org.sandbox.counters.writes
    change(salesforce, made, Invitees=invited(**dict.fromkeys(guests, "New")))
    # The event itself is the one write.
    assert org.sandbox.counters.writes == before + 1


def test_who_the_event_is_about_stays_when_the_invitation_goes(
    salesforce: Salesforce, guests: list[str]
) -> None:
    made = make(salesforce, guests[0], WhoId=guests[0])
    assert invitees_of(made) == invited(**{guests[0]: "New"})
    after = change(salesforce, made, Invitees=None)
    assert invitees_of(after) is None
    assert after.record is not None
    assert after.record.fields["WhoId"] == guests[0]


def test_the_owner_is_never_invited(org: Org, salesforce: Salesforce) -> None:
    made = make(salesforce, org.user_id)
    assert invitees_of(made) is None


def test_an_invitee_that_is_refused_is_a_fault_and_the_event_stays(
    org: Org, salesforce: Salesforce, guests: list[str]
) -> None:
    gone = long_id("003" + "9" * 12)
    made = make(salesforce, guests[0], gone)
    assert made.fault is not None
    assert made.fault.fault_class is FaultClass.REJECTED
    assert made.id
    assert org.count("Event") == 1
    again = make(salesforce, guests[0])
    assert (again.id, again.created) == (made.id, False)
    assert invitees_of(again) == invited(**{guests[0]: "New"})
    assert org.count("Event") == 1


def test_a_repeated_create_takes_nobody_off(
    salesforce: Salesforce, guests: list[str]
) -> None:
    one, two, _ = guests
    made = make(salesforce, one)
    change(salesforce, made, Invitees=invited(**dict.fromkeys((one, two), "New")))
    both = invited(**dict.fromkeys((one, two), "New"))
    assert invitees_of(make(salesforce, one)) == both
    assert invitees_of(make(salesforce)) == both


def test_a_lost_answer_doubles_no_invitee(
    org: Org, salesforce: Salesforce, guests: list[str]
) -> None:
    made = make(salesforce)
    org.fail("drop_response", "POST", "/composite/sobjects", when="after")
    wanted = invited(**{guests[0]: "New"})
    assert change(salesforce, made, Invitees=wanted).fault is not None
    assert invitees_of(change(salesforce, made, Invitees=wanted)) == wanted
    assert org.count("EventRelation") == 1


def test_invitees_are_read_with_changed_events_in_one_more_request(
    org: Org, salesforce: Salesforce, guests: list[str]
) -> None:
    first = salesforce.changes.read(None, WINDOW)
    made = make(salesforce, *guests)
    org.sandbox.counters.reset()
    found = salesforce.changes.read(first.watermark, WINDOW)
    assert org.requests == 2
    (change_,) = found.changes
    assert change_.thing == made.record
    org.sandbox.counters.reset()
    assert salesforce.changes.read(later(found.watermark), WINDOW).changes == ()
    assert org.requests == 1
    (looked,) = salesforce.changes.fetch(Kind.EVENT, [made.id])
    assert looked.thing == made.record
    (known,) = salesforce.finder.find(Kind.EVENT, ["key-1"], [])
    assert known == made.record


def test_an_answer_of_an_invitee_is_a_change_of_the_event(
    org: Org, salesforce: Salesforce, guests: list[str]
) -> None:
    make(salesforce, guests[0])
    before = salesforce.changes.read(None, WINDOW)
    (row,) = org.sandbox.org.tables["EventRelation"].records
    answer = {"attributes": {"type": "EventRelation"}, "Id": row, "Status": "Accepted"}
    salesforce.client.update("EventRelation", [answer])
    (seen,) = salesforce.changes.read(before.watermark, WINDOW).changes
    assert isinstance(seen.thing, Record)
    assert seen.thing.fields["Invitees"] == invited(**{guests[0]: "Accepted"})


def test_the_copy_of_an_invited_colleague_is_not_an_event_of_theirs(
    org: Org, salesforce: Salesforce
) -> None:
    other = org.sandbox.accounts()[1]["username"]
    org.seed("Event", [meeting(1, _owner=other)])
    (event,) = org.sandbox.org.tables["Event"].records
    row = {"EventId": event, "RelationId": org.user_id}
    org.seed("EventRelation", [row])
    assert org.count("Event") == 2
    assert salesforce.changes.read(None, WINDOW).changes == ()


def test_without_shared_activities_every_row_is_an_invitee(
    org: Org, guests: list[str]
) -> None:
    control(org, "settings", {"shared_activities": False})
    salesforce = org.connect()
    made = make(salesforce, *guests)
    assert invitees_of(made) == invited(**dict.fromkeys(guests, "New"))
    assert invitees_of(change(salesforce, made, Invitees=None)) is None
