"""Codes, access tokens and refresh tokens that the sign-in service gave out."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

ACCESS_LIFETIME = timedelta(seconds=3600)
CODE_LIFETIME = timedelta(minutes=10)
#: The subject of a token that an application got for itself.
APP_ONLY = ""


@dataclass(slots=True)
class Code:
    """A sign-in that waits to be exchanged for tokens."""

    address: str
    client_id: str
    redirect_uri: str
    scope: str
    challenge: str
    method: str
    nonce: str
    expires: float

    def is_proved_by(self, verifier: str) -> bool:
        """Whether a PKCE verifier belongs to the challenge."""
        if not self.challenge:
            return True
        if self.method.upper() != "S256":
            return verifier == self.challenge
        digest = hashlib.sha256(verifier.encode()).digest()
        answer = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return secrets.compare_digest(answer, self.challenge)


class Grants:
    """Who may do what; tokens are opaque texts."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Start with nothing given out."""
        self._now = now
        self.rotate_strict = False
        self.access: dict[str, tuple[str, float]] = {}
        self.refresh: dict[str, str] = {}
        self.codes: dict[str, Code] = {}

    def issue(self, address: str) -> tuple[str, str]:
        """A new access token and a new refresh token for a mailbox."""
        refresh_token = f"0.{secrets.token_urlsafe(48)}"
        self.refresh[refresh_token] = address
        return self.issue_access(address), refresh_token

    def issue_access(self, subject: str) -> str:
        """A new access token for a mailbox, or `APP_ONLY`."""
        access_token = f"EwB{secrets.token_urlsafe(48)}"
        expires = (self._now() + ACCESS_LIFETIME).timestamp()
        self.access[access_token] = (subject, expires)
        return access_token

    def renew(self, refresh_token: str) -> tuple[str, str, str] | None:
        """Mailbox, access token and refresh token for a refresh token."""
        address = self.refresh.get(refresh_token)
        if address is None:
            return None
        if self.rotate_strict:
            del self.refresh[refresh_token]
        return (address, *self.issue(address))

    def subject(self, access_token: str) -> str | None:
        """Whose token it is (`APP_ONLY` too), or None when it is not good."""
        address, expires = self.access.get(access_token, ("", 0.0))
        return address if self._now().timestamp() < expires else None

    def expire_all(self) -> None:
        """Make every access token invalid."""
        self.access = {token: (who, 0.0) for token, (who, _) in self.access.items()}

    def revoke(self, address: str) -> None:
        """Forget every token of a mailbox, as after a password change."""
        address = address.lower()
        self.refresh = {t: who for t, who in self.refresh.items() if who != address}
        self.access = {t: pair for t, pair in self.access.items() if pair[0] != address}

    def add_code(self, code: Code) -> str:
        """Keep a sign-in until its code is exchanged."""
        text = f"0.{secrets.token_urlsafe(32)}"
        code.expires = (self._now() + CODE_LIFETIME).timestamp()
        self.codes[text] = code
        return text

    def take_code(self, text: str) -> Code | None:
        """The sign-in of a code; a code is good once, and for ten minutes."""
        code = self.codes.pop(text, None)
        if code is None or code.expires <= self._now().timestamp():
            return None
        return code

    def newest(self, address: str) -> tuple[str, str]:
        """The newest access and refresh token of a mailbox, made if missing."""
        who = address.lower()
        access = [token for token, pair in self.access.items() if pair[0] == who]
        refresh = [token for token, owner in self.refresh.items() if owner == who]
        if access and refresh:
            return access[-1], refresh[-1]
        return self.issue(who)

    def as_json(self) -> dict[str, Any]:
        """Everything, to be saved."""
        return {
            "rotate_strict": self.rotate_strict,
            "access": {token: list(pair) for token, pair in self.access.items()},
            "refresh": dict(self.refresh),
            "codes": {text: asdict(code) for text, code in self.codes.items()},
        }

    def load(self, raw: dict[str, Any]) -> None:
        """Replace everything by what `as_json` gave."""
        self.rotate_strict = raw["rotate_strict"]
        self.access = {token: (who, end) for token, (who, end) in raw["access"].items()}
        self.refresh = dict(raw["refresh"])
        self.codes = {text: Code(**code) for text, code in raw["codes"].items()}
