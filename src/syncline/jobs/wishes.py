"""A person's wish for a session, kept on the mailbox until a session served it.

    none --note--> wished --a session that knew of it ended--> none
                     |  ^
                     +--+ asked again while that session ran: one more session

The wish is not part of the job, because a mailbox has one job only and that
may have been queued, or even started, before the person asked.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from syncline.store.models import STOPPED, MailboxRow

#: Clicks that are closer together than this are one.
ONE_CLICK = timedelta(seconds=5)


def note(mailbox_id: int) -> bool:
    """Remember that a person asked; answers whether the mailbox may sync.

    Also makes the mailbox due, so that the tick finds it if its job was at its
    very end and does not see the wish any more.
    """
    now = timezone.now()
    with transaction.atomic():
        row = (
            MailboxRow.objects.select_for_update()
            .filter(pk=mailbox_id)
            .exclude(standing__in=STOPPED)
            .first()
        )
        if row is None:
            return False
        asked_at, due_at = row.force_asked_at, row.next_run_at
        is_repeated = asked_at is not None and now - asked_at < ONE_CLICK
        row.force_asked_at = asked_at if is_repeated else now
        row.next_run_at = now if due_at is None else min(due_at, now)
        row.save(update_fields=["force_asked_at", "next_run_at"])
    return True


def pending(mailbox_id: int) -> datetime | None:
    """When a person asked for the session that is about to run, if one did."""
    rows = MailboxRow.objects.filter(pk=mailbox_id)
    return rows.values_list("force_asked_at", flat=True).first()


def settle(mailbox_id: int, served: datetime | None) -> bool:
    """Forget the wish that a session served; answers whether a newer one waits."""
    rows = MailboxRow.objects.filter(pk=mailbox_id)
    if served is not None:
        rows.filter(force_asked_at=served).update(force_asked_at=None)
    return rows.filter(force_asked_at__isnull=False).exists()
