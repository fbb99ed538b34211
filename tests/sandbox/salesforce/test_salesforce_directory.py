"""List views, and what a directory of people and deals asks for."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest

Fixture: TypeAlias = Any


def views(caller: Fixture, sobject: str = "Contact") -> Fixture:
    """The views of an object by API name."""
    found = caller("GET", f"/sobjects/{sobject}/listviews").json()["listviews"]
    return {view["developerName"]: view for view in found}


def test_view_tells_its_query_and_runs_it(ada: Fixture, bruno: Fixture) -> None:
    account = ada.make("Account", Name="Acme")
    ada.make("Contact", LastName="Ek", AccountId=account)
    bruno.make("Contact", LastName="Alm", AccountId=account)
    found = views(ada)
    assert list(found) == ["AllContacts", "MyContacts"]
    described = ada("GET", found["MyContacts"]["describeUrl"]).json()
    assert (described["scope"], described["sobjectType"]) == ("mine", "Contact")
    rows = ada.soql(described["query"])["records"]
    assert [row["Name"] for row in rows] == ["Ek"]
    shown = ada("GET", found["AllContacts"]["resultsUrl"]).json()
    cells = [{c["fieldNameOrPath"]: c["value"] for c in row["columns"]}
             for row in shown["records"]]  # fmt: skip
    assert [(c["Name"], c["Account.Name"]) for c in cells] == [
        ("Alm", "Acme"),
        ("Ek", "Acme"),
    ]


def test_administrator_adds_a_view(ada: Fixture) -> None:
    ada.make("Contact", LastName="Ek", Title="Buyer")
    ada.make("Contact", LastName="Alm")
    body = {
        "sobject": "Contact",
        "label": "Buyers",
        "developer_name": "Buyers",
        "where": "Title = 'Buyer'",
    }
    made = ada("POST", "/_control/org/list_views", body).json()["id"]
    path = f"/sobjects/Contact/listviews/{made}"
    query = ada("GET", f"{path}/describe").json()["query"]
    assert [row["Name"] for row in ada.soql(query)["records"]] == ["Ek"]
    named = "SELECT Id FROM ListView WHERE DeveloperName = 'Buyers'"
    assert [row["Id"] for row in ada.soql(named)["records"]] == [made]


def test_results_come_in_parts(ada: Fixture) -> None:
    for name in ("Alm", "Ek", "Rask"):
        ada.make("Contact", LastName=name)
    url = views(ada)["AllContacts"]["resultsUrl"]
    parts = [ada("GET", f"{url}?limit=2&offset={at}").json() for at in (0, 2)]
    assert [(part["size"], part["done"]) for part in parts] == [(2, False), (1, True)]


@pytest.mark.parametrize("path", ["Contact/listviews/x", "Event/listviews/x/describe"])
def test_unknown_view_is_not_found(ada: Fixture, path: str) -> None:
    assert ada.refused("GET", f"/sobjects/{path}")[0] == 404


def test_opportunity_is_closed_by_its_stage(ada: Fixture) -> None:
    contact = ada.make("Contact", LastName="Ek")
    deal = {"Name": "Valves", "CloseDate": "2026-12-24", "StageName": "Prospecting"}
    made = ada.make("Opportunity", **deal)
    ada.make("OpportunityContactRole", OpportunityId=made, ContactId=contact)
    query = (
        "SELECT OpportunityId, Opportunity.IsClosed, Opportunity.OwnerId "
        f"FROM OpportunityContactRole WHERE ContactId = '{contact}'"
    )
    [row] = ada.soql(query)["records"]
    assert (row["OpportunityId"], row["Opportunity"]["IsClosed"]) == (made, False)
    ada("PATCH", f"/sobjects/Opportunity/{made}", {"StageName": "Closed Won"})
    shown = ada("GET", f"/sobjects/Opportunity/{made}").json()
    assert (shown["IsClosed"], shown["IsWon"]) == (True, True)


def test_contact_is_found_by_its_second_address(ada: Fixture) -> None:
    made = ada.make("Contact", LastName="Ek", Second_Email__c="ek@home.example")
    query = "SELECT Id FROM Contact WHERE Second_Email__c IN ('EK@home.example')"
    assert [row["Id"] for row in ada.soql(query)["records"]] == [made]


def test_converted_lead_is_read_only_and_names_its_contact(ada: Fixture) -> None:
    lead = ada.make("Lead", LastName="Ek", Company="Ek AB", Email="e@ek.example")
    made = ada("POST", "/_control/org/convert", {"id": lead}).json()
    query = "SELECT IsConverted, ConvertedContact.Email FROM Lead"
    [row] = ada.soql(query)["records"]
    assert row["IsConverted"] is True
    assert row["ConvertedContact"]["Email"] == "e@ek.example"
    assert made["contact"].startswith("003")
    _, error = ada.refused("PATCH", f"/sobjects/Lead/{lead}", {"Title": "x"})
    assert error["errorCode"] == "CANNOT_UPDATE_CONVERTED_LEAD"


def test_children_come_with_their_parents(ada: Fixture) -> None:
    contact = ada.make("Contact", LastName="Ek")
    event = ada.make_meeting()
    alone = ada.make_meeting(Subject="Alone")
    ada.make("EventRelation", EventId=event, RelationId=contact, Status="Accepted")
    query = (
        "SELECT Id, (SELECT RelationId, Status FROM EventRelations "
        "WHERE IsInvitee = true) FROM Event ORDER BY Subject DESC"
    )
    rows = {row["Id"]: row["EventRelations"] for row in ada.soql(query)["records"]}
    assert rows[alone] is None
    assert rows[event]["totalSize"] == 1
    [invitee] = rows[event]["records"]
    assert (invitee["RelationId"], invitee["Status"]) == (contact, "Accepted")


def test_semi_join_selects_and_leaves_out(ada: Fixture) -> None:
    with_event = ada.make("Contact", LastName="Ek")
    ada.make("Contact", LastName="Alm")
    ada.make_meeting(WhoId=with_event)
    for word, expected in (("IN", ["Ek"]), ("NOT IN", ["Alm"])):
        query = (
            f"SELECT Name FROM Contact WHERE Id {word} "
            "(SELECT WhoId FROM Event WHERE WhoId != null) AND IsDeleted = false"
        )
        assert [row["Name"] for row in ada.soql(query)["records"]] == expected


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT Id, (SELECT Id FROM Horses) FROM Event", "INVALID_TYPE"),
        ("SELECT Id FROM Contact USING SCOPE ours", "MALFORMED_QUERY"),
        (
            "SELECT Id FROM Contact WHERE Id IN (SELECT Id, WhoId FROM Event)",
            "MALFORMED_QUERY",
        ),
    ],
)
def test_impossible_join_is_refused(ada: Fixture, query: str, code: str) -> None:
    assert ada.soql(query)[0]["errorCode"] == code


def test_describe_names_the_children(ada: Fixture) -> None:
    described = ada("GET", "/sobjects/Event/describe").json()
    names = {c["relationshipName"] for c in described["childRelationships"]}
    assert {"EventRelations", "ContentDocumentLinks"} <= names
