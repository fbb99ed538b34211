"""Pages read what is stored, each person only the own mailbox's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syncline.domain.access.mailbox import Standing
from syncline.domain.issues.catalog import by_slug
from syncline.domain.issues.issue import IssueState
from syncline.domain.sessions import SessionResult
from syncline.domain.values.ids import MailboxId
from syncline.domain.values.kinds import Kind
from syncline.domain.values.links import LinkState
from syncline.store import queries
from syncline.store.issues import save_issues
from syncline.store.models import IssueRow, LinkRow, MailboxRow, SessionRow
from tests.factories import NOW
from tests.store.rows import NORTHWIND, issue, make_mailbox

USER = "005000000000007AAA"


def _link(mailbox_id: MailboxId, key: str, kind: Kind, state: LinkState) -> None:
    LinkRow.objects.create(
        mailbox_id=mailbox_id, key=key, kind=kind, state=state, origin="mailbox"
    )


@pytest.mark.parametrize("user", [USER, USER[:15]], ids=["18 long", "15 long"])
def test_a_salesforce_user_finds_the_own_mailbox(db: None, user: str) -> None:
    mine = make_mailbox("ada@northwind.example", crm_user_id=USER)
    assert queries.mailbox_of_person(NORTHWIND, user) == mine


@pytest.mark.parametrize(
    ("org", "user"),
    [
        ("00D000000000002AAA", USER),
        (NORTHWIND, "005000000000008AAA"),
        (NORTHWIND, ""),
        ("", USER),
        (NORTHWIND, "005"),
    ],
    ids=["other org", "other user", "no user", "no org", "cut short"],
)
def test_nobody_else_finds_it(db: None, org: str, user: str) -> None:
    make_mailbox("ada@northwind.example", crm_user_id=USER)
    assert queries.mailbox_of_person(org, user) is None


def test_the_overview_counts_what_is_in_scope(mailbox_id: MailboxId) -> None:
    _link(mailbox_id, "a", Kind.EVENT, LinkState.LINKED)
    _link(mailbox_id, "b", Kind.EVENT, LinkState.PENDING)
    _link(mailbox_id, "c", Kind.CONTACT, LinkState.LINKED)
    _link(mailbox_id, "d", Kind.CONTACT, LinkState.TOMBSTONE)
    overview = queries.mailbox_overview(mailbox_id)
    assert overview.in_scope == {Kind.EVENT: 2, Kind.CONTACT: 1}


def test_an_unknown_mailbox_has_no_overview(db: None) -> None:
    with pytest.raises(KeyError):
        queries.mailbox_overview(MailboxId(404))


def test_a_wish_waits_until_a_session_starts(mailbox_id: MailboxId) -> None:
    MailboxRow.objects.filter(pk=mailbox_id).update(force_asked_at=NOW)
    assert queries.mailbox_overview(mailbox_id).is_waiting
    SessionRow.objects.create(
        mailbox_id=mailbox_id, started_at=NOW + timedelta(seconds=1)
    )
    assert not queries.mailbox_overview(mailbox_id).is_waiting


def test_the_last_session_is_the_last_that_finished(mailbox_id: MailboxId) -> None:
    assert queries.last_session(mailbox_id) is None
    for minutes, is_finished in ((0, True), (30, True), (60, False)):
        start = NOW + timedelta(minutes=minutes)
        SessionRow.objects.create(
            mailbox_id=mailbox_id,
            started_at=start,
            finished_at=start + timedelta(seconds=9) if is_finished else None,
            result=SessionResult.FINISHED if is_finished else "",
            issues_open=minutes,
        )
    session = queries.last_session(mailbox_id)
    assert session is not None
    assert session.issues_open == 30


def test_the_gravest_error_of_the_mailbox_comes_first(mailbox_id: MailboxId) -> None:
    plan, access = by_slug("braked_plan").code, by_slug("mailbox_access_lost").code
    save_issues(
        [
            issue(mailbox_id, code=plan, subject="mailbox", kind=None),
            issue(mailbox_id, code=access, subject="connection:mailbox", kind=None),
            issue(mailbox_id),
        ]
    )
    errors = queries.sync_errors(mailbox_id)
    assert [view.issue.code for view in errors] == [access, plan]


def _many(mailbox_id: MailboxId, count: int) -> None:
    save_issues(
        issue(
            mailbox_id,
            subject=f"link:{n}",
            name=f"Contact {n:03d}",
            last_seen=NOW + timedelta(minutes=n),
        )
        for n in range(count)
    )


def test_issues_come_in_pages_of_fifty_last_seen_first(mailbox_id: MailboxId) -> None:
    _many(mailbox_id, 120)
    first = queries.issue_page(mailbox_id, state=IssueState.OPEN)
    last = queries.issue_page(mailbox_id, state=IssueState.OPEN, number=99)
    assert [len(first.rows), first.page_count, first.total] == [50, 3, 120]
    assert first.rows[0].issue.name == "Contact 119"
    assert (last.number, len(last.rows)) == (3, 20)
    assert last.rows[-1].issue.name == "Contact 000"


def test_a_page_costs_the_same_whatever_it_holds(mailbox_id: MailboxId) -> None:
    costs = []
    for count in (1, 60):
        IssueRow.objects.all().delete()
        _many(mailbox_id, count)
        with CaptureQueriesContext(connection) as asked:
            queries.issue_page(mailbox_id, state=IssueState.OPEN)
        costs.append(len(asked))
    assert costs == [2, 2]


def test_search_looks_at_names_codes_facts_and_given_codes(
    mailbox_id: MailboxId,
) -> None:
    save_issues(
        [
            issue(mailbox_id, subject="link:1", name="Grace Hopper"),
            issue(mailbox_id, subject="link:2", name="100% sure_thing", code="SD0100"),
            issue(mailbox_id, subject="link:3", name="", params={"field": "Fax"}),
        ]
    )

    def found(search: str, *codes: str) -> list[str]:
        page = queries.issue_page(
            mailbox_id, state=IssueState.OPEN, search=search, codes=codes
        )
        assert page.total == len(page.rows)
        return sorted(view.issue.subject for view in page.rows)

    assert found("hopper") == ["link:1"]
    assert found("sd01") == ["link:2"]
    assert found("fax") == ["link:3"]
    assert found("zzz", "SD0100") == ["link:2"]
    assert found("%") == ["link:2"]
    assert found("_thing") == ["link:2"]


def test_states_are_counted_and_listed_apart(mailbox_id: MailboxId) -> None:
    save_issues(
        [
            issue(mailbox_id, subject="link:1"),
            issue(mailbox_id, subject="link:2", state=IssueState.RESOLVED),
            issue(mailbox_id, subject="link:3", state=IssueState.DISMISSED),
        ]
    )
    page = queries.issue_page(mailbox_id, state=IssueState.RESOLVED)
    assert [view.issue.subject for view in page.rows] == ["link:2"]
    assert page.counts[IssueState.OPEN] == page.counts[IssueState.DISMISSED] == 1


def test_an_issue_is_shown_to_its_own_mailbox_only(mailbox_id: MailboxId) -> None:
    save_issues([issue(mailbox_id)])
    number = IssueRow.objects.get().pk
    other = make_mailbox("bruno@northwind.example")
    view = queries.one_issue(mailbox_id, number)
    assert view is not None
    assert view.issue.name == "Grace"
    assert queries.one_issue(other, number) is None


@pytest.mark.parametrize(
    ("record_id", "place"),
    [
        ("003000000000001AAA", "lightning/r/Contact/003000000000001AAA/view"),
        ("00T000000000001AAA", "lightning/r/Task/00T000000000001AAA/view"),
        ("00U000000000001AAA", "lightning/r/Event/00U000000000001AAA/view"),
        ("02s000000000001AAA", "lightning/r/EmailMessage/02s000000000001AAA/view"),
        ("a0X000000000001AAA", "a0X000000000001AAA"),
    ],
)
def test_a_record_is_linked_where_salesforce_shows_it(
    record_id: str, place: str, db: None
) -> None:
    mine = make_mailbox(
        "ada@northwind.example", crm_instance_url="https://nw.my.salesforce.com/"
    )
    save_issues([issue(mine, record_id=record_id)])
    view = queries.issue_page(mine, state=IssueState.OPEN).rows[0]
    assert view.record_link == f"https://nw.my.salesforce.com/{place}"


def test_without_a_record_there_is_no_link(mailbox_id: MailboxId) -> None:
    save_issues([issue(mailbox_id)])
    assert (
        queries.issue_page(mailbox_id, state=IssueState.OPEN).rows[0].record_link == ""
    )


def test_an_admin_sees_the_own_organization_trouble_first(db: None) -> None:
    calm = make_mailbox("ada@northwind.example")
    make_mailbox("bruno@northwind.example", standing=Standing.NEEDS_RENEWAL)
    busy = make_mailbox("chiara@northwind.example")
    make_mailbox("mal@other.example", org="00D000000000002AAA")
    save_issues([issue(busy), issue(calm, state=IssueState.RESOLVED)])
    lines = queries.mailboxes_of_organization(NORTHWIND)
    assert [(line.address[:5], line.open_issue_count) for line in lines] == [
        ("bruno", 0),
        ("chiar", 1),
        ("ada@n", 0),
    ]
