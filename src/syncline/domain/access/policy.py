"""A profile's choices about what travels and who wins."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from syncline.domain.values.kinds import Kind


class Winner(StrEnum):
    """Whose value stands when both sides changed the same field."""

    MAILBOX = "mailbox"
    CRM = "crm"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Settings of the profile, with the product's defaults."""

    #: Kinds that Syncline handles in this mailbox.
    kinds: frozenset[Kind] = frozenset({Kind.EVENT, Kind.CONTACT})
    #: Kinds that go to Salesforce without the user marking each item.
    auto_save: frozenset[Kind] = frozenset()
    #: Kinds whose Salesforce records come to the mailbox.
    down_sync: frozenset[Kind] = frozenset({Kind.EVENT, Kind.CONTACT})
    winner: Winner = Winner.MAILBOX
    #: Kinds whose records survive a deletion in the mailbox (the item returns).
    forbid_to_remove: frozenset[Kind] = frozenset()
    #: Delete an item that was made in the mailbox when its record is deleted.
    delete_items_with_records: bool = False
    days_back: int = 14
    days_ahead: int = 60
    brake_count: int = 20
    brake_share: float = 0.10
    marks: bool = True
    interval: timedelta = field(default=timedelta(minutes=30))
    session_timeout: timedelta = field(default=timedelta(hours=1))
    #: Share of the org's daily calls, used by everyone, at which we stop.
    allowance_share: float = 0.80
