"""An undo puts back what a session changed, and nobody's later work."""

from __future__ import annotations

from dataclasses import replace

import pytest

from syncline.connectors.memory.faults import Call, Planned, make_fault
from syncline.domain.access.mailbox import Standing
from syncline.domain.access.policy import Winner
from syncline.domain.errors import MailboxBusyError, MailboxNotActiveError
from syncline.domain.values.content import Attendee
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.history import Refusal
from syncline.domain.values.ids import MailboxId, SessionId
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import LinkState
from syncline.domain.values.operations import Verb
from tests.properties.shelf import Killed
from tests.unit.usecases.remembering import MAILBOX, World


@pytest.fixture
def world() -> World:
    return World()


def test_a_created_record_is_deleted_and_not_made_again(world: World) -> None:
    world.event()
    first = world.settle()
    report = world.undo(first)
    assert (report.undone, report.refused) == (1, ())
    assert world.records == []
    [item] = world.items
    assert item.categories == ()
    assert world.is_quiet()
    assert world.records == []


def test_a_marked_item_whose_record_was_undone_waits_for_a_new_mark(
    world: World,
) -> None:
    policy = replace(world.shelf.mailbox.policy, auto_save=frozenset())
    world.shelf.mailbox = replace(world.shelf.mailbox, policy=policy)
    item = world.event()
    world.mailbox.categorize(item.id, "Salesforce")
    world.undo(world.settle())
    assert world.is_quiet()
    assert world.records == []
    world.mailbox.categorize(item.id, "Salesforce")
    world.settle()
    assert len(world.records) == 1


def test_an_item_that_still_lies_in_its_folder_is_not_saved_again(
    world: World,
) -> None:
    policy = replace(world.shelf.mailbox.policy, auto_save=frozenset())
    world.shelf.mailbox = replace(world.shelf.mailbox, policy=policy)
    item = world.mailbox.add(
        Kind.CONTACT, family_name="Hopper", emails=("g@acme.example",)
    )
    world.mailbox.store.put(replace(item, is_filed=True))
    first = world.settle()
    assert len(world.records) == 1
    world.undo(first)
    assert world.is_quiet()
    assert world.records == []


def test_a_created_item_is_deleted_and_comes_back_only_when_its_record_changes(
    world: World,
) -> None:
    record = world.contact_record()
    report = world.undo(world.settle())
    assert report.undone == 1
    assert world.items == []
    assert world.is_quiet()
    assert world.items == []
    world.crm.edit(record.id, Title="Admiral")
    world.settle()
    assert len(world.items) == 1


def test_an_update_is_written_back_with_the_fields_that_it_changed(
    world: World,
) -> None:
    item = world.event()
    world.settle()
    [record] = world.records
    world.mailbox.edit(item.id, subject="Demo for Acme")
    second = world.settle()
    world.crm.edit(record.id, Location="Rome")
    world.settle()
    report = world.undo(second)
    assert report.undone == 1
    [record] = world.records
    assert record.fields["Subject"] == "Demo"
    assert record.fields["Location"] == "Rome"
    assert world.is_quiet()
    assert world.crm.store.things[record.id].fields["Subject"] == "Demo"
    assert world.mailbox.store.things[item.id].content["subject"] == "Demo for Acme"


def test_what_lost_a_conflict_comes_back(world: World) -> None:
    item = world.event()
    world.settle()
    [record] = world.records
    world.mailbox.edit(item.id, subject="Ours")
    world.crm.edit(record.id, Subject="Theirs")
    assert world.shelf.mailbox.policy.winner is Winner.MAILBOX
    second = world.settle()
    assert world.records[0].fields["Subject"] == "Ours"
    world.undo(second)
    assert world.records[0].fields["Subject"] == "Theirs"
    assert world.is_quiet()


def test_an_update_of_an_item_is_written_back(world: World) -> None:
    record = world.contact_record()
    world.settle()
    world.crm.edit(record.id, Title="Admiral")
    second = world.settle()
    [item] = world.items
    assert item.content["job_title"] == "Admiral"
    report = world.undo(second)
    assert report.undone == 1
    assert world.items[0].content["job_title"] is None
    assert world.is_quiet()


def test_a_deleted_record_is_made_again_with_all_it_said(world: World) -> None:
    item = world.event(body="Bring the contract")
    world.settle()
    [before] = world.records
    world.mailbox.delete(item.id)
    second = world.settle()
    assert world.records == []
    report = world.undo(second)
    assert report.undone == 1
    [after] = world.records
    assert after.id != before.id
    assert after.fields == before.fields
    assert world.is_quiet()
    assert world.records == [after]
    assert world.items == []


def test_a_deleted_item_is_made_again(world: World) -> None:
    record = world.contact_record()
    world.settle()
    [before] = world.items
    world.crm.delete(record.id)
    second = world.settle()
    assert world.items == []
    report = world.undo(second)
    assert report.undone == 1
    [after] = world.items
    assert after.content == before.content
    assert world.is_quiet()
    assert world.records == []


def test_an_undo_can_be_undone(world: World) -> None:
    world.event()
    first = world.settle()
    [before] = world.records
    undo = world.undo(first)
    again = world.undo(undo.session)
    assert again.undone == 1
    [record] = world.records
    assert record.fields == before.fields
    [link] = world.links
    assert link.state is LinkState.LINKED
    assert (link.record_id, link.is_undone) == (record.id, False)
    world.sync()
    assert world.is_quiet()
    world.mailbox.edit(world.items[0].id, subject="Still in step")
    world.sync()
    assert world.records[0].fields["Subject"] == "Still in step"


def test_what_was_changed_since_is_left_as_it_is(world: World) -> None:
    world.event()
    first = world.settle()
    [record] = world.records
    world.crm.edit(record.id, Description="I wrote this myself")
    report = world.undo(first)
    assert report.undone == 0
    [line] = report.refused
    assert (line.refusal, line.detail) == (Refusal.CHANGED, "Description")
    assert world.records[0].fields["Description"] == "I wrote this myself"


def test_a_changed_long_text_is_noticed_though_only_its_fingerprint_is_kept(
    world: World,
) -> None:
    world.event(body="long " * 200)
    first = world.settle()
    [kept] = [w.write for w in world.shelf.writes(SessionId(1)) if not w.write.is_mark]
    assert len(kept.after["Description"]) < 60
    assert world.preview(first).undone == 1
    world.crm.edit(world.records[0].id, Description="long " * 199)
    [line] = world.preview(first).refused
    assert line.detail == "Description"


def test_one_refused_item_does_not_keep_the_others(world: World) -> None:
    world.event()
    world.event(subject="Other", location="Rome")
    first = world.settle()
    world.crm.edit(world.records[0].id, Location="Paris")
    report = world.undo(first)
    assert (report.undone, len(report.refused)) == (1, 1)
    assert len(world.records) == 1
    assert world.crm.store.things[world.records[0].id].fields["Location"] == "Paris"


def test_a_meeting_with_guests_is_refused_before_anybody_is_mailed(
    world: World,
) -> None:
    record = world.crm.add(
        Kind.EVENT,
        Subject="Demo",
        StartDateTime="2026-11-25T09:00:00Z",
        EndDateTime="2026-11-25T10:00:00Z",
    )
    world.settle()
    world.crm.edit(record.id, Subject="Demo for Acme")
    second = world.settle()
    [item] = world.items
    world.mailbox.edit(item.id, attendees=(Attendee(email="guest@acme.example"),))
    [line] = world.undo(second).refused
    assert line.refusal is Refusal.GUESTS
    assert world.items[0].content["subject"] == "Demo for Acme"


def test_a_record_that_a_colleague_is_kept_in_step_with_stays(world: World) -> None:
    world.event()
    first = world.settle()
    world.shelf.shared_ids.add(world.records[0].id)
    [line] = world.undo(first).refused
    assert line.refusal is Refusal.SHARED
    assert len(world.records) == 1


def test_undoing_twice_does_nothing(world: World) -> None:
    world.event()
    first = world.settle()
    world.undo(first)
    before, sessions = world.writes, len(world.shelf.begun)
    again = world.undo(first)
    assert (again.undone, again.already, again.session) == (0, 1, None)
    assert (world.writes, len(world.shelf.begun)) == (before, sessions)


def test_a_dry_run_tells_the_same_and_writes_nothing(world: World) -> None:
    item = world.event()
    world.settle()
    world.mailbox.edit(item.id, subject="Two")
    second = world.settle()
    before, sessions = world.writes, len(world.shelf.begun)
    expected = world.preview(second)
    assert (world.writes, len(world.shelf.begun)) == (before, sessions)
    report = world.undo(second)
    assert expected.lines == report.lines


@pytest.mark.parametrize("commits", range(6))
def test_an_undo_that_was_cut_off_goes_on_when_it_is_run_again(
    world: World, commits: int
) -> None:
    for number in range(3):
        world.event(subject=f"Demo {number}", location=f"Room {number}")
    record = world.contact_record()
    first = world.settle()
    world.shelf.die_at = commits
    try:
        world.undo(first)
    except Killed:
        world.shelf.is_leased = False
    world.shelf.die_at = None
    world.undo(first)
    assert world.records == [world.crm.store.things[record.id]]
    assert {i.kind for i in world.items} == {Kind.EVENT}
    assert all(
        w.is_undone for w in world.shelf.writes(SessionId(1)) if not w.write.is_mark
    )
    assert world.is_quiet()
    assert len(world.items) == 3


def test_what_a_provider_refuses_is_told_and_tried_again_next_time(
    world: World,
) -> None:
    world.event()
    first = world.settle()
    refuse = make_fault(FaultClass.REJECTED, "LOCKED", "Id")
    world.crm.desk.rules.append(
        lambda verb, thing: refuse if verb is Verb.DELETE else None
    )
    [line] = world.undo(first).refused
    assert line.refusal is Refusal.FAILED
    world.crm.desk.rules.clear()
    assert world.undo(first).undone == 1
    assert world.records == []


def test_a_record_that_the_session_only_connected_stays(world: World) -> None:
    world.event()
    world.settle()
    world.shelf.links.clear()
    world.shelf.marks.clear()
    world.shelf.past.clear()
    second = world.sync()
    world.undo(second)
    assert len(world.records) == 1


def test_nothing_is_undone_while_a_session_runs_or_an_admin_forbids(
    world: World,
) -> None:
    world.event()
    first = world.settle()
    world.shelf.is_leased = True
    with pytest.raises(MailboxBusyError):
        world.undo(first)
    world.shelf.is_leased = False
    world.shelf.mailbox = replace(world.shelf.mailbox, standing=Standing.DISABLED)
    with pytest.raises(MailboxNotActiveError):
        world.undo(first)
    assert len(world.records) == 1


def test_a_paused_mailbox_can_be_undone_and_stays_paused(world: World) -> None:
    world.event()
    first = world.settle()
    world.shelf.mailbox = replace(world.shelf.mailbox, standing=Standing.PAUSED)
    assert world.undo(first).undone == 1
    assert world.records == []


def test_another_mailboxs_session_is_unknown(world: World) -> None:
    world.event()
    world.settle()
    with pytest.raises(KeyError):
        world.undoing().run(MailboxId(2), SessionId(1))
    with pytest.raises(KeyError):
        world.undoing().run(MAILBOX, SessionId(99))


def test_a_lost_answer_is_no_reason_to_do_it_twice(world: World) -> None:
    item = world.event()
    world.settle()
    world.mailbox.delete(item.id)
    second = world.settle()
    [link] = world.links
    lost = make_fault(FaultClass.UNAVAILABLE, "RESET")
    world.crm.desk.planned.append(
        Planned(call=Call.WRITE, key=link.key, fault=lost, is_after=True)
    )
    [line] = world.undo(second).refused
    assert line.refusal is Refusal.FAILED
    assert len(world.records) == 1
    world.undo(second)
    assert len(world.records) == 1
    assert world.is_quiet()
    assert len(world.records) == 1


def test_the_undo_counts_what_it_did(world: World) -> None:
    world.event()
    report = world.undo(world.settle())
    assert report.session is not None
    counts = [(t.kind, t.side, str(t.counted), t.count) for t in report.session.tallies]
    assert counts == [(Kind.EVENT, Side.CRM, "deleted", 1)]
    assert report.session.undoes == SessionId(1)
