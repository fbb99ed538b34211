"""Copies of writes come back as they were, in order, and leave after 90 days."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from syncline.domain.ports import Commit, Lease
from syncline.domain.sessions import Session
from syncline.domain.values.history import KeptWrite, Refusal, Undone
from syncline.domain.values.ids import LinkKey, MailboxId, SessionId
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import LinkState
from syncline.domain.values.operations import Verb
from syncline.store.history import SqlHistoryBook, prune_history
from syncline.store.ledger import SqlLedger
from syncline.store.links import save_links
from syncline.store.models import ErrandRow, SessionRow, SessionWriteRow
from syncline.usecases.errands import ErrandVerb
from tests.factories import NOW, link
from tests.store.rows import make_mailbox

LEDGER, BOOK = SqlLedger(), SqlHistoryBook()


def _write(name: str = "Demo", **changes: object) -> KeptWrite:
    facts: dict[str, object] = {
        "key": LinkKey("key-1"),
        "side": Side.CRM,
        "verb": Verb.UPDATE,
        "kind": Kind.EVENT,
        "target_id": "00U1",
        "name": name,
        "before": {"Subject": "Tom & Jerry \x00", "IsAllDayEvent": False},
        "after": {"Subject": name, "IsAllDayEvent": True},
        "version_before": "v1",
        "version_after": "v2",
    }
    return KeptWrite(**{**facts, **changes})  # type: ignore[arg-type] # by name


@pytest.fixture
def session_id(lease: Lease) -> SessionId:
    started = Session(id=None, mailbox_id=lease.mailbox_id, started_at=NOW)
    return LEDGER.begin(lease, started)


def _keep(lease: Lease, session_id: SessionId, *writes: KeptWrite) -> None:
    LEDGER.commit(Commit(lease=lease, session_id=session_id, writes=writes))


def test_writes_come_back_equal_and_in_order(
    lease: Lease, session_id: SessionId
) -> None:
    kept = [_write(f"Demo {n}", is_mark=n == 1, was_there=n == 2) for n in range(30)]
    _keep(lease, session_id, *kept[:20])
    _keep(lease, session_id, *kept[20:])
    found = [past.write for past in BOOK.writes(session_id)]
    assert [w.name for w in found] == [w.name for w in kept]
    assert [w.number for w in found] == sorted(w.number for w in found)
    clean = {**kept[3].before, "Subject": "Tom & Jerry "}
    assert replace(found[3], number=0) == replace(kept[3], before=clean)
    assert (found[1].is_mark, found[2].was_there) == (True, True)


def test_what_became_of_an_undo_is_remembered(
    lease: Lease, session_id: SessionId
) -> None:
    _keep(lease, session_id, _write("One"), _write("Two"))
    one, two = (past.write.number for past in BOOK.writes(session_id))
    undone = (
        Undone(number=one),
        Undone(number=two, refusal=Refusal.CHANGED, detail="Subject"),
    )
    LEDGER.commit(Commit(lease=lease, undone=undone))
    first, second = BOOK.writes(session_id)
    assert (first.is_undone, first.refusal) == (True, None)
    assert (second.is_undone, second.refusal) == (False, Refusal.CHANGED)
    assert second.detail == "Subject"


def test_nobody_marks_the_writes_of_another_mailbox(
    lease: Lease, session_id: SessionId
) -> None:
    other = make_mailbox("bob@northwind.example")
    row = SessionRow.objects.create(mailbox_id=other, started_at=NOW)
    theirs = SessionWriteRow.objects.create(session=row, verb="create")
    LEDGER.commit(Commit(lease=lease, undone=(Undone(number=theirs.pk),)))
    theirs.refresh_from_db()
    assert not theirs.is_undone


def test_an_undo_names_the_session_that_it_took_back(
    lease: Lease, session_id: SessionId
) -> None:
    own = Session(
        id=None, mailbox_id=lease.mailbox_id, started_at=NOW, undoes=session_id
    )
    found = BOOK.session(LEDGER.begin(lease, own))
    assert found is not None
    assert found.undoes == session_id
    assert BOOK.session(SessionId(999_999)) is None


def test_a_record_of_two_mailboxes_is_shared_but_not_one_of_two_orgs(
    mailbox_id: MailboxId,
) -> None:
    colleague = make_mailbox("bob@northwind.example")
    stranger = make_mailbox("eve@elsewhere.example", org="00D000000000002AAA")
    save_links(
        mailbox_id, [link(record_id="r1"), link(key="k2", item_id="i2", record_id="r2")]
    )
    save_links(colleague, [link(record_id="r1")])
    save_links(
        colleague,
        [link(key="k3", item_id="i3", record_id="r3", state=LinkState.TOMBSTONE)],
    )
    save_links(stranger, [link(record_id="r2")])
    assert BOOK.shared(mailbox_id, ["r1", "r2", "r3"]) == {"r1"}
    assert BOOK.shared(mailbox_id, []) == frozenset()


def test_copies_and_answers_leave_after_90_days(
    lease: Lease, session_id: SessionId
) -> None:
    _keep(lease, session_id, _write())
    ErrandRow.objects.create(
        mailbox_id=lease.mailbox_id, verb=ErrandVerb.PLAN, who="a", asked_at=NOW
    )
    prune_history(NOW + timedelta(days=89))
    assert (len(BOOK.writes(session_id)), ErrandRow.objects.count()) == (1, 1)
    prune_history(NOW + timedelta(days=91))
    assert (BOOK.writes(session_id), ErrandRow.objects.count()) == ([], 0)
    assert BOOK.session(session_id) is not None
