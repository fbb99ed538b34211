"""A mailbox in memory, with what its owner does to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from syncline.connectors.memory.blanks import BLANK_CONTENT
from syncline.connectors.memory.changes import Manners, MemoryChangeSource
from syncline.connectors.memory.faults import Desk, make_fault
from syncline.connectors.memory.manifest import OWN_STATE
from syncline.connectors.memory.marks import MemoryItemMarker
from syncline.connectors.memory.store import Store, utc_now
from syncline.connectors.memory.stretches import stretch_of_item
from syncline.connectors.memory.writes import MemoryItemWriter
from syncline.domain.values.content import Value
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.ids import ItemId
from syncline.domain.values.items import Item
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.operations import Operation, Verb


class MemoryMailbox:
    """One mailbox: its ports, and the owner's own hands.

    `desk` counts calls, holds rules and plans faults. `colors` are the known
    categories.
    """

    def __init__(self, now: Callable[[], datetime] = utc_now) -> None:
        """Start empty; `now` stamps what is written."""
        self.store: Store[Item] = Store("item-", now)
        self.desk = Desk()
        self.colors: dict[str, str] = {}
        manners = Manners(
            side=Side.MAILBOX,
            stretch=stretch_of_item,
            is_listed=lambda item: True,
            says_deleted=False,
            says_keys=False,
        )
        self.changes = MemoryChangeSource(self.store, self.desk, manners)
        self.writer = MemoryItemWriter(
            Side.MAILBOX, self.store, self.desk, ItemShaper()
        )
        self.marker = MemoryItemMarker(self.store, self.desk, self.colors)

    @property
    def requests(self) -> int:
        """Calls made so far."""
        return self.desk.requests

    def add(self, kind: Kind, **content: Value) -> Item:
        """The owner makes an item."""
        item_id = self.store.new_id()
        return self.store.put(
            Item(
                kind=kind,
                id=ItemId(item_id),
                version="",
                content={**BLANK_CONTENT[kind], **content},
                uid=f"uid-{item_id}",
            )
        )

    def edit(self, item_id: str, **content: Value) -> Item:
        """The owner changes an item."""
        item = self.store.things[item_id]
        return self.store.put(replace(item, content={**item.content, **content}))

    def categorize(self, item_id: str, *names: str) -> Item:
        """The owner gives an item exactly these categories."""
        item = self.store.things[item_id]
        return self.store.put(replace(item, categories=names))

    def delete(self, item_id: str) -> None:
        """The owner deletes an item."""
        self.store.remove(self.store.things[item_id])


class ItemShaper:
    """How items take over what an operation says."""

    def fresh(self, operation: Operation, thing_id: str) -> Item:
        """A new item with the operation's fields and key."""
        return Item(
            kind=operation.kind,
            id=ItemId(thing_id),
            version="",
            content={**BLANK_CONTENT[operation.kind], **operation.fields},
            uid=f"uid-{thing_id}",
            link_key=operation.key,
        )

    def changed(self, thing: Item, operation: Operation) -> Item:
        """The item with the operation's fields."""
        return replace(thing, content={**thing.content, **operation.fields})

    def forbids(self, operation: Operation, thing: Item | None) -> Fault | None:
        """Why nobody may be bothered with this write."""
        if operation.kind is not Kind.EVENT:
            return None
        is_own = operation.verb is Verb.UPDATE and set(operation.fields) <= OWN_STATE
        if is_own:
            return None
        if thing is not None and not thing.is_organizer:
            return make_fault(FaultClass.REJECTED, "NotTheOrganizer", "attendees")
        invites = bool(operation.fields.get("attendees"))
        if invites or (thing is not None and thing.has_guests):
            return make_fault(FaultClass.REJECTED, "GuestsWouldBeMailed", "attendees")
        return None
