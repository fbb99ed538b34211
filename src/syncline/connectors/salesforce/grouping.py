"""Puts operations into calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from syncline.connectors.salesforce.manifest import WRITE_LIMIT
from syncline.connectors.salesforce.slots import Slot
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import Verb

#: Parents whose row Salesforce locks while a child is written.
_PARENTS = ("AccountId", "WhatId", "RelatedToId", "WhoId")


def _parent(slot: Slot) -> str:
    fields = slot.operation.fields
    return next((str(fields[n]) for n in _PARENTS if fields.get(n)), "")


def groups_of(slots: Iterable[Slot]) -> Iterator[list[Slot]]:
    """Open slots by object and verb, no more in one than a call takes.

    Children of one parent stand together, so that no two calls wait for its lock.
    """
    grouped: dict[tuple[Kind, str, Verb], list[Slot]] = {}
    for slot in slots:
        if slot.fault is None:
            key = slot.operation.kind, slot.object_name, slot.verb
            grouped.setdefault(key, []).append(slot)
    for unsorted in grouped.values():
        group = sorted(unsorted, key=_parent)
        for start in range(0, len(group), WRITE_LIMIT):
            yield group[start : start + WRITE_LIMIT]
