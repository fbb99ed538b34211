"""Put jobs into the queue: PgQueuer's tables beside ours, in one database.

A mailbox has one job at most, waiting or running (`dedupe_key`). A trigger on
PgQueuer's table notifies the workers when the enqueuing transaction commits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import cast

from django.db import connection, transaction
from pgqueuer.adapters.persistence.queries import SyncQueries
from pgqueuer.ports.driver import SyncDriver
from psycopg import Connection, RawCursor
from psycopg.rows import dict_row

from syncline.jobs import driver, wishes

#: The one kind of job there is: run a session of the mailbox in the payload.
SYNC_MAILBOX = "sync_mailbox"

#: A person waits for asked-for sessions; higher goes first.
SCHEDULED, ASKED = 0, 10


def install() -> None:
    """Create PgQueuer's tables, or bring them up to date; quick when they are.

    Safe when several processes do it at once. Needs Django set up; must not be
    called from a coroutine.
    """
    asyncio.run(_install())


async def _install() -> None:
    async with driver.queries() as known:
        await known.apply_upgrade()


def enqueue_sync(mailbox_id: int, *, is_asked: bool = False) -> bool:
    """Ask for a session of one mailbox, as soon as a worker is free.

    A wish that meets a session in progress is kept and makes one more session
    after it, because that session may have looked already at what a person has
    just corrected. A repeated click is no second wish.

    Args:
        mailbox_id: Whose.
        is_asked: A person asked for it: goes before what is merely due, and
            the session is told so.

    Returns:
        Whether a job was added. False when one is waiting or running already
        (the wish is then kept for it), or when nobody may ask because the
        mailbox is paused or disabled.
    """
    if not is_asked:
        return bool(enqueue([mailbox_id]))
    with transaction.atomic():
        if not wishes.note(mailbox_id):
            return False
        if enqueue([mailbox_id], priority=ASKED):
            return True
        _hasten(mailbox_id)
        return False


def enqueue(mailbox_ids: Sequence[int], *, priority: int = SCHEDULED) -> list[int]:
    """Add a job for each mailbox that has none; answers which those were."""
    ids = _queries().enqueue(
        [SYNC_MAILBOX] * len(mailbox_ids),
        [str(mailbox_id).encode() for mailbox_id in mailbox_ids],
        [priority] * len(mailbox_ids),
        dedupe_key=[_key(mailbox_id) for mailbox_id in mailbox_ids],
        on_conflict="skip",
    )
    return [m for m, job_id in zip(mailbox_ids, ids, strict=True) if job_id is not None]


def _hasten(mailbox_id: int) -> None:
    """Move the job that waits already before those that are merely due."""
    _queries().enqueue(
        SYNC_MAILBOX,
        str(mailbox_id).encode(),
        ASKED,
        dedupe_key=_key(mailbox_id),
        on_conflict="update_priority",
    )


def _key(mailbox_id: int) -> str:
    return f"{SYNC_MAILBOX}:{mailbox_id}"


class _DjangoDriver(SyncDriver):
    """Speaks over Django's own connection, and so inside its transaction.

    PgQueuer's own psycopg driver refuses a connection in a transaction; here a
    job must appear together with what else the page has stored, or not at all.
    """

    def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        connection.ensure_connection()
        raw = cast("Connection[object]", connection.connection)
        with (
            connection.wrap_database_errors,
            RawCursor(raw, row_factory=dict_row) as cursor,
        ):
            cursor.execute(query.encode(), args or None)
            return cursor.fetchall()


def _queries() -> SyncQueries:
    return SyncQueries(_DjangoDriver())
