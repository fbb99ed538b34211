"""The worker: jobs come back, fail, stop and are repeated as they should."""

from __future__ import annotations

import itertools
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import InterfaceError, OperationalError, connection
from structlog.testing import capture_logs

from syncline.domain.errors import MailboxBusyError, MailboxNotActiveError
from syncline.jobs import wishes
from syncline.jobs.queue import enqueue_sync
from syncline.jobs.worker import RunOutcome
from syncline.store.models import MailboxRow
from tests.jobs.conftest import Sessions, Workers
from tests.jobs.deadline import DEADLINE
from tests.jobs.rows import make_mailbox, queued, row

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_request_starts_a_session_that_knows_whether_it_was_asked_for(
    mailbox: int, worker: Workers, sessions: Sessions
) -> None:
    other = make_mailbox("bruno@northwind.example")
    with worker(sessions):
        enqueue_sync(mailbox)
        assert sessions.next() == (mailbox, False)
        enqueue_sync(other, is_asked=True)
        assert sessions.next() == (other, True)
    assert queued() == []
    assert wishes.pending(other) is None


def test_a_mailbox_that_is_due_is_found_by_the_worker_itself(
    mailbox: int, worker: Workers, sessions: Sessions
) -> None:
    with worker(sessions):
        MailboxRow.objects.filter(pk=mailbox).update(next_run_at=LONG_AGO)
        assert sessions.next() == (mailbox, False)
    due_at = row(mailbox).next_run_at
    assert due_at is not None
    assert due_at > LONG_AGO + timedelta(days=1)


def test_a_wish_during_a_session_makes_one_more_session(
    mailbox: int, worker: Workers, sessions: Sessions
) -> None:
    asked = threading.Event()
    sessions.body = lambda _: asked.wait(DEADLINE) and RunOutcome.DONE
    with worker(sessions):
        enqueue_sync(mailbox)
        assert sessions.next() == (mailbox, False)
        for _ in range(3):
            assert not enqueue_sync(mailbox, is_asked=True)
        asked.set()
        assert sessions.next() == (mailbox, True)
    assert sessions.started.empty()
    assert queued() == []
    assert wishes.pending(mailbox) is None


@pytest.mark.parametrize("says", ["outcome", "error"])
def test_a_busy_job_comes_back_with_its_wish(
    mailbox: int, worker: Workers, sessions: Sessions, says: str
) -> None:
    attempts = itertools.count()

    def busy_once(_: int) -> RunOutcome:
        if next(attempts) > 0:
            return RunOutcome.DONE
        if says == "error":
            raise MailboxBusyError
        return RunOutcome.BUSY

    sessions.body = busy_once
    with worker(sessions):
        enqueue_sync(mailbox, is_asked=True)
        assert sessions.next() == (mailbox, True)
        assert sessions.next() == (mailbox, True)
    assert queued() == []


def test_a_failing_session_leaves_the_worker_alive_and_its_message_out_of_the_log(
    mailbox: int, worker: Workers, sessions: Sessions
) -> None:
    other = make_mailbox("bruno@northwind.example")

    def fail_first(mailbox_id: int) -> RunOutcome:
        if mailbox_id == mailbox:
            raise ValueError("Bearer s3cret")
        return RunOutcome.DONE

    sessions.body = fail_first
    with capture_logs() as logs, worker(sessions):
        enqueue_sync(mailbox, is_asked=True)
        assert sessions.next() == (mailbox, True)
        enqueue_sync(other)
        assert sessions.next() == (other, False)
    failures = [entry for entry in logs if entry["event"] == "job.failed"]
    assert [(f["mailbox_id"], f["error"]) for f in failures] == [
        (mailbox, "ValueError")
    ]
    assert "s3cret" not in repr(logs)
    assert queued() == []
    assert wishes.pending(mailbox) is None


def test_a_mailbox_paused_meanwhile_is_no_failure(
    mailbox: int, worker: Workers, sessions: Sessions
) -> None:
    def paused(_: int) -> RunOutcome:
        raise MailboxNotActiveError

    sessions.body = paused
    with capture_logs() as logs, worker(sessions):
        enqueue_sync(mailbox)
        sessions.next()
    assert "job.failed" not in [entry["event"] for entry in logs]
    assert queued() == []


def test_stopping_lets_running_sessions_end_and_starts_no_other(
    mailbox: int, worker: Workers, sessions: Sessions
) -> None:
    may_end = threading.Event()
    ended: list[int] = []

    def slow(mailbox_id: int) -> RunOutcome:
        assert may_end.wait(DEADLINE)
        ended.append(mailbox_id)
        return RunOutcome.DONE

    sessions.body = slow
    ids = [make_mailbox(f"user{n}@northwind.example") for n in range(6)]
    with worker(sessions) as stop:
        for mailbox_id in ids:
            enqueue_sync(mailbox_id)
        started = [sessions.next()[0] for _ in range(4)]
        stop.set()
        may_end.set()
    assert sorted(ended) == sorted(started)
    waiting = [job[0] for job in queued() if job[1] == "queued"]
    assert sorted(waiting) == sorted(set(ids) - set(started))
    assert len(queued()) == 2


def test_a_worker_survives_the_loss_of_its_connections(
    mailbox: int, worker: Workers, sessions: Sessions
) -> None:
    other = make_mailbox("bruno@northwind.example")
    with worker(sessions):
        enqueue_sync(mailbox)
        sessions.next()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        enqueue_sync(other)
        # The end of the first session may not have been stored any more.
        while (started := sessions.next())[0] == mailbox:
            pass
        assert started == (other, False)


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_session_that_loses_the_database_comes_back_with_its_wish(
    mailbox: int, worker: Workers, sessions: Sessions, error: type[Exception]
) -> None:
    attempts = itertools.count()

    def fail_once(_: int) -> RunOutcome:
        if next(attempts) == 0:
            raise error
        return RunOutcome.DONE

    sessions.body = fail_once
    with worker(sessions):
        enqueue_sync(mailbox, is_asked=True)
        assert sessions.next() == (mailbox, True)
        assert sessions.next() == (mailbox, True)
    assert wishes.pending(mailbox) is None


def test_two_workers_share_the_work_and_run_each_job_once(
    worker: Workers, sessions: Sessions
) -> None:
    ids = [make_mailbox(f"user{n}@northwind.example") for n in range(30)]
    with worker(sessions), worker(sessions):
        for mailbox_id in ids:
            enqueue_sync(mailbox_id)
        started = [sessions.next()[0] for _ in ids]
    assert sorted(started) == sorted(ids)
    assert sessions.started.empty()
