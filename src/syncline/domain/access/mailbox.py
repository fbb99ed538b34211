"""A mailbox: one mail account paired with one Salesforce account."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from syncline.domain.access.policy import Policy
from syncline.domain.values.ids import MailboxId


class Standing(StrEnum):
    """What a mailbox may do now.

        ACTIVE <--Start / Pause--> PAUSED
          |  ^
          |  +-- access is proven again, or a session succeeds
          v
        NEEDS_RENEWAL (access lost)   SUSPENDED (10 failed sessions, S / C cause)

    DISABLED is an admin's word and ends only by an admin's.
    """

    #: Sessions run by schedule.
    ACTIVE = "active"
    #: The user pressed Pause.
    PAUSED = "paused"
    #: A grant is gone; somebody must sign in again.
    NEEDS_RENEWAL = "needs_renewal"
    #: Sessions fail again and again; tried hourly.
    SUSPENDED = "suspended"
    #: An admin switched it off.
    DISABLED = "disabled"

    @property
    def may_sync(self) -> bool:
        """Whether a session may run at all (renewal is tried as a probe)."""
        return self not in (Standing.PAUSED, Standing.DISABLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """The mailbox as a session needs to know it."""

    id: MailboxId
    address: str
    organization_id: str
    crm_user_id: str
    crm_instance_url: str = ""
    standing: Standing = Standing.ACTIVE
    streak: int = 0
    policy: Policy = field(default_factory=Policy)
    #: Addresses of the organization's own mailboxes, lower case.
    members: frozenset[str] = frozenset()
    #: Addresses and domains that the owner keeps out of Salesforce, lower case.
    blocklist: frozenset[str] = frozenset()
    #: Digest of the braked plan that a person has confirmed.
    confirmed_plan: str = ""
    next_run_at: datetime | None = None
    last_session_at: datetime | None = None
    idle_count: int = 0
    #: When both sides were last compared whole, and the digest of the policy then.
    swept_at: datetime | None = None
    swept_policy: str = ""

    @property
    def key(self) -> str:
        """Names the mailbox the same way even if our database was lost."""
        text = f"{self.organization_id}:{self.address.lower()}"
        return hashlib.sha256(text.encode()).hexdigest()[:12]
