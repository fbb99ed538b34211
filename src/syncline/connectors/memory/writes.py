"""ItemWriter of either side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Protocol

from syncline.connectors.memory.faults import (
    Call,
    Desk,
    gone,
    make_fault,
    out_of_sight,
    stale,
)
from syncline.connectors.memory.manifest import BATCH_SIZE
from syncline.connectors.memory.store import Store, Thing
from syncline.domain.values.faults import Fault, FaultClass
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

    def found(self, operation: Operation) -> Thing | None:
        """What a create with the same key made before."""

    def guest_mails(self, operation: Operation, thing: Thing | None) -> int:
        """How many guests the provider mails when this is written."""

    def attach(self, operation: Operation, thing: Thing) -> tuple[str, bool]:
        """Put a file on a thing; answers its id, and whether it is new."""


class MemoryItemWriter(Generic[Thing]):
    """Writes on one side."""

    def __init__(  # the parts of one side
        self,
        side: Side,
        store: Store[Thing],
        desk: Desk,
        shaper: Shaper[Thing],
        batch_size: int = BATCH_SIZE,
    ) -> None:
        """Prepare; nothing is written."""
        self.side = side
        self.batch_size = batch_size
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
        thing = self._store.get(operation.target_id or "")
        if thing is None:
            return _on_missing(operation)
        fault = self._obstacle(operation, thing)
        if fault is not None:
            return _failed(operation, fault)
        match operation.verb:
            case Verb.DELETE:
                return self._delete(operation, thing)
            case Verb.ATTACH:
                return self._attach(operation, thing)
            case _:
                changed = self._shaper.changed(thing, operation)
                return self._put(operation, thing, changed)

    def _obstacle(self, operation: Operation, thing: Thing) -> Fault | None:
        """What stands against changing a thing that is there."""
        if thing.id in self._store.hidden:
            return out_of_sight()
        if operation.version and operation.version != thing.version:
            return stale()
        return self._shaper.forbids(operation, thing)

    def _create(self, operation: Operation) -> Outcome:
        known = self._shaper.found(operation)
        if known is not None and known.id in self._store.hidden:
            return _failed(operation, make_fault(FaultClass.EXISTS, "Duplicate"))
        if known is not None:
            return _done(operation, known, created=False)
        refusal = self._shaper.forbids(operation, None)
        if refusal is not None:
            return _failed(operation, refusal)
        fresh = self._shaper.fresh(operation, self._store.new_id())
        return self._put(operation, None, fresh)

    def _put(self, operation: Operation, before: Thing | None, after: Thing) -> Outcome:
        refusal = self._desk.refusal(operation.verb, after)
        if refusal is not None:
            return _failed(operation, refusal)
        self._count(operation, before)
        return _done(operation, self._store.put(after))

    def _delete(self, operation: Operation, thing: Thing) -> Outcome:
        refusal = self._desk.refusal(operation.verb, thing)
        if refusal is not None:
            return _failed(operation, refusal)
        self._count(operation, thing)
        self._store.remove(thing)
        return Outcome(operation=operation, id=thing.id)

    def _attach(self, operation: Operation, thing: Thing) -> Outcome:
        refusal = self._desk.refusal(operation.verb, thing)
        if refusal is not None:
            return _failed(operation, refusal)
        file_id, is_new = self._shaper.attach(operation, thing)
        self._desk.writes += is_new
        return Outcome(operation=operation, id=file_id, created=is_new)

    def _count(self, operation: Operation, before: Thing | None) -> None:
        self._desk.writes += 1
        self._desk.guest_mails += self._shaper.guest_mails(operation, before)


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
