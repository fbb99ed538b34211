"""The tick: enqueue the mailboxes that are due.

Every worker ticks; rows that another tick is looking at are skipped, so each
mailbox is enqueued by one of them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from pgqueuer.domain.settings import db_settings

from syncline.jobs.queue import ASKED, enqueue
from syncline.store.errands import mailboxes_with_errands
from syncline.store.history import prune_history
from syncline.store.models import STOPPED, MailboxRow

#: Mailboxes of one tick; the rest follow with the next, a second later.
_BATCH = 1000

#: When a mailbox is due again if its job vanishes without a session's end.
ENQUEUED_WAIT = timedelta(minutes=5)

#: The same for a mailbox whose job exists: it may be at its very end, and then
#: a wish would wait for this long.
EXISTING_WAIT = timedelta(seconds=15)

#: PgQueuer logs each step of each job and never forgets one.
_LOG_KEPT_FOR = timedelta(days=1)


def tick(now: datetime) -> int:
    """Enqueue what is due; answers how many jobs were added.

    What a person asked for goes before what is merely due. The due time of what
    it saw moves ahead, so that nothing is enqueued again while it waits; the
    session's end then sets the real one.
    """
    _enqueue_errands()
    with transaction.atomic():
        wishes = dict(due_mailboxes(now).values_list("pk", "force_asked_at"))
        if not wishes:
            return 0
        due = list(wishes)
        asked = [pk for pk in due if wishes[pk] is not None]
        added = enqueue(asked, priority=ASKED) if asked else []
        added += enqueue([pk for pk in due if wishes[pk] is None])
        rows = MailboxRow.objects.filter(pk__in=due)
        rows.update(next_run_at=now + EXISTING_WAIT)
        rows.filter(pk__in=added).update(next_run_at=now + ENQUEUED_WAIT)
    return len(added)


def _enqueue_errands() -> None:
    """See to it that somebody looks at what people asked for; one job a mailbox."""
    waiting = mailboxes_with_errands()
    if waiting:
        enqueue(waiting, priority=ASKED)


def due_mailboxes(now: datetime) -> QuerySet[MailboxRow]:
    """What one tick may take, the longest overdue first; locks what it reads."""
    return (
        MailboxRow.objects.select_for_update(skip_locked=True)
        .filter(next_run_at__lte=now)
        # The words of the index's own condition, or it could not be used.
        .exclude(standing__in=STOPPED)
        .order_by("next_run_at")[:_BATCH]
    )


def prune(now: datetime) -> None:
    """Drop what PgQueuer logged more than a day ago, and copies that are too old."""
    prune_history(now)
    log = db_settings().qualified.queue_table_log
    with connection.cursor() as cursor:
        # A name from PgQueuer's checked settings, not a value from outside.
        cursor.execute(
            f"DELETE FROM {log} WHERE created < %s",
            [now - _LOG_KEPT_FOR],
        )
