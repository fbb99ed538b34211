"""Take Syncline out of a mailbox: its marks go, and what came from Salesforce.

Reference 1.4-3 and the last column of 3.4. Records stay in Salesforce, meetings
stay in the mailbox, and the mailbox is paused. The first session after Start puts
everything back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from syncline.domain.access.mailbox import Standing
from syncline.domain.errors import MailboxBusyError, ProviderError
from syncline.domain.issues.marking import ERROR_MARK, SAVED_MARK, TRACKED_MARK
from syncline.domain.ports import Clock, Commit, MailboxUpdate
from syncline.domain.sessions import Counted, Session, SessionResult
from syncline.domain.values.ids import MailboxId
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Link, LinkState
from syncline.domain.values.operations import Operation, Verb
from syncline.usecases.sync_mailbox.carry_out import carry_out
from syncline.usecases.sync_mailbox.mark_items import mark_items
from syncline.usecases.sync_mailbox.run import Books, Run, Sides, begin_run

RESET = "the mailbox is reset"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetReport:
    """What was done."""

    deleted: int
    unmarked: int
    #: What failed and is still there; a second run tries it again.
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetMailbox:
    """Resets one mailbox."""

    books: Books
    sides: Sides
    clock: Clock

    def run(self, mailbox_id: MailboxId) -> ResetReport:
        """Reset; repeatable, and it goes on where it was cut off.

        Raises:
            KeyError: There is no such mailbox.
            MailboxBusyError: A session of this mailbox is running.
            ProviderError: The mailbox could not be reached; what was done is kept.
            FencedError: The mailbox was taken over while we worked.
        """
        mailbox = self.books.mailboxes.get(mailbox_id)
        lease = self.books.leases.acquire(mailbox_id)
        if lease is None:
            raise MailboxBusyError(mailbox.address)
        try:
            session = Session(
                id=None, mailbox_id=mailbox_id, started_at=self.clock.now()
            )
            session = replace(session, id=self.books.ledger.begin(lease, session))
            run = begin_run(
                books=self.books,
                sides=self.sides,
                clock=self.clock,
                mailbox=mailbox,
                lease=lease,
                session=session,
            )
            run.withdraws = True
            return self._run(run)
        finally:
            self.books.leases.release(lease)

    def _run(self, run: Run) -> ResetReport:
        unmarked = 0
        try:
            for kind in Kind:
                links = list(_in_step(run, kind))
                operations = [_deletion(x) for x in links if _came_down(x)]
                carry_out(run, operations)
                run.keep(x for x in links if x.key not in {o.key for o in operations})
                unmarked += mark_items(run)
                run.commit()
            self.sides.marker.withdraw((SAVED_MARK, ERROR_MARK, TRACKED_MARK))
            self.sides.marker.tidy(frozenset())
        except ProviderError:
            _finish(run, SessionResult.INTERRUPTED, run.mailbox.standing)
            raise
        _finish(run, SessionResult.FINISHED, Standing.PAUSED)
        deleted = sum(t.count for t in run.tally() if t.counted is Counted.DELETED)
        left = sum(1 for x in run.links.values() if x.marks or x.pending_marks)
        return ResetReport(
            deleted=deleted, unmarked=unmarked, left=left + len(run.failed)
        )


def _in_step(run: Run, kind: Kind) -> Iterator[Link]:
    for link in run.books.links.of_kind(run.mailbox.id, kind):
        is_ours = link.state is LinkState.LINKED and link.item_id is not None
        if is_ours or link.marks or link.pending_marks:
            yield link


def _came_down(link: Link) -> bool:
    """Whether the item is an appointment that exists because of Salesforce."""
    if link.kind is not Kind.EVENT or link.origin is not Side.CRM:
        return False
    has_guests = bool(link.base and link.base.item.get("attendees"))
    return link.state is LinkState.LINKED and link.is_organizer and not has_guests


def _deletion(link: Link) -> Operation:
    return Operation(
        link=link,
        side=Side.MAILBOX,
        verb=Verb.DELETE,
        kind=link.kind,
        target_id=link.item_id,
        reason=RESET,
    )


def _finish(run: Run, result: SessionResult, standing: Standing) -> None:
    """Store the end; whatever is compared next is compared whole."""
    mailbox = run.mailbox
    finished = replace(
        run.session,
        finished_at=run.now,
        result=result,
        tallies=run.tally(),
        requests={s: m.requests for s, m in run.sides.meters.items()},
        writes=dict(run.writes),
        issues_open=run.docket.open_count(),
    )
    run.books.ledger.commit(
        Commit(
            lease=run.lease,
            session=finished,
            mailbox=MailboxUpdate(
                standing=standing,
                streak=mailbox.streak,
                idle_count=0,
                next_run_at=None,
                swept_at=run.now,
                swept_policy=RESET,
            ),
        )
    )
