"""Reference 3.4, cell by cell: what an action does to each kind of calendar item."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from syncline.domain.access.mailbox import Mailbox
from syncline.domain.access.policy import Policy, UnsyncCondition
from syncline.domain.engine.decisions import Decision, Scene
from syncline.domain.engine.pair import pair
from syncline.domain.engine.reconcile import reconcile
from syncline.domain.engine.unsync import LEFT_WINDOW
from syncline.domain.engine.window import window_at
from syncline.domain.values.changes import Change, Presence
from syncline.domain.values.content import Attendee, TimedSpan
from syncline.domain.values.items import Item, Record
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Base, Link, LinkState
from syncline.domain.values.operations import Verb
from tests import factories as make
from tests.factories import NOW, gone, seen

GUEST = (Attendee(email="guest@acme.example"),)
OUR_MARKS = ("Salesforce", "Status: Tracked successfully")

APPOINTMENT_OF_MAILBOX = "appointment made in the mailbox"
APPOINTMENT_OF_CRM = "appointment made in Salesforce"
OWN_MEETING = "meeting that the user organizes"
OTHERS_MEETING = "meeting with an external organizer"
KINDS = (APPOINTMENT_OF_MAILBOX, APPOINTMENT_OF_CRM, OWN_MEETING, OTHERS_MEETING)
each = pytest.mark.parametrize("what", KINDS)


class Partners:
    """An item and a record in step, as one row of the table."""

    def __init__(self, what: str) -> None:
        content = {"attendees": GUEST} if "meeting" in what else {}
        is_organizer = what != OTHERS_MEETING
        self.item: Item = make.item(
            content=content,
            categories=OUR_MARKS,
            is_organizer=is_organizer,
            organizer="" if is_organizer else "boss@acme.example",
            response="" if is_organizer else "accepted",
        )
        mapping_fields = make.record().fields
        self.record: Record = make.record()
        base = Base(item=self.item.content, record=mapping_fields)
        origin = Side.CRM if what == APPOINTMENT_OF_CRM else Side.MAILBOX
        self.link: Link = make.link(
            origin=origin, base=base, marks=OUR_MARKS, is_organizer=is_organizer
        )

    def decide(
        self,
        *changes: Change,
        mailbox: Mailbox | None = None,
    ) -> Decision:
        whose = mailbox or make.mailbox()
        scene = Scene(mailbox=whose, window=window_at(NOW, whose.policy), now=NOW)
        items = [c for c in changes if c.side is Side.MAILBOX]
        records = [c for c in changes if c.side is Side.CRM]
        (found,) = pair(whose, items, records, [self.link])
        return reconcile(found, scene)


def writes(decision: Decision) -> list[tuple[Side, Verb]]:
    return [(o.side, o.verb) for o in decision.operations]


DELETES_RECORD = [(Side.CRM, Verb.DELETE)]
DELETES_ITEM = [(Side.MAILBOX, Verb.DELETE)]


@each
def test_a_category_that_its_owner_removed_is_restored(what: str) -> None:
    """The link stays; marking puts back what is wanted and missing."""
    partners = Partners(what)
    bare = replace(partners.item, categories=())
    decision = partners.decide(seen(bare))
    assert writes(decision) == []
    assert decision.link.state is LinkState.LINKED
    assert decision.link.marks == OUR_MARKS


@each
def test_what_is_deleted_in_the_mailbox_is_deleted_in_salesforce(what: str) -> None:
    partners = Partners(what)
    decision = partners.decide(gone(Side.MAILBOX, "i1"))
    assert writes(decision) == DELETES_RECORD


@each
def test_unsync_category_deletes_the_record_and_leaves_the_item(what: str) -> None:
    partners = Partners(what)
    out = replace(partners.item, categories=(*OUR_MARKS, "salesforce UNSYNC"))
    decision = partners.decide(seen(out))
    assert writes(decision) == DELETES_RECORD
    assert decision.operations[0].item is not None, "so its marks are taken off"


@each
def test_what_is_taken_out_stays_out_though_saving_is_automatic(what: str) -> None:
    partners = Partners(what)
    partners.link = replace(
        partners.link, state=LinkState.TOMBSTONE, marks=(), hold=None
    )
    out = replace(partners.item, categories=("Salesforce Unsync",), version="v2")
    assert writes(partners.decide(seen(out))) == []
    # After a lost database the category still says it.
    partners.link = make.link(item_id="other", item_uid="other", key="other")
    decisions = pair(make.mailbox(), [seen(out)], [], [])
    scene = Scene(mailbox=make.mailbox(), window=window_at(NOW, Policy()), now=NOW)
    assert [writes(reconcile(p, scene)) for p in decisions] == [[]]


def outside() -> Change:
    return Change(
        side=Side.MAILBOX, kind=Kind.EVENT, id="i1", presence=Presence.OUT_OF_SCOPE
    )


def long_ago(partners: Partners) -> None:
    start = NOW - timedelta(days=30)
    span = TimedSpan(start=start, end=start + timedelta(hours=1), zone="UTC")
    assert partners.link.base is not None
    item = {**partners.link.base.item, "when": span}
    partners.link = replace(
        partners.link, base=Base(item=item, record=partners.link.base.record)
    )


@each
def test_leaving_the_window_keeps_the_record(what: str) -> None:
    """3.4-1: only an appointment that came from Salesforce leaves the mailbox."""
    partners = Partners(what)
    long_ago(partners)
    decision = partners.decide(outside())
    if what == APPOINTMENT_OF_CRM:
        assert writes(decision) == DELETES_ITEM
        assert decision.operations[0].reason == LEFT_WINDOW
    else:
        assert writes(decision) == []
        assert decision.link.state is LinkState.LINKED


@each
def test_what_is_deleted_in_salesforce(what: str) -> None:
    """Appointments from Salesforce go; everything else only loses its marks."""
    partners = Partners(what)
    decision = partners.decide(gone(Side.CRM, "r1"))
    if what == APPOINTMENT_OF_CRM:
        assert writes(decision) == DELETES_ITEM
    else:
        assert writes(decision) == []
        assert decision.link.state is LinkState.TOMBSTONE


@each
def test_deletion_in_salesforce_travels_when_the_profile_says_so(what: str) -> None:
    """3.4-2; a meeting with guests is never deleted, that would cancel it (D01)."""
    policy = replace(make.mailbox().policy, delete_items_with_records=True)
    partners = Partners(what)
    decision = partners.decide(
        gone(Side.CRM, "r1"), mailbox=make.mailbox(policy=policy)
    )
    expected = [] if "meeting" in what else DELETES_ITEM
    assert writes(decision) == expected


@pytest.mark.parametrize(
    ("field", "value", "holds"),
    [
        ("Type", "Internal", True),
        ("Type", "internal", True),
        ("Type", "Customer", False),
        ("IsPrivate", "false", True),
        ("Days__c", "Mon;Tue", True),
        ("Days__c", "Mon", False),
    ],
)
def test_a_condition_of_the_profile_takes_the_item_out(
    field: str, value: str, holds: bool
) -> None:
    """3.4-4: the record stays in Salesforce; several picks match as a whole."""
    policy = replace(
        make.mailbox().policy,
        unsync_conditions=(UnsyncCondition(field=field, value=value),),
    )
    partners = Partners(APPOINTMENT_OF_CRM)
    fields = {"Type": "Internal", "IsPrivate": False, "Days__c": "Tue;Mon"}
    record = make.record(fields=fields)
    decision = partners.decide(seen(record), mailbox=make.mailbox(policy=policy))
    assert writes(decision) == (DELETES_ITEM if holds else [])


def test_what_a_condition_took_out_comes_back_when_it_no_longer_holds() -> None:
    partners = Partners(APPOINTMENT_OF_CRM)
    partners.link = replace(partners.link, state=LinkState.TOMBSTONE, marks=())
    decision = partners.decide(seen(partners.record))
    assert writes(decision) == [(Side.MAILBOX, Verb.CREATE)]


def test_a_task_that_leaves_its_folder_parts_from_its_record() -> None:
    """3.3: neither side loses anything; the marks come off."""
    task = make.item(Kind.TASK)
    link = make.link(Kind.TASK, is_filed=True, marks=OUR_MARKS)
    mailbox = make.mailbox()
    scene = Scene(mailbox=mailbox, window=window_at(NOW, mailbox.policy), now=NOW)
    (found,) = pair(mailbox, [seen(task)], [], [link])
    decision = reconcile(found, scene)
    assert writes(decision) == []
    assert decision.link.state is LinkState.TOMBSTONE


def test_items_of_a_kind_that_no_longer_comes_down_leave_the_mailbox() -> None:
    """3.1-1: only those that had come from Salesforce."""
    policy = replace(make.mailbox().policy, down_sync=frozenset())
    for what, expected in (
        (APPOINTMENT_OF_CRM, DELETES_ITEM),
        (APPOINTMENT_OF_MAILBOX, []),
    ):
        partners = Partners(what)
        decision = partners.decide(
            seen(partners.item), mailbox=make.mailbox(policy=policy)
        )
        assert writes(decision) == expected
