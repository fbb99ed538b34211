"""Every refusal of Salesforce is read as what it means."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from syncline.connectors.base.http import Answer
from syncline.connectors.salesforce.codes import CALL_CODES, NEWER_CODES, RECORD_CODES
from syncline.connectors.salesforce.faults import (
    class_of,
    read_fault,
    read_record_fault,
)
from syncline.connectors.salesforce.wire import Problem, read_problems
from syncline.domain.values.faults import Fault, FaultClass

SHARED = Path(__file__).parents[5] / "shared"
SAMPLES = SHARED / "data" / "restforce"
TRIGGER = (
    "MyTrigger: execution of BeforeInsert caused by: System.DmlException: Insert "
    "failed. First exception on row 0; first error: "
    "FIELD_CUSTOM_VALIDATION_EXCEPTION, Say when: [ActivityDate] Trigger.MyTrigger: "
    "line 3, column 1"
)


def told(status: int, body: object, **headers: str) -> Fault:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_fault(
        Answer(
            provider="salesforce",
            operation="read",
            status=status,
            headers=headers,
            body=raw,
        )
    )


def one(code: str, message: str = "", **more: Any) -> Fault:
    body = [{"statusCode": code, "message": message, **more}]
    return read_record_fault(read_problems(json.dumps(body).encode()), "create")


def test_all_codes_are_there_once() -> None:
    assert (len(RECORD_CODES), len(CALL_CODES), len(NEWER_CODES)) == (308, 159, 10)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("FIELD_CUSTOM_VALIDATION_EXCEPTION", FaultClass.REJECTED),
        ("INSUFFICIENT_ACCESS_OR_READONLY", FaultClass.PERMISSION),
        ("API_DISABLED_FOR_ORG", FaultClass.PERMISSION),
        ("CANNOT_EXECUTE_FLOW_TRIGGER", FaultClass.REJECTED),
        ("STORAGE_LIMIT_EXCEEDED", FaultClass.REJECTED),
        ("ORG_IN_MAINTENANCE", FaultClass.UNAVAILABLE),
        ("UNABLE_TO_LOCK_ROW", FaultClass.UNAVAILABLE),
        ("FIELD_NOT_UPDATABLE", FaultClass.REJECTED),
        ("TABSET_LIMIT_EXCEEDED", FaultClass.REJECTED),
        ("INVALID_SESSION_ID", FaultClass.ACCESS),
        ("DUPLICATE_VALUE", FaultClass.EXISTS),
        ("ENTITY_IS_DELETED", FaultClass.NOT_FOUND),
        ("MODIFIED", FaultClass.VERSION),
        ("INVALID_REPLICATION_DATE", FaultClass.WATERMARK),
        ("BRAND_NEW_CODE", FaultClass.REJECTED),
    ],
)
def test_a_code_means_its_class(code: str, expected: FaultClass) -> None:
    assert class_of(code, of_record=True) is expected
    assert class_of(code) is expected


def test_an_inactive_user_is_about_the_record_or_about_us() -> None:
    code = "INACTIVE_OWNER_OR_USER"
    assert class_of(code, of_record=True) is FaultClass.REJECTED
    assert class_of(code) is FaultClass.PERMISSION


def test_the_two_request_limits_are_told_apart() -> None:
    code = "REQUEST_LIMIT_EXCEEDED"
    day = told(403, [{"errorCode": code, "message": "TotalRequests Limit exceeded."}])
    moment = "ConcurrentRequests (Concurrent API Requests) Limit exceeded."
    now = told(403, [{"errorCode": code, "message": moment}])
    assert day.fault_class is FaultClass.ALLOWANCE
    assert now.fault_class is FaultClass.THROTTLED


def test_an_unknown_code_is_kept() -> None:
    assert one("BRAND_NEW_CODE", "text").code == "BRAND_NEW_CODE"


def test_required_fields_are_read_from_the_list_or_the_text() -> None:
    text = "Required fields are missing: [LastName, Company]"
    assert one("REQUIRED_FIELD_MISSING", text, fields=["LastName"]).fields == (
        "LastName",
    )
    assert one("REQUIRED_FIELD_MISSING", text, fields=[]).fields == (
        "LastName",
        "Company",
    )


def test_an_id_in_brackets_is_no_field() -> None:
    text = "operation performed with inactive user [005000000000003AAA] as owner"
    fault = one("INACTIVE_OWNER_OR_USER", text)
    assert fault.fields == ()
    assert "005000000000003AAA" in fault.message


def test_an_unknown_column_is_the_field() -> None:
    text = "\nSELECT Foo FROM Event\nNo such column 'Foo' on entity 'Event'."
    assert told(400, [{"errorCode": "INVALID_FIELD", "message": text}]).fields == (
        "Foo",
    )


def test_the_code_inside_an_apex_error_counts() -> None:
    fault = one("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", TRIGGER)
    assert fault.code == "FIELD_CUSTOM_VALIDATION_EXCEPTION"
    assert fault.fault_class is FaultClass.REJECTED
    assert fault.message == "Say when (CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY)"
    assert fault.fields == ("ActivityDate",)


def test_an_apex_error_without_a_code_inside_stays() -> None:
    fault = one("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "null pointer")
    assert fault.code == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
    assert fault.message == "null pointer"


def test_a_taken_value_names_field_and_holder() -> None:
    text = (
        "duplicate value found: Syncline_Id__c duplicates value on record with id: "
        "00U000000000001"
    )
    fault = one("DUPLICATE_VALUE", text)
    assert fault.fault_class is FaultClass.EXISTS
    assert fault.fields == ("Syncline_Id__c",)
    assert fault.matches == ("00U000000000001EAA",)


@pytest.mark.parametrize("key", ["duplicateResut", "duplicateResult"])
def test_a_duplicate_rule_names_the_matches(key: str) -> None:
    records = [{"record": {"Id": "003000000000001AAA"}, "matchConfidence": 100.0}]
    payload = {
        "allowSave": True,
        "duplicateRule": "Standard_Contact_Rule",
        "matchResults": [{"matchRecords": records}],
    }
    text = "Use one of these records?"
    fault = one("DUPLICATES_DETECTED", text, **{key: payload})
    assert fault.matches == ("003000000000001AAA",)
    assert fault.message == f"{text} (Standard_Contact_Rule)"
    assert fault.fault_class is FaultClass.REJECTED


def test_a_senseless_duplicate_payload_spoils_nothing() -> None:
    fault = one("DUPLICATES_DETECTED", "Use one", duplicateResult={"matchResults": 1})
    assert (fault.matches, fault.message) == ((), "Use one")


def test_of_several_refusals_the_lasting_one_counts() -> None:
    problems = [
        Problem(status_code="UNABLE_TO_LOCK_ROW"),
        Problem(status_code="STRING_TOO_LONG", fields=["Title"]),
        Problem(status_code="STRING_TOO_LONG", fields=["Suffix"]),
    ]
    fault = read_record_fault(problems, "create")
    assert fault.code == "STRING_TOO_LONG"
    assert fault.fields == ("Title", "Suffix")


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (503, b"<html>Down for maintenance</html>", FaultClass.UNAVAILABLE),
        (500, b"", FaultClass.UNAVAILABLE),
        (420, b"", FaultClass.UNAVAILABLE),
        (401, b"", FaultClass.ACCESS),
        (403, b"<html>blocked</html>", FaultClass.PERMISSION),
        (403, b"Bad_OAuth_Token", FaultClass.ACCESS),
        (404, b"[1]", FaultClass.NOT_FOUND),
        (412, b"", FaultClass.VERSION),
        (414, b"\xff\xfe", FaultClass.BAD_RESPONSE),
    ],
)
def test_an_answer_without_a_code_is_read_by_its_status(
    status: int, body: bytes, expected: FaultClass
) -> None:
    fault = told(status, body)
    assert fault.fault_class is expected
    assert fault.status == status


def test_an_unknown_code_of_a_failing_server_passes() -> None:
    fault = told(500, [{"errorCode": "BRAND_NEW_CODE"}])
    assert fault.fault_class is FaultClass.UNAVAILABLE


def test_a_refused_token_is_an_access_fault() -> None:
    body = {"error": "invalid_grant", "error_description": "expired"}
    fault = told(400, body)
    assert (fault.fault_class, fault.code) == (FaultClass.ACCESS, "invalid_grant")


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="recorded answers are not here")
@pytest.mark.parametrize(
    ("name", "status", "code", "fields"),
    [
        ("expired_session_response", 401, "INVALID_SESSION_ID", ()),
        ("sobject__write_error_response", 400, "INVALID_FIELD", ("foo",)),
        ("sobject__query_error_response", 400, "INVALID_FIELD", ()),
        ("sobject__upsert_error_response", 404, "NOT_FOUND", ()),
        ("sobject__search_error_response", 400, "MALFORMED_SEARCH", ()),
        ("refresh_error_response", 400, "invalid_grant", ()),
        ("sobject__upsert_multiple_error_response", 300, "HTTP300", ()),
    ],
)
def test_recorded_refusals_are_understood(
    name: str, status: int, code: str, fields: tuple[str, ...]
) -> None:
    fault = told(status, (SAMPLES / f"{name}.json").read_bytes())
    assert (fault.code, fault.fields) == (code, fields)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the code lists are not here")
def test_the_tables_hold_the_published_lists() -> None:
    page = (SHARED / "api" / "salesforce-status-codes.md").read_text()
    listed = re.findall(r"^\| `([A-Z0-9_]+)` \| ([A-Z]) \|", page, re.M)
    known = {*RECORD_CODES.items(), *CALL_CODES.items(), *NEWER_CODES.items()}
    assert set(listed) == known
