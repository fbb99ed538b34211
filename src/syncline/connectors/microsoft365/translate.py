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
    is_master,
    is_occurrence,
    read_event,
    read_response,
)
from syncline.connectors.microsoft365.manifest import LINK_KEY_PROPERTY
from syncline.connectors.microsoft365.messages import message_uid, read_message
from syncline.connectors.microsoft365.occurrences import rule_day, series_zone
from syncline.connectors.microsoft365.tasks import (
    read_task,
    read_task_key,
    resource_body,
    task_body,
)
from syncline.connectors.microsoft365.times import find_zone, read_stamp
from syncline.connectors.microsoft365.wire import (
    Contact,
    Event,
    File,
    Message,
    Property,
    Task,
)
from syncline.domain.values.content import AllDaySpan, Content, TimedSpan
from syncline.domain.values.ids import ItemId, LinkKey
from syncline.domain.values.items import Item, Role
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import Operation

Shape = Event | Contact | Task | Message
SHAPES: dict[Kind, type[Shape]] = {
    Kind.EVENT: Event,
    Kind.CONTACT: Contact,
    Kind.TASK: Task,
    Kind.MESSAGE: Message,
}
#: Any fixed value: transaction ids must come out the same after a crash.
_TRANSACTIONS = uuid.UUID("7c9f1b0e-52a6-4c0b-9e52-5a1c53e0d7a4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an item lies, as far as that means something."""

    #: In the folder or list that saves what is put there.
    is_filed: bool = False
    #: Among what the owner sent.
    is_sent: bool = False


ANYWHERE = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Translator:
    """Reads the items of one mailbox.

    `contact_link` and `task_link` are templates with `{id}` for a page that shows
    a contact or a task; Graph gives those no link of their own. `record_link` is
    one for a page that shows a record of Salesforce.
    """

    mailbox: str
    contact_link: str = ""
    task_link: str = ""
    record_link: str = ""

    def item(
        self, kind: Kind, raw: msgspec.Raw | bytes, *, link_key_known: bool
    ) -> Item:
        """One item as Graph sent it.

        Args:
            kind: What it is.
            raw: JSON.
            link_key_known: Whether the call asked for our key.

        Raises:
            ValueError: It makes no sense (msgspec's errors are of this kind).
        """
        read = msgspec.json.decode(raw, type=SHAPES[kind])
        return self.read(read, link_key_known=link_key_known)

    def read(
        self,
        raw: Shape,
        *,
        link_key_known: bool,
        place: Place = ANYWHERE,
        item_id: str = "",
        files: Sequence[File] = (),
    ) -> Item:
        """One decoded item.

        Args:
            raw: As Graph sent it.
            link_key_known: Whether the call asked for our key.
            place: Where it lies.
            item_id: Ours, where it is not simply Graph's.
            files: What hangs on a message.

        Raises:
            ValueError: It makes no sense.
        """
        if isinstance(raw, Event):
            return self._event(raw, None, link_key_known=link_key_known)
        if isinstance(raw, Task):
            known = link_key_known or raw.linked_resources is not None
            key = read_task_key(raw.linked_resources or ())
            content = read_task(raw)
            link = self.task_link.replace("{id}", quote(raw.id, safe=""))
        else:
            key = read_link_key(raw.single_value_extended_properties or ())
            known = link_key_known or key is not None
            if isinstance(raw, Message):
                content = read_message(
                    raw, owner=self.mailbox, is_sent=place.is_sent, files=files
                )
                link = raw.web_link or ""
            else:
                content = read_contact(raw)
                link = self.contact_link.replace("{id}", quote(raw.id, safe=""))
        uid = message_uid(raw, content) if isinstance(raw, Message) else ""
        return Item(
            kind=_KIND_OF_SHAPE[type(raw)],
            id=ItemId(item_id or raw.id),
            version=raw.etag or "",
            content=content,
            uid=uid or item_id or raw.id,
            categories=tuple(raw.categories or ()),
            link_key=key,
            link_key_known=known,
            is_filed=place.is_filed,
            web_link=link,
            changed_at=read_stamp(raw.last_modified_date_time),
        )

    def read_occurrence(self, raw: Event, master: Event) -> Item:
        """One time of a series, with the series' categories and key.

        Raises:
            ValueError: It makes no sense.
        """
        return self._event(raw, master, link_key_known=True)

    def _event(self, raw: Event, master: Event | None, *, link_key_known: bool) -> Item:
        content = read_event(raw, self.mailbox)
        span = content["when"]
        assert isinstance(span, TimedSpan | AllDaySpan)
        unsupported, params = find_obstacle(span)
        organizer = raw.organizer.email_address if raw.organizer else None
        bearer = master or raw
        key = read_link_key(bearer.single_value_extended_properties or ())
        uid, series_uid, role = raw.i_cal_uid or raw.id, "", Role.SINGLE
        if is_occurrence(raw):
            series_uid = bearer.uid or bearer.i_cal_uid or raw.series_master_id or ""
            uid = f"{series_uid}/{rule_day(raw, master).isoformat()}"
            role = Role.OCCURRENCE
        elif is_master(raw):
            uid = series_uid = raw.uid or uid
            role = Role.MASTER
        if unsupported is None and role is not Role.SINGLE and not raw.is_all_day:
            zone = series_zone(raw, master)
            if find_zone(zone) is None:
                unsupported, params = "unknown_time_zone", (("zone", zone),)
        return Item(
            kind=Kind.EVENT,
            id=ItemId(raw.id),
            version=raw.etag or "",
            content=content,
            uid=uid,
            categories=tuple(bearer.categories or ()),
            link_key=key,
            link_key_known=link_key_known or key is not None,
            is_organizer=raw.is_organizer is not False,
            organizer=((organizer.address or "") if organizer else "").lower(),
            is_cancelled=bool(raw.is_cancelled),
            response=read_response(raw),
            role=role,
            original_start=read_stamp(raw.original_start),
            series_uid=series_uid,
            series_id=raw.series_master_id or "",
            unsupported=unsupported,
            unsupported_params=params,
            web_link=raw.web_link or "",
            changed_at=read_stamp(raw.last_modified_date_time),
        )


_KIND_OF_SHAPE: dict[type[Shape], Kind] = {s: kind for kind, s in SHAPES.items()}


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
    if kind is Kind.TASK:
        return task_body(fields)
    return contact_body(fields, current)


def creation_body(operation: Operation, record_link: str = "") -> dict[str, Any]:
    """The body that creates an item; the same one each time it is repeated.

    Absent values are left to the service, except that no reminder is said
    aloud: Exchange would set one.

    Args:
        operation: The creation.
        record_link: Template with `{id}` of a page that shows the record.

    Raises:
        InexpressibleError: Graph has no pattern for the recurrence.
    """
    wanted = {
        name: value
        for name, value in operation.fields.items()
        if value not in (None, ()) or name == "reminder_minutes"
    }
    body = content_body(operation.kind, wanted, {})
    if operation.kind is Kind.TASK:
        record_id = operation.link.record_id
        shown = record_link.replace("{id}", record_id) if record_id else ""
        return body | {"linkedResources": [resource_body(operation.key, shown)]}
    body |= link_key_body(operation.key)
    if operation.kind is Kind.EVENT:
        body["transactionId"] = transaction_id(operation)
    return body


def transaction_id(operation: Operation) -> str:
    """Client-made id of a creation: the same for a repeat of the same one."""
    name = f"{operation.key}:{operation.nonce}"
    return str(uuid.uuid5(_TRANSACTIONS, name))


def has_fields(content: Content, fields: Mapping[str, Any]) -> bool:
    """Whether content already says what was to be written.

    Zones do not count: the same instants shown in another zone are the same. Nor
    do spellings of one rule.
    """
    return all(
        _rule_parts(content.get(name)) == _rule_parts(value)
        if name == "recurrence"
        else _bare(content.get(name)) == _bare(value)
        for name, value in fields.items()
    )


def _rule_parts(rule: object) -> dict[str, list[str]]:
    """A rule's parts in any order, without those that say nothing."""
    text = rule.upper() if isinstance(rule, str) else ""
    parts = (part.partition("=") for part in text.split(";") if part)
    told = {name: sorted(value.split(",")) for name, _, value in parts}
    usual = {"INTERVAL": ["1"], "WKST": ["MO"]}
    return {name: value for name, value in told.items() if usual.get(name) != value}


def _bare(value: object) -> object:
    if isinstance(value, TimedSpan):
        return (value.start, value.end)
    if isinstance(value, list):
        return tuple(value)
    return value
