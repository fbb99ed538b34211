"""Requests wait for a worker, one of a sort at a time, and keep their answer."""

from __future__ import annotations

from syncline.domain.access.mailbox import Standing
from syncline.domain.values.ids import MailboxId
from syncline.store.errands import SqlErrands, last_errand, mailboxes_with_errands
from syncline.store.models import ActivityRow, MailboxRow
from syncline.usecases.errands import ErrandVerb, ErrandVerdict, ask_errand
from tests.factories import NOW
from tests.store.rows import make_mailbox

ERRANDS = SqlErrands()


def _ask(mailbox_id: MailboxId, verb: ErrandVerb = ErrandVerb.PLAN) -> ErrandVerdict:
    return ask_errand(ERRANDS, mailbox_id, verb, now=NOW, who="ada")


def test_a_request_waits_for_a_worker_and_is_logged(mailbox_id: MailboxId) -> None:
    assert _ask(mailbox_id) is ErrandVerdict.ASKED
    assert mailboxes_with_errands() == [mailbox_id]
    [errand] = ERRANDS.open(mailbox_id)
    assert (errand.verb, errand.who, errand.is_open) == (ErrandVerb.PLAN, "ada", True)
    assert [a.what for a in ActivityRow.objects.all()] == ["preview asked for"]


def test_a_second_click_is_no_second_request(mailbox_id: MailboxId) -> None:
    _ask(mailbox_id)
    assert _ask(mailbox_id) is ErrandVerdict.WAITING
    assert _ask(mailbox_id, ErrandVerb.UNDO) is ErrandVerdict.ASKED
    assert len(ERRANDS.open(mailbox_id)) == 2
    assert ActivityRow.objects.count() == 2


def test_an_answer_is_kept_and_ends_the_request(mailbox_id: MailboxId) -> None:
    _ask(mailbox_id)
    [errand] = ERRANDS.open(mailbox_id)
    ERRANDS.finish(errand, {"verb": ErrandVerb.PLAN, "name": "nul \x00"}, NOW)
    assert mailboxes_with_errands() == []
    found = last_errand(mailbox_id, ErrandVerb.PLAN)
    assert found is not None
    assert (found.is_open, found.answer) == (False, {"verb": "plan", "name": "nul "})
    assert last_errand(make_mailbox("bob@northwind.example"), ErrandVerb.PLAN) is None


def test_a_paused_mailbox_may_be_asked_for_but_not_a_disabled_one(
    mailbox_id: MailboxId,
) -> None:
    MailboxRow.objects.update(standing=Standing.DISABLED)
    assert _ask(mailbox_id) is ErrandVerdict.DISABLED
    MailboxRow.objects.update(standing=Standing.PAUSED)
    assert _ask(mailbox_id) is ErrandVerdict.ASKED
