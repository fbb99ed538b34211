"""One mailbox and one org in memory, with an installation between them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from syncline.connectors.memory.crm import MemoryCrm
from syncline.connectors.memory.faults import make_fault
from syncline.connectors.memory.mailbox import MemoryMailbox
from syncline.domain.access.mailbox import Mailbox
from syncline.domain.issues.issue import IssueState
from syncline.domain.values.content import TimedSpan
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.ids import MailboxId
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.operations import Verb
from syncline.usecases.sync_mailbox import SyncMailbox
from syncline.usecases.sync_mailbox.run import Books, Sides
from tests import factories as make
from tests.properties.shelf import Killed, Shelf

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ROUNDS_TO_REST = 6


class Clock:
    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        self.time += timedelta(milliseconds=1)
        return self.time


class Told:
    def __init__(self) -> None:
        self.notices = []

    def send(self, notice) -> None:
        self.notices.append(notice)


class World:
    """One mailbox, one org, one installation."""

    def __init__(self, whose: Mailbox | None = None, crm: MemoryCrm | None = None):
        self.clock = Clock()
        self.mailbox = MemoryMailbox(self.clock.now)
        self.crm = crm or MemoryCrm(now=self.clock.now)
        self.crm.desk.rules.append(self._needs_last_name)
        self.whose = whose or make.mailbox()
        self.shelf = Shelf(self.whose)
        self.told = Told()

    @staticmethod
    def _needs_last_name(verb, thing):
        is_contact = thing.kind is Kind.CONTACT
        if is_contact and verb is not Verb.DELETE and not thing.fields["LastName"]:
            return make_fault(FaultClass.REJECTED, "REQUIRED_FIELD_MISSING", "LastName")
        return None

    def sides(self) -> Sides:
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

    def books(self) -> Books:
        return Books(
            mailboxes=self.shelf,
            leases=self.shelf,
            ledger=self.shelf,
            links=self.shelf,
            watermarks=self.shelf,
            issues=self.shelf,
        )

    def sync(self, *, is_asked: bool = True, insists: bool = False):
        use_case = SyncMailbox(
            books=self.books(),
            sides=self.sides(),
            clock=self.clock,
            notices=self.told,
        )
        try:
            return use_case.run(MailboxId(1), is_asked=is_asked, insists=insists)
        except Killed:
            self.shelf.is_leased = False
            return None

    @property
    def writes(self) -> int:
        return self.mailbox.desk.writes + self.crm.desk.writes

    def come_to_rest(self):
        """Sessions an hour apart until one writes nothing."""
        self.mailbox.desk.planned.clear()
        self.crm.desk.planned.clear()
        self.shelf.die_at = None
        for _ in range(ROUNDS_TO_REST):
            self.clock.time += timedelta(days=1, hours=1)
            before = self.writes
            session = self.sync()
            assert session is not None
            assert not session.error_code, session
            if self.writes == before:
                return session
        pytest.fail("sessions keep writing")

    def open_issues(self):
        return [i for i in self.shelf.issues.values() if i.state is IssueState.OPEN]


def span(day: int) -> TimedSpan:
    start = START + timedelta(days=20 + day)
    return TimedSpan(start=start, end=start + timedelta(hours=1), zone="UTC")
