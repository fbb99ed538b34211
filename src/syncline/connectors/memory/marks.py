"""ItemMarker: categories with colors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from syncline.connectors.memory.faults import Call, Desk, gone, refused
from syncline.connectors.memory.manifest import BATCH_SIZE, COLORS, PLAIN_COLOR
from syncline.connectors.memory.store import Store
from syncline.domain.issues.marking import STATUS_PREFIX
from syncline.domain.values.items import Item, Role
from syncline.domain.values.operations import MarkOrder, MarkOutcome


class MemoryItemMarker:
    """Marks items of a mailbox; `colors` is its list of known categories."""

    def __init__(
        self,
        store: Store[Item],
        desk: Desk,
        colors: dict[str, str],
        batch_size: int = BATCH_SIZE,
    ) -> None:
        """Prepare; nothing is marked."""
        self.batch_size = batch_size
        self._store = store
        self._desk = desk
        self._colors = colors

    def mark(self, orders: Sequence[MarkOrder]) -> list[MarkOutcome]:
        """Do orders, one outcome each; see `ports.ItemMarker`."""
        if not orders:
            return []
        self._desk.arrive(Call.MARK)
        for order in orders:
            self._make_categories(order.add)
        outcomes = [self._mark(order) for order in orders]
        self._desk.leave(Call.MARK)
        return outcomes

    def offer(self, names: Sequence[str]) -> None:
        """Make categories; see `ports.ItemMarker`."""
        self._desk.arrive(Call.MARK)
        self._make_categories(names)
        self._desk.leave(Call.MARK)

    def tidy(self, names_in_use: frozenset[str]) -> None:
        """Remove details that nobody carries; see `ports.ItemMarker`."""
        self._desk.arrive(Call.MARK)
        for name in list(self._colors):
            if name.startswith(STATUS_PREFIX) and name not in names_in_use:
                del self._colors[name]

    def withdraw(self, names: Sequence[str]) -> None:
        """Remove categories from the list; see `ports.ItemMarker`."""
        self._desk.arrive(Call.MARK)
        gone = {name.casefold() for name in names}
        for name in [n for n in self._colors if n.casefold() in gone]:
            del self._colors[name]

    def _make_categories(self, names: Sequence[str]) -> None:
        known = {name.casefold() for name in self._colors}
        for name in names:
            if name.casefold() not in known:
                self._colors[name] = COLORS.get(name, PLAIN_COLOR)

    def _mark(self, order: MarkOrder) -> MarkOutcome:
        item = self._store.get(order.item_id)
        if item is None:
            return MarkOutcome(order=order, fault=gone())
        if item.role is Role.OCCURRENCE:
            # It would tear the occurrence out of its series.
            return MarkOutcome(order=order, fault=refused("MarkedOccurrence"))
        link_key = order.key if order.set_link_key else item.link_key
        marked = replace(
            item,
            categories=_categories(item, order),
            link_key=link_key,
            is_filed=item.is_filed and not order.unfile,
        )
        if marked == item:
            return MarkOutcome(order=order, version=item.version)
        self._desk.writes += 1
        return MarkOutcome(order=order, version=self._store.put(marked).version)


def _categories(item: Item, order: MarkOrder) -> tuple[str, ...]:
    gone_names = {name.casefold() for name in order.remove}
    kept = [name for name in item.categories if name.casefold() not in gone_names]
    have = {name.casefold() for name in kept}
    new = [name for name in order.add if name.casefold() not in have]
    return tuple(kept + new)
