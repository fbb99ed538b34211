"""A session: one sync run of one mailbox, and what it did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from syncline.domain.values.ids import MailboxId, SessionId
from syncline.domain.values.kinds import Kind, Side


class SessionResult(StrEnum):
    """How a session ended, as the reference codes it."""

    #: Finished, nothing open was met.
    FINISHED = "SW0000"
    #: Stopped by a person or by the session timeout.
    INTERRUPTED = "SW0001"
    #: Finished, and met conflicts, duplicates, issues or confirmations.
    WITH_ISSUES = "SW0002"
    #: Failed for a reason that nobody foresaw.
    FAILED = "SW0003"


class Counted(StrEnum):
    """What a session counts, per kind and side."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    SKIPPED = "skipped"
    FAILED = "failed"
    CONFLICT = "conflict"
    DUPLICATE = "duplicate"
    CONFIRMATION = "confirmation"
    #: Found by comparing everything, although no side had reported it.
    DRIFT = "drift"
    #: Files saved beside a message.
    ATTACHED = "attached"
    #: Guests whom a write had mailed, because the profile allows it.
    MAILED = "mailed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One counted number. For skipped ones `reason` says why.

    `side` is the one that was written to, or would have been.
    """

    kind: Kind
    side: Side
    counted: Counted
    count: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What is shown as *Last session details*."""

    id: SessionId | None
    mailbox_id: MailboxId
    started_at: datetime
    is_forced: bool = False
    finished_at: datetime | None = None
    result: str = ""
    #: Code of the cause that made the session fail, if one did.
    error_code: str = ""
    tallies: tuple[Tally, ...] = ()
    requests: Mapping[Side, int] = field(default_factory=dict)
    writes: Mapping[Side, int] = field(default_factory=dict)
    issues_open: int = 0
    in_scope: Mapping[Kind, int] = field(default_factory=dict)
    #: The session whose writes this one took back, if it was made for that.
    undoes: SessionId | None = None

    @property
    def is_running(self) -> bool:
        """Whether it has not finished; a lease decides whether it lives."""
        return self.finished_at is None
