"""What the tenant stores: mailboxes, and the items and containers in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from syncline.sandbox.microsoft365.history import History
from syncline.sandbox.microsoft365.identifiers import default_id, immutable_id

Json = dict[str, Any]

#: Kinds whose default id changes when the item moves.
MOVABLE = frozenset({"event", "contact", "message"})
#: Containers that may stand in one another, yet share one history.
TREES = frozenset({"mailFolder", "contactFolder", "calendar", "todoList"})
ROOT = 0


def collection(kind: str, parent: int) -> str:
    """The name of the history that follows items of a kind in a container."""
    return f"{kind}:{ROOT if kind in TREES else parent}"


@dataclass(slots=True)
class Item:
    """One thing in a mailbox, or one occurrence of a series made from it.

    `version` is the mailbox's sequence number at the last write and `born` the
    one at creation. `generation` counts moves. `span` is start and end of an
    event as UTC text. `series` (masters only) keeps `cancelled` days with the
    sequence number of the cancellation, `exceptions` by day, the number of its
    `shape`, and when it `changed` as a whole. `former` are the shapes that the
    series had. `day` and `shape` say which occurrence of which shape it is.
    """

    key: int
    kind: str
    parent: int
    fields: Json
    born: int = 0
    version: int = 0
    generation: int = 0
    created: str = ""
    modified: str = ""
    properties: dict[str, str] = field(default_factory=dict)
    span: tuple[str, str] = ("", "")
    series: Json | None = None
    day: str | None = None
    shape: int = 0
    former: list[Json] = field(default_factory=list)

    def as_json(self) -> Json:
        """The item, to be saved."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, raw: Json) -> Item:
        """What `as_json` saved."""
        item = cls(**raw)
        item.span = (raw["span"][0], raw["span"][1])
        return item


@dataclass(slots=True)
class Mailbox:
    """One person's mailbox.

    `sequence` counts writes; `keys` counts items ever made. `transactions`
    remembers which event a client's `transactionId` made, `meetings` the event
    of each `uid`, and `well_known` the containers that have a fixed name.
    `mailbox_id` is that of the store, and changes when the mailbox is migrated;
    `user_id` is the person's and stays.
    """

    address: str
    name: str
    mailbox_id: str
    time_zone: str = "UTC"
    language: str = "en-US"
    sequence: int = 0
    keys: int = 0
    items: dict[int, Item] = field(default_factory=dict)
    histories: dict[str, History] = field(default_factory=dict)
    categories: list[Json] = field(default_factory=list)
    transactions: dict[str, int] = field(default_factory=dict)
    meetings: dict[str, int] = field(default_factory=dict)
    well_known: dict[str, int] = field(default_factory=dict)
    user_id: str = ""

    def history(self, kind: str, parent: int) -> History:
        """The history of a collection, empty if nothing happened there yet."""
        return self.histories.setdefault(collection(kind, parent), History())

    def members(self, kind: str, parent: int) -> list[Item]:
        """The items of a kind in a container, oldest first."""
        keys = self.history(kind, parent).members()
        found = (self.items[key] for key in keys)
        if kind in TREES:
            return [item for item in found if item.parent == parent]
        return list(found)

    def all_of(self, kind: str) -> list[Item]:
        """The items of a kind wherever they are, oldest first."""
        return [item for item in self.items.values() if item.kind == kind]

    def id_of(self, item: Item, *, immutable: bool) -> str:
        """An item's id in one of the two forms."""
        if immutable and item.kind in MOVABLE:
            return immutable_id(self.mailbox_id, item.key, item.day, item.shape)
        generation = item.generation
        return default_id(self.mailbox_id, item.key, generation, item.day, item.shape)

    def id_of_container(self, key: int) -> str:
        """The constant id of a folder, calendar or list."""
        return default_id(self.mailbox_id, key, 0)

    def as_json(self) -> Json:
        """The mailbox, to be saved."""
        saved = {name: getattr(self, name) for name in self.__slots__}
        saved["items"] = [item.as_json() for item in self.items.values()]
        saved["histories"] = {n: h.as_json() for n, h in self.histories.items()}
        return saved

    @classmethod
    def from_json(cls, raw: Json) -> Mailbox:
        """What `as_json` saved."""
        items = [Item.from_json(row) for row in raw["items"]]
        histories = {n: History.from_json(h) for n, h in raw["histories"].items()}
        return cls(
            **raw
            | {"items": {item.key: item for item in items}, "histories": histories}
        )
