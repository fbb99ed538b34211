"""A full resync of what is in step already: it must find nothing to do."""

from __future__ import annotations

import time
from typing import Any

from syncline.cli.bench import company
from syncline.cli.bench.books import KeptLinks, NoPost, StillClock, books_of
from syncline.connectors.memory import MemoryCrm, MemoryMailbox
from syncline.domain.sessions import Session
from syncline.domain.values.ids import MailboxId
from syncline.domain.values.kinds import Side
from syncline.usecases.sync_mailbox import SyncMailbox
from syncline.usecases.sync_mailbox.run import Sides

COUNT = 20_000
#: Salesforce takes this many records in one call.
RECORDS_PER_CALL = 200


def measure_resync(count: int = COUNT) -> list[dict[str, Any]]:
    """A first session, a quiet one, and one after both resume points were lost."""
    mailbox = MemoryMailbox(StillClock().now)
    crm = MemoryCrm(company.USER_ID, now=StillClock().now, batch_size=RECORDS_PER_CALL)
    for number in range(count):
        said: dict[str, Any] = dict(company.content(number))
        mailbox.add(company.kind_of(number), **said)
    use_case = SyncMailbox(
        books=books_of(KeptLinks()),
        sides=sides_of(mailbox, crm),
        clock=StillClock(),
        notices=NoPost(),
    )
    documents = []
    for name in ("first", "quiet", "resync"):
        if name == "resync":
            mailbox.store.lose_watermarks()
            crm.store.lose_watermarks()
        mailbox.desk.requests = crm.desk.requests = 0
        before = time.process_time()
        session = use_case.run(MailboxId(1))
        documents.append(_told(name, count, session, time.process_time() - before))
    return documents


def sides_of(mailbox: MemoryMailbox, crm: MemoryCrm) -> Sides:
    """Both sides in memory, with their counters."""
    return Sides(
        mailbox_source=mailbox.changes,
        crm_source=crm.changes,
        mailbox_writer=mailbox.writer,
        crm_writer=crm.writer,
        marker=mailbox.marker,
        finder=crm.finder,
        directory=crm.directory,
        attachments=mailbox.attachments,
        schema=crm.schema,
        meters={Side.MAILBOX: mailbox.desk, Side.CRM: crm.desk},
    )


def _told(
    name: str, count: int, session: Session, cpu_seconds: float
) -> dict[str, Any]:
    return {
        "session": name,
        "items": count,
        "writes": sum(session.writes.values()),
        "mailbox_requests": session.requests.get(Side.MAILBOX, 0),
        "salesforce_requests": session.requests.get(Side.CRM, 0),
        "result": session.error_code or "good",
        "cpu_seconds": round(cpu_seconds, 2),
        "us_per_item": round(1e6 * cpu_seconds / count),
    }
