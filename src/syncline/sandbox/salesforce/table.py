"""The records of one object, with the indexes that keep lookups short."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from syncline.sandbox.salesforce.entities import Record, SObject, Values

PersonName = tuple[str, str]


def person_name(values: Values) -> PersonName:
    """What two contacts of the same name share."""
    first, last = values.get("FirstName") or "", values.get("LastName") or ""
    return (first.casefold(), last.casefold())


@dataclass(slots=True)
class Table:
    """All records of one object, deleted ones included."""

    sobject: SObject
    records: dict[str, Record] = field(default_factory=dict)
    last_number: int = 0
    _by_owner: dict[str, dict[str, None]] = field(default_factory=dict)
    _by_key: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)
    _by_parent: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)
    _by_person: dict[PersonName, dict[str, None]] = field(default_factory=dict)

    def get(self, record_id: str) -> Record | None:
        """The record of that 18-character id, deleted or not."""
        return self.records.get(record_id)

    def put(self, record: Record) -> None:
        """Add a record, or replace the one of the same id."""
        old = self.records.get(record.id)
        if old is not None:
            self._unindex(old)
        self.records[record.id] = record
        self._index(record)

    def remove(self, record_id: str) -> None:
        """Forget a record as if it had never been."""
        self._unindex(self.records.pop(record_id))

    def owned_by(self, user_id: str) -> list[Record]:
        """The records of one owner, deleted ones included."""
        return [self.records[key] for key in self._by_owner.get(user_id, ())]

    def with_key(self, field_name: str, value: str) -> list[Record]:
        """Undeleted records whose external id has that value."""
        ids = self._by_key.get((field_name, value), ())
        return [self.records[key] for key in ids]

    def under(self, field_name: str, parent_id: str) -> list[Record]:
        """Records that refer to another one, deleted ones included.

        Args:
            field_name: A reference whose other end knows its children.
        """
        ids = self._by_parent.get((field_name, parent_id), ())
        return [self.records[key] for key in ids]

    def reindex(self) -> None:
        """Index every record again after the object's fields changed."""
        for index in (self._by_owner, self._by_key, self._by_parent, self._by_person):
            index.clear()
        for record in self.records.values():
            self._index(record)

    def with_person(self, name: PersonName) -> list[Record]:
        """Undeleted contacts of that name."""
        return [self.records[key] for key in self._by_person.get(name, ())]

    def _keys(self, record: Record) -> Iterator[tuple[str, str]]:
        for column in self.sobject.fields.values():
            if column.external_id and (value := record.values.get(column.name)):
                yield column.name, value

    def _parents(self, record: Record) -> Iterator[tuple[str, str]]:
        for column in self.sobject.fields.values():
            if column.children and (parent := record.values.get(column.name)):
                yield column.name, parent

    def _index(self, record: Record) -> None:
        self._by_owner.setdefault(record.owner_id, {})[record.id] = None
        for link in self._parents(record):
            self._by_parent.setdefault(link, {})[record.id] = None
        if record.deleted:
            return
        for key in self._keys(record):
            self._by_key.setdefault(key, {})[record.id] = None
        if record.sobject == "Contact":
            name = person_name(record.values)
            self._by_person.setdefault(name, {})[record.id] = None

    def _unindex(self, record: Record) -> None:
        self._by_owner[record.owner_id].pop(record.id, None)
        for link in self._parents(record):
            self._by_parent.get(link, {}).pop(record.id, None)
        for key in self._keys(record):
            self._by_key.get(key, {}).pop(record.id, None)
        if record.sobject == "Contact":
            self._by_person.get(person_name(record.values), {}).pop(record.id, None)
