"""Issues in their table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q

from syncline.domain.issues.issue import Issue, IssueState
from syncline.domain.values.ids import MailboxId
from syncline.domain.values.kinds import Kind, Side
from syncline.store.models import IssueRow
from syncline.store.storable import storable, storable_text


class SqlIssueLog:
    """`ports.IssueLog` on PostgreSQL."""

    def unresolved(self, mailbox_id: MailboxId) -> list[Issue]:
        """See the port."""
        rows = IssueRow.objects.filter(
            ~Q(state=IssueState.RESOLVED), mailbox_id=mailbox_id
        )
        return [to_issue(row) for row in rows.iterator()]


_UPDATED = (
    "params",
    "evidence",
    "kind",
    "side",
    "operation",
    "name",
    "item_id",
    "record_id",
    "web_link",
    "state",
    "last_seen",
    "occurrences",
    "resolved_at",
    "snoozed_until",
    "details",
)


def save_issues(issues: Iterable[Issue]) -> None:
    """Write issues in one batch, inside the caller's transaction.

    A resolved issue that is met again is reopened with its first-seen time and
    its count kept, because its row is still there. What a person dismissed while
    the session ran stays dismissed, if it is still the same cause.
    """
    found = list(issues)
    if not found:
        return
    known = {
        row.fingerprint: row
        for row in IssueRow.objects.filter(
            fingerprint__in=[i.fingerprint for i in found]
        ).exclude(state=IssueState.OPEN)
    }
    rows = [_beside(_to_row(i), known.get(i.fingerprint)) for i in found]
    IssueRow.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["fingerprint"],
        update_fields=_UPDATED,
        batch_size=500,
    )


def _beside(row: IssueRow, before: IssueRow | None) -> IssueRow:
    """The row as it is stored, given one that was not open."""
    if before is None or row.state != IssueState.OPEN:
        return row
    if before.state == IssueState.RESOLVED:
        if row.occurrences == 1:
            row.occurrences = before.occurrences + 1
    elif before.params == row.params and not _is_over(before, row.last_seen):
        row.state, row.snoozed_until = before.state, before.snoozed_until
    return row


def _is_over(before: IssueRow, now: datetime) -> bool:
    return before.snoozed_until is not None and before.snoozed_until <= now


def _to_row(issue: Issue) -> IssueRow:
    return IssueRow(
        mailbox_id=issue.mailbox_id,
        fingerprint=issue.fingerprint,
        code=issue.code,
        subject=issue.subject,
        params=storable(dict(issue.params)),
        evidence=storable(dict(issue.evidence)),
        kind=issue.kind or "",
        side=issue.side or "",
        operation=issue.operation,
        name=storable_text(issue.name),
        item_id=issue.item_id,
        record_id=issue.record_id,
        web_link=issue.web_link,
        state=issue.state,
        first_seen=issue.first_seen,
        last_seen=issue.last_seen,
        occurrences=issue.occurrences,
        resolved_at=issue.resolved_at,
        snoozed_until=issue.snoozed_until,
        details=storable(issue.details),
    )


def to_issue(row: IssueRow) -> Issue:
    """The issue of a row."""
    facts: dict[str, Any] = {
        name: getattr(row, name)
        for name in (
            "code",
            "subject",
            "params",
            "evidence",
            "operation",
            "name",
            "item_id",
            "record_id",
            "web_link",
            "first_seen",
            "last_seen",
            "occurrences",
            "resolved_at",
            "snoozed_until",
        )
    }
    return Issue(
        mailbox_id=MailboxId(row.mailbox_id),
        kind=Kind(row.kind) if row.kind else None,
        side=Side(row.side) if row.side else None,
        state=IssueState(row.state),
        details=tuple(row.details),
        **facts,
    )


def issues_of_mailbox(mailbox_id: MailboxId, *, all_states: bool) -> list[Issue]:
    """Issues of a mailbox, newest first; only the open ones unless asked."""
    rows = IssueRow.objects.filter(mailbox_id=mailbox_id).order_by("-last_seen", "pk")
    if not all_states:
        rows = rows.filter(state=IssueState.OPEN)
    return [to_issue(row) for row in rows]
