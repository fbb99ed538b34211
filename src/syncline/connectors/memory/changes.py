"""ChangeSource of either side."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic

from syncline.connectors.memory.faults import Call, Desk, make_fault
from syncline.connectors.memory.manifest import KINDS, LISTED_WHOLE
from syncline.connectors.memory.store import Store, Thing
from syncline.domain.values.changes import (
    Change,
    ChangeSet,
    LeftOut,
    Presence,
    Watermark,
)
from syncline.domain.values.content import format_instant
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.items import Item, Record, Role, Window
from syncline.domain.values.kinds import Kind, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners(Generic[Thing]):
    """What the two sides do differently.

    `parts` are what a reader of the window sees of a thing: a series has several,
    what lies outside has none. `is_listed` tells whether a thing is this
    person's, `is_recent` whether a reading without a resume point tells of it.
    A mailbox reports what left its stream without saying why, and changes
    without our key; Salesforce says that a record was deleted.
    """

    side: Side
    parts: Callable[[Thing, Window], list[Thing]]
    is_listed: Callable[[Thing], bool]
    is_recent: Callable[[Thing], bool]
    says_deleted: bool
    says_keys: bool


class MemoryChangeSource(Generic[Thing]):
    """Reads one side."""

    def __init__(
        self, store: Store[Thing], desk: Desk, manners: Manners[Thing]
    ) -> None:
        """Prepare; nothing is read."""
        self._store: Store[Thing] = store
        self._desk = desk
        self._manners: Manners[Thing] = manners
        self._window: Window | None = None
        #: What readings leave out from now on.
        self.left_out: tuple[LeftOut, ...] = ()

    def read(self, watermark: Watermark | None, window: Window) -> ChangeSet:
        """Everything that changed; see `ports.ChangeSource`."""
        self._desk.arrive(Call.READ)
        self._window = window
        found: list[Change] = []
        full_kinds: set[Kind] = set()
        for kind in KINDS[self._manners.side]:
            after = self._resume(watermark, kind, window)
            if after is None:
                full_kinds.update({kind} & LISTED_WHOLE)
                found.extend(self._all(kind, window))
            else:
                found.extend(self._since(after, kind, window))
        read = ChangeSet(
            side=self._manners.side,
            changes=tuple(found),
            watermark=self._watermark(window),
            full_kinds=frozenset(full_kinds),
            full_series=frozenset(_series_among(found)),
            left_out=self.left_out,
        )
        self._desk.leave(Call.READ)
        return read

    def fetch(self, kind: Kind, ids: Sequence[str]) -> list[Change]:
        """Look at single things; see `ports.ChangeSource`."""
        if not ids:
            return []
        self._desk.arrive(Call.FETCH)
        looked = [self._look(kind, thing_id) for thing_id in ids]
        self._desk.leave(Call.FETCH)
        return looked

    # --- watermarks ---

    def _watermark(self, window: Window) -> Watermark:
        said = {
            "epoch": self._store.epoch,
            "sequence": self._store.sequence,
            "window": _edges(window),
        }
        return Watermark(value=json.dumps(said))

    def _resume(
        self, watermark: Watermark | None, kind: Kind, window: Window
    ) -> int | None:
        """After which change to go on; None to list everything."""
        said = _read_watermark(watermark)
        if said.get("epoch") != self._store.epoch:
            return None
        if kind is Kind.EVENT and said.get("window") != _edges(window):
            return None
        sequence = said.get("sequence")
        return sequence if isinstance(sequence, int) else None

    # --- observing ---

    def _all(self, kind: Kind, window: Window) -> Iterator[Change]:
        for thing in self._store.of_kind(kind):
            if self._is_shown(thing) and self._manners.is_recent(thing):
                for part in self._manners.parts(thing, window):
                    yield self._seen(part)

    def _since(self, after: int, kind: Kind, window: Window) -> Iterator[Change]:
        for thing_id in self._store.changed_after(after, kind):
            thing = self._store.get(thing_id)
            if thing is None:
                deleted = self._manners.says_deleted
                presence = Presence.DELETED if deleted else Presence.SUSPECT
                yield self._change(kind, thing_id, presence)
            elif self._is_shown(thing):
                yield from self._changed(thing, window)

    def _is_shown(self, thing: Thing) -> bool:
        return thing.id not in self._store.hidden and self._manners.is_listed(thing)

    def _changed(self, thing: Thing, window: Window) -> Iterator[Change]:
        parts = self._manners.parts(thing, window)
        for part in parts:
            yield self._seen(part, with_key=self._manners.says_keys)
        if not parts and self._manners.says_deleted:
            yield replace(self._seen(thing), presence=Presence.OUT_OF_SCOPE)
        elif not parts:
            yield self._change(thing.kind, thing.id, Presence.SUSPECT)

    def _look(self, kind: Kind, thing_id: str) -> Change:
        thing = self._store.get(thing_id)
        if thing is None or thing.kind is not kind:
            return self._change(kind, thing_id, Presence.DELETED)
        if thing_id in self._store.hidden:
            return self._change(kind, thing_id, Presence.OUT_OF_SCOPE)
        window = self._window
        if window is not None and not self._manners.parts(thing, window):
            return self._change(kind, thing_id, Presence.OUT_OF_SCOPE)
        return self._seen(thing)

    def _seen(self, thing: Thing, *, with_key: bool = True) -> Change:
        if thing.id in self._desk.unreadable:
            return self._change(thing.kind, thing.id, Presence.UNREADABLE)
        seen: Item | Record = thing
        if not with_key and isinstance(seen, Item):
            seen = replace(seen, link_key=None, link_key_known=False)
        return replace(self._change(thing.kind, thing.id, Presence.SEEN), thing=seen)

    def _change(self, kind: Kind, thing_id: str, presence: Presence) -> Change:
        fault = None
        if presence is Presence.UNREADABLE:
            fault = make_fault(FaultClass.BAD_RESPONSE, "BadResponse")
        return Change(
            side=self._manners.side,
            kind=kind,
            id=thing_id,
            presence=presence,
            fault=fault,
        )


def _series_among(changes: Iterable[Change]) -> Iterator[str]:
    """Uids of the series that were read: their occurrences were, too."""
    for change in changes:
        thing = change.thing
        if isinstance(thing, Item) and thing.role is Role.MASTER:
            yield thing.series_uid


def _edges(window: Window) -> list[str]:
    return [format_instant(window.start), format_instant(window.end)]


def _read_watermark(watermark: Watermark | None) -> dict[str, Any]:
    """What a watermark says; nothing when it is not one of ours."""
    try:
        said = json.loads(watermark.value) if watermark else {}
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
