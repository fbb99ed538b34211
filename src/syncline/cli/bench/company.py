"""A mailbox and an org of any size, made up from numbers and kept nowhere.

Item, record and link of a number always say the same. Nothing here costs memory
beyond what is handed out, so what a session needs is what it keeps itself.
"""

from __future__ import annotations

import functools
from datetime import UTC, datetime, timedelta

from syncline.domain.access.mailbox import Mailbox
from syncline.domain.access.policy import Policy
from syncline.domain.issues.marking import desired_marks
from syncline.domain.mapping import MAPPINGS
from syncline.domain.values.content import Content, RecordFields, TimedSpan
from syncline.domain.values.ids import ItemId, LinkKey, MailboxId, RecordId
from syncline.domain.values.items import Item, Record
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Base, Link, LinkState

USER_ID = "005000000000001AAA"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
AGENDA = "Agenda and notes. " * 20
MARKS = desired_marks(is_linked=True, cause=None)

#: Of ten things, which are what.
_KINDS = (Kind.EVENT,) * 5 + (Kind.CONTACT,) * 3 + (Kind.TASK,) * 2


@functools.cache
def mailbox() -> Mailbox:
    """The mailbox that everything belongs to."""
    saved = frozenset({Kind.EVENT, Kind.CONTACT, Kind.TASK})
    policy = Policy(auto_save=saved, save_unrelated_events=True)
    return Mailbox(
        id=MailboxId(1),
        address="ada@northwind.example",
        organization_id="00D000000000001AAA",
        crm_user_id=USER_ID,
        members=frozenset({"ada@northwind.example"}),
        policy=policy,
        swept_at=NOW,
        swept_policy=policy.digest,
    )


def kind_of(number: int) -> Kind:
    """What a number stands for."""
    return _KINDS[number % 10]


def item(number: int, *, name: str = "", place: str = "") -> Item:
    """The item; with a name or a place it was edited."""
    edited = "v2" if name or place else "v1"
    return Item(
        kind=kind_of(number),
        id=ItemId(f"item-{number:09d}"),
        version=edited,
        content=content(number, name=name, place=place),
        uid=f"uid-{number:09d}",
        categories=MARKS,
        link_key=key(number),
        changed_at=NOW,
    )


def record(number: int, *, name: str = "", place: str = "") -> Record:
    """The record; with a name or a place it was edited."""
    edited = "s2" if name or place else "s1"
    return Record(
        kind=kind_of(number),
        id=RecordId(f"record-{number:09d}"),
        version=edited,
        fields=fields(number, name=name, place=place),
        link_key=key(number),
        owner_id=USER_ID,
        changed_at=NOW,
    )


def link(number: int) -> Link:
    """The two as partners that agree."""
    return Link(
        key=key(number),
        kind=kind_of(number),
        state=LinkState.LINKED,
        origin=Side.MAILBOX,
        item_id=ItemId(f"item-{number:09d}"),
        record_id=RecordId(f"record-{number:09d}"),
        item_uid=f"uid-{number:09d}",
        item_version="v1",
        record_version="s1",
        name=item(number).name,
        base=Base(item=content(number), record=fields(number)),
        marks=MARKS,
    )


def key(number: int) -> LinkKey:
    """The link's key, as long as a real one."""
    return LinkKey(f"{mailbox().key}-{number:032x}")


def number_of(name: str) -> int:
    """What an id or a key stands for."""
    base = 16 if name.startswith(mailbox().key) else 10
    return int(name.rpartition("-")[2], base)


def content(number: int, *, name: str = "", place: str = "") -> Content:
    """What the item says."""
    match kind_of(number):
        case Kind.EVENT:
            return _event(number, name, place)
        case Kind.CONTACT:
            return _contact(number, name, place)
        case _:
            return _task(number, name, place)


def fields(number: int, *, name: str = "", place: str = "") -> RecordFields:
    """What the record says: the same."""
    said = content(number, name=name, place=place)
    return MAPPINGS[kind_of(number)].to_record(said)


def _event(number: int, name: str, place: str) -> Content:
    start = NOW + timedelta(minutes=30 * (number % 2_000))
    return {
        "subject": name or f"Visit {number}",
        "body": f"{number}: {AGENDA}",
        "location": place or f"Room {number % 50}",
        "when": TimedSpan(start=start, end=start + timedelta(hours=1), zone="UTC"),
        "show_as": "busy",
        "private": False,
        "reminder_minutes": 15,
        "attendees": (),
        "recurrence": None,
    }


def _contact(number: int, name: str, place: str) -> Content:
    nothing = dict.fromkeys(rule.name for rule in MAPPINGS[Kind.CONTACT].rules)
    return {
        **nothing,
        "given_name": name or "Grace",
        "family_name": f"Hopper {number}",
        "emails": (f"grace{number}@acme.example",),
        "business_phones": (f"+1 555 {number:07d}",),
        "home_phones": (),
        "company": "Acme",
        "job_title": place or "Buyer",
    }


def _task(number: int, name: str, place: str) -> Content:
    return {
        "subject": name or f"Call {number}",
        "body": place or f"{number}: {AGENDA}",
        "due": "2026-12-01",
        "status": "not_started",
        "importance": "normal",
        "reminder_at": None,
        "completed_on": None,
    }
