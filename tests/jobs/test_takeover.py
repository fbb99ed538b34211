"""A killed worker's session is taken over by another one within 30 seconds."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from syncline.domain.values.ids import MailboxId
from syncline.jobs.queue import enqueue_sync
from syncline.jobs.worker import RunOutcome
from syncline.store.leases import SqlLeases
from tests.jobs.conftest import Sessions, Workers
from tests.jobs.rows import queued

ROOT = Path(__file__).parents[2]


@pytest.fixture
def stuck_worker(jobs: None) -> Iterator[subprocess.Popen[str]]:
    known = connection.settings_dict
    address = make_conninfo(
        host=known["HOST"], user=known["USER"], dbname=known["NAME"]
    )
    with subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.stuck_worker"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def test_a_killed_workers_session_runs_again_within_30_seconds(
    mailbox: int,
    stuck_worker: subprocess.Popen[str],
    worker: Workers,
    sessions: Sessions,
) -> None:
    leases = SqlLeases()
    tokens: queue.Queue[int] = queue.Queue()

    def take_lease(mailbox_id: int) -> RunOutcome:
        lease = leases.acquire(MailboxId(mailbox_id))
        if lease is None:
            return RunOutcome.BUSY
        leases.release(lease)
        tokens.put(lease.token)
        return RunOutcome.DONE

    sessions.body = take_lease
    enqueue_sync(mailbox, is_asked=True)
    assert stuck_worker.stdout is not None
    assert stuck_worker.stdout.readline() == f"{mailbox} True 1\n"
    with worker(sessions):
        stuck_worker.kill()
        # The first token was the killed worker's.
        assert tokens.get(timeout=30) == 2
    while not sessions.started.empty():
        assert sessions.next() == (mailbox, True)
    assert queued() == []
