"""An item of a mailbox and a record of Salesforce, as read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from syncline.domain.values.content import Content, RecordFields, Value
from syncline.domain.values.ids import ItemId, LinkKey, RecordId
from syncline.domain.values.kinds import Kind


class Role(StrEnum):
    """What a calendar item is in a recurring series."""

    #: Not recurring, or not a calendar item.
    SINGLE = "single"
    #: The series itself: its rule, its categories; it has no record of its own.
    MASTER = "master"
    #: One occurrence, moved and changed ones included; each has a record.
    OCCURRENCE = "occurrence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something in a mailbox, content in neutral field names.

    `uid` is the identity that survives moves and, for meetings, is shared by
    all copies; `link_key` is our own property read back from the item. The uid
    of an occurrence is `{series_uid}/{day}`, the day on which the rule put it,
    in the zone of the series; that of a message is its internet message id.

    An occurrence carries the categories and the link key of its series: what is
    set on one occurrence would tear it out of the series.
    """

    kind: Kind
    id: ItemId
    version: str
    content: Content
    uid: str
    categories: tuple[str, ...] = ()
    link_key: LinkKey | None = None
    link_key_known: bool = True
    is_organizer: bool = True
    organizer: str = ""
    is_cancelled: bool = False
    #: The owner's own answer to a meeting of somebody else: none, accepted,
    #: declined or tentative; empty where there is nothing to answer.
    response: str = ""
    #: It lies in the folder, list or label that saves what is put there.
    is_filed: bool = False
    role: Role = Role.SINGLE
    #: Shared by a series and all of its occurrences.
    series_uid: str = ""
    #: When the rule put an occurrence, however far it was moved.
    original_start: datetime | None = None
    #: Provider id of the series, on its occurrences.
    series_id: str = ""
    #: Why this item cannot be synchronized as it is: a catalog cause's slug.
    unsupported: str | None = None
    unsupported_params: tuple[tuple[str, str], ...] = ()
    web_link: str = ""
    changed_at: datetime | None = None

    @property
    def name(self) -> str:
        """What a person calls it: the subject, or the full name."""
        return display_name(self.kind, self.content)

    @property
    def has_guests(self) -> bool:
        """Whether somebody else is invited."""
        return bool(self.content.get("attendees"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Something in Salesforce, fields by API name."""

    kind: Kind
    id: RecordId
    version: str
    fields: RecordFields
    link_key: LinkKey | None = None
    owner_id: str = ""
    changed_at: datetime | None = None
    #: Why this record cannot be synchronized as it is: a catalog cause's slug.
    unsupported: str | None = None
    unsupported_params: tuple[tuple[str, str], ...] = ()
    #: Shared by the records of a series that Salesforce itself expands.
    series_id: str = ""
    #: A record of another object, shown as an event: nothing is written to it.
    is_mirrored: bool = False

    @property
    def name(self) -> str:
        """What a person calls it."""
        if self.kind is Kind.CONTACT:
            parts = (self.fields.get("FirstName"), self.fields.get("LastName"))
            return " ".join(str(p) for p in parts if p) or str(
                self.fields.get("Email") or ""
            )
        return str(self.fields.get("Subject") or "")


def display_name(kind: Kind, content: Content) -> str:
    """Subject of an event, task or message; full name of a contact."""
    if kind is not Kind.CONTACT:
        return _text(content.get("subject"))
    parts = (_text(content.get(n)) for n in ("given_name", "family_name"))
    name = " ".join(p for p in parts if p)
    if name:
        return name
    emails = content.get("emails") or ()
    if isinstance(emails, tuple) and emails and isinstance(emails[0], str):
        return emails[0]
    return _text(content.get("company"))


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The stretch of calendar that is synchronized, whole UTC days."""

    start: datetime
    end: datetime
