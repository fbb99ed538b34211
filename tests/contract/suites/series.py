"""What a mailbox's ChangeSource and ItemWriter promise about recurring series."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

import pytest

from syncline.domain.values.changes import ChangeSet, Presence
from syncline.domain.values.content import AllDaySpan, TimedSpan
from syncline.domain.values.ids import ItemId, LinkKey
from syncline.domain.values.items import Item, Role
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import MarkOrder, Verb
from tests.contract.rigs.rig import (
    DAY,
    FAR_AWAY,
    HOUR,
    SOON,
    TODAY,
    WINDOW,
    MailboxRig,
    operation,
)

DAILY = "FREQ=DAILY;INTERVAL=1;COUNT=5"
FIRST_DAY = SOON.date()
DAYS = [FIRST_DAY + n * DAY for n in range(5)]


class SeriesRig(MailboxRig, Protocol):
    """A mailbox whose owner makes series."""

    def add_series(
        self, name: str, rule: str, *, start: datetime = SOON, zone: str = "UTC"
    ) -> str:
        """A series of one-hour events; answers the master's id."""

    def add_all_day_series(self, name: str, rule: str, *, first: date) -> str:
        """A series of whole days; answers the master's id."""

    def rename_occurrence(self, master_id: str, day: date, name: str) -> None:
        """The owner changes one occurrence."""

    def move_occurrence(self, master_id: str, day: date, start: datetime) -> None:
        """The owner has one occurrence happen at another time."""

    def cancel_occurrence(self, master_id: str, day: date) -> None:
        """The owner deletes one occurrence."""

    def move_series(self, master_id: str, start: datetime) -> None:
        """The owner has the whole series happen at another time of day."""


class SeriesContract:
    """Inherited by each implementation; `rig` is an empty mailbox."""

    def read(self, rig: SeriesRig, before: ChangeSet | None = None) -> ChangeSet:
        return rig.changes.read(before.watermark if before else None, WINDOW)

    def items(self, found: ChangeSet, role: Role) -> list[Item]:
        items = [c.thing for c in found.changes if isinstance(c.thing, Item)]
        return sorted((i for i in items if i.role is role), key=lambda i: i.uid)

    def master(self, found: ChangeSet) -> Item:
        [master] = self.items(found, Role.MASTER)
        return master

    def by_day(self, found: ChangeSet) -> dict[date, Item]:
        return {rule_day(i): i for i in self.items(found, Role.OCCURRENCE)}

    # --- reading ---

    def test_a_series_is_read_as_master_and_occurrences(self, rig: SeriesRig) -> None:
        master_id = rig.add_series("Standup", DAILY)
        found = self.read(rig)
        master = self.master(found)
        assert master.id == master_id
        assert master.uid == master.series_uid
        assert str(master.content["recurrence"]).startswith("FREQ=DAILY")
        assert starts(master) == SOON
        assert found.full_series == {master.series_uid}
        assert list(self.by_day(found)) == DAYS

    def test_occurrences_say_whose_they_are_and_when(self, rig: SeriesRig) -> None:
        master_id = rig.add_series("Standup", DAILY)
        found = self.read(rig)
        master = self.master(found)
        for number, (day, item) in enumerate(self.by_day(found).items()):
            assert item.series_id == master_id
            assert item.series_uid == master.series_uid
            assert item.uid == f"{master.series_uid}/{day.isoformat()}"
            assert item.content["recurrence"] is None
            assert item.name == "Standup"
            assert starts(item) == SOON + number * DAY

    def test_only_the_window_is_expanded(self, rig: SeriesRig) -> None:
        rig.add_series("Endless", "FREQ=DAILY;INTERVAL=1")
        days = self.by_day(self.read(rig))
        assert min(days) == FIRST_DAY
        assert max(days) == (WINDOW.end - HOUR).date()
        assert len(days) == (max(days) - min(days)).days + 1

    def test_a_series_that_is_over_is_not_listed(self, rig: SeriesRig) -> None:
        master_id = rig.add_series("Over", DAILY, start=TODAY - 100 * DAY)
        found = self.read(rig)
        assert found.changes == ()
        [looked] = rig.changes.fetch(Kind.EVENT, [master_id])
        assert looked.presence is Presence.OUT_OF_SCOPE

    def test_whole_days_keep_their_dates(self, rig: SeriesRig) -> None:
        """Dates are dates wherever one reads them."""
        rig.add_all_day_series("Duty", DAILY, first=FIRST_DAY)
        found = self.by_day(self.read(rig))
        assert [item.content["when"] for item in found.values()] == [
            AllDaySpan(first=day, last=day) for day in DAYS
        ]

    @pytest.mark.parametrize(
        "zone", ["Europe/Prague", "America/New_York", "Australia/Sydney"]
    )
    def test_days_are_those_of_the_series_zone(self, rig: SeriesRig, zone: str) -> None:
        start = (TODAY + 3 * DAY).replace(hour=22, minute=30)
        rig.add_series("Late", DAILY, start=start, zone=zone)
        found = self.by_day(self.read(rig))
        for day, item in found.items():
            assert day == local(item, zone).date()
        wall_times = {local(item, zone).time() for item in found.values()}
        assert len(wall_times) == 1

    # --- changes ---

    def test_a_quiet_series_is_not_told_of(self, rig: SeriesRig) -> None:
        rig.add_series("Standup", DAILY)
        before = self.read(rig)
        assert self.read(rig, before).changes == ()

    def test_a_changed_occurrence_brings_the_whole_series(self, rig: SeriesRig) -> None:
        master_id = rig.add_series("Standup", DAILY)
        before = self.read(rig)
        rig.rename_occurrence(master_id, DAYS[2], "Retro")
        after = self.read(rig, before)
        assert after.full_series == {self.master(before).series_uid}
        names = [item.name for item in self.by_day(after).values()]
        assert names == ["Standup", "Standup", "Retro", "Standup", "Standup"]
        assert self.read(rig, after).changes == ()

    def test_a_moved_occurrence_keeps_the_day_of_its_rule(self, rig: SeriesRig) -> None:
        master_id = rig.add_series("Standup", DAILY)
        before = self.read(rig)
        there = SOON + 20 * DAY
        rig.move_occurrence(master_id, DAYS[1], there)
        after = self.by_day(self.read(rig, before))
        assert sorted(after) == DAYS
        assert starts(after[DAYS[1]]) == there

    def test_a_cancelled_occurrence_is_silent_and_a_look_confirms_it(
        self, rig: SeriesRig
    ) -> None:
        master_id = rig.add_series("Standup", DAILY)
        before = self.read(rig)
        cancelled = self.by_day(before)[DAYS[3]]
        rig.cancel_occurrence(master_id, DAYS[3])
        after = self.read(rig, before)
        assert sorted(self.by_day(after)) == [*DAYS[:3], DAYS[4]]
        assert cancelled.series_uid in after.full_series
        [looked] = rig.changes.fetch(Kind.EVENT, [cancelled.id])
        assert looked.presence is Presence.DELETED

    def test_a_moved_series_keeps_the_uids_of_its_occurrences(
        self, rig: SeriesRig
    ) -> None:
        master_id = rig.add_series("Standup", DAILY)
        before = self.read(rig)
        rig.move_series(master_id, SOON + 2 * HOUR)
        after = self.read(rig, before)
        assert self.master(after).id == master_id
        assert {i.uid for i in self.by_day(after).values()} == {
            i.uid for i in self.by_day(before).values()
        }
        assert starts(self.by_day(after)[DAYS[0]]) == SOON + 2 * HOUR

    def test_a_deleted_series_is_gone_with_its_occurrences(
        self, rig: SeriesRig
    ) -> None:
        master_id = rig.add_series("Standup", DAILY)
        before = self.read(rig)
        rig.delete(Kind.EVENT, master_id)
        after = self.read(rig, before)
        told = {c.id: c.presence for c in after.changes}
        assert told[master_id] in (Presence.DELETED, Presence.SUSPECT)
        assert Presence.SEEN not in told.values()
        ids = [master_id, *(i.id for i in self.by_day(before).values())]
        looked = rig.changes.fetch(Kind.EVENT, ids)
        assert {c.presence for c in looked} == {Presence.DELETED}

    def test_an_occurrence_is_looked_at_as_it_was_read(self, rig: SeriesRig) -> None:
        master_id = rig.add_series("Standup", DAILY)
        rig.rename_occurrence(master_id, DAYS[2], "Retro")
        read = list(self.by_day(self.read(rig)).values())
        looked = rig.changes.fetch(Kind.EVENT, [item.id for item in read])
        assert [change.thing for change in looked] == read

    def test_an_occurrence_that_was_moved_far_away_is_out_of_scope(
        self, rig: SeriesRig
    ) -> None:
        master_id = rig.add_series("Standup", DAILY)
        before = self.by_day(self.read(rig))
        rig.move_occurrence(master_id, DAYS[4], FAR_AWAY)
        assert sorted(self.by_day(self.read(rig))) == DAYS[:4]
        [looked] = rig.changes.fetch(Kind.EVENT, [before[DAYS[4]].id])
        assert looked.presence is Presence.OUT_OF_SCOPE

    # --- writing ---

    def test_writing_an_occurrence_changes_no_other(self, rig: SeriesRig) -> None:
        rig.add_series("Standup", DAILY)
        before = self.by_day(self.read(rig))
        target = before[DAYS[2]]
        wanted = operation(
            rig.side,
            Verb.UPDATE,
            name="By us",
            target_id=target.id,
            version=target.version,
            item=target,
        )
        [outcome] = rig.writer.write([wanted])
        assert outcome.is_done
        names = [item.name for item in self.by_day(self.read(rig)).values()]
        assert names == ["Standup", "Standup", "By us", "Standup", "Standup"]

    def test_all_occurrences_are_written_in_one_batch(self, rig: SeriesRig) -> None:
        """Each write of one must not make the versions of the others stale."""
        rig.add_series("Standup", DAILY)
        before = self.by_day(self.read(rig))
        wanted = [
            operation(
                rig.side,
                Verb.UPDATE,
                name=f"On {day}",
                key=f"key-{day}",
                target_id=item.id,
                version=item.version,
                item=item,
            )
            for day, item in before.items()
        ]
        outcomes = rig.writer.write(wanted)
        assert [outcome.fault for outcome in outcomes] == [None] * 5
        after = self.by_day(self.read(rig))
        assert {day: item.name for day, item in after.items()} == {
            day: f"On {day}" for day in DAYS
        }

    def test_deleting_an_occurrence_leaves_the_others(self, rig: SeriesRig) -> None:
        rig.add_series("Standup", DAILY)
        target = self.by_day(self.read(rig))[DAYS[0]]
        wanted = operation(
            rig.side,
            Verb.DELETE,
            target_id=target.id,
            version=target.version,
            item=target,
        )
        [outcome] = rig.writer.write([wanted])
        assert outcome.is_done
        assert sorted(self.by_day(self.read(rig))) == DAYS[1:]

    def test_occurrences_carry_the_key_and_the_marks_of_their_series(
        self, rig: SeriesRig
    ) -> None:
        master_id = rig.add_series("Standup", DAILY)
        order = MarkOrder(
            key=LinkKey("key-1"),
            kind=Kind.EVENT,
            item_id=ItemId(master_id),
            add=("Salesforce",),
            set_link_key=True,
        )
        [outcome] = rig.marker.mark([order])
        assert outcome.fault is None
        found = self.read(rig)
        for item in (self.master(found), *self.by_day(found).values()):
            assert item.categories == ("Salesforce",)
        [looked] = rig.changes.fetch(Kind.EVENT, [self.by_day(found)[DAYS[1]].id])
        assert isinstance(looked.thing, Item)
        assert looked.thing.link_key == "key-1"


def rule_day(item: Item) -> date:
    return date.fromisoformat(item.uid.rpartition("/")[2])


def starts(item: Item) -> datetime:
    when = item.content["when"]
    assert isinstance(when, TimedSpan)
    return when.start


def local(item: Item, zone: str) -> datetime:
    return starts(item).astimezone(ZoneInfo(zone))
