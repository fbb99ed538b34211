"""Signing in, renewing, and being refused."""

import base64
import hashlib
import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

VERIFIER = "correct-horse-battery-staple-correct-horse-battery"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())
ADA = "ada.lindqvist@northwind.example"
BACK = "http://127.0.0.1:9/callback"
AUTHORIZE = {
    "client_id": "app",
    "redirect_uri": BACK,
    "response_type": "code",
    "state": "s t",
    "scope": "openid offline_access Calendars.ReadWrite",
    "nonce": "n",
    "code_challenge": CHALLENGE.decode().rstrip("="),
    "code_challenge_method": "S256",
}


def token(url, **form):
    fields = {"client_id": "app", **form}
    return httpx2.post(f"{url}/common/oauth2/v2.0/token", data=fields)


def pick(url, account):
    target = f"{url}/common/oauth2/v2.0/authorize"
    answer = httpx2.post(target, params=AUTHORIZE, data={"account": account})
    assert answer.status_code == 302
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: values[0] for name, values in query.items()}


def test_person_picks_an_account_and_the_code_buys_tokens_once(url, sandbox):
    page = httpx2.get(f"{url}/common/oauth2/v2.0/authorize", params=AUTHORIZE)
    assert ADA in page.text
    back = pick(url, ADA)
    assert back["state"] == "s t"
    buy = {
        "grant_type": "authorization_code",
        "code": back["code"],
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
    }
    answer = token(url, **buy).json()
    bearer = {"Authorization": f"Bearer {answer['access_token']}"}
    me = httpx2.get(f"{url}/v1.0/me", headers=bearer).json()
    assert me["mail"] == ADA
    claims = answer["id_token"].split(".")[1]
    read = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    assert (read["preferred_username"], read["nonce"]) == (ADA, "n")
    again = token(url, **buy)
    assert (again.status_code, again.json()["error_codes"]) == (400, [54005])
    assert sandbox.counters.requests == 1


def test_wrong_verifier_buys_nothing(url):
    code = pick(url, ADA)["code"]
    answer = token(
        url, grant_type="authorization_code", code=code, code_verifier="wrong"
    )
    assert answer.json()["error"] == "invalid_grant"


def test_declining_goes_back_with_an_error(url):
    assert pick(url, "")["error"] == "access_denied"


def test_refresh_gives_a_new_refresh_token_and_the_old_one_keeps_working(url, sandbox):
    old = sandbox.accounts()[0]["refresh_token"]
    first = token(url, grant_type="refresh_token", refresh_token=old).json()
    assert first["refresh_token"] != old
    again = token(url, grant_type="refresh_token", refresh_token=old)
    assert again.status_code == 200


def test_strict_rotation_makes_the_old_refresh_token_useless(url, sandbox):
    httpx2.post(f"{url}/_control/limits", json={"rotate_strict": True})
    old = sandbox.accounts()[0]["refresh_token"]
    fresh = token(url, grant_type="refresh_token", refresh_token=old).json()
    answer = token(url, grant_type="refresh_token", refresh_token=old)
    assert answer.status_code == 400
    body = answer.json()
    assert (body["error"], body["error_codes"]) == ("invalid_grant", [50173])
    assert body["error_description"].startswith("AADSTS50173: ")
    renewed = {"grant_type": "refresh_token", "refresh_token": fresh["refresh_token"]}
    assert token(url, **renewed).status_code == 200


def test_revoked_grant_is_refused_everywhere(url, sandbox, ada):
    refresh = sandbox.accounts()[0]["refresh_token"]
    httpx2.post(f"{url}/_control/revoke", json={"address": ADA})
    assert ada.call("GET", "/me")[0] == 401
    answer = token(url, grant_type="refresh_token", refresh_token=refresh)
    assert answer.json()["error"] == "invalid_grant"


def test_access_ends_by_the_clock(ada, clock):
    clock.advance(timedelta(hours=2))
    assert ada.call("GET", "/me")[0] == 401


def test_application_reads_any_mailbox_but_has_no_own(url):
    form = {"grant_type": "client_credentials"}
    assert token(url, **form).status_code == 401
    access = token(url, **form, client_secret="s").json()["access_token"]
    headers = {"Authorization": f"Bearer {access}"}
    assert httpx2.get(f"{url}/v1.0/me", headers=headers).status_code == 400
    events = httpx2.get(f"{url}/v1.0/users/{ADA}/events", headers=headers)
    assert events.status_code == 200
    nobody = httpx2.get(f"{url}/v1.0/users/nobody@x.example", headers=headers)
    assert nobody.json()["error"]["code"] == "ErrorInvalidUser"


def test_person_cannot_read_another_mailbox(ada):
    status, body = ada.call("GET", "/users/bruno.okafor@northwind.example/events")
    assert (status, body["error"]["code"]) == (403, "ErrorAccessDenied")
    assert ada.call("GET", f"/users/{ADA}/events")[0] == 200


@pytest.mark.parametrize(
    ("planned", "error"),
    [
        ({"status": 400, "code": "AADSTS50076"}, "invalid_grant"),
        ({"status": 503}, "temporarily_unavailable"),
        ({"status": 400, "code": "interaction_required"}, "interaction_required"),
    ],
)
def test_sign_in_service_fails_on_demand(url, sandbox, planned, error):
    match = {"path_contains": "/oauth2/v2.0/token"}
    httpx2.post(
        f"{url}/_control/faults", json={"kind": "status", "match": match} | planned
    )
    refresh = sandbox.accounts()[0]["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": refresh}
    answer = token(url, **form)
    assert (answer.status_code, answer.json()["error"]) == (planned["status"], error)
    assert token(url, **form).status_code == 200


def test_discovery_names_the_endpoints(url):
    found = httpx2.get(f"{url}/common/v2.0/.well-known/openid-configuration").json()
    assert found["token_endpoint"] == f"{url}/common/oauth2/v2.0/token"
    assert found["authorization_endpoint"] == f"{url}/common/oauth2/v2.0/authorize"
