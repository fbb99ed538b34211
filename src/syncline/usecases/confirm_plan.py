"""Let a braked plan go ahead, on a person's word."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from syncline.domain.issues.catalog import by_slug
from syncline.domain.issues.issue import Issue, IssueState
from syncline.domain.values.ids import MailboxId
from syncline.usecases.force_sync import SessionDesk


class ConfirmVerdict(StrEnum):
    """What became of the word."""

    #: The next session, which is due at once, carries the plan out.
    CONFIRMED = "confirmed"
    #: What would be done is no longer what the person has read.
    CHANGED = "changed"
    #: A session is running; its end would forget the word.
    RUNNING = "running"
    #: Nothing waits for a confirmation.
    GONE = "gone"


class PlanDesk(SessionDesk, Protocol):
    """Keeps a person's word about a plan."""

    def confirm(self, mailbox_id: MailboxId, digest: str, who: str) -> None:
        """Remember the digest of the plan that may go ahead."""


def is_waiting_plan(issue: Issue) -> bool:
    """Whether an issue asks a person to confirm a plan."""
    is_plan = issue.code == by_slug("braked_plan").code
    return is_plan and issue.state is IssueState.OPEN


def confirm_plan(
    desk: PlanDesk, issue: Issue, *, digest: str, now: datetime, who: str
) -> ConfirmVerdict:
    """Confirm exactly the plan that the person has read.

    Args:
        desk: Keeps the word and takes the wish for a session.
        issue: The issue that asks.
        digest: Of the plan that was shown.
        now: The present instant.
        who: Name of the person, for the activity log.
    """
    if not is_waiting_plan(issue):
        return ConfirmVerdict.GONE
    if not digest or digest != issue.params.get("digest"):
        return ConfirmVerdict.CHANGED
    if desk.readiness(issue.mailbox_id).is_running:
        return ConfirmVerdict.RUNNING
    desk.confirm(issue.mailbox_id, digest, who)
    desk.ask(issue.mailbox_id, now, who)
    return ConfirmVerdict.CONFIRMED
