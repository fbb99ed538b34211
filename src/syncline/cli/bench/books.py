"""Everything that remembers, in memory, for measuring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from syncline.cli.bench import company
from syncline.domain.access.mailbox import Mailbox
from syncline.domain.issues.issue import Issue, IssueState
from syncline.domain.issues.notice import Notice
from syncline.domain.ports import Commit, Lease
from syncline.domain.sessions import Session
from syncline.domain.values.changes import Watermark
from syncline.domain.values.ids import LinkKey, MailboxId, SessionId
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Link, LinkState
from syncline.usecases.sync_mailbox.run import Books


class StillClock:
    """Always the same instant."""

    def now(self) -> datetime:
        """The instant."""
        return company.NOW


class NoPost:
    """Delivers nothing."""

    def send(self, notice: Notice) -> None:
        """Drop it."""


@dataclass
class Ledger:
    """Leases, sessions and issues; counts what is committed and drops links."""

    commits: int = 0
    links: int = 0
    issues: dict[str, Issue] = field(default_factory=dict)
    watermarks: dict[Side, Watermark] = field(default_factory=dict)

    def acquire(self, mailbox_id: MailboxId) -> Lease:
        """Nobody else is there."""
        return Lease(mailbox_id=mailbox_id, token=1)

    def release(self, lease: Lease) -> None:
        """Nobody else waits."""

    def begin(self, lease: Lease, session: Session) -> SessionId:
        """Number it."""
        return SessionId(1)

    def commit(self, commit: Commit) -> None:
        """Count, and remember what a next session asks for."""
        self.commits += 1
        self.links += len(commit.links)
        self.issues.update({issue.fingerprint: issue for issue in commit.issues})
        self.watermarks.update(commit.watermarks)

    def unresolved(self, mailbox_id: MailboxId) -> list[Issue]:
        """What is open."""
        issues = self.issues.values()
        return [issue for issue in issues if issue.state is not IssueState.RESOLVED]


@dataclass
class Mailboxes:
    """The one mailbox; its profile may have been another when it was last swept."""

    swept_policy: str | None = None

    def get(self, mailbox_id: MailboxId) -> Mailbox:
        """It."""
        found = company.mailbox()
        if self.swept_policy is None:
            return found
        return replace(found, swept_policy=self.swept_policy)


@dataclass
class Watermarks:
    """What the ledger remembers."""

    ledger: Ledger

    def get(self, mailbox_id: MailboxId, side: Side) -> Watermark | None:
        """How far a side was read."""
        return self.ledger.watermarks.get(side)


class KeptLinks(Ledger):
    """Links as they were committed."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.kept: dict[LinkKey, Link] = {}
        self._by_end: dict[str, LinkKey] = {}

    def commit(self, commit: Commit) -> None:
        """Keep the links, too."""
        super().commit(commit)
        for gone in commit.forgotten:
            self.kept.pop(gone, None)
        for link in commit.links:
            self.kept[link.key] = link
            for end in (link.item_id, link.record_id):
                if end:
                    self._by_end[end] = link.key

    def find(
        self,
        mailbox_id: MailboxId,
        *,
        item_ids: Sequence[str] = (),
        record_ids: Sequence[str] = (),
        keys: Sequence[LinkKey] = (),
    ) -> list[Link]:
        """Links by any of the three."""
        ends = (self._by_end.get(end) for end in (*item_ids, *record_ids))
        wanted = dict.fromkeys(key for key in (*ends, *keys) if key)
        return [self.kept[key] for key in wanted if key in self.kept]

    def held(self, mailbox_id: MailboxId) -> list[Link]:
        """Links with a hold."""
        return [link for link in self.kept.values() if link.hold]

    def unmarked(self, mailbox_id: MailboxId, limit: int) -> list[Link]:
        """Links whose marks may not have been set."""
        pending = (link for link in self.kept.values() if link.pending_marks)
        return list(islice(pending, limit))

    def of_kind(self, mailbox_id: MailboxId, kind: Kind) -> list[Link]:
        """Links of a kind."""
        return [link for link in self.kept.values() if link.kind is kind]

    def of_series(self, mailbox_id: MailboxId, keys: Sequence[LinkKey]) -> list[Link]:
        """Links of occurrences."""
        return [link for link in self.kept.values() if link.series_key in keys]

    def count(self, mailbox_id: MailboxId) -> Mapping[Kind, int]:
        """LINKED links by kind."""
        links = self.kept.values()
        return Counter(x.kind for x in links if x.state is LinkState.LINKED)

    def marks_in_use(self, mailbox_id: MailboxId) -> frozenset[str]:
        """Categories that we set."""
        return frozenset(m for link in self.kept.values() for m in link.marks)

    def synced_uids(self, organization_id: str, uids: Sequence[str]) -> frozenset[str]:
        """None: nobody else has a mailbox."""
        return frozenset()


class MadeUpLinks(Ledger):
    """Links of a company of some size, made up when somebody asks."""

    def __init__(self, size: int, *, is_growing: bool = False) -> None:
        """Remember the size.

        Args:
            size: How many links there are.
            is_growing: The session makes them; all are there once it has read
                and done everything that is new.
        """
        super().__init__()
        self._size = 0 if is_growing else size
        self._grown = size

    def commit(self, commit: Commit) -> None:
        """Count; with the watermarks a round is over."""
        super().commit(commit)
        if commit.watermarks:
            self._size = self._grown

    def find(
        self,
        mailbox_id: MailboxId,
        *,
        item_ids: Sequence[str] = (),
        record_ids: Sequence[str] = (),
        keys: Sequence[LinkKey] = (),
    ) -> list[Link]:
        """Links by any of the three."""
        names: Iterable[str] = (*item_ids, *record_ids, *keys) if self._size else ()
        return [company.link(n) for n in sorted({*map(company.number_of, names)})]

    def held(self, mailbox_id: MailboxId) -> list[Link]:
        """None is held."""
        return []

    def unmarked(self, mailbox_id: MailboxId, limit: int) -> list[Link]:
        """All are marked."""
        return []

    def of_kind(self, mailbox_id: MailboxId, kind: Kind) -> Iterator[Link]:
        """Links of a kind, each made when it is asked for."""
        return (company.link(n) for n in self._numbers(kind))

    def of_series(self, mailbox_id: MailboxId, keys: Sequence[LinkKey]) -> list[Link]:
        """No series is there."""
        return []

    def count(self, mailbox_id: MailboxId) -> Mapping[Kind, int]:
        """Everything is linked."""
        return Counter(company.kind_of(number) for number in range(self._size))

    def marks_in_use(self, mailbox_id: MailboxId) -> frozenset[str]:
        """Those that every item carries."""
        return frozenset(company.link(0).marks)

    def synced_uids(self, organization_id: str, uids: Sequence[str]) -> frozenset[str]:
        """None: nobody else has a mailbox."""
        return frozenset()

    def _numbers(self, kind: Kind) -> Iterator[int]:
        return (n for n in range(self._size) if company.kind_of(n) is kind)


def books_of(
    ledger: KeptLinks | MadeUpLinks, *, swept_policy: str | None = None
) -> Books:
    """All books of a session.

    Args:
        ledger: What remembers links and the rest.
        swept_policy: Under which profile everything was last compared; None for
            that of the mailbox.
    """
    return Books(
        mailboxes=Mailboxes(swept_policy),
        leases=ledger,
        ledger=ledger,
        links=ledger,
        watermarks=Watermarks(ledger),
        issues=ledger,
    )
