"""What people and administrators do to the memory sides."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syncline.connectors.memory import MemoryCrm, MemoryMailbox
from syncline.domain.values.changes import Presence
from syncline.domain.values.content import TimedSpan, format_instant
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.ids import ItemId, LinkKey
from syncline.domain.values.items import Item, Role
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.operations import MarkOrder, Verb
from tests.contract.rigs.rig import DAY, HOUR, SOON, TODAY, WINDOW, operation

WHEN = TimedSpan(start=SOON, end=SOON + HOUR, zone="Europe/Prague")
DAILY = "FREQ=DAILY;INTERVAL=1;COUNT=5"


@pytest.fixture
def mailbox() -> MemoryMailbox:
    return MemoryMailbox()


@pytest.fixture
def crm() -> MemoryCrm:
    return MemoryCrm()


def give_key(mailbox: MemoryMailbox, item: Item) -> None:
    order = MarkOrder(
        key=LinkKey("key-1"),
        kind=item.kind,
        item_id=ItemId(item.id),
        set_link_key=True,
    )
    mailbox.marker.mark([order])


def occurrences(mailbox: MemoryMailbox) -> list[Item]:
    found = mailbox.changes.read(None, WINDOW).changes
    items = [c.thing for c in found if isinstance(c.thing, Item)]
    return [item for item in items if item.role is Role.OCCURRENCE]


# --- the mailbox ---


def test_a_moved_mailbox_has_new_ids_and_the_same_uids(mailbox: MemoryMailbox) -> None:
    event = mailbox.add(Kind.EVENT, subject="Review", when=WHEN)
    task = mailbox.add(Kind.TASK, subject="Call")
    before = mailbox.changes.read(None, WINDOW)
    renamed = mailbox.change_ids()
    after = mailbox.changes.read(before.watermark, WINDOW)
    assert {c.id for c in after.changes} == set(renamed.values())
    assert not {c.id for c in before.changes} & {c.id for c in after.changes}
    assert mailbox.item(renamed[event.id]).uid == event.uid
    assert mailbox.item(renamed[task.id]).uid == renamed[task.id]
    [looked] = mailbox.changes.fetch(Kind.EVENT, [event.id])
    assert looked.presence is Presence.DELETED


def test_a_moved_mailbox_keeps_what_was_done_to_occurrences(
    mailbox: MemoryMailbox,
) -> None:
    master = mailbox.add_series(DAILY, WHEN, subject="Standup")
    days = [(SOON + n * DAY).date() for n in range(5)]
    mailbox.edit_occurrence(mailbox.occurrence_id(master.id, days[1]), subject="Retro")
    mailbox.cancel_occurrence(mailbox.occurrence_id(master.id, days[2]))
    before = {i.uid: i.name for i in occurrences(mailbox)}
    mailbox.change_ids()
    assert {i.uid: i.name for i in occurrences(mailbox)} == before
    assert "Retro" in before.values()
    assert len(before) == 4


def test_a_copy_carries_the_link_key_of_its_original(mailbox: MemoryMailbox) -> None:
    event = mailbox.add(Kind.EVENT, subject="Review", when=WHEN)
    give_key(mailbox, event)
    copied = mailbox.copy(event.id)
    assert copied.link_key == "key-1"
    assert (copied.id == event.id, copied.uid == event.uid) == (False, False)
    assert copied.content == event.content


def test_a_copied_message_is_the_same_message(mailbox: MemoryMailbox) -> None:
    message = mailbox.receive({}, subject="Offer", uid="<offer@acme.example>")
    assert mailbox.copy(message.id).uid == "<offer@acme.example>"


def test_a_copy_outlives_its_original_under_the_same_key(
    mailbox: MemoryMailbox,
) -> None:
    event = mailbox.add(Kind.EVENT, subject="Review", when=WHEN)
    give_key(mailbox, event)
    copied = mailbox.copy(event.id)
    mailbox.delete(event.id)
    found = mailbox.store.with_key(Kind.EVENT, LinkKey("key-1"))
    assert found is not None
    assert found.id == copied.id


def test_a_split_series_goes_on_as_another_one(mailbox: MemoryMailbox) -> None:
    master = mailbox.add_series(DAILY, WHEN, subject="Standup")
    days = [(SOON + n * DAY).date() for n in range(5)]
    mailbox.edit_occurrence(mailbox.occurrence_id(master.id, days[0]), subject="Retro")
    mailbox.edit_occurrence(mailbox.occurrence_id(master.id, days[4]), subject="Lost")
    later = mailbox.split_series(
        master.id, days[3], subject="Huddle", recurrence="FREQ=DAILY;COUNT=2"
    )
    told = {i.uid: i.name for i in occurrences(mailbox)}
    assert told == {
        f"{master.uid}/{days[0]}": "Retro",
        f"{master.uid}/{days[1]}": "Standup",
        f"{master.uid}/{days[2]}": "Standup",
        f"{later.uid}/{days[3]}": "Huddle",
        f"{later.uid}/{days[4]}": "Huddle",
    }


def test_another_rhythm_undoes_exceptions_and_gives_new_ids(
    mailbox: MemoryMailbox,
) -> None:
    master = mailbox.add_series(DAILY, WHEN, subject="Standup")
    first = mailbox.occurrence_id(master.id, SOON.date())
    mailbox.edit_occurrence(first, subject="Retro")
    mailbox.edit_series(master.id, recurrence="FREQ=DAILY;INTERVAL=2;COUNT=3")
    found = occurrences(mailbox)
    assert [i.name for i in found] == ["Standup"] * 3
    assert first not in {i.id for i in found}
    [looked] = mailbox.changes.fetch(Kind.EVENT, [first])
    assert looked.presence is Presence.DELETED


def test_an_occurrence_cannot_be_marked(mailbox: MemoryMailbox) -> None:
    master = mailbox.add_series(DAILY, WHEN, subject="Standup")
    order = MarkOrder(
        key=LinkKey("key-1"),
        kind=Kind.EVENT,
        item_id=ItemId(mailbox.occurrence_id(master.id, SOON.date())),
        add=("Salesforce",),
    )
    [outcome] = mailbox.marker.mark([order])
    assert outcome.fault is not None
    assert outcome.fault.fault_class is FaultClass.REJECTED


def test_an_invitation_is_answered_by_its_owner_only(mailbox: MemoryMailbox) -> None:
    invited = mailbox.be_invited("boss@acme.example", subject="Review", when=WHEN)
    assert (invited.is_organizer, invited.response) == (False, "none")
    assert mailbox.alter(invited.id, response="accepted").response == "accepted"
    wanted = operation(
        Side.MAILBOX, Verb.UPDATE, name="By us", target_id=invited.id, item=invited
    )
    [outcome] = mailbox.writer.write([wanted])
    assert outcome.fault is not None
    assert mailbox.item(invited.id).name == "Review"


def test_a_completed_task_says_when_and_leaves_after_a_while(
    mailbox: MemoryMailbox,
) -> None:
    long_ago = (TODAY - 20 * DAY).date().isoformat()
    mailbox.add(Kind.TASK, subject="Old", status="completed", completed_on=long_ago)
    task = mailbox.add(Kind.TASK, subject="New")
    assert mailbox.edit(task.id, status="completed").content["completed_on"]
    [told] = mailbox.changes.read(None, WINDOW).changes
    assert told.id == task.id
    assert mailbox.edit(task.id, status="not_started").content["completed_on"] is None


def test_what_the_provider_computes_is_not_written(
    mailbox: MemoryMailbox, crm: MemoryCrm
) -> None:
    today = TODAY.date().isoformat()
    writes = [
        (mailbox.writer, Side.MAILBOX, {"completed_on": today}),
        (crm.writer, Side.CRM, {"IsClosed": True}),
    ]
    for writer, side, fields in writes:
        wanted = operation(side, Verb.CREATE, Kind.TASK, name="Call", **fields)
        [outcome] = writer.write([wanted])
        assert outcome.fault is not None
        assert outcome.fault.fields == tuple(fields)


# --- the org ---


def test_a_closed_task_is_closed_by_its_status(crm: MemoryCrm) -> None:
    task = crm.add(Kind.TASK, Subject="Call")
    assert task.fields["IsClosed"] is False
    closed = crm.edit(task.id, Status="Completed")
    assert closed.fields["IsClosed"] is True
    assert closed.fields["CompletedDateTime"]
    old = format_instant(TODAY - timedelta(days=20))
    crm.add(Kind.TASK, Subject="Old", Status="Completed", CompletedDateTime=old)
    told = crm.changes.read(None, WINDOW).changes
    assert [change.id for change in told] == [task.id]


def test_a_record_that_is_given_away_is_told_of_only_when_it_is_linked(
    crm: MemoryCrm,
) -> None:
    plain = crm.add(Kind.CONTACT, LastName="Plain")
    [made] = crm.writer.write(
        [operation(Side.CRM, Verb.CREATE, Kind.CONTACT, name="Linked")]
    )
    before = crm.changes.read(None, WINDOW)
    for record_id in (plain.id, made.id):
        crm.give(record_id, "005000000000002AAA")
    told = crm.changes.read(before.watermark, WINDOW).changes
    assert [change.id for change in told] == [made.id]


def test_a_hidden_record_is_neither_read_nor_found_nor_written(crm: MemoryCrm) -> None:
    [made] = crm.writer.write(
        [operation(Side.CRM, Verb.CREATE, Kind.CONTACT, name="Made", Email="a@b.c")]
    )
    before = crm.changes.read(None, WINDOW)
    crm.hide(made.id)
    assert crm.changes.read(before.watermark, WINDOW).changes == ()
    assert crm.changes.read(None, WINDOW).changes == ()
    [looked] = crm.changes.fetch(Kind.CONTACT, [made.id])
    assert (looked.presence, looked.thing) == (Presence.OUT_OF_SCOPE, None)
    assert crm.finder.find(Kind.CONTACT, [LinkKey("key-1")], ["a@b.c"]) == []
    assert crm.directory.people(["a@b.c"]) == []
    for verb in (Verb.UPDATE, Verb.DELETE):
        wanted = operation(
            Side.CRM, verb, Kind.CONTACT, name="By us", target_id=made.id
        )
        [outcome] = crm.writer.write([wanted])
        assert outcome.fault is not None
        assert outcome.fault.fault_class is FaultClass.PERMISSION
    crm.show(made.id)
    [again] = crm.changes.read(None, WINDOW).changes
    assert again.thing is not None
    assert again.thing.name == "Made"


def test_a_series_of_salesforce_is_told_of_as_such(crm: MemoryCrm) -> None:
    times = [
        {
            "Subject": "Standup",
            "StartDateTime": format_instant(SOON + n * DAY),
            "EndDateTime": format_instant(SOON + n * DAY + HOUR),
        }
        for n in range(3)
    ]
    made = crm.add_series(times, unsupported="classic_series")
    assert {record.unsupported for record in made} == {"classic_series"}
    assert len({record.series_id for record in made}) == 1
    told = crm.changes.read(None, WINDOW).changes
    assert [change.thing for change in told] == made
