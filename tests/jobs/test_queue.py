"""Enqueuing: one job per mailbox, and no wish gets lost."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone

from syncline.jobs import queue, wishes
from tests.jobs.rows import make_mailbox, queued, row


def test_repeated_requests_make_one_job(mailbox: int) -> None:
    assert queue.enqueue_sync(mailbox)
    assert not queue.enqueue_sync(mailbox)
    assert queued() == [(mailbox, "queued", 0)]


def test_requests_at_the_same_time_make_one_job(mailbox: int) -> None:
    together = threading.Barrier(8)

    def ask(_: int) -> bool:
        together.wait(10)
        try:
            return queue.enqueue_sync(mailbox, is_asked=True)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        added = list(threads.map(ask, range(8)))
    assert sum(added) == 1
    assert len(queued()) == 1


def test_each_mailbox_has_its_own_job(mailbox: int) -> None:
    other = make_mailbox("bruno@northwind.example")
    assert queue.enqueue_sync(mailbox)
    assert queue.enqueue_sync(other)
    assert [job[0] for job in queued()] == [mailbox, other]


def test_a_wish_joins_the_scheduled_job_and_hastens_it(mailbox: int) -> None:
    queue.enqueue_sync(mailbox)
    assert not queue.enqueue_sync(mailbox, is_asked=True)
    assert queued() == [(mailbox, "queued", 10)]
    assert wishes.pending(mailbox) is not None


def test_a_repeated_click_is_no_second_wish(mailbox: int) -> None:
    queue.enqueue_sync(mailbox, is_asked=True)
    first = wishes.pending(mailbox)
    queue.enqueue_sync(mailbox, is_asked=True)
    assert wishes.pending(mailbox) == first


def test_a_later_click_is_a_new_wish_that_outlives_the_first(mailbox: int) -> None:
    earlier = timezone.now() - timedelta(seconds=20)
    mailbox_row = row(mailbox)
    mailbox_row.force_asked_at = earlier
    mailbox_row.save()
    queue.enqueue_sync(mailbox, is_asked=True)
    assert wishes.settle(mailbox, earlier)
    newer = wishes.pending(mailbox)
    assert newer is not None
    assert newer > earlier
    assert not wishes.settle(mailbox, newer)
    assert wishes.pending(mailbox) is None


@pytest.mark.parametrize("standing", ["paused", "disabled"])
def test_nobody_can_ask_for_a_mailbox_that_may_not_sync(
    mailbox: int, standing: str
) -> None:
    mailbox_row = row(mailbox)
    mailbox_row.standing = standing
    mailbox_row.save()
    assert not queue.enqueue_sync(mailbox, is_asked=True)
    assert queued() == []
    assert wishes.pending(mailbox) is None


def test_a_job_appears_with_the_transaction_that_asked_for_it(mailbox: int) -> None:
    with transaction.atomic():
        queue.enqueue_sync(mailbox, is_asked=True)
        assert queued() == [(mailbox, "queued", 10)]
        transaction.set_rollback(True)
    assert queued() == []
    assert wishes.pending(mailbox) is None


def test_installing_again_changes_nothing(mailbox: int) -> None:
    queue.enqueue_sync(mailbox)
    queue.install()
    assert queued() == [(mailbox, "queued", 0)]
