"""Where people sign in."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from syncline.connectors.microsoft365.auth import authorize_url, token_url


def test_authorize_url_asks_for_a_code_that_only_we_can_use() -> None:
    url = urlsplit(
        authorize_url(
            client_id="app",
            redirect_uri="https://sync.example/back?x=1",
            state="s",
            code_challenge="c",
            address="ada@x.example",
            authority="http://127.0.0.1:1/",
            tenant="t",
        )
    )
    query = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert url.path == "/t/oauth2/v2.0/authorize"
    assert query["redirect_uri"] == "https://sync.example/back?x=1"
    assert query["code_challenge_method"] == "S256"
    assert query["login_hint"] == "ada@x.example"
    assert {"offline_access", "Calendars.ReadWrite"} <= set(query["scope"].split())


def test_token_url_is_below_the_authority() -> None:
    assert token_url() == (
        "https://login.microsoftonline.com/organizations/oauth2/v2.0/token"
    )
