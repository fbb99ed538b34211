"""Answers that make no sense fail a read, or leave a write's outcome open."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from crm_org import WINDOW, operation, person

from syncline.connectors.base.http import Http
from syncline.connectors.salesforce import Salesforce, build, read_fault
from syncline.domain.errors import PassingError
from syncline.domain.values.changes import Presence, Watermark
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import Verb

USER_ID = "005000000000001AAA"
CONTACT_ID = "003000000000001AAA"
EMPTY = {"done": True, "totalSize": 0, "records": []}
DESCRIPTION = {"name": "Event", "fields": []}
Handle = Callable[[httpx2.Request], httpx2.Response]


def connect(handle: Handle) -> Salesforce:
    http = Http(
        provider="salesforce",
        base_url="https://org.example",
        read_fault=read_fault,
        client=httpx2.Client(transport=httpx2.MockTransport(handle)),
        sleep=lambda _: None,
    )
    return build(http, USER_ID)


def composite(**bodies: Any) -> Handle:
    """Answers each part with 304 or with an empty page, but for the given ones."""

    def handle(request: httpx2.Request) -> httpx2.Response:
        parts = json.loads(request.content)["compositeRequest"]
        answers = [_part(part["referenceId"], bodies) for part in parts]
        return httpx2.Response(200, json={"compositeResponse": answers})

    return handle


def _part(reference: str, bodies: dict[str, Any]) -> dict[str, Any]:
    status = 304 if reference.startswith("describe") else 200
    body = None if status == 304 else bodies.get(reference, EMPTY)
    return {
        "referenceId": reference,
        "httpStatusCode": status,
        "httpHeaders": {},
        "body": body,
    }


def saves(*answers: object) -> Handle:
    """Answers writes one by one, the last one for ever, and retrieves with null."""
    left = list(answers)

    def handle(request: httpx2.Request) -> httpx2.Response:
        if request.method == "POST":
            count = len(json.loads(request.content)["ids"])
            return httpx2.Response(200, json=[None] * count)
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, bytes):
            return httpx2.Response(200, content=answer)
        return httpx2.Response(200, json=answer)

    return handle


SAVED = [{"id": CONTACT_ID, "success": True, "errors": [], "created": True}]
LOCKED = [
    {"success": False, "errors": [{"statusCode": "UNABLE_TO_LOCK_ROW", "fields": []}]}
]


@pytest.mark.parametrize(
    "page",
    [
        {"done": True, "totalSize": 2, "records": [{"Id": CONTACT_ID}]},
        {"done": False, "totalSize": 2, "records": [{"Id": CONTACT_ID}]},
        {"done": True, "totalSize": 0},
        {"done": True, "totalSize": 1, "records": [7]},
        {"done": "perhaps", "records": []},
        ["no page"],
        None,
    ],
)
def test_a_page_that_makes_no_sense_fails_the_read(page: object) -> None:
    salesforce = connect(composite(read_Contact=page))
    with pytest.raises(PassingError) as caught:
        salesforce.changes.read(None, WINDOW)
    assert caught.value.fault.fault_class is FaultClass.BAD_RESPONSE


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"compositeResponse": [{"ref',
        b'{"compositeResponse": []}',
        b'"\xff"',
    ],
)
def test_a_composite_that_makes_no_sense_fails_the_read(body: bytes) -> None:
    salesforce = connect(lambda _: httpx2.Response(200, content=body))
    with pytest.raises(PassingError) as caught:
        salesforce.changes.read(None, WINDOW)
    assert caught.value.fault.fault_class is FaultClass.BAD_RESPONSE


def test_without_a_server_time_the_newest_stamp_is_the_resume_point() -> None:
    row = {
        "Id": CONTACT_ID,
        "SystemModstamp": "2026-11-24T10:00:00.000+0000",
        "LastName": "Lind",
    }
    page = {"done": True, "totalSize": 1, "records": [row]}
    found = connect(composite(read_Contact=page)).changes.read(None, WINDOW)
    since = json.loads(found.watermark.value)["since"]
    assert since == {"Contact": "2026-11-24T10:00:00Z"}


def test_a_record_without_an_id_is_unreadable_and_others_go_on() -> None:
    row = {"SystemModstamp": "2026-11-24T10:00:00.000+0000", "LastName": "Lind"}
    page = {"done": True, "totalSize": 2, "records": [row, row | {"Id": CONTACT_ID}]}
    found = connect(composite(read_Contact=page)).changes.read(None, WINDOW)
    assert sorted(c.presence for c in found.changes) == ["seen", "unreadable"]


def test_the_newest_of_two_states_of_a_record_wins() -> None:
    stamps = ("2026-11-24T10:00:01.000+0000", "2026-11-24T10:00:00.000+0000")
    rows = [
        {"Id": CONTACT_ID, "SystemModstamp": stamp, "LastName": stamp[17:19]}
        for stamp in stamps
    ]
    page = {"done": True, "totalSize": 2, "records": rows}
    (change,) = connect(composite(read_Contact=page)).changes.read(None, WINDOW).changes
    assert change.thing is not None
    assert change.thing.name == "01"


def test_the_loser_of_a_merge_is_gone_and_names_the_winner() -> None:
    salesforce = connect(composite())
    first = salesforce.changes.read(None, WINDOW)
    bookmark = json.loads(first.watermark.value)
    bookmark["since"] = dict.fromkeys(
        ("Event", "Contact", "User"), "2026-11-24T10:00:00Z"
    )
    winner = "003000000000002AAA"
    row = {
        "Id": CONTACT_ID,
        "SystemModstamp": "2026-11-24T10:00:00.000+0000",
        "IsDeleted": True,
        "MasterRecordId": winner,
    }
    page = {"done": True, "totalSize": 1, "records": [row]}
    salesforce = connect(composite(read_Contact=page))
    found = salesforce.changes.read(Watermark(value=json.dumps(bookmark)), WINDOW)
    assert [c.presence for c in found.changes] == [Presence.DELETED]
    assert found.hints == {f"record:{CONTACT_ID}", f"merged:{CONTACT_ID}:{winner}"}


def test_a_garbled_answer_to_a_write_is_followed_by_the_same_write() -> None:
    salesforce = connect(saves(b"<html>", [], SAVED))
    (made,) = salesforce.writer.write([operation(Verb.CREATE, Kind.CONTACT, person(1))])
    assert made.is_done
    assert made.id == CONTACT_ID


def test_a_write_that_is_never_answered_sensibly_stays_open() -> None:
    salesforce = connect(saves([]))
    (made,) = salesforce.writer.write([operation(Verb.CREATE, Kind.CONTACT, person(1))])
    assert made.fault is not None
    assert made.fault.fault_class is FaultClass.UNAVAILABLE


def test_a_locked_row_is_tried_again() -> None:
    salesforce = connect(saves(LOCKED, LOCKED, SAVED))
    (made,) = salesforce.writer.write([operation(Verb.CREATE, Kind.CONTACT, person(1))])
    assert made.is_done


def test_a_row_that_stays_locked_is_a_passing_fault() -> None:
    salesforce = connect(saves(LOCKED))
    (made,) = salesforce.writer.write([operation(Verb.CREATE, Kind.CONTACT, person(1))])
    assert made.fault is not None
    assert made.fault.code == "UNABLE_TO_LOCK_ROW"
    assert made.fault.is_passing


def test_a_call_that_one_record_spoils_is_cut_down_to_it() -> None:
    calls: list[int] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.content)
        if request.method == "POST":
            return httpx2.Response(200, json=[None] * len(body["ids"]))
        calls.append(len(body["records"]))
        if any(r["LastName"] == "Family77" for r in body["records"]):
            refusal = [{"errorCode": "JSON_PARSER_ERROR", "message": "no"}]
            return httpx2.Response(400, json=refusal)
        return httpx2.Response(200, json=SAVED * len(body["records"]))

    operations = [
        operation(Verb.CREATE, Kind.CONTACT, person(n), key=f"key-{n}")
        for n in range(200)
    ]
    outcomes = connect(handle).writer.write(operations)
    refused = [o.operation.key for o in outcomes if not o.is_done]
    assert refused == ["key-77"]
    assert len(calls) < 20


def test_a_call_that_every_record_spoils_is_given_up_in_bounds() -> None:
    calls: list[str] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        calls.append(request.method)
        return httpx2.Response(400, json=[{"errorCode": "APEX_ERROR", "message": "no"}])

    operations = [
        operation(Verb.CREATE, Kind.CONTACT, person(n), key=f"key-{n}")
        for n in range(200)
    ]
    outcomes = connect(handle).writer.write(operations)
    assert not any(o.is_done for o in outcomes)
    assert len(calls) < 150


def test_an_object_that_is_hidden_is_refused_once() -> None:
    calls: list[str] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        calls.append(request.method)
        return httpx2.Response(
            400, json=[{"errorCode": "INVALID_TYPE", "message": "no"}]
        )

    operations = [
        operation(Verb.CREATE, Kind.CONTACT, person(n), key=f"key-{n}")
        for n in range(3)
    ]
    outcomes = connect(handle).writer.write(operations)
    assert [o.fault.code for o in outcomes if o.fault] == ["INVALID_TYPE"] * 3
    assert len(calls) == 1
