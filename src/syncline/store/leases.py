"""Leases: one session at a time works on a mailbox, and a dead one is replaced.

A lease lives as long as its holder renews it, every few seconds, from a thread
of its own, so that long work never loses it. The token grows with each holder;
whoever presents an older one is refused by the ledger. No flag says "running":
the clock of the database decides who is alive.
"""

from __future__ import annotations

import os
import socket
import threading
import uuid
from datetime import timedelta

from django.db import connection, connections
from django.db.utils import Error

from syncline.domain.ports import Lease
from syncline.domain.values.ids import MailboxId

LIFETIME = timedelta(seconds=15)
RENEW_EVERY = timedelta(seconds=4)

_ACQUIRE = """
INSERT INTO lease (mailbox_id, token, holder, expires_at)
VALUES (%(mailbox)s, 1, %(holder)s, now() + %(life)s)
ON CONFLICT (mailbox_id) DO UPDATE
   SET token = lease.token + 1, holder = EXCLUDED.holder,
       expires_at = EXCLUDED.expires_at
 WHERE lease.expires_at IS NULL OR lease.expires_at < now()
RETURNING token
"""
_RENEW = """
UPDATE lease SET expires_at = now() + %(life)s
 WHERE mailbox_id = %(mailbox)s AND token = %(token)s
"""
_RELEASE = """
UPDATE lease SET expires_at = NULL WHERE mailbox_id = %s AND token = %s
"""


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
        self._lifetime = lifetime
        self._renew_every = renew_every
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._stops: dict[tuple[MailboxId, int], threading.Event] = {}

    def acquire(self, mailbox_id: MailboxId) -> Lease | None:
        """See the port."""
        with connection.cursor() as cursor:
            cursor.execute(
                _ACQUIRE,
                {
                    "mailbox": mailbox_id,
                    "holder": self._holder,
                    "life": self._lifetime,
                },
            )
            row = cursor.fetchone()
        if row is None:
            return None
        lease = Lease(mailbox_id=mailbox_id, token=row[0])
        stop = threading.Event()
        self._stops[(mailbox_id, lease.token)] = stop
        threading.Thread(
            target=self._keep_alive, args=(lease, stop), daemon=True
        ).start()
        return lease

    def release(self, lease: Lease) -> None:
        """See the port."""
        stop = self._stops.pop((lease.mailbox_id, lease.token), None)
        if stop is not None:
            stop.set()
        with connection.cursor() as cursor:
            cursor.execute(_RELEASE, [lease.mailbox_id, lease.token])

    def _keep_alive(self, lease: Lease, stop: threading.Event) -> None:
        try:
            while not stop.wait(self._renew_every.total_seconds()):
                if not self._renew(lease):
                    return
        finally:
            connections.close_all()

    def _renew(self, lease: Lease) -> bool:
        """Whether the lease is still ours. A lost connection is tried again."""
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    _RENEW,
                    {
                        "mailbox": lease.mailbox_id,
                        "token": lease.token,
                        "life": self._lifetime,
                    },
                )
                return bool(cursor.rowcount)
        except Error:
            connections.close_all()
            return True
