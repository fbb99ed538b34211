"""Many records or many calls in one request."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest

Fixture: TypeAlias = Any
ROOT = "/services/data/v68.0"


def contact(**fields: Fixture) -> dict[str, Fixture]:
    """A contact as an element of a collection."""
    return {"attributes": {"type": "Contact"}} | fields


def part(reference: str, method: str, path: str, **more: Fixture) -> Fixture:
    """A part of a composite."""
    return {"referenceId": reference, "method": method, "url": ROOT + path} | more


def composite(ada: Fixture, *parts: Fixture, together: bool = False) -> Fixture:
    """The answers of a composite, by reference."""
    body = {"allOrNone": together, "compositeRequest": list(parts)}
    answer = ada("POST", "/composite", body)
    assert answer.status_code == 200, answer.text
    return {a["referenceId"]: a for a in answer.json()["compositeResponse"]}


# -- collections


def test_collection_answers_in_order_and_goes_on_after_a_refusal(
    ada: Fixture, sandbox: Fixture
) -> None:
    records = [
        contact(LastName="A"),
        contact(FirstName="nameless"),
        contact(LastName="C", Foo=1),
        {"attributes": {"type": "Nothing"}},
        contact(LastName="D", Birthdate="soon"),
        contact(LastName="E"),
    ]
    results = ada("POST", "/composite/sobjects", {"records": records}).json()

    codes = [r["errors"][0]["statusCode"] if r["errors"] else "" for r in results]
    assert codes == [
        "",
        "REQUIRED_FIELD_MISSING",
        "INVALID_FIELD",
        "INVALID_TYPE",
        "INVALID_TYPE_ON_FIELD_IN_RECORD",
        "",
    ]
    assert results[1]["errors"][0]["fields"] == ["LastName"]
    assert sandbox.counters.writes == 2


def test_all_or_none_undoes_the_good_ones(ada: Fixture, sandbox: Fixture) -> None:
    body = {"allOrNone": True, "records": [contact(LastName="A"), contact()]}
    results = ada("POST", "/composite/sobjects", body).json()
    codes = [r["errors"][0]["statusCode"] for r in results]
    assert codes == ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "REQUIRED_FIELD_MISSING"]
    assert ada.soql("SELECT COUNT() FROM Contact")["totalSize"] == 0
    assert sandbox.counters.writes == 0


def test_collection_update_finds_records_by_id(ada: Fixture) -> None:
    made = ada.make("Contact", LastName="A")
    records = [
        contact(id=made[:15], Title="Buyer"),
        contact(Title="nobody"),
        contact(id="003Sb0000000zzzIAA", Title="nowhere"),
        contact(id="003Sb0000000zzzXXX", Title="malformed"),
    ]
    results = ada("PATCH", "/composite/sobjects", {"records": records}).json()
    assert results[0] == {"id": made, "success": True, "errors": []}
    codes = [r["errors"][0]["statusCode"] for r in results[1:]]
    assert codes == [
        "MISSING_ARGUMENT",
        "INVALID_CROSS_REFERENCE_KEY",
        "MALFORMED_ID",
    ]


def test_collection_upsert_creates_and_updates(ada: Fixture) -> None:
    made = ada.make("Contact", LastName="A", Syncline_Id__c="one")
    records = [
        contact(Syncline_Id__c="one", Title="Buyer"),
        contact(Syncline_Id__c="two", LastName="B"),
        contact(Syncline_Id__c="two", LastName="C"),
        contact(LastName="keyless"),
    ]
    url = "/composite/sobjects/Contact/Syncline_Id__c"
    results = ada("PATCH", url, {"records": records}).json()
    assert (results[0]["id"], results[0]["created"]) == (made, False)
    assert results[1]["created"] is True
    codes = [r["errors"][0]["statusCode"] for r in results[2:]]
    assert codes == ["DUPLICATE_VALUE", "MISSING_ARGUMENT"]


def test_collection_delete_and_retrieve(ada: Fixture) -> None:
    ids = [ada.make("Contact", LastName=name) for name in "ABC"]
    url = f"/composite/sobjects?ids={ids[0]},{ids[0]},x&allOrNone=false"
    deleted = ada("DELETE", url).json()
    body = {"ids": ids, "fields": ["LastName"]}
    found = ada("POST", "/composite/sobjects/Contact", body).json()

    assert [r["success"] for r in deleted] == [True, False, False]
    assert deleted[1]["errors"][0]["statusCode"] == "ENTITY_IS_DELETED"
    assert [r and r["LastName"] for r in found] == [None, "B", "C"]


def test_201_records_are_too_many(ada: Fixture) -> None:
    def send(count: int) -> Fixture:
        body = {"records": [contact(LastName="A")] * count}
        return ada("POST", "/composite/sobjects", body)

    assert len(send(200).json()) == 200
    refused = send(201)
    assert refused.status_code == 400
    assert refused.json()[0]["errorCode"] == "EXCEEDED_MAX_SOBJECTS"


def test_eleven_chunks_of_types_are_too_many(ada: Fixture) -> None:
    account = {"attributes": {"type": "Account"}, "Name": "A"}
    records = [contact(LastName="A"), account] * 5 + [contact(LastName="B")]
    _, error = ada.refused("POST", "/composite/sobjects", {"records": records})
    assert error["errorCode"] == "EXCEEDED_MAX_TYPES_LIMIT"


def test_per_record_duplicate_names_the_candidates(ada: Fixture) -> None:
    made = ada.make("Contact", LastName="Ek", Email="e@ek.example")
    twin = contact(LastName="Ek", Email="E@ek.example")
    result = ada("POST", "/composite/sobjects", {"records": [twin]}).json()[0]
    error = result["errors"][0]
    matches = error["duplicateResut"]["matchResults"][0]["matchRecords"]
    assert error["statusCode"] == "DUPLICATES_DETECTED"
    assert matches[0]["record"]["Id"] == made


# -- composite


def test_composite_parts_refer_to_earlier_answers(ada: Fixture) -> None:
    query = "/query?q=SELECT+Id,Name+FROM+Account"
    body = {"LastName": "E", "AccountId": "@{account.id}"}
    answers = composite(
        ada,
        part("account", "POST", "/sobjects/Account", body={"Name": "Acme"}),
        part("contact", "POST", "/sobjects/Contact", body=body),
        part("query", "GET", query),
        part("again", "GET", "/sobjects/Account/@{query.records[0].Id}"),
    )
    assert answers["contact"]["httpStatusCode"] == 201
    assert answers["again"]["body"]["Name"] == "Acme"
    location = answers["account"]["httpHeaders"]["Location"]
    assert location.endswith(answers["account"]["body"]["id"])


def test_part_that_refers_to_a_failed_one_is_halted(ada: Fixture) -> None:
    body = {"LastName": "E", "AccountId": "@{account.id}"}
    answers = composite(
        ada,
        part("account", "POST", "/sobjects/Account", body={}),
        part("contact", "POST", "/sobjects/Contact", body=body),
        part("other", "GET", "/limits"),
    )
    assert answers["account"]["body"][0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    assert answers["contact"]["body"][0]["errorCode"] == "PROCESSING_HALTED"
    assert answers["other"]["httpStatusCode"] == 200


def test_composite_all_or_none_undoes_everything(
    ada: Fixture, sandbox: Fixture
) -> None:
    inner = {"allOrNone": True, "records": [contact(LastName="B")]}
    answers = composite(
        ada,
        part("one", "POST", "/composite/sobjects", body=inner),
        part("two", "POST", "/sobjects/Account", body={"Name": "A"}),
        part("three", "POST", "/sobjects/Contact", body={}),
        together=True,
    )
    assert answers["one"]["body"][0]["errorCode"] == "PROCESSING_HALTED"
    assert answers["three"]["body"][0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    assert ada.soql("SELECT COUNT() FROM Contact")["totalSize"] == 0
    assert ada.soql("SELECT COUNT() FROM Account")["totalSize"] == 0
    assert sandbox.counters.writes == 0


def test_describe_inside_a_composite_can_be_not_modified(ada: Fixture) -> None:
    path = "/sobjects/Event/describe"
    since = ada("GET", path).headers["Last-Modified"]
    headers = {"If-Modified-Since": since}
    answers = composite(ada, part("d", "GET", path, httpHeaders=headers))
    assert answers["d"]["httpStatusCode"] == 304
    assert answers["d"]["body"] is None


def test_composite_is_one_request_of_the_daily_limit(
    ada: Fixture, sandbox: Fixture
) -> None:
    composite(ada, part("a", "GET", "/limits"), part("b", "GET", "/limits"))
    assert sandbox.counters.requests == 1
    assert sandbox.counters.by_call == {"POST /composite": 1}


@pytest.mark.parametrize(
    ("path", "count"), [("/limits", 26), ("/query?q=SELECT+Id+FROM+Event", 6)]
)
def test_composite_refuses_too_many_parts(ada: Fixture, path: str, count: int) -> None:
    parts = [part(f"r{number}", "GET", path) for number in range(count)]
    status, error = ada.refused("POST", "/composite", {"compositeRequest": parts})
    assert (status, error["errorCode"]) == (400, "LIMIT_EXCEEDED")


def test_batch_parts_are_independent_unless_halted(ada: Fixture) -> None:
    parts = [
        {"method": "GET", "url": "v68.0/nothing"},
        {"method": "GET", "url": "v68.0/limits"},
    ]
    free = ada("POST", "/composite/batch", {"batchRequests": parts}).json()
    body = {"batchRequests": parts, "haltOnError": True}
    halted = ada("POST", "/composite/batch", body).json()
    assert [r["statusCode"] for r in free["results"]] == [404, 200]
    assert [r["statusCode"] for r in halted["results"]] == [404, 412]
    assert halted["hasErrors"] is True


def test_fault_fails_a_single_part(ada: Fixture) -> None:
    match = {"method": "PATCH", "path_contains": "/sobjects/Contact/Syncline_Id__c/b"}
    fault = {"kind": "status", "status": 503, "match": match, "when": "after"}
    ada("POST", "/_control/faults", fault)
    body = {"LastName": "E"}
    answers = composite(
        ada,
        part("a", "PATCH", "/sobjects/Contact/Syncline_Id__c/a", body=body),
        part("b", "PATCH", "/sobjects/Contact/Syncline_Id__c/b", body=body),
    )
    assert answers["a"]["httpStatusCode"] == 201
    assert answers["b"]["body"][0]["errorCode"] == "SERVER_UNAVAILABLE"
    assert ada.soql("SELECT COUNT() FROM Contact")["totalSize"] == 2


# -- bodies that make no sense


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/composite/sobjects", []),
        ("POST", "/composite/sobjects", {"records": ["x"]}),
        ("POST", "/composite/sobjects/Contact", {"ids": 1, "fields": ["Id"]}),
        ("POST", "/composite", {"compositeRequest": [1]}),
        ("POST", "/composite", {"compositeRequest": [{"referenceId": []}]}),
        ("POST", "/composite/batch", {"batchRequests": [None]}),
        ("POST", "/sobjects/Contact", "text"),
        ("POST", "/sobjects/Contact", {"LastName": {"a": 1}}),
        ("POST", "/sobjects/Contact", {"LastName": "E", "Birthdate": "0000-00-00"}),
        (
            "POST",
            "/sobjects/Event",
            {"Subject": "S", "StartDateTime": "0001-01-01T00:00:00+05:00"},
        ),
        (
            "POST",
            "/sobjects/Event",
            {"Subject": "S", "DurationInMinutes": 10**30},
        ),
    ],
)
def test_nonsense_is_a_bad_request(
    ada: Fixture, method: str, path: str, body: Fixture
) -> None:
    status, error = ada.refused(method, path, body)
    assert status == 400
    assert error["errorCode"]


@pytest.mark.parametrize(
    "record",
    [
        {"attributes": "Contact", "LastName": "E"},
        {"attributes": {"type": "Contact"}, "LastName": "E", "OwnerId": ["x"]},
        {"attributes": {"type": "Contact"}, "LastName": None},
    ],
)
def test_nonsense_record_stops_no_other(ada: Fixture, record: Fixture) -> None:
    body = {"records": [record, contact(LastName="Good")]}
    results = ada("POST", "/composite/sobjects", body).json()
    assert [result["success"] for result in results] == [False, True]


def test_crashed_trigger_takes_all_of_its_kind_down(ada: Fixture) -> None:
    """H03: one bad row fails the batch when a trigger crashes."""
    ada("POST", "/_control/org/rules", {"name": "Event_Trigger", "active": True})
    times = {"StartDateTime": "2026-11-25T10:00:00Z", "DurationInMinutes": 5}
    event = {"attributes": {"type": "Event"}} | times
    records = [
        event | {"Subject": "Fine", "Syncline_Id__c": "k1"},
        event | {"Subject": "Bad [crash]", "Syncline_Id__c": "k2"},
        {"attributes": {"type": "Contact"}, "LastName": "Ek"},
    ]
    results = ada("POST", "/composite/sobjects", {"records": records}).json()
    codes = [[error["statusCode"] for error in r["errors"]] for r in results]
    crashed = ["CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"]
    assert codes == [crashed, crashed, []]
    assert ada.soql("SELECT Id FROM Event")["records"] == []
    assert len(ada.soql("SELECT Id FROM Contact")["records"]) == 1
    assert ada("GET", "/_control/counters").json()["writes"] == 1
    again = {"records": records[:1]}
    path = "/composite/sobjects/Event/Syncline_Id__c"
    assert ada("PATCH", path, again).json()[0]["created"] is True
