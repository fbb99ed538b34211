"""Say what the next session of a mailbox would write, and write nothing.

The session itself is rehearsed: the same code reads both sides, decides and marks;
only what changes anything is replaced. So the forecast is what the session will
keep of its writes, as long as nobody changes anything and no provider refuses. What
the periodic comparison of everything might find on top is not forecast.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from syncline.domain.issues.catalog import by_slug
from syncline.domain.issues.issue import Issue, IssueState
from syncline.domain.ports import Clock
from syncline.domain.values.history import KeptWrite
from syncline.domain.values.ids import MailboxId
from syncline.domain.values.operations import Operation
from syncline.domain.values.people import NewPerson
from syncline.usecases.rehearsal import (
    Hush,
    NoLeases,
    RehearsedAttachments,
    RehearsedDirectory,
    RehearsedLedger,
    RehearsedMarker,
    RehearsedWriter,
    Stage,
    WakefulMailboxes,
    WatchedFinder,
    WatchedSource,
)
from syncline.usecases.sync_mailbox.run import Books, Sides
from syncline.usecases.sync_mailbox.session import SyncMailbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Intended:
    """One intended write.

    `write` is what a session would keep of it; a change of marks has no operation.
    """

    write: KeptWrite
    operation: Operation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a session would do."""

    writes: tuple[Intended, ...] = ()
    #: Persons who would be added to Salesforce first.
    people: tuple[NewPerson, ...] = ()
    #: What would be raised without being tried.
    issues: tuple[Issue, ...] = ()

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The writes that are more than marks."""
        return tuple(w.operation for w in self.writes if w.operation is not None)

    @property
    def waiting(self) -> tuple[str, ...]:
        """Deletions that would wait for a person."""
        code = by_slug("braked_plan").code
        return tuple(str(x) for i in self.issues if i.code == code for x in i.details)


def plan_mailbox(
    mailbox_id: MailboxId, *, books: Books, sides: Sides, clock: Clock
) -> Forecast:
    """Forecast the next session that a person asks for; also of a paused mailbox.

    Raises:
        KeyError: There is no such mailbox.
        ProviderError: A side could not be read.
    """
    stage = Stage()
    rehearsed = SyncMailbox(
        books=replace(
            books,
            mailboxes=WakefulMailboxes(books.mailboxes, clock),
            leases=NoLeases(),
            ledger=RehearsedLedger(stage),
        ),
        sides=_rehearsed(sides, stage),
        clock=clock,
        notices=Hush(),
    )
    session = rehearsed.run(mailbox_id, is_asked=True)
    if session.error_code and stage.failure is not None:
        raise stage.failure
    return Forecast(
        writes=tuple(_joined(stage)),
        people=tuple(stage.people),
        issues=tuple(i for i in stage.issues.values() if i.state is IssueState.OPEN),
    )


def _rehearsed(sides: Sides, stage: Stage) -> Sides:
    return replace(
        sides,
        mailbox_source=WatchedSource(sides.mailbox_source, stage),
        crm_source=WatchedSource(sides.crm_source, stage),
        mailbox_writer=RehearsedWriter(sides.mailbox_writer, stage),
        crm_writer=RehearsedWriter(sides.crm_writer, stage),
        marker=RehearsedMarker(sides.marker),
        finder=WatchedFinder(sides.finder, stage),
        directory=RehearsedDirectory(sides.directory, stage),
        attachments=RehearsedAttachments(),
    )


def _joined(stage: Stage) -> Iterator[Intended]:
    """Each kept write with its operation; both are noted in the same order."""
    operations = iter(stage.operations)
    for write in stage.writes:
        operation = None if write.is_mark else next(operations)
        yield Intended(write=write, operation=operation)
