"""Both sides in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from syncline.connectors.memory import MemoryCrm, MemoryMailbox
from syncline.connectors.memory.faults import Call, Planned, make_fault
from syncline.domain.values.content import Attendee, TimedSpan
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.items import Item, Record
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.operations import Operation, Verb
from tests.contract.rigs.rig import GUEST, HOUR, SOON, fields_for, named

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
        """Nothing in memory can mail; that no event was written says enough."""
        return 0


class MemoryCrmRig(MemoryRig):
    """An org in memory."""

    side = Side.CRM

    def __init__(self) -> None:
        self.home = self.crm = MemoryCrm()
        self.finder = self.crm.finder
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
