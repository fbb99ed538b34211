"""What every ItemWriter promises."""

from __future__ import annotations

from dataclasses import replace

import pytest

from syncline.domain.errors import ProviderError
from syncline.domain.values.changes import Presence
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.items import Item, Record
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import Operation, Outcome, Verb
from tests.contract.rigs.rig import GUEST, WINDOW, MailboxRig, Rig, operation

CREATE, UPDATE, DELETE = Verb.CREATE, Verb.UPDATE, Verb.DELETE
TRIES = 5


class ItemWriterContract:
    """Inherited by each implementation; `rig` is its side, still empty."""

    #: What the implementation under test handles.
    kinds: tuple[Kind, ...] = (Kind.EVENT, Kind.CONTACT)

    def look(self, rig: Rig, kind: Kind, thing_id: str) -> Item | Record:
        [change] = rig.changes.fetch(kind, [thing_id])
        assert change.presence is Presence.SEEN
        assert change.thing is not None
        return change.thing

    def do(self, rig: Rig, wanted: Operation) -> Outcome:
        [outcome] = rig.writer.write([wanted])
        assert outcome.operation == wanted
        return outcome

    def attempt(self, rig: Rig, wanted: Operation) -> Outcome:
        """Do it, and see a failed call as the failed operation that it is."""
        try:
            return self.do(rig, wanted)
        except ProviderError as error:
            return Outcome(operation=wanted, fault=error.fault)

    def persist(self, rig: Rig, wanted: Operation) -> Outcome:
        """Repeat a write as later sessions do, until it is done."""
        for _ in range(TRIES):
            outcome = self.attempt(rig, wanted)
            if outcome.fault is None:
                return outcome
            assert outcome.fault.is_passing
        pytest.fail("the write was never done")

    def fault_class(self, outcome: Outcome) -> FaultClass | None:
        return outcome.fault.fault_class if outcome.fault else None

    # --- create ---

    def test_a_create_makes_a_thing_that_carries_the_key(
        self, rig: Rig, kind: Kind
    ) -> None:
        outcome = self.do(rig, operation(rig.side, CREATE, kind, name="Made", key="k1"))
        assert outcome.is_done
        assert outcome.created
        made = self.look(rig, kind, outcome.id)
        assert made.name == "Made"
        assert made.link_key == "k1"
        assert made.version == outcome.version

    def test_two_creates_with_one_key_make_one_thing(
        self, rig: Rig, kind: Kind
    ) -> None:
        wanted = operation(rig.side, CREATE, kind, name="Made")
        first, second = self.do(rig, wanted), self.do(rig, wanted)
        assert second.is_done
        assert second.id == first.id
        assert rig.names(kind) == ["Made"]

    def test_two_keys_make_two_things(self, rig: Rig, kind: Kind) -> None:
        wanted = [
            operation(rig.side, CREATE, kind, name=f"N{n}", key=f"key-{n}")
            for n in (1, 2)
        ]
        outcomes = rig.writer.write(wanted)
        assert len({outcome.id for outcome in outcomes}) == 2
        assert sorted(rig.names(kind)) == ["N1", "N2"]

    def test_a_create_whose_answer_is_lost_makes_one_thing(
        self, rig: Rig, kind: Kind
    ) -> None:
        wanted = operation(rig.side, CREATE, kind, name="Made")
        rig.lose_next_answer()
        outcome = self.persist(rig, wanted)
        assert rig.is_answer_lost()
        assert rig.names(kind) == ["Made"]
        assert self.look(rig, kind, outcome.id).name == "Made"

    def test_a_whole_batch_is_done_in_order(self, rig: Rig) -> None:
        count = rig.writer.batch_size
        wanted = [
            operation(rig.side, CREATE, Kind.CONTACT, name=f"N{n:03d}", key=f"k{n}")
            for n in range(count)
        ]
        outcomes = rig.writer.write(wanted)
        assert [outcome.operation for outcome in outcomes] == wanted
        assert all(outcome.is_done for outcome in outcomes)
        assert sorted(rig.names(Kind.CONTACT)) == [f"N{n:03d}" for n in range(count)]

    # --- update ---

    def test_an_update_changes_what_it_names_and_nothing_else(
        self, rig: Rig, kind: Kind
    ) -> None:
        thing_id = rig.add(kind, "Before")
        before = self.look(rig, kind, thing_id)
        outcome = self.do(rig, self.renaming(rig, kind, before, "After"))
        assert outcome.is_done
        after = self.look(rig, kind, thing_id)
        changed = {n for n, v in values(after).items() if values(before).get(n) != v}
        assert after.name == "After"
        assert len(changed) == 1
        assert after.version == outcome.version

    def renaming(
        self, rig: Rig, kind: Kind, thing: Item | Record, name: str, version: str = ""
    ) -> Operation:
        return operation(
            rig.side,
            UPDATE,
            kind,
            name=name,
            target_id=thing.id,
            version=version or thing.version,
            item=thing if isinstance(thing, Item) else None,
        )

    def test_a_version_that_was_answered_guards_the_next_update(
        self, rig: Rig, kind: Kind
    ) -> None:
        thing = self.look(rig, kind, rig.add(kind, "One"))
        first = self.do(rig, self.renaming(rig, kind, thing, "Two"))
        second = self.do(rig, self.renaming(rig, kind, thing, "Three", first.version))
        assert second.is_done
        assert rig.names(kind) == ["Three"]

    def test_an_update_with_a_stale_version_writes_nothing_and_says_so(
        self, rig: Rig, kind: Kind
    ) -> None:
        stale = self.look(rig, kind, rig.add(kind, "One"))
        rig.rename(kind, stale.id, "By a person")
        outcome = self.do(rig, self.renaming(rig, kind, stale, "By us"))
        assert self.fault_class(outcome) is FaultClass.VERSION
        assert rig.names(kind) == ["By a person"]

    def test_an_update_of_a_missing_thing_says_that_it_is_not_there(
        self, rig: Rig, kind: Kind
    ) -> None:
        thing = self.look(rig, kind, rig.add(kind, "Doomed"))
        rig.delete(kind, thing.id)
        outcome = self.do(rig, self.renaming(rig, kind, thing, "Late"))
        assert self.fault_class(outcome) is FaultClass.NOT_FOUND
        assert rig.names(kind) == []

    def test_an_update_whose_answer_is_lost_takes_effect_once(
        self, rig: Rig, kind: Kind
    ) -> None:
        thing = self.look(rig, kind, rig.add(kind, "Before"))
        rig.lose_next_answer()
        wanted = self.renaming(rig, kind, thing, "After")
        fault = self.attempt(rig, wanted).fault
        assert rig.is_answer_lost()
        assert fault is None or fault.is_passing
        assert rig.names(kind) == ["After"]

    # --- delete ---

    def test_a_delete_removes_the_thing(self, rig: Rig, kind: Kind) -> None:
        thing = self.look(rig, kind, rig.add(kind, "Doomed"))
        outcome = self.do(rig, self.deletion(rig, kind, thing))
        assert outcome.is_done
        assert rig.names(kind) == []

    def deletion(self, rig: Rig, kind: Kind, thing: Item | Record) -> Operation:
        return operation(
            rig.side,
            DELETE,
            kind,
            target_id=thing.id,
            version=thing.version,
            item=thing if isinstance(thing, Item) else None,
        )

    def test_deleting_a_missing_thing_succeeds(self, rig: Rig, kind: Kind) -> None:
        thing = self.look(rig, kind, rig.add(kind, "Doomed"))
        rig.delete(kind, thing.id)
        assert self.do(rig, self.deletion(rig, kind, thing)).is_done

    def test_a_thing_that_a_person_changed_is_not_deleted(
        self, rig: Rig, kind: Kind
    ) -> None:
        stale = self.look(rig, kind, rig.add(kind, "One"))
        rig.rename(kind, stale.id, "Edited")
        outcome = self.do(rig, self.deletion(rig, kind, stale))
        assert self.fault_class(outcome) is FaultClass.VERSION
        assert rig.names(kind) == ["Edited"]

    def test_after_a_deletion_the_same_key_makes_a_new_thing(
        self, rig: Rig, kind: Kind
    ) -> None:
        wanted = operation(rig.side, CREATE, kind, name="Made")
        first = self.do(rig, wanted)
        rig.delete(kind, first.id)
        again = operation(rig.side, CREATE, kind, name="Made anew", nonce=first.id)
        second = self.do(rig, again)
        assert second.is_done
        assert second.id != first.id
        assert rig.names(kind) == ["Made anew"]

    # --- together ---

    def test_one_refused_operation_leaves_the_others_done(self, rig: Rig) -> None:
        one, two, three = (
            operation(rig.side, CREATE, name=name, key=name) for name in ("A", "B", "C")
        )
        outcomes = rig.writer.write([one, rig.must_refuse(two), three])
        assert [outcome.is_done for outcome in outcomes] == [True, False, True]
        assert self.fault_class(outcomes[1]) is FaultClass.REJECTED
        assert sorted(rig.names(Kind.EVENT)) == ["A", "C"]

    def test_a_mixed_batch_is_answered_in_order(self, rig: Rig) -> None:
        old = self.look(rig, Kind.EVENT, rig.add(Kind.EVENT, "Old"))
        doomed = self.look(rig, Kind.CONTACT, rig.add(Kind.CONTACT, "Doomed"))
        outcomes = rig.writer.write(
            [
                self.deletion(rig, Kind.CONTACT, doomed),
                operation(rig.side, CREATE, Kind.EVENT, name="Made"),
                self.renaming(rig, Kind.EVENT, old, "New"),
            ]
        )
        verbs = [outcome.operation.verb for outcome in outcomes]
        assert verbs == [DELETE, CREATE, UPDATE]
        assert all(outcome.is_done for outcome in outcomes)
        assert sorted(rig.names(Kind.EVENT)) == ["Made", "New"]
        assert rig.names(Kind.CONTACT) == []

    def test_an_empty_batch_does_nothing(self, rig: Rig) -> None:
        assert rig.writer.write([]) == []

    def test_our_own_write_is_read_as_a_change(self, rig: Rig) -> None:
        before = rig.changes.read(None, WINDOW)
        outcome = self.do(rig, operation(rig.side, CREATE, name="Made"))
        after = rig.changes.read(before.watermark, WINDOW)
        told = [(c.id, c.thing.version) for c in after.changes if c.thing]
        assert told == [(outcome.id, outcome.version)]


class MailboxWriterContract(ItemWriterContract):
    """What a mailbox's writer promises beyond: nobody is bothered."""

    def meeting(self, rig: MailboxRig) -> Item:
        found = self.look(rig, Kind.EVENT, rig.add_meeting("Meeting"))
        assert isinstance(found, Item)
        assert found.has_guests
        return found

    @pytest.mark.parametrize("is_version_known", [True, False])
    @pytest.mark.parametrize("verb", [UPDATE, DELETE])
    def test_an_event_with_guests_is_never_written(
        self, rig: MailboxRig, verb: Verb, is_version_known: bool
    ) -> None:
        meeting = self.meeting(rig)
        wanted = operation(
            rig.side,
            verb,
            name="Renamed" if verb is UPDATE else "",
            target_id=meeting.id,
            version=meeting.version if is_version_known else "",
            item=meeting if is_version_known else None,
        )
        assert self.fault_class(self.do(rig, wanted)) is FaultClass.REJECTED
        assert self.look(rig, Kind.EVENT, meeting.id) == meeting
        assert rig.guest_mails() == 0

    def test_nobody_is_invited(self, rig: MailboxRig) -> None:
        guests = self.meeting(rig).content["attendees"]
        wanted = operation(rig.side, CREATE, name="Party", attendees=guests)
        assert self.fault_class(self.do(rig, wanted)) is FaultClass.REJECTED
        assert rig.names(Kind.EVENT) == ["Meeting"]
        assert rig.guest_mails() == 0

    def test_the_owners_own_state_of_a_meeting_may_be_written(
        self, rig: MailboxRig
    ) -> None:
        meeting = self.meeting(rig)
        wanted = operation(
            rig.side,
            UPDATE,
            target_id=meeting.id,
            version=meeting.version,
            item=meeting,
            show_as="free",
        )
        assert self.do(rig, wanted).is_done
        after = self.look(rig, Kind.EVENT, meeting.id)
        assert isinstance(after, Item)
        assert after.content["show_as"] == "free"
        assert [getattr(g, "email", "") for g in guests_of(after)] == [GUEST]
        assert rig.guest_mails() == 0


class GuestMailContract(MailboxWriterContract):
    """What a writer promises that may have guests mailed when it is told to."""

    def test_guests_are_mailed_only_when_the_operation_allows_it(
        self, rig: MailboxRig
    ) -> None:
        meeting = self.meeting(rig)
        wanted = self.renaming(rig, Kind.EVENT, meeting, "Renamed")
        assert not self.do(rig, wanted).is_done
        assert rig.guest_mails() == 0
        assert self.do(rig, replace(wanted, may_mail_guests=True)).is_done
        assert rig.names(Kind.EVENT) == ["Renamed"]
        assert rig.guest_mails() > 0
        after = self.look(rig, Kind.EVENT, meeting.id)
        assert isinstance(after, Item)
        assert guests_of(after) == guests_of(meeting)


def guests_of(item: Item) -> tuple[object, ...]:
    guests = item.content["attendees"]
    assert isinstance(guests, tuple)
    return guests


def values(thing: Item | Record) -> dict[str, object]:
    """What a thing says, by field."""
    return dict(thing.content if isinstance(thing, Item) else thing.fields)
