"""Links come back as they went in, and a double cannot be stored."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from syncline.domain.values.content import Attendee
from syncline.domain.values.ids import ItemId, LinkKey, MailboxId, RecordId
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Hold, Link, LinkState, Loser, Swing
from syncline.store.links import SqlLinkBook, forget_links, save_links
from tests.factories import NOW, event_content, link
from tests.store.rows import NORTHWIND, make_mailbox

BOOK = SqlLinkBook()


def numbered(number: int, **changes: object) -> Link:
    """One of many links."""
    facts = {
        "key": LinkKey(f"key-{number}"),
        "item_id": ItemId(f"item-{number}"),
        "record_id": RecordId(f"r{number:017d}"),
        "item_uid": f"uid-{number}",
    }
    return link(**{**facts, **changes})


def full_link() -> Link:
    """A link with something in every field."""
    plain = link(is_organizer=False, web_link="https://outlook.example/1")
    hold = Hold(
        code="SE0104",
        since=NOW,
        attempts=3,
        last_try_at=NOW + timedelta(hours=1),
        retry_at=NOW + timedelta(hours=3),
        is_passing=True,
        hint="describe:Contact",
        digest="abc",
    )
    loser = Loser(field="subject", side=Side.CRM, value="Old", at=NOW)
    guest = Attendee(email="g@acme.example", name="G", role="optional")
    assert plain.base is not None
    item = {**event_content(), "attendees": (guest,)}
    base = replace(plain.base, item=item)
    marks = ("Sync Error", "Status: Required field missing")
    return replace(
        plain,
        base=base,
        hold=hold,
        losers=(loser,),
        marks=marks,
        pending_marks=("Salesforce",),
        is_undone=True,
        is_parted=True,
        series_key=LinkKey("key-series"),
        is_series=True,
        is_filed=True,
        is_mirrored=True,
        swings=(Swing(side=Side.CRM, digest="d1", at=NOW),),
    )


def test_a_link_comes_back_equal(mailbox_id: MailboxId) -> None:
    unset = [f.name for f in fields(Link) if getattr(full_link(), f.name) == f.default]
    assert unset == [], "a field that is not set here is not proven"
    save_links(mailbox_id, [full_link()])
    assert BOOK.find(mailbox_id, keys=[LinkKey("key-1")]) == [full_link()]


def test_a_link_with_little_comes_back_equal(mailbox_id: MailboxId) -> None:
    pending = Link(
        key=LinkKey("k"), kind=Kind.TASK, state=LinkState.PENDING, origin=Side.CRM
    )
    save_links(mailbox_id, [pending])
    assert BOOK.find(mailbox_id, keys=[LinkKey("k")]) == [pending]


def test_any_text_can_be_stored(mailbox_id: MailboxId) -> None:
    odd = "a literal \\u0000, a real \x00 one, 日本語 🎉 \ud800 \" ' {} \\"
    content = event_content(subject=odd)
    plain = link(name=odd)
    assert plain.base is not None
    save_links(mailbox_id, [replace(plain, base=replace(plain.base, item=content))])
    [stored] = BOOK.find(mailbox_id, keys=[plain.key])
    kept = "a literal \\u0000, a real  one, 日本語 🎉 ? \" ' {} \\"
    assert stored.name == kept
    assert stored.base is not None
    assert stored.base.item["subject"] == kept


def test_saving_again_replaces(mailbox_id: MailboxId) -> None:
    save_links(mailbox_id, [full_link()])
    save_links(mailbox_id, [link(name="New")])
    assert BOOK.find(mailbox_id, item_ids=["i1"]) == [link(name="New")]


def test_a_thousand_links_take_as_many_statements_as_one(
    mailbox_id: MailboxId,
) -> None:
    with CaptureQueriesContext(connection) as one:
        save_links(mailbox_id, [numbered(0)])
    with CaptureQueriesContext(connection) as many:
        save_links(mailbox_id, [numbered(n) for n in range(1, 1001)])
    assert len(many) == len(one)
    assert BOOK.count(mailbox_id) == {Kind.EVENT: 1001}


def test_links_are_found_by_item_record_and_key_once_each(
    mailbox_id: MailboxId,
) -> None:
    save_links(mailbox_id, [numbered(n) for n in range(5)])
    found = BOOK.find(
        mailbox_id,
        item_ids=["item-1", "item-2"],
        record_ids=[f"r{2:017d}"],
        keys=[LinkKey("key-1"), LinkKey("key-4")],
    )
    assert sorted(f.key for f in found) == ["key-1", "key-2", "key-4"]


def test_item_ids_that_differ_in_case_are_different_items(
    mailbox_id: MailboxId,
) -> None:
    lower, upper = numbered(1, item_id="AAMkab"), numbered(2, item_id="AAMkAB")
    save_links(mailbox_id, [lower, upper])
    assert BOOK.find(mailbox_id, item_ids=["AAMkAB"]) == [upper]


def test_another_mailboxes_links_are_not_found(mailbox_id: MailboxId) -> None:
    other = make_mailbox("bruno@northwind.example")
    save_links(other, [link()])
    assert BOOK.find(mailbox_id, keys=[link().key], item_ids=["i1"]) == []
    assert list(BOOK.of_kind(mailbox_id, Kind.EVENT)) == []


@pytest.mark.parametrize("shared", [{"item_id": "same"}, {"record_id": "same"}])
def test_two_live_links_of_one_thing_cannot_be_stored(
    mailbox_id: MailboxId, shared: dict[str, str]
) -> None:
    save_links(mailbox_id, [numbered(1, **shared)])
    with pytest.raises(IntegrityError), transaction.atomic():
        save_links(mailbox_id, [numbered(2, **shared)])
    assert [x.key for x in list(BOOK.of_kind(mailbox_id, Kind.EVENT))] == ["key-1"]


def test_a_tombstone_leaves_room_for_a_new_link(mailbox_id: MailboxId) -> None:
    dead = numbered(1, item_id="same", state=LinkState.TOMBSTONE)
    alive = numbered(2, item_id="same")
    save_links(mailbox_id, [dead])
    save_links(mailbox_id, [alive])
    assert sorted(x.key for x in BOOK.find(mailbox_id, item_ids=["same"])) == [
        "key-1",
        "key-2",
    ]


def test_two_links_can_swap_their_records_in_one_batch(mailbox_id: MailboxId) -> None:
    save_links(mailbox_id, [numbered(1, record_id="a"), numbered(2, record_id="b")])
    save_links(mailbox_id, [numbered(1, record_id="b"), numbered(2, record_id="a")])
    [first] = BOOK.find(mailbox_id, keys=[LinkKey("key-1")])
    assert first.record_id == "b"


def test_held_links_are_listed(mailbox_id: MailboxId) -> None:
    save_links(mailbox_id, [full_link(), numbered(2)])
    assert [x.key for x in BOOK.held(mailbox_id)] == ["key-1"]


def test_tombstones_are_listed_and_not_counted(mailbox_id: MailboxId) -> None:
    save_links(mailbox_id, [numbered(1), numbered(2, state=LinkState.TOMBSTONE)])
    assert len(list(BOOK.of_kind(mailbox_id, Kind.EVENT))) == 2
    assert BOOK.count(mailbox_id) == {Kind.EVENT: 1}


def test_marks_in_use_are_named_once(mailbox_id: MailboxId) -> None:
    marked = [numbered(n, marks=("Sync Error", f"Status: {n % 2}")) for n in range(4)]
    save_links(mailbox_id, marked)
    assert BOOK.marks_in_use(mailbox_id) == {"Sync Error", "Status: 0", "Status: 1"}


def test_a_uid_counts_as_synced_by_the_organizers_link_only(
    mailbox_id: MailboxId,
) -> None:
    """C05, C08: a shared meeting is known by its uid across users."""
    colleague = make_mailbox("bruno@northwind.example")
    stranger = make_mailbox("mal@other.example", org="00D000000000002AAA")
    save_links(mailbox_id, [numbered(1, is_organizer=False)])
    save_links(colleague, [numbered(2), numbered(3, state=LinkState.PENDING)])
    save_links(stranger, [numbered(4)])
    uids = [f"uid-{n}" for n in range(5)]
    assert BOOK.synced_uids(NORTHWIND, uids) == {"uid-2"}


def test_forgotten_links_are_gone(mailbox_id: MailboxId) -> None:
    save_links(mailbox_id, [numbered(1), numbered(2)])
    forget_links(mailbox_id, [LinkKey("key-1"), LinkKey("never-known")])
    assert [x.key for x in list(BOOK.of_kind(mailbox_id, Kind.EVENT))] == ["key-2"]
