"""A grant: the authorization that makes a connection work."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Tokens of one connection. Never logged, never shown.

    `generation` grows with every renewal, so that two workers notice that they
    hold different ones.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime | None = None
    generation: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """The tie from one mailbox to one provider's account.

    `base_url` is the provider's root for data calls; `token_url` renews the
    grant. `account` is the address or user name that was authorized.
    """

    id: int
    provider: str
    base_url: str
    token_url: str
    account: str
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
