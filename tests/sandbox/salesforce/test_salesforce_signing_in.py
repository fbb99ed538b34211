"""OAuth: authorize, tokens, identity."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

Fixture: TypeAlias = Any
ADA = "ada.lindqvist@northwind-sandbox.example"
BACK = "http://127.0.0.1:9/callback"
VERIFIER = "v" * 64
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())
    .rstrip(b"=")
    .decode()
)
ASKED = {
    "response_type": "code",
    "client_id": "syncline",
    "redirect_uri": BACK,
    "scope": "api refresh_token openid",
    "state": "s t",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


def choose(ada: Fixture, username: str) -> dict[str, list[str]]:
    """What the application is told after a person chose a user."""
    data = ASKED | {"username": username}
    answer = ada.http.post("/services/oauth2/authorize", data=data)
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer.headers["Location"]).query)


def ask(ada: Fixture, **data: str) -> httpx2.Response:
    """A request to the token endpoint."""
    given = {"client_id": "syncline"} | data
    answer: httpx2.Response = ada.http.post("/services/oauth2/token", data=given)
    return answer


def exchange(ada: Fixture, code: str, **changed: str) -> httpx2.Response:
    """Exchange a code for tokens."""
    data = {"code": code, "redirect_uri": BACK, "code_verifier": VERIFIER} | changed
    return ask(ada, grant_type="authorization_code", **data)


def test_page_offers_the_hinted_user_first(ada: Fixture) -> None:
    hint = "BRUNO.okafor@northwind-sandbox.example"
    page = ada.http.get(
        "/services/oauth2/authorize", params=ASKED | {"login_hint": hint}
    )
    assert page.status_code == 200
    assert page.text.index("Bruno Okafor") < page.text.index("Ada Lindqvist")


def test_page_refuses_without_client(ada: Fixture) -> None:
    page = ada.http.get("/services/oauth2/authorize", params={"client_id": ""})
    assert (page.status_code, "invalid_client_id" in page.text) == (400, True)


def test_code_becomes_tokens_that_work(ada: Fixture, served: Fixture) -> None:
    told = choose(ada, ADA)
    tokens = exchange(ada, told["code"][0]).json()
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    identity = ada.http.get(tokens["id"], headers=bearer).json()
    info = ada.http.get("/services/oauth2/userinfo", headers=bearer).json()

    assert told["state"] == ["s t"]
    assert tokens["instance_url"] == served.url
    assert "expires_in" not in tokens
    assert identity["username"] == info["preferred_username"] == ADA
    limits = ada.http.get("/services/data/v68.0/limits", headers=bearer)
    assert limits.status_code == 200


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code_verifier": "wrong"}, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:9/other"}, "redirect_uri_mismatch"),
        ({"client_id": "another"}, "invalid_grant"),
        ({"client_id": ""}, "invalid_client_id"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_wrong_exchange_is_refused(
    ada: Fixture, changed: dict[str, str], error: str
) -> None:
    code = choose(ada, ADA)["code"][0]
    data = {"code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
    answer = ask(ada, **({"grant_type": "authorization_code"} | data | changed))
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_code_is_good_once_and_for_a_while(ada: Fixture, clock: Fixture) -> None:
    code, old = (choose(ada, ADA)["code"][0] for _ in range(2))
    assert exchange(ada, code).status_code == 200
    assert exchange(ada, code).json()["error"] == "invalid_grant"
    clock.pass_time(minutes=16)
    late = exchange(ada, old).json()
    assert late["error_description"] == "expired authorization code"


def test_denied_and_inactive_go_back_with_an_error(ada: Fixture) -> None:
    dora = "dora.gone@northwind-sandbox.example"
    assert choose(ada, "")["error"] == ["access_denied"]
    assert choose(ada, dora)["error"] == ["inactive_user"]


def test_refresh_keeps_the_refresh_token_unless_rotated(
    ada: Fixture, sandbox: Fixture
) -> None:
    held = sandbox.accounts()[0]["refresh_token"]
    plain = ask(ada, grant_type="refresh_token", refresh_token=held).json()
    ada("POST", "/_control/org/settings", {"rotate_refresh_tokens": True})
    rotated = ask(ada, grant_type="refresh_token", refresh_token=held).json()
    again = ask(ada, grant_type="refresh_token", refresh_token=held)

    assert "refresh_token" not in plain
    assert rotated["refresh_token"] != held
    assert again.json()["error_description"] == "expired access/refresh token"


def test_expired_session_is_told_and_renewed(ada: Fixture, sandbox: Fixture) -> None:
    held = sandbox.accounts()[0]["refresh_token"]
    ada("POST", "/_control/faults", {"kind": "expire_tokens"})
    expired = ada.refused("GET", "/limits")
    fresh = ask(ada, grant_type="refresh_token", refresh_token=held).json()
    bearer = f"Bearer {fresh['access_token']}"

    message = {"message": "Session expired or invalid"}
    assert expired == (401, message | {"errorCode": "INVALID_SESSION_ID"})
    assert ada("GET", "/limits", Authorization=bearer).status_code == 200


def test_revoked_refresh_token_takes_its_sessions_along(
    ada: Fixture, sandbox: Fixture
) -> None:
    held = sandbox.accounts()[0]["refresh_token"]
    revoke = {"token": held}
    assert ada.http.post("/services/oauth2/revoke", data=revoke).status_code == 200
    assert ada("GET", "/limits").status_code == 401
    assert ada.http.post("/services/oauth2/revoke", data=revoke).status_code == 400


def test_deactivated_user_is_locked_out(ada: Fixture, sandbox: Fixture) -> None:
    held = sandbox.accounts()[0]["refresh_token"]
    ada("POST", "/_control/org/users", {"username": ADA, "is_active": False})
    refused = ask(ada, grant_type="refresh_token", refresh_token=held).json()
    assert ada("GET", "/limits").status_code == 401
    assert refused["error"] == "inactive_user"


def test_sixth_approval_withdraws_the_oldest(ada: Fixture) -> None:
    granted = [exchange(ada, choose(ada, ADA)["code"][0]).json() for _ in range(6)]
    answers = [
        ask(ada, grant_type="refresh_token", refresh_token=g["refresh_token"])
        for g in granted
    ]
    assert [a.status_code for a in answers] == [400, 200, 200, 200, 200, 200]


def test_introspection_tells_good_from_unknown(ada: Fixture, sandbox: Fixture) -> None:
    token = sandbox.accounts()[0]["access_token"]
    url = "/services/oauth2/introspect"
    good = ada.http.post(url, data={"token": token}).json()
    assert (good["active"], good["username"]) == (True, ADA)
    assert ada.http.post(url, data={"token": "x"}).json() == {"active": False}


def test_signing_in_is_told_by_call_but_is_no_request(
    ada: Fixture, sandbox: Fixture
) -> None:
    ada.http.get("/services/oauth2/userinfo")
    ada.http.get("/services/oauth2/authorize", params=ASKED)
    assert sandbox.counters.requests == 0
    assert sandbox.counters.by_call == {"GET /services/oauth2/userinfo": 1}
