"""Leases: one session at a time works on a mailbox, and a dead one is replaced.

A lease lives as long as its holder renews it, every few seconds, from a thread
of its own, so that long work never loses it. The token grows with each holder;
whoever presents an older one is refused by the ledger. No flag says "running":
the clock of the database decides who is alive, or the operating system when the
holder ran in the same place.
"""

from __future__ import annotations

import threading
from datetime import timedelta

from django.db import connection, connections
from django.db.utils import Error

from syncline.domain.ports import Lease
from syncline.domain.values.ids import MailboxId
from syncline.store.holders import is_dead, name_holder

LIFETIME = timedelta(seconds=15)
RENEW_EVERY = timedelta(seconds=4)

_ACQUIRE = """
INSERT INTO lease (mailbox_id, token, holder, expires_at)
VALUES (%(mailbox)s, 1, %(holder)s, now() + make_interval(secs => %(life)s))
ON CONFLICT (mailbox_id) DO UPDATE
   SET token = lease.token + 1, holder = EXCLUDED.holder,
       expires_at = EXCLUDED.expires_at
 WHERE lease.expires_at IS NULL OR lease.expires_at < now()
RETURNING token
"""
_RENEW = """
UPDATE lease SET expires_at = now() + make_interval(secs => %(life)s)
 WHERE mailbox_id = %(mailbox)s AND token = %(token)s
"""
_RELEASE = """
UPDATE lease SET expires_at = NULL WHERE mailbox_id = %s AND token = %s
"""
_HOLDER = "SELECT holder, token FROM lease WHERE mailbox_id = %s"


class SqlLeases:
    """`ports.Leases` on PostgreSQL."""

    def __init__(
        self, lifetime: timedelta = LIFETIME, renew_every: timedelta = RENEW_EVERY
    ) -> None:
        """Name this holder.

        Args:
            lifetime: How long a lease outlives its last renewal.
            renew_every: How often it is renewed.
        """
        self._life_seconds = lifetime.total_seconds()
        self._renew_every = renew_every
        self._holder = name_holder()
        self._stops: dict[tuple[MailboxId, int], threading.Event] = {}

    def acquire(self, mailbox_id: MailboxId) -> Lease | None:
        """See the port."""
        token = self._take(mailbox_id)
        if token is None and self._bury(mailbox_id):
            token = self._take(mailbox_id)
        if token is None:
            return None
        lease = Lease(mailbox_id=mailbox_id, token=token)
        stop = threading.Event()
        self._stops[(mailbox_id, lease.token)] = stop
        threading.Thread(
            target=self._keep_alive, args=(lease, stop), daemon=True
        ).start()
        return lease

    def _take(self, mailbox_id: MailboxId) -> int | None:
        facts: dict[str, int | float | str] = {
            "mailbox": mailbox_id,
            "holder": self._holder,
            "life": self._life_seconds,
        }
        with connection.cursor() as cursor:
            cursor.execute(_ACQUIRE, facts)
            row = cursor.fetchone()
        return row[0] if row else None

    def _bury(self, mailbox_id: MailboxId) -> bool:
        """Free a lease whose holder is known to be dead; whether it was."""
        with connection.cursor() as cursor:
            cursor.execute(_HOLDER, [mailbox_id])
            row = cursor.fetchone()
            if row is None or not is_dead(row[0]):
                return False
            cursor.execute(_RELEASE, [mailbox_id, row[1]])
        return True

    def release(self, lease: Lease) -> None:
        """See the port."""
        stop = self._stops.pop((lease.mailbox_id, lease.token), None)
        if stop is not None:
            stop.set()
        with connection.cursor() as cursor:
            cursor.execute(_RELEASE, [lease.mailbox_id, lease.token])

    def _keep_alive(self, lease: Lease, stop: threading.Event) -> None:
        while not stop.wait(self._renew_every.total_seconds()):
            if not self._renew(lease):
                return

    def _renew(self, lease: Lease) -> bool:
        """Whether the lease is still ours. A lost connection is tried again."""
        facts: dict[str, int | float | str] = {
            "mailbox": lease.mailbox_id,
            "token": lease.token,
            "life": self._life_seconds,
        }
        try:
            with connection.cursor() as cursor:
                cursor.execute(_RENEW, facts)
                return bool(cursor.rowcount)
        except Error:
            return True
        finally:
            # Back to the pool: it is used for a moment every few seconds only.
            connections.close_all()
