"""SOQL, paging, describe and what changed since."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest

Fixture: TypeAlias = Any

PEOPLE = [
    {"FirstName": "Ann", "LastName": "Ek", "Email": "ann@ek.example", "Title": "CFO"},
    {"FirstName": "Bo", "LastName": "O'Hara", "Email": "bo@hara.example"},
    {"FirstName": "Cy", "LastName": "100%", "Email": "cy@x.example"},
]


@pytest.fixture
def people(ada: Fixture) -> list[str]:
    """Ids of three contacts."""
    return [ada.make("Contact", **person) for person in PEOPLE]


def names(answer: Fixture) -> list[str]:
    """The first names of the found contacts."""
    return [row["FirstName"] for row in answer["records"]]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("LastName = 'ek'", ["Ann"]),
        (r"LastName = 'O\'Hara'", ["Bo"]),
        (r"LastName LIKE '%\%'", ["Cy"]),
        ("Email LIKE '%.example' AND Title = null", ["Bo", "Cy"]),
        ("Title != null", ["Ann"]),
        ("Title != 'CFO'", ["Bo", "Cy"]),
        ("NOT FirstName IN ('Ann', 'bo')", ["Cy"]),
        ("FirstName NOT IN ('Ann', 'Bo')", ["Cy"]),
        ("(FirstName = 'Ann' OR FirstName = 'Bo') AND Title = null", ["Bo"]),
        ("Owner.Name = 'Ada Lindqvist' AND Owner.IsActive = true", ["Ann", "Bo", "Cy"]),
        ("CreatedDate = TODAY", ["Ann", "Bo", "Cy"]),
        ("SystemModstamp >= 2026-11-24T10:00:00+01:00", ["Ann", "Bo", "Cy"]),
        ("SystemModstamp > 2026-11-24T09:00:00Z", []),
        ("CreatedDate > LAST_N_DAYS:3", []),
        ("CreatedDate >= LAST_N_DAYS:3 AND Title = 'cfo'", ["Ann"]),
        ("HasOptedOutOfEmail = false", ["Ann", "Bo", "Cy"]),
        ("FirstName > 'B' AND FirstName <= 'Bo'", ["Bo"]),
    ],
)
def test_condition_selects(ada: Fixture, where: str, expected: list[str]) -> None:
    query = f"SELECT FirstName FROM Contact WHERE {where} ORDER BY FirstName"
    assert names(ada.soql(query)) == expected


@pytest.mark.usefixtures("people")
def test_order_limit_and_offset(ada: Fixture) -> None:
    base = "SELECT FirstName FROM Contact ORDER BY Title DESC NULLS LAST, FirstName"
    assert names(ada.soql(base)) == ["Ann", "Bo", "Cy"]
    assert names(ada.soql(f"{base} LIMIT 1 OFFSET 1")) == ["Bo"]
    assert names(ada.soql("SELECT FirstName FROM Contact ORDER BY FirstName DESC")) == [
        "Cy", "Bo", "Ann",
    ]  # fmt: skip


@pytest.mark.usefixtures("people")
def test_count_answers_only_a_number(ada: Fixture) -> None:
    answer = ada.soql("SELECT COUNT() FROM Contact WHERE Title = null")
    assert answer == {"totalSize": 2, "done": True, "records": []}


def test_relationship_fields_nest(ada: Fixture) -> None:
    account = ada.make("Account", Name="Acme")
    ada.make("Contact", LastName="A", AccountId=account)
    ada.make("Contact", LastName="B")

    query = "SELECT Account.Name, Account.Owner.Name FROM Contact ORDER BY LastName"
    rows = ada.soql(query)["records"]

    assert rows[0]["Account"]["Name"] == "Acme"
    assert rows[0]["Account"]["Owner"]["Name"] == "Ada Lindqvist"
    assert rows[1]["Account"] is None


def test_ids_in_the_query_are_found_by_either_length(
    ada: Fixture, people: list[str]
) -> None:
    query = f"SELECT FirstName FROM Contact WHERE Id IN ('{people[0][:15]}')"
    assert names(ada.soql(query)) == ["Ann"]
    own = "SELECT FirstName FROM Contact WHERE OwnerId = '{}' AND FirstName = 'Bo'"
    owner = ada.soql("SELECT OwnerId FROM Contact LIMIT 1")["records"][0]["OwnerId"]
    assert names(ada.soql(own.format(owner))) == ["Bo"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT", "MALFORMED_QUERY"),
        ("SELECT Id FROM Contact WHERE", "MALFORMED_QUERY"),
        ("SELECT Id FROM Contact WHERE A = 1 AND B = 2 OR C = 3", "MALFORMED_QUERY"),
        ("SELECT Id FROM Contact LIMIT x", "MALFORMED_QUERY"),
        ("SELECT Id FROM Contact; DROP", "MALFORMED_QUERY"),
        ("SELECT Foo FROM Event", "INVALID_FIELD"),
        ("SELECT Foo.Name FROM Event", "INVALID_FIELD"),
        ("SELECT Id FROM Event WHERE SystemModstamp > '2026'", "INVALID_FIELD"),
        ("SELECT Id FROM Event WHERE Description = 'x'", "INVALID_FIELD"),
        ("SELECT Id FROM Event WHERE Id = 'x'", "INVALID_QUERY_FILTER_OPERATOR"),
        ("SELECT Id FROM Nothing", "INVALID_TYPE"),
        ("SELECT Id FROM Event OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE"),
    ],
)
def test_wrong_query_is_refused(ada: Fixture, query: str, code: str) -> None:
    assert ada.soql(query)[0]["errorCode"] == code


def test_wrong_field_is_pointed_at(ada: Fixture) -> None:
    message = ada.soql("SELECT Foo FROM Event")[0]["message"]
    start = "\nSELECT Foo FROM Event\n       ^\nERROR at Row:1:Column:8\nNo such column"
    assert message.startswith(start)


# -- paging


@pytest.mark.parametrize(
    ("count", "pages"), [(1999, [1999]), (2000, [2000]), (2001, [2000, 1])]
)
def test_result_comes_in_pages_of_2000(
    ada: Fixture, sandbox: Fixture, count: int, pages: list[int]
) -> None:
    people = [{"LastName": f"P{number:04}"} for number in range(count)]
    sandbox.seed({"records": {"Contact": people}})

    sizes, seen = [], []
    answer = ada.soql("SELECT LastName FROM Contact ORDER BY LastName")
    while True:
        sizes.append(len(answer["records"]))
        seen += [row["LastName"] for row in answer["records"]]
        assert answer["totalSize"] == count
        if answer["done"]:
            break
        answer = ada("GET", answer["nextRecordsUrl"]).json()

    assert sizes == pages
    assert seen == [person["LastName"] for person in people]


def test_batch_size_is_asked_for_in_a_header(ada: Fixture, sandbox: Fixture) -> None:
    people = [{"LastName": f"P{number}"} for number in range(450)]
    sandbox.seed({"records": {"Contact": people}})
    options = {"Sforce_Query_Options": "batchSize=200"}
    answer = ada.soql("SELECT Id FROM Contact", **options)
    second = ada("GET", answer["nextRecordsUrl"]).json()
    third = ada("GET", second["nextRecordsUrl"]).json()
    assert [len(a["records"]) for a in (answer, second, third)] == [200, 200, 50]


def test_lost_cursor_is_told(ada: Fixture, sandbox: Fixture) -> None:
    sandbox.seed({"records": {"Contact": [{"LastName": "P"}] * 201}})
    options = {"Sforce_Query_Options": "batchSize=200"}
    answer = ada.soql("SELECT Id FROM Contact", **options)
    ada("POST", "/_control/faults", {"kind": "lose_delta_tokens"})
    _, error = ada.refused("GET", answer["nextRecordsUrl"])
    assert error["errorCode"] == "INVALID_QUERY_LOCATOR"


# -- deletions and changes


def test_query_all_sees_the_recycle_bin_for_15_days(
    ada: Fixture, people: list[str], clock: Fixture
) -> None:
    ada("DELETE", f"/sobjects/Contact/{people[0]}")
    query = "SELECT Id, IsDeleted FROM Contact WHERE IsDeleted = true"

    assert ada.soql(query)["totalSize"] == 0
    found = ada.soql(query, deleted=True)["records"]
    clock.pass_time(days=16)
    later = ada.soql(query, deleted=True)["records"]

    assert [row["Id"] for row in found] == [people[0]]
    assert later == []


def test_updated_and_deleted_tell_ids_of_a_span(
    ada: Fixture, people: list[str], clock: Fixture
) -> None:
    clock.pass_time(minutes=10)
    ada("DELETE", f"/sobjects/Contact/{people[0]}")
    clock.pass_time(minutes=1)
    span = "start=2026-11-24T08:00:00Z&end=2026-11-24T09:20:00%2B00:00"

    updated = ada("GET", f"/sobjects/Contact/updated/?{span}").json()
    deleted = ada("GET", f"/sobjects/Contact/deleted/?{span}").json()

    assert updated["ids"] == people[1:]
    assert updated["latestDateCovered"] == "2026-11-24T09:11:00.000+0000"
    assert [row["id"] for row in deleted["deletedRecords"]] == [people[0]]


@pytest.mark.parametrize(
    ("span", "code"),
    [
        ("start=2026-10-01T00:00:00Z&end=2026-11-24T00:00:00Z",
         "INVALID_REPLICATION_DATE"),
        ("start=2026-11-24T00:00:30Z&end=2026-11-24T00:00:50Z",
         "INVALID_REPLICATION_DATE"),
        ("start=yesterday&end=2026-11-24T00:00:00Z", "INVALID_DATE_FORMAT"),
    ],
)  # fmt: skip
def test_impossible_span_is_refused(ada: Fixture, span: str, code: str) -> None:
    _, error = ada.refused("GET", f"/sobjects/Contact/updated/?{span}")
    assert error["errorCode"] == code


# -- describe


def test_describe_tells_lengths_picklists_and_keys(ada: Fixture) -> None:
    described = ada("GET", "/sobjects/Event/describe").json()
    fields = {field["name"]: field for field in described["fields"]}
    assert fields["Subject"]["length"] == 255
    assert fields["ShowAs"]["restrictedPicklist"] is True
    values = [value["value"] for value in fields["ShowAs"]["picklistValues"]]
    assert values == ["Busy", "OutOfOffice", "Free"]
    key = fields["Syncline_Id__c"]
    assert (key["externalId"], key["unique"], key["caseSensitive"]) == (True,) * 3
    assert fields["WhoId"]["referenceTo"] == ["Contact", "Lead"]
    assert fields["SystemModstamp"]["createable"] is False


def test_described_again_it_is_not_modified_until_a_rule_changes(ada: Fixture) -> None:
    path = "/sobjects/Contact/describe"
    since = ada("GET", path).headers["Last-Modified"]
    same = ada("GET", path, If_Modified_Since=since)
    ada("POST", "/_control/org/rules", {"name": "Contact_Same_Person", "active": False})
    changed = ada("GET", path, If_Modified_Since=since)
    assert (same.status_code, changed.status_code) == (304, 200)


def test_changed_field_is_described_and_enforced(ada: Fixture) -> None:
    change = {"field": "Contact.Title", "length": 5}
    assert ada("POST", "/_control/org/fields", change).status_code == 204
    ada("POST", "/_control/org/fields", {"field": "Contact.Fax", "hidden": True})

    described = ada("GET", "/sobjects/Contact/describe").json()["fields"]
    fields = {field["name"]: field for field in described}
    body = {"LastName": "E", "Title": "Bosses"}
    _, long = ada.refused("POST", "/sobjects/Contact", body)
    _, hidden = ada.refused("POST", "/sobjects/Contact", {"LastName": "E", "Fax": "1"})

    assert fields["Title"]["length"] == 5
    assert "Fax" not in fields
    assert long["errorCode"] == "STRING_TOO_LONG"
    assert hidden["errorCode"] == "INVALID_FIELD"


def test_global_describe_and_versions(ada: Fixture) -> None:
    objects = {o["name"] for o in ada("GET", "/sobjects").json()["sobjects"]}
    assert {"Contact", "Event", "Task", "User", "Lead", "EmailMessage"} <= objects
    newest = ada.http.get("/services/data", headers={"Authorization": ""}).json()[-1]
    assert newest == {
        "label": "Winter '27", "url": "/services/data/v68.0", "version": "68.0",
    }  # fmt: skip
