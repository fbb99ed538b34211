"""What people decide is kept at once, with a line in the activity log."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syncline.domain.access.mailbox import Standing
from syncline.domain.issues.issue import IssueState
from syncline.domain.ports import Lease
from syncline.domain.values.ids import MailboxId
from syncline.store.desk import SqlDesk
from syncline.store.issues import save_issues
from syncline.store.models import ActivityRow, IssueRow, MailboxRow, SessionRow
from tests.factories import NOW
from tests.store.rows import issue, make_mailbox

DESK = SqlDesk()


def _log(mailbox_id: MailboxId) -> list[tuple[str, str]]:
    rows = ActivityRow.objects.filter(mailbox_id=mailbox_id).order_by("pk")
    return list(rows.values_list("who", "what"))


def test_a_wish_makes_the_mailbox_due(mailbox_id: MailboxId) -> None:
    DESK.ask(mailbox_id, NOW, "ada")
    row = MailboxRow.objects.get(pk=mailbox_id)
    assert (row.force_asked_at, row.next_run_at) == (NOW, NOW)
    assert _log(mailbox_id) == [("ada", "sync forced")]


def test_a_wish_that_was_served_still_counts_as_the_last(mailbox_id: MailboxId) -> None:
    SessionRow.objects.create(mailbox_id=mailbox_id, started_at=NOW, is_forced=True)
    SessionRow.objects.create(
        mailbox_id=mailbox_id, started_at=NOW + timedelta(minutes=5)
    )
    assert DESK.readiness(mailbox_id).last_asked_at == NOW


def test_a_live_lease_means_running(mailbox_id: MailboxId, lease: Lease) -> None:
    assert DESK.readiness(mailbox_id).is_running
    assert not DESK.readiness(make_mailbox("bruno@northwind.example")).is_running


def test_an_unknown_mailbox_has_no_readiness(db: None) -> None:
    with pytest.raises(KeyError):
        DESK.readiness(MailboxId(404))


def test_pausing_takes_back_the_wish_for_a_session(mailbox_id: MailboxId) -> None:
    DESK.ask(mailbox_id, NOW, "ada")
    assert DESK.change(
        mailbox_id,
        allowed=frozenset({Standing.ACTIVE}),
        to=Standing.PAUSED,
        next_run_at=None,
        who="ada",
    )
    row = MailboxRow.objects.get(pk=mailbox_id)
    assert (row.standing, row.force_asked_at, row.next_run_at) == ("paused", None, None)
    assert _log(mailbox_id)[-1] == ("ada", "standing set to paused")


def test_a_standing_outside_of_the_allowed_stays(mailbox_id: MailboxId) -> None:
    MailboxRow.objects.filter(pk=mailbox_id).update(standing=Standing.DISABLED)
    assert not DESK.change(
        mailbox_id,
        allowed=frozenset({Standing.PAUSED}),
        to=Standing.ACTIVE,
        next_run_at=NOW,
        who="ada",
    )
    assert MailboxRow.objects.get(pk=mailbox_id).standing == Standing.DISABLED
    assert _log(mailbox_id) == []


def test_an_issue_is_dismissed_once_and_by_its_owner_only(
    mailbox_id: MailboxId,
) -> None:
    found = issue(mailbox_id)
    save_issues([found])
    other = make_mailbox("bruno@northwind.example")
    assert not DESK.dismiss(other, found.fingerprint, "bruno")
    assert DESK.dismiss(mailbox_id, found.fingerprint, "ada")
    assert not DESK.dismiss(mailbox_id, found.fingerprint, "ada")
    assert IssueRow.objects.get().state == IssueState.DISMISSED
    assert _log(mailbox_id) == [("ada", "issue dismissed")]


def test_a_confirmed_plan_is_kept_on_the_mailbox(mailbox_id: MailboxId) -> None:
    DESK.confirm(mailbox_id, "d1", "ada")
    assert MailboxRow.objects.get(pk=mailbox_id).confirmed_plan == "d1"
    assert _log(mailbox_id) == [("ada", "plan confirmed")]
