"""Keeps what people decide on the pages: wishes, Pause and Start, words on issues.

Each decision leaves a line in the activity log, in the same transaction.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now

from syncline.domain.access.mailbox import Standing
from syncline.domain.issues.issue import IssueState
from syncline.domain.values.ids import MailboxId
from syncline.store.models import (
    ActivityRow,
    IssueRow,
    LeaseRow,
    MailboxRow,
    SessionRow,
)
from syncline.usecases.force_sync import Readiness


class SqlDesk:
    """`SessionDesk`, `StandingDesk`, `IssueDesk` and `PlanDesk` on PostgreSQL."""

    def readiness(self, mailbox_id: MailboxId) -> Readiness:
        """See `SessionDesk`."""
        row = MailboxRow.objects.filter(pk=mailbox_id).first()
        if row is None:
            raise KeyError(mailbox_id)
        return Readiness(
            standing=Standing(row.standing),
            is_running=is_running(mailbox_id),
            last_asked_at=_later(row.force_asked_at, _last_forced_at(mailbox_id)),
        )

    def ask(self, mailbox_id: MailboxId, now: datetime, who: str) -> None:
        """See `SessionDesk`. The worker's tick finds the wish within a second."""
        with transaction.atomic():
            MailboxRow.objects.filter(pk=mailbox_id).update(
                force_asked_at=now, next_run_at=now
            )
            note_activity(mailbox_id, who, "sync forced")

    def change(
        self,
        mailbox_id: MailboxId,
        *,
        allowed: frozenset[Standing],
        to: Standing,
        next_run_at: datetime | None,
        who: str,
    ) -> bool:
        """See `StandingDesk`."""
        with transaction.atomic():
            count = MailboxRow.objects.filter(
                pk=mailbox_id, standing__in=allowed
            ).update(standing=to, next_run_at=next_run_at, force_asked_at=None)
            if count:
                note_activity(mailbox_id, who, f"standing set to {to}")
        return bool(count)

    def dismiss(self, mailbox_id: MailboxId, fingerprint: str, who: str) -> bool:
        """See `IssueDesk`."""
        with transaction.atomic():
            count = IssueRow.objects.filter(
                mailbox_id=mailbox_id,
                fingerprint=fingerprint,
                state__in=(IssueState.OPEN, IssueState.SNOOZED),
            ).update(state=IssueState.DISMISSED, snoozed_until=None)
            if count:
                note_activity(
                    mailbox_id, who, "issue dismissed", fingerprint=fingerprint
                )
        return bool(count)

    def confirm(self, mailbox_id: MailboxId, digest: str, who: str) -> None:
        """See `PlanDesk`."""
        with transaction.atomic():
            MailboxRow.objects.filter(pk=mailbox_id).update(confirmed_plan=digest)
            note_activity(mailbox_id, who, "plan confirmed", digest=digest)


def is_running(mailbox_id: MailboxId) -> bool:
    """Whether somebody alive works on the mailbox; the database's clock decides."""
    return LeaseRow.objects.filter(mailbox_id=mailbox_id, expires_at__gt=Now()).exists()


def _last_forced_at(mailbox_id: MailboxId) -> datetime | None:
    rows = SessionRow.objects.filter(mailbox_id=mailbox_id, is_forced=True)
    found: datetime | None = rows.aggregate(at=Max("started_at"))["at"]
    return found


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((t for t in (one, other) if t is not None), default=None)


def note_activity(mailbox_id: MailboxId, who: str, what: str, **details: str) -> None:
    """Leave a line in the activity log."""
    ActivityRow.objects.create(
        mailbox_id=mailbox_id, who=who[:320], what=what, details=details
    )
