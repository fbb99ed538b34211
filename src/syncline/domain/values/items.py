"""An item of a mailbox and a record of Salesforce, as read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from syncline.domain.values.content import Content, RecordFields, Value
from syncline.domain.values.ids import ItemId, LinkKey, RecordId
from syncline.domain.values.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something in a mailbox, content in neutral field names.

    `uid` is the identity that survives moves and, for meetings, is shared by
    all copies; `link_key` is our own property read back from the item.
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
