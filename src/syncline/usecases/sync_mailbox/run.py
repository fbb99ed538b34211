"""What one session knows and has done so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from syncline.domain.access.mailbox import Mailbox
from syncline.domain.engine.pair import Pair
from syncline.domain.engine.window import window_at
from syncline.domain.issues.classify import Cause
from syncline.domain.issues.docket import Docket, link_subject
from syncline.domain.issues.issue import Issue
from syncline.domain.mapping import MAPPINGS, KindMapping
from syncline.domain.mapping.cuts import Cut
from syncline.domain.mapping.facts import FieldFacts
from syncline.domain.ports import (
    AttachmentSource,
    ChangeSource,
    Clock,
    Commit,
    CrmDirectory,
    IssueLog,
    ItemMarker,
    ItemWriter,
    Lease,
    Leases,
    Ledger,
    LinkBook,
    MailboxBook,
    OrgSchema,
    RecordFinder,
    WatermarkBook,
)
from syncline.domain.sessions import Counted, Session, Tally
from syncline.domain.values.changes import Presence, Watermark
from syncline.domain.values.faults import Fault
from syncline.domain.values.history import KeptWrite, Undone
from syncline.domain.values.ids import LinkKey, RecordId
from syncline.domain.values.items import Item, Window
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Link, LinkState
from syncline.domain.values.people import Person, Traits


class Meter(Protocol):
    """Counts HTTP requests of one connection."""

    requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Everything that remembers."""

    mailboxes: MailboxBook
    leases: Leases
    ledger: Ledger
    links: LinkBook
    watermarks: WatermarkBook
    issues: IssueLog


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Everything that reads or writes a provider, for one mailbox."""

    mailbox_source: ChangeSource
    crm_source: ChangeSource
    mailbox_writer: ItemWriter
    crm_writer: ItemWriter
    marker: ItemMarker
    finder: RecordFinder
    directory: CrmDirectory
    attachments: AttachmentSource
    schema: OrgSchema
    meters: Mapping[Side, Meter] = field(default_factory=dict)

    def source(self, side: Side) -> ChangeSource:
        """The reader of a side."""
        return self.mailbox_source if side is Side.MAILBOX else self.crm_source

    def writer(self, side: Side) -> ItemWriter:
        """The writer of a side."""
        return self.mailbox_writer if side is Side.MAILBOX else self.crm_writer


@dataclass(slots=True, kw_only=True)
class Run:
    """One session in progress."""

    books: Books
    sides: Sides
    clock: Clock
    mailbox: Mailbox
    lease: Lease
    session: Session
    window: Window
    docket: Docket
    is_asked: bool
    #: A person wants held items tried, however recent their last try.
    insists: bool = False
    watermarks: dict[Side, Watermark] = field(default_factory=dict)
    #: Newest form of every link that this session touched.
    links: dict[LinkKey, Link] = field(default_factory=dict)
    #: Stored links of this round that may not have changed.
    known: dict[LinkKey, Link] = field(default_factory=dict)
    #: What was observed of each link in this round.
    pairs: dict[LinkKey, Pair] = field(default_factory=dict)
    #: The same with the records that were found to exist before a create.
    joined: dict[LinkKey, Pair] = field(default_factory=dict)
    #: Keys of the links to which the records of this round belong.
    owners: dict[RecordId, LinkKey] = field(default_factory=dict)
    #: Items as read or written in this session, for marking.
    items: dict[LinkKey, Item] = field(default_factory=dict)
    #: Whether the mailbox was given the category that saves an item.
    has_offered: bool = False
    #: Whether some item that carried our marks carries them no longer.
    has_lost_marks: bool = False
    #: Salesforce users by id, as far as a refusal named them.
    user_names: dict[str, str] = field(default_factory=dict)
    recheck: set[LinkKey] = field(default_factory=set)
    #: Links of which a write failed in this round.
    failed: set[LinkKey] = field(default_factory=set)
    tallies: Counter[tuple[Kind, Side, Counted, str]] = field(default_factory=Counter)
    writes: Counter[Side] = field(default_factory=Counter)
    failing_side: Side | None = None
    saw_changes: bool = False
    #: What the org can do, once it was asked.
    traits: Traits | None = None
    #: The profile's field tables.
    mappings: Mapping[Kind, KindMapping] = field(default_factory=lambda: MAPPINGS)
    #: What the org says about the fields of a kind, where it had to be asked.
    facts: dict[Kind, Mapping[str, FieldFacts]] = field(default_factory=dict)
    #: What was cut of an operation that is on its way.
    cuts: dict[LinkKey, tuple[Cut, ...]] = field(default_factory=dict)
    #: People whom events in Salesforce invite, by id; None for who is not to be seen.
    people_by_id: dict[str, Person | None] = field(default_factory=dict)
    #: Addresses for which Salesforce refused to make a person.
    refused_people: set[str] = field(default_factory=set)
    #: Items that are outside of the time window now; their marks come off.
    leavers: set[LinkKey] = field(default_factory=set)
    #: Series of which something was proven in this round.
    touched_series: set[LinkKey] = field(default_factory=set)
    #: Everything is compared, whatever the watermarks say.
    is_sweep: bool = False
    #: Nothing was ever read before.
    began_empty: bool = False
    #: Both sides were compared whole in this session.
    was_swept: bool = False
    #: All marks come off: Syncline is taken out of the mailbox.
    withdraws: bool = False
    #: Deletions wait for a person.
    is_braked: bool = False
    #: What only the comparison found, in words.
    drift: list[str] = field(default_factory=list)
    _dirty: set[LinkKey] = field(default_factory=set)
    #: Links that this session has forgotten for good.
    dropped: set[LinkKey] = field(default_factory=set)
    _forgotten: set[LinkKey] = field(default_factory=set)
    _writes: list[KeptWrite] = field(default_factory=list)
    _undone: list[Undone] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """The present instant."""
        return self.clock.now()

    def link(self, key: LinkKey) -> Link | None:
        """The newest form of a link, or None when nobody knows it."""
        if key in self._forgotten:
            return None
        return self.links.get(key) or self.known.get(key)

    def decided(self, links: Mapping[LinkKey, Link]) -> None:
        """Take over how links stand after deciding, newer than what was stored."""
        self.known.update(links)
        self.links.update({k: x for k, x in links.items() if k in self.links})

    def keep(self, links: Iterable[Link]) -> None:
        """Remember new forms of links for the next commit."""
        for link in links:
            self._note_lost_marks(link)
            self.links[link.key] = link
            self._dirty.add(link.key)
            self._forgotten.discard(link.key)
            self.dropped.discard(link.key)

    def _note_lost_marks(self, link: Link) -> None:
        before = self.link(link.key)
        if before is not None and set(before.marks) - set(link.marks):
            self.has_lost_marks = True

    def forget(self, keys: Iterable[LinkKey]) -> None:
        """Drop links that stand for nothing any longer.

        One whose item still carries our marks stays until they are off.
        """
        for key in keys:
            link = self.link(key)
            is_marked = link is not None and bool(link.marks or link.pending_marks)
            found = self.pairs.get(key)
            is_gone = found is not None and found.item_presence is Presence.DELETED
            if link is not None and link.item_id and is_marked and not is_gone:
                self.keep([without_hold(link)])
                self.prove(link)
                continue
            self.has_lost_marks = self.has_lost_marks or is_marked
            self.links.pop(key, None)
            self.known.pop(key, None)
            self._dirty.discard(key)
            self._forgotten.add(key)
            self.dropped.add(key)
            if link is not None:
                self.prove(link)
            else:
                self.docket.prove(link_subject(key), self.now)

    def prove(self, link: Link, *, only: str = "") -> None:
        """What was open about a link is over, as a write or a look has shown.

        One occurrence proves nothing about its series; see `settle_series`.
        """
        if link.series_key or link.is_series:
            self.touched_series.add(link.subject_key)
        else:
            self.docket.prove(link_subject(link.key), self.now, only=only)

    def settle_series(self) -> None:
        """A series is good when none of its occurrences is held any longer."""
        open_about = self.docket.subjects()
        keys = [k for k in self.touched_series if link_subject(k) in open_about]
        self.touched_series.clear()
        if not keys:
            return
        stored = self.books.links.of_series(self.mailbox.id, keys)
        links = {x.key: x for x in (*stored, *self.links.values())}
        held = {
            x.subject_key
            for x in links.values()
            if x.hold is not None and x.key not in self._forgotten
        }
        for key in keys:
            if key not in held:
                self.docket.prove(link_subject(key), self.now)

    def pair_before(self, key: LinkKey) -> Pair | None:
        """All that was read of a link before this round wrote anything."""
        return self.joined.get(key) or self.pairs.get(key)

    def remember(self, write: KeptWrite) -> None:
        """Keep a copy of a write that took effect, with the next commit."""
        self._writes.append(write)

    def note_undone(self, undone: Undone) -> None:
        """Remember what became of taking a write back, with the next commit."""
        self._undone.append(undone)

    def commit(self, watermarks: Mapping[Side, Watermark] | None = None) -> None:
        """Make everything since the last commit durable, if there is anything.

        Raises:
            FencedError: Another worker owns the mailbox now.
        """
        issues = self.docket.take_changed()
        links = tuple(self.links[key] for key in self._dirty)
        kept = (self._writes, self._undone)
        if not (issues or links or self._forgotten or watermarks or any(kept)):
            return
        self.books.ledger.commit(
            Commit(
                lease=self.lease,
                links=links,
                forgotten=tuple(self._forgotten),
                issues=issues,
                watermarks=watermarks or {},
                session_id=self.session.id,
                writes=tuple(self._writes),
                undone=tuple(self._undone),
            )
        )
        self._dirty.clear()
        self._forgotten.clear()
        self._writes.clear()
        self._undone.clear()

    def let_go(self) -> None:
        """Keep in memory only what is not at rest; the rest is stored by now."""
        for key in self.pairs:
            self.known.pop(key, None)
        self.pairs.clear()
        self.joined.clear()
        self.items.clear()
        self.links = {k: x for k, x in self.links.items() if not self._is_at_rest(x)}

    def _is_at_rest(self, link: Link) -> bool:
        is_open = link.hold or link.pending_marks or link.is_series
        is_wanted = link.key in self.recheck or link.key in self._dirty
        return link.state is LinkState.LINKED and not (is_open or is_wanted)

    def raise_about_link(
        self,
        link: Link,
        cause: Cause,
        *,
        side: Side,
        operation: str,
        fault: Fault | None = None,
        details: tuple[str, ...] = (),
    ) -> None:
        """Raise an item issue; that of an occurrence belongs to its series."""
        self.docket.raise_issue(
            Issue(
                mailbox_id=self.mailbox.id,
                code=cause.code,
                subject=link_subject(link.subject_key),
                details=details,
                params=dict(cause.params),
                evidence=evidence_of(fault),
                kind=link.kind,
                side=side,
                operation=operation,
                name=link.name,
                item_id=link.item_id or "",
                record_id=link.record_id or "",
                web_link=link.web_link,
                first_seen=self.now,
                last_seen=self.now,
            )
        )

    def count(
        self,
        kind: Kind,
        side: Side,
        counted: Counted,
        *,
        by: int = 1,
        reason: str = "",
    ) -> None:
        """Add to the session's numbers."""
        self.tallies[(kind, side, counted, reason)] += by

    def count_write(self, side: Side) -> None:
        """Count one write operation, whatever came of it."""
        self.writes[side] += 1

    def tally(self) -> tuple[Tally, ...]:
        """The session's numbers as values."""
        return tuple(
            Tally(kind=k, side=s, counted=c, count=n, reason=r)
            for (k, s, c, r), n in sorted(self.tallies.items())
        )

    def with_links(self, links: Iterable[Link]) -> list[Link]:
        """Stored links, each in the newest form that this session has."""
        return [self.links.get(link.key, link) for link in links]


def begin_run(
    *,
    books: Books,
    sides: Sides,
    clock: Clock,
    mailbox: Mailbox,
    lease: Lease,
    session: Session,
) -> Run:
    """A session at its start, with everything that is remembered so far."""
    watermarks = {
        side: mark for side in Side if (mark := books.watermarks.get(mailbox.id, side))
    }
    return Run(
        books=books,
        sides=sides,
        clock=clock,
        mailbox=mailbox,
        lease=lease,
        session=session,
        window=window_at(session.started_at, mailbox.policy),
        docket=Docket(mailbox.id, books.issues.unresolved(mailbox.id)),
        is_asked=session.is_forced,
        watermarks=watermarks,
        began_empty=not watermarks,
    )


def evidence_of(fault: Fault | None) -> dict[str, str]:
    """The facts of a fault that may be kept and shown as technical details."""
    if fault is None:
        return {}
    facts = {
        "provider": fault.provider,
        "operation": fault.operation,
        "status": str(fault.status or ""),
        "code": fault.code,
        "message": fault.message[:500],
        "fields": ", ".join(fault.fields),
        "matches": ", ".join(fault.matches),
        "request_id": fault.request_id,
    }
    return {name: value for name, value in facts.items() if value}


def without_hold(link: Link) -> Link:
    """The link, free to be written again."""
    return replace(link, hold=None)
