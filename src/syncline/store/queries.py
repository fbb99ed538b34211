"""The read side: what pages show, as frozen values. Nothing here writes."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast

from syncline.domain.access.mailbox import Standing
from syncline.domain.access.policy import Policy
from syncline.domain.issues.catalog import CATALOG, Severity
from syncline.domain.issues.issue import Issue, IssueState, Scope
from syncline.domain.sessions import Session
from syncline.domain.values.ids import MailboxId
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import LinkState
from syncline.store.desk import is_running
from syncline.store.issues import to_issue
from syncline.store.ledger import to_session
from syncline.store.mailboxes import sound_policy
from syncline.store.models import (
    ConnectionRow,
    IssueRow,
    LinkRow,
    MailboxRow,
    SessionRow,
)

PAGE_SIZE = 50

#: Length of the part of a Salesforce id that identifies; three more only check it.
_ID_LENGTH = 15

#: Salesforce objects by the first characters of their records' ids.
_OBJECTS = {
    "003": "Contact",
    "00Q": "Lead",
    "00T": "Task",
    "00U": "Event",
    "02s": "EmailMessage",
}

_RECORD_ID = re.compile(rf"\b(?:{'|'.join(_OBJECTS)})\w{{12}}(?:\w{{3}})?\b")

#: What `Issue.subject` of an issue about one item begins with.
_ITEM_SUBJECT = "link:"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionView:
    """One side's connection, without anything secret."""

    side: Side
    provider: str
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxOverview:
    """What *General* shows of a mailbox, its last session apart."""

    id: MailboxId
    address: str
    crm_username: str
    crm_instance_url: str
    organization_name: str
    profile_name: str
    #: None when the profile's settings make no sense.
    policy: Policy | None
    standing: Standing
    streak: int
    is_running: bool
    #: When a person asked for a session, if none has started since.
    waits_since: datetime | None
    next_run_at: datetime | None
    last_session_at: datetime | None
    #: When an item last really moved.
    last_moved_at: datetime | None
    in_scope: Mapping[Kind, int]
    connections: Mapping[Side, ConnectionView]
    open_issue_count: int

    @property
    def is_waiting(self) -> bool:
        """Whether a session was asked for that has not started."""
        return self.waits_since is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueView:
    """One issue as a page shows it."""

    id: int
    issue: Issue
    #: Where Salesforce shows the record; empty when there is none.
    record_link: str
    #: Address of the person's Salesforce.
    crm_instance_url: str

    @property
    def matches(self) -> tuple[str, ...]:
        """Ids of other records that the facts of the case name."""
        return tuple(_RECORD_ID.findall(str(self.issue.params.get("matches", ""))))

    def address_of(self, record_id: str) -> str:
        """Where Salesforce shows a record; empty when that is not known."""
        return _record_link(self.crm_instance_url, record_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePage:
    """A page of the list of issues, and how many there are of each state."""

    rows: tuple[IssueView, ...]
    number: int
    page_count: int
    total: int
    counts: Mapping[IssueState, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxLine:
    """One line of an admin's list: standing and counts, nothing of the content."""

    address: str
    standing: Standing
    last_moved_at: datetime | None
    last_session_at: datetime | None
    streak: int
    open_issue_count: int


def mailbox_of_person(crm_org_id: str, crm_user_id: str) -> MailboxId | None:
    """The mailbox that is paired with a Salesforce user, if there is one."""
    if len(crm_org_id) < _ID_LENGTH or len(crm_user_id) < _ID_LENGTH:
        return None
    rows = MailboxRow.objects.filter(
        organization__crm_org_id__startswith=crm_org_id[:_ID_LENGTH],
        crm_user_id__startswith=crm_user_id[:_ID_LENGTH],
    )
    found = rows.values_list("pk", flat=True).first()
    return None if found is None else MailboxId(found)


def mailbox_overview(mailbox_id: MailboxId) -> MailboxOverview:
    """What is known of a mailbox now.

    Raises:
        KeyError: There is no such mailbox.
    """
    rows = MailboxRow.objects.select_related("organization", "profile")
    row = rows.filter(pk=mailbox_id).first()
    if row is None:
        raise KeyError(mailbox_id)
    return MailboxOverview(
        id=mailbox_id,
        address=row.address,
        crm_username=row.crm_username,
        crm_instance_url=row.crm_instance_url,
        organization_name=row.organization.name,
        profile_name=row.profile.name,
        policy=sound_policy(row.profile.policy),
        standing=Standing(row.standing),
        streak=row.streak,
        is_running=is_running(mailbox_id),
        waits_since=_waits_since(row),
        next_run_at=row.next_run_at,
        last_session_at=row.last_session_at,
        last_moved_at=row.last_moved_at,
        in_scope=_in_scope(mailbox_id),
        connections=_connections(mailbox_id),
        open_issue_count=_open(mailbox_id).count(),
    )


def _waits_since(row: MailboxRow) -> datetime | None:
    asked_at: datetime | None = row.force_asked_at
    if asked_at is None:
        return None
    later = SessionRow.objects.filter(mailbox=row, started_at__gte=asked_at)
    return None if later.exists() else asked_at


def _in_scope(mailbox_id: MailboxId) -> dict[Kind, int]:
    rows = LinkRow.objects.filter(mailbox_id=mailbox_id).exclude(
        state=LinkState.TOMBSTONE
    )
    counted = rows.values_list("kind").annotate(count=Count("pk")).order_by("kind")
    return {Kind(kind): count for kind, count in counted}


def _connections(mailbox_id: MailboxId) -> dict[Side, ConnectionView]:
    rows = ConnectionRow.objects.filter(mailbox_id=mailbox_id)
    return {
        Side(row.side): ConnectionView(
            side=Side(row.side), provider=row.provider, account=row.account
        )
        for row in rows.only("side", "provider", "account")
    }


def _open(mailbox_id: MailboxId) -> QuerySet[IssueRow]:
    return IssueRow.objects.filter(mailbox_id=mailbox_id, state=IssueState.OPEN)


def sync_errors(mailbox_id: MailboxId) -> list[IssueView]:
    """Open issues about the mailbox as a whole, the gravest first.

    Those that pass by themselves are left out; the Issues tab has them.
    """
    codes = [
        c
        for c, e in CATALOG.items()
        if e.scope is not Scope.ITEM and e.severity is not Severity.LOW
    ]
    rows = _open(mailbox_id).filter(code__in=codes)
    rows = rows.exclude(subject__startswith=_ITEM_SUBJECT).select_related("mailbox")
    return sorted(map(_view, rows[:PAGE_SIZE]), key=_gravity)


def _gravity(view: IssueView) -> tuple[int, int]:
    return "CSML".index(CATALOG[view.issue.code].severity), view.id


def last_session(mailbox_id: MailboxId) -> Session | None:
    """The last session that finished."""
    row = (
        SessionRow.objects.filter(mailbox_id=mailbox_id, finished_at__isnull=False)
        .order_by("-started_at")
        .first()
    )
    return None if row is None else to_session(row)


def issue_page(
    mailbox_id: MailboxId,
    *,
    state: IssueState,
    search: str = "",
    codes: Collection[str] = (),
    number: int = 1,
) -> IssuePage:
    """A page of issues, the last seen first.

    Args:
        mailbox_id: Whose.
        state: Which ones.
        search: Text in the item's name, the code, or the facts of the case.
        codes: Codes whose texts match the search, too.
        number: From 1; one beyond the end gives the last page.
    """
    mine = IssueRow.objects.filter(mailbox_id=mailbox_id)
    grouped = mine.values_list("state").annotate(count=Count("pk")).order_by("state")
    counts = {IssueState(s): n for s, n in grouped}
    rows = mine.filter(state=state)
    if search:
        rows = rows.annotate(facts=Cast("params", TextField())).filter(
            Q(name__icontains=search)
            | Q(code__icontains=search)
            | Q(facts__icontains=search)
            | Q(code__in=codes)
        )
    total = rows.count() if search else counts.get(state, 0)
    page_count = max(1, -(-total // PAGE_SIZE))
    number = min(max(number, 1), page_count)
    first = (number - 1) * PAGE_SIZE
    ordered = rows.select_related("mailbox").order_by("-last_seen", "-first_seen", "pk")
    return IssuePage(
        rows=tuple(map(_view, ordered[first : first + PAGE_SIZE])),
        number=number,
        page_count=page_count,
        total=total,
        counts=counts,
    )


def one_issue(mailbox_id: MailboxId, issue_id: int) -> IssueView | None:
    """An issue of this mailbox; None for any other mailbox's."""
    row = (
        IssueRow.objects.select_related("mailbox")
        .filter(pk=issue_id, mailbox_id=mailbox_id)
        .first()
    )
    return None if row is None else _view(row)


def mailboxes_of_organization(crm_org_id: str) -> list[MailboxLine]:
    """All mailboxes of an organization, those in trouble first."""
    rows = MailboxRow.objects.filter(
        organization__crm_org_id__startswith=crm_org_id[:_ID_LENGTH]
    ).annotate(open_count=Count("issuerow", filter=Q(issuerow__state=IssueState.OPEN)))
    lines = [
        MailboxLine(
            address=row.address,
            standing=Standing(row.standing),
            last_moved_at=row.last_moved_at,
            last_session_at=row.last_session_at,
            streak=row.streak,
            open_issue_count=row.open_count,
        )
        for row in rows
    ]
    return sorted(
        lines,
        key=lambda line: (
            line.standing is Standing.ACTIVE,
            -line.open_issue_count,
            line.address,
        ),
    )


def is_database_up() -> bool:
    """Whether the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _view(row: IssueRow) -> IssueView:
    url = row.mailbox.crm_instance_url
    return IssueView(
        id=row.pk,
        issue=to_issue(row),
        record_link=_record_link(url, row.record_id),
        crm_instance_url=url,
    )


def _record_link(instance_url: str, record_id: str) -> str:
    root = instance_url.rstrip("/")
    if not root or not record_id:
        return ""
    name = _OBJECTS.get(record_id[:3])
    # Salesforce finds the page of any other object by the bare id.
    place = f"lightning/r/{name}/{record_id}/view" if name else record_id
    return f"{root}/{place}"
