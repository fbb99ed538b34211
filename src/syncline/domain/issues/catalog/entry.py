"""The shape of one entry of the catalog.

Texts are message ids with `{placeholders}` and `[optional segments]`, filled by
`syncline.domain.issues.texts`; they are written for a sales person and carry no
facts of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from syncline.domain.issues.issue import Scope

#: The usual last step.
AGAIN = "Press Force sync, or wait for the next session."
#: The usual proof that a cause of one item is gone.
SYNCHRONIZED = "The item was synchronized."
#: The usual proof that access is back.
ACCESS_IS_BACK = "A session signed in and read both sides."


class Audience(StrEnum):
    """Who acts."""

    #: The person whose mailbox it is.
    USER = "user"
    #: An administrator of the organization (Salesforce, mail or Syncline).
    ADMIN = "admin"
    #: Nobody: Syncline tries again, or only tells.
    US = "us"
    #: The people who support Syncline.
    SUPPORT = "support"


class Severity(StrEnum):
    """How much stands still. L and M never stop a mailbox; S and C do."""

    #: Nothing is held up for long.
    LOW = "L"
    #: Something is not synchronized until somebody acts.
    MODERATE = "M"
    #: The mailbox stops; somebody of the organization can put it right.
    SEVERE = "S"
    #: The mailbox stops; nobody of the organization can put it right.
    CRITICAL = "C"


class Disposition(StrEnum):
    """What the engine does next."""

    #: It passes by itself: tried again.
    RETRY = "retry"
    #: A person must act; tried again on schedule and when something changes.
    WAIT = "wait"
    #: Told only; nothing is held back.
    NOTE = "note"
    #: The mailbox stops; a session is tried hourly until the cause is gone.
    STOP = "stop"
    #: The mailbox stops until a person signs in again.
    RENEW = "renew"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Why something needs attention, and what is to be done about it.

    `code` is permanent and never reused; `slug` is its name in our own code.
    `mark` stands after `Status: ` on the item. `closes` names the observation
    that resolves the issue. The defaults describe the usual case: one item that
    its user corrects. `message_steps` stand in place of `steps` for an e-mail:
    nobody corrects one that was sent, so an admin must act.
    """

    code: str
    slug: str
    title: str
    cause: str
    steps: tuple[str, ...]
    mark: str
    audience: Audience = Audience.USER
    severity: Severity = Severity.MODERATE
    scope: Scope = Scope.ITEM
    disposition: Disposition = Disposition.WAIT
    closes: str = SYNCHRONIZED
    message_steps: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        """`SC`, `SD`, `SE`, `SI`, `SW` or `SA`."""
        return self.code[:2]

    @property
    def stops_mailbox(self) -> bool:
        """Whether nothing of the mailbox is synchronized meanwhile."""
        return self.severity in (Severity.SEVERE, Severity.CRITICAL)

    @property
    def is_quiet(self) -> bool:
        """Whether it is only told and leaves no error mark on the item."""
        return self.disposition is Disposition.NOTE and self.severity is Severity.LOW
