"""Say what the next session of a mailbox would write, and write nothing.

Reads both sides as a session would. Stores nothing, takes no lease, marks
nothing; what it read will be read again by the session.
"""

from __future__ import annotations

from dataclasses import dataclass

from syncline.domain.engine.findings import Finding
from syncline.domain.engine.plan import Braked, brake
from syncline.domain.ports import Clock, Lease
from syncline.domain.sessions import Session
from syncline.domain.values.ids import MailboxId
from syncline.domain.values.operations import Operation
from syncline.usecases.sync_mailbox.decide import decide
from syncline.usecases.sync_mailbox.observe import observe
from syncline.usecases.sync_mailbox.run import Books, Sides, begin_run


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a session would do first; later rounds only bring echoes."""

    operations: tuple[Operation, ...]
    #: What would become issues without being tried.
    findings: tuple[Finding, ...]
    #: Set when the deletions would wait for a person.
    braked: Braked | None = None


def plan_mailbox(
    mailbox_id: MailboxId, *, books: Books, sides: Sides, clock: Clock
) -> Forecast:
    """Forecast the next session that a person asks for.

    Raises:
        ProviderError: A side could not be read.
    """
    mailbox = books.mailboxes.get(mailbox_id)
    session = Session(
        id=None, mailbox_id=mailbox_id, started_at=clock.now(), is_forced=True
    )
    run = begin_run(
        books=books,
        sides=sides,
        clock=clock,
        mailbox=mailbox,
        lease=Lease(mailbox_id=mailbox_id, token=0),
        session=session,
    )
    observed = observe(run, is_first=True)
    run.known = {link.key: link for link in observed.links}
    intended = decide(run, observed)
    link_count = sum(books.links.count(mailbox_id).values())
    held = brake(
        intended,
        link_count,
        mailbox.policy,
        emptied=observed.emptied,
        confirmed=mailbox.confirmed_plan,
    )
    return Forecast(
        operations=intended.operations, findings=intended.findings, braked=held
    )
