"""Counters, faults, limits, state and the pages for people."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

import httpx2
import pytest

from syncline.sandbox.salesforce.app import build
from syncline.sandbox.salesforce.ids import long_id, make_id, suffix

Fixture: TypeAlias = Any


def plan(ada: Fixture, **fault: Fixture) -> None:
    """Plan a fault that is expected to be accepted."""
    assert ada("POST", "/_control/faults", fault).status_code == 201


def count(ada: Fixture) -> int:
    """How many contacts there are."""
    total: int = ada.soql("SELECT COUNT() FROM Contact")["totalSize"]
    return total


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "INVALID_SESSION_ID"),
        (403, "REQUEST_LIMIT_EXCEEDED"),
        (404, "NOT_FOUND"),
        (429, "REQUEST_LIMIT_EXCEEDED"),
        (500, "UNKNOWN_EXCEPTION"),
        (503, "SERVER_UNAVAILABLE"),
    ],
)
def test_status_fault_has_the_vendors_shape(
    ada: Fixture, status: int, code: str
) -> None:
    plan(ada, kind="status", status=status, match={"path_contains": "/limits"})
    found, error = ada.refused("GET", "/limits")
    assert (found, error["errorCode"]) == (status, code)
    assert ada("GET", "/limits").status_code == 200


def test_fault_may_name_its_code_and_its_query(ada: Fixture) -> None:
    match = {"path_contains": "FROM Event"}
    plan(ada, kind="status", status=400, code="UNABLE_TO_LOCK_ROW", match=match)
    assert ada.soql("SELECT Id FROM Contact")["done"] is True
    assert ada.soql("SELECT Id FROM Event")[0]["errorCode"] == "UNABLE_TO_LOCK_ROW"


def test_maintenance_page_is_html(ada: Fixture) -> None:
    plan(ada, kind="status", status=503, code="html", match={"method": "GET"})
    assert "<h1>" in ada("GET", "/limits").text


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_status_fault_before_or_after_the_effect(
    ada: Fixture, when: str, made: int
) -> None:
    plan(ada, kind="status", status=500, when=when, match={"method": "POST"})
    assert ada.refused("POST", "/sobjects/Contact", {"LastName": "E"})[0] == 500
    assert count(ada) == made


@pytest.mark.parametrize(("kind", "made"), [("drop_response", 1), ("reset", 0)])
def test_connection_is_cut_after_or_before_the_effect(
    ada: Fixture, kind: str, made: int
) -> None:
    plan(ada, kind=kind, match={"method": "POST"})
    with pytest.raises(httpx2.TransportError):
        ada("POST", "/sobjects/Contact", {"LastName": "E"})
    assert count(ada) == made


def test_answer_can_be_cut_in_half(ada: Fixture) -> None:
    plan(ada, kind="malformed", match={"method": "POST"})
    answer = ada("POST", "/sobjects/Contact", {"LastName": "E"})
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert count(ada) == 1


def test_used_up_allowance_refuses_and_is_told(ada: Fixture, clock: Fixture) -> None:
    settings = {"daily_api_requests": 10, "used_api_requests": 8}
    ada("POST", "/_control/org/settings", settings)

    left = ada("GET", "/limits")
    last = ada("GET", "/limits")
    over = ada("GET", "/limits")
    clock.pass_time(hours=25)

    assert left.json()["DailyApiRequests"] == {"Max": 10, "Remaining": 1}
    assert left.headers["Sforce-Limit-Info"] == "api-usage=9/10"
    assert last.status_code == 200
    assert (over.status_code, over.json()) == (
        403,
        [{"message": "TotalRequests Limit exceeded.",
          "errorCode": "REQUEST_LIMIT_EXCEEDED"}],
    )  # fmt: skip
    assert ada("GET", "/limits").status_code == 200


def test_counters_tell_calls_and_writes(ada: Fixture) -> None:
    made = ada.make("Contact", LastName="E", Syncline_Id__c="k")
    ada("PATCH", f"/sobjects/Contact/{made}", {"Title": "x"})
    ada("PATCH", "/sobjects/Contact/Syncline_Id__c/k", {"Title": "y"})
    ada("POST", "/sobjects/Contact", {})
    counted = ada("GET", "/_control/counters").json()
    assert counted == {
        "requests": 4,
        "writes": 3,
        "guest_mails": 0,
        "invitee_mails": 0,
        "by_call": {
            "PATCH /sobjects/Contact/Syncline_Id__c/{value}": 1,
            "PATCH /sobjects/Contact/{id}": 1,
            "POST /sobjects/Contact": 2,
        },
    }


def test_unknown_control_says_so(ada: Fixture) -> None:
    assert ada("GET", "/_control/nothing").status_code == 404
    rule = {"name": "Nothing", "active": True}
    assert ada("POST", "/_control/org/rules", rule).status_code == 400
    assert ada("POST", "/_control/faults", {"kind": "boredom"}).status_code == 400


# -- state


def test_state_survives_a_file(ada: Fixture, sandbox: Fixture, clock: Fixture) -> None:
    made = ada.make("Contact", LastName="E", Syncline_Id__c="k")
    gone = ada.make("Contact", LastName="G")
    ada("DELETE", f"/sobjects/Contact/{gone}")
    ada("POST", "/_control/org/records", {"id": made, "locked": True})
    ada("POST", "/_control/org/rules", {"name": "Contact_Same_Person", "active": False})
    ada("POST", "/_control/org/fields", {"field": "Contact.Title", "length": 5})

    saved = json.dumps(sandbox.dump())
    other = build(clock)
    other.load(json.loads(saved))

    assert json.dumps(other.dump()) == saved
    assert other.accounts() == sandbox.accounts()
    assert other.org.tables["Contact"].with_key("Syncline_Id__c", "k")[0].locked
    assert other.org.sobjects["Contact"].fields["Title"].length == 5


def test_loaded_state_replaces_the_running_one(ada: Fixture) -> None:
    empty = ada("GET", "/_control/state").json()
    ada.make("Contact", LastName="E")
    assert ada("POST", "/_control/state", empty).status_code == 204
    assert count(ada) == 0


def test_fresh_org_has_two_syncing_users_and_one_who_left(sandbox: Fixture) -> None:
    usernames = [account["username"] for account in sandbox.accounts()]
    domain = "northwind-sandbox.example"
    assert usernames == [f"ada.lindqvist@{domain}", f"bruno.okafor@{domain}"]
    assert sandbox.org.find_user(f"dora.gone@{domain}")["IsActive"] is False


def test_seed_bypasses_rules_and_resolves_references(
    sandbox: Fixture, ada: Fixture
) -> None:
    chiara = "chiara.rossi@northwind-sandbox.example"
    user = {"username": chiara, "name": "Chiara Rossi", "syncing": True}
    sandbox.seed(
        {
            "users": [user],
            "records": {
                "Account": [{"Name": "Acme", "_ref": "acme"}],
                "Contact": [
                    {"LastName": "E", "Title": "Chief", "AccountId": "@ref:acme",
                     "_owner": chiara, "_locked": True, "Email": "none"},
                ],
            },
        }
    )  # fmt: skip
    query = "SELECT Account.Name, Owner.Username FROM Contact"
    row = ada.soql(query)["records"][0]
    assert row["Account"]["Name"] == "Acme"
    assert row["Owner"]["Username"] == chiara
    assert len(sandbox.accounts()) == 3
    assert sandbox.counters.writes == 0


@pytest.mark.parametrize(
    "data",
    [
        {"records": {"Nothing": [{}]}},
        {"records": {"Contact": [{"Foo": 1}]}},
        {"records": {"Contact": [{"LastName": "E", "_owner": "nobody"}]}},
        {"records": {"Contact": [{"LastName": "E", "AccountId": "@ref:x"}]}},
    ],
)
def test_wrong_seed_is_refused(sandbox: Fixture, data: Fixture) -> None:
    with pytest.raises(ValueError, match=r"no |field"):
        sandbox.seed(data)


# -- ids


def test_id_suffix_is_the_vendors_checksum() -> None:
    assert suffix("003q000000KvQ1t") == "AAF"
    assert long_id("001D000000IRFma") == "001D000000IRFmaIAH"


def test_wrong_checksum_is_no_id() -> None:
    made = make_id("003", 123_456_789)
    assert long_id(made) == made
    assert long_id(made[:15] + "XXX") is None
    assert long_id("003-00000000000") is None


# -- pages


def test_lists_show_what_the_viewer_may_see(ada: Fixture) -> None:
    ada.make("Contact", LastName="Lonely")
    bruno = {"as": "bruno.okafor@northwind-sandbox.example"}
    assert "Lonely" in ada.http.get("/").text
    assert "Lonely" not in ada.http.get("/", params=bruno).text


@pytest.mark.parametrize("tab", ["Contacts", "Events", "Accounts", "Users", "Rules"])
def test_every_tab_opens(ada: Fixture, tab: str) -> None:
    ada.make_meeting()
    page = ada.http.get("/", params={"tab": tab, "page": "9"})
    assert (page.status_code, f"<h1>{tab}" in page.text) == (200, True)


def test_short_address_leads_to_the_record(ada: Fixture) -> None:
    made = ada.make_meeting(Subject="<Kick & off>")
    page = ada.http.get(f"/{made[:15]}", follow_redirects=True)
    assert page.url.path == f"/lightning/r/Event/{made}/view"
    assert "&lt;Kick &amp; off&gt;" in page.text
    assert ada.http.get("/nothing").status_code == 404


def test_person_edits_under_the_same_rules(ada: Fixture, sandbox: Fixture) -> None:
    made = ada.make_meeting()
    path = f"/lightning/r/Event/{made}"
    refused = ada.http.post(f"{path}/edit", data={"Subject": "TBD"})
    saved = ada.http.post(f"{path}/edit", data={"Subject": "Real"})
    shown = ada.http.get(f"{path}/view").text

    assert refused.status_code == 400
    assert "Give the meeting a real subject" in refused.text
    assert saved.status_code == 303
    assert "Real" in shown
    assert sandbox.counters.writes == 1


def test_person_locks_unlocks_and_deletes(ada: Fixture) -> None:
    made = ada.make("Contact", LastName="E")
    path = f"/lightning/r/Contact/{made}"
    ada.http.post(f"{path}/lock", data={"locked": "1"})
    refused = ada.http.post(f"{path}/delete")
    ada.http.post(f"{path}/lock", data={"locked": ""})
    deleted = ada.http.post(f"{path}/delete")
    assert (refused.status_code, deleted.status_code) == (400, 303)
    assert "recycle bin" in ada.http.get(f"{path}/view").text


def test_person_switches_rules_and_users(ada: Fixture, sandbox: Fixture) -> None:
    rule = {"name": "Meeting_Needs_Subject", "active": ""}
    user = {"username": "dora.gone@northwind-sandbox.example", "is_active": "1"}
    ada.http.post("/setup/rules", data=rule)
    ada.http.post("/setup/users", data=user)
    assert "Meeting_Needs_Subject" not in sandbox.org.active_rules
    assert sandbox.org.find_user(user["username"])["IsActive"] is True


def test_person_makes_a_contact(ada: Fixture) -> None:
    new = "/lightning/o/Contact/new"
    assert ada.http.get(new).status_code == 200
    assert ada.http.post(new, data={"FirstName": "Z"}).status_code == 400
    assert ada.http.post(new, data={"LastName": "Ek"}).status_code == 303
    assert count(ada) == 1
