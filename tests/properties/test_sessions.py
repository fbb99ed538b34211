"""Whole sessions over both sides in memory: whatever people and networks do, both
sides agree in the end, nothing is lost, nothing is doubled, and then it is quiet.
"""

from __future__ import annotations

import copy
import os
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from syncline.connectors.memory.faults import Call, Planned, make_fault
from syncline.domain.access.policy import Policy
from syncline.domain.issues.catalog import by_slug, known
from syncline.domain.mapping import MAPPINGS
from syncline.domain.values.content import Attendee, format_instant
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.ids import MailboxId
from syncline.domain.values.items import Role
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import LinkState
from syncline.domain.values.operations import Verb
from syncline.domain.values.people import Traits
from syncline.usecases.plan_mailbox import plan_mailbox
from tests import factories as make
from tests.properties.shelf import Killed, Shelf
from tests.properties.world import START, World, span

WORDS = st.sampled_from(["Alpha", "Beta", "Gamma", "Delta"])
PLACES = st.sampled_from([None, "Oslo", "Rome"])
NAMES = st.sampled_from(["Ann", "Bob", "Cem", None])


def everything() -> World:
    """A mailbox of which everything goes to an org that can keep everything."""
    policy = Policy(
        auto_save=frozenset(Kind),
        save_unrelated_events=True,
        save_unrelated_messages=True,
    )
    made = World(make.mailbox(policy=policy))
    made.crm.traits = Traits(has_email_message=True, has_advanced_calendaring=True)
    return made


class Histories(RuleBasedStateMachine):
    """People on both sides, faults, kills, and sessions in any order."""

    items = Bundle("items")
    records = Bundle("records")

    def __init__(self) -> None:
        super().__init__()
        self.world = everything()
        self.copies: list[Shelf] = []
        self.deleted: set[str] = set()
        #: Every text a person wrote last into a place that nobody overwrote.
        self.serial = 0

    @initialize()
    def begin(self) -> None:
        self.world.sync()

    # --- people ---

    @rule(target=items, word=WORDS, place=PLACES, day=st.integers(0, 5))
    def add_event(self, word, place, day):
        self.serial += 1
        item = self.world.mailbox.add(
            Kind.EVENT, subject=f"{word} {self.serial}", location=place, when=span(day)
        )
        return item.id

    @rule(target=items, day=st.integers(0, 5))
    def add_meeting(self, day):
        self.serial += 1
        item = self.world.mailbox.add(
            Kind.EVENT,
            subject=f"Meeting {self.serial}",
            when=span(day),
            attendees=(Attendee(email="guest@acme.example"),),
        )
        return item.id

    @rule(target=items, name=NAMES)
    def add_contact(self, name):
        self.serial += 1
        item = self.world.mailbox.add(
            Kind.CONTACT,
            given_name="X",
            family_name=name,
            emails=(f"x{self.serial}@acme.example",),
        )
        return item.id

    @rule(target=items, word=WORDS, day=st.integers(0, 20))
    def add_task(self, word, day):
        self.serial += 1
        due = (START + timedelta(days=day)).date().isoformat()
        item = self.world.mailbox.add(
            Kind.TASK, subject=f"{word} {self.serial}", due=due
        )
        return item.id

    @rule(target=items, has_file=st.booleans())
    def receive_message(self, has_file):
        self.serial += 1
        files = {"offer.pdf": b"%PDF"} if has_file else {}
        item = self.world.mailbox.receive(
            files,
            subject=f"Message {self.serial}",
            sender_email="x1@acme.example",
            received_at=format_instant(self.world.clock.now()),
        )
        return item.id

    @rule(target=items, day=st.integers(0, 5), every=st.sampled_from([1, 7]))
    def add_series(self, day, every):
        self.serial += 1
        rule_text = f"FREQ=DAILY;INTERVAL={every};COUNT=4"
        subject = f"Series {self.serial}"
        series = self.world.mailbox.add_series(rule_text, span(day), subject=subject)
        return series.id

    def _occurrence(self, item, number):
        """Id of one occurrence of a series that is there, or None."""
        series = self.world.mailbox.store.things.get(item)
        if series is None or series.role is not Role.MASTER:
            return None
        when = series.content["when"]
        every = 7 if "INTERVAL=7" in str(series.content["recurrence"]) else 1
        day = when.start.date() + timedelta(days=every * number)
        found = self.world.mailbox.store.on_day(series, day)
        return found.id if found else None

    @rule(item=items, number=st.integers(0, 3), word=WORDS)
    def edit_occurrence(self, item, number, word):
        occurrence = self._occurrence(item, number)
        if occurrence:
            self.serial += 1
            self.world.mailbox.edit_occurrence(
                occurrence, location=f"{word} {self.serial}"
            )

    @rule(item=items, number=st.integers(0, 3))
    def cancel_occurrence(self, item, number):
        occurrence = self._occurrence(item, number)
        if occurrence:
            self.world.mailbox.cancel_occurrence(occurrence)

    @rule(item=items, hours=st.integers(1, 3))
    def move_series(self, item, hours):
        series = self.world.mailbox.store.things.get(item)
        if series is None or series.role is not Role.MASTER:
            return
        when = series.content["when"]
        later = replace(
            when,
            start=when.start + timedelta(hours=hours),
            end=when.end + timedelta(hours=hours),
        )
        self.world.mailbox.edit_series(item, when=later)

    @rule(item=items)
    def take_out(self, item):
        thing = self.world.mailbox.store.things.get(item)
        if thing is not None and thing.kind is Kind.EVENT:
            names = (*thing.categories, "Salesforce Unsync")
            self.world.mailbox.categorize(item, *dict.fromkeys(names))

    @rule(target=items, item=items)
    def copy_item(self, item):
        thing = self.world.mailbox.store.things.get(item)
        if thing is None or thing.role is Role.MASTER:
            return multiple()
        copy = self.world.mailbox.copy(item)
        if thing.kind is not Kind.MESSAGE:
            self.serial += 1
            self._rename(copy.id, f"Copy {self.serial}")
        return copy.id

    def _rename(self, item, text):
        kind = self.world.mailbox.store.things[item].kind
        name = "family_name" if kind is Kind.CONTACT else "subject"
        self.world.mailbox.edit(item, **{name: text})

    @rule(item=items, word=WORDS)
    def edit_item(self, item, word):
        thing = self.world.mailbox.store.things.get(item)
        if thing is None or thing.kind is Kind.MESSAGE:
            return
        self.serial += 1
        self._rename(item, f"{word} {self.serial}")

    @rule(item=items, place=PLACES)
    def edit_place(self, item, place):
        thing = self.world.mailbox.store.things.get(item)
        if thing is not None and thing.kind is Kind.EVENT:
            self.world.mailbox.edit(item, location=place)

    @rule(item=items)
    def strip_categories(self, item):
        if item in self.world.mailbox.store.things:
            self.world.mailbox.categorize(item, "My own")

    @rule(item=consumes(items))
    def delete_item(self, item):
        if item in self.world.mailbox.store.things:
            self.world.mailbox.delete(item)

    @rule(target=records, word=WORDS, day=st.integers(0, 5))
    def add_record(self, word, day):
        self.serial += 1
        fields = MAPPINGS[Kind.EVENT].to_record(
            make.event_content(subject=f"{word} {self.serial}", when=span(day))
        )
        return self.world.crm.add(Kind.EVENT, **fields).id

    @rule(word=WORDS, pick=st.integers(0, 30))
    def edit_any_record(self, word, pick):
        found = sorted(self.world.crm.store.things)
        if not found:
            return
        record = self.world.crm.store.things[found[pick % len(found)]]
        self.serial += 1
        if record.kind is Kind.MESSAGE:
            return
        field = "LastName" if record.kind is Kind.CONTACT else "Subject"
        self.world.crm.edit(record.id, **{field: f"{word} {self.serial}"})

    @rule(pick=st.integers(0, 30))
    def delete_any_record(self, pick):
        found = sorted(self.world.crm.store.things)
        if found:
            self.world.crm.delete(found[pick % len(found)])

    # --- trouble ---

    @rule(
        side=st.sampled_from(list(Side)),
        call=st.sampled_from([Call.READ, Call.FETCH, Call.WRITE, Call.MARK, Call.FIND]),
        is_after=st.booleans(),
        fault_class=st.sampled_from(
            [FaultClass.UNAVAILABLE, FaultClass.THROTTLED, FaultClass.BAD_RESPONSE]
        ),
    )
    def plan_fault(self, side, call, is_after, fault_class):
        desk = (self.world.mailbox if side is Side.MAILBOX else self.world.crm).desk
        desk.planned.append(
            Planned(call=call, is_after=is_after, fault=make_fault(fault_class, "Down"))
        )

    @rule(
        side=st.sampled_from(list(Side)),
        verb=st.sampled_from(list(Verb)),
        is_after=st.booleans(),
        fault_class=st.sampled_from(
            [FaultClass.UNAVAILABLE, FaultClass.VERSION, FaultClass.REJECTED]
        ),
    )
    def plan_item_fault(self, side, verb, is_after, fault_class):
        if is_after and fault_class is not FaultClass.UNAVAILABLE:
            return  # A provider that refuses has done nothing.
        desk = (self.world.mailbox if side is Side.MAILBOX else self.world.crm).desk
        fault = make_fault(fault_class, "Odd")
        desk.planned.append(
            Planned(call=Call.WRITE, verb=verb, is_after=is_after, fault=fault)
        )

    @rule(commits=st.integers(0, 6))
    def kill_at_commit(self, commits):
        self.world.shelf.die_at = commits

    @rule(
        side=st.sampled_from(list(Side)),
        call=st.sampled_from([Call.READ, Call.FETCH, Call.WRITE, Call.MARK]),
        is_after=st.booleans(),
    )
    def kill_at_call(self, side, call, is_after):
        desk = (self.world.mailbox if side is Side.MAILBOX else self.world.crm).desk
        desk.planned.append(Planned(call=call, is_after=is_after, error=Killed()))

    @rule(side=st.sampled_from(list(Side)))
    def lose_watermarks(self, side):
        (
            self.world.mailbox if side is Side.MAILBOX else self.world.crm
        ).store.lose_watermarks()

    @rule()
    def lose_the_database(self):
        self.world.shelf = Shelf(self.world.whose)

    @rule()
    def back_up_the_database(self):
        self.copies.append(copy.deepcopy(self.world.shelf))

    @precondition(lambda self: self.copies)
    @rule()
    def restore_the_database(self):
        self.world.shelf = copy.deepcopy(self.copies[-1])
        self.world.shelf.is_leased = False
        self.world.shelf.die_at = None

    @rule()
    def migrate_the_mailbox(self):
        self.world.mailbox.change_ids()

    # --- sessions ---

    @rule(is_asked=st.booleans())
    def sync(self, is_asked):
        self.world.sync(is_asked=is_asked)

    @rule(minutes=st.integers(1, 60))
    def wait(self, minutes):
        self.world.clock.time += timedelta(minutes=minutes)

    @invariant()
    def nothing_is_doubled(self) -> None:
        keys = [r.link_key for r in self.world.crm.store.things.values() if r.link_key]
        assert len(keys) == len(set(keys))

    @precondition(lambda self: self.serial % 4 == 0)
    @rule()
    def rest(self):
        self.check()

    def teardown(self) -> None:
        self.check()

    def check(self) -> None:
        """Both sides agree about everything that has no open issue."""
        world = self.world
        session = world.come_to_rest()
        assert session.writes.get(Side.MAILBOX, 0) == 0
        held = {
            i.subject.removeprefix("link:")
            for i in world.open_issues()
            if not known(i.code).is_quiet
        }
        linked = [x for x in world.shelf.links.values() if x.state is LinkState.LINKED]
        for link in linked:
            if link.is_series or link.kind is Kind.MESSAGE:
                continue
            item = world.mailbox.store.get(link.item_id)
            assert item is not None, f"{link.name} is gone"
            record = world.crm.store.things[link.record_id]
            if link.subject_key in held:
                assert "Sync Error" in item.categories
                continue
            fields = MAPPINGS[link.kind].to_record(item.content)
            stored = {f: record.fields.get(f) for f in fields}
            if link.kind is Kind.EVENT and not item.has_guests:
                # A meeting that was made again has no guests, who would be mailed;
                # its record still tells who they were.
                stored["Syncline_Attendees__c"] = fields["Syncline_Attendees__c"]
            assert fields == stored
            assert "Sync Error" not in item.categories
            assert "Salesforce" in item.categories
        self._everything_is_accounted_for(held)
        self._no_words_stand_twice()

    def _no_words_stand_twice(self) -> None:
        """Each text is written once by one person, so two copies are a double.

        A copied message is the same message; occurrences differ in their start.
        """
        mailbox, crm = self.world.mailbox.store, self.world.crm.store
        items = [x for x in mailbox.things.values() if x.kind is not Kind.MESSAGE]
        names = [x.name for x in items if x.name[-1:].isdigit()]
        assert len(names) == len(set(names)), names
        records = [
            (x.name, x.fields.get("StartDateTime"))
            for x in crm.things.values()
            if x.name[-1:].isdigit()
        ]
        assert len(records) == len(set(records)), records

    def _everything_is_accounted_for(self, held: set[str]) -> None:
        """Each wanted thing has a partner, an issue, or was buried."""
        world = self.world
        links = world.shelf.links.values()
        by_item = {x.item_id: x for x in links if x.item_id}
        by_uid = {x.item_uid: x for x in links}
        for item in world.mailbox.store.things.values():
            if "Salesforce Unsync" in item.categories:
                continue
            numbers = range(4)
            is_series = item.role is Role.MASTER
            if is_series and not any(self._occurrence(item.id, n) for n in numbers):
                continue  # Nothing is left of it in the calendar.
            link = by_item.get(item.id)
            if item.kind is Kind.MESSAGE:
                link = by_uid.get(item.uid)
            assert link is not None, f"{item.name} is neither saved nor an issue"
            if link.state is LinkState.PENDING:
                assert link.key in held, f"{item.name} waits in silence"
        records = {x.record_id for x in links if x.record_id}
        for record in world.crm.store.things.values():
            if record.kind is Kind.MESSAGE:
                continue  # E-mail never comes down.
            if record.fields.get("ClientGuid") and record.link_key:
                continue  # Its series may have lost that date while nobody knew it.
            assert record.id in records, f"{record.name} never came down"
        for link in links:
            if link.kind is Kind.MESSAGE and link.state is LinkState.LINKED:
                self._files_are_complete(link)

    def _files_are_complete(self, link) -> None:
        """K07: each file of a saved message is on its record, once."""
        item = self.world.mailbox.store.things.get(link.item_id)
        if item is not None:
            files = [f.title for f in self.world.crm.files(link.record_id)]
            assert files == [a.name for a in item.content["attachments"]]


Histories.TestCase.settings = settings(
    max_examples=2000 if os.environ.get("SYNCLINE_NIGHTLY") == "1" else 100,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestHistories = Histories.TestCase


def test_force_after_correction_clears_issue_and_mark() -> None:
    world = World()
    item = world.mailbox.add(Kind.CONTACT, given_name="Nia", family_name=None)
    world.sync()
    assert "Sync Error" in world.mailbox.store.things[item.id].categories
    assert len(world.open_issues()) == 1
    world.mailbox.edit(item.id, family_name="Okafor")
    world.sync()
    assert world.open_issues() == []
    assert "Sync Error" not in world.mailbox.store.things[item.id].categories


def test_user_s_own_categories_are_never_touched() -> None:
    world = World()
    item = world.mailbox.add(Kind.CONTACT, given_name="Nia", family_name=None)
    world.mailbox.categorize(item.id, "Friends", "Status: my own words")
    world.sync()
    world.mailbox.edit(item.id, family_name="Okafor")
    world.sync()
    kept = world.mailbox.store.things[item.id].categories
    assert {"Friends", "Status: my own words"} <= set(kept)


def test_mark_that_a_user_removed_comes_back_while_the_issue_is_open() -> None:
    world = World()
    item = world.mailbox.add(Kind.CONTACT, given_name="Nia", family_name=None)
    world.sync()
    world.mailbox.categorize(item.id)
    world.sync()
    assert "Sync Error" in world.mailbox.store.things[item.id].categories


def test_quiet_session_is_one_call_to_each_side() -> None:
    world = World()
    world.mailbox.add(Kind.EVENT, subject="Demo", when=span(1))
    world.mailbox.add(Kind.CONTACT, given_name="Nia", family_name=None)
    world.come_to_rest()
    world.mailbox.desk.requests = world.crm.desk.requests = 0
    session = world.sync(is_asked=False)
    assert session.requests == {Side.MAILBOX: 1, Side.CRM: 1}


def test_mass_deletion_waits_for_a_person() -> None:
    """D07: nothing is deleted before somebody confirms the list."""
    world = World()
    items = [
        world.mailbox.add(Kind.EVENT, subject=f"Visit {n}", when=span(n % 5))
        for n in range(30)
    ]
    world.come_to_rest()
    for item in items[:25]:
        world.mailbox.delete(item.id)
    world.sync()
    assert len(world.crm.store.things) == 30
    (issue,) = world.open_issues()
    assert len(issue.details) == 25
    world.mailbox.edit(items[29].id, subject="Visit, renamed")
    world.mailbox.add(Kind.EVENT, subject="New one", when=span(2))
    world.sync()
    names = {r.name for r in world.crm.store.things.values()}
    assert {"Visit, renamed", "New one"} <= names, "everything else goes on"
    assert len(names) == 31
    (issue,) = world.open_issues()
    digest = issue.params["digest"]
    world.shelf.mailbox = make.mailbox(confirmed_plan=digest)
    world.sync()
    assert len(world.crm.store.things) == 6
    assert world.open_issues() == []


def merge_records(world: World, loser: str, winner: str) -> None:
    """Somebody merges two contacts in Salesforce, which reports the loser deleted."""
    world.crm.delete(loser)
    read = world.crm.changes.read

    def told(watermark, window):
        found = read(watermark, window)
        return replace(found, hints=found.hints | {f"merged:{loser}:{winner}"})

    world.crm.changes.read = told


def linked_contacts(world: World) -> dict[str, str]:
    return {
        x.item_id: x.record_id
        for x in world.shelf.links.values()
        if x.state is LinkState.LINKED
    }


def test_merge_in_salesforce_deletes_nobody_s_contact() -> None:
    """A merge is not a deletion: the link goes along to the surviving record."""
    world = World()
    item = world.mailbox.add(
        Kind.CONTACT, family_name="Okafor", emails=("n@acme.example",)
    )
    world.come_to_rest()
    loser = linked_contacts(world)[item.id]
    kept = world.crm.add(Kind.CONTACT, owner_id="005other", LastName="Okafor-Obi")
    merge_records(world, loser, kept.id)
    world.come_to_rest()
    assert linked_contacts(world) == {item.id: kept.id}
    assert item.id in world.mailbox.store.things


def test_merge_of_two_linked_contacts_keeps_both_items() -> None:
    world = World()
    items = [
        world.mailbox.add(Kind.CONTACT, family_name=name, emails=(f"{name}@a.example",))
        for name in ("One", "Two")
    ]
    world.come_to_rest()
    records = linked_contacts(world)
    merge_records(world, records[items[0].id], records[items[1].id])
    world.come_to_rest()
    assert linked_contacts(world) == {items[1].id: records[items[1].id]}
    assert {i.id for i in items} <= set(world.mailbox.store.things)


def test_plan_forecasts_what_the_session_then_writes() -> None:
    world = World()
    gone = world.mailbox.add(Kind.EVENT, subject="Gone", when=span(1))
    world.mailbox.add(Kind.EVENT, subject="Kept", when=span(2))
    world.come_to_rest()
    world.mailbox.delete(gone.id)
    world.mailbox.add(Kind.EVENT, subject="New", when=span(3))
    before = (world.writes, dict(world.shelf.links), dict(world.shelf.marks))
    forecast = plan_mailbox(
        MailboxId(1), books=world.books(), sides=world.sides(), clock=world.clock
    )
    assert [(o.side, o.verb) for o in forecast.operations] == [
        (Side.CRM, Verb.CREATE),
        (Side.CRM, Verb.DELETE),
    ]
    assert before == (world.writes, world.shelf.links, world.shelf.marks)
    world.sync()
    assert {r.name for r in world.crm.store.things.values()} == {"Kept", "New"}


def test_detail_category_goes_with_the_item_that_carried_it() -> None:
    world = World()
    item = world.mailbox.add(Kind.CONTACT, given_name="Nia", family_name=None)
    world.sync()
    assert any(name.startswith("Status: ") for name in world.mailbox.colors)
    world.mailbox.delete(item.id)
    world.sync()
    assert world.open_issues() == []
    assert not any(name.startswith("Status: ") for name in world.mailbox.colors)


def test_meeting_deleted_after_its_edit_was_held_back_comes_back_without_guests() -> (
    None
):
    """Decision 7: the edit wins, and is told; nobody is mailed."""
    world = World()
    meeting = world.mailbox.add(
        Kind.EVENT,
        subject="Review",
        when=span(1),
        attendees=(Attendee(email="guest@acme.example"),),
    )
    world.come_to_rest()
    (record,) = world.crm.store.things.values()
    world.crm.edit(record.id, Location="Rome")
    world.sync()
    assert [i.code for i in world.open_issues()] == [
        by_slug("guests_would_be_mailed").code
    ]
    world.mailbox.delete(meeting.id)
    world.sync()
    (back,) = world.mailbox.store.things.values()
    assert (back.content["location"], back.content["attendees"]) == ("Rome", ())
    codes = {i.code for i in world.open_issues()}
    assert codes == {by_slug("edited_and_deleted").code}


def test_person_who_insists_gets_held_items_tried_at_once() -> None:
    world = World()
    world.mailbox.add(Kind.CONTACT, given_name="Nia", family_name=None)
    world.sync()
    world.crm.desk.rules.clear()
    world.sync()
    assert len(world.open_issues()) == 1, "a script's next session stays quiet"
    world.sync(insists=True)
    assert world.open_issues() == []
