"""What one look at an item amounts to, as a change."""

from __future__ import annotations

from syncline.connectors.microsoft365.faults import is_graphs_not_found
from syncline.connectors.microsoft365.manifest import PROVIDER
from syncline.domain.errors import ProviderError
from syncline.domain.values.changes import Change, Presence
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.items import Item
from syncline.domain.values.kinds import Kind, Side


def change(
    kind: Kind,
    item_id: str,
    presence: Presence,
    fault: Fault | None = None,
    item: Item | None = None,
) -> Change:
    """A change of the mailbox."""
    return Change(
        side=Side.MAILBOX,
        kind=kind,
        id=item_id,
        presence=presence,
        fault=fault,
        thing=item,
    )


def seen(item: Item) -> Change:
    """The change for an item that was read."""
    return change(item.kind, item.id, Presence.SEEN, item=item)


def unreadable(kind: Kind, item_id: str, why: str) -> Change:
    """The change for an item that makes no sense."""
    fault = Fault(
        fault_class=FaultClass.BAD_RESPONSE,
        provider=PROVIDER,
        operation=f"read {kind}",
        code="BadResponse",
        message=why[:200],
    )
    return change(kind, item_id, Presence.UNREADABLE, fault)


def missing(kind: Kind, item_id: str, fault: Fault) -> Change:
    """The change for an item that could not be had.

    Raises:
        ProviderError: Access to the mailbox is lost.
    """
    if fault.fault_class is FaultClass.ACCESS:
        raise ProviderError.of(fault)
    if is_graphs_not_found(fault):
        return change(kind, item_id, Presence.DELETED)
    return change(kind, item_id, Presence.UNREADABLE, fault)
