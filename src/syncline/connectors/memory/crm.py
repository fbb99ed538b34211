"""A Salesforce org in memory, as one user sees it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from syncline.connectors.memory.blanks import BLANK_FIELDS, MIRRORED_FIELDS
from syncline.connectors.memory.changes import Manners, MemoryChangeSource
from syncline.connectors.memory.directory import MemoryDirectory
from syncline.connectors.memory.faults import Desk
from syncline.connectors.memory.files import StoredFile
from syncline.connectors.memory.finds import MemoryRecordFinder
from syncline.connectors.memory.manifest import BATCH_SIZE
from syncline.connectors.memory.record_shaper import RecordShaper
from syncline.connectors.memory.records import RecordStore
from syncline.connectors.memory.schema import MemorySchema
from syncline.connectors.memory.scopes import is_followed_record
from syncline.connectors.memory.store import utc_now
from syncline.connectors.memory.stretches import is_inside, stretch_of_record
from syncline.connectors.memory.writes import MemoryItemWriter
from syncline.domain.values.changes import LeftOut
from syncline.domain.values.ids import RecordId
from syncline.domain.values.items import Record, Window
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.people import Traits

USER_ID = "005000000000001AAA"


class MemoryCrm:
    """One org: the ports of one user, and what people do in it.

    Changes are told of the user's own records and of linked ones; the finder
    sees all. `desk` counts calls, holds rules and plans faults.
    """

    def __init__(
        self,
        user_id: str = USER_ID,
        now: Callable[[], datetime] = utc_now,
        *,
        batch_size: int = BATCH_SIZE,
    ) -> None:
        """Start empty.

        Args:
            user_id: Whose records are followed.
            now: Stamps what is written.
            batch_size: How much goes into one call.
        """
        self.user_id = user_id
        self.store = RecordStore(now)
        self.desk = Desk()
        manners = Manners(
            side=Side.CRM,
            parts=_parts,
            is_listed=lambda record: (
                (record.owner_id == user_id or bool(record.link_key))
                and is_followed_record(record, now())
            ),
            is_recent=lambda record: True,
            says_deleted=True,
            says_keys=True,
        )
        self._shaper = RecordShaper(self.store, user_id)
        self.changes = MemoryChangeSource(self.store, self.desk, manners)
        self.writer = MemoryItemWriter(
            Side.CRM, self.store, self.desk, self._shaper, batch_size
        )
        self.finder = MemoryRecordFinder(self.store, self.desk)
        self.directory = MemoryDirectory(self.store, self.desk, user_id)
        self.schema = MemorySchema(self.store)

    @property
    def requests(self) -> int:
        """Calls made so far."""
        return self.desk.requests

    @property
    def traits(self) -> Traits:
        """What the org can do; an administrator may replace it."""
        return self.store.traits

    @traits.setter
    def traits(self, traits: Traits) -> None:
        self.store.traits = traits

    def files(self, record_id: str) -> list[StoredFile]:
        """Files that hang on a record."""
        return list(self._shaper.files.get(record_id, ()))

    # --- what people do ---

    def add(self, kind: Kind, *, owner_id: str = "", **fields: Any) -> Record:
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

    def add_mirrored(self, *, owner_id: str = "", **fields: Any) -> Record:
        """Somebody makes a record of another object, which is shown as an event."""
        made = self.add(Kind.EVENT, owner_id=owner_id, **fields)
        shown = {name: made.fields[name] for name in MIRRORED_FIELDS}
        return self.store.put(replace(made, fields=shown, is_mirrored=True))

    def add_series(
        self, occurrences: Sequence[dict[str, Any]], *, unsupported: str
    ) -> list[Record]:
        """Somebody makes a series that Salesforce itself expands.

        Args:
            occurrences: Fields of each record.
            unsupported: `classic_series` or `lightning_series`.
        """
        series_id = self.store.new_id()
        made = [self.add(Kind.EVENT, **fields) for fields in occurrences]
        return [
            self.store.put(
                replace(record, unsupported=unsupported, series_id=series_id)
            )
            for record in made
        ]

    def edit(self, record_id: str, **fields: Any) -> Record:
        """Somebody changes a record."""
        record = self.store.things[record_id]
        return self.store.put(replace(record, fields={**record.fields, **fields}))

    def give(self, record_id: str, owner_id: str) -> Record:
        """Somebody hands a record over to another user."""
        return self.store.put(replace(self.store.things[record_id], owner_id=owner_id))

    def delete(self, record_id: str) -> None:
        """Somebody deletes a record."""
        self.store.remove(self.store.things[record_id])

    # --- what an administrator does ---

    def hide(self, record_id: str) -> None:
        """Take a record out of the user's sight; the record itself is unchanged."""
        self.store.hidden.add(record_id)

    def hide_mirrored(self) -> None:
        """Take the other object from the user; readings say that it is left out."""
        self.changes.left_out = (LeftOut(object_name="Site_Visit__c", name="Visit"),)
        self.store.hidden.update(self._mirrored())

    def show_mirrored(self) -> None:
        """Give the other object back."""
        self.changes.left_out = ()
        self.store.hidden.difference_update(self._mirrored())

    def _mirrored(self) -> list[str]:
        return [r.id for r in self.store.of_kind(Kind.EVENT) if r.is_mirrored]

    def show(self, record_id: str) -> None:
        """Let the user see a record again."""
        self.store.hidden.discard(record_id)


def _parts(record: Record, window: Window) -> list[Record]:
    return [record] if is_inside(stretch_of_record(record), window) else []
