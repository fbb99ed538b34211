"""Batches, planned misbehaviour, counters, saved state."""

from __future__ import annotations

import json
import threading

import httpx2
import pytest

JSON = {"Content-Type": "application/json"}


def part(number: int, method: str, url: str, **more: object) -> dict:
    return {"id": str(number), "method": method, "url": url, **more}


def fault(client, **what: object) -> None:
    answer = client.http.post(f"{client.url}/_control/faults", json=what)
    assert answer.status_code == 201, answer.text


def test_parts_are_answered_by_id_and_counted_singly(ada, sandbox):
    parts = [
        part(n, "POST", "me/contacts", headers=JSON, body={"givenName": str(n)})
        for n in range(20)
    ]
    answers = ada.batch(*parts)
    assert {n: one["body"]["givenName"] for n, one in answers.items()} == {
        str(n): str(n) for n in range(20)
    }
    assert sandbox.counters.requests == 1
    assert sandbox.counters.writes == 20
    assert sandbox.counters.by_call["batch: POST /me/contacts"] == 20


def test_answers_do_not_keep_the_order_of_the_parts(ada):
    parts = [part(n, "GET", "/me") for n in range(20)]
    body = ada.post("/$batch", {"requests": parts})
    order = [one["id"] for one in body["responses"]]
    assert sorted(order, key=int) == [str(n) for n in range(20)] != order


@pytest.mark.parametrize(
    "parts",
    [
        [part(n, "GET", "/me") for n in range(21)],
        [part(1, "GET", "/me"), part(1, "GET", "/me")],
        [part(1, "GET", "/me", dependsOn=["7"])],
        [],
    ],
)
def test_unacceptable_envelope_is_refused(ada, parts):
    assert ada.call("POST", "/$batch", json={"requests": parts})[0] == 400


def test_failing_part_fails_those_that_depend_on_it_and_no_other(ada):
    made = ada.make_event()
    path = f"/me/events/{made['id']}"
    stale = {**JSON, "If-Match": 'W/"stale"'}
    answers = ada.batch(
        part(1, "PATCH", path, headers=stale, body={"subject": "New"}),
        part(2, "DELETE", path, dependsOn=["1"]),
        part(3, "GET", path),
        part(4, "PATCH", path, body={"subject": "No content type"}),
    )
    statuses = {n: one["status"] for n, one in answers.items()}
    assert statuses == {"1": 412, "2": 424, "3": 200, "4": 400}


def test_delta_link_works_as_relative_part(ada):
    _, link = ada.round("/me/contacts/delta")
    ada.post("/me/contacts", {"givenName": "Kim"})
    relative = link.removeprefix(f"{ada.url}/v1.0")
    body = ada.batch(part(1, "GET", relative))["1"]["body"]
    assert [one["givenName"] for one in body["value"]] == ["Kim"]
    assert body["@odata.deltaLink"].startswith(f"{ada.url}/v1.0/me/contacts/delta?")


def test_throttled_part_carries_its_own_wait(ada):
    match = {"method": "GET", "path_contains": "/me/contacts"}
    fault(ada, kind="status", status=429, retry_after=7, match=match)
    answers = ada.batch(part(1, "GET", "/me/contacts"), part(2, "GET", "/me/events"))
    assert answers["1"]["status"] == 429
    assert answers["1"]["headers"]["Retry-After"] == "7"
    assert answers["1"]["body"]["error"]["code"] == "ApplicationThrottled"
    assert answers["2"]["status"] == 200


def test_part_that_fails_after_taking_effect_has_taken_effect(ada, sandbox):
    match = {"method": "POST", "path_contains": "/me/contacts"}
    fault(ada, kind="status", status=503, when="after", match=match)
    post = part(1, "POST", "/me/contacts", headers=JSON, body={"givenName": "Kim"})
    assert ada.batch(post)["1"]["status"] == 503
    assert len(ada.get("/me/contacts")["value"]) == 1
    assert sandbox.counters.writes == 1


def test_dropped_part_drops_the_whole_answer_after_the_effect(ada):
    match = {"method": "POST", "path_contains": "/me/contacts"}
    fault(ada, kind="drop_response", match=match)
    post = part(1, "POST", "/me/contacts", headers=JSON, body={"givenName": "Kim"})
    with pytest.raises(httpx2.HTTPError):
        ada.batch(post)
    assert len(ada.get("/me/contacts")["value"]) == 1


@pytest.mark.parametrize(("kind", "stored"), [("drop_response", 1), ("reset", 0)])
def test_cut_connection_gives_no_answer(ada, kind, stored):
    fault(ada, kind=kind, match={"method": "POST", "path_contains": "/me/events"})
    with pytest.raises(httpx2.HTTPError):
        ada.make_event()
    assert len(ada.get("/me/events")["value"]) == stored


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, "ErrorInvalidRequest"),
        (401, "InvalidAuthenticationToken"),
        (403, "ErrorAccessDenied"),
        (404, "ErrorItemNotFound"),
        (409, "ErrorIrresolvableConflict"),
        (410, "syncStateNotFound"),
        (412, "ErrorIrresolvableConflict"),
        (423, "locked"),
        (429, "ApplicationThrottled"),
        (500, "ErrorInternalServerError"),
        (503, "ErrorMailboxStoreUnavailable"),
        (504, "GatewayTimeout"),
        (507, "ErrorQuotaExceeded"),
    ],
)
def test_planned_failure_speaks_as_graph_does(ada, status, expected):
    fault(ada, kind="status", status=status)
    answer = ada.raw("GET", "/me/events")
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, expected)
    assert error["innerError"]["request-id"] == answer.headers["request-id"]
    assert "retry-after" not in answer.headers
    assert ada.call("GET", "/me/events")[0] == 200


def test_planned_failure_may_have_another_code(ada):
    fault(ada, kind="status", status=404, code="MailboxNotEnabledForRESTAPI")
    status, body = ada.call("GET", "/me/events")
    assert (status, body["error"]["code"]) == (404, "MailboxNotEnabledForRESTAPI")


def test_garbled_answer_is_no_json_but_the_call_took_effect(ada):
    fault(ada, kind="malformed", match={"method": "POST"})
    answer = ada.raw("POST", "/me/contacts", json={"givenName": "Kim"})
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"."):
        json.loads(answer.content)
    assert len(ada.get("/me/contacts")["value"]) == 1


def test_garbled_part_is_no_json(ada):
    fault(ada, kind="malformed", match={"path_contains": "/me/contacts"})
    body = ada.batch(part(1, "GET", "/me/contacts"))["1"]["body"]
    assert isinstance(body, str)


def test_expired_access_is_refused_until_renewed(ada, sandbox):
    fault(ada, kind="expire_tokens")
    answer = ada.raw("GET", "/me")
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "InvalidAuthenticationToken"
    assert "invalid_token" in answer.headers["www-authenticate"]
    assert ada.call("POST", "/$batch", json={"requests": []})[0] == 401


def test_delta_tokens_are_lost_on_demand(ada):
    _, link = ada.round("/me/contacts/delta")
    fault(ada, kind="lose_delta_tokens")
    assert ada.call("GET", link)[0] == 410


def test_more_calls_at_once_than_allowed_are_throttled(ada, sandbox):
    limits = {"mailbox_concurrency": 1, "concurrency_latency": 0.3}
    ada.http.post(f"{ada.url}/_control/limits", json=limits)
    barrier = threading.Barrier(4)
    statuses: list[int] = []

    def ask() -> None:
        barrier.wait()
        with httpx2.Client(headers=ada.http.headers) as client:
            statuses.append(client.get(f"{ada.url}/v1.0/me").status_code)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 200 in statuses
    assert 429 in statuses


def test_calls_are_counted_by_name_without_ids(ada, sandbox):
    made = ada.make_event()
    ada.get(f"/me/events/{made['id']}?$select=subject")
    ada.call("GET", "/me/calendars/x/calendarView/delta()")
    counted = ada.http.get(f"{ada.url}/_control/counters").json()
    assert counted["requests"] == 3
    assert counted["by_call"] == {
        "POST /me/events": 1,
        "GET /me/events/{id}": 1,
        "GET /me/calendars/{id}/calendarView/delta": 1,
    }
    ada.http.post(f"{ada.url}/_control/counters/reset")
    assert sandbox.counters.requests == sandbox.counters.writes == 0


def test_refused_writes_and_reads_are_not_counted_as_writes(ada, sandbox):
    made = ada.make_event()
    ada.call("PATCH", f"/me/events/{made['id']}", json={"nonsense": 1})
    ada.get("/me/events")
    assert sandbox.counters.writes == 1


def test_saved_state_restores_items_tokens_and_resume_points(ada, sandbox):
    kept = ada.make_event(
        "kept", attendees=[ada.guest("bruno.okafor@northwind.example")]
    )
    view = "/me/calendarView/delta?startDateTime=2026-11-01&endDateTime=2027-01-01"
    _, link = ada.round(view)
    state = ada.http.get(f"{ada.url}/_control/state").json()
    ada.delete(f"/me/events/{kept['id']}")
    _, after = ada.round(link)
    sandbox.lose_delta_tokens()
    sandbox.expire_tokens()
    assert ada.http.post(f"{ada.url}/_control/state", json=state).status_code == 204
    assert ada.get(f"/me/events/{kept['id']}") == kept
    assert ada.round(link)[0] == []
    assert ada.call("GET", after)[0] == 410
    assert ada.http.get(f"{ada.url}/_control/state").json() == state


def test_unknown_paths_and_methods_are_refused(ada):
    assert ada.call("GET", "/me/nonsense")[0] == 400
    assert ada.call("PATCH", "/me/events", json={})[0] == 405
    assert ada.raw("POST", "/me/events", content=b"{", headers=JSON).status_code == 400
