"""The fake fails when, where and as often as it is told."""

from __future__ import annotations

import pytest

from syncline.connectors.memory import MemoryCrm, MemoryMailbox
from syncline.connectors.memory.faults import Call, Planned, make_fault
from syncline.domain.errors import PassingError
from syncline.domain.values.changes import Presence
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.ids import LinkKey
from syncline.domain.values.items import Item, Record
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.operations import Operation, Verb
from tests.contract.rigs.rig import WINDOW, operation

DOWN = make_fault(FaultClass.UNAVAILABLE, "Down")


class KilledError(BaseException):
    """As if the process ended here."""


@pytest.fixture
def crm() -> MemoryCrm:
    return MemoryCrm()


def create(name: str) -> Operation:
    return operation(Side.CRM, Verb.CREATE, Kind.CONTACT, name=name, key=name)


def names(crm: MemoryCrm) -> list[str]:
    return [record.name for record in crm.store.of_kind(Kind.CONTACT)]


def test_a_failed_call_writes_nothing_and_the_next_one_works(crm: MemoryCrm) -> None:
    crm.desk.planned.append(Planned(call=Call.WRITE, fault=DOWN))
    with pytest.raises(PassingError):
        crm.writer.write([create("A")])
    assert names(crm) == []
    assert crm.writer.write([create("A")])[0].is_done


def test_a_call_whose_answer_is_lost_has_written(crm: MemoryCrm) -> None:
    crm.desk.planned.append(Planned(call=Call.WRITE, fault=DOWN, is_after=True))
    with pytest.raises(PassingError):
        crm.writer.write([create("A")])
    assert names(crm) == ["A"]


@pytest.mark.parametrize(("is_after", "stored"), [(False, ["B"]), (True, ["A", "B"])])
def test_one_operation_fails_beside_others(
    crm: MemoryCrm, is_after: bool, stored: list[str]
) -> None:
    plan = Planned(call=Call.WRITE, fault=DOWN, key=LinkKey("A"), is_after=is_after)
    crm.desk.planned.append(plan)
    outcomes = crm.writer.write([create("A"), create("B")])
    assert [outcome.fault for outcome in outcomes] == [DOWN, None]
    assert names(crm) == stored


def test_a_fault_happens_as_often_as_planned(crm: MemoryCrm) -> None:
    plan = Planned(call=Call.WRITE, fault=DOWN, verb=Verb.CREATE, times=2)
    crm.desk.planned.append(plan)
    tries = [crm.writer.write([create("A")])[0].is_done for _ in range(3)]
    assert tries == [False, False, True]


def test_any_exception_can_stand_in_for_a_fault(crm: MemoryCrm) -> None:
    crm.desk.planned.append(Planned(call=Call.READ, error=KilledError()))
    with pytest.raises(KilledError):
        crm.changes.read(None, WINDOW)


def test_a_rule_sees_the_record_as_it_would_stand(crm: MemoryCrm) -> None:
    def executives_need_department(verb: Verb, thing: Item | Record) -> Fault | None:
        del verb
        assert isinstance(thing, Record)
        is_broken = thing.fields["Title"] == "Chief" and not thing.fields["Department"]
        return make_fault(FaultClass.REJECTED, "Rule", "Title") if is_broken else None

    kept = crm.add(Kind.CONTACT, LastName="Kept", Department="R&D")
    bare = crm.add(Kind.CONTACT, LastName="Bare")
    crm.desk.rules.append(executives_need_department)
    outcomes = crm.writer.write(
        [
            operation(
                Side.CRM, Verb.UPDATE, Kind.CONTACT, target_id=target.id, Title="Chief"
            )
            for target in (kept, bare)
        ]
    )
    assert [outcome.is_done for outcome in outcomes] == [True, False]
    assert crm.store.things[bare.id].fields["Title"] is None


def test_an_unreadable_item_is_reported_as_such() -> None:
    mailbox = MemoryMailbox()
    broken = mailbox.add(Kind.EVENT, subject="Broken")
    mailbox.desk.unreadable.add(broken.id)
    [read] = mailbox.changes.read(None, WINDOW).changes
    [looked] = mailbox.changes.fetch(Kind.EVENT, [broken.id])
    assert read.presence is looked.presence is Presence.UNREADABLE
    assert read.fault is not None


def test_calls_and_writes_are_counted(crm: MemoryCrm) -> None:
    crm.changes.read(None, WINDOW)
    crm.writer.write([create("A"), create("B")])
    crm.writer.write([create("A")])
    assert (crm.requests, crm.desk.writes) == (3, 2)


def test_an_event_that_leaves_the_window_is_only_suspect() -> None:
    mailbox = MemoryMailbox()
    event = mailbox.add(Kind.EVENT, subject="Moved")
    before = mailbox.changes.read(None, WINDOW)
    far = operation(Side.MAILBOX, Verb.CREATE, name="x").fields["when"]
    year = WINDOW.end - WINDOW.start
    mailbox.edit(
        event.id,
        when=type(far)(start=far.start + 5 * year, end=far.end + 5 * year, zone="UTC"),
    )
    [change] = mailbox.changes.read(before.watermark, WINDOW).changes
    assert change.presence is Presence.SUSPECT
    [looked] = mailbox.changes.fetch(Kind.EVENT, [event.id])
    assert looked.presence is Presence.OUT_OF_SCOPE


def test_lost_watermarks_make_the_side_list_everything(crm: MemoryCrm) -> None:
    crm.add(Kind.CONTACT, LastName="Old")
    before = crm.changes.read(None, WINDOW)
    crm.store.lose_watermarks()
    after = crm.changes.read(before.watermark, WINDOW)
    assert after.full_kinds == {Kind.EVENT, Kind.CONTACT, Kind.TASK}
    assert [c.thing.name for c in after.changes if c.thing] == ["Old"]
    assert crm.changes.read(after.watermark, WINDOW).full_kinds == frozenset()
