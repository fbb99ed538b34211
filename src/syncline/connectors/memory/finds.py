"""RecordFinder of the Salesforce side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from syncline.connectors.memory.faults import Call, Desk
from syncline.connectors.memory.store import Store
from syncline.domain.values.ids import LinkKey
from syncline.domain.values.items import Record
from syncline.domain.values.kinds import Kind


class MemoryRecordFinder:
    """Looks for records by key and e-mail address; `names` are those of users."""

    def __init__(self, store: Store[Record], desk: Desk) -> None:
        """Prepare; nothing is looked for."""
        self._store = store
        self._desk = desk
        self.names: dict[str, str] = {}

    def find(
        self, kind: Kind, keys: Sequence[LinkKey], emails: Sequence[str]
    ) -> list[Record]:
        """Records of any owner; see `ports.RecordFinder`."""
        if not keys and not emails:
            return []
        self._desk.arrive(Call.FIND)
        addresses, carried = {email.casefold() for email in emails}, frozenset(keys)
        found = [
            record
            for record in self._store.of_kind(kind)
            if record.id not in self._store.hidden
            and (record.link_key in carried or _email(record) in addresses)
        ]
        self._desk.leave(Call.FIND)
        return found

    def user_names(self, user_ids: Sequence[str]) -> Mapping[str, str]:
        """Names of users; see `ports.RecordFinder`."""
        self._desk.arrive(Call.FIND)
        self._desk.leave(Call.FIND)
        return {u: self.names[u] for u in user_ids if u in self.names}


def _email(record: Record) -> str | None:
    email = record.fields.get("Email")
    return email.casefold() if isinstance(email, str) else None
