"""A profile's choices about what travels and who wins."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import fields as fields_of
from datetime import timedelta
from enum import StrEnum
from typing import Any

from syncline.domain.values.kinds import Direction, Kind


class Winner(StrEnum):
    """Whose value stands when both sides changed the same field."""

    MAILBOX = "mailbox"
    CRM = "crm"
    NEWEST = "newest"
    #: A person decides: the field stays as it is on both sides until then.
    ASK = "ask"


class SavingMode(StrEnum):
    """Which messages are saved without being marked (reference 3.9-4)."""

    #: At least one recipient is a known person.
    GENERAL = "general"
    #: At least one recipient is neither blocklisted nor internal; a person is
    #: made if none is known.
    FORCED = "forced"
    #: Also unknown recipients of a domain that some record has.
    SMART = "smart"
    #: Like general, and business records only beside a known person.
    USEFUL = "useful"
    #: A person is made for an unknown recipient of a known company.
    FLEXIBLE = "flexible"


class ContactScope(StrEnum):
    """Which contacts of Salesforce come to the mailbox (reference 3.1-3)."""

    MINE = "mine"
    ALL = "all"
    #: Those of one list view; `Policy.contact_view` names it.
    VIEW = "view"


class NewPeople(StrEnum):
    """What is made in Salesforce for an address that nobody knows."""

    NONE = "none"
    CONTACT = "contact"
    LEAD = "lead"


class NewCompanies(StrEnum):
    """Which account a new contact gets."""

    NONE = "none"
    #: An account named after the address's domain.
    BY_DOMAIN = "by_domain"
    #: `Policy.account_id`.
    FIXED = "fixed"


def _plain(value: Any) -> Any:
    """A value in an order that is always the same."""
    return sorted(value) if isinstance(value, frozenset) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsyncCondition:
    """An Event field whose value takes the item out of the calendar.

    The record stays in Salesforce (reference 3.4-4).
    """

    field: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirrored:
    """An object whose records appear in the calendar, downward only (3.12-1).

    All names are API names. Without `end_field` a date is one whole day, and a
    date with a time lasts an hour.
    """

    object_name: str
    subject_field: str
    start_field: str
    end_field: str = ""
    location_field: str = ""
    description_field: str = ""
    #: What people call such a record; the subject of one that has none.
    name: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that are read."""
        named = (
            self.subject_field,
            self.start_field,
            self.end_field,
            self.location_field,
            self.description_field,
        )
        return tuple(dict.fromkeys(name for name in named if name))


_ALL = frozenset(Kind)
_DEFAULT_ATTACHMENTS = frozenset(
    {"pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "txt", "csv", "png", "jpg",
     "jpeg", "gif", "zip", "odt", "ods", "odp", "ics", "vcf", "msg", "eml"}
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Settings of the profile, with the product's defaults."""

    #: Kinds that Syncline handles in this mailbox.
    kinds: frozenset[Kind] = _ALL
    #: Kinds that go to Salesforce without the user marking each item.
    auto_save: frozenset[Kind] = frozenset()
    #: Kinds whose Salesforce records come to the mailbox.
    down_sync: frozenset[Kind] = frozenset({Kind.EVENT, Kind.CONTACT, Kind.TASK})
    #: Which way each kind travels; what is not named travels both ways.
    directions: Mapping[Kind, Direction] = field(default_factory=dict)
    winner: Winner = Winner.MAILBOX
    #: Kinds whose records survive a deletion in the mailbox (the item returns).
    forbid_to_remove: frozenset[Kind] = frozenset()
    #: Delete an item that was made in the mailbox when its record is deleted.
    delete_items_with_records: bool = False
    unsync_conditions: tuple[UnsyncCondition, ...] = ()
    #: Objects besides events that appear in the calendar.
    mirrored: tuple[Mirrored, ...] = ()
    days_back: int = 14
    days_ahead: int = 60
    #: Messages that came this many days before the first session are saved.
    message_days_back: int = 6
    #: Completed tasks stay in step this many days.
    task_days_back: int = 14
    contact_scope: ContactScope = ContactScope.MINE
    contact_view: str = ""
    brake_count: int = 20
    brake_share: float = 0.10
    marks: bool = True
    interval: timedelta = field(default=timedelta(minutes=30))
    session_timeout: timedelta = field(default=timedelta(hours=1))
    #: How often both sides are compared whole, whatever they reported.
    sweep_after: timedelta = field(default=timedelta(days=7))
    #: Share of the org's daily calls, used by everyone, at which we stop.
    allowance_share: float = 0.80

    # --- messages ---
    saving_mode: SavingMode = SavingMode.GENERAL
    #: Which of "in" and "out" are saved automatically.
    message_directions: frozenset[str] = frozenset({"in", "out"})
    attachments: bool = True
    attachment_types: frozenset[str] = _DEFAULT_ATTACHMENTS
    attachment_bytes: int = 25 * 1024 * 1024

    # --- calendar ---
    #: Save private calendar items without their being marked.
    auto_save_private: bool = False
    #: Save calendar items that nobody in Salesforce has to do with.
    save_unrelated_events: bool = False
    #: Save messages that nobody in Salesforce has to do with.
    save_unrelated_messages: bool = False
    #: Save invitations that the owner has not accepted.
    save_unanswered: bool = False
    #: A guest who is removed in Salesforce is removed in the mailbox, too.
    track_deleted_attendees: bool = False
    #: Keep guests from outside of the organization off Salesforce's invitees.
    invite_members_only: bool = False
    #: Write changes of guests and times although the provider mails the guests.
    mail_guests: bool = False

    # --- people ---
    #: Addresses and domains, lower case; a domain stands for all of its addresses.
    blocklist: frozenset[str] = frozenset()
    #: Domains whose people are colleagues.
    internal_domains: frozenset[str] = frozenset()
    #: Free mail services never stand for a company.
    use_free_mail_list: bool = True
    link_opportunities: bool = False
    new_people: NewPeople = NewPeople.NONE
    new_companies: NewCompanies = NewCompanies.NONE
    account_id: str = ""

    #: Deviations from the field tables; see `mapping.tables`.
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Names these choices: equal policies have equal digests."""
        said = {f.name: _plain(getattr(self, f.name)) for f in fields_of(self)}
        text = json.dumps(said, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def direction(self, kind: Kind) -> Direction:
        """Which way a kind travels."""
        if kind is Kind.MESSAGE:
            return Direction.UP
        return self.directions.get(kind, Direction.BOTH)
