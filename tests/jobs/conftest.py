"""Workers on a real PostgreSQL, and sessions that do what a test tells them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

import pytest
from django.db import connection

from syncline.jobs.queue import install
from syncline.jobs.worker import RunOutcome, run_worker
from tests.jobs.deadline import DEADLINE
from tests.jobs.rows import make_mailbox


@pytest.fixture
def jobs(transactional_db: None) -> None:
    """An empty queue and no mailboxes, seen by every thread and process."""
    install()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE pgqueuer, pgqueuer_log")


@pytest.fixture
def mailbox(jobs: None) -> int:
    """One active mailbox that is not due."""
    return make_mailbox("ada@northwind.example")


@dataclass(slots=True)
class Sessions:
    """Stands for the sync of a session: records calls, answers what it is told."""

    #: What was asked of us, in order.
    started: queue.Queue[tuple[int, bool]] = field(default_factory=queue.Queue)
    #: Called in each session; its answer or error is the session's.
    body: Callable[[int], RunOutcome] = lambda mailbox_id: RunOutcome.DONE

    def __call__(self, mailbox_id: int, is_asked: bool) -> RunOutcome:
        """Run one."""
        self.started.put((mailbox_id, is_asked))
        return self.body(mailbox_id)

    def next(self, within: float = DEADLINE) -> tuple[int, bool]:
        """The next session that starts."""
        return self.started.get(timeout=within)


@pytest.fixture
def sessions() -> Sessions:
    """Sessions that end at once."""
    return Sessions()


Workers = Callable[[Sessions], AbstractContextManager[threading.Event]]


@pytest.fixture
def worker(jobs: None) -> Workers:
    """Runs a worker in a thread for the length of a block; gives its stop."""

    @contextmanager
    def running(sessions: Sessions) -> Iterator[threading.Event]:
        stop = threading.Event()
        thread = threading.Thread(
            target=run_worker, args=(sessions, stop), kwargs={"concurrency": 4}
        )
        thread.start()
        try:
            yield stop
        finally:
            stop.set()
            thread.join(DEADLINE)
        assert not thread.is_alive()

    return running
