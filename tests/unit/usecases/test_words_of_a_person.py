"""Force sync, Pause, Start, Dismiss and Confirm do what the person may ask for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from syncline.domain.access.mailbox import Standing
from syncline.domain.issues.catalog import by_slug
from syncline.domain.issues.issue import Issue, IssueState
from syncline.domain.values.ids import MailboxId
from syncline.usecases.confirm_plan import ConfirmVerdict, confirm_plan
from syncline.usecases.dismiss_issue import dismiss_issue, may_dismiss
from syncline.usecases.force_sync import ForceVerdict, Readiness, force_sync
from syncline.usecases.pause_mailbox import pause_mailbox
from syncline.usecases.start_mailbox import start_mailbox
from tests.factories import NOW

MAILBOX = MailboxId(1)


@dataclass
class Desk:
    """A desk in memory."""

    standing: Standing = Standing.ACTIVE
    is_running: bool = False
    last_asked_at: datetime | None = None
    next_run_at: datetime | None = None
    done: list[str] = field(default_factory=list)

    def readiness(self, mailbox_id: MailboxId) -> Readiness:
        return Readiness(
            standing=self.standing,
            is_running=self.is_running,
            last_asked_at=self.last_asked_at,
        )

    def ask(self, mailbox_id: MailboxId, now: datetime, who: str) -> None:
        self.last_asked_at = now
        self.done.append(f"asked by {who}")

    def change(
        self,
        mailbox_id: MailboxId,
        *,
        allowed: frozenset[Standing],
        to: Standing,
        next_run_at: datetime | None,
        who: str,
    ) -> bool:
        if self.standing not in allowed:
            return False
        self.standing, self.next_run_at = to, next_run_at
        return True

    def dismiss(self, mailbox_id: MailboxId, fingerprint: str, who: str) -> bool:
        self.done.append(f"dismissed {fingerprint}")
        return True

    def confirm(self, mailbox_id: MailboxId, digest: str, who: str) -> None:
        self.done.append(f"confirmed {digest}")


def _issue(slug: str, **changes: object) -> Issue:
    issue = Issue(
        mailbox_id=MAILBOX,
        code=by_slug(slug).code,
        subject="mailbox",
        params={"digest": "d1"},
        first_seen=NOW,
        last_seen=NOW,
    )
    return replace(issue, **changes)  # type: ignore[arg-type] # fields by name


def test_force_sync_asks_for_a_session() -> None:
    desk = Desk()
    answer = force_sync(desk, MAILBOX, now=NOW, who="alice")
    assert answer.verdict is ForceVerdict.ASKED
    assert desk.done == ["asked by alice"]


def test_a_second_wish_within_a_minute_is_told_the_time_left() -> None:
    desk = Desk(last_asked_at=NOW)
    soon = NOW + timedelta(seconds=20)
    answer = force_sync(desk, MAILBOX, now=soon, who="alice")
    assert answer.verdict is ForceVerdict.TOO_SOON
    assert answer.wait == timedelta(seconds=40)
    assert desk.done == []


def test_a_minute_later_one_may_ask_again() -> None:
    desk = Desk(last_asked_at=NOW)
    later = NOW + timedelta(minutes=1)
    answer = force_sync(desk, MAILBOX, now=later, who="alice")
    assert answer.verdict is ForceVerdict.ASKED


@pytest.mark.parametrize(
    ("desk", "verdict"),
    [
        (Desk(is_running=True), ForceVerdict.RUNNING),
        (Desk(standing=Standing.PAUSED), ForceVerdict.PAUSED),
        (Desk(standing=Standing.DISABLED, is_running=True), ForceVerdict.DISABLED),
    ],
    ids=["running", "paused", "disabled"],
)
def test_no_session_is_asked_for_when_none_may_start(
    desk: Desk, verdict: ForceVerdict
) -> None:
    assert force_sync(desk, MAILBOX, now=NOW, who="alice").verdict is verdict
    assert desk.done == []


@pytest.mark.parametrize("standing", [Standing.NEEDS_RENEWAL, Standing.SUSPENDED])
def test_a_mailbox_in_trouble_may_be_tried_at_once(standing: Standing) -> None:
    answer = force_sync(Desk(standing=standing), MAILBOX, now=NOW, who="alice")
    assert answer.verdict is ForceVerdict.ASKED


@pytest.mark.parametrize(
    "standing", [Standing.ACTIVE, Standing.NEEDS_RENEWAL, Standing.SUSPENDED]
)
def test_pause_plans_no_session(standing: Standing) -> None:
    desk = Desk(standing=standing, next_run_at=NOW)
    assert pause_mailbox(desk, MAILBOX, who="alice")
    assert (desk.standing, desk.next_run_at) == (Standing.PAUSED, None)


def test_start_makes_a_session_due_at_once() -> None:
    desk = Desk(standing=Standing.PAUSED)
    assert start_mailbox(desk, MAILBOX, now=NOW, who="alice")
    assert (desk.standing, desk.next_run_at) == (Standing.ACTIVE, NOW)


def test_an_admins_word_outlives_pause_and_start() -> None:
    desk = Desk(standing=Standing.DISABLED)
    assert not pause_mailbox(desk, MAILBOX, who="alice")
    assert not start_mailbox(desk, MAILBOX, now=NOW, who="alice")
    assert desk.standing is Standing.DISABLED


def test_an_issue_of_one_item_can_be_dismissed() -> None:
    desk, issue = Desk(), _issue("required_field_missing", subject="link:k")
    assert dismiss_issue(desk, issue, who="alice")
    assert desk.done == [f"dismissed {issue.fingerprint}"]


@pytest.mark.parametrize("slug", ["mailbox_access_lost", "braked_plan"])
def test_what_holds_the_whole_mailbox_cannot_be_dismissed(slug: str) -> None:
    desk = Desk()
    assert not dismiss_issue(desk, _issue(slug), who="alice")
    assert desk.done == []


@pytest.mark.parametrize("state", [IssueState.RESOLVED, IssueState.DISMISSED])
def test_a_settled_issue_is_not_dismissed(state: IssueState) -> None:
    assert not may_dismiss(_issue("required_field_missing", state=state))


def test_a_confirmed_plan_is_carried_out_at_once() -> None:
    desk = Desk()
    verdict = confirm_plan(
        desk, _issue("braked_plan"), digest="d1", now=NOW, who="alice"
    )
    assert verdict is ConfirmVerdict.CONFIRMED
    assert desk.done == ["confirmed d1", "asked by alice"]


@pytest.mark.parametrize("digest", ["d0", ""])
def test_only_the_plan_that_was_read_is_confirmed(digest: str) -> None:
    desk = Desk()
    verdict = confirm_plan(
        desk, _issue("braked_plan"), digest=digest, now=NOW, who="alice"
    )
    assert verdict is ConfirmVerdict.CHANGED
    assert desk.done == []


def test_a_plan_is_not_confirmed_into_a_running_session() -> None:
    desk = Desk(is_running=True)
    verdict = confirm_plan(
        desk, _issue("braked_plan"), digest="d1", now=NOW, who="alice"
    )
    assert verdict is ConfirmVerdict.RUNNING
    assert desk.done == []


@pytest.mark.parametrize(
    "issue",
    [
        _issue("braked_plan", state=IssueState.RESOLVED),
        _issue("required_field_missing"),
    ],
    ids=["resolved", "no plan"],
)
def test_nothing_is_confirmed_where_nothing_waits(issue: Issue) -> None:
    desk = Desk()
    verdict = confirm_plan(desk, issue, digest="d1", now=NOW, who="alice")
    assert verdict is ConfirmVerdict.GONE
    assert desk.done == []
