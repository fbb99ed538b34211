"""One installation in memory that also remembers what its sessions wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from syncline.connectors.memory.crm import MemoryCrm
from syncline.connectors.memory.mailbox import MemoryMailbox
from syncline.domain.ports import Commit, Lease
from syncline.domain.sessions import Session
from syncline.domain.values.content import TimedSpan
from syncline.domain.values.history import PastWrite
from syncline.domain.values.ids import MailboxId, SessionId
from syncline.domain.values.items import Item, Record
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Link
from syncline.notices.senders import MemoryNoticeSender
from syncline.usecases.plan_mailbox import Forecast, plan_mailbox
from syncline.usecases.sync_mailbox import SyncMailbox
from syncline.usecases.sync_mailbox.run import Books, Sides
from syncline.usecases.undo_session import UndoReport, UndoSession
from tests import factories as make
from tests.properties.shelf import Shelf

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MAILBOX = MailboxId(1)


@dataclass
class RememberingShelf(Shelf):
    """The books, with the history of sessions."""

    begun: list[Session] = field(default_factory=list)
    past: dict[int, tuple[int, PastWrite]] = field(default_factory=dict)
    shared_ids: set[str] = field(default_factory=set)

    def begin(self, lease: Lease, session: Session) -> SessionId:
        super().begin(lease, session)
        found = SessionId(len(self.begun) + 1)
        self.begun.append(replace(session, id=found))
        return found

    def commit(self, commit: Commit) -> None:
        super().commit(commit)
        for write in commit.writes:
            assert commit.session_id is not None
            number = len(self.past) + 1
            kept = PastWrite(write=replace(write, number=number))
            self.past[number] = (commit.session_id, kept)
        for one in commit.undone:
            owner, before = self.past[one.number]
            after = replace(
                before,
                is_undone=one.refusal is None,
                refusal=one.refusal,
                detail=one.detail,
            )
            self.past[one.number] = (owner, after)

    # HistoryBook
    def session(self, session_id: SessionId) -> Session | None:
        return next((s for s in self.begun if s.id == session_id), None)

    def writes(self, session_id: SessionId) -> list[PastWrite]:
        return [w for owner, w in self.past.values() if owner == session_id]

    def shared(
        self, mailbox_id: MailboxId, record_ids: Sequence[str]
    ) -> frozenset[str]:
        return frozenset(self.shared_ids & set(record_ids))


class Clock:
    """Time that goes on with every look."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        self.time += timedelta(milliseconds=1)
        return self.time


class World:
    """One mailbox, one org, and the sessions between them."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.mailbox = MemoryMailbox(self.clock.now)
        self.crm = MemoryCrm(now=self.clock.now)
        self.shelf = RememberingShelf(make.mailbox())
        self.notices = MemoryNoticeSender()

    def _sides(self) -> Sides:
        return Sides(
            mailbox_source=self.mailbox.changes,
            crm_source=self.crm.changes,
            mailbox_writer=self.mailbox.writer,
            crm_writer=self.crm.writer,
            marker=self.mailbox.marker,
            finder=self.crm.finder,
            directory=self.crm.directory,
            attachments=self.mailbox.attachments,
            schema=self.crm.schema,
            meters={Side.MAILBOX: self.mailbox, Side.CRM: self.crm},
        )

    def _books(self) -> Books:
        shelf = self.shelf
        return Books(
            mailboxes=shelf,
            leases=shelf,
            ledger=shelf,
            links=shelf,
            watermarks=shelf,
            issues=shelf,
        )

    # --- what people do ---

    def event(self, **content: object) -> Item:
        """The owner adds a meeting tomorrow."""
        start = START + timedelta(days=1)
        when = TimedSpan(start=start, end=start + timedelta(hours=1), zone="UTC")
        facts = {"subject": "Demo", "when": when, "location": "Oslo", **content}
        return self.mailbox.add(Kind.EVENT, **facts)  # type: ignore[arg-type] # values

    def contact_record(self, **fields: object) -> Record:
        """A colleague adds a contact in Salesforce."""
        facts = {"LastName": "Hopper", "Email": "grace@acme.example", **fields}
        return self.crm.add(Kind.CONTACT, **facts)  # type: ignore[arg-type] # values

    # --- sessions ---

    def sync(self) -> Session:
        """One session."""
        use_case = SyncMailbox(
            books=self._books(),
            sides=self._sides(),
            clock=self.clock,
            notices=self.notices,
        )
        return use_case.run(MAILBOX, is_asked=True)

    def settle(self) -> Session:
        """A session that is followed by one without writes; answers the first."""
        first = self.sync()
        assert self._is_quiet_after(0, 1)
        return first

    def is_quiet(self) -> bool:
        """Whether no session writes: the next, one a day later, a whole comparison."""
        return self._is_quiet_after(0, 1, 8)

    def _is_quiet_after(self, *days: int) -> bool:
        before = self.writes
        for wait in days:
            self.clock.time += timedelta(days=wait)
            self.sync()
        return self.writes == before

    @property
    def writes(self) -> int:
        """Writes that both sides have seen, marks included."""
        return self.mailbox.desk.writes + self.crm.desk.writes

    def undo(self, session: Session | None) -> UndoReport:
        """Take a session back."""
        assert session is not None
        assert session.id is not None
        return self.undoing().run(MAILBOX, session.id)

    def preview(self, session: Session) -> UndoReport:
        """What `undo` would do."""
        assert session.id is not None
        return self.undoing().preview(MAILBOX, session.id)

    def undoing(self) -> UndoSession:
        """The use case."""
        return UndoSession(
            books=self._books(),
            history=self.shelf,
            sides=self._sides(),
            clock=self.clock,
            notices=self.notices,
        )

    def plan(self) -> Forecast:
        """What the next session would write."""
        return plan_mailbox(
            MAILBOX, books=self._books(), sides=self._sides(), clock=self.clock
        )

    # --- what is there ---

    @property
    def items(self) -> list[Item]:
        """Everything in the mailbox."""
        return list(self.mailbox.store.things.values())

    @property
    def records(self) -> list[Record]:
        """Everything in Salesforce."""
        return list(self.crm.store.things.values())

    @property
    def links(self) -> list[Link]:
        """Everything that is remembered."""
        return list(self.shelf.links.values())
