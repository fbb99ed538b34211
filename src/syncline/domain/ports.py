"""What the use cases ask of the outside, as roles.

Every role has a real edge and a shipped fake; both pass the same contract
suite in `tests/contract`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from syncline.domain.access.grant import Connection, Grant
from syncline.domain.access.mailbox import Mailbox, Standing
from syncline.domain.issues.issue import Issue
from syncline.domain.issues.notice import Notice
from syncline.domain.mapping.facts import FieldFacts
from syncline.domain.sessions import Session
from syncline.domain.values.changes import Change, ChangeSet, Watermark
from syncline.domain.values.faults import Fault
from syncline.domain.values.history import KeptWrite, PastWrite, Undone
from syncline.domain.values.ids import LinkKey, MailboxId, SessionId
from syncline.domain.values.items import Record, Window
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Link
from syncline.domain.values.operations import (
    MarkOrder,
    MarkOutcome,
    Operation,
    Outcome,
)
from syncline.domain.values.people import Company, Deal, NewPerson, Person, Traits


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""


class ChangeSource(Protocol):
    """Reads one side."""

    def read(self, watermark: Watermark | None, window: Window) -> ChangeSet:
        """Everything that changed since the watermark; all of it without one.

        An item may appear once only; the last observation wins. A watermark
        that the provider no longer accepts, or that belongs to another window,
        is healed here by reading that stream whole (then its kind is in
        `full_kinds`).

        Raises:
            ProviderError: The side could not be read; nothing was consumed.
        """

    def fetch(self, kind: Kind, ids: Sequence[str]) -> list[Change]:
        """Look at single things: SEEN, DELETED, OUT_OF_SCOPE or UNREADABLE.

        Answers one change per id, in order. DELETED is said only when the
        provider says that it is gone.

        Raises:
            ProviderError: The side could not be read.
        """


class ItemWriter(Protocol):
    """Carries out writes on one side."""

    side: Side
    #: Operations that go into one request; also the size of one commit.
    batch_size: int

    def write(self, operations: Sequence[Operation]) -> list[Outcome]:
        """Do up to `batch_size` operations; one outcome each, in order.

        Never raises for a single operation: its fault is in its outcome. A
        create is repeatable: with the same key it never makes a second thing.
        Never makes the provider mail anybody.

        Raises:
            ProviderError: No operation took effect that we know of.
        """


class ItemMarker(Protocol):
    """Puts categories on items and takes them off."""

    batch_size: int

    def mark(self, orders: Sequence[MarkOrder]) -> list[MarkOutcome]:
        """Do up to `batch_size` orders; creates missing categories first.

        Raises:
            ProviderError: Marking is impossible now.
        """

    def offer(self, names: Sequence[str]) -> None:
        """Make categories that users mark items with, so that they can pick them.

        Raises:
            ProviderError: They cannot be made now.
        """

    def tidy(self, names_in_use: frozenset[str]) -> None:
        """Remove our detail categories that no item carries any longer."""

    def withdraw(self, names: Sequence[str]) -> None:
        """Remove categories from those that the mailbox offers.

        Raises:
            ProviderError: The mailbox could not be reached.
        """


class RecordFinder(Protocol):
    """Looks for records that exist already, before one is created."""

    def find(
        self, kind: Kind, keys: Sequence[LinkKey], emails: Sequence[str]
    ) -> list[Record]:
        """Visible, undeleted records with one of the keys or addresses."""

    def user_names(self, user_ids: Sequence[str]) -> Mapping[str, str]:
        """Full names of Salesforce users, as far as they can be seen.

        Raises:
            ProviderError: Salesforce could not be asked.
        """


class AttachmentSource(Protocol):
    """Brings the bytes of files that hang on messages."""

    def attachment(self, item_id: str, attachment_id: str) -> bytes:
        """The file as it is.

        Raises:
            ItemError: This file cannot be had (gone, a link to a cloud drive).
            ProviderError: The side could not be read.
        """


class CrmDirectory(Protocol):
    """Knows who is who in Salesforce, and makes people where that is allowed.

    Everything is asked as the syncing user, in as few requests as there can be.
    """

    def traits(self) -> Traits:
        """What the org can do; asked once, then remembered.

        Raises:
            ProviderError: Salesforce could not be asked.
        """

    def people(self, emails: Sequence[str]) -> list[Person]:
        """Contacts, leads that are not converted, and active users.

        Looks at all fields of type e-mail (reference 3.8-2).

        Raises:
            ProviderError: Salesforce could not be asked.
        """

    def people_by_id(self, ids: Sequence[str]) -> list[Person]:
        """The same people by record id; who is gone or hidden is left out.

        Somebody without an address is answered, too.

        Raises:
            ProviderError: Salesforce could not be asked.
        """

    def companies(self, domains: Sequence[str]) -> list[Company]:
        """Accounts whose website has one of the domains, oldest first.

        Raises:
            ProviderError: Salesforce could not be asked.
        """

    def companies_named(self, names: Sequence[str]) -> list[Company]:
        """Accounts whose name contains one of the names, oldest first.

        Raises:
            ProviderError: Salesforce could not be asked.
        """

    def deals(self, account_ids: Sequence[str], now: datetime) -> list[Deal]:
        """Opportunities that closed within 365 days or will within 180.

        Raises:
            ProviderError: Salesforce could not be asked.
        """

    def create_people(self, people: Sequence[NewPerson]) -> list[Person | Fault]:
        """Make persons, and their accounts first; one answer each, in order.

        Repeatable: with the same address it never makes a second one.

        Raises:
            ProviderError: Nothing was made that we know of.
        """


class OrgSchema(Protocol):
    """Knows the fields of an org as the syncing user sees them."""

    def fields(self, object_name: str) -> Mapping[str, FieldFacts]:
        """All fields of an object by API name; none when the object is hidden.

        Raises:
            ProviderError: Salesforce could not be asked.
        """

    def traits(self) -> Traits:
        """What the org can do, its task statuses among it.

        Raises:
            ProviderError: Salesforce could not be asked.
        """


class LinkBook(Protocol):
    """Remembers which item belongs to which record."""

    def find(
        self,
        mailbox_id: MailboxId,
        *,
        item_ids: Sequence[str] = (),
        record_ids: Sequence[str] = (),
        keys: Sequence[LinkKey] = (),
    ) -> list[Link]:
        """Links that match by any of the three; each link once."""

    def held(self, mailbox_id: MailboxId) -> list[Link]:
        """All links that carry a hold."""

    def unmarked(self, mailbox_id: MailboxId, limit: int) -> list[Link]:
        """Links whose marks were about to be set, which may have failed."""

    def of_kind(self, mailbox_id: MailboxId, kind: Kind) -> Iterable[Link]:
        """All links of a kind, tombstones included (after a full listing).

        They may be many: they are handed out one by one.
        """

    def of_series(self, mailbox_id: MailboxId, keys: Sequence[LinkKey]) -> list[Link]:
        """Links of all occurrences of some series, and of the series."""

    def count(self, mailbox_id: MailboxId) -> Mapping[Kind, int]:
        """Number of LINKED links by kind; series do not count, occurrences do."""

    def marks_in_use(self, mailbox_id: MailboxId) -> frozenset[str]:
        """Names of categories that some link says we have set."""

    def synced_uids(self, organization_id: str, uids: Sequence[str]) -> frozenset[str]:
        """Those uids that an organizer's mailbox here has LINKED."""


class WatermarkBook(Protocol):
    """Remembers where each side's stream was read up to."""

    def get(self, mailbox_id: MailboxId, side: Side) -> Watermark | None:
        """The stored watermark, if any."""


class IssueLog(Protocol):
    """Remembers what needs attention."""

    def unresolved(self, mailbox_id: MailboxId) -> list[Issue]:
        """Open, snoozed and dismissed issues of a mailbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to work on one mailbox, until it expires or is taken over.

    `token` grows with each holder; every commit presents it.
    """

    mailbox_id: MailboxId
    token: int


class Leases(Protocol):
    """Sees to it that one session at a time works on a mailbox."""

    def acquire(self, mailbox_id: MailboxId) -> Lease | None:
        """Take the mailbox, or None while somebody alive has it.

        The holder keeps it alive in the background until `release`.
        """

    def release(self, lease: Lease) -> None:
        """Give it back; harmless when it was taken over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxUpdate:
    """What a session changes about its mailbox."""

    standing: Standing
    streak: int
    idle_count: int
    next_run_at: datetime | None
    confirmed_plan: str = ""
    #: Set when both sides were compared whole, with the policy's digest.
    swept_at: datetime | None = None
    swept_policy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """Everything that becomes durable together."""

    lease: Lease
    links: tuple[Link, ...] = ()
    forgotten: tuple[LinkKey, ...] = ()
    issues: tuple[Issue, ...] = ()
    watermarks: Mapping[Side, Watermark] = field(default_factory=dict)
    session: Session | None = None
    mailbox: MailboxUpdate | None = None
    #: The session that `writes` belong to.
    session_id: SessionId | None = None
    writes: tuple[KeptWrite, ...] = ()
    #: What became of writes of an earlier session that were to be taken back.
    undone: tuple[Undone, ...] = ()


class HistoryBook(Protocol):
    """Remembers what sessions wrote, for 90 days."""

    def session(self, session_id: SessionId) -> Session | None:
        """A session, if it is remembered."""

    def writes(self, session_id: SessionId) -> list[PastWrite]:
        """What a session wrote, in the order in which it did."""

    def shared(
        self, mailbox_id: MailboxId, record_ids: Sequence[str]
    ) -> frozenset[str]:
        """Those records that another mailbox is kept in step with, too."""


class Ledger(Protocol):
    """Makes the effects of a session durable."""

    def begin(self, lease: Lease, session: Session) -> SessionId:
        """Record that a session started.

        Raises:
            FencedError: The lease is no longer ours.
        """

    def commit(self, commit: Commit) -> None:
        """Store all of it or nothing, with the lease checked in one transaction.

        Raises:
            FencedError: The lease is no longer ours; nothing was stored.
        """


class MailboxBook(Protocol):
    """Knows the mailboxes."""

    def get(self, mailbox_id: MailboxId) -> Mailbox:
        """One mailbox with its policy.

        Raises:
            KeyError: There is none with this id.
        """


class GrantKeeper(Protocol):
    """Keeps the grant of one connection fresh."""

    connection: Connection

    def current(self) -> Grant:
        """The stored grant."""

    def renew(self, used: Grant) -> Grant:
        """A grant newer than `used`: single-flight, durable before use.

        Raises:
            GrantError: A person has to sign in again.
            PassingError: The token endpoint cannot be reached now.
        """


class NoticeSender(Protocol):
    """Delivers notices."""

    def send(self, notice: Notice) -> None:
        """Deliver one notice; the same `message_id` may be sent twice."""
