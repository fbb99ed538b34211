"""What a notice says, and that one occasion is one letter."""

from syncline.domain.issues.catalog import by_slug
from syncline.domain.issues.notice import ALL_CLEAR, Notice
from syncline.domain.values.ids import MailboxId
from syncline.notices.render import render
from syncline.notices.senders import MemoryNoticeSender


def notice(**changes: str) -> Notice:
    facts = {
        "recipient": "ada@northwind.example",
        "code": by_slug("crm_access_lost").code,
        "occasion": "session 7",
    }
    return Notice(mailbox_id=MailboxId(1), **{**facts, **changes})


def test_lost_access_is_told_with_numbered_steps() -> None:
    """J08, L08: the cause, what to do, and where."""
    letter = render(notice())
    assert letter.subject == "Action required - Sync suspended"
    assert "\n1. " in letter.text


def test_all_clear_needs_no_action() -> None:
    letter = render(notice(code=ALL_CLEAR))
    assert letter.subject.startswith("All clear")
    assert "1. " not in letter.text


def test_same_occasion_is_one_letter() -> None:
    """L03: no flood."""
    sender = MemoryNoticeSender()
    sender.send(notice())
    sender.send(notice())
    sender.send(notice(occasion="session 8"))
    assert len(sender.letters) == 2
