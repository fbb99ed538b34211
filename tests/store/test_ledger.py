"""A commit stores all or nothing, and nothing for one who was taken over."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction

from syncline.domain.access.mailbox import Standing
from syncline.domain.errors import FencedError
from syncline.domain.ports import Commit, Lease, MailboxUpdate
from syncline.domain.sessions import Counted, Session, Tally
from syncline.domain.values.changes import Watermark
from syncline.domain.values.ids import MailboxId
from syncline.domain.values.kinds import Kind, Side
from syncline.store.issues import SqlIssueLog
from syncline.store.leases import SqlLeases
from syncline.store.ledger import SqlLedger, to_session
from syncline.store.links import SqlLinkBook
from syncline.store.models import IssueRow, LeaseRow, LinkRow, MailboxRow, SessionRow
from syncline.store.watermarks import SqlWatermarkBook
from tests.factories import NOW, link
from tests.store.rows import issue

LEDGER = SqlLedger()
UPDATE = MailboxUpdate(
    standing=Standing.ACTIVE,
    streak=0,
    idle_count=3,
    next_run_at=NOW + timedelta(hours=1),
)


def begun(lease: Lease) -> Session:
    """A session that has started."""
    session = Session(id=None, mailbox_id=lease.mailbox_id, started_at=NOW)
    return replace(session, id=LEDGER.begin(lease, session))


def everything(lease: Lease, session: Session) -> Commit:
    """A commit with all parts."""
    finished = replace(
        session,
        finished_at=NOW + timedelta(seconds=9),
        result="SW0002",
        error_code="",
        tallies=(
            Tally(kind=Kind.EVENT, side=Side.CRM, counted=Counted.CREATED, count=7),
            Tally(
                kind=Kind.CONTACT,
                side=Side.MAILBOX,
                counted=Counted.SKIPPED,
                count=2,
                reason="private",
            ),
        ),
        requests={Side.MAILBOX: 4, Side.CRM: 2},
        writes={Side.CRM: 7},
        issues_open=1,
        in_scope={Kind.EVENT: 7},
    )
    return Commit(
        lease=lease,
        links=(link(),),
        issues=(issue(lease.mailbox_id),),
        watermarks={Side.MAILBOX: Watermark(value="w1")},
        session=finished,
        mailbox=UPDATE,
    )


def stored_count() -> int:
    """Links, issues and finished sessions."""
    finished = SessionRow.objects.filter(finished_at__isnull=False)
    return LinkRow.objects.count() + IssueRow.objects.count() + finished.count()


def test_a_commit_stores_every_part(lease: Lease) -> None:
    session = begun(lease)
    commit = everything(lease, session)
    LEDGER.commit(commit)
    mailbox_id = lease.mailbox_id
    assert SqlLinkBook().find(mailbox_id, keys=[link().key]) == [link()]
    assert SqlIssueLog().unresolved(mailbox_id) == [issue(mailbox_id)]
    assert SqlWatermarkBook().get(mailbox_id, Side.MAILBOX) == Watermark(value="w1")
    assert SqlWatermarkBook().get(mailbox_id, Side.CRM) is None
    assert to_session(SessionRow.objects.get(pk=session.id)) == commit.session
    row = MailboxRow.objects.get(pk=mailbox_id)
    assert (row.idle_count, row.next_run_at) == (3, UPDATE.next_run_at)
    assert row.last_session_at == row.last_moved_at == NOW + timedelta(seconds=9)


def test_a_later_watermark_replaces_the_former(lease: Lease) -> None:
    for value in ("w1", "w2"):
        mark = {Side.CRM: Watermark(value=value)}
        LEDGER.commit(Commit(lease=lease, watermarks=mark))
    stored = SqlWatermarkBook().get(lease.mailbox_id, Side.CRM)
    assert stored == Watermark(value="w2")


def test_one_who_was_taken_over_stores_nothing(lease: Lease) -> None:
    session = begun(lease)
    LeaseRow.objects.update(expires_at=None)
    newer = SqlLeases()
    taken = newer.acquire(lease.mailbox_id)
    assert taken is not None
    with pytest.raises(FencedError):
        LEDGER.commit(everything(lease, session))
    with pytest.raises(FencedError):
        LEDGER.begin(lease, session)
    assert stored_count() == 0
    assert SqlWatermarkBook().get(lease.mailbox_id, Side.MAILBOX) is None
    assert MailboxRow.objects.get().idle_count == 0
    LEDGER.commit(Commit(lease=taken, links=(link(),)))
    assert stored_count() == 1
    newer.release(taken)


def test_a_commit_that_fails_in_one_part_stores_no_part(lease: Lease) -> None:
    commit = everything(lease, begun(lease))
    doubled = (link(), link(key="key-2"))
    with pytest.raises(IntegrityError):
        LEDGER.commit(replace(commit, links=doubled))
    assert stored_count() == 0


@pytest.mark.parametrize("standing", [Standing.PAUSED, Standing.DISABLED])
def test_a_pause_during_the_session_stands(lease: Lease, standing: Standing) -> None:
    session = begun(lease)
    MailboxRow.objects.update(standing=standing)
    LEDGER.commit(everything(lease, session))
    row = MailboxRow.objects.get()
    assert (row.standing, row.next_run_at) == (standing, None)
    assert row.idle_count == 3


def test_nobody_takes_the_mailbox_over_in_the_middle_of_a_commit(
    committed_mailbox_id: MailboxId,
) -> None:
    leases = SqlLeases(renew_every=timedelta(hours=1))
    lease = leases.acquire(committed_mailbox_id)
    assert lease is not None
    LeaseRow.objects.update(expires_at=NOW - timedelta(days=1000))
    taken: list[Lease | None] = []

    def take_over() -> None:
        other = SqlLeases(renew_every=timedelta(hours=1))
        taken.append(other.acquire(committed_mailbox_id))
        assert taken[0] is not None
        other.release(taken[0])
        connections.close_all()

    thread = threading.Thread(target=take_over)
    with transaction.atomic():
        LEDGER.commit(Commit(lease=lease, links=(link(),)))
        thread.start()
        wait_until_somebody_waits()
        assert taken == []
    thread.join(30)
    assert taken == [Lease(mailbox_id=committed_mailbox_id, token=2)]
    leases.release(lease)


def wait_until_somebody_waits() -> None:
    """Until a statement of another connection waits for a lock of ours."""
    for _ in range(20_000):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
                "WHERE NOT l.granted AND a.datname = current_database()"
            )
            if cursor.fetchone() != (0,):
                return
    pytest.fail("nobody waits")
