"""Let a person put an issue aside; it stays known and unresolved."""

from __future__ import annotations

from typing import Protocol

from syncline.domain.issues.catalog import by_slug, known
from syncline.domain.issues.issue import Issue, IssueState
from syncline.domain.values.ids import MailboxId


class IssueDesk(Protocol):
    """Keeps what a person decided about an issue."""

    def dismiss(self, mailbox_id: MailboxId, fingerprint: str, who: str) -> bool:
        """Put an unresolved issue aside; answers whether there was one."""


def may_dismiss(issue: Issue) -> bool:
    """Whether an issue can be put aside.

    What stops the mailbox, or waits for a confirmation, cannot: out of sight it
    would keep everything from being synchronized.
    """
    is_unresolved = issue.state in (IssueState.OPEN, IssueState.SNOOZED)
    is_question = issue.code == by_slug("braked_plan").code
    return is_unresolved and not is_question and not known(issue.code).stops_mailbox


def dismiss_issue(desk: IssueDesk, issue: Issue, *, who: str) -> bool:
    """Dismiss an issue; it stays quiet until the item or the cause changes.

    Returns:
        False when it cannot be dismissed, or not any more.
    """
    if not may_dismiss(issue):
        return False
    return desk.dismiss(issue.mailbox_id, issue.fingerprint, who)
