"""Tasks: the administrator's statuses, subtypes, series, and whom they are about."""

from __future__ import annotations

from typing import Any, TypeAlias

Fixture: TypeAlias = Any
STATUSES = (
    "SELECT MasterLabel, IsClosed, IsDefault, SortOrder FROM TaskStatus "
    "ORDER BY SortOrder"
)


def test_statuses_are_told_in_their_order(ada: Fixture) -> None:
    rows = ada.soql(STATUSES)["records"]
    assert [row["SortOrder"] for row in rows] == [1, 2, 3, 4, 5]
    assert [row["MasterLabel"] for row in rows if row["IsClosed"]] == ["Completed"]
    assert [row["MasterLabel"] for row in rows if row["IsDefault"]] == ["Not Started"]


def test_org_may_close_tasks_by_its_own_words(ada: Fixture) -> None:
    statuses = [
        {"label": "Offen"},
        {"label": "Erledigt", "closed": True},
        {"label": "Verworfen", "closed": True},
    ]
    answer = ada("POST", "/_control/org/task_statuses", {"statuses": statuses})
    assert answer.status_code == 204
    rows = ada.soql(STATUSES)["records"]
    closed = [row["MasterLabel"] for row in rows if row["IsClosed"]]
    assert closed == ["Erledigt", "Verworfen"]
    task = ada.make("Task", Subject="Call back")
    assert ada("GET", f"/sobjects/Task/{task}").json()["Status"] == "Offen"
    ada("PATCH", f"/sobjects/Task/{task}", {"Status": "Verworfen"})
    assert ada("GET", f"/sobjects/Task/{task}").json()["IsClosed"] is True
    fields = ada("GET", "/sobjects/Task/describe").json()["fields"]
    status = next(field for field in fields if field["name"] == "Status")
    labels = [value["value"] for value in status["picklistValues"]]
    assert labels == ["Offen", "Erledigt", "Verworfen"]


def test_list_without_a_closed_status_is_refused(ada: Fixture) -> None:
    body = {"statuses": [{"label": "Open"}]}
    assert ada("POST", "/_control/org/task_statuses", body).status_code == 400


def test_completion_time_is_kept_until_the_task_is_opened_again(
    ada: Fixture, clock: Fixture
) -> None:
    task = ada.make("Task", Subject="Call back", Status="Completed", Priority="High")
    path = f"/sobjects/Task/{task}"
    clock.pass_time(hours=1)
    ada("PATCH", path, {"Subject": "Called back"})
    shown = ada("GET", path).json()
    assert shown["CompletedDateTime"] == "2026-11-24T09:00:00.000+0000"
    assert shown["IsHighPriority"] is True
    ada("PATCH", path, {"Status": "In Progress"})
    assert ada("GET", path).json()["CompletedDateTime"] is None


def test_subtype_is_chosen_once_and_from_the_list(ada: Fixture) -> None:
    task = ada.make("Task", Subject="Mail", TaskSubtype="Email")
    path = f"/sobjects/Task/{task}"
    status, error = ada.refused("PATCH", path, {"TaskSubtype": "Call"})
    assert (status, error["errorCode"]) == (400, "INVALID_FIELD_FOR_INSERT_UPDATE")
    bad = {"Subject": "x", "TaskSubtype": "Letter"}
    _, error = ada.refused("POST", "/sobjects/Task", bad)
    assert error["errorCode"] == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"


def test_person_and_thing_of_a_task_are_rows_as_well(ada: Fixture) -> None:
    account = ada.make("Account", Name="Acme")
    contact = ada.make("Contact", LastName="Ek", AccountId=account)
    task = ada.make("Task", Subject="Call", WhoId=contact, WhatId=account)
    query = f"SELECT RelationId, IsWhat FROM TaskRelation WHERE TaskId = '{task}'"
    rows = {r["RelationId"]: r["IsWhat"] for r in ada.soql(query)["records"]}
    assert rows == {contact: False, account: True}
    ada("PATCH", f"/sobjects/Task/{task}", {"WhoId": None})
    rows = {r["RelationId"]: r["IsWhat"] for r in ada.soql(query)["records"]}
    assert rows == {account: True}


def test_org_without_shared_activities_has_no_task_relations(ada: Fixture) -> None:
    ada("POST", "/_control/org/settings", {"shared_activities": False})
    assert ada("GET", "/sobjects/TaskRelation/describe").status_code == 404
    assert ada.soql("SELECT Id FROM TaskRelation")[0]["errorCode"] == "INVALID_TYPE"


def test_recurring_task_can_be_seeded(ada: Fixture, sandbox: Fixture) -> None:
    task = {"Subject": "Weekly report", "IsRecurrence": True}
    sandbox.seed({"records": {"Task": [task]}})
    found = ada.soql("SELECT Subject FROM Task WHERE IsRecurrence = true")
    assert [row["Subject"] for row in found["records"]] == ["Weekly report"]


def test_state_keeps_the_orgs_statuses_and_features(
    ada: Fixture, sandbox: Fixture
) -> None:
    statuses = [{"label": "Open"}, {"label": "Shut", "closed": True}]
    ada("POST", "/_control/org/task_statuses", {"statuses": statuses})
    ada("POST", "/_control/org/settings", {"enhanced_email": False})
    ada("POST", "/_control/state", ada("GET", "/_control/state").json())
    assert len(ada.soql(STATUSES)["records"]) == 2
    assert ada("GET", "/sobjects/EmailMessage/describe").status_code == 404


def test_state_from_before_the_statuses_gets_the_standard_ones(ada: Fixture) -> None:
    state = ada("GET", "/_control/state").json()
    for name in ("TaskStatus", "ListView"):
        del state["tables"][name]
    ada("POST", "/_control/state", state)
    assert len(ada.soql(STATUSES)["records"]) == 5
    assert ada.make("EmailMessage", Subject="Offer", Status="3")
