"""One holder at a time; a dead one is replaced."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from syncline.domain.values.ids import MailboxId
from syncline.store import holders
from syncline.store.leases import SqlLeases
from syncline.store.models import LeaseRow

SELDOM = timedelta(hours=1)


def test_a_second_holder_is_refused(committed_mailbox_id: MailboxId) -> None:
    first, second = SqlLeases(), SqlLeases()
    lease = first.acquire(committed_mailbox_id)
    assert lease is not None
    assert second.acquire(committed_mailbox_id) is None
    first.release(lease)
    again = second.acquire(committed_mailbox_id)
    assert again is not None
    assert again.token == lease.token + 1
    second.release(again)


def test_of_many_at_once_one_gets_the_mailbox(committed_mailbox_id: MailboxId) -> None:
    """F04: two processes never both win."""
    start = threading.Barrier(8)
    leases = SqlLeases(renew_every=SELDOM)

    def compete() -> int:
        start.wait(30)
        lease = leases.acquire(committed_mailbox_id)
        connections.close_all()
        return 0 if lease is None else lease.token

    with ThreadPoolExecutor(8) as threads:
        tokens = [f.result() for f in [threads.submit(compete) for _ in range(8)]]
    assert sorted(tokens) == [0] * 7 + [1]


def test_an_expired_lease_is_taken_over(committed_mailbox_id: MailboxId) -> None:
    """F07, F08: nothing but the lease and the clock says that something runs."""
    silent = SqlLeases(lifetime=timedelta(0), renew_every=SELDOM)
    lease = silent.acquire(committed_mailbox_id)
    assert lease is not None
    other = SqlLeases()
    taken = other.acquire(committed_mailbox_id)
    assert taken is not None
    assert taken.token == 2
    silent.release(lease)
    assert LeaseRow.objects.get().expires_at is not None, "the new holder keeps it"
    other.release(taken)


def test_a_holder_renews_in_the_background(committed_mailbox_id: MailboxId) -> None:
    """F05: long work does not lose its lease."""
    leases = SqlLeases(renew_every=timedelta(milliseconds=1))
    lease = leases.acquire(committed_mailbox_id)
    assert lease is not None
    soon = timezone.now() + timedelta(milliseconds=200)
    LeaseRow.objects.update(expires_at=soon)
    for _ in range(20_000):
        expires_at = LeaseRow.objects.get().expires_at
        assert expires_at is not None
        if expires_at > soon:
            break
    else:
        pytest.fail("it was never renewed")
    leases.release(lease)


def test_a_lease_of_a_killed_process_is_free_at_once(
    committed_mailbox_id: MailboxId,
) -> None:
    program = "from syncline.store.holders import name_holder; print(name_holder())"
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    LeaseRow.objects.create(
        mailbox_id=committed_mailbox_id,
        token=41,
        holder=ended.stdout.strip(),
        expires_at=timezone.now() + timedelta(minutes=1),
    )
    leases = SqlLeases()
    lease = leases.acquire(committed_mailbox_id)
    assert lease is not None
    assert lease.token == 42
    leases.release(lease)


def test_a_killed_process_counts_as_dead_before_its_parent_notices() -> None:
    program = (
        "from syncline.store.holders import name_holder; print(name_holder())\n"
        "import signal; signal.pause()"
    )
    with subprocess.Popen(
        [sys.executable, "-uc", program], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        holder = process.stdout.readline().strip()
        assert not holders.is_dead(holder)
        process.kill()
        assert process.stdout.read() == "", "its end of the pipe is closed"
        assert any(holders.is_dead(holder) for _ in range(100_000))


@pytest.mark.parametrize("holder", ["", "elsewhere:1:abc", "x", "elsewhere:999999:a"])
def test_nothing_is_known_of_other_places(holder: str) -> None:
    assert not holders.is_dead(holder)
