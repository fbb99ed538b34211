"""Recurring series through whole sessions: each occurrence has one record."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from syncline.domain.access.policy import Policy
from syncline.domain.values.content import AllDaySpan, Attendee, TimedSpan
from syncline.domain.values.kinds import Kind
from syncline.domain.values.people import Traits
from tests import factories as make
from tests.properties.world import World

MONDAY = date(2026, 11, 30)
WEEKLY = "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO;COUNT=6"
DAYS = [MONDAY + timedelta(days=7 * n) for n in range(6)]


def at(day: date, hour: int = 10, zone: str = "Europe/Berlin") -> TimedSpan:
    start = datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC)
    return TimedSpan(start=start, end=start + timedelta(hours=1), zone=zone)


def world() -> World:
    policy = Policy(auto_save=frozenset(Kind), save_unrelated_events=True)
    made = World(make.mailbox(policy=policy))
    made.crm.traits = Traits(has_advanced_calendaring=True)
    return made


def starts(the: World) -> list[str]:
    return sorted(
        str(r.fields["StartDateTime"]) for r in the.crm.store.of_kind(Kind.EVENT)
    )


def record_on(the: World, day: date):
    wanted = f"/{day.isoformat()}"
    (link,) = [x for x in the.shelf.links.values() if x.item_uid.endswith(wanted)]
    return the.crm.store.things[link.record_id]


def test_each_occurrence_gets_one_record_and_then_it_is_quiet() -> None:
    """B09: as many records as occurrences."""
    the = world()
    master = the.mailbox.add_series(WEEKLY, at(MONDAY), subject="Team")
    the.come_to_rest()
    assert starts(the) == [f"{d}T09:00:00Z" for d in DAYS]
    uids = {r.fields["ClientGuid"] for r in the.crm.store.of_kind(Kind.EVENT)}
    assert uids == {master.uid}
    assert the.mailbox.item(master.id).categories == (
        "Salesforce",
        "Status: Tracked successfully",
    )
    assert the.shelf.links[the.shelf.find(1, item_ids=[master.id])[0].key].is_series
    assert the.open_issues() == []


def test_a_cancelled_occurrence_stays_cancelled() -> None:
    """A01, A13: nothing tells of it, and further sessions write nothing."""
    the = world()
    master = the.mailbox.add_series(WEEKLY, at(MONDAY), subject="Team")
    the.come_to_rest()
    the.mailbox.cancel_occurrence(the.mailbox.occurrence_id(master.id, DAYS[2]))
    the.come_to_rest()
    assert starts(the) == [f"{d}T09:00:00Z" for d in DAYS if d != DAYS[2]]
    before = the.writes
    for _ in range(3):
        the.sync()
    assert the.writes == before


def test_a_moved_occurrence_moves_its_record_and_no_other() -> None:
    """A03, A21: matched by the day on which the rule put it."""
    the = world()
    master = the.mailbox.add_series(WEEKLY, at(MONDAY), subject="Team")
    the.come_to_rest()
    others = {r.id: r.version for r in the.crm.store.of_kind(Kind.EVENT)}
    moved = record_on(the, DAYS[1]).id
    occurrence = the.mailbox.occurrence_id(master.id, DAYS[1])
    the.mailbox.move_occurrence(occurrence, at(DAYS[1] + timedelta(days=2), 15))
    the.come_to_rest()
    now = {r.id: r.version for r in the.crm.store.of_kind(Kind.EVENT)}
    assert now.keys() == others.keys()
    assert {i for i in now if now[i] != others[i]} == {moved}
    assert the.crm.store.things[moved].fields["StartDateTime"] == "2026-12-09T14:00:00Z"


def test_an_edit_in_salesforce_changes_that_occurrence_only() -> None:
    """A21: the others stay byte for byte what they were."""
    the = world()
    master = the.mailbox.add_series(WEEKLY, at(MONDAY), subject="Team")
    the.come_to_rest()
    the.crm.edit(record_on(the, DAYS[3]).id, Subject="Team, with the board")
    the.come_to_rest()
    subjects = [
        the.mailbox.item(the.mailbox.occurrence_id(master.id, d)).content["subject"]
        for d in DAYS
    ]
    assert subjects == ["Team"] * 3 + ["Team, with the board"] + ["Team"] * 2
    assert the.mailbox.item(master.id).content["subject"] == "Team"


def test_a_record_deleted_in_salesforce_leaves_the_occurrence_alone() -> None:
    """3.4: what was made in the mailbox stays there."""
    the = world()
    master = the.mailbox.add_series(WEEKLY, at(MONDAY), subject="Team")
    the.come_to_rest()
    the.crm.delete(record_on(the, DAYS[3]).id)
    the.come_to_rest()
    assert the.mailbox.occurrence_id(master.id, DAYS[3])
    assert len(starts(the)) == len(DAYS) - 1


def test_a_series_that_moves_keeps_its_records() -> None:
    """A07: occurrences get new ids, and no second series appears."""
    the = world()
    master = the.mailbox.add_series(WEEKLY, at(MONDAY), subject="Team")
    the.come_to_rest()
    records = {r.id for r in the.crm.store.of_kind(Kind.EVENT)}
    the.mailbox.edit_series(master.id, when=at(MONDAY, 14))
    the.come_to_rest()
    assert {r.id for r in the.crm.store.of_kind(Kind.EVENT)} == records
    assert starts(the) == [f"{d}T13:00:00Z" for d in DAYS]


def test_a_split_series_is_two_series_and_nothing_is_doubled() -> None:
    the = world()
    master = the.mailbox.add_series(WEEKLY, at(MONDAY), subject="Team")
    the.come_to_rest()
    the.mailbox.split_series(
        master.id,
        DAYS[3],
        when=at(DAYS[3], 16),
        recurrence="FREQ=WEEKLY;INTERVAL=1;BYDAY=MO;COUNT=3",
    )
    the.come_to_rest()
    first = [f"{d}T09:00:00Z" for d in DAYS[:3]]
    second = [f"{d}T15:00:00Z" for d in DAYS[3:]]
    assert starts(the) == [*first, *second]


def test_deleting_a_long_series_is_one_deletion_for_the_brake() -> None:
    the = world()
    daily = "FREQ=DAILY;INTERVAL=1;COUNT=30"
    master = the.mailbox.add_series(daily, at(MONDAY), subject="Stand-up")
    the.come_to_rest()
    assert len(starts(the)) == 30
    the.mailbox.delete_series(master.id)
    the.come_to_rest()
    assert starts(the) == []
    assert the.open_issues() == []


def test_a_series_that_becomes_marked_is_saved_as_a_whole() -> None:
    """3.6-1: the category on one occurrence is the category of the series."""
    the = World(make.mailbox(policy=Policy()))
    the.crm.traits = Traits(has_advanced_calendaring=True)
    master = the.mailbox.add_series(WEEKLY, at(MONDAY), subject="Team")
    the.come_to_rest()
    assert starts(the) == []
    the.mailbox.categorize(master.id, "Salesforce")
    the.come_to_rest()
    assert len(starts(the)) == len(DAYS)


def test_taking_a_series_out_deletes_its_records_and_its_marks() -> None:
    the = world()
    master = the.mailbox.add_series(WEEKLY, at(MONDAY), subject="Team")
    the.come_to_rest()
    now = the.mailbox.item(master.id).categories
    the.mailbox.categorize(master.id, *now, "Salesforce Unsync")
    the.come_to_rest()
    assert starts(the) == []
    assert the.mailbox.item(master.id).categories == ("Salesforce Unsync",)


def test_an_org_that_is_not_prepared_is_one_issue_and_heals() -> None:
    """A24: said on the item, nothing half done."""
    the = world()
    the.crm.traits = Traits()
    master = the.mailbox.add_series(WEEKLY, at(MONDAY), subject="Team")
    the.come_to_rest()
    (issue,) = the.open_issues()
    assert issue.params["field_labels"] == "ClientGuid, OriginalInstanceDateTime"
    assert "Sync Error" in the.mailbox.item(master.id).categories
    assert starts(the) == []
    the.crm.traits = Traits(has_advanced_calendaring=True)
    the.come_to_rest()
    assert len(starts(the)) == len(DAYS)
    assert the.open_issues() == []
    assert "Sync Error" not in the.mailbox.item(master.id).categories


def test_an_occurrence_that_cannot_be_saved_marks_its_series_until_all_are_good() -> (
    None
):
    """A02, A11: one issue for the series; the other occurrences go on."""
    the = world()
    master = the.mailbox.add_series(WEEKLY, at(MONDAY), subject="Team")
    the.come_to_rest()
    bad = [DAYS[1], DAYS[2]]

    def rule(verb, thing):
        from syncline.connectors.memory.faults import make_fault
        from syncline.domain.values.faults import FaultClass

        if thing.kind is Kind.EVENT and thing.fields["Location"] == "Mars":
            return make_fault(
                FaultClass.REJECTED, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "Location"
            )
        return None

    the.crm.desk.rules.append(rule)
    for day in bad:
        occurrence = the.mailbox.occurrence_id(master.id, day)
        the.mailbox.edit_occurrence(occurrence, location="Mars")
    the.sync()
    (issue,) = the.open_issues()
    assert "Sync Error" in the.mailbox.item(master.id).categories
    one = the.mailbox.occurrence_id(master.id, bad[0])
    the.mailbox.edit_occurrence(one, location="Oslo")
    the.sync()
    assert [i.code for i in the.open_issues()] == [issue.code]
    two = the.mailbox.occurrence_id(master.id, bad[1])
    the.mailbox.edit_occurrence(two, location="Oslo")
    the.come_to_rest()
    assert the.open_issues() == []
    assert "Sync Error" not in the.mailbox.item(master.id).categories
    assert [record_on(the, d).fields["Location"] for d in bad] == ["Oslo", "Oslo"]


def test_an_unreadable_occurrence_is_not_a_deleted_one() -> None:
    """A04"""
    the = world()
    master = the.mailbox.add_series(WEEKLY, at(MONDAY), subject="Team")
    the.come_to_rest()
    the.mailbox.desk.unreadable.add(the.mailbox.occurrence_id(master.id, DAYS[2]))
    the.mailbox.edit_series(master.id, location="Oslo")
    the.sync()
    assert len(starts(the)) == len(DAYS)
    assert [i.code for i in the.open_issues()]
    the.mailbox.desk.unreadable.clear()
    the.come_to_rest()
    assert the.open_issues() == []


def test_a_series_that_was_unreadable_at_first_is_saved_once_it_is_not() -> None:
    the = world()
    master = the.mailbox.add_series(WEEKLY, at(MONDAY), subject="Team")
    the.mailbox.desk.unreadable.add(master.id)
    the.sync()
    assert starts(the) == []
    assert len(the.open_issues()) == 1
    the.mailbox.desk.unreadable.clear()
    the.come_to_rest()
    assert len(starts(the)) == len(DAYS)
    assert the.open_issues() == []
    assert the.mailbox.item(master.id).categories == (
        "Salesforce",
        "Status: Tracked successfully",
    )


def test_a_single_event_that_becomes_a_series_is_told_not_guessed() -> None:
    """3.6-4"""
    the = world()
    item = the.mailbox.add(Kind.EVENT, subject="Team", when=at(MONDAY))
    the.come_to_rest()
    the.mailbox.edit(item.id, recurrence=WEEKLY)
    the.sync()
    assert len(starts(the)) == 1
    (issue,) = the.open_issues()
    assert "Sync Error" in the.mailbox.item(item.id).categories
    the.mailbox.edit(item.id, recurrence=None)
    the.come_to_rest()
    assert the.open_issues() == []
    assert issue.params["value"] == "a series"


def test_a_moved_occurrence_keeps_its_original_start() -> None:
    the = world()
    master = the.mailbox.add_series(WEEKLY, at(MONDAY), subject="Team")
    occurrence = the.mailbox.occurrence_id(master.id, DAYS[1])
    the.mailbox.move_occurrence(occurrence, at(DAYS[1], 17))
    the.come_to_rest()
    fields = record_on(the, DAYS[1]).fields
    assert fields["StartDateTime"] == f"{DAYS[1]}T16:00:00Z"
    assert fields["OriginalInstanceDateTime"] == f"{DAYS[1]}T09:00:00Z"


def test_a_lost_database_finds_every_occurrence_again() -> None:
    """D15: nothing deleted, nothing doubled."""
    the = world()
    master = the.mailbox.add_series(WEEKLY, at(MONDAY), subject="Team")
    occurrence = the.mailbox.occurrence_id(master.id, DAYS[1])
    the.mailbox.move_occurrence(occurrence, at(DAYS[1], 17))
    the.come_to_rest()
    before = starts(the)
    the.shelf.links.clear()
    the.shelf.marks.clear()
    the.shelf.issues.clear()
    the.come_to_rest()
    assert starts(the) == before
    assert len(list(the.mailbox.store.of_kind(Kind.EVENT))) == 1


def test_a_migrated_mailbox_keeps_its_records() -> None:
    """D05: all ids are new, the uids are not."""
    the = world()
    the.mailbox.add_series(WEEKLY, at(MONDAY), subject="Team")
    the.mailbox.add(Kind.EVENT, subject="Single", when=at(MONDAY, 15))
    the.come_to_rest()
    records = {r.id for r in the.crm.store.of_kind(Kind.EVENT)}
    the.mailbox.change_ids()
    the.come_to_rest()
    assert {r.id for r in the.crm.store.of_kind(Kind.EVENT)} == records
    assert len(list(the.mailbox.store.of_kind(Kind.EVENT))) == 2


def test_a_series_with_guests_mails_nobody() -> None:
    """A12, C02"""
    the = world()
    guests = (Attendee(email="guest@acme.example"),)
    master = the.mailbox.add_series(
        WEEKLY, at(MONDAY), subject="Team", attendees=guests
    )
    the.come_to_rest()
    the.crm.edit(record_on(the, DAYS[0]).id, Subject="Other")
    the.sync()
    assert the.mailbox.desk.guest_mails == 0
    assert the.mailbox.item(master.id).content["subject"] == "Team"
    assert [i.code for i in the.open_issues()]


def test_an_all_day_series_is_matched_by_local_days() -> None:
    the = world()
    rule = "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=1;COUNT=2"
    first = date(2026, 12, 1)
    master = the.mailbox.add_series(
        rule, AllDaySpan(first=first, last=first), subject="Rent"
    )
    the.come_to_rest()
    days = sorted(r.fields["ActivityDate"] for r in the.crm.store.of_kind(Kind.EVENT))
    assert days == ["2026-12-01", "2027-01-01"]
    the.mailbox.cancel_occurrence(
        the.mailbox.occurrence_id(master.id, date(2027, 1, 1))
    )
    the.come_to_rest()
    days = [r.fields["ActivityDate"] for r in the.crm.store.of_kind(Kind.EVENT)]
    assert days == ["2026-12-01"]


@pytest.mark.parametrize(
    ("zone", "first", "hours"),
    [
        ("Europe/Berlin", date(2027, 3, 22), (9, 8)),
        ("America/New_York", date(2027, 3, 8), (15, 14)),
        ("Australia/Sydney", date(2027, 3, 29), (23, 0)),
    ],
)
def test_a_series_keeps_its_wall_clock_over_a_change_of_clocks(
    zone: str, first: date, hours: tuple[int, int]
) -> None:
    """B05: the weeks before and after the clocks change."""
    the = world()
    the.clock.time = datetime(2027, 2, 25, 9, 0, tzinfo=UTC)
    rule = "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO;COUNT=2"
    the.mailbox.add_series(rule, at(first, 10, zone), subject="Team")
    the.come_to_rest()
    found = tuple(datetime.fromisoformat(s).hour for s in starts(the))
    assert found == hours


def test_series_that_salesforce_expands_are_one_issue_each() -> None:
    """A24, product decision 12: not half copied."""
    the = world()
    fields = [
        {
            "Subject": "Review",
            "StartDateTime": f"{d}T09:00:00Z",
            "EndDateTime": f"{d}T10:00:00Z",
        }
        for d in DAYS
    ]
    the.crm.add_series(fields, unsupported="classic_series")
    the.come_to_rest()
    assert list(the.mailbox.store.of_kind(Kind.EVENT)) == []
    assert len(the.open_issues()) == 1


def test_a_new_window_brings_new_occurrences_and_keeps_old_records() -> None:
    the = world()
    daily = "FREQ=DAILY;INTERVAL=1"
    master = the.mailbox.add_series(daily, at(MONDAY), subject="Stand-up")
    the.sync()
    before = starts(the)
    the.clock.time += timedelta(days=40)
    the.sync()
    now = starts(the)
    assert now[: len(before)] == before, "what left the window stays in Salesforce"
    assert len(now) == len(before) + 40
    assert "Salesforce" in the.mailbox.item(master.id).categories
    writes = the.writes
    the.sync()
    assert the.writes == writes
