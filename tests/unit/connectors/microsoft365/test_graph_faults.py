"""The table that turns Graph's refusals into faults."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from syncline.connectors.base.http import Answer
from syncline.connectors.microsoft365.faults import (
    CLASS_OF_CODE,
    is_graphs_not_found,
    is_in_doubt,
    read_fault,
)
from syncline.domain.values.faults import Fault, FaultClass


def fault(status: int, body: object = b"", **headers: str) -> Fault:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return read_fault(
        Answer(
            provider="microsoft365",
            operation="read",
            status=status,
            headers=named,
            body=content,
        )
    )


def refusal(code: str, inner: object = None) -> dict[str, object]:
    return {"error": {"code": code, "message": "Words.", "innerError": inner}}


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, "ErrorCalendarEndDateIsEarlierThanStartDate", FaultClass.REJECTED),
        (401, "InvalidAuthenticationToken", FaultClass.ACCESS),
        (403, "ErrorAccessDenied", FaultClass.PERMISSION),
        (404, "ErrorItemNotFound", FaultClass.NOT_FOUND),
        (404, "MailboxNotEnabledForRESTAPI", FaultClass.PERMISSION),
        (409, "ErrorIrresolvableConflict", FaultClass.VERSION),
        (409, "nameAlreadyExists", FaultClass.EXISTS),
        (410, "SyncStateNotFound", FaultClass.WATERMARK),
        (400, "syncStateNotFound", FaultClass.WATERMARK),
        (404, "ResyncRequired", FaultClass.WATERMARK),
        (412, "ConditionNotMet", FaultClass.VERSION),
        (507, "ErrorQuotaExceeded", FaultClass.REJECTED),
        (423, "resourceLocked", FaultClass.UNAVAILABLE),
        (429, "ApplicationThrottled", FaultClass.THROTTLED),
        (503, "ErrorServerBusy", FaultClass.THROTTLED),
        (503, "ErrorMailboxMoveInProgress", FaultClass.UNAVAILABLE),
        (500, "neverHeardOf", FaultClass.UNAVAILABLE),
        (400, "neverHeardOf", FaultClass.REJECTED),
        (418, "neverHeardOf", FaultClass.REJECTED),
        (302, "neverHeardOf", FaultClass.BAD_RESPONSE),
    ],
)
def test_codes_and_statuses_are_classified(
    status: int, code: str, expected: FaultClass
) -> None:
    found = fault(status, refusal(code))
    assert (found.fault_class, found.code) == (expected, code)
    assert found.message == "Words."


def test_deeper_code_is_preferred() -> None:
    inner = {
        "request-id": "r-1",
        "code": "middle",
        "innererror": {"code": "ErrorQuotaExceeded"},
    }
    found = fault(400, refusal("BadRequest", inner))
    assert (found.code, found.request_id) == ("ErrorQuotaExceeded", "r-1")
    assert found.fault_class is FaultClass.REJECTED


def test_unknown_deeper_code_leaves_the_class_to_the_outer_one() -> None:
    found = fault(400, refusal("syncStateNotFound", {"code": "neverHeardOf"}))
    assert found.fault_class is FaultClass.WATERMARK
    assert found.code == "neverHeardOf"


@pytest.mark.parametrize(
    "body", [b"", b"<html>Bad gateway</html>", b"[]", b'{"error": "text"}', b"\xff"]
)
def test_body_of_any_other_kind_is_told_by_status(body: bytes) -> None:
    found = fault(502, body, request_id="r-2", retry_after="7")
    assert found.fault_class is FaultClass.UNAVAILABLE
    assert (found.code, found.request_id) == ("HTTP502", "r-2")
    assert found.retry_after == timedelta(seconds=7)


def test_step_up_is_a_matter_of_access() -> None:
    header = 'Bearer error="insufficient_claims", claims="eyJ"'
    found = fault(403, refusal("accessDenied"), www_authenticate=header)
    assert found.fault_class is FaultClass.ACCESS
    assert found.code == "insufficient_claims"


def test_bare_404_proves_no_deletion() -> None:
    assert is_graphs_not_found(fault(404, refusal("ErrorItemNotFound")))
    assert not is_graphs_not_found(fault(404, b"<html>Not found</html>"))


@pytest.mark.parametrize(
    ("status", "expected"),
    [(400, False), (412, False), (429, True), (500, True), (503, True), (504, True)],
)
def test_write_is_in_doubt_unless_the_service_refused_it(
    status: int, *, expected: bool
) -> None:
    assert is_in_doubt(fault(status)) is expected


def test_table_is_in_lower_case() -> None:
    assert all(code == code.lower() for code in CLASS_OF_CODE)
