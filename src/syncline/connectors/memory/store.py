"""What one side holds, with the order in which it changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import takewhile
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
        #: Ids of what is there and not shown to the syncing user.
        self.hidden: set[str] = set()
        #: When each thing was first stored.
        self.made_at: dict[str, datetime] = {}
        self.epoch = 1
        self.now = now
        self._id_prefix = id_prefix
        self._sequence = 0
        self._id_count = 0
        # In the order of the changes.
        self._last_changes: dict[tuple[Kind, str], int] = {}
        self._carriers: dict[tuple[Kind, LinkKey], dict[str, None]] = {}

    @property
    def sequence(self) -> int:
        """Number of the newest change; 0 when there was none."""
        return self._sequence

    def new_id(self) -> str:
        """An id that nothing had."""
        self._id_count += 1
        return f"{self._id_prefix}{self._id_count:09d}"

    def get(self, thing_id: str) -> Thing | None:
        """The thing with an id, if there is one."""
        return self.things.get(thing_id)

    def put(self, thing: Thing) -> Thing:
        """Store a new thing or a new form of one; answers it with its version."""
        number = self._note(thing.kind, thing.id)
        stored = replace(thing, version=f"v{number}", changed_at=self.now())
        self._forget_key(thing.id)
        self.things[thing.id] = stored
        self.made_at.setdefault(thing.id, self.now())
        if stored.link_key:
            carried = stored.kind, stored.link_key
            self._carriers.setdefault(carried, {})[stored.id] = None
        return stored

    def remove(self, thing: Thing) -> None:
        """Delete a thing for good."""
        self._forget_key(thing.id)
        del self.things[thing.id]
        del self.made_at[thing.id]
        self._note(thing.kind, thing.id)

    def _forget_key(self, thing_id: str) -> None:
        old = self.things.get(thing_id)
        if old is not None and old.link_key:
            self._carriers[old.kind, old.link_key].pop(thing_id, None)

    def _note(self, kind: Kind, thing_id: str) -> int:
        self._sequence += 1
        self._last_changes.pop((kind, thing_id), None)
        self._last_changes[kind, thing_id] = self._sequence
        return self._sequence

    def of_kind(self, kind: Kind) -> list[Thing]:
        """Everything of a kind, oldest first."""
        return [thing for thing in self.things.values() if thing.kind is kind]

    def with_key(self, kind: Kind, key: LinkKey) -> Thing | None:
        """The thing that carries a link key, if there is one."""
        carriers = self._carriers.get((kind, key), {})
        return next((self.things[thing_id] for thing_id in carriers), None)

    def changed_after(self, sequence: int, kind: Kind) -> list[str]:
        """Ids of a kind that changed after a number, each once, oldest first."""
        newest_first = reversed(self._last_changes.items())
        new = takewhile(lambda change: change[1] > sequence, newest_first)
        found = [thing_id for (of_kind, thing_id), _ in new if of_kind is kind]
        return found[::-1]

    def lose_watermarks(self) -> None:
        """Accept none of the watermarks that were given out until now."""
        self.epoch += 1
