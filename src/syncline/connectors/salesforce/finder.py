"""Looks for records that exist already, before one is created."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from syncline.connectors.salesforce import soql
from syncline.connectors.salesforce.client import SalesforceClient
from syncline.connectors.salesforce.describe import Describes
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

    def find(
        self, kind: Kind, keys: Sequence[LinkKey], emails: Sequence[str]
    ) -> list[Record]:
        """See `ports.RecordFinder`; a record that cannot be read is left out."""
        found: dict[str, Record] = {}
        for condition in self._conditions(kind, keys, emails):
            for record in self._ask(kind, condition):
                found[record.id] = record
        return list(found.values())

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

    def _conditions(
        self, kind: Kind, keys: Sequence[str], emails: Sequence[str]
    ) -> Iterator[str]:
        if self._describes.has(OBJECTS[kind], KEY_FIELD):
            for portion in soql.in_portions(list(dict.fromkeys(keys))):
                yield soql.any_of(KEY_FIELD, portion)
        if kind is Kind.CONTACT:
            for portion in soql.in_portions(list(dict.fromkeys(emails))):
                yield soql.any_of("Email", portion)

    def _ask(self, kind: Kind, condition: str) -> Iterator[Record]:
        conditions = [condition]
        if kind is Kind.EVENT:
            conditions.append("IsChild = false")
        columns = self._describes.columns(OBJECTS[kind])
        query = soql.select(columns, OBJECTS[kind], conditions)
        for row in self._client.query(query, operation="find"):
            try:
                yield read_record(kind, row)
            except UnreadableRowError:
                continue
