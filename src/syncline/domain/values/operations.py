"""Intended writes and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from syncline.domain.values.faults import Fault
from syncline.domain.values.ids import ItemId, LinkKey
from syncline.domain.values.items import Item, Record
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Base, Link


class Verb(StrEnum):
    """What a write does."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    #: Puts a file of a message on the message's record; `fields["attachment"]`
    #: says which, and `fields["bytes"]` holds it when it is carried out.
    ATTACH = "attach"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One intended write on one side.

    `fields` are neutral names and values for the mailbox, API names and JSON
    values for Salesforce; on update only those that change. `agreed` is what
    becomes part of the base when the write succeeded. `version` guards an
    update or delete: when the side has moved on, the writer answers a VERSION
    fault and writes nothing.
    """

    link: Link
    side: Side
    verb: Verb
    kind: Kind
    target_id: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    version: str = ""
    agreed: Base = field(default_factory=Base)
    #: The item as it stands, where the mailbox write needs the untouched rest.
    item: Item | None = None
    #: The profile allows that this write has guests mailed; never by default.
    may_mail_guests: bool = False
    #: Why it takes something away that nobody deleted; empty for all others.
    reason: str = ""
    #: Tells a deliberate second create (the first was deleted) from a repeat.
    nonce: str = ""

    @property
    def key(self) -> LinkKey:
        """The client-made key under which a create is repeated safely."""
        return self.link.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What happened to one operation.

    On success `id` and `version` are the target's; `item` / `record` is what
    the provider stored, when it said so. `created` is False when a create
    found the thing in place already.
    """

    operation: Operation
    fault: Fault | None = None
    id: str = ""
    version: str = ""
    created: bool = True
    item: Item | None = None
    record: Record | None = None

    @property
    def is_done(self) -> bool:
        """Whether the write took effect."""
        return self.fault is None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkOrder:
    """Which of our categories one item must carry from now on.

    Names in `remove` go, names in `add` come, everything else on the item
    stays. `categories` and `version` are what was last read, when known.
    """

    key: LinkKey
    kind: Kind
    item_id: ItemId
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    categories: tuple[str, ...] | None = None
    version: str = ""
    #: Also write the link key onto the item.
    set_link_key: bool = False
    #: Also take it out of the folder that saves what is put there.
    unfile: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkOutcome:
    """What happened to one mark order."""

    order: MarkOrder
    fault: Fault | None = None
    version: str = ""
