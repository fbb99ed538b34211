"""Small makers of domain values, with everything that a test does not care about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from syncline.domain.access.mailbox import Mailbox
from syncline.domain.access.policy import Policy
from syncline.domain.mapping import MAPPINGS
from syncline.domain.values.changes import Change, Presence
from syncline.domain.values.content import Attendee, TimedSpan, Value
from syncline.domain.values.ids import ItemId, LinkKey, MailboxId, RecordId
from syncline.domain.values.items import Item, Record
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Base, Link, LinkState

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def mailbox(**changes: Any) -> Mailbox:
    """Ada's mailbox; automatic saving is on."""
    policy = Policy(
        auto_save=frozenset({Kind.EVENT, Kind.CONTACT}), save_unrelated_events=True
    )
    facts: dict[str, Any] = {
        "id": MailboxId(1),
        "address": "ada@northwind.example",
        "organization_id": "00D000000000001AAA",
        "crm_user_id": "005000000000001AAA",
        "members": frozenset({"ada@northwind.example", "bruno@northwind.example"}),
        "policy": policy,
    }
    return Mailbox(**{**facts, **changes})


def event_content(**changes: Value) -> dict[str, Value]:
    """An hour with a customer, tomorrow."""
    start = NOW + timedelta(days=1)
    content: dict[str, Value] = {
        "subject": "Demo at Acme",
        "body": None,
        "location": "Oslo",
        "when": TimedSpan(start=start, end=start + timedelta(hours=1), zone="UTC"),
        "show_as": "busy",
        "private": False,
        "reminder_minutes": None,
        "attendees": (),
    }
    return {**content, **changes}


def contact_content(**changes: Value) -> dict[str, Value]:
    """Grace at Acme."""
    names = {rule.name: None for rule in MAPPINGS[Kind.CONTACT].rules}
    content: dict[str, Value] = {
        **names,
        "given_name": "Grace",
        "family_name": "Hopper",
        "emails": ("grace@acme.example",),
        "business_phones": (),
        "home_phones": (),
        "company": "Acme",
    }
    return {**content, **changes}


def task_content(**changes: Value) -> dict[str, Value]:
    """Call Acme by Friday."""
    content: dict[str, Value] = {
        "subject": "Call Acme",
        "body": None,
        "due": "2026-11-27",
        "status": "not_started",
        "importance": "normal",
        "reminder_at": None,
        "completed_on": None,
    }
    return {**content, **changes}


def message_content(**changes: Value) -> dict[str, Value]:
    """A customer writes to Ada."""
    content: dict[str, Value] = {
        "subject": "Your offer",
        "body": "Dear Ada",
        "direction": "in",
        "sender_email": "grace@acme.example",
        "sender_name": "Grace Hopper",
        "recipients": (Attendee(email="ada@northwind.example", role="to"),),
        "sent_at": "2026-11-24T08:00:00Z",
        "received_at": "2026-11-24T08:00:03Z",
        "conversation_id": "c1",
        "private": False,
        "encrypted": False,
        "sort": "mail",
        "attachments": (),
    }
    return {**content, **changes}


CONTENT = {
    Kind.EVENT: event_content,
    Kind.CONTACT: contact_content,
    Kind.TASK: task_content,
    Kind.MESSAGE: message_content,
}


def item(kind: Kind = Kind.EVENT, name: str = "i1", **changes: Any) -> Item:
    """An item as a mailbox reports it; `content` changes single fields."""
    make = CONTENT[kind]
    content = make(**changes.pop("content", {}))
    facts: dict[str, Any] = {
        "kind": kind,
        "id": ItemId(name),
        "version": "v1",
        "content": content,
        "uid": f"uid-{name}",
    }
    return Item(**{**facts, **changes})


def record(kind: Kind = Kind.EVENT, name: str = "r1", **changes: Any) -> Record:
    """A record that says the same as `item(kind)`; `fields` changes some."""
    make = CONTENT[kind]
    fields = MAPPINGS[kind].to_record(make())
    fields.update(changes.pop("fields", {}))
    facts: dict[str, Any] = {
        "kind": kind,
        "id": RecordId(name),
        "version": "s1",
        "fields": fields,
    }
    return Record(**{**facts, **changes})


def link(kind: Kind = Kind.EVENT, **changes: Any) -> Link:
    """Partners `i1` and `r1`, in step."""
    make = CONTENT[kind]
    content = make()
    base = Base()
    if kind in MAPPINGS:
        base = Base(item=content, record=MAPPINGS[kind].to_record(content))
    facts: dict[str, Any] = {
        "key": LinkKey("key-1"),
        "kind": kind,
        "state": LinkState.LINKED,
        "origin": Side.MAILBOX,
        "item_id": ItemId("i1"),
        "record_id": RecordId("r1"),
        "item_uid": "uid-i1",
        "item_version": "v1",
        "record_version": "s1",
        "name": "Demo at Acme" if kind is Kind.EVENT else "Grace Hopper",
        "base": base,
    }
    return Link(**{**facts, **changes})


def seen(thing: Item | Record) -> Change:
    """The thing was read."""
    side = Side.MAILBOX if isinstance(thing, Item) else Side.CRM
    return Change(
        side=side, kind=thing.kind, id=thing.id, presence=Presence.SEEN, thing=thing
    )


def gone(side: Side, name: str, kind: Kind = Kind.EVENT) -> Change:
    """The thing was observed to be deleted."""
    return Change(side=side, kind=kind, id=name, presence=Presence.DELETED)
