"""Records of other objects only come down (reference 3.12-1)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from syncline.domain.access.mailbox import Mailbox
from syncline.domain.access.policy import Mirrored, Policy, UnsyncCondition
from syncline.domain.engine.decisions import Decision, Scene
from syncline.domain.engine.direction import WRONG_WAY, forbidden
from syncline.domain.engine.keys import is_mirrored_key, item_key, record_key
from syncline.domain.engine.pair import pair
from syncline.domain.engine.reconcile import reconcile
from syncline.domain.engine.window import window_at
from syncline.domain.values.changes import Change, Presence
from syncline.domain.values.items import Record
from syncline.domain.values.kinds import Direction, Kind, Side
from syncline.domain.values.links import Link, LinkState
from syncline.domain.values.operations import Operation, Verb
from tests import factories as make
from tests.factories import NOW, gone, seen

VISIT = Mirrored(
    object_name="Site_Visit__c", subject_field="Name", start_field="Starts_At__c"
)
POLICY = Policy(
    auto_save=frozenset({Kind.EVENT}), save_unrelated_events=True, mirrored=(VISIT,)
)


def decide(
    items: list[Change],
    records: list[Change],
    links: list[Link],
    policy: Policy = POLICY,
) -> Decision:
    whose = make.mailbox(policy=policy)
    scene = Scene(mailbox=whose, window=window_at(NOW, policy), now=NOW)
    (decision,) = (reconcile(p, scene) for p in pair(whose, items, records, links))
    return decision


def writes(decision: Decision) -> list[tuple[Side, Verb]]:
    return [(o.side, o.verb) for o in decision.operations]


def visit(**changes: Any) -> Record:
    return make.record(is_mirrored=True, **changes)


def partners(**changes: Any) -> Link:
    return make.link(**{"origin": Side.CRM, "is_mirrored": True, **changes})


def test_a_mirrored_record_comes_down_though_events_do_not() -> None:
    decision = decide([], [seen(visit())], [], replace(POLICY, down_sync=frozenset()))
    assert writes(decision) == [(Side.MAILBOX, Verb.CREATE)]
    assert decision.operations[0].link.is_mirrored


def test_a_mirrored_record_is_not_paired_with_an_equal_item() -> None:
    whose = make.mailbox(policy=POLICY)
    found = pair(whose, [seen(make.item())], [seen(visit())], [])
    assert [(p.item is None, p.record is None) for p in found] == [
        (False, True),
        (True, False),
    ]


def test_an_edit_in_the_mailbox_is_undone() -> None:
    edited = make.item(content={"subject": "Mine now"})
    decision = decide([seen(edited)], [], [partners()])
    assert writes(decision) == [(Side.MAILBOX, Verb.UPDATE)]
    assert decision.operations[0].fields == {"subject": "Demo at Acme"}


def test_an_edit_on_both_sides_ends_as_salesforce_says() -> None:
    edited = make.item(content={"subject": "Mine now"})
    record = visit(fields={"Subject": "Theirs"})
    decision = decide([seen(edited)], [seen(record)], [partners()])
    assert writes(decision) == [(Side.MAILBOX, Verb.UPDATE)]
    assert decision.operations[0].fields["subject"] == "Theirs"


def test_an_item_that_was_deleted_in_the_mailbox_comes_back() -> None:
    decision = decide([gone(Side.MAILBOX, "i1")], [], [partners()])
    assert writes(decision) == [(Side.MAILBOX, Verb.CREATE)]


@pytest.mark.parametrize("subject", ["Demo at Acme", "Mine now"])
def test_a_deleted_record_takes_its_item_along_even_an_edited_one(subject: str) -> None:
    item = make.item(content={"subject": subject})
    decision = decide([seen(item)], [gone(Side.CRM, "r1")], [partners()])
    assert writes(decision) == [(Side.MAILBOX, Verb.DELETE)]


def test_taking_it_out_only_parts_them() -> None:
    item = make.item(categories=("Salesforce", "Salesforce Unsync"))
    decision = decide([seen(item)], [], [partners()])
    assert writes(decision) == []
    assert decision.link.is_parted
    assert decision.link.state is LinkState.TOMBSTONE


def test_a_parted_item_that_is_marked_again_is_joined_with_its_record() -> None:
    grave = partners(state=LinkState.TOMBSTONE, is_parted=True)
    marked = make.item(categories=("Salesforce",), content={"subject": "Mine"})
    decision = decide([seen(marked)], [seen(visit())], [grave])
    assert writes(decision) == [(Side.MAILBOX, Verb.UPDATE)]
    assert writes(decide([seen(marked)], [], [grave])) == []


def test_an_item_that_came_down_is_never_saved_as_an_event() -> None:
    """Whatever else was lost, its own key tells where it came from."""
    whose = make.mailbox(policy=POLICY)
    key = record_key(whose, visit())
    item = make.item(link_key=key, categories=("Salesforce",))
    alone = decide([seen(item)], [], [])
    assert writes(alone) == []
    assert alone.forget
    together = decide([seen(item)], [seen(visit())], [])
    assert writes(together) == []
    assert together.link.state is LinkState.LINKED
    assert together.link.is_mirrored


def test_a_copy_of_such_an_item_is_not_saved_either() -> None:
    whose = make.mailbox(policy=POLICY)
    link = partners(key=record_key(whose, visit()))
    copy = make.item(name="i2", link_key=link.key, categories=("Salesforce",))
    decision = decide([seen(copy)], [], [link])
    assert writes(decision) == []
    assert decision.forget


def test_only_keys_of_mirrored_records_show_it() -> None:
    whose: Mailbox = make.mailbox()
    assert is_mirrored_key(record_key(whose, visit()))
    others = (record_key(whose, make.record()), item_key(whose, make.item()), None)
    assert not any(is_mirrored_key(key) for key in others)


def test_conditions_about_events_say_nothing_about_other_objects() -> None:
    condition = UnsyncCondition(field="Type__c", value="")
    policy = replace(POLICY, unsync_conditions=(condition,))
    decision = decide([], [seen(visit())], [], policy)
    assert writes(decision) == [(Side.MAILBOX, Verb.CREATE)]


def test_items_go_when_the_profile_shows_no_other_objects_any_more() -> None:
    policy = replace(POLICY, mirrored=())
    hidden = Change(
        side=Side.CRM, kind=Kind.EVENT, id="r1", presence=Presence.OUT_OF_SCOPE
    )
    decision = decide([seen(make.item())], [hidden], [partners()], policy)
    assert writes(decision) == [(Side.MAILBOX, Verb.DELETE)]


@pytest.mark.parametrize("verb", [Verb.CREATE, Verb.UPDATE, Verb.DELETE])
@pytest.mark.parametrize("way", list(Direction))
def test_the_lock_on_the_door_refuses_every_write_to_salesforce(
    verb: Verb, way: Direction
) -> None:
    policy = replace(POLICY, directions={Kind.EVENT: way})
    operation = Operation(link=partners(), side=Side.CRM, verb=verb, kind=Kind.EVENT)
    fault = forbidden(operation, policy)
    assert fault is not None
    assert fault.code == WRONG_WAY
    down = replace(operation, side=Side.MAILBOX)
    assert forbidden(down, policy) is None
