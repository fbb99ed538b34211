"""Between Graph's words and ours, both ways; pure.

Reading never guesses: what makes no sense raises `ValueError`, and the caller
reports that one item as unreadable. Enumerations that Graph extends one day
fall back to the cautious meaning (busy, private, required).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import msgspec

from syncline.connectors.microsoft365.contacts import contact_body, read_contact
from syncline.connectors.microsoft365.events import (
    event_body,
    find_obstacle,
    read_event,
)
from syncline.connectors.microsoft365.manifest import LINK_KEY_PROPERTY
from syncline.connectors.microsoft365.times import read_stamp
from syncline.connectors.microsoft365.wire import Contact, Event, Property
from syncline.domain.values.content import AllDaySpan, Content, TimedSpan
from syncline.domain.values.ids import ItemId, LinkKey
from syncline.domain.values.items import Item
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import Operation

SHAPES: dict[Kind, type[Event] | type[Contact]] = {
    Kind.EVENT: Event,
    Kind.CONTACT: Contact,
}
#: Any fixed value: transaction ids must come out the same after a crash.
_TRANSACTIONS = uuid.UUID("7c9f1b0e-52a6-4c0b-9e52-5a1c53e0d7a4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Translator:
    """Reads the items of one mailbox.

    `contact_link` is a template with `{id}` for a page that shows a contact;
    Graph gives contacts no link of their own.
    """

    mailbox: str
    contact_link: str = ""

    def item(
        self, kind: Kind, raw: msgspec.Raw | bytes, *, link_key_known: bool
    ) -> Item:
        """One item as Graph sent it.

        Args:
            kind: What it is.
            raw: JSON.
            link_key_known: Whether the call asked for our property.

        Raises:
            ValueError: It makes no sense (msgspec's errors are of this kind).
        """
        read = msgspec.json.decode(raw, type=SHAPES[kind])
        return self.read(read, link_key_known=link_key_known)

    def read(self, raw: Event | Contact, *, link_key_known: bool) -> Item:
        """One decoded item.

        Raises:
            ValueError: It makes no sense.
        """
        key = read_link_key(raw.single_value_extended_properties or ())
        known = link_key_known or key is not None
        if isinstance(raw, Event):
            return self._event(raw, key, link_key_known=known)
        return self._contact(raw, key, link_key_known=known)

    def _event(self, raw: Event, key: LinkKey | None, *, link_key_known: bool) -> Item:
        content = read_event(raw, self.mailbox)
        span = content["when"]
        assert isinstance(span, TimedSpan | AllDaySpan)
        unsupported, params = find_obstacle(raw, span)
        organizer = raw.organizer.email_address if raw.organizer else None
        uid = raw.i_cal_uid
        if unsupported == "recurring_series":
            uid = raw.uid or uid
        return Item(
            kind=Kind.EVENT,
            id=ItemId(raw.id),
            version=raw.etag or "",
            content=content,
            uid=uid or raw.id,
            categories=tuple(raw.categories or ()),
            link_key=key,
            link_key_known=link_key_known,
            is_organizer=raw.is_organizer is not False,
            organizer=((organizer.address or "") if organizer else "").lower(),
            is_cancelled=bool(raw.is_cancelled),
            unsupported=unsupported,
            unsupported_params=params,
            web_link=raw.web_link or "",
            changed_at=read_stamp(raw.last_modified_date_time),
        )

    def _contact(
        self, raw: Contact, key: LinkKey | None, *, link_key_known: bool
    ) -> Item:
        return Item(
            kind=Kind.CONTACT,
            id=ItemId(raw.id),
            version=raw.etag or "",
            content=read_contact(raw),
            uid=raw.id,
            categories=tuple(raw.categories or ()),
            link_key=key,
            link_key_known=link_key_known,
            web_link=self.contact_link.replace("{id}", quote(raw.id, safe="")),
            changed_at=read_stamp(raw.last_modified_date_time),
        )


def read_link_key(properties: Sequence[Property]) -> LinkKey | None:
    """Our key among the extended properties of an item."""
    for found in properties:
        # Graph may write the GUID in another letter case than we did.
        if found.id.lower() == LINK_KEY_PROPERTY.lower() and found.value:
            return LinkKey(found.value)
    return None


def link_key_body(key: LinkKey) -> dict[str, Any]:
    """The part of a body that puts our key on an item."""
    entry = {"id": LINK_KEY_PROPERTY, "value": key}
    return {"singleValueExtendedProperties": [entry]}


def content_body(
    kind: Kind, fields: Mapping[str, Any], current: Content
) -> dict[str, Any]:
    """Properties that give an item these neutral fields."""
    if kind is Kind.EVENT:
        return event_body(fields, current)
    return contact_body(fields, current)


def creation_body(operation: Operation) -> dict[str, Any]:
    """The body that creates an item; the same one each time it is repeated.

    Absent values are left to the service, except that no reminder is said
    aloud: Exchange would set one.
    """
    wanted = {
        name: value
        for name, value in operation.fields.items()
        if value not in (None, ()) or name == "reminder_minutes"
    }
    body = content_body(operation.kind, wanted, {}) | link_key_body(operation.key)
    if operation.kind is Kind.EVENT:
        body["transactionId"] = transaction_id(operation)
    return body


def transaction_id(operation: Operation) -> str:
    """Client-made id of a creation: the same for a repeat of the same one."""
    name = f"{operation.key}:{operation.nonce}"
    return str(uuid.uuid5(_TRANSACTIONS, name))


def has_fields(content: Content, fields: Mapping[str, Any]) -> bool:
    """Whether content already says what was to be written.

    Zones do not count: the same instants shown in another zone are the same.
    """
    return all(_bare(content.get(n)) == _bare(v) for n, v in fields.items())


def _bare(value: object) -> object:
    if isinstance(value, TimedSpan):
        return (value.start, value.end)
    if isinstance(value, list):
        return tuple(value)
    return value
