"""Where a person signs in at Entra, and where grants are made and ended.

Renewing is `connectors.base.oauth.refresh_grant`, with `token_url` as the
connection's. Entra sends a new refresh token with each answer; the old one is
then worth nothing. There is no endpoint that revokes one grant: a person signs
out of Microsoft 365 or takes the consent back at https://myapps.microsoft.com.
"""

from __future__ import annotations

from urllib.parse import urlencode

from syncline.connectors.base.http import Http
from syncline.connectors.microsoft365.manifest import AUTHORITY, SCOPES
from syncline.connectors.microsoft365.wire import Me

#: Accounts of any organization; a tenant id narrows it to one.
ANY_ORGANIZATION = "organizations"


def _endpoint(name: str, authority: str, tenant: str) -> str:
    return f"{authority.rstrip('/')}/{tenant}/oauth2/v2.0/{name}"


def token_url(authority: str = AUTHORITY, tenant: str = ANY_ORGANIZATION) -> str:
    """Where codes and refresh tokens are turned into grants."""
    return _endpoint("token", authority, tenant)


def authorize_url(
    *,
    client_id: str,
    redirect_uri: str,
    state: str,
    code_challenge: str,
    address: str = "",
    authority: str = AUTHORITY,
    tenant: str = ANY_ORGANIZATION,
) -> str:
    """Where to send a person to grant access to their mailbox.

    Args:
        client_id: Our registration.
        redirect_uri: Where Entra sends the code.
        state: Comes back unchanged; guards against forged answers.
        code_challenge: PKCE challenge, method S256.
        address: Fills in the account to sign in with.
        authority: Root of the sign-in service.
        tenant: Which accounts may sign in.
    """
    query = {
        "client_id": client_id,
        "response_type": "code",
        "response_mode": "query",
        "redirect_uri": redirect_uri,
        "scope": " ".join(SCOPES),
        "state": state,
        "code_challenge": code_challenge,
        "code_challenge_method": "S256",
    }
    if address:
        query["login_hint"] = address
    return f"{_endpoint('authorize', authority, tenant)}?{urlencode(query)}"


def identify(http: Http) -> frozenset[str]:
    """All addresses of the mailbox that a grant opens, lower case.

    Raises:
        ProviderError: The grant is not accepted, or nobody answers.
    """
    answer = http.send(
        "GET",
        "/v1.0/me?$select=mail,userPrincipalName,proxyAddresses",
        operation="identify",
    )
    me = answer.decode(Me)
    aliases = (a.split(":", 1)[-1] for a in me.proxy_addresses)
    named = (me.mail or "", me.user_principal_name, *aliases)
    return frozenset(address.lower() for address in named if address)
