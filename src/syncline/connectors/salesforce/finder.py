"""Looks for records that exist already, before one is created."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from syncline.connectors.salesforce import soql
from syncline.connectors.salesforce.client import SalesforceClient
from syncline.connectors.salesforce.describe import Describes
from syncline.connectors.salesforce.invitees import Invitees
from syncline.connectors.salesforce.manifest import KEY_FIELD, OBJECTS
from syncline.connectors.salesforce.translate import (
    UnreadableRowError,
    read_record,
)
from syncline.domain.values.ids import LinkKey
from syncline.domain.values.items import Record
from syncline.domain.values.kinds import Kind


class SalesforceRecordFinder:
    """Finds by our key, and contacts by address, whoever owns them."""

    def __init__(self, client: SalesforceClient, describes: Describes) -> None:
        """Prepare; nothing is asked."""
        self._client = client
        self._describes = describes
        self._invitees = Invitees(client, describes)

    def find(
        self, kind: Kind, keys: Sequence[LinkKey], emails: Sequence[str]
    ) -> list[Record]:
        """See `ports.RecordFinder`; a record that cannot be read is left out."""
        found: dict[str, Record] = {}
        for name in self._objects(kind):
            for condition in self._conditions(kind, name, keys, emails):
                for record in self._ask(kind, name, condition):
                    found[record.id] = record
        return self._invitees.complete(list(found.values()))

    def user_names(self, user_ids: Sequence[str]) -> Mapping[str, str]:
        """See `ports.RecordFinder`."""
        names: dict[str, str] = {}
        for portion in soql.in_portions(list(dict.fromkeys(user_ids))):
            query = soql.select(["Id", "Name"], "User", [soql.any_of("Id", portion)])
            for row in self._client.query(query, operation="name users"):
                user_id, name = row.get("Id"), row.get("Name")
                if isinstance(user_id, str) and isinstance(name, str):
                    names[user_id] = name
        return names

    def _objects(self, kind: Kind) -> Iterator[str]:
        """Where to look; messages may have been saved as tasks."""
        if self._describes.has_object(OBJECTS[kind]):
            yield OBJECTS[kind]
        if kind is Kind.MESSAGE:
            yield OBJECTS[Kind.TASK]

    def _conditions(
        self,
        kind: Kind,
        object_name: str,
        keys: Sequence[str],
        emails: Sequence[str],
    ) -> Iterator[str]:
        if self._describes.has(object_name, KEY_FIELD):
            for portion in soql.in_portions(list(dict.fromkeys(keys))):
                yield soql.any_of(KEY_FIELD, portion)
        if kind is Kind.CONTACT:
            for portion in soql.in_portions(list(dict.fromkeys(emails))):
                yield soql.any_of("Email", portion)

    def _ask(self, kind: Kind, object_name: str, condition: str) -> Iterator[Record]:
        conditions = [condition]
        if kind is Kind.EVENT:
            conditions.append("IsChild = false")
        columns = self._describes.columns(object_name)
        query = soql.select(columns, object_name, conditions)
        for row in self._client.query(query, operation="find"):
            try:
                yield read_record(kind, row)
            except UnreadableRowError:
                continue
