"""Tasks, messages, files, people and comparisons through whole sessions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from syncline.connectors.memory.faults import Call, Planned, make_fault
from syncline.domain.access.policy import (
    NewPeople,
    Policy,
    SavingMode,
    UnsyncCondition,
    Winner,
)
from syncline.domain.engine.keys import message_key
from syncline.domain.errors import ProviderError
from syncline.domain.issues.catalog import by_slug
from syncline.domain.sessions import Counted
from syncline.domain.values.content import Attendee
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.ids import MailboxId
from syncline.domain.values.kinds import Direction, Kind
from syncline.domain.values.operations import Verb
from syncline.domain.values.people import Traits
from syncline.usecases.reset_mailbox import ResetMailbox
from tests import factories as make
from tests.properties.world import World, span

EMAIL_ORG = Traits(has_email_message=True, has_advanced_calendaring=True)


def world(**choices: Any) -> World:
    policy = replace(
        Policy(auto_save=frozenset(Kind), save_unrelated_events=True), **choices
    )
    made = World(make.mailbox(policy=policy))
    made.crm.traits = EMAIL_ORG
    return made


def records(the: World, kind: Kind) -> list[Any]:
    return list(the.crm.store.of_kind(kind))


def codes(the: World) -> list[str]:
    return sorted(i.code for i in the.open_issues())


# --- tasks ---


def test_tasks_travel_both_ways_and_close_together() -> None:
    the = world()
    task = the.mailbox.add(Kind.TASK, subject="Call Acme", due="2026-11-27")
    the.come_to_rest()
    (record,) = records(the, Kind.TASK)
    assert record.fields["ActivityDate"] == "2026-11-27"
    the.mailbox.edit(task.id, status="completed")
    the.sync()
    assert records(the, Kind.TASK)[0].fields["Status"] == "Completed"
    the.crm.edit(record.id, Status="In Progress", IsClosed=False)
    the.sync()
    assert the.mailbox.item(task.id).content["status"] == "in_progress"


def test_a_deleted_task_is_restored_where_removing_is_forbidden() -> None:
    """3.1-2"""
    for kept, expected in ((frozenset({Kind.TASK}), 1), (frozenset(), 0)):
        the = world(forbid_to_remove=kept)
        task = the.mailbox.add(Kind.TASK, subject="Call Acme", due="2026-11-27")
        the.come_to_rest()
        the.mailbox.delete(task.id)
        the.come_to_rest()
        assert len(list(the.mailbox.store.of_kind(Kind.TASK))) == expected
        assert len(records(the, Kind.TASK)) == expected


def test_equal_tasks_on_both_sides_become_one() -> None:
    """3.11: subject, due date and owner."""
    the = world()
    the.mailbox.add(Kind.TASK, subject="Call Acme", due="2026-11-27")
    the.crm.add(Kind.TASK, Subject="call acme", ActivityDate="2026-11-27")
    the.come_to_rest()
    assert len(records(the, Kind.TASK)) == 1
    assert len(list(the.mailbox.store.of_kind(Kind.TASK))) == 1


# --- messages ---


def receive(the: World, **content: Any):
    files = content.pop("files", {})
    facts = {
        "subject": "Your offer",
        "sender_email": "grace@acme.example",
        "recipients": (Attendee(email="ada@northwind.example", role="to"),),
        "received_at": "2026-11-24T08:00:00Z",
        "sent_at": "2026-11-24T08:00:00Z",
    }
    return the.mailbox.receive(files, **{**facts, **content})


def know_grace(the: World) -> None:
    the.crm.add(Kind.CONTACT, LastName="Hopper", Email="grace@acme.example")


def test_a_message_is_saved_once_with_its_files() -> None:
    """K07: the files are all there, each once."""
    the = world()
    know_grace(the)
    mail = receive(the, files={"offer.pdf": b"%PDF", "notes.txt": b"hello"})
    the.come_to_rest()
    (record,) = records(the, Kind.MESSAGE)
    names = sorted(f.title for f in the.crm.files(record.id))
    assert names == ["notes.txt", "offer.pdf"]
    assert "Salesforce" in the.mailbox.item(mail.id).categories
    the.mailbox.edit(mail.id, subject="Changed later")
    the.come_to_rest()
    assert [r.fields["Subject"] for r in records(the, Kind.MESSAGE)] == ["Your offer"]


def test_mail_of_a_contact_who_comes_in_the_same_session_is_saved() -> None:
    the = world()
    the.mailbox.add(Kind.CONTACT, family_name="Hopper", emails=("grace@acme.example",))
    receive(the)
    the.sync()
    (person,), (record,) = records(the, Kind.CONTACT), records(the, Kind.MESSAGE)
    assert person.id in str(record.fields)


def test_a_file_that_was_not_carried_over_follows_later() -> None:
    """K06: the message is saved, the file is tried again."""
    the = world()
    know_grace(the)
    receive(the, files={"offer.pdf": b"%PDF"})
    refused = [True]

    def full(verb, thing):
        if refused and verb == "attach":
            return make_fault(FaultClass.REJECTED, "STORAGE_LIMIT_EXCEEDED", "")
        return None

    the.crm.desk.rules.append(full)
    the.sync()
    (record,) = records(the, Kind.MESSAGE)
    assert the.crm.files(record.id) == []
    assert codes(the)
    refused.clear()
    the.come_to_rest()
    assert [f.title for f in the.crm.files(record.id)] == ["offer.pdf"]
    assert codes(the) == []


def test_the_same_message_in_two_mailboxes_is_one_record() -> None:
    """F16"""
    ada = world()
    know_grace(ada)
    whose = make.mailbox(
        id=MailboxId(2),
        address="bruno@northwind.example",
        policy=ada.shelf.mailbox.policy,
    )
    bruno = World(whose, crm=ada.crm)
    for the in (ada, bruno):
        mail = receive(the)
        the.mailbox.store.put(replace(the.mailbox.item(mail.id), uid="<m1@acme>"))
        the.come_to_rest()
    assert len(records(ada, Kind.MESSAGE)) == 1
    assert len(records(bruno, Kind.MESSAGE)) == 1
    assert all(
        "Salesforce" in i.categories for i in bruno.mailbox.store.of_kind(Kind.MESSAGE)
    )


def test_a_message_that_was_unreadable_at_first_is_known_by_its_message_id() -> None:
    the = world()
    know_grace(the)
    mail = receive(the)
    the.mailbox.desk.unreadable.add(mail.id)
    the.sync()
    assert records(the, Kind.MESSAGE) == []
    the.mailbox.desk.unreadable.clear()
    the.come_to_rest()
    (record,) = records(the, Kind.MESSAGE)
    (link,) = the.shelf.find(1, record_ids=[record.id])
    assert link.key == message_key(the.shelf.mailbox, the.mailbox.item(mail.id).uid)
    assert codes(the) == []


def test_a_message_moved_or_copied_is_the_same_message() -> None:
    """D02, D11"""
    the = world()
    know_grace(the)
    mail = receive(the)
    the.come_to_rest()
    the.mailbox.copy(mail.id)
    the.come_to_rest()
    the.mailbox.change_ids()
    the.come_to_rest()
    assert len(records(the, Kind.MESSAGE)) == 1


def test_a_filed_message_goes_back_once_it_is_saved() -> None:
    the = world(auto_save=frozenset())
    mail = receive(the)
    the.mailbox.alter(mail.id, is_filed=True)
    the.come_to_rest()
    assert len(records(the, Kind.MESSAGE)) == 1
    assert not the.mailbox.item(mail.id).is_filed


# --- people ---


def test_a_person_is_made_once_and_the_message_is_tied_to_it() -> None:
    the = world(saving_mode=SavingMode.FORCED, new_people=NewPeople.CONTACT)
    receive(the)
    receive(the, subject="Another")
    the.come_to_rest()
    (person,) = [r for r in records(the, Kind.CONTACT)]
    assert person.fields["Email"] == "grace@acme.example"
    assert len(records(the, Kind.MESSAGE)) == 2


# --- what travels one way ---


@pytest.mark.parametrize("direction", [Direction.UP, Direction.DOWN])
def test_the_writer_is_locked_against_the_wrong_way(direction: Direction) -> None:
    """C01: whatever was decided."""
    the = world()
    item = the.mailbox.add(Kind.EVENT, subject="Demo", when=span(1))
    the.come_to_rest()
    (record,) = records(the, Kind.EVENT)
    policy = replace(the.shelf.mailbox.policy, directions={Kind.EVENT: direction})
    the.shelf.mailbox = replace(the.shelf.mailbox, policy=policy)
    the.mailbox.edit(item.id, subject="From the mailbox")
    the.crm.edit(record.id, Location="From Salesforce")
    the.come_to_rest()
    now = the.mailbox.item(item.id).content
    fields = records(the, Kind.EVENT)[0].fields
    if direction is Direction.UP:
        assert (now["subject"], now["location"]) == ("From the mailbox", None)
        assert fields["Location"] is None
    else:
        assert (now["subject"], now["location"]) == ("Demo", "From Salesforce")
        assert fields["Subject"] == "Demo"


def test_a_conflict_waits_for_a_person_where_the_profile_asks() -> None:
    the = world(winner=Winner.ASK)
    item = the.mailbox.add(Kind.EVENT, subject="Demo", when=span(1))
    the.come_to_rest()
    (record,) = records(the, Kind.EVENT)
    the.mailbox.edit(item.id, subject="Ours", location="Oslo")
    the.crm.edit(record.id, Subject="Theirs")
    the.sync()
    assert the.mailbox.item(item.id).content["subject"] == "Ours"
    assert the.crm.store.things[record.id].fields["Subject"] == "Theirs"
    assert the.crm.store.things[record.id].fields["Location"] == "Oslo"
    assert codes(the) == [by_slug("conflict_to_decide").code]
    the.crm.edit(record.id, Subject="Ours")
    the.come_to_rest()
    assert codes(the) == []


# --- text that is too long ---


def test_long_text_is_cut_told_and_never_written_back() -> None:
    """K10"""
    the = world()
    long = "é" * 300
    item = the.mailbox.add(Kind.EVENT, subject=long, when=span(1))
    the.come_to_rest()
    (record,) = records(the, Kind.EVENT)
    assert len(record.fields["Subject"]) == 255
    assert record.fields["Subject"].endswith("…")
    assert codes(the) == [by_slug("text_was_cut").code]
    the.crm.edit(record.id, Location="Oslo")
    the.come_to_rest()
    assert the.mailbox.item(item.id).content["subject"] == long


def test_a_field_that_the_org_made_shorter_is_asked_about_and_cut() -> None:
    the = world()

    def short(verb, thing):
        if thing.kind is Kind.CONTACT and len(thing.fields["Title"] or "") > 10:
            return make_fault(FaultClass.REJECTED, "STRING_TOO_LONG", "Title")
        return None

    the.crm.desk.rules.append(short)
    the.crm.schema.shorten("Contact", "Title", 10)
    the.mailbox.add(
        Kind.CONTACT,
        family_name="Hopper",
        job_title="Deputy Site Manager",
        emails=("grace@acme.example",),
    )
    the.come_to_rest()
    (record,) = records(the, Kind.CONTACT)
    assert record.fields["Title"] == "Deputy Si…"


# --- duplicates, ping-pong ---


def test_equal_events_are_held_back_with_the_list() -> None:
    """SD0025, F20: another program copies them, too."""
    the = world()
    for _ in range(3):
        the.mailbox.add(Kind.EVENT, subject="Demo", when=span(1))
    other = the.mailbox.add(Kind.EVENT, subject="Other", when=span(1))
    the.sync()
    assert [r.fields["Subject"] for r in records(the, Kind.EVENT)] == ["Other"]
    assert codes(the) == ["SD0025"] * 3
    assert all(len(i.details) == 3 for i in the.open_issues())
    assert "Salesforce" in the.mailbox.item(other.id).categories
    for item in list(the.mailbox.store.of_kind(Kind.EVENT))[1:3]:
        the.mailbox.delete(item.id)
    the.come_to_rest()
    assert len(records(the, Kind.EVENT)) == 2
    assert codes(the) == []


def test_ten_equal_events_from_salesforce_are_held_back_nine_are_not() -> None:
    for count, made in ((9, 9), (10, 0)):
        the = world()
        start = span(1).start.strftime("%Y-%m-%dT%H:%M:%SZ")
        end = span(1).end.strftime("%Y-%m-%dT%H:%M:%SZ")
        for _ in range(count):
            the.crm.add(
                Kind.EVENT, Subject="Copy", StartDateTime=start, EndDateTime=end
            )
        the.sync()
        assert len(list(the.mailbox.store.of_kind(Kind.EVENT))) == made


def test_a_ping_pong_ends_and_names_the_rival() -> None:
    """F10: another program undoes what we write; after four rounds we stop."""
    the = world()
    item = the.mailbox.add(Kind.EVENT, subject="Ours", when=span(1))
    the.come_to_rest()
    (record,) = records(the, Kind.EVENT)
    written = 0
    for number in range(12):
        the.clock.time += timedelta(minutes=30)
        if number % 2:
            the.crm.edit(record.id, Subject="Ours")
        else:
            the.mailbox.edit(item.id, subject="Theirs")
        before = the.writes
        the.sync()
        written += the.writes > before
    assert written <= 6
    assert by_slug("ping_pong").code in codes(the)
    assert "Sync Error" in the.mailbox.item(item.id).categories


# --- comparisons ---


def test_what_the_streams_never_told_is_found_and_reported() -> None:
    """A16, A17, D12, D13, F14: within `Policy.sweep_after`, and at once for events."""
    the = world()
    contact = the.mailbox.add(
        Kind.CONTACT, family_name="Hopper", emails=("grace@acme.example",)
    )
    the.come_to_rest()
    the.mailbox.edit(contact.id, family_name="Silent")
    mark = the.mailbox.store.sequence
    the.shelf.marks = {
        side: replace(m, value=m.value.replace(str(mark - 1), str(mark)))
        for side, m in the.shelf.marks.items()
    }
    the.shelf.marks.update(_advanced(the))
    the.sync()
    assert records(the, Kind.CONTACT)[0].fields["LastName"] == "Hopper"
    the.clock.time += timedelta(days=8)
    session = the.sync()
    assert records(the, Kind.CONTACT)[0].fields["LastName"] == "Silent"
    drift = [t.count for t in session.tallies if t.counted is Counted.DRIFT]
    assert drift == [1]
    assert codes(the) == [by_slug("drift_found").code]
    the.clock.time += timedelta(days=8)
    the.sync()
    assert codes(the) == []


def _advanced(the: World):
    """Resume points behind everything that happened."""
    from syncline.domain.engine.window import window_at
    from syncline.domain.values.kinds import Side

    window = window_at(the.clock.now(), the.shelf.mailbox.policy)
    return {Side.MAILBOX: the.mailbox.changes.read(None, window).watermark}


def test_a_new_policy_takes_effect_on_what_is_there_already() -> None:
    """3.1-1, 3.4-4: without anybody touching an item."""
    the = world()
    start = span(1).start.strftime("%Y-%m-%dT%H:%M:%SZ")
    end = span(1).end.strftime("%Y-%m-%dT%H:%M:%SZ")
    the.crm.add(
        Kind.EVENT, Subject="Visit", StartDateTime=start, EndDateTime=end, Type="Inner"
    )
    the.come_to_rest()
    assert len(list(the.mailbox.store.of_kind(Kind.EVENT))) == 1
    condition = UnsyncCondition(field="Type", value="Inner")
    policy = replace(the.shelf.mailbox.policy, unsync_conditions=(condition,))
    the.shelf.mailbox = replace(the.shelf.mailbox, policy=policy)
    the.come_to_rest()
    assert list(the.mailbox.store.of_kind(Kind.EVENT)) == []
    assert len(records(the, Kind.EVENT)) == 1


# --- access in the middle ---


def test_a_side_that_closes_in_the_middle_ends_the_session_not_an_item() -> None:
    the = world()
    for number in range(30):
        the.crm.add(
            Kind.CONTACT, LastName=f"N{number}", Email=f"n{number}@acme.example"
        )
    fault = make_fault(FaultClass.ACCESS, "InvalidAuthenticationToken")
    the.mailbox.desk.planned.append(
        Planned(call=Call.WRITE, verb=Verb.CREATE, fault=fault)
    )
    session = the.sync()
    assert session.error_code
    assert all(i.subject.startswith("connection:") for i in the.open_issues())
    the.come_to_rest()
    assert codes(the) == []
    assert len(list(the.mailbox.store.of_kind(Kind.CONTACT))) == 30


# --- deactivation (3.4, last column; 1.4-3) ---


def test_a_reset_takes_syncline_out_and_the_next_start_puts_it_back() -> None:
    the = world()
    mine = the.mailbox.add(Kind.EVENT, subject="Mine", when=span(1))
    guests = (Attendee(email="guest@acme.example"),)
    meeting = the.mailbox.add(
        Kind.EVENT, subject="Meeting", when=span(2), attendees=guests
    )
    invited = the.mailbox.be_invited(
        "boss@acme.example", subject="Theirs", when=span(3)
    )
    the.mailbox.alter(invited.id, response="accepted")
    series = the.mailbox.add_series(
        "FREQ=DAILY;INTERVAL=1;COUNT=3", span(4), subject="Series"
    )
    start = span(1).start.strftime("%Y-%m-%dT%H:%M:%SZ")
    end = span(1).end.strftime("%Y-%m-%dT%H:%M:%SZ")
    the.crm.add(Kind.EVENT, Subject="From there", StartDateTime=start, EndDateTime=end)
    the.come_to_rest()
    before = len(records(the, Kind.EVENT))
    the.mailbox.categorize(mine.id, *the.mailbox.item(mine.id).categories, "My own")
    reset = ResetMailbox(books=the.books(), sides=the.sides(), clock=the.clock)
    report = reset.run(MailboxId(1))
    assert (report.deleted, report.left) == (1, 0)
    left = {x.name: x.categories for x in the.mailbox.store.of_kind(Kind.EVENT)}
    assert left == {"Mine": ("My own",), "Meeting": (), "Theirs": (), "Series": ()}
    assert len(records(the, Kind.EVENT)) == before, "Salesforce keeps everything"
    assert the.mailbox.desk.guest_mails == 0
    assert "Salesforce" not in the.mailbox.colors
    the.come_to_rest()
    names = {x.name for x in the.mailbox.store.of_kind(Kind.EVENT)}
    assert names == {"Mine", "Meeting", "Theirs", "Series", "From there"}
    for item in (mine, meeting, invited, series):
        assert "Salesforce" in the.mailbox.item(item.id).categories
    assert len(records(the, Kind.EVENT)) == before


def test_a_reset_that_is_cut_off_goes_on() -> None:
    the = world()
    for number in range(5):
        the.mailbox.add(Kind.EVENT, subject=f"E{number}", when=span(number))
    the.come_to_rest()
    the.mailbox.desk.planned.append(Planned(call=Call.MARK, times=20))
    reset = ResetMailbox(books=the.books(), sides=the.sides(), clock=the.clock)
    with pytest.raises(ProviderError):
        reset.run(MailboxId(1))
    assert any(x.categories for x in the.mailbox.store.of_kind(Kind.EVENT))
    the.mailbox.desk.planned.clear()
    assert reset.run(MailboxId(1)).left == 0
    assert all(not x.categories for x in the.mailbox.store.of_kind(Kind.EVENT))
