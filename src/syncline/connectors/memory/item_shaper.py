"""How items take over what is written, and what must never be written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from syncline.connectors.memory.blanks import BLANK_CONTENT
from syncline.connectors.memory.calendar import ItemStore
from syncline.connectors.memory.faults import refused
from syncline.connectors.memory.manifest import OWN_STATE, READ_ONLY
from syncline.domain.values.faults import Fault
from syncline.domain.values.ids import ItemId
from syncline.domain.values.items import Item
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import Operation, Verb


class ItemShaper:
    """Makes and changes items of one mailbox."""

    def __init__(self, store: ItemStore) -> None:
        """Remember where items are."""
        self._store = store

    def fresh(self, operation: Operation, thing_id: str) -> Item:
        """A new item with the operation's fields and key."""
        is_plain = operation.kind in (Kind.TASK, Kind.CONTACT)
        return Item(
            kind=operation.kind,
            id=ItemId(thing_id),
            version="",
            content={**BLANK_CONTENT[operation.kind], **operation.fields},
            uid=thing_id if is_plain else f"uid-{thing_id}",
            link_key=operation.key,
        )

    def changed(self, thing: Item, operation: Operation) -> Item:
        """The item with the operation's fields."""
        return replace(thing, content={**thing.content, **operation.fields})

    def forbids(self, operation: Operation, thing: Item | None) -> Fault | None:
        """What may not be written at all, and whom nobody may bother with it."""
        if operation.verb is Verb.ATTACH:
            return refused("NoFilesHere")
        read_only = READ_ONLY & operation.fields.keys()
        if read_only:
            return refused("ReadOnly", *sorted(read_only))
        if operation.kind is Kind.MESSAGE:
            return refused("MessagesStay")
        if thing is not None and _is_of_others(thing) and not _is_own(operation):
            return refused("NotTheOrganizer", "attendees")
        if self.guest_mails(operation, thing) and not operation.may_mail_guests:
            return refused("GuestsWouldBeMailed", "attendees")
        return None

    def found(self, operation: Operation) -> Item | None:
        """The item that carries the operation's key."""
        return self._store.with_key(operation.kind, operation.key)

    def guest_mails(self, operation: Operation, thing: Item | None) -> int:
        """How many guests the provider tells of this."""
        if operation.kind is not Kind.EVENT or _is_own(operation):
            return 0
        before = thing.content["attendees"] if thing is not None else ()
        after: Any = operation.fields.get("attendees", ())
        assert isinstance(before, tuple)
        return len({getattr(guest, "email", guest) for guest in (*before, *after)})

    def attach(self, operation: Operation, thing: Item) -> tuple[str, bool]:
        """Never: `forbids` refuses it."""
        raise NotImplementedError


def _is_of_others(item: Item) -> bool:
    return item.kind is Kind.EVENT and not item.is_organizer


def _is_own(operation: Operation) -> bool:
    """Whether it changes the owner's own state of a meeting and no more."""
    return operation.verb is Verb.UPDATE and set(operation.fields) <= OWN_STATE
