"""Raising and proving within one session."""

from dataclasses import replace
from datetime import timedelta

from syncline.domain.engine.settle import hold, is_due, postpone
from syncline.domain.issues import catalog
from syncline.domain.issues.docket import Docket, issue_about, link_subject
from syncline.domain.issues.issue import Issue, IssueState
from syncline.domain.values.ids import LinkKey, MailboxId
from tests import factories as make
from tests.factories import NOW

KEY = LinkKey("key-1")
UNREADABLE = catalog.by_slug("unreadable_item").code
RULE = catalog.by_slug("validation_rule").code


def issue(code: str) -> Issue:
    return issue_about(
        mailbox_id=MailboxId(1),
        code=code,
        subject=link_subject(KEY),
        now=NOW,
        params={},
    )


def states(docket: Docket) -> dict[str, IssueState]:
    return {found.code: found.state for found in docket.take_changed()}


def test_what_a_round_raised_is_not_proven_by_the_same_round() -> None:
    docket = Docket(MailboxId(1), [])
    docket.raise_issue(issue(RULE))
    docket.prove(link_subject(KEY), NOW)
    assert states(docket) == {RULE: IssueState.OPEN}


def test_what_a_round_raised_may_be_over_in_the_next_one() -> None:
    docket = Docket(MailboxId(1), [])
    docket.raise_issue(issue(RULE))
    docket.begin_round()
    docket.prove(link_subject(KEY), NOW)
    assert states(docket) == {RULE: IssueState.RESOLVED}


def test_disproving_one_cause_leaves_the_others() -> None:
    docket = Docket(MailboxId(1), [issue(RULE), issue(UNREADABLE)])
    docket.prove(link_subject(KEY), NOW, only=UNREADABLE)
    assert states(docket) == {UNREADABLE: IssueState.RESOLVED}
    assert docket.open_count() == 1


def test_a_cause_met_in_two_rounds_counts_once() -> None:
    """L02: one row for an item and its cause."""
    docket = Docket(MailboxId(1), [replace(issue(RULE), occurrences=3)])
    docket.raise_issue(issue(RULE))
    docket.begin_round()
    docket.raise_issue(issue(RULE))
    (found,) = docket.take_changed()
    assert found.occurrences == 4


def test_a_look_in_vain_moves_the_next_one_away() -> None:
    link = hold(
        make.link(),
        code=RULE,
        is_passing=False,
        hint="",
        digest="",
        now=NOW,
        session_at=NOW,
    )
    later = NOW + timedelta(minutes=2)
    assert is_due(link, now=later, is_asked=False, hints=frozenset())
    rested = postpone(link, later)
    assert not is_due(rested, now=later, is_asked=False, hints=frozenset())
    assert rested.hold
    assert rested.hold.code == RULE


def test_what_is_only_told_outlives_the_session_that_met_it() -> None:
    conflict = catalog.by_slug("conflict_mailbox_won").code
    docket = Docket(MailboxId(1), [])
    docket.raise_issue(issue(conflict))
    docket.begin_round()
    docket.prove(link_subject(KEY), NOW)
    assert states(docket) == {conflict: IssueState.OPEN}
