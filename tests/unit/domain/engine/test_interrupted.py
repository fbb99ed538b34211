"""What a session makes of writes that an earlier one did and could not remember."""

from dataclasses import replace

from syncline.domain.access.mailbox import Mailbox
from syncline.domain.engine.decisions import Decision, Scene
from syncline.domain.engine.keys import record_key
from syncline.domain.engine.pair import Pair, pair
from syncline.domain.engine.reconcile import reconcile
from syncline.domain.engine.window import window_at
from syncline.domain.values.changes import Presence
from syncline.domain.values.ids import ItemId, RecordId
from syncline.domain.values.kinds import Side
from syncline.domain.values.links import Link, LinkState
from tests import factories as make
from tests.factories import NOW, gone, seen


def decide(mailbox: Mailbox, found: Pair) -> Decision:
    scene = Scene(mailbox=mailbox, window=window_at(NOW, mailbox.policy), now=NOW)
    return reconcile(found, scene)


def test_an_item_that_we_made_is_known_by_the_record_it_was_made_from() -> None:
    mailbox, record = make.mailbox(), make.record()
    copy = make.item(link_key=record_key(mailbox, record), link_key_known=True)
    (found,) = pair(mailbox, [seen(copy)], [seen(record)], [])
    assert found.link.origin is Side.CRM
    assert (found.link.item_id, found.link.record_id) == (copy.id, record.id)
    assert decide(mailbox, found).operations == ()


def test_a_record_that_we_made_anew_takes_the_place_of_the_deleted_one() -> None:
    mailbox, link = make.mailbox(), make.link()
    item = make.item(content={"show_as": "oof"})
    again = make.record(name="r2", link_key=link.key, fields={"ShowAs": "OutOfOffice"})
    changes = [seen(again), gone(Side.CRM, "r1")]
    (found,) = pair(mailbox, [seen(item)], changes, [link])
    assert found.link.key == link.key
    assert found.link.record_id == RecordId("r2")
    decision = decide(mailbox, found)
    assert decision.agrees
    assert not decision.operations


def test_a_strange_record_with_our_key_is_not_taken_while_the_partner_lives() -> None:
    mailbox, link = make.mailbox(), make.link()
    twin = make.record(name="r2", link_key=link.key)
    found = pair(mailbox, [], [seen(twin)], [link])
    assert [p.link.record_id for p in found if p.link.key == link.key] == []


def test_a_conflict_that_is_met_again_keeps_the_losing_value_once() -> None:
    mailbox, link = make.mailbox(), make.link()
    ours = seen(make.item(content={"subject": "Ours"}))
    theirs = seen(make.record(fields={"Subject": "Theirs"}))
    (once,) = pair(mailbox, [ours], [theirs], [link])
    first = decide(mailbox, once).operations[0].link
    assert [x.value for x in first.losers] == ["Theirs"]
    (twice,) = pair(mailbox, [ours], [theirs], [first])
    assert decide(mailbox, twice).operations[0].link.losers == first.losers


def test_partners_that_are_both_gone_leave_no_marks_to_take_off() -> None:
    mailbox = make.mailbox()
    link: Link = replace(make.link(), marks=("Salesforce",), item_id=ItemId("i1"))
    changes = [gone(Side.MAILBOX, "i1")], [gone(Side.CRM, "r1")]
    (found,) = pair(mailbox, *changes, [link])
    buried = decide(mailbox, found).link
    assert buried.state is LinkState.TOMBSTONE
    assert buried.marks == ()


def test_what_is_buried_may_be_unreadable() -> None:
    mailbox = make.mailbox()
    grave = replace(make.link(), state=LinkState.TOMBSTONE)
    unread = replace(gone(Side.MAILBOX, "i1"), presence=Presence.UNREADABLE)
    (found,) = pair(mailbox, [unread], [], [grave])
    decision = decide(mailbox, found)
    assert not decision.findings
    assert decision.link.hold is None


def test_a_pair_is_readable_when_both_ends_were_looked_at() -> None:
    mailbox, link = make.mailbox(), make.link()
    (half,) = pair(mailbox, [seen(make.item())], [], [link])
    (whole,) = pair(mailbox, [seen(make.item())], [seen(make.record())], [link])
    assert not half.is_readable
    assert whole.is_readable
