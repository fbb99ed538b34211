"""RecordFinder of the Salesforce side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from syncline.connectors.memory.faults import Call, Desk
from syncline.connectors.memory.store import Store
from syncline.domain.values.ids import LinkKey
from syncline.domain.values.items import Record
from syncline.domain.values.kinds import Kind


class MemoryRecordFinder:
    """Looks for records by key and e-mail address."""

    def __init__(self, store: Store[Record], desk: Desk) -> None:
        """Prepare; nothing is looked for."""
        self._store = store
        self._desk = desk

    def find(
        self, kind: Kind, keys: Sequence[LinkKey], emails: Sequence[str]
    ) -> list[Record]:
        """Records of any owner; see `ports.RecordFinder`."""
        if not keys and not emails:
            return []
        self._desk.arrive(Call.FIND)
        wanted = {email.casefold() for email in emails}
        found = [
            record
            for record in self._store.of_kind(kind)
            if record.link_key in keys or _email(record) in wanted
        ]
        self._desk.leave(Call.FIND)
        return found

    def user_names(self, user_ids: Sequence[str]) -> Mapping[str, str]:
        """Nobody has a name here; see `ports.RecordFinder`."""
        del user_ids
        self._desk.arrive(Call.FIND)
        self._desk.leave(Call.FIND)
        return {}


def _email(record: Record) -> str | None:
    email = record.fields.get("Email")
    return email.casefold() if isinstance(email, str) else None
