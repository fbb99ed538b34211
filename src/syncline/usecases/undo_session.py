"""Take back what one session wrote, newest first, mailing nobody.

    of each link the newest write that is left
        -> look at what is there now -> decide -> carry out -> commit
    until nothing is left; then marks follow, and the undo is a session itself

Each commit has the new link, the copy of what the undo wrote, and the word that
the write is undone. So an undo that was cut off goes on when it is run again: what
was done is either remembered, or found to be as it was before. Marks are not
undone: they follow from the links.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from syncline.domain.access.mailbox import Standing
from syncline.domain.engine.copies import kept_write
from syncline.domain.engine.direction import forbidden
from syncline.domain.engine.pair import Pair
from syncline.domain.engine.undo import (
    Sight,
    Undoing,
    end_of,
    link_after,
    take_back,
    target_of,
)
from syncline.domain.errors import (
    FencedError,
    InterruptedSessionError,
    MailboxBusyError,
    MailboxNotActiveError,
    ProviderError,
)
from syncline.domain.issues.docket import link_subject
from syncline.domain.ports import Clock, HistoryBook, Lease, NoticeSender
from syncline.domain.sessions import Counted, Session
from syncline.domain.values.changes import Change, Presence
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.history import KeptWrite, Refusal, Undone
from syncline.domain.values.ids import ItemId, MailboxId, RecordId, SessionId
from syncline.domain.values.items import Item, Record
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Link
from syncline.domain.values.operations import Operation, Outcome, Verb
from syncline.usecases.sync_mailbox.conclude import conclude
from syncline.usecases.sync_mailbox.mark_items import mark_items
from syncline.usecases.sync_mailbox.run import Books, Run, Sides, begin_run

_COUNTED = {
    Verb.CREATE: Counted.CREATED,
    Verb.UPDATE: Counted.UPDATED,
    Verb.DELETE: Counted.DELETED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoLine:
    """What became of one write."""

    write: KeptWrite
    refusal: Refusal | None = None
    detail: str = ""

    @property
    def is_undone(self) -> bool:
        """Whether it is as it was before the session."""
        return self.refusal is None


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoReport:
    """What an undo did, or would do.

    `session` is the undo's own, without one nothing was left to take back.
    """

    lines: tuple[UndoLine, ...] = ()
    #: Writes that an earlier undo took back.
    already: int = 0
    session: Session | None = None

    @property
    def undone(self) -> int:
        """How many are as they were before."""
        return sum(line.is_undone for line in self.lines)

    @property
    def refused(self) -> tuple[UndoLine, ...]:
        """Those that were not taken back."""
        return tuple(line for line in self.lines if not line.is_undone)


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoSession:
    """Takes back sessions of one mailbox."""

    books: Books
    history: HistoryBook
    sides: Sides
    clock: Clock
    notices: NoticeSender

    def preview(self, mailbox_id: MailboxId, session_id: SessionId) -> UndoReport:
        """What `run` would do now; writes and stores nothing.

        Raises:
            KeyError: The mailbox has no such session.
            ProviderError: A side could not be read.
        """
        left, already = self._left(mailbox_id, session_id)
        lease = Lease(mailbox_id=mailbox_id, token=0)
        run = self._begin(lease, session_id, None) if left else None
        lines: list[UndoLine] = []
        if run is not None:
            was_undo = self._was_undo(session_id)
            lines = _Undo(run, self.history, is_dry=True, was_undo=was_undo).all(left)
        return UndoReport(lines=tuple(lines), already=already)

    def run(self, mailbox_id: MailboxId, session_id: SessionId) -> UndoReport:
        """Take back everything that is left of a session.

        A provider's failure is in the result of the report's session, not
        raised; run it again then.

        Raises:
            KeyError: The mailbox has no such session.
            MailboxNotActiveError: An admin switched the mailbox off.
            MailboxBusyError: A session of this mailbox is running.
            FencedError: The mailbox was taken over while we worked.
        """
        mailbox = self.books.mailboxes.get(mailbox_id)
        if mailbox.standing is Standing.DISABLED:
            raise MailboxNotActiveError(mailbox.standing)
        self._left(mailbox_id, session_id)
        lease = self.books.leases.acquire(mailbox_id)
        if lease is None:
            raise MailboxBusyError(mailbox.address)
        try:
            left, already = self._left(mailbox_id, session_id)
            marked = self._still_marked(mailbox_id, session_id)
            if not left and not marked:
                return UndoReport(already=already)
            started = Session(
                id=None,
                mailbox_id=mailbox_id,
                started_at=self.clock.now(),
                undoes=session_id,
            )
            own_id = self.books.ledger.begin(lease, started)
            run = self._begin(lease, session_id, own_id)
            run.keep(marked)
            return replace(self._run(run, left), already=already)
        finally:
            self.books.leases.release(lease)

    def _left(
        self, mailbox_id: MailboxId, session_id: SessionId
    ) -> tuple[list[KeptWrite], int]:
        """Writes that are not undone, newest first; and how many are."""
        session = self.history.session(session_id)
        if session is None or session.mailbox_id != mailbox_id:
            raise KeyError(session_id)
        writes = [w for w in self.history.writes(session_id) if not w.write.is_mark]
        left = [w.write for w in reversed(writes) if not w.is_undone]
        return left, len(writes) - len(left)

    def _was_undo(self, session_id: SessionId) -> bool:
        session = self.history.session(session_id)
        return session is not None and session.undoes is not None

    def _still_marked(self, mailbox_id: MailboxId, session_id: SessionId) -> list[Link]:
        """Links that an undo parted before it was cut off; their marks must go."""
        keys = [w.write.key for w in self.history.writes(session_id) if w.is_undone]
        found = self.books.links.find(mailbox_id, keys=keys)
        return [link for link in found if link.is_undone and link.marks]

    def _begin(
        self, lease: Lease, session_id: SessionId, own_id: SessionId | None
    ) -> Run:
        return begin_run(
            books=self.books,
            sides=self.sides,
            clock=self.clock,
            mailbox=self.books.mailboxes.get(lease.mailbox_id),
            lease=lease,
            session=Session(
                id=own_id,
                mailbox_id=lease.mailbox_id,
                started_at=self.clock.now(),
                undoes=session_id,
            ),
        )

    def _run(self, run: Run, left: Sequence[KeptWrite]) -> UndoReport:
        assert run.session.undoes is not None
        undo = _Undo(run, self.history, was_undo=self._was_undo(run.session.undoes))
        failure: Exception | None = None
        try:
            undo.all(left)
            mark_items(run)
        except FencedError:
            raise
        except (ProviderError, InterruptedSessionError) as error:
            failure = error
        except Exception as error:
            conclude(run, error, self.notices)
            raise
        session = conclude(run, failure, self.notices)
        return UndoReport(lines=tuple(undo.lines), session=session)


@dataclass(slots=True)
class _Undo:
    """One undo on its way; a dry one pretends that every write succeeds."""

    run: Run
    history: HistoryBook
    is_dry: bool = False
    #: The session that is taken back was an undo itself.
    was_undo: bool = False
    lines: list[UndoLine] = field(default_factory=list)
    #: What a dry run has pretended, instead of what is there.
    pretended: dict[tuple[Side, str], Change] = field(default_factory=dict)

    def all(self, writes: Sequence[KeptWrite]) -> list[UndoLine]:
        """Take back all writes, of each link the newest first."""
        left = list(writes)
        while left:
            wave: dict[str, KeptWrite] = {}
            rest = []
            for write in left:
                subject = write.key or write.target_id
                if subject in wave:
                    rest.append(write)
                else:
                    wave[subject] = write
            self._wave(list(wave.values()))
            left = rest
        return self.lines

    def _wave(self, writes: Sequence[KeptWrite]) -> None:
        undoings = [take_back(w, s) for w, s in self._look(writes)]
        for undoing in undoings:
            if undoing.operation is None:
                self._settle(undoing, None)
        self._commit()
        for side in Side:
            todo = [u for u in undoings if u.operation and u.operation.side is side]
            self._carry_out(side, todo)

    def _look(self, writes: Sequence[KeptWrite]) -> Iterator[tuple[KeptWrite, Sight]]:
        """What is there now of each write, in as few questions as there can be."""
        run = self.run
        keys = [w.key for w in writes if w.key]
        found = run.books.links.find(run.mailbox.id, keys=keys)
        links = {link.key: link for link in run.with_links(found)}
        wanted: dict[tuple[Side, Kind], list[str]] = defaultdict(list)
        for write in writes:
            link = links.get(write.key)
            wanted[(write.side, write.kind)].append(target_of(write, link))
            other = end_of(link, write.side.other)
            if write.verb is Verb.DELETE and other:
                wanted[(write.side.other, write.kind)].append(other)
        seen = self._fetch(wanted)
        made = [
            target_of(w, links.get(w.key))
            for w in writes
            if w.side is Side.CRM and w.verb is Verb.CREATE
        ]
        shared = self.history.shared(run.mailbox.id, made)
        for write in writes:
            link = links.get(write.key)
            target = target_of(write, link)
            yield (
                write,
                Sight(
                    link=link,
                    here=seen.get((write.side, target)),
                    other=seen.get((write.side.other, end_of(link, write.side.other))),
                    is_shared=target in shared,
                    was_undo=self.was_undo,
                ),
            )

    def _fetch(
        self, wanted: dict[tuple[Side, Kind], list[str]]
    ) -> dict[tuple[Side, str], Change]:
        seen = dict(self.pretended)
        for (side, kind), ids in wanted.items():
            asked = [i for i in dict.fromkeys(ids) if i and (side, i) not in seen]
            self.run.failing_side = side
            for change in self.run.sides.source(side).fetch(kind, asked):
                seen[(side, change.id)] = change
            self.run.failing_side = None
        return seen

    def _carry_out(self, side: Side, undoings: Sequence[Undoing]) -> None:
        writer = self.run.sides.writer(side)
        for start in range(0, len(undoings), writer.batch_size):
            self._check_time()
            batch = undoings[start : start + writer.batch_size]
            operations = [u.operation for u in batch if u.operation is not None]
            allowed = [o for o in operations if self._forbidden(o) is None]
            if self.is_dry:
                outcomes = iter([self._pretend(o) for o in allowed])
            else:
                self.run.failing_side = side
                outcomes = iter(writer.write(allowed) if allowed else ())
                self.run.failing_side = None
            for undoing, operation in zip(batch, operations, strict=True):
                fault = self._forbidden(operation)
                self._settle(
                    undoing,
                    Outcome(operation=operation, fault=fault)
                    if fault
                    else next(outcomes),
                )
            self._commit()

    def _forbidden(self, operation: Operation) -> Fault | None:
        return forbidden(operation, self.run.mailbox.policy)

    def _check_time(self) -> None:
        spent = self.run.now - self.run.session.started_at
        if spent > self.run.mailbox.policy.session_timeout:
            raise InterruptedSessionError(f"after {spent}")

    def _settle(self, undoing: Undoing, outcome: Outcome | None) -> None:
        """Note what became of one write, for the next commit."""
        run, write = self.run, undoing.write
        refusal, detail = undoing.refusal, undoing.detail
        if outcome is not None:
            run.count_write(write.side)
            if outcome.fault is not None:
                refusal, detail = _refusal_of(outcome.fault)
        self.lines.append(UndoLine(write=write, refusal=refusal, detail=detail))
        run.note_undone(Undone(number=write.number, refusal=refusal, detail=detail))
        if refusal is not None:
            run.count(write.kind, write.side, Counted.FAILED)
            return
        before = undoing.sight.link
        after = link_after(undoing, outcome)
        if outcome is not None:
            verb = outcome.operation.verb
            run.count(write.kind, write.side, _COUNTED[verb])
            run.remember(kept_write(outcome, _pair(undoing), before or after))
            run.saw_changes = True
        run.keep([after])
        if write.verb is Verb.CREATE:
            run.docket.prove(link_subject(after.key), run.now)

    def _commit(self) -> None:
        if not self.is_dry:
            self.run.commit()

    def _pretend(self, operation: Operation) -> Outcome:
        """The outcome if all goes well; later waves see what it would change."""
        thing = _changed(operation)
        name = thing.id if thing is not None else operation.target_id or ""
        presence = Presence.SEEN if thing is not None else Presence.DELETED
        self.pretended[(operation.side, name)] = Change(
            side=operation.side,
            kind=operation.kind,
            id=name,
            presence=presence,
            thing=thing,
        )
        return Outcome(operation=operation, id=name)


def _changed(operation: Operation) -> Item | Record | None:
    """What an operation would leave; nothing after a deletion."""
    if operation.verb is Verb.DELETE:
        return None
    name = operation.target_id or f"again:{operation.nonce}"
    if operation.side is Side.CRM:
        fields = {**operation.agreed.record, **operation.fields}
        return Record(kind=operation.kind, id=RecordId(name), version="", fields=fields)
    if operation.item is not None:
        content = {**operation.item.content, **operation.fields}
        return replace(operation.item, content=content)
    return Item(
        kind=operation.kind,
        id=ItemId(name),
        version="",
        content=operation.fields,
        uid="",
    )


def _pair(undoing: Undoing) -> Pair:
    link, here = undoing.sight.link, undoing.sight.here
    assert link is not None
    thing = here.thing if here is not None else None
    return Pair(
        link=link,
        item=thing if isinstance(thing, Item) else None,
        record=thing if isinstance(thing, Record) else None,
    )


def _refusal_of(fault: Fault) -> tuple[Refusal, str]:
    if fault.fault_class is FaultClass.VERSION:
        return Refusal.CHANGED, ""
    if fault.fault_class is FaultClass.NOT_FOUND:
        return Refusal.GONE, ""
    return Refusal.FAILED, fault.message[:300] or fault.code
