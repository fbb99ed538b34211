"""OrgSchema of the Salesforce side: fields that are as long as in every org."""

from __future__ import annotations

from collections.abc import Mapping

from syncline.connectors.memory.records import RecordStore
from syncline.domain.mapping.facts import FieldFacts
from syncline.domain.values.people import Traits


class MemorySchema:
    """What an admin said about fields; nothing is known of all others."""

    def __init__(self, store: RecordStore) -> None:
        """Start without any."""
        self._store = store
        self.said: dict[str, dict[str, FieldFacts]] = {}

    def fields(self, object_name: str) -> Mapping[str, FieldFacts]:
        """See `ports.OrgSchema`."""
        return self.said.get(object_name, {})

    def traits(self) -> Traits:
        """See `ports.OrgSchema`."""
        return self._store.traits
