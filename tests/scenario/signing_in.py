"""A person signs in again, and the application gets new tokens."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import httpx2

from tests.scenario.world import World

_VERIFIER = "v" * 64
_CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(_VERIFIER.encode()).digest())
_BACK = "http://127.0.0.1:9/callback"
_ASKED = {
    "response_type": "code",
    "client_id": "syncline",
    "redirect_uri": _BACK,
    "state": "s",
    "code_challenge": _CHALLENGE.decode().rstrip("="),
    "code_challenge_method": "S256",
}
_PLACES = {
    "salesforce": ("/services/oauth2", "api refresh_token openid"),
    "microsoft365": ("/common/oauth2/v2.0", "openid offline_access"),
}


def sign_in(world: World, provider: str) -> dict[str, str]:
    """New tokens for the first account of a provider."""
    place, scope = _PLACES[provider]
    account = world.account(provider)
    person = account.get("username") or account["address"]
    base = f"{world.described[provider]['base_url']}{place}"
    with httpx2.Client(verify=False, trust_env=False) as browser:
        answer = browser.post(
            f"{base}/authorize",
            params=_ASKED | {"scope": scope},
            data=_ASKED | {"scope": scope, "username": person, "account": person},
        )
        assert answer.status_code == 302, answer.text
        code = parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
        bought = browser.post(
            f"{base}/token",
            data={
                "grant_type": "authorization_code",
                "client_id": "syncline",
                "code": code,
                "redirect_uri": _BACK,
                "code_verifier": _VERIFIER,
            },
        )
    tokens: dict[str, str] = bought.json()
    return tokens


def withdraw(world: World, provider: str) -> None:
    """The person takes the application's access away."""
    account = world.account(provider)
    if provider == "microsoft365":
        world.ask(provider, "POST", "/revoke", {"address": account["address"]})
        return
    base = world.described[provider]["base_url"]
    with httpx2.Client(verify=False, trust_env=False) as browser:
        answer = browser.post(
            f"{base}/services/oauth2/revoke", data={"token": account["refresh_token"]}
        )
    assert answer.is_success
