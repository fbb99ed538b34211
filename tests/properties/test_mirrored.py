"""Records of other objects in the calendar, through whole sessions (3.12-1)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from syncline.domain.access.policy import Mirrored, Policy
from syncline.domain.issues.catalog import by_slug
from syncline.domain.values.content import AllDaySpan, format_instant
from syncline.domain.values.items import Item, Record
from syncline.domain.values.kinds import Kind
from tests import factories as make
from tests.properties.world import World, span

VISIT = Mirrored(
    object_name="Site_Visit__c", subject_field="Name", start_field="Starts_At__c"
)


def world(**choices: Any) -> World:
    chosen = {"auto_save": frozenset(Kind), "save_unrelated_events": True, **choices}
    return World(make.mailbox(policy=Policy(mirrored=(VISIT,), **chosen)))


def visit(the: World, subject: str = "Visit Acme", day: int = 1) -> Record:
    when = span(day)
    return the.crm.add_mirrored(
        Subject=subject,
        StartDateTime=format_instant(when.start),
        EndDateTime=format_instant(when.end),
    )


def items(the: World) -> list[Item]:
    return list(the.mailbox.store.of_kind(Kind.EVENT))


def records(the: World) -> list[Record]:
    return list(the.crm.store.of_kind(Kind.EVENT))


def test_a_record_appears_with_our_category_and_is_left_as_it_is() -> None:
    the = world()
    record = visit(the)
    the.come_to_rest()
    (item,) = items(the)
    assert item.content["subject"] == "Visit Acme"
    assert item.content["when"] == replace(span(1), zone="")
    assert "Salesforce" in item.categories
    assert records(the) == [record]
    assert the.open_issues() == []


def test_a_day_appears_as_a_whole_day() -> None:
    the = world()
    day = span(1).start.date()
    the.crm.add_mirrored(
        Subject="Renewal",
        IsAllDayEvent=True,
        ActivityDate=day.isoformat(),
        EndDate=day.isoformat(),
    )
    the.come_to_rest()
    (item,) = items(the)
    assert item.content["when"] == AllDaySpan(first=day, last=day)


def test_changes_come_down_and_edits_in_the_mailbox_are_undone() -> None:
    the = world()
    record = visit(the)
    the.come_to_rest()
    (item,) = items(the)
    the.crm.edit(record.id, Subject="Visit Acme in Oslo")
    the.sync()
    assert the.mailbox.item(item.id).content["subject"] == "Visit Acme in Oslo"
    stands = records(the)
    the.mailbox.edit(item.id, subject="Mine", location="Home", when=span(3))
    the.come_to_rest()
    back = the.mailbox.item(item.id).content
    assert (back["subject"], back["when"]) == ("Visit Acme in Oslo", span(1))
    assert back["location"] is None
    assert records(the) == stands


def test_a_deleted_item_comes_back_and_a_deleted_record_takes_it_along() -> None:
    the = world()
    record = visit(the)
    the.come_to_rest()
    the.mailbox.delete(items(the)[0].id)
    the.come_to_rest()
    (item,) = items(the)
    the.mailbox.edit(item.id, subject="Mine")
    the.crm.delete(record.id)
    the.come_to_rest()
    assert items(the) == []
    assert records(the) == []


def test_taken_out_by_its_owner_both_stay_and_go_separate_ways() -> None:
    the = world()
    record = visit(the)
    the.come_to_rest()
    (item,) = items(the)
    the.mailbox.categorize(item.id, "Salesforce Unsync")
    the.come_to_rest()
    the.crm.edit(record.id, Subject="Changed later")
    the.come_to_rest()
    assert [i.content["subject"] for i in items(the)] == ["Visit Acme"]
    assert [r.fields["Subject"] for r in records(the)] == ["Changed later"]


def test_an_equal_item_of_the_owner_is_another_thing() -> None:
    the = world()
    visit(the)
    the.mailbox.add(Kind.EVENT, subject="Visit Acme", when=span(1))
    the.come_to_rest()
    assert len(items(the)) == 2
    assert sorted(r.is_mirrored for r in records(the)) == [False, True]


def test_after_a_lost_database_item_and_record_find_each_other() -> None:
    the = world()
    record = visit(the)
    the.come_to_rest()
    (item,) = items(the)
    the.shelf.links.clear()
    the.shelf.marks.clear()
    the.come_to_rest()
    assert [i.id for i in items(the)] == [item.id]
    assert records(the) == [record]
    the.crm.delete(record.id)
    the.come_to_rest()
    assert items(the) == []


def test_after_a_lost_database_an_item_alone_is_not_saved_as_an_event() -> None:
    the = world()
    record = visit(the)
    the.come_to_rest()
    the.shelf.links.clear()
    the.shelf.marks.clear()
    the.crm.hide(record.id)
    the.come_to_rest()
    assert records(the) == [record]
    assert len(items(the)) == 1


def test_a_profile_that_no_longer_names_the_object_takes_its_items_back() -> None:
    the = world()
    record = visit(the)
    the.come_to_rest()
    policy = replace(the.shelf.mailbox.policy, mirrored=())
    the.shelf.mailbox = replace(the.shelf.mailbox, policy=policy)
    the.crm.hide(record.id)
    the.come_to_rest()
    assert items(the) == []
    assert records(the) == [record]


def test_a_hidden_object_is_one_issue_and_takes_nothing_away() -> None:
    the = world()
    made = [visit(the, f"Visit {n}", n) for n in range(12)]
    the.come_to_rest()
    the.crm.hide_mirrored()
    the.mailbox.add(Kind.EVENT, subject="Mine", when=span(20))
    the.come_to_rest()
    (issue,) = the.open_issues()
    assert issue.code == by_slug("mirrored_object_hidden").code
    assert issue.params["value"] == "Visit"
    assert len(items(the)) == 13
    assert len(records(the)) == 13
    the.crm.show_mirrored()
    the.crm.edit(made[0].id, Subject="Visible again")
    the.come_to_rest()
    assert the.open_issues() == []
    assert "Visible again" in {i.content["subject"] for i in items(the)}


@pytest.mark.parametrize("die_at", range(5))
def test_a_session_that_dies_leaves_one_item_and_no_event(die_at: int) -> None:
    the = world()
    record = visit(the)
    the.shelf.die_at = die_at
    the.sync()
    the.come_to_rest()
    assert len(items(the)) == 1
    assert records(the) == [record]
    the.mailbox.edit(items(the)[0].id, subject="Mine")
    the.shelf.die_at = die_at
    the.sync()
    the.come_to_rest()
    assert [i.content["subject"] for i in items(the)] == ["Visit Acme"]
    assert records(the) == [record]


def test_a_migrated_mailbox_keeps_its_items_apart_from_events() -> None:
    """All ids are new; the key on each item says where it came from."""
    the = world()
    record = visit(the)
    the.come_to_rest()
    the.mailbox.change_ids()
    the.come_to_rest()
    assert len(items(the)) == 1
    assert records(the) == [record]
