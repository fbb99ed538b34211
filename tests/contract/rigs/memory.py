"""Both sides in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from syncline.connectors.memory import MemoryCrm, MemoryMailbox
from syncline.connectors.memory.faults import Call, Planned, make_fault
from syncline.domain.values.content import (
    AllDaySpan,
    Attendee,
    TimedSpan,
    format_instant,
)
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.ids import RecordId
from syncline.domain.values.items import Item, Record
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.operations import Operation, Verb
from syncline.domain.values.people import Deal
from tests.contract.rigs.rig import GUEST, HOUR, SOON, TODAY, fields_for, named
from tests.contract.suites.messages import MESSAGE_ID, SENDER

REFUSED = "Refused"


def refuse(verb: Verb, thing: Item | Record) -> object:
    """A rule that refuses one name."""
    del verb
    if thing.name == REFUSED:
        return make_fault(FaultClass.REJECTED, "Rule", "name")
    return None


class MemoryRig:
    """What the two sides have in common."""

    side: Side
    home: MemoryMailbox | MemoryCrm

    def __init__(self) -> None:
        self.changes = self.home.changes
        self.writer = self.home.writer
        self.home.desk.rules.append(refuse)

    def add(self, kind: Kind, name: str, *, start: datetime = SOON) -> str:
        fields = fields_for(self.side, kind, name)
        if kind is Kind.EVENT:
            fields |= self.times(start)
        return self.home.add(kind, **fields).id

    def times(self, start: datetime) -> dict[str, object]:
        raise NotImplementedError

    def rename(self, kind: Kind, thing_id: str, name: str) -> None:
        self.home.edit(thing_id, **named(self.side, kind, name))

    def delete(self, kind: Kind, thing_id: str) -> None:
        del kind
        self.home.delete(thing_id)

    def names(self, kind: Kind) -> list[str]:
        return [thing.name for thing in self.home.store.of_kind(kind)]

    def lose_watermarks(self) -> None:
        self.home.store.lose_watermarks()

    def lose_next_answer(self) -> None:
        plan = Planned(
            call=Call.WRITE,
            fault=make_fault(FaultClass.UNAVAILABLE, "Lost"),
            is_after=True,
        )
        self.home.desk.planned.append(plan)

    def is_answer_lost(self) -> bool:
        return not self.home.desk.planned

    def must_refuse(self, operation: Operation) -> Operation:
        name = named(self.side, operation.kind, REFUSED)
        return replace(operation, fields={**operation.fields, **name})


class MemoryMailboxRig(MemoryRig):
    """A mailbox in memory."""

    side = Side.MAILBOX

    def __init__(self) -> None:
        self.home = self.mailbox = MemoryMailbox()
        self.marker = self.mailbox.marker
        self.attachments = self.mailbox.attachments
        super().__init__()

    def times(self, start: datetime) -> dict[str, object]:
        return {"when": TimedSpan(start=start, end=start + HOUR, zone="UTC")}

    def add_meeting(self, name: str) -> str:
        meeting_id = self.add(Kind.EVENT, name)
        self.mailbox.edit(meeting_id, attendees=(Attendee(email=GUEST),))
        return meeting_id

    def categorize(self, kind: Kind, item_id: str, *names: str) -> None:
        del kind
        self.mailbox.categorize(item_id, *names)

    def categories(self, kind: Kind, item_id: str) -> list[str]:
        del kind
        return list(self.mailbox.store.things[item_id].categories)

    def colors(self) -> Mapping[str, str]:
        return self.mailbox.colors

    def guest_mails(self) -> int:
        return self.mailbox.desk.guest_mails

    # --- series ---

    def add_series(
        self, name: str, rule: str, *, start: datetime = SOON, zone: str = "UTC"
    ) -> str:
        when = TimedSpan(start=start, end=start + HOUR, zone=zone)
        return self.mailbox.add_series(rule, when, subject=name).id

    def add_all_day_series(self, name: str, rule: str, *, first: date) -> str:
        when = AllDaySpan(first=first, last=first)
        return self.mailbox.add_series(rule, when, subject=name).id

    def rename_occurrence(self, master_id: str, day: date, name: str) -> None:
        occurrence_id = self.mailbox.occurrence_id(master_id, day)
        self.mailbox.edit_occurrence(occurrence_id, subject=name)

    def move_occurrence(self, master_id: str, day: date, start: datetime) -> None:
        occurrence_id = self.mailbox.occurrence_id(master_id, day)
        when = TimedSpan(start=start, end=start + HOUR, zone="UTC")
        self.mailbox.move_occurrence(occurrence_id, when)

    def cancel_occurrence(self, master_id: str, day: date) -> None:
        self.mailbox.cancel_occurrence(self.mailbox.occurrence_id(master_id, day))

    def move_series(self, master_id: str, start: datetime) -> None:
        when = TimedSpan(start=start, end=start + HOUR, zone="UTC")
        self.mailbox.edit_series(master_id, when=when)

    # --- messages ---

    def receive(
        self,
        name: str,
        *,
        message_id: str = MESSAGE_ID,
        at: datetime = TODAY - HOUR,
        files: Mapping[str, bytes] | None = None,
        is_filed: bool = False,
    ) -> str:
        owner = Attendee(email="owner@northwind.example", role="to")
        message = self.mailbox.receive(
            files or {},
            uid=message_id,
            subject=name,
            sender_email=SENDER,
            recipients=(owner,),
            sent_at=format_instant(at),
            received_at=format_instant(at),
        )
        return self.mailbox.alter(message.id, is_filed=is_filed).id


class MemoryCrmRig(MemoryRig):
    """An org in memory."""

    side = Side.CRM

    def __init__(self) -> None:
        self.home = self.crm = MemoryCrm()
        self.finder = self.crm.finder
        self.directory = self.crm.directory
        super().__init__()

    def times(self, start: datetime) -> dict[str, object]:
        whole = fields_for(self.side, Kind.EVENT, "")
        moved = {"StartDateTime": start, "EndDateTime": start + HOUR}
        return {
            field: moved[field].strftime("%Y-%m-%dT%H:%M:%SZ")
            for field in whole
            if field in moved
        }

    def add_contact(self, name: str, email: str, *, is_colleagues: bool = False) -> str:
        owner = "005000000000002AAA" if is_colleagues else ""
        return self.crm.add(Kind.CONTACT, owner_id=owner, LastName=name, Email=email).id

    # --- people ---

    def add_lead(self, email: str) -> str:
        return self.directory.add_person("Lead", email).id

    def add_account(self, name: str, domain: str = "") -> str:
        return self.directory.add_company(name, domain).id

    def add_opportunity(self, account_id: str, closes_in: timedelta) -> str:
        deal = Deal(
            id=RecordId(""),
            account_id=account_id,
            owner_id=self.crm.user_id,
            is_closed=False,
            closes_on=(TODAY + closes_in).date(),
        )
        return self.directory.add_deal(deal).id

    # --- messages ---

    def messages(self) -> list[str]:
        return self.names(Kind.MESSAGE)

    def files(self, record_id: str) -> dict[str, bytes]:
        return {file.title: file.data for file in self.crm.files(record_id)}
