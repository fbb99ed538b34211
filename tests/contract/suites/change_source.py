"""What every ChangeSource promises."""

from __future__ import annotations

import pytest

from syncline.connectors.memory.blanks import BLANK_CONTENT, BLANK_FIELDS
from syncline.domain.values.changes import Change, ChangeSet, Presence, Watermark
from syncline.domain.values.items import Item, Window
from syncline.domain.values.kinds import Kind
from tests.contract.rigs.rig import DAY, FAR_AWAY, WINDOW, Rig

KINDS = (Kind.EVENT, Kind.CONTACT)
GONE = (Presence.DELETED, Presence.SUSPECT)


class ChangeSourceContract:
    """Inherited by each implementation; `rig` is its side, still empty."""

    #: What the implementation under test handles.
    kinds: tuple[Kind, ...] = (Kind.EVENT, Kind.CONTACT)

    def read(self, rig: Rig, before: ChangeSet | None = None) -> ChangeSet:
        watermark = before.watermark if before else None
        return rig.changes.read(watermark, WINDOW)

    def names(self, found: ChangeSet) -> list[str]:
        return sorted(c.thing.name for c in found.changes if c.thing)

    def change_of(self, found: ChangeSet, thing_id: str) -> Change:
        changes = [c for c in found.changes if c.id == thing_id]
        assert len(changes) == 1
        return changes[0]

    def test_first_reading_lists_everything(self, rig: Rig) -> None:
        rig.add(Kind.EVENT, "Review")
        rig.add(Kind.CONTACT, "Hopper")
        found = self.read(rig)
        assert self.names(found) == ["Hopper", "Review"]
        assert found.full_kinds >= set(KINDS)
        assert found.side is rig.side
        assert {c.presence for c in found.changes} == {Presence.SEEN}

    def test_an_empty_side_is_read_in_full(self, rig: Rig) -> None:
        found = self.read(rig)
        assert found.changes == ()
        assert found.full_kinds >= set(KINDS)

    def test_quiet_reading_reports_nothing_and_takes_its_own_watermark(
        self, rig: Rig
    ) -> None:
        rig.add(Kind.EVENT, "Review")
        found = self.read(rig)
        for _ in range(3):
            found = self.read(rig, found)
            assert found.changes == ()
            assert found.full_kinds == frozenset()

    def test_a_new_thing_is_reported_once(self, rig: Rig, kind: Kind) -> None:
        first = self.read(rig)
        thing_id = rig.add(kind, "Newcomer")
        second = self.read(rig, first)
        change = self.change_of(second, thing_id)
        assert (change.kind, change.presence) == (kind, Presence.SEEN)
        assert self.names(second) == ["Newcomer"]
        assert self.read(rig, second).changes == ()

    def test_a_thing_changed_twice_is_reported_once_as_it_stands(
        self, rig: Rig, kind: Kind
    ) -> None:
        thing_id = rig.add(kind, "First")
        before = self.read(rig)
        rig.rename(kind, thing_id, "Second")
        rig.rename(kind, thing_id, "Third")
        after = self.read(rig, before)
        assert self.names(after) == ["Third"]
        old, new = (self.change_of(r, thing_id).thing for r in (before, after))
        assert old is not None
        assert new is not None
        assert new.version != old.version
        assert self.read(rig, after).changes == ()

    def test_a_deleted_thing_is_reported_once_and_a_look_confirms_it(
        self, rig: Rig, kind: Kind
    ) -> None:
        thing_id = rig.add(kind, "Doomed")
        before = self.read(rig)
        rig.delete(kind, thing_id)
        after = self.read(rig, before)
        assert self.change_of(after, thing_id).presence in GONE
        assert self.looked(rig, kind, thing_id) == [Presence.DELETED]
        assert self.read(rig, after).changes == ()

    def looked(self, rig: Rig, kind: Kind, *ids: str) -> list[Presence]:
        return [change.presence for change in rig.changes.fetch(kind, ids)]

    def test_what_came_and_went_between_two_readings_is_never_seen(
        self, rig: Rig
    ) -> None:
        before = self.read(rig)
        rig.delete(Kind.EVENT, rig.add(Kind.EVENT, "Brief"))
        assert self.names(self.read(rig, before)) == []

    def test_an_unused_watermark_gives_the_same_again(self, rig: Rig) -> None:
        before = self.read(rig)
        rig.add(Kind.EVENT, "Review")
        rig.add(Kind.CONTACT, "Hopper")
        once, again = self.read(rig, before), self.read(rig, before)
        assert self.names(once) == self.names(again) == ["Hopper", "Review"]

    def test_a_lost_watermark_heals_without_missing_anything(self, rig: Rig) -> None:
        doomed_id = rig.add(Kind.EVENT, "Doomed")
        rig.add(Kind.CONTACT, "Hopper")
        before = self.read(rig)
        rig.delete(Kind.EVENT, doomed_id)
        rig.add(Kind.EVENT, "Newcomer")
        rig.lose_watermarks()
        healed = self.read(rig, before)
        assert "Newcomer" in self.names(healed)
        told = [c.presence for c in healed.changes if c.id == doomed_id]
        assert told in ([Presence.DELETED], [Presence.SUSPECT], [])
        assert told or Kind.EVENT in healed.full_kinds
        assert self.read(rig, healed).changes == ()

    @pytest.mark.parametrize("value", ["", "rubbish", "{}", '{"event": 5}', "[]"])
    def test_a_senseless_watermark_is_like_none(self, rig: Rig, value: str) -> None:
        rig.add(Kind.EVENT, "Review")
        found = rig.changes.read(Watermark(value=value), WINDOW)
        assert self.names(found) == ["Review"]
        assert found.full_kinds >= set(KINDS)

    def test_looks_are_answered_in_the_order_asked(self, rig: Rig) -> None:
        self.read(rig)
        one, two, three = (rig.add(Kind.EVENT, name) for name in ("A", "B", "C"))
        rig.delete(Kind.EVENT, two)
        looked = rig.changes.fetch(Kind.EVENT, [three, two, one])
        assert [change.id for change in looked] == [three, two, one]
        assert [c.thing.name if c.thing else None for c in looked] == ["C", None, "A"]
        presences = [c.presence for c in looked]
        assert presences == [Presence.SEEN, Presence.DELETED, Presence.SEEN]

    def test_looking_at_nothing_answers_nothing(self, rig: Rig) -> None:
        assert rig.changes.fetch(Kind.CONTACT, []) == []

    def test_a_look_and_a_reading_agree(self, rig: Rig, kind: Kind) -> None:
        thing_id = rig.add(kind, "Same")
        read = self.change_of(self.read(rig), thing_id).thing
        [looked] = rig.changes.fetch(kind, [thing_id])
        assert looked.thing == read

    def test_an_event_outside_of_the_window_is_not_listed(self, rig: Rig) -> None:
        far_id = rig.add(Kind.EVENT, "Far", start=FAR_AWAY)
        assert self.names(self.read(rig)) == []
        assert self.looked(rig, Kind.EVENT, far_id) == [Presence.OUT_OF_SCOPE]

    def test_another_window_lists_events_anew(self, rig: Rig) -> None:
        rig.add(Kind.EVENT, "Near")
        rig.add(Kind.EVENT, "Far", start=FAR_AWAY)
        before = self.read(rig)
        wider = Window(start=WINDOW.start, end=FAR_AWAY + 2 * DAY)
        found = rig.changes.read(before.watermark, wider)
        assert Kind.EVENT in found.full_kinds
        assert self.names(found) == ["Far", "Near"]
        assert rig.changes.read(found.watermark, wider).changes == ()

    def test_every_field_is_there(self, rig: Rig, kind: Kind) -> None:
        rig.add(kind, "Sparse")
        [change] = self.read(rig).changes
        if isinstance(change.thing, Item):
            assert change.thing.content.keys() == BLANK_CONTENT[kind].keys()
        else:
            assert change.thing is not None
            assert change.thing.fields.keys() >= BLANK_FIELDS[kind].keys()
