"""Issues, renews and withdraws tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from syncline.sandbox.salesforce.entities import Code, Grant, Session
from syncline.sandbox.salesforce.moments import read_moment
from syncline.sandbox.salesforce.store import Org

#: One user's approvals of one application; a further one withdraws the oldest.
MOST_APPROVALS = 5
CODE_LIFE_SECONDS = 15 * 60
DEFAULT_SCOPE = "api refresh_token"


class OAuthError(Exception):
    """A token request that is refused, in OAuth's own shape."""

    def __init__(self, error: str, description: str) -> None:
        """Refuse with a code and a description for people."""
        super().__init__(description)
        self.error = error
        self.description = description


def grant(org: Org, user_id: str, client_id: str, scope: str) -> Grant:
    """Record that a user approved an application."""
    approved = [
        held
        for held in org.grants.values()
        if held.approved and (held.user_id, held.client_id) == (user_id, client_id)
    ]
    too_many = max(0, len(approved) + 1 - MOST_APPROVALS)
    for oldest in approved[:too_many]:
        withdraw(org, oldest.token)
    made = Grant(
        token=f"5Aep861{secrets.token_urlsafe(48)}",
        user_id=user_id,
        client_id=client_id,
        scope=scope,
        approved=True,
    )
    org.grants[made.token] = made
    return made


def open_session(org: Org, held: Grant) -> Session:
    """Issue an access token under a grant."""
    made = Session(
        token=f"{org.org_id[:15]}!AQ{secrets.token_urlsafe(48)}",
        user_id=held.user_id,
        client_id=held.client_id,
        scope=held.scope,
        refresh_token=held.token,
    )
    org.sessions[made.token] = made
    return made


def exchange(
    org: Org, code: str, client_id: str, redirect_uri: str, verifier: str
) -> Grant:
    """Turn an authorization code, once, into a grant.

    Raises:
        OAuthError: It is unknown, used, too old or not this application's.
    """
    waiting = org.codes.pop(code, None)
    if waiting is None or waiting.client_id != client_id:
        raise OAuthError("invalid_grant", "invalid authorization code")
    issued_at = read_moment(waiting.issued_at)
    age = (org.now() - issued_at).total_seconds() if issued_at else CODE_LIFE_SECONDS
    if age >= CODE_LIFE_SECONDS:
        raise OAuthError("invalid_grant", "expired authorization code")
    if waiting.redirect_uri != redirect_uri:
        text = "redirect_uri must match configuration"
        raise OAuthError("redirect_uri_mismatch", text)
    if waiting.challenge and not _proves(waiting, verifier):
        raise OAuthError("invalid_grant", "invalid code verifier")
    _check_active(org, waiting.user_id)
    return grant(org, waiting.user_id, client_id, waiting.scope)


def _proves(waiting: Code, verifier: str) -> bool:
    if waiting.method != "S256":
        return hmac.compare_digest(waiting.challenge, verifier)
    digest = hashlib.sha256(verifier.encode()).digest()
    spelled = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return hmac.compare_digest(waiting.challenge.rstrip("="), spelled)


def renew(org: Org, refresh_token: str) -> Grant:
    """The grant behind a refresh token, under a new token if the org rotates.

    Raises:
        OAuthError: The token was withdrawn, or its user left.
    """
    held = org.grants.get(refresh_token)
    if held is None:
        raise OAuthError("invalid_grant", "expired access/refresh token")
    _check_active(org, held.user_id)
    if not org.settings.rotate_refresh_tokens:
        return held
    del org.grants[refresh_token]
    held.token = f"5Aep861{secrets.token_urlsafe(48)}"
    org.grants[held.token] = held
    return held


def _check_active(org: Org, user_id: str) -> None:
    if not org.is_active(user_id):
        raise OAuthError("inactive_user", "user is inactive")


def withdraw(org: Org, token: str) -> bool:
    """Forget a token; a refresh token takes its access tokens along.

    Returns:
        Whether the token was known.
    """
    if org.sessions.pop(token, None):
        return True
    if not org.grants.pop(token, None):
        return False
    under = [t for t, s in org.sessions.items() if s.refresh_token == token]
    for session in under:
        del org.sessions[session]
    return True


def signature(token: str, text: str) -> str:
    """What the token answer signs itself with; nobody checks it here."""
    digest = hmac.digest(token.encode(), text.encode(), "sha256")
    return base64.b64encode(digest).decode()
