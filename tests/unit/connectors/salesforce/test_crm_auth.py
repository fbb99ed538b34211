"""Where a person signs in, and who signed in."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from crm_org import Org

from syncline.connectors.salesforce import Salesforce, auth


def test_the_sign_in_page_is_asked_for_a_lasting_grant() -> None:
    url = auth.authorize_url(
        client_id="app",
        redirect_uri="https://x.example/back",
        state="s",
        code_challenge="c",
    )
    asked = parse_qs(urlsplit(url).query)
    assert url.startswith("https://login.salesforce.com/services/oauth2/authorize?")
    assert asked["scope"] == ["api refresh_token openid"]
    assert asked["code_challenge_method"] == ["S256"]


def test_endpoints_follow_the_login_address() -> None:
    login = "https://x.my.salesforce.com/"
    assert auth.token_url(login) == (
        "https://x.my.salesforce.com/services/oauth2/token"
    )
    assert auth.revoke_url(login).endswith(".com/services/oauth2/revoke")


def test_the_bearer_is_identified(org: Org, salesforce: Salesforce) -> None:
    found = auth.identify(salesforce.client.http)
    assert found.user_id == org.user_id
    assert found.organization_id.startswith("00D")
    assert found.instance_url == org.url
    assert found.username == org.username


def test_a_revoked_grant_is_over(org: Org) -> None:
    token = org.sandbox.accounts()[0]["refresh_token"]
    auth.revoke(token, org.url)
    assert org.sandbox.accounts()[0]["refresh_token"] == ""
