"""Start a session, run its rounds, and conclude it whatever happens."""

from __future__ import annotations

from dataclasses import dataclass, replace

from syncline.domain.engine.pair import Pair
from syncline.domain.engine.plan import brake
from syncline.domain.errors import (
    ConfigurationError,
    FencedError,
    InterruptedSessionError,
    MailboxBusyError,
    MailboxNotActiveError,
    ProviderError,
)
from syncline.domain.issues import catalog
from syncline.domain.issues.docket import MAILBOX_SUBJECT, issue_about
from syncline.domain.mapping.profile import mappings_for
from syncline.domain.ports import Clock, Lease, NoticeSender
from syncline.domain.sessions import Counted, Session
from syncline.domain.values.ids import MailboxId
from syncline.domain.values.kinds import Kind, Side
from syncline.usecases.check_mapping import raise_problems
from syncline.usecases.sync_mailbox.carry_out import (
    carry_out,
    make_people,
    record_decisions,
)
from syncline.usecases.sync_mailbox.conclude import conclude
from syncline.usecases.sync_mailbox.decide import decide, pair_up
from syncline.usecases.sync_mailbox.mark_items import mark_items
from syncline.usecases.sync_mailbox.observe import Observed, observe
from syncline.usecases.sync_mailbox.run import Books, Run, Sides, begin_run
from syncline.usecases.sync_mailbox.slices import slices
from syncline.usecases.sync_mailbox.sweep import is_sweep_due, sweep

#: Rounds until a session is content with what it did; the next session goes on.
MAX_ROUNDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncMailbox:
    """Runs sessions of one mailbox."""

    books: Books
    sides: Sides
    clock: Clock
    notices: NoticeSender

    def run(
        self, mailbox_id: MailboxId, *, is_asked: bool = False, insists: bool = False
    ) -> Session:
        """Run one session now.

        Args:
            mailbox_id: Whose.
            is_asked: A person asked for it, so held items are tried again when
                the last try is a minute old.
            insists: Held items are tried again, however recent the last try.

        Returns:
            The finished session; a provider's failure is in its result, not
            raised.

        Raises:
            MailboxNotActiveError: Paused or disabled; nothing was done.
            MailboxBusyError: A session of this mailbox is running.
            FencedError: The mailbox was taken over while we worked.
        """
        mailbox = self.books.mailboxes.get(mailbox_id)
        if not mailbox.standing.may_sync:
            raise MailboxNotActiveError(mailbox.standing)
        lease = self.books.leases.acquire(mailbox_id)
        if lease is None:
            raise MailboxBusyError(mailbox.address)
        try:
            run = self._begin(lease, is_asked=is_asked)
            run.insists = insists
            return self._run(run)
        finally:
            self.books.leases.release(lease)

    def _begin(self, lease: Lease, *, is_asked: bool) -> Run:
        mailbox = self.books.mailboxes.get(lease.mailbox_id)
        now = self.clock.now()
        session = Session(
            id=None, mailbox_id=mailbox.id, started_at=now, is_forced=is_asked
        )
        session_id = self.books.ledger.begin(lease, session)
        return begin_run(
            books=self.books,
            sides=self.sides,
            clock=self.clock,
            mailbox=mailbox,
            lease=lease,
            session=replace(session, id=session_id),
        )

    def _run(self, run: Run) -> Session:
        failure: Exception | None = None
        try:
            run.mappings = mappings_for(run.mailbox.policy)
            _rounds(run, is_first=True)
            if is_sweep_due(run):
                sweep(run, _round, _rounds)
            if _is_first_of_day(run):
                _check_tables(run)
        except FencedError:
            raise
        except (ProviderError, InterruptedSessionError, ConfigurationError) as error:
            failure = error
        except Exception as error:
            conclude(run, error, self.notices)
            raise
        return conclude(run, failure, self.notices)


def _is_first_of_day(run: Run) -> bool:
    last = run.mailbox.last_session_at
    return last is None or last.date() != run.session.started_at.date()


def _check_tables(run: Run) -> None:
    """Once a day, hold the field tables against the org; it may be asked later."""
    try:
        raise_problems(run.docket, run.mailbox, run.sides.schema, run.now)
    except ProviderError:
        return


def _rounds(run: Run, *, is_first: bool) -> None:
    """Rounds until one writes nothing."""
    for number in range(MAX_ROUNDS):
        if not _round(run, is_first=is_first and number == 0):
            return


def _round(run: Run, *, is_first: bool) -> bool:
    """One round; answers whether another may find more to do."""
    run.docket.begin_round()
    run.failed.clear()
    observed = observe(run, is_first=is_first)
    run.known = {link.key: link for link in observed.links}
    pairs = pair_up(run, observed)
    goes_on = is_held = False
    for part in slices(pairs, run.known):
        done = _work_off(run, observed, part)
        is_held = is_held or done is None
        goes_on = goes_on or bool(done)
        run.let_go()
        if is_held and observed.emptied:
            return False
    if is_held:
        return False
    watermarks = {side: found.watermark for side, found in observed.sets.items()}
    changed = {s: w for s, w in watermarks.items() if run.watermarks.get(s) != w}
    run.commit(changed)
    run.watermarks.update(watermarks)
    return goes_on or bool(run.recheck)


def _work_off(run: Run, observed: Observed, pairs: list[Pair]) -> int | None:
    """Decide about pairs of a round and do it.

    Returns:
        How many writes took effect; None when deletions wait for a person.
    """
    intended = decide(run, observed, pairs)
    if intended.people:
        make_people(run, intended.people)
        intended = decide(run, observed, pairs)
    link_count = sum(run.books.links.count(run.mailbox.id).values())
    held = brake(
        intended,
        link_count,
        run.mailbox.policy,
        emptied=observed.emptied,
        confirmed=run.mailbox.confirmed_plan,
    )
    if held is not None:
        _hold_plan(run, held.digest, held.lines, held.reason)
        run.is_braked = True
        if observed.emptied:
            return None
        intended = intended.without_deletions()
    else:
        run.docket.prove(MAILBOX_SUBJECT, run.now)
    record_decisions(run, intended, observed.due)
    run.commit()
    done = carry_out(run, intended.operations)
    run.settle_series()
    marked = mark_items(run)
    run.saw_changes = run.saw_changes or bool(done)
    run.commit()
    return None if held is not None else done + marked


def _hold_plan(run: Run, digest: str, lines: tuple[str, ...], reason: str) -> None:
    """Delete nothing; ask a person. The watermark stays, so the plan comes back.

    Everything else goes on, unless a listing came back empty: then nothing that
    was read is believed.
    """
    code = catalog.by_slug("braked_plan").code
    issue = issue_about(
        mailbox_id=run.mailbox.id,
        code=code,
        subject=MAILBOX_SUBJECT,
        now=run.now,
        params={"count": str(len(lines)), "reason": reason, "digest": digest},
        operation="delete",
    )
    run.docket.raise_issue(replace(issue, details=lines))
    run.count(Kind.EVENT, Side.MAILBOX, Counted.CONFIRMATION)
    run.commit()
