"""Issues: one row per identity, counted and reopened."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syncline.domain.issues.issue import IssueState, resolve
from syncline.domain.values.ids import MailboxId
from syncline.store.issues import SqlIssueLog, issues_of_mailbox, save_issues
from syncline.store.models import IssueRow
from tests.factories import NOW
from tests.store.rows import issue, make_mailbox

LOG = SqlIssueLog()


def test_an_issue_comes_back_equal(mailbox_id: MailboxId) -> None:
    full = issue(
        mailbox_id,
        state=IssueState.SNOOZED,
        snoozed_until=NOW + timedelta(days=1),
        record_id="003000000000001AAA",
        web_link="https://outlook.example/1",
        occurrences=4,
        details=("Delete Acme", "Delete Bolt"),
    )
    save_issues([full])
    assert LOG.unresolved(mailbox_id) == [full]


def test_an_issue_about_the_mailbox_comes_back_equal(mailbox_id: MailboxId) -> None:
    whole = issue(mailbox_id, subject="mailbox", kind=None, side=None, name="")
    save_issues([whole])
    assert LOG.unresolved(mailbox_id) == [whole]


def test_an_issue_met_again_stays_one_row(mailbox_id: MailboxId) -> None:
    first = issue(mailbox_id)
    save_issues([first])
    again = replace(first, occurrences=2, last_seen=NOW + timedelta(days=1))
    save_issues([again])
    assert LOG.unresolved(mailbox_id) == [again]


def test_only_proven_issues_leave_the_unresolved(mailbox_id: MailboxId) -> None:
    states = {s: issue(mailbox_id, subject=f"link:{s}", state=s) for s in IssueState}
    save_issues(states.values())
    found = {i.state for i in LOG.unresolved(mailbox_id)}
    assert found == set(IssueState) - {IssueState.RESOLVED}


def test_a_resolved_issue_met_again_is_reopened_with_its_past(
    mailbox_id: MailboxId,
) -> None:
    """L02, L07: nothing of its past is lost."""
    first = issue(mailbox_id, occurrences=3)
    save_issues([first])
    save_issues([resolve(first, NOW + timedelta(hours=1))])
    assert LOG.unresolved(mailbox_id) == []
    later = NOW + timedelta(days=3)
    save_issues([issue(mailbox_id, first_seen=later, last_seen=later)])
    [reopened] = LOG.unresolved(mailbox_id)
    assert reopened.state is IssueState.OPEN
    assert (reopened.first_seen, reopened.last_seen) == (NOW, later)
    assert reopened.occurrences == 4
    assert reopened.resolved_at is None


def test_many_issues_take_as_many_statements_as_one(mailbox_id: MailboxId) -> None:
    with CaptureQueriesContext(connection) as one:
        save_issues([issue(mailbox_id)])
    with CaptureQueriesContext(connection) as many:
        save_issues([issue(mailbox_id, subject=f"link:{n}") for n in range(400)])
    assert len(many) == len(one)
    assert IssueRow.objects.count() == 401


def test_any_text_can_be_stored(mailbox_id: MailboxId) -> None:
    odd = {"field": "a\x00b \\u0000 \ud800"}
    save_issues(
        [issue(mailbox_id, params=odd, evidence=odd, name="\x00", details=["\x00x"])]
    )
    [stored] = LOG.unresolved(mailbox_id)
    assert stored.params == stored.evidence == {"field": "ab \\u0000 ?"}
    assert (stored.name, stored.details) == ("", ("x",))


@pytest.mark.parametrize(("all_states", "count"), [(False, 1), (True, 4)])
def test_a_mailboxes_issues_are_listed_newest_first(
    mailbox_id: MailboxId, all_states: bool, count: int
) -> None:
    other = make_mailbox("bruno@northwind.example")
    save_issues([issue(other)])
    save_issues(
        issue(
            mailbox_id,
            subject=f"link:{n}",
            state=state,
            last_seen=NOW + timedelta(hours=n),
        )
        for n, state in enumerate(IssueState)
    )
    found = issues_of_mailbox(mailbox_id, all_states=all_states)
    assert len(found) == count
    assert found == sorted(found, key=lambda i: i.last_seen, reverse=True)


def test_what_a_person_dismissed_during_a_session_stays_dismissed(
    mailbox_id: MailboxId,
) -> None:
    first = issue(mailbox_id)
    save_issues([first])
    IssueRow.objects.update(state=IssueState.DISMISSED)
    save_issues([replace(first, occurrences=2)])
    (stored,) = LOG.unresolved(mailbox_id)
    assert (stored.state, stored.occurrences) == (IssueState.DISMISSED, 2)


def test_another_cause_reopens_what_was_dismissed(mailbox_id: MailboxId) -> None:
    first = issue(mailbox_id)
    save_issues([first])
    IssueRow.objects.update(state=IssueState.DISMISSED)
    save_issues([replace(first, params={"fields": "Email"})])
    (stored,) = LOG.unresolved(mailbox_id)
    assert stored.state is IssueState.OPEN


def test_snoozed_issue_opens_when_its_time_is_over(mailbox_id: MailboxId) -> None:
    first = issue(mailbox_id)
    save_issues([first])
    IssueRow.objects.update(state=IssueState.SNOOZED, snoozed_until=NOW)
    save_issues([replace(first, last_seen=NOW + timedelta(minutes=1))])
    (stored,) = LOG.unresolved(mailbox_id)
    assert stored.state is IssueState.OPEN
