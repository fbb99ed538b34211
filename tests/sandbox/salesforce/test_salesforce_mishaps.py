"""What happens to records behind a client's back."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest

Fixture: TypeAlias = Any
ADA = "ada.lindqvist@northwind-sandbox.example"
BRUNO = "bruno.okafor@northwind-sandbox.example"
NAMES = "SELECT LastName FROM Contact ORDER BY LastName"


def control(caller: Fixture, where: str, /, **body: Fixture) -> Fixture:
    """Use a control that is expected to accept."""
    answer = caller("POST", f"/_control/org/{where}", body)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


def names(caller: Fixture) -> list[str]:
    """The contacts that a user sees."""
    return [row["LastName"] for row in caller.soql(NAMES)["records"]]


def stamp(caller: Fixture, path: str) -> str:
    """The stamp of a record."""
    return str(caller("GET", path).json()["SystemModstamp"])


def test_late_record_appears_with_its_old_stamp(ada: Fixture, clock: Fixture) -> None:
    """E12: rows become visible later with an older stamp."""
    made = control(
        ada, "late_commit", sobject="Contact", values={"LastName": "Ek"}, reads=2
    )
    [contact] = made["ids"]
    clock.pass_time(minutes=1)
    assert [names(ada) for _ in range(3)] == [[], [], ["Ek"]]
    assert stamp(ada, f"/sobjects/Contact/{contact}").startswith("2026-11-24T09:00:00")


def test_late_change_and_deletion_show_the_old_record_until_then(ada: Fixture) -> None:
    """E12: rows become visible later with an older stamp."""
    contact = ada.make("Contact", LastName="Ek")
    control(ada, "late_commit", id=contact, values={"LastName": "Alm"}, reads=1)
    assert [names(ada), names(ada)] == [["Ek"], ["Alm"]]
    control(ada, "late_commit", id=contact, delete=True, reads=1)
    assert [names(ada), names(ada)] == [["Alm"], []]


def test_late_write_survives_in_the_state(ada: Fixture) -> None:
    control(ada, "late_commit", sobject="Contact", values={"LastName": "E"}, reads=1)
    ada("POST", "/_control/state", ada("GET", "/_control/state").json())
    assert [names(ada), names(ada)] == [[], ["E"]]


def test_refused_late_write_leaves_nothing(ada: Fixture) -> None:
    body = {"sobject": "Contact", "values": {}, "reads": 1}
    assert ada("POST", "/_control/org/late_commit", body).status_code == 400
    assert names(ada) == []


def test_many_records_have_one_stamp(ada: Fixture) -> None:
    for name in ("A", "B", "C"):
        ada.make("Contact", LastName=name)
    control(ada, "stamps", sobject="Contact", at="2026-11-24T08:00:00Z")
    query = "SELECT Id FROM Contact WHERE SystemModstamp = 2026-11-24T08:00:00Z"
    assert len(ada.soql(query)["records"]) == 3


def test_record_that_is_no_longer_shared_is_not_deleted(
    ada: Fixture, bruno: Fixture
) -> None:
    """D01: out of scope or invisible is a third state."""
    event = ada.make_meeting()
    control(ada, "records", id=event, hidden_from=[BRUNO])
    path = f"/sobjects/Event/{event}"
    status, error = bruno.refused("GET", path)
    assert (status, error["errorCode"]) == (404, "NOT_FOUND")
    query = "SELECT Id FROM Event"
    assert bruno.soql(query, deleted=True)["records"] == []
    assert len(ada.soql(query)["records"]) == 1
    control(ada, "records", id=event, hidden_from=[])
    assert bruno("GET", path).status_code == 200


def test_record_is_handed_over(ada: Fixture, clock: Fixture, sandbox: Fixture) -> None:
    """D01: owner changes are not deletions."""
    event = ada.make_meeting()
    clock.pass_time(minutes=1)
    control(ada, "records", id=event, owner=BRUNO)
    shown = ada("GET", f"/sobjects/Event/{event}").json()
    assert shown["OwnerId"] == sandbox.accounts()[1]["user_id"]
    assert shown["SystemModstamp"].startswith("2026-11-24T09:01")


def test_merge_moves_what_referred_to_the_loser(ada: Fixture) -> None:
    winner, loser = (ada.make("Contact", LastName=n) for n in ("Ek", "Eck"))
    event = ada.make_meeting(WhoId=loser)
    mail = ada.make("EmailMessage", Subject="x", Status="3", ToIds=[loser])
    control(ada, "merge", winner=winner, losers=[loser])
    assert ada("GET", f"/sobjects/Event/{event}").json()["WhoId"] == winner
    assert ada("GET", f"/sobjects/EmailMessage/{mail}").json()["ToIds"] == [winner]
    query = "SELECT Id, IsDeleted, MasterRecordId FROM Contact WHERE IsDeleted = true"
    [gone] = ada.soql(query, deleted=True)["records"]
    assert (gone["Id"], gone["MasterRecordId"]) == (loser, winner)


def test_records_of_two_kinds_are_not_merged(ada: Fixture) -> None:
    body = {"winner": ada.make_meeting(), "losers": [ada.make_meeting()]}
    assert ada("POST", "/_control/org/merge", body).status_code == 400


def test_emptied_recycle_bin_tells_nothing(ada: Fixture) -> None:
    contact = ada.make("Contact", LastName="Ek")
    ada("DELETE", f"/sobjects/Contact/{contact}")
    assert control(ada, "purge") == {"purged": 1}
    assert ada.soql(NAMES, deleted=True)["records"] == []
    _, error = ada.refused("GET", f"/sobjects/Contact/{contact}")
    assert error["errorCode"] == "NOT_FOUND"


def test_archived_activity_shows_in_query_all_alone(ada: Fixture) -> None:
    event = ada.make_meeting()
    task = ada.make("Task", Subject="Old", Status="Completed",
                    ActivityDate="2025-01-01")  # fmt: skip
    ada.make("Task", Subject="Open", ActivityDate="2025-01-01")
    before = stamp(ada, f"/sobjects/Task/{task}")
    assert control(ada, "archive", before="2027-01-01") == {"archived": 2}
    assert ada.soql("SELECT Id FROM Event")["records"] == []
    query = "SELECT Id, SystemModstamp FROM Task WHERE IsArchived = true"
    [row] = ada.soql(query, deleted=True)["records"]
    assert (row["Id"], row["SystemModstamp"]) == (task, before)
    _, error = ada.refused("PATCH", f"/sobjects/Event/{event}", {"Subject": "x"})
    assert error["errorCode"] == "ENTITY_IS_ARCHIVED"


def test_busy_record_refuses_some_writes_and_those_of_its_children(
    ada: Fixture,
) -> None:
    """H01: UNABLE_TO_LOCK_ROW, for one record and what hangs on it."""
    account = ada.make("Account", Name="Acme")
    control(ada, "records", id=account, busy_times=2)
    event = {
        "WhatId": account,
        "Subject": "x",
        "DurationInMinutes": 5,
        "StartDateTime": "2026-11-25T10:00:00Z",
    }
    contact = {"LastName": "Ek", "AccountId": account}
    for path, body in (("Event", event), ("Contact", contact)):
        _, error = ada.refused("POST", f"/sobjects/{path}", body)
        assert error["errorCode"] == "UNABLE_TO_LOCK_ROW"
        assert account in error["message"]
    assert ada("POST", "/sobjects/Event", event).status_code == 201


@pytest.mark.parametrize(("allow_save", "status"), [(True, 201), (False, 400)])
def test_duplicate_rule_warns_or_blocks(
    ada: Fixture, allow_save: bool, status: int
) -> None:
    """H02: an alert can be passed with a header, a block cannot."""
    control(ada, "rules", name="Contact_Same_Person", allow_save=allow_save)
    body = {"LastName": "Ek", "Email": "e@ek.example"}
    first = ada.make("Contact", **body)
    _, error = ada.refused("POST", "/sobjects/Contact", body)
    result = error["duplicateResut"]
    assert result["allowSave"] is allow_save
    [match] = result["matchResults"][0]["matchRecords"]
    assert match["record"]["Id"] == first
    header = {"Sforce_Duplicate_Rule_Header": "allowSave=true"}
    assert ada("POST", "/sobjects/Contact", body, **header).status_code == status


def test_duplicate_result_may_be_spelled_right(ada: Fixture) -> None:
    control(ada, "settings", duplicate_result_key="duplicateResult")
    body = {"LastName": "Ek", "Email": "e@ek.example"}
    ada.make("Contact", **body)
    _, error = ada.refused("POST", "/sobjects/Contact", body)
    assert error["duplicateResult"]["allowSave"] is True


def test_profile_without_the_api_is_refused(ada: Fixture) -> None:
    """H14: access is switched off by policy; the token is still good."""
    control(ada, "users", username=ADA, api_enabled=False)
    status, error = ada.refused("GET", "/limits")
    assert (status, error["errorCode"]) == (403, "API_DISABLED_FOR_ORG")
    control(ada, "users", username=ADA, api_enabled=True)
    assert ada("GET", "/limits").status_code == 200


def test_policy_stops_queries_of_one_object(ada: Fixture) -> None:
    """H14: a transaction security policy blocks."""
    control(ada, "settings", policy_blocks_queries_of="Contact")
    assert ada.soql(NAMES)[0]["errorCode"] == "TXN_SECURITY_NO_ACCESS"
    assert ada.soql("SELECT Id FROM Event")["done"] is True


def test_picklist_that_becomes_restricted_refuses_other_values(ada: Fixture) -> None:
    """H11: restricted picklists refuse unlisted values."""
    ada.make("Task", Subject="x", Priority="Urgent")
    control(ada, "fields", field="Task.Priority", restricted=True)
    _, error = ada.refused("POST", "/sobjects/Task", {"Priority": "Urgent"})
    assert error["errorCode"] == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("settings", {"color": "blue"}),
        ("records", {"id": "003000000000000AAA"}),
        ("stamps", {"sobject": "Contact", "at": "now"}),
        ("convert", {"id": "00Q000000000000AAA"}),
        ("list_views", {"sobject": "Event", "label": "x", "developer_name": "x"}),
        ("users", {"username": "nobody"}),
    ],
)
def test_control_that_makes_no_sense_is_refused(
    ada: Fixture, name: str, body: Fixture
) -> None:
    assert ada("POST", f"/_control/org/{name}", body).status_code == 400
