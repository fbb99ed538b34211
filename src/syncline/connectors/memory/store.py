"""What one side holds, with the order in which it changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Generic, TypeVar

from syncline.domain.values.ids import LinkKey
from syncline.domain.values.items import Item, Record
from syncline.domain.values.kinds import Kind

Thing = TypeVar("Thing", Item, Record)


def utc_now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


class Store(Generic[Thing]):
    """Things by id, a version for each, and a log of changes.

    Nothing stored is ever changed; it is replaced. A removed id is never used
    again and stays in the log.
    """

    def __init__(self, id_prefix: str, now: Callable[[], datetime] = utc_now) -> None:
        """Start empty.

        Args:
            id_prefix: What ids begin with.
            now: Stamps what is written.
        """
        self.things: dict[str, Thing] = {}
        self.epoch = 1
        self._id_prefix = id_prefix
        self._now = now
        self._sequence = 0
        self._id_count = 0
        self._last_changes: dict[tuple[Kind, str], int] = {}

    @property
    def sequence(self) -> int:
        """Number of the newest change; 0 when there was none."""
        return self._sequence

    def new_id(self) -> str:
        """An id that nothing had."""
        self._id_count += 1
        return f"{self._id_prefix}{self._id_count:09d}"

    def put(self, thing: Thing) -> Thing:
        """Store a new thing or a new form of one; answers it with its version."""
        number = self._note(thing.kind, thing.id)
        stored = replace(thing, version=f"v{number}", changed_at=self._now())
        self.things[thing.id] = stored
        return stored

    def remove(self, thing: Thing) -> None:
        """Delete a thing for good."""
        del self.things[thing.id]
        self._note(thing.kind, thing.id)

    def _note(self, kind: Kind, thing_id: str) -> int:
        self._sequence += 1
        self._last_changes[kind, thing_id] = self._sequence
        return self._sequence

    def of_kind(self, kind: Kind) -> list[Thing]:
        """Everything of a kind, oldest first."""
        return [thing for thing in self.things.values() if thing.kind is kind]

    def with_key(self, kind: Kind, key: LinkKey) -> Thing | None:
        """The thing that carries a link key, if there is one."""
        found = (t for t in self.of_kind(kind) if t.link_key == key)
        return next(found, None)

    def changed_after(self, sequence: int, kind: Kind) -> list[str]:
        """Ids of a kind that changed after a number, each once, oldest first."""
        found = [
            (number, thing_id)
            for (of_kind, thing_id), number in self._last_changes.items()
            if of_kind is kind and number > sequence
        ]
        return [thing_id for _, thing_id in sorted(found)]

    def lose_watermarks(self) -> None:
        """Accept none of the watermarks that were given out until now."""
        self.epoch += 1
