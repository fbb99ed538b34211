"""Invitees of events, their copies, and who is mailed."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest

Fixture: TypeAlias = Any
ROWS = (
    "SELECT Id, RelationId, Relation.Email, Relation.Type, IsInvitee, IsParent, "
    "Status, RespondedDate FROM EventRelation WHERE EventId IN ('{}')"
)


def rows(caller: Fixture, event: str) -> Fixture:
    """The rows of an event by person."""
    found = caller.soql(ROWS.format(event))["records"]
    return {row["RelationId"]: row for row in found}


def user_id(sandbox: Fixture, number: int) -> str:
    """The id of the n-th syncing user."""
    return str(sandbox.accounts()[number]["user_id"])


def invite(caller: Fixture, event: str, person: str, **fields: Fixture) -> str:
    """Invite someone and expect that it is accepted."""
    body = {"EventId": event, "RelationId": person, **fields}
    return str(caller.make("EventRelation", **body))


def children(caller: Fixture) -> list[Fixture]:
    """The copies of guests that a user sees."""
    query = (
        "SELECT Id, OwnerId, Subject, StartDateTime, IsGroupEvent, Syncline_Id__c "
        "FROM Event WHERE IsChild = true"
    )
    return list(caller.soql(query)["records"])


def test_invited_contact_has_a_row_with_its_address(ada: Fixture) -> None:
    event = ada.make_meeting()
    contact = ada.make("Contact", LastName="Ek", Email="e@ek.example")
    invite(ada, event, contact, Status="Accepted")
    row = rows(ada, event)[contact]
    assert (row["Relation"]["Email"], row["Relation"]["Type"]) == (
        "e@ek.example",
        "Contact",
    )
    assert (row["IsInvitee"], row["IsParent"]) == (True, False)
    assert row["RespondedDate"] == "2026-11-24T09:00:00.000+0000"
    assert children(ada) == []
    assert ada("GET", f"/sobjects/Event/{event}").json()["IsGroupEvent"] is True


def test_invited_user_gets_a_copy_that_follows_the_event(
    ada: Fixture, sandbox: Fixture
) -> None:
    event = ada.make_meeting(Syncline_Id__c="k1")
    bruno = user_id(sandbox, 1)
    invite(ada, event, bruno)
    ada("PATCH", f"/sobjects/Event/{event}", {"Subject": "Moved"})
    [copy] = children(ada)
    assert (copy["OwnerId"], copy["Subject"]) == (bruno, "Moved")
    assert (copy["IsGroupEvent"], copy["Syncline_Id__c"]) == (True, None)
    assert copy["Id"] != event


def test_copy_goes_with_the_row_and_with_the_event(
    ada: Fixture, sandbox: Fixture
) -> None:
    event = ada.make_meeting()
    row = invite(ada, event, user_id(sandbox, 1))
    assert ada("DELETE", f"/sobjects/EventRelation/{row}").status_code == 204
    assert children(ada) == []
    assert ada("GET", f"/sobjects/Event/{event}").json()["IsGroupEvent"] is False
    invite(ada, event, user_id(sandbox, 1))
    ada("DELETE", f"/sobjects/Event/{event}")
    assert children(ada) == []
    assert rows(ada, event) == {}


def test_guest_changes_only_reminder_and_shown_state(
    ada: Fixture, bruno: Fixture, sandbox: Fixture
) -> None:
    event = ada.make_meeting()
    invite(ada, event, user_id(sandbox, 1))
    [copy] = children(bruno)
    path = f"/sobjects/Event/{copy['Id']}"
    assert bruno("PATCH", path, {"ShowAs": "Free"}).status_code == 204
    for method, body in (("PATCH", {"Subject": "Mine"}), ("DELETE", None)):
        status, error = bruno.refused(method, path, body)
        assert (status, error["errorCode"]) == (403, "INSUFFICIENT_ACCESS_OR_READONLY")
    bad = {"EventId": copy["Id"], "RelationId": user_id(sandbox, 0)}
    status, error = ada.refused("POST", "/sobjects/EventRelation", bad)
    assert error["errorCode"] == "INSUFFICIENT_ACCESS_OR_READONLY"


def test_person_that_the_event_is_about_keeps_one_row_when_invited(
    ada: Fixture,
) -> None:
    account = ada.make("Account", Name="Acme")
    contact = ada.make("Contact", LastName="Ek", AccountId=account)
    event = ada.make_meeting(WhoId=contact, WhatId=account)
    assert rows(ada, event)[contact]["IsInvitee"] is False
    invite(ada, event, contact)
    found = rows(ada, event)
    assert set(found) == {contact, account}
    assert (found[contact]["IsInvitee"], found[contact]["IsParent"]) == (True, True)


def test_deleted_row_clears_whom_the_event_is_about(ada: Fixture) -> None:
    contact = ada.make("Contact", LastName="Ek")
    event = ada.make_meeting(WhoId=contact)
    row = invite(ada, event, contact)
    path = f"/sobjects/EventRelation/{row}"
    ada("PATCH", path, {"IsInvitee": False})
    assert ada("GET", f"/sobjects/Event/{event}").json()["WhoId"] == contact
    ada("DELETE", path)
    assert ada("GET", f"/sobjects/Event/{event}").json()["WhoId"] is None


def test_row_that_is_about_someone_fills_the_event(ada: Fixture) -> None:
    account = ada.make("Account", Name="Acme")
    contact = ada.make("Contact", LastName="Ek", AccountId=account)
    event = ada.make_meeting()
    invite(ada, event, contact, IsParent=True)
    shown = ada("GET", f"/sobjects/Event/{event}").json()
    assert (shown["WhoId"], shown["AccountId"]) == (contact, account)
    assert (shown["IsGroupEvent"], rows(ada, event)[contact]["IsInvitee"]) == (
        False,
        False,
    )


def test_event_of_a_full_series_takes_no_more_guests(
    ada: Fixture, sandbox: Fixture
) -> None:
    people = [{"LastName": f"P{n}", "_ref": f"p{n}"} for n in range(101)]
    event = {
        "Subject": "x",
        "StartDateTime": "2026-11-25T10:00:00Z",
        "DurationInMinutes": 5,
        "_ref": "e",
    }
    guests = [{"EventId": "@ref:e", "RelationId": f"@ref:p{n}"} for n in range(100)]
    master = {"RecurrenceActivityId": "@ref:m"}
    events = [event | {"_ref": "m"}, event | master]
    sandbox.seed(
        {"records": {"Contact": people, "Event": events, "EventRelation": guests}}
    )
    query = "SELECT Id FROM Event WHERE RecurrenceActivityId != null"
    full = ada.soql(query)["records"][0]["Id"]
    assert len(rows(ada, full)) == 100
    last = ada.soql("SELECT Id FROM Contact WHERE LastName = 'P100'")["records"][0]
    body = {"EventId": full, "RelationId": last["Id"]}
    _, error = ada.refused("POST", "/sobjects/EventRelation", body)
    assert error["errorCode"] == "LIMIT_EXCEEDED"


@pytest.mark.parametrize("again", ["same person", "owner", "account"])
def test_invitation_that_makes_no_sense_is_refused(
    ada: Fixture, sandbox: Fixture, again: str
) -> None:
    event = ada.make_meeting()
    contact = ada.make("Contact", LastName="Ek")
    invite(ada, event, contact)
    person, code = {
        "same person": (contact, "DUPLICATE_VALUE"),
        "owner": (user_id(sandbox, 0), "FIELD_INTEGRITY_EXCEPTION"),
        "account": (ada.make("Account", Name="A"), "FIELD_INTEGRITY_EXCEPTION"),
    }[again]
    body = {"EventId": event, "RelationId": person, "IsInvitee": True}
    _, error = ada.refused("POST", "/sobjects/EventRelation", body)
    assert error["errorCode"] == code


def test_invitees_are_written_by_collections(ada: Fixture) -> None:
    event = ada.make_meeting()
    people = [ada.make("Contact", LastName=name) for name in ("Ek", "Alm")]
    kind = {"attributes": {"type": "EventRelation"}}
    records = [kind | {"EventId": event, "RelationId": p} for p in people]
    made = ada("POST", "/composite/sobjects", {"records": records}).json()
    changes = [kind | {"Id": row["id"], "Status": "Declined"} for row in made]
    ada("PATCH", "/composite/sobjects", {"records": changes})
    statuses = {row["Status"] for row in rows(ada, event).values()}
    assert statuses == {"Declined"}
    ids = ",".join(row["id"] for row in made)
    ada("DELETE", f"/composite/sobjects?ids={ids}")
    assert rows(ada, event) == {}


def test_invitees_are_mailed_only_when_asked(ada: Fixture, sandbox: Fixture) -> None:
    event = ada.make_meeting()
    invite(ada, event, user_id(sandbox, 1))
    counters = ada("GET", "/_control/counters").json()
    assert counters["invitee_mails"] == 0
    contact = ada.make("Contact", LastName="Ek")
    body = {"EventId": event, "RelationId": contact}
    asked = {"Sforce_Email_Header": "triggerUserEmail=true"}
    ada("POST", "/sobjects/EventRelation", body, **asked)
    assert ada("GET", "/_control/counters").json()["invitee_mails"] == 1


def test_copies_are_no_writes_of_the_client(ada: Fixture, sandbox: Fixture) -> None:
    event = ada.make_meeting()
    invite(ada, event, user_id(sandbox, 1))
    assert ada("GET", "/_control/counters").json()["writes"] == 2


def test_org_without_shared_activities_knows_users_as_invitees_only(
    ada: Fixture, sandbox: Fixture
) -> None:
    ada("POST", "/_control/org/settings", {"shared_activities": False})
    event = ada.make_meeting(WhoId=ada.make("Contact", LastName="Ek"))
    invite(ada, event, user_id(sandbox, 1))
    query = f"SELECT RelationId FROM EventRelation WHERE EventId = '{event}'"
    found = [row["RelationId"] for row in ada.soql(query)["records"]]
    assert found == [user_id(sandbox, 1)]
    assert ada.soql(ROWS.format(event))[0]["errorCode"] == "INVALID_FIELD"


def test_org_without_advanced_calendaring_lacks_its_fields(ada: Fixture) -> None:
    instance = {"ClientGuid": "uid-1", "OriginalInstanceDateTime": "2026-11-25T10:00Z"}
    event = ada.make_meeting(**instance)
    found = ada.soql("SELECT Id FROM Event WHERE ClientGuid = 'uid-1'")["records"]
    assert [row["Id"] for row in found] == [event]
    ada("POST", "/_control/org/settings", {"advanced_calendaring": False})
    names = {f["name"] for f in ada("GET", "/sobjects/Event/describe").json()["fields"]}
    assert not names & instance.keys()
    _, error = ada.refused("PATCH", f"/sobjects/Event/{event}", {"ClientGuid": "x"})
    assert error["errorCode"] == "INVALID_FIELD"
    query = "SELECT ClientGuid FROM Event"
    assert ada.soql(query)[0]["errorCode"] == "INVALID_FIELD"
