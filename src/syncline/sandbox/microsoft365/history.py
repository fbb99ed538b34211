"""The change history of one collection, by sequence number.

Only the newest change of each item is kept, so a history is never longer than
the collection has ever had items. Reading what is new costs the number of new
changes, whatever the size of the collection.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

_FEW = 64


@dataclass(frozen=True, slots=True)
class Change:
    """The newest thing that happened to one item of a collection.

    `removed` is None while the item is a member; else it keeps what its
    removal must still be able to say (`generation`, and `series` if it was one).
    """

    sequence: int
    key: int
    removed: dict[str, Any] | None = None


@dataclass(slots=True)
class History:
    """Members and former members of one collection, with their newest change."""

    newest: dict[int, Change] = field(default_factory=dict)
    _order: list[tuple[int, int]] = field(default_factory=list)

    def note(
        self, key: int, sequence: int, removed: dict[str, Any] | None = None
    ) -> None:
        """Remember a change; sequence numbers only ever grow."""
        self.newest[key] = Change(sequence, key, removed)
        self._order.append((sequence, key))
        if len(self._order) > 2 * len(self.newest) + _FEW:
            self._order = sorted((c.sequence, c.key) for c in self.newest.values())

    def forget(self, key: int) -> None:
        """Drop an item as if it had never been there."""
        del self.newest[key]

    def after(self, sequence: int) -> Iterator[Change]:
        """The newest change of each item that changed after a number, in order."""
        start = bisect_right(self._order, sequence, key=lambda entry: entry[0])
        for index in range(start, len(self._order)):
            number, key = self._order[index]
            change = self.newest.get(key)
            if change is not None and change.sequence == number:
                yield change

    def members(self) -> list[int]:
        """Keys of the items that are in the collection, oldest first."""
        return [c.key for c in self.newest.values() if c.removed is None]

    def as_json(self) -> list[list[Any]]:
        """Everything, to be saved."""
        return [[c.sequence, c.key, c.removed] for c in self.newest.values()]

    @classmethod
    def from_json(cls, rows: list[list[Any]]) -> History:
        """What `as_json` saved."""
        history = cls()
        history.newest = {row[1]: Change(row[0], row[1], row[2]) for row in rows}
        history._order = sorted((c.sequence, c.key) for c in history.newest.values())
        return history
