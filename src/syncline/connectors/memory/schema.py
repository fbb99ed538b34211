"""OrgSchema of the Salesforce side: every field that the default tables name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from syncline.connectors.memory.records import RecordStore
from syncline.domain.mapping import MAPPINGS, KindMapping
from syncline.domain.mapping.facts import FieldFacts
from syncline.domain.mapping.tables import CONVERTERS
from syncline.domain.values.people import Traits


class MemorySchema:
    """Fields of fitting types and any length, unless an admin said otherwise."""

    def __init__(self, store: RecordStore) -> None:
        """Start with fields as they are in a fresh org."""
        self._store = store
        self._facts = {m.object_name: _facts(m) for m in MAPPINGS.values()}

    def shorten(self, object_name: str, field: str, length: int) -> None:
        """An admin makes a field shorter."""
        fields = self._facts[object_name]
        fields[field] = replace(fields[field], length=length)

    def fields(self, object_name: str) -> Mapping[str, FieldFacts]:
        """See `ports.OrgSchema`."""
        return self._facts.get(object_name, {})

    def traits(self) -> Traits:
        """See `ports.OrgSchema`."""
        return self._store.traits


def _facts(mapping: KindMapping) -> dict[str, FieldFacts]:
    facts: dict[str, FieldFacts] = {}
    for row in mapping.rows:
        types = CONVERTERS[row.converter].types
        for name, fitting in zip(row.record, types, strict=False):
            facts[name] = FieldFacts(name=name, type=min(fitting))
    return facts
