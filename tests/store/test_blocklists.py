"""The own blocklist is kept with a line in the activity log."""

from __future__ import annotations

from syncline.domain.values.ids import MailboxId
from syncline.store.blocklists import SqlBlocklistDesk, blocklist_of
from syncline.store.mailboxes import SqlMailboxBook
from syncline.store.models import ActivityRow, MailboxRow
from tests.store.rows import make_mailbox

DESK = SqlBlocklistDesk()


def _log(mailbox_id: MailboxId) -> list[tuple[str, str, str]]:
    rows = ActivityRow.objects.filter(mailbox_id=mailbox_id).order_by("pk")
    return [(row.who, row.what, row.details["entry"]) for row in rows]


def test_entries_come_and_go_each_with_a_line(mailbox_id: MailboxId) -> None:
    assert DESK.block(mailbox_id, "acme.example", "ada")
    assert DESK.block(mailbox_id, "joe@globex.example", "ada")
    assert DESK.unblock(mailbox_id, "acme.example", "ada")
    assert SqlMailboxBook().get(mailbox_id).blocklist == {"joe@globex.example"}
    assert _log(mailbox_id) == [
        ("ada", "blocklist entry added", "acme.example"),
        ("ada", "blocklist entry added", "joe@globex.example"),
        ("ada", "blocklist entry removed", "acme.example"),
    ]


def test_what_changes_nothing_leaves_no_line(mailbox_id: MailboxId) -> None:
    DESK.block(mailbox_id, "acme.example", "ada")
    assert not DESK.block(mailbox_id, "acme.example", "ada")
    assert not DESK.unblock(mailbox_id, "globex.example", "ada")
    assert len(_log(mailbox_id)) == 1


def test_letting_somebody_in_again_makes_the_next_session_compare_everything(
    mailbox_id: MailboxId,
) -> None:
    """As after a change of the policy, so that what it finds is not called drift."""
    policy = SqlMailboxBook().get(mailbox_id).policy
    rows = MailboxRow.objects.filter(pk=mailbox_id)
    rows.update(swept_policy=policy.digest, blocklist=["acme.example"])
    DESK.block(mailbox_id, "globex.example", "ada")
    assert rows.get().swept_policy == policy.digest
    DESK.unblock(mailbox_id, "acme.example", "ada")
    assert rows.get().swept_policy == ""


def test_every_level_is_listed_in_order(db: None) -> None:
    mailbox_id = make_mailbox(
        "ada@northwind.example", blocklist=["b.example", "a.example"]
    )
    profile = MailboxRow.objects.get(pk=mailbox_id).profile
    profile.policy = {
        "blocklist": ["Spam.example"],
        "internal_domains": ["northwind.test"],
    }
    profile.save()
    lists = blocklist_of(mailbox_id)
    assert lists.own == ("a.example", "b.example")
    assert lists.for_all == ("spam.example",)
    assert lists.colleagues == ("northwind.example", "northwind.test")
    assert "gmail.com" in lists.free_mail


def test_a_mailbox_at_a_free_mail_service_has_no_colleagues_there(db: None) -> None:
    mailbox_id = make_mailbox("ada@gmail.com")
    profile = MailboxRow.objects.get(pk=mailbox_id).profile
    profile.policy = {"use_free_mail_list": False}
    profile.save()
    lists = blocklist_of(mailbox_id)
    assert (lists.colleagues, lists.free_mail) == ((), ())
