"""Let a person keep addresses and domains out of Salesforce, or let them in again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from syncline.domain.access.blocklist import (
    MOST_ENTRIES,
    EntryProblem,
    covering,
    entry_of,
)
from syncline.domain.access.mailbox import Mailbox
from syncline.domain.engine.addresses import Standpoint, standpoint
from syncline.domain.values.ids import MailboxId


class BlocklistDesk(Protocol):
    """Keeps the list of one mailbox's owner."""

    def block(self, mailbox_id: MailboxId, entry: str, who: str) -> bool:
        """Add an entry; answers whether it was not there."""

    def unblock(self, mailbox_id: MailboxId, entry: str, who: str) -> bool:
        """Remove an entry; answers whether it was there.

        The next session looks again at what the entry had kept out.
        """


class BlockVerdict(StrEnum):
    """What became of the wish."""

    BLOCKED = "blocked"
    #: It is no address and no domain; `BlockAnswer.problem` says why.
    MISTAKEN = "mistaken"
    #: The own list has it, or its domain, already.
    LISTED = "listed"
    #: The admin's list has it, or its domain.
    LISTED_FOR_ALL = "listed_for_all"
    #: Colleagues do not count anyway.
    COLLEAGUE = "colleague"
    #: The list is as long as it may be.
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockAnswer:
    """The verdict, and the entry that was understood or stands in the way."""

    verdict: BlockVerdict
    entry: str = ""
    problem: EntryProblem | None = None


def block(desk: BlocklistDesk, mailbox: Mailbox, text: str, *, who: str) -> BlockAnswer:
    """Add what a person entered to the own list.

    Args:
        desk: Keeps the list.
        mailbox: Whose list.
        text: An address or a domain as it was entered.
        who: Name of the person, for the activity log.
    """
    entry = entry_of(text)
    if isinstance(entry, EntryProblem):
        return BlockAnswer(verdict=BlockVerdict.MISTAKEN, problem=entry)
    refused = _refusal(entry, mailbox)
    if refused is not None:
        return refused
    is_new = desk.block(mailbox.id, entry, who)
    verdict = BlockVerdict.BLOCKED if is_new else BlockVerdict.LISTED
    return BlockAnswer(verdict=verdict, entry=entry)


def _refusal(entry: str, mailbox: Mailbox) -> BlockAnswer | None:
    """Why an entry would change nothing, or cannot be kept."""
    listed = covering(entry, mailbox.blocklist)
    if listed:
        return BlockAnswer(verdict=BlockVerdict.LISTED, entry=listed)
    listed = covering(entry, mailbox.policy.blocklist)
    if listed:
        return BlockAnswer(verdict=BlockVerdict.LISTED_FOR_ALL, entry=listed)
    somebody = entry if "@" in entry else f"somebody@{entry}"
    if standpoint(somebody, mailbox) is Standpoint.INTERNAL:
        return BlockAnswer(verdict=BlockVerdict.COLLEAGUE, entry=entry)
    if len(mailbox.blocklist) >= MOST_ENTRIES:
        return BlockAnswer(verdict=BlockVerdict.FULL, entry=entry)
    return None


def unblock(
    desk: BlocklistDesk, mailbox_id: MailboxId, entry: str, *, who: str
) -> bool:
    """Take an entry off the own list.

    Returns:
        False when it was not on it.
    """
    return desk.unblock(mailbox_id, entry, who)
