"""Pages for people: tasks, e-mails, guests, files and series."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest

Fixture: TypeAlias = Any


TABS = (
    *("Tasks", "Email Messages", "Leads", "Opportunities"),
    *("Site Visits", "Contract Renewals"),
)


@pytest.mark.parametrize("tab", TABS)
def test_every_object_has_a_tab(ada: Fixture, tab: str) -> None:
    ada.make("Task", Subject="Call back")
    ada.make("EmailMessage", Subject="Offer")
    page = ada.http.get("/", params={"tab": tab})
    assert (page.status_code, f"<h1>{tab}" in page.text) == (200, True)


def test_org_without_enhanced_email_has_no_tab_for_it(ada: Fixture) -> None:
    ada("POST", "/_control/org/settings", {"enhanced_email": False})
    assert "Email Messages" not in ada.http.get("/").text


def test_person_makes_and_moves_a_visit(ada: Fixture) -> None:
    form = {
        "Name": "Visit Acme",
        "Starts_At__c": "2026-11-25T10:00",
        "Ends_At__c": "2026-11-25T11:00",
    }
    new = "/lightning/o/Site_Visit__c/new"
    assert "Starts At (UTC)" in ada.http.get(new).text
    assert ada.http.post(new, data=form).status_code == 303
    query = "SELECT Id, Starts_At__c, OwnerId FROM Site_Visit__c"
    (visit,) = ada.soql(query)["records"]
    assert visit["Id"].startswith("a00")
    path = f"/lightning/r/Site_Visit__c/{visit['Id']}/edit"
    moved = {**form, "Starts_At__c": "2026-11-25T10:30"}
    assert ada.http.post(path, data=moved).status_code == 303
    (again,) = ada.soql(f"{query} WHERE Starts_At__c > 2026-11-25T10:15:00Z")["records"]
    assert again["Starts_At__c"] == "2026-11-25T10:30:00.000+0000"


def test_a_renewal_has_one_day(ada: Fixture) -> None:
    ada.make("Contract_Renewal__c", Name="Acme", Renewal_Date__c="2026-12-01")
    query = "SELECT Name FROM Contract_Renewal__c WHERE Renewal_Date__c = 2026-12-01"
    assert [r["Name"] for r in ada.soql(query)["records"]] == ["Acme"]


def test_person_does_a_task(ada: Fixture) -> None:
    task = ada.make("Task", Subject="Call back")
    form = {"Status": "Completed", "ActivityDate": "2026-12-01"}
    path = f"/lightning/r/Task/{task}/edit"
    assert ada.http.post(path, data=form).status_code == 303
    shown = ada("GET", f"/sobjects/Task/{task}").json()
    assert (shown["IsClosed"], shown["ActivityDate"]) == (True, "2026-12-01")


@pytest.mark.parametrize(("kind", "field"), [("lightning", "IsRecurrence2"),
                                             ("classic", "IsRecurrence")])  # fmt: skip
def test_person_makes_a_series(ada: Fixture, kind: str, field: str) -> None:
    form = {
        "Subject": "Jour fixe",
        "StartDateTime": "2026-11-25T10:00",
        "EndDateTime": "2026-11-25T11:00",
        "_rule": "FREQ=WEEKLY;COUNT=3",
        "_series": kind,
    }
    new = "/lightning/o/Event/new"
    assert "Repeats (RRULE)" in ada.http.get(new).text
    assert ada.http.post(new, data=form).status_code == 303
    found = ada.soql(f"SELECT Id FROM Event WHERE {field} = true")["records"]
    assert len(found) == {"lightning": 3, "classic": 1}[kind]
    assert len(ada.soql("SELECT Id FROM Event")["records"]) == 3 + (kind == "classic")
    assert ada("GET", "/_control/counters").json()["writes"] == 0


def test_rule_that_is_none_is_told(ada: Fixture) -> None:
    form = {
        "Subject": "Jour fixe",
        "StartDateTime": "2026-11-25T10:00",
        "EndDateTime": "2026-11-25T11:00",
        "_rule": "every Monday",
        "_series": "lightning",
    }
    page = ada.http.post("/lightning/o/Event/new", data=form)
    assert (page.status_code, "no rule: every Monday" in page.text) == (400, True)


def test_page_of_a_record_shows_guests_and_files(ada: Fixture) -> None:
    event = ada.make_meeting()
    contact = ada.make("Contact", LastName="Ek")
    ada.make("EventRelation", EventId=event, RelationId=contact, Status="Maybe")
    file = {"PathOnClient": "Plan.pdf", "VersionData": "YQ=="}
    ada.make("ContentVersion", FirstPublishLocationId=event, **file)
    shown = ada.http.get(f"/lightning/r/Event/{event}/view").text
    assert "<dt>Maybe</dt><dd>Ek</dd>" in shown
    assert "<dd>Plan</dd>" in shown
