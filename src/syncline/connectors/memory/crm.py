"""A Salesforce org in memory, as one user sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from syncline.connectors.memory.blanks import BLANK_FIELDS
from syncline.connectors.memory.changes import Manners, MemoryChangeSource
from syncline.connectors.memory.faults import Desk
from syncline.connectors.memory.finds import MemoryRecordFinder
from syncline.connectors.memory.store import Store, utc_now
from syncline.connectors.memory.stretches import stretch_of_record
from syncline.connectors.memory.writes import MemoryItemWriter
from syncline.domain.values.content import RecordValue
from syncline.domain.values.faults import Fault
from syncline.domain.values.ids import RecordId
from syncline.domain.values.items import Record
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.operations import Operation

USER_ID = "005000000000001AAA"


class MemoryCrm:
    """One org: the ports of one user, and what people do in it.

    Changes are told of the user's own records and of linked ones; the finder
    sees all. `desk` counts calls, holds rules and plans faults.
    """

    def __init__(
        self, user_id: str = USER_ID, now: Callable[[], datetime] = utc_now
    ) -> None:
        """Start empty.

        Args:
            user_id: Whose records are followed.
            now: Stamps what is written.
        """
        self.user_id = user_id
        self.store: Store[Record] = Store("record-", now)
        self.desk = Desk()
        manners = Manners(
            side=Side.CRM,
            stretch=stretch_of_record,
            is_listed=lambda record: bool(
                record.owner_id == user_id or record.link_key
            ),
            says_deleted=True,
            says_keys=True,
        )
        self.changes = MemoryChangeSource(self.store, self.desk, manners)
        self.writer = MemoryItemWriter(
            Side.CRM, self.store, self.desk, RecordShaper(user_id)
        )
        self.finder = MemoryRecordFinder(self.store, self.desk)

    @property
    def requests(self) -> int:
        """Calls made so far."""
        return self.desk.requests

    def add(self, kind: Kind, *, owner_id: str = "", **fields: RecordValue) -> Record:
        """Somebody makes a record; the user, if nobody else is named."""
        return self.store.put(
            Record(
                kind=kind,
                id=RecordId(self.store.new_id()),
                version="",
                fields={**BLANK_FIELDS[kind], **fields},
                owner_id=owner_id or self.user_id,
            )
        )

    def edit(self, record_id: str, **fields: RecordValue) -> Record:
        """Somebody changes a record."""
        record = self.store.things[record_id]
        return self.store.put(replace(record, fields={**record.fields, **fields}))

    def delete(self, record_id: str) -> None:
        """Somebody deletes a record."""
        self.store.remove(self.store.things[record_id])


class RecordShaper:
    """How records take over what an operation says."""

    def __init__(self, owner_id: str) -> None:
        """Remember who owns what is made."""
        self._owner_id = owner_id

    def fresh(self, operation: Operation, thing_id: str) -> Record:
        """A new record with the operation's fields and key."""
        return Record(
            kind=operation.kind,
            id=RecordId(thing_id),
            version="",
            fields={**BLANK_FIELDS[operation.kind], **operation.fields},
            link_key=operation.key,
            owner_id=self._owner_id,
        )

    def changed(self, thing: Record, operation: Operation) -> Record:
        """The record with the operation's fields; it is linked from now on."""
        fields = {**thing.fields, **operation.fields}
        return replace(thing, fields=fields, link_key=thing.link_key or operation.key)

    def forbids(self, operation: Operation, thing: Record | None) -> Fault | None:
        """Nothing: records mail nobody."""
        return None
