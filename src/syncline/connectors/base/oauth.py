"""Token endpoints: renewing and revoking a grant, the same for all providers.

A token endpoint's refusal is an access fault, its absence a passing one; the
two must never be mixed up, because the first asks a person to act.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx2
import msgspec

from syncline.connectors.base.http import TIMEOUT, Answer
from syncline.domain.access.grant import Connection, Grant
from syncline.domain.errors import ProviderError
from syncline.domain.values.faults import Fault, FaultClass

#: OAuth errors that pass by themselves (RFC 6749 section 5.2, Entra, Salesforce).
_PASSING_ERRORS = frozenset(
    {"temporarily_unavailable", "server_error", "rate_limit_exceeded", "unknown_error"}
)


class TokenAnswer(msgspec.Struct):
    """A token endpoint's answer; only Microsoft and Google say when it ends."""

    access_token: str
    refresh_token: str | None = None
    expires_in: float | None = None
    instance_url: str | None = None
    id: str | None = None


class TokenRefusal(msgspec.Struct):
    """A token endpoint's refusal."""

    error: str = ""
    error_description: str = ""
    error_codes: list[int] = []
    correlation_id: str | None = None


def refresh_grant(
    connection: Connection, grant: Grant, client: httpx2.Client | None = None
) -> Grant:
    """Ask the token endpoint for a newer grant.

    The refresh token of the answer replaces ours when there is one (Entra sends
    a new one each time, Salesforce normally none).

    Raises:
        GrantError: The refresh token is no longer accepted.
        PassingError: The endpoint did not answer, or only for now.
    """
    form = {
        "grant_type": "refresh_token",
        "refresh_token": grant.refresh_token,
        "client_id": connection.client_id,
    }
    if connection.client_secret:
        form["client_secret"] = connection.client_secret
    token = _ask(connection, form, client)
    expires_at = None
    if token.expires_in is not None:
        expires_at = datetime.now(UTC) + timedelta(seconds=token.expires_in)
    return Grant(
        access_token=token.access_token,
        refresh_token=token.refresh_token or grant.refresh_token,
        expires_at=expires_at,
        generation=grant.generation + 1,
    )


def _ask(
    connection: Connection, form: dict[str, str], client: httpx2.Client | None
) -> TokenAnswer:
    sender = client or httpx2.Client(timeout=TIMEOUT)
    try:
        response = sender.post(connection.token_url, data=form)
    except httpx2.TransportError as error:
        raise ProviderError.of(
            Fault(
                fault_class=FaultClass.UNAVAILABLE,
                provider=connection.provider,
                operation="renew grant",
                code=type(error).__name__,
            )
        ) from error
    finally:
        if client is None:
            sender.close()
    answer = Answer(
        provider=connection.provider,
        operation="renew grant",
        status=response.status_code,
        headers={k.lower(): v for k, v in response.headers.items()},
        body=response.content,
    )
    if answer.is_success:
        return answer.decode(TokenAnswer)
    raise ProviderError.of(read_refusal(answer))


def read_refusal(answer: Answer) -> Fault:
    """The fault in a token endpoint's refusal.

    `code` is the AADSTS number when Entra gives one, else the OAuth error.
    """
    try:
        refusal = msgspec.json.decode(answer.body, type=TokenRefusal)
    except msgspec.MsgspecError:
        refusal = TokenRefusal()
    is_passing = (
        refusal.error in _PASSING_ERRORS
        or answer.status >= 500
        or answer.status == 429
        or not refusal.error
    )
    code = refusal.error or f"HTTP{answer.status}"
    if refusal.error_codes:
        code = f"AADSTS{refusal.error_codes[0]}"
    return Fault(
        fault_class=FaultClass.UNAVAILABLE if is_passing else FaultClass.ACCESS,
        provider=answer.provider,
        operation=answer.operation,
        status=answer.status,
        code=code,
        message=refusal.error_description[:300],
        request_id=refusal.correlation_id or "",
        retry_after=answer.retry_after,
    )
