"""What happens to one link, by what was observed of its two ends."""

from dataclasses import replace
from datetime import timedelta

import pytest

from syncline.domain.access.mailbox import Mailbox
from syncline.domain.access.policy import Policy
from syncline.domain.engine.decisions import Decision, Scene
from syncline.domain.engine.pair import pair
from syncline.domain.engine.reconcile import reconcile
from syncline.domain.engine.window import window_at
from syncline.domain.values.changes import Change, Presence
from syncline.domain.values.content import Attendee, TimedSpan
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Link, LinkState
from syncline.domain.values.operations import Verb
from tests import factories as make
from tests.factories import NOW, gone, seen

GUEST = (Attendee(email="guest@acme.example"),)


def decide(
    items: list[Change],
    records: list[Change],
    links: list[Link],
    mailbox: Mailbox | None = None,
) -> list[Decision]:
    whose = mailbox or make.mailbox()
    scene = Scene(mailbox=whose, window=window_at(NOW, whose.policy), now=NOW)
    return [reconcile(p, scene) for p in pair(whose, items, records, links)]


def writes(decisions: list[Decision]) -> list[tuple[Side, Verb]]:
    return [(o.side, o.verb) for d in decisions for o in d.operations]


def slugs(decisions: list[Decision]) -> list[str]:
    return [f.slug for d in decisions for f in d.findings]


def test_new_item_is_created_in_salesforce() -> None:
    decisions = decide([seen(make.item())], [], [])
    assert writes(decisions) == [(Side.CRM, Verb.CREATE)]


def test_unmarked_item_stays_in_the_mailbox_without_automatic_saving() -> None:
    mailbox = make.mailbox(policy=Policy())
    assert writes(decide([seen(make.item())], [], [], mailbox)) == []
    marked = make.item(categories=("salesforce",))
    assert writes(decide([seen(marked)], [], [], mailbox)) == [(Side.CRM, Verb.CREATE)]


def test_private_item_goes_up_only_when_marked_by_hand() -> None:
    private = make.item(content={"private": True})
    assert writes(decide([seen(private)], [], [])) == []
    by_hand = replace(private, categories=("Salesforce",))
    (decision,) = decide([seen(by_hand)], [], [])
    assert decision.operations[0].fields["IsPrivate"] is True


def test_new_record_is_created_in_the_mailbox() -> None:
    decisions = decide([], [seen(make.record())], [])
    assert writes(decisions) == [(Side.MAILBOX, Verb.CREATE)]


def test_new_twins_become_partners_without_a_second_copy() -> None:
    (decision,) = decide([seen(make.item())], [seen(make.record())], [])
    assert decision.operations == ()
    assert decision.link.state is LinkState.LINKED
    assert (decision.link.item_id, decision.link.record_id) == ("i1", "r1")


def test_among_contacts_with_one_address_the_name_decides() -> None:
    items = [
        seen(make.item(Kind.CONTACT, name=n, content={"given_name": n}))
        for n in ("Ann", "Bob")
    ]
    records = [
        seen(make.record(Kind.CONTACT, name=f"r{n}", fields={"FirstName": n}))
        for n in ("Bob", "Ann")
    ]
    decisions = decide(items, records, [])
    joined = {d.link.item_id: d.link.record_id for d in decisions}
    assert joined == {"Ann": "rAnn", "Bob": "rBob"}
    assert writes(decisions) == []


def test_two_items_of_the_same_nature_are_not_guessed_at() -> None:
    items = [seen(make.item(name="i1")), seen(make.item(name="i2"))]
    decisions = decide(items, [seen(make.record())], [])
    assert all(d.link.state is LinkState.PENDING for d in decisions)
    assert sorted(writes(decisions)) == [
        (Side.CRM, Verb.CREATE),
        (Side.CRM, Verb.CREATE),
        (Side.MAILBOX, Verb.CREATE),
    ]


def test_own_write_coming_back_writes_nothing() -> None:
    """F12: an echo is known by its content."""
    echo = make.item(version="v2", categories=("Salesforce",))
    (decision,) = decide([seen(echo)], [seen(make.record(version="s2"))], [make.link()])
    assert decision.operations == ()
    assert (decision.link.item_version, decision.link.record_version) == ("v2", "s2")


def test_item_deleted_in_the_mailbox_is_deleted_in_salesforce() -> None:
    decisions = decide([gone(Side.MAILBOX, "i1")], [], [make.link()])
    assert writes(decisions) == [(Side.CRM, Verb.DELETE)]


def test_forbid_to_remove_brings_the_item_back() -> None:
    policy = replace(make.mailbox().policy, forbid_to_remove=frozenset({Kind.CONTACT}))
    link = make.link(Kind.CONTACT)
    decisions = decide(
        [gone(Side.MAILBOX, "i1", Kind.CONTACT)],
        [],
        [link],
        make.mailbox(policy=policy),
    )
    assert writes(decisions) == [(Side.MAILBOX, Verb.CREATE)]


def test_deleted_in_the_mailbox_and_edited_in_salesforce_keeps_the_edit() -> None:
    """D09: the edit wins, and it is told."""
    edited = make.record(fields={"Location": "Bergen"})
    decisions = decide([gone(Side.MAILBOX, "i1")], [seen(edited)], [make.link()])
    assert writes(decisions) == [(Side.MAILBOX, Verb.CREATE)]
    assert slugs(decisions) == ["edited_and_deleted"]


def test_deleted_in_salesforce_and_edited_in_the_mailbox_keeps_the_edit() -> None:
    """D09, the other way round."""
    edited = make.item(content={"location": "Bergen"})
    decisions = decide([seen(edited)], [gone(Side.CRM, "r1")], [make.link()])
    assert writes(decisions) == [(Side.CRM, Verb.CREATE)]
    assert slugs(decisions) == ["edited_and_deleted"]


def test_mailbox_event_stays_when_its_record_is_deleted() -> None:
    """Reference 3.4: the category goes, the item stays."""
    (decision,) = decide([], [gone(Side.CRM, "r1")], [make.link()])
    assert decision.operations == ()
    assert decision.link.state is LinkState.TOMBSTONE


def test_salesforce_event_leaves_the_mailbox_with_its_record() -> None:
    link = make.link(origin=Side.CRM)
    decisions = decide([], [gone(Side.CRM, "r1")], [link])
    assert writes(decisions) == [(Side.MAILBOX, Verb.DELETE)]


def test_buried_item_is_not_taken_for_new() -> None:
    """A tombstone keeps automatic saving from making the record again."""
    grave = make.link(state=LinkState.TOMBSTONE, marks=())
    assert writes(decide([seen(make.item())], [], [grave])) == []


def test_buried_item_comes_back_when_the_user_marks_it() -> None:
    grave = make.link(state=LinkState.TOMBSTONE, marks=())
    marked = make.item(categories=("Salesforce",))
    assert writes(decide([seen(marked)], [], [grave])) == [(Side.CRM, Verb.CREATE)]


@pytest.mark.parametrize(
    "presence", [Presence.OUT_OF_SCOPE, Presence.SUSPECT, Presence.UNREADABLE]
)
@pytest.mark.parametrize("side", list(Side))
def test_only_an_observed_deletion_deletes(presence: Presence, side: Side) -> None:
    """D01, A04: out of scope, suspect and unreadable are not gone."""
    name = "i1" if side is Side.MAILBOX else "r1"
    change = Change(side=side, kind=Kind.EVENT, id=name, presence=presence)
    items, records = ([change], []) if side is Side.MAILBOX else ([], [change])
    assert writes(decide(items, records, [make.link()])) == []


def test_unreadable_item_becomes_one_finding() -> None:
    change = Change(
        side=Side.MAILBOX, kind=Kind.EVENT, id="i9", presence=Presence.UNREADABLE
    )
    assert slugs(decide([change], [], [])) == ["unreadable_item"]


def test_meeting_with_guests_is_not_changed_from_salesforce() -> None:
    """Promise 3: Outlook would mail the guests."""
    meeting = make.item(content={"attendees": GUEST})
    base = replace(make.link().base, item=meeting.content)
    changed = make.record(fields={"Location": "Bergen"})
    decisions = decide([seen(meeting)], [seen(changed)], [make.link(base=base)])
    assert writes(decisions) == []
    assert slugs(decisions) == ["guests_would_be_mailed"]


def test_guests_known_from_the_base_are_enough_to_hold_back() -> None:
    meeting = make.item(content={"attendees": GUEST})
    base = replace(make.link().base, item=meeting.content)
    changed = make.record(fields={"Location": "Bergen"})
    decisions = decide([], [seen(changed)], [make.link(base=base)])
    assert writes(decisions) == []


def test_waiting_change_is_not_forgotten_when_another_field_goes_up() -> None:
    meeting = make.item(content={"attendees": GUEST, "subject": "New words"})
    base = replace(make.link().base, item=make.event_content(attendees=GUEST))
    changed = make.record(fields={"Location": "Bergen"})
    (decision,) = decide([seen(meeting)], [seen(changed)], [make.link(base=base)])
    (operation,) = decision.operations
    assert operation.fields == {"Subject": "New words"}
    assert "Location" not in operation.agreed.record


def test_copy_of_somebody_else_s_meeting_is_never_written() -> None:
    """A09, C02: only the organizer's calendar changes a meeting."""
    copy = make.item(is_organizer=False, organizer="boss@other.example")
    changed = make.record(fields={"Subject": "Renamed"})
    decisions = decide([seen(copy)], [seen(changed)], [make.link()])
    assert writes(decisions) == []
    assert slugs(decisions) == ["somebody_else_organizes"]


def test_colleague_s_meeting_waits_for_its_organizer() -> None:
    """C05, C08: Reference 3.5-4."""
    copy = make.item(is_organizer=False, organizer="bruno@northwind.example")
    assert slugs(decide([seen(copy)], [], [])) == ["waits_for_organizer"]


def test_copied_item_does_not_take_over_the_original_s_link() -> None:
    original = make.link()
    copy = make.item(name="i2", link_key=original.key)
    (decision,) = [
        d for d in decide([seen(copy)], [], [original]) if d.link.item_id == "i2"
    ]
    assert decision.link.key != original.key


def test_item_with_a_new_id_keeps_its_record() -> None:
    """D03: the id changed, the key on the item did not."""
    link = make.link()
    moved = make.item(name="i2", link_key=link.key)
    decisions = decide([seen(moved), gone(Side.MAILBOX, "i1")], [], [link])
    (decision,) = [d for d in decisions if d.link.key == link.key]
    assert decision.operations == ()
    assert decision.link.item_id == "i2"


def test_lost_database_pairs_by_the_key_on_the_record() -> None:
    """D15: nothing deleted, nothing doubled."""
    first = decide([seen(make.item())], [], [])
    key = first[0].operations[0].key
    changed = make.record(fields={"Subject": "Demo, renamed"}, link_key=key)
    (decision,) = decide([seen(make.item())], [seen(changed)], [])
    assert [(o.side, o.verb) for o in decision.operations] == [(Side.CRM, Verb.UPDATE)]
    assert decision.findings[0].slug == "conflict_mailbox_won"
    assert decision.link.losers[0].value == "Demo, renamed"


def test_meeting_moved_out_of_the_window_still_moves_in_salesforce() -> None:
    start = NOW + timedelta(days=200)
    span = TimedSpan(start=start, end=start + timedelta(hours=1), zone="UTC")
    moved = make.item(content={"when": span})
    change = replace(seen(moved), presence=Presence.OUT_OF_SCOPE)
    assert writes(decide([change], [], [make.link()])) == [(Side.CRM, Verb.UPDATE)]


def test_copy_known_only_from_its_link_is_never_written() -> None:
    link = make.link(is_organizer=False)
    decisions = decide([], [seen(make.record(fields={"Subject": "X"}))], [link])
    assert writes(decisions) == []
    assert slugs(decisions) == ["somebody_else_organizes"]
