"""Single records: what is accepted, what is refused, and in which words."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest

Fixture: TypeAlias = Any

NOBODY = "003Sb0000000zzzIAA"


def test_created_record_reads_back_with_attributes(ada: Fixture) -> None:
    made = ada.make("Contact", FirstName="Zoë", LastName="Ek", Email="z@ek.example")

    record = ada("GET", f"/sobjects/Contact/{made}").json()

    assert record["attributes"]["url"].endswith(f"/sobjects/Contact/{made}")
    assert record["Name"] == "Zoë Ek"
    assert record["SystemModstamp"] == "2026-11-24T09:00:00.000+0000"


def test_short_id_names_the_same_record(ada: Fixture) -> None:
    made = ada.make("Contact", LastName="Ek")
    assert ada("GET", f"/sobjects/Contact/{made[:15]}").json()["Id"] == made


def test_update_moves_the_stamp_and_nulls_clear_fields(
    ada: Fixture, clock: Fixture
) -> None:
    made = ada.make("Contact", LastName="Ek", Title="Buyer")
    clock.pass_time(seconds=5)

    answer = ada("PATCH", f"/sobjects/Contact/{made}", {"Title": None})

    record = ada("GET", f"/sobjects/Contact/{made}?fields=Title,SystemModstamp").json()
    assert answer.status_code == 204
    assert record["Title"] is None
    assert record["SystemModstamp"] == "2026-11-24T09:00:05.000+0000"


def test_deleted_record_is_told_as_deleted(ada: Fixture) -> None:
    made = ada.make("Contact", LastName="Ek")
    assert ada("DELETE", f"/sobjects/Contact/{made}").status_code == 204
    status, error = ada.refused("PATCH", f"/sobjects/Contact/{made}", {"Title": "x"})
    assert (status, error["errorCode"]) == (404, "ENTITY_IS_DELETED")


REFUSALS = [
    ("Contact", {"FirstName": "Z"}, "REQUIRED_FIELD_MISSING", "LastName"),
    ("Contact", {"LastName": "x" * 81}, "STRING_TOO_LONG", "LastName"),
    (
        "Contact",
        {"LastName": "E", "Salutation": "Sir"},
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        "Salutation",
    ),
    ("Contact", {"LastName": "E", "Email": "e@"}, "INVALID_EMAIL_ADDRESS", "Email"),
    ("Contact", {"LastName": "E", "AccountId": "x"}, "MALFORMED_ID", "AccountId"),
    (
        "Event",
        {"Subject": "S", "IsAllDayEvent": True, "ActivityDate": "2026-11-25"}
        | {"WhoId": NOBODY},
        "INVALID_CROSS_REFERENCE_KEY",
        "WhoId",
    ),
    ("Contact", {"LastName": "E", "Foo__c": 1}, "INVALID_FIELD", None),
    (
        "Contact",
        {"LastName": "E", "SystemModstamp": "2026-11-25T10:00:00Z"},
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        "SystemModstamp",
    ),
    ("Contact", {"LastName": "E", "Birthdate": "31/12"}, "JSON_PARSER_ERROR", None),
    (
        "Contact",
        {"LastName": "E", "Title": "Chief of Staff"},
        "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "Department",
    ),
    (
        "Event",
        {"Subject": "TBD", "IsAllDayEvent": True, "ActivityDate": "2026-11-25"},
        "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "Subject",
    ),
    ("Event", {"Subject": "S"}, "REQUIRED_FIELD_MISSING", "ActivityDateTime"),
]


@pytest.mark.parametrize(("sobject", "fields", "code", "named"), REFUSALS)
def test_refusal_has_the_code_and_names_the_field(
    ada: Fixture, sobject: str, fields: Fixture, code: str, named: str | None
) -> None:
    status, error = ada.refused("POST", f"/sobjects/{sobject}", fields)
    assert (status, error["errorCode"]) == (400, code)
    if named is not None:
        assert named in error["fields"]


def test_too_long_text_is_told_with_label_and_limit(ada: Fixture) -> None:
    _, error = ada.refused("POST", "/sobjects/Contact", {"LastName": "x" * 81})
    assert error["message"].startswith("Last Name: data value too large: xxx")
    assert error["message"].endswith("(max length=80)")


def test_record_of_an_inactive_owner_is_refused(ada: Fixture, sandbox: Fixture) -> None:
    dora = sandbox.org.find_user("dora.gone@northwind-sandbox.example")["Id"]
    body = {"LastName": "E", "OwnerId": dora}
    _, error = ada.refused("POST", "/sobjects/Contact", body)
    assert error["errorCode"] == "INACTIVE_OWNER_OR_USER"
    expected = f"operation performed with inactive user [{dora}] as owner of contact"
    assert error["message"] == expected


@pytest.mark.parametrize(
    ("flag", "status", "code"),
    [
        ("locked", 400, "ENTITY_IS_LOCKED"),
        ("read_only", 403, "INSUFFICIENT_ACCESS_OR_READONLY"),
    ],
)
def test_protected_record_refuses_update_and_delete(
    ada: Fixture, flag: str, status: int, code: str
) -> None:
    made = ada.make("Contact", LastName="E")
    ada("POST", "/_control/org/records", {"id": made, flag: True})
    for method, body in (("PATCH", {"Title": "x"}), ("DELETE", None)):
        found, error = ada.refused(method, f"/sobjects/Contact/{made}", body)
        assert (found, error["errorCode"]) == (status, code)
    ada("POST", "/_control/org/records", {"id": made, flag: False})
    assert ada("DELETE", f"/sobjects/Contact/{made}").status_code == 204


def test_unique_key_names_the_other_record(ada: Fixture) -> None:
    made = ada.make("Contact", LastName="A", Syncline_Id__c="k")
    body = {"LastName": "B", "Syncline_Id__c": "k"}
    _, error = ada.refused("POST", "/sobjects/Contact", body)
    assert error["errorCode"] == "DUPLICATE_VALUE"
    assert error["message"].endswith(made[:15])


def test_duplicate_rule_offers_candidates_and_can_be_passed(ada: Fixture) -> None:
    made = ada.make("Contact", FirstName="Åsa", LastName="Ek", Phone="+46 (8) 123")
    twin = {"FirstName": "åsa", "LastName": "EK", "MobilePhone": "468123"}

    _, error = ada.refused("POST", "/sobjects/Contact", twin)
    match = error["duplicateResut"]["matchResults"][0]["matchRecords"][0]

    assert error["errorCode"] == "DUPLICATES_DETECTED"
    assert error["duplicateResut"]["allowSave"] is True
    assert match["record"]["Id"] == made
    header = {"Sforce_Duplicate_Rule_Header": "allowSave=true"}
    assert ada("POST", "/sobjects/Contact", twin, **header).status_code == 201


def test_switched_off_rule_refuses_nothing(ada: Fixture) -> None:
    rule = {"name": "Executives_Need_Department", "active": False}
    assert ada("POST", "/_control/org/rules", rule).status_code == 204
    assert ada.make("Contact", LastName="E", Title="Chief")


def test_private_records_are_their_owners_alone(ada: Fixture, bruno: Fixture) -> None:
    contact = ada.make("Contact", LastName="Private")
    event = ada.make_meeting(IsPrivate=True)
    for path in (f"/sobjects/Contact/{contact}", f"/sobjects/Event/{event}"):
        assert ada("GET", path).status_code == 200
        assert bruno.refused("GET", path)[1]["errorCode"] == "NOT_FOUND"
    assert bruno.soql("SELECT Id FROM Event")["totalSize"] == 0


def test_write_after_the_given_date_is_refused(ada: Fixture, clock: Fixture) -> None:
    made = ada.make("Contact", LastName="E")
    path = f"/sobjects/Contact/{made}"
    before = "Tue, 24 Nov 2026 08:59:00 GMT"
    late = ada("PATCH", path, {"Title": "x"}, If_Unmodified_Since=before)
    clock.pass_time(minutes=1)
    after = "Tue, 24 Nov 2026 09:00:30 GMT"
    good = ada("PATCH", path, {"Title": "x"}, If_Unmodified_Since=after)
    assert (late.status_code, good.status_code) == (412, 204)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/sobjects/Nothing", 404, "NOT_FOUND"),
        ("/sobjects/Contact/short", 404, "NOT_FOUND"),
        ("/sobjects/Contact/00USb0000000001MAA", 400, "MALFORMED_ID"),
        (f"/sobjects/Contact/{NOBODY}", 404, "NOT_FOUND"),
        ("/nothing", 404, "NOT_FOUND"),
        ("/services/data/v30.0/limits", 410, "UNSUPPORTED_API_VERSION"),
    ],
)
def test_wrong_paths_are_told_apart(
    ada: Fixture, path: str, status: int, code: str
) -> None:
    found, error = ada.refused("GET", path)
    assert (found, error["errorCode"]) == (status, code)


def test_wrong_method_and_media_type_are_refused(ada: Fixture) -> None:
    assert ada.refused("DELETE", "/sobjects/Contact")[0] == 405
    answer = ada.http.post(
        "/services/data/v68.0/sobjects/Contact",
        content=b"<a/>",
        headers={"Content-Type": "text/xml"},
    )
    assert answer.status_code == 415


# -- external ids


def test_upsert_creates_then_updates_then_is_ambiguous(
    ada: Fixture, sandbox: Fixture
) -> None:
    path = "/sobjects/Contact/Syncline_Id__c/a%2Fb%3D%3D"
    first = ada("PATCH", path, {"LastName": "E"})
    second = ada("PATCH", path, {"Title": "Buyer"})
    sandbox.seed(
        {"records": {"Contact": [{"LastName": "E", "Syncline_Id__c": "a/b=="}]}}
    )
    third = ada("PATCH", path, {"Title": "Boss"})

    assert (first.status_code, first.json()["created"]) == (201, True)
    assert (second.status_code, second.json()["created"]) == (200, False)
    assert second.json()["id"] == first.json()["id"]
    assert third.status_code == 300
    assert len(third.json()) == 2


def test_upsert_by_a_field_that_is_no_external_id_is_not_found(ada: Fixture) -> None:
    path = "/sobjects/Contact/Email/e@x.example"
    status, error = ada.refused("PATCH", path, {"LastName": "E"})
    assert (status, error["errorCode"]) == (404, "NOT_FOUND")


def test_upsert_cannot_see_another_owners_private_record(
    ada: Fixture, bruno: Fixture
) -> None:
    ada.make("Contact", LastName="E", Syncline_Id__c="k")
    path = "/sobjects/Contact/Syncline_Id__c/k"
    _, error = bruno.refused("PATCH", path, {"LastName": "F"})
    assert error["errorCode"] == "DUPLICATE_VALUE"


def test_key_is_free_again_after_a_delete(ada: Fixture) -> None:
    made = ada.make("Contact", LastName="E", Syncline_Id__c="k")
    ada("DELETE", f"/sobjects/Contact/{made}")
    assert ada.make("Contact", LastName="F", Syncline_Id__c="k") != made


# -- events


def read_times(ada: Fixture, event: str) -> Fixture:
    """Start, end, minutes and first day of an event."""
    record = ada("GET", f"/sobjects/Event/{event}").json()
    names = ("StartDateTime", "EndDateTime", "DurationInMinutes", "ActivityDate")
    return [record[name] for name in names]


def test_timed_event_derives_what_was_not_given(ada: Fixture) -> None:
    made = ada.make(
        "Event", Subject="S", ActivityDateTime="2026-11-25T23:30:00+01:00",
        DurationInMinutes=90,
    )  # fmt: skip
    assert read_times(ada, made) == [
        "2026-11-25T22:30:00.000+0000",
        "2026-11-26T00:00:00.000+0000",
        90,
        "2026-11-25",
    ]


def test_moving_the_start_keeps_the_duration(ada: Fixture) -> None:
    made = ada.make_meeting()
    ada("PATCH", f"/sobjects/Event/{made}", {"StartDateTime": "2026-11-26T08:00:00Z"})
    assert read_times(ada, made)[1:3] == ["2026-11-26T09:00:00.000+0000", 60]


def test_all_day_event_spans_whole_days_in_utc(ada: Fixture) -> None:
    made = ada.make(
        "Event", Subject="Fair", IsAllDayEvent=True, ActivityDate="2026-11-25",
        EndDate="2026-11-27",
    )  # fmt: skip
    assert read_times(ada, made) == [
        "2026-11-25T00:00:00.000+0000",
        "2026-11-27T00:00:00.000+0000",
        3 * 1440,
        "2026-11-25",
    ]


def test_timed_event_becomes_all_day(ada: Fixture) -> None:
    made = ada.make_meeting()
    change = {"IsAllDayEvent": True, "ActivityDate": "2026-11-26"}
    assert ada("PATCH", f"/sobjects/Event/{made}", change).status_code == 204
    assert read_times(ada, made)[2:] == [1440, "2026-11-26"]


@pytest.mark.parametrize(
    "times",
    [
        {"EndDateTime": "2026-11-25T09:00:00Z"},
        {"EndDateTime": "2026-12-25T10:00:00Z"},
        {"EndDateTime": "2026-11-25T11:00:00Z", "DurationInMinutes": 5},
        {"ActivityDateTime": "2026-11-25T10:30:00Z"},
    ],
)
def test_contradicting_times_are_refused(ada: Fixture, times: Fixture) -> None:
    body = {"Subject": "S", "StartDateTime": "2026-11-25T10:00:00Z"} | times
    _, error = ada.refused("POST", "/sobjects/Event", {"DurationInMinutes": 60} | body)
    assert error["errorCode"] == "FIELD_INTEGRITY_EXCEPTION"


def test_event_takes_its_account_from_the_contact(ada: Fixture) -> None:
    account = ada.make("Account", Name="Acme")
    contact = ada.make("Contact", LastName="E", AccountId=account)
    made = ada.make_meeting(WhoId=contact)
    assert ada("GET", f"/sobjects/Event/{made}").json()["AccountId"] == account


def test_event_of_a_lead_is_related_to_nothing_else(ada: Fixture) -> None:
    account = ada.make("Account", Name="Acme")
    lead = ada.make("Lead", LastName="L", Company="C")
    body = {"Subject": "S", "IsAllDayEvent": True, "ActivityDate": "2026-11-25"}
    body |= {"WhoId": lead, "WhatId": account}
    _, error = ada.refused("POST", "/sobjects/Event", body)
    assert error["errorCode"] == "FIELD_INTEGRITY_EXCEPTION"


def test_completed_task_is_closed(ada: Fixture) -> None:
    made = ada.make("Task", Subject="Call", Status="Completed")
    record = ada("GET", f"/sobjects/Task/{made}").json()
    assert record["IsClosed"] is True
    assert record["CompletedDateTime"] == "2026-11-24T09:00:00.000+0000"
