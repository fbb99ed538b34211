"""ItemWriter of either side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Protocol

from syncline.connectors.memory.faults import Call, Desk, gone, stale
from syncline.connectors.memory.manifest import BATCH_SIZE
from syncline.connectors.memory.store import Store, Thing
from syncline.domain.values.faults import Fault
from syncline.domain.values.items import Item, Record
from syncline.domain.values.kinds import Side
from syncline.domain.values.operations import Operation, Outcome, Verb


class Shaper(Protocol[Thing]):
    """How the things of a side take over what an operation says."""

    def fresh(self, operation: Operation, thing_id: str) -> Thing:
        """A new thing with the operation's fields and key."""

    def changed(self, thing: Thing, operation: Operation) -> Thing:
        """The thing with the operation's fields."""

    def forbids(self, operation: Operation, thing: Thing | None) -> Fault | None:
        """Why this must never be written, whatever the provider would say."""


class MemoryItemWriter(Generic[Thing]):
    """Writes on one side."""

    batch_size = BATCH_SIZE

    def __init__(
        self, side: Side, store: Store[Thing], desk: Desk, shaper: Shaper[Thing]
    ) -> None:
        """Prepare; nothing is written."""
        self.side = side
        self._store: Store[Thing] = store
        self._desk = desk
        self._shaper: Shaper[Thing] = shaper

    def write(self, operations: Sequence[Operation]) -> list[Outcome]:
        """Do operations, one outcome each; see `ports.ItemWriter`."""
        if not operations:
            return []
        self._desk.arrive(Call.WRITE)
        outcomes = [self._write(operation) for operation in operations]
        self._desk.leave(Call.WRITE)
        return outcomes

    def _write(self, operation: Operation) -> Outcome:
        verb, key = operation.verb, operation.key
        fault = self._desk.fault_of(verb, key, is_after=False)
        if fault is not None:
            return _failed(operation, fault)
        outcome = self._do(operation)
        lost = self._desk.fault_of(verb, key, is_after=True)
        return _failed(operation, lost) if lost else outcome

    def _do(self, operation: Operation) -> Outcome:
        if operation.verb is Verb.CREATE:
            return self._create(operation)
        thing = self._store.things.get(operation.target_id or "")
        if thing is None:
            return _on_missing(operation)
        if operation.version and operation.version != thing.version:
            return _failed(operation, stale())
        refusal = self._shaper.forbids(operation, thing)
        if refusal is not None:
            return _failed(operation, refusal)
        if operation.verb is Verb.DELETE:
            return self._delete(operation, thing)
        return self._put(operation, self._shaper.changed(thing, operation))

    def _create(self, operation: Operation) -> Outcome:
        known = self._store.with_key(operation.kind, operation.key)
        if known is not None:
            return _done(operation, known, created=False)
        refusal = self._shaper.forbids(operation, None)
        if refusal is not None:
            return _failed(operation, refusal)
        return self._put(operation, self._shaper.fresh(operation, self._store.new_id()))

    def _put(self, operation: Operation, thing: Thing) -> Outcome:
        refusal = self._desk.refusal(operation.verb, thing)
        if refusal is not None:
            return _failed(operation, refusal)
        self._desk.writes += 1
        return _done(operation, self._store.put(thing))

    def _delete(self, operation: Operation, thing: Thing) -> Outcome:
        refusal = self._desk.refusal(operation.verb, thing)
        if refusal is not None:
            return _failed(operation, refusal)
        self._desk.writes += 1
        self._store.remove(thing)
        return Outcome(operation=operation, id=thing.id)


def _on_missing(operation: Operation) -> Outcome:
    """Nothing to change is a fault, nothing to delete is not."""
    if operation.verb is Verb.DELETE:
        return Outcome(operation=operation, id=operation.target_id or "")
    return _failed(operation, gone())


def _failed(operation: Operation, fault: Fault) -> Outcome:
    return Outcome(operation=operation, fault=fault)


def _done(
    operation: Operation, thing: Item | Record, *, created: bool = True
) -> Outcome:
    return Outcome(
        operation=operation,
        id=thing.id,
        version=thing.version,
        created=created,
        item=thing if isinstance(thing, Item) else None,
        record=thing if isinstance(thing, Record) else None,
    )
