"""Stand-ins for everything that a session changes, so that it can be rehearsed.

Readers are the real ones. Whatever is written succeeds, is remembered, and never
leaves this process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from syncline.domain.access.mailbox import Mailbox, Standing
from syncline.domain.errors import ProviderError
from syncline.domain.issues.issue import Issue
from syncline.domain.issues.notice import Notice
from syncline.domain.ports import (
    ChangeSource,
    Clock,
    Commit,
    CrmDirectory,
    ItemMarker,
    ItemWriter,
    Lease,
    MailboxBook,
    RecordFinder,
)
from syncline.domain.sessions import Session
from syncline.domain.values.changes import Change, ChangeSet, Watermark
from syncline.domain.values.faults import Fault
from syncline.domain.values.history import KeptWrite
from syncline.domain.values.ids import LinkKey, MailboxId, RecordId, SessionId
from syncline.domain.values.items import Record, Window
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.operations import (
    MarkOrder,
    MarkOutcome,
    Operation,
    Outcome,
)
from syncline.domain.values.people import Company, Deal, NewPerson, Person, Traits

#: What ids of pretended things begin with.
_PRETENDED = "new:"


@dataclass(slots=True)
class Stage:
    """What was pretended so far, in order."""

    operations: list[Operation] = field(default_factory=list)
    writes: list[KeptWrite] = field(default_factory=list)
    issues: dict[str, Issue] = field(default_factory=dict)
    people: list[NewPerson] = field(default_factory=list)
    failure: ProviderError | None = None

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Note that a side could not be read; a session keeps that to itself."""
        try:
            yield
        except ProviderError as error:
            self.failure = error
            raise


class WatchedSource:
    """`ports.ChangeSource` whose failures are noted.

    It is not asked about what was only pretended to be made: a provider would call
    such an id broken, or gone.
    """

    def __init__(self, inner: ChangeSource, stage: Stage) -> None:
        """Stand before a source."""
        self._inner = inner
        self._stage = stage

    def read(self, watermark: Watermark | None, window: Window) -> ChangeSet:
        """See the port."""
        with self._stage.watching():
            return self._inner.read(watermark, window)

    def fetch(self, kind: Kind, ids: Sequence[str]) -> list[Change]:
        """See the port."""
        real = [i for i in ids if not i.startswith(_PRETENDED)]
        if not real:
            return []
        with self._stage.watching():
            return self._inner.fetch(kind, real)


class WatchedFinder:
    """`ports.RecordFinder` whose failures are noted."""

    def __init__(self, inner: RecordFinder, stage: Stage) -> None:
        """Stand before a finder."""
        self._inner = inner
        self._stage = stage

    def find(
        self, kind: Kind, keys: Sequence[LinkKey], emails: Sequence[str]
    ) -> list[Record]:
        """See the port."""
        with self._stage.watching():
            return self._inner.find(kind, keys, emails)

    def user_names(self, user_ids: Sequence[str]) -> Mapping[str, str]:
        """See the port."""
        return self._inner.user_names(user_ids)


class RehearsedWriter:
    """`ports.ItemWriter` that only takes notes."""

    def __init__(self, inner: ItemWriter, stage: Stage) -> None:
        """Stand in for a writer."""
        self.side: Side = inner.side
        self.batch_size = inner.batch_size
        self._stage = stage

    def write(self, operations: Sequence[Operation]) -> list[Outcome]:
        """See the port."""
        outcomes = []
        for operation in operations:
            self._stage.operations.append(operation)
            number = len(self._stage.operations)
            name = operation.target_id or f"{_PRETENDED}{number}"
            outcomes.append(Outcome(operation=operation, id=name))
        return outcomes


class RehearsedMarker:
    """`ports.ItemMarker` that only says yes."""

    def __init__(self, inner: ItemMarker) -> None:
        """Stand in for a marker."""
        self.batch_size = inner.batch_size

    def mark(self, orders: Sequence[MarkOrder]) -> list[MarkOutcome]:
        """See the port."""
        return [MarkOutcome(order=order) for order in orders]

    def offer(self, names: Sequence[str]) -> None:
        """See the port."""

    def tidy(self, names_in_use: frozenset[str]) -> None:
        """See the port."""

    def withdraw(self, names: Sequence[str]) -> None:
        """See the port."""


class RehearsedDirectory:
    """`ports.CrmDirectory` that makes nobody, and knows whom it would have made."""

    def __init__(self, inner: CrmDirectory, stage: Stage) -> None:
        """Stand in for a directory."""
        self._inner = inner
        self._stage = stage
        self._made: dict[str, Person] = {}

    def traits(self) -> Traits:
        """See the port."""
        with self._stage.watching():
            return self._inner.traits()

    def people(self, emails: Sequence[str]) -> list[Person]:
        """See the port."""
        made = [self._made[e] for e in emails if e in self._made]
        with self._stage.watching():
            return [*self._inner.people(emails), *made]

    def people_by_id(self, ids: Sequence[str]) -> list[Person]:
        """See the port."""
        made = [p for p in self._made.values() if p.id in ids]
        with self._stage.watching():
            return [*self._inner.people_by_id(ids), *made]

    def companies(self, domains: Sequence[str]) -> list[Company]:
        """See the port."""
        with self._stage.watching():
            return self._inner.companies(domains)

    def companies_named(self, names: Sequence[str]) -> list[Company]:
        """See the port."""
        with self._stage.watching():
            return self._inner.companies_named(names)

    def deals(self, account_ids: Sequence[str], now: datetime) -> list[Deal]:
        """See the port."""
        with self._stage.watching():
            return self._inner.deals(account_ids, now)

    def create_people(self, people: Sequence[NewPerson]) -> list[Person | Fault]:
        """See the port."""
        self._stage.people.extend(people)
        found: list[Person | Fault] = []
        for new in people:
            person = Person(
                id=RecordId(f"{_PRETENDED}{new.email}"),
                object_name=new.object_name,
                emails=(new.email,),
                name=new.name,
                account_id=new.account_id,
            )
            self._made[new.email] = person
            found.append(person)
        return found


class RehearsedAttachments:
    """`ports.AttachmentSource` that fetches nothing: no file will be sent."""

    def attachment(self, item_id: str, attachment_id: str) -> bytes:
        """See the port."""
        del item_id, attachment_id
        return b""


class RehearsedLedger:
    """`ports.Ledger` that stores nothing and notes what would be stored."""

    def __init__(self, stage: Stage) -> None:
        """Note on this stage."""
        self._stage = stage

    def begin(self, lease: Lease, session: Session) -> SessionId:
        """See the port."""
        del lease, session
        return SessionId(0)

    def commit(self, commit: Commit) -> None:
        """See the port."""
        self._stage.writes.extend(commit.writes)
        self._stage.issues.update({i.fingerprint: i for i in commit.issues})


class NoLeases:
    """`ports.Leases` for what changes nothing, so it need not wait for anybody."""

    def acquire(self, mailbox_id: MailboxId) -> Lease | None:
        """See the port."""
        return Lease(mailbox_id=mailbox_id, token=0)

    def release(self, lease: Lease) -> None:
        """See the port."""


class WakefulMailboxes:
    """`ports.MailboxBook` in which every mailbox may sync and was compared whole.

    A whole comparison would meet everything once more that was only pretended.
    """

    def __init__(self, inner: MailboxBook, clock: Clock) -> None:
        """Stand in for a book."""
        self._inner = inner
        self._clock = clock

    def get(self, mailbox_id: MailboxId) -> Mailbox:
        """See the port."""
        found = self._inner.get(mailbox_id)
        return replace(
            found,
            standing=Standing.ACTIVE,
            swept_at=self._clock.now(),
            swept_policy=found.policy.digest,
        )


class Hush:
    """`ports.NoticeSender` that tells nobody."""

    def send(self, notice: Notice) -> None:
        """See the port."""
