"""The tick enqueues what is due, once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections, transaction

from syncline.jobs import schedule
from syncline.jobs.queue import enqueue_sync
from tests.jobs.rows import make_mailbox, queued, row

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.usefixtures("jobs")
def test_exactly_what_is_due_is_enqueued() -> None:
    facts = {
        "due": {"next_run_at": NOW},
        "late": {"next_run_at": NOW - timedelta(hours=3)},
        "early": {"next_run_at": NOW + SECOND},
        "never": {"next_run_at": None},
        "renewal": {"next_run_at": NOW, "standing": "needs_renewal"},
        "suspended": {"next_run_at": NOW, "standing": "suspended"},
        "paused": {"next_run_at": NOW, "standing": "paused"},
        "disabled": {"next_run_at": NOW, "standing": "disabled"},
    }
    ids = {n: make_mailbox(f"{n}@northwind.example", **f) for n, f in facts.items()}
    assert schedule.tick(NOW) == 4
    expected = {ids[name] for name in ("due", "late", "renewal", "suspended")}
    assert {job[0] for job in queued()} == expected


@pytest.mark.usefixtures("jobs")
def test_what_waits_is_not_enqueued_by_the_next_tick() -> None:
    mailbox_id = make_mailbox("ada@northwind.example", next_run_at=NOW)
    schedule.tick(NOW)
    assert schedule.tick(NOW + SECOND) == 0
    assert row(mailbox_id).next_run_at == NOW + schedule.ENQUEUED_WAIT


@pytest.mark.usefixtures("jobs")
def test_a_job_that_vanished_is_enqueued_anew() -> None:
    mailbox_id = make_mailbox("ada@northwind.example", next_run_at=NOW)
    schedule.tick(NOW)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE pgqueuer")
    assert schedule.tick(NOW + schedule.ENQUEUED_WAIT) == 1
    assert queued() == [(mailbox_id, "queued", 0)]


def test_a_wish_makes_the_mailbox_due_and_the_tick_looks_again_soon(
    mailbox: int,
) -> None:
    enqueue_sync(mailbox, is_asked=True)
    due_at = row(mailbox).next_run_at
    assert due_at is not None
    assert schedule.tick(due_at) == 0
    assert row(mailbox).next_run_at == due_at + schedule.EXISTING_WAIT


@pytest.mark.usefixtures("jobs")
def test_two_ticks_at_once_enqueue_each_mailbox_once() -> None:
    ids = {
        make_mailbox(f"user{n}@northwind.example", next_run_at=NOW) for n in range(40)
    }
    together = threading.Barrier(4)

    def tick(_: int) -> int:
        together.wait(10)
        try:
            return schedule.tick(NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        added = list(threads.map(tick, range(4)))
    assert sum(added) == len(ids)
    assert sorted(job[0] for job in queued()) == sorted(ids)


def test_the_due_mailboxes_are_found_by_an_index(mailbox: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # Else a table as small as this one is simply read.
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = schedule.due_mailboxes(NOW).explain()
    assert "Index" in plan
    assert "Seq Scan" not in plan


def test_the_log_of_the_queue_is_pruned_after_a_day(mailbox: int) -> None:
    enqueue_sync(mailbox)
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(created) FROM pgqueuer_log")
        (logged_at,) = cursor.fetchone()
        schedule.prune(logged_at + timedelta(hours=23))
        cursor.execute("SELECT count(*) FROM pgqueuer_log")
        assert cursor.fetchone() == (1,)
        schedule.prune(logged_at + timedelta(hours=25))
        cursor.execute("SELECT count(*) FROM pgqueuer_log")
        assert cursor.fetchone() == (0,)


@pytest.mark.usefixtures("jobs")
def test_what_a_person_asked_for_goes_before_what_is_merely_due() -> None:
    due = make_mailbox("due@northwind.example", next_run_at=NOW)
    asked = make_mailbox("asked@northwind.example", next_run_at=NOW, force_asked_at=NOW)
    schedule.tick(NOW)
    priorities = {mailbox_id: priority for mailbox_id, _, priority in queued()}
    assert priorities[asked] > priorities[due]
