"""What the org says about its objects, asked again only when it changed.

Also knows which of the fields we use do not exist for this user: queries leave
them out. That is how Syncline works without its custom fields, in an org that
does not have them yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from syncline.connectors.salesforce.client import SalesforceClient
from syncline.connectors.salesforce.manifest import KEY_FIELD, OBJECTS
from syncline.connectors.salesforce.translate import FIELDS, SYSTEM_FIELDS
from syncline.connectors.salesforce.wire import FieldDescription, ObjectDescription
from syncline.domain.values.kinds import Kind

_KIND_OF = {name: kind for kind, name in OBJECTS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectFacts:
    """One object: its label and its fields by API name."""

    name: str
    label: str
    fields: Mapping[str, FieldDescription]

    def picklist(self, field: str) -> tuple[str, ...]:
        """Values that the field offers now; empty when it offers none."""
        known = self.fields.get(field)
        values = known.picklist_values if known else []
        return tuple(v.value for v in values if v.active)


class Describes:
    """Descriptions of one org as one user sees it."""

    def __init__(self, client: SalesforceClient) -> None:
        """Know nothing yet."""
        self._client = client
        self._facts: dict[str, ObjectFacts] = {}
        self._changed: dict[str, str] = {}
        self._missing: dict[str, frozenset[str]] = {}

    def of(self, object_name: str) -> ObjectFacts:
        """An object's facts as last read; asked now if never.

        Raises:
            ProviderError: It could not be read.
        """
        if object_name not in self._facts:
            self.refresh(object_name)
        return self._facts[object_name]

    def refresh(self, object_name: str) -> ObjectFacts:
        """An object's facts, up to date; costs little when nothing changed.

        Raises:
            ProviderError: They could not be read.
        """
        is_known = object_name in self._facts
        known = self._changed.get(object_name, "") if is_known else ""
        found, changed = self._client.describe(object_name, known)
        if found is not None:
            self.learn(found, changed)
        return self._facts[object_name]

    def learn(self, found: ObjectDescription, changed: str) -> None:
        """Take over a description that came with another call."""
        name = found.name
        fields = {f.name: f for f in found.fields}
        self._facts[name] = ObjectFacts(name=name, label=found.label, fields=fields)
        self._changed[name] = changed
        if name in _KIND_OF:
            wanted = self._wanted(_KIND_OF[name])
            self._missing[name] = frozenset(n for n in wanted if n not in fields)

    @property
    def missing(self) -> Mapping[str, frozenset[str]]:
        """Fields of ours that do not exist, by object."""
        return {name: gone for name, gone in self._missing.items() if gone}

    def remember(self, missing: Mapping[str, Iterable[str]]) -> None:
        """Take over what an earlier session found missing."""
        for name in OBJECTS.values():
            if name not in self._facts:
                self._missing[name] = frozenset(missing.get(name, ()))

    def columns(self, kind: Kind) -> tuple[str, ...]:
        """What to select of a kind, in a fixed order."""
        gone = self._missing.get(OBJECTS[kind], frozenset())
        return tuple(name for name in self._wanted(kind) if name not in gone)

    def has(self, kind: Kind, field: str) -> bool:
        """Whether the field exists, as far as we know."""
        return field not in self._missing.get(OBJECTS[kind], frozenset())

    @staticmethod
    def _wanted(kind: Kind) -> tuple[str, ...]:
        return (*SYSTEM_FIELDS, KEY_FIELD, *FIELDS[kind])
