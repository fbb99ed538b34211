"""Where a person signs in at Salesforce, and who signed in.

Renewing is `connectors.base.oauth.refresh_grant`. Token answers carry no end
and normally no new refresh token; a sixth authorization of one user revokes the
oldest. All data calls go to the `instance_url` of the token answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import httpx2

from syncline.connectors.base.http import TIMEOUT, Answer, Http
from syncline.connectors.base.oauth import read_refusal
from syncline.connectors.salesforce.ids import long_id
from syncline.connectors.salesforce.manifest import LOGIN_URL, PROVIDER, SCOPES
from syncline.connectors.salesforce.wire import UserInfo
from syncline.domain.errors import ProviderError
from syncline.domain.values.faults import Fault, FaultClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who signed in, and where their data lives."""

    user_id: str
    organization_id: str
    instance_url: str
    username: str = ""


def _endpoint(name: str, login_url: str) -> str:
    return f"{login_url.rstrip('/')}/services/oauth2/{name}"


def authorize_url(
    *,
    client_id: str,
    redirect_uri: str,
    state: str,
    code_challenge: str,
    login_url: str = LOGIN_URL,
) -> str:
    """Where to send a person to grant access to their Salesforce account.

    Args:
        client_id: Consumer key of our External Client App.
        redirect_uri: Where Salesforce sends the code.
        state: Comes back unchanged; guards against forged answers.
        code_challenge: PKCE challenge, method S256.
        login_url: Production, sandbox or My Domain address.
    """
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(SCOPES),
        "state": state,
        "code_challenge": code_challenge,
        "code_challenge_method": "S256",
    }
    return f"{_endpoint('authorize', login_url)}?{urlencode(query)}"


def token_url(login_url: str = LOGIN_URL) -> str:
    """Where codes and refresh tokens are turned into grants."""
    return _endpoint("token", login_url)


def revoke_url(login_url: str = LOGIN_URL) -> str:
    """Where a grant is ended; a refresh token takes its access tokens along."""
    return _endpoint("revoke", login_url)


def revoke(token: str, login_url: str = LOGIN_URL) -> None:
    """End a grant.

    Raises:
        ProviderError: It was not ended, or was over already.
    """
    try:
        response = httpx2.post(
            revoke_url(login_url), data={"token": token}, timeout=TIMEOUT
        )
    except httpx2.TransportError as error:
        raise ProviderError.of(
            Fault(
                fault_class=FaultClass.UNAVAILABLE,
                provider=PROVIDER,
                operation="revoke grant",
                code=type(error).__name__,
            )
        ) from error
    answer = Answer(
        provider=PROVIDER,
        operation="revoke grant",
        status=response.status_code,
        body=response.content,
    )
    if not answer.is_success:
        raise ProviderError.of(read_refusal(answer))


def identify(http: Http) -> Identity:
    """Ask who the bearer of the grant is.

    Raises:
        ProviderError: The grant is not accepted, or nobody answers.
    """
    answer = http.send("GET", "/services/oauth2/userinfo", operation="identify")
    found = answer.decode(UserInfo)
    return Identity(
        user_id=long_id(found.user_id),
        organization_id=long_id(found.organization_id),
        instance_url=_root(found.urls) or http.base_url,
        username=found.preferred_username or found.email,
    )


def _root(urls: dict[str, str]) -> str:
    """The org's own address: `urls` name resources below it."""
    parts = urlsplit(urls.get("custom_domain") or urls.get("rest") or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
