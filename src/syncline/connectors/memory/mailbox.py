"""A mailbox in memory, with what its owner does to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from syncline.connectors.memory.blanks import BLANK_CONTENT
from syncline.connectors.memory.calendar import ItemStore, rule_of, start_of
from syncline.connectors.memory.changes import Manners, MemoryChangeSource
from syncline.connectors.memory.faults import Desk
from syncline.connectors.memory.files import MemoryAttachmentSource
from syncline.connectors.memory.item_shaper import ItemShaper
from syncline.connectors.memory.manifest import BATCH_SIZE
from syncline.connectors.memory.marks import MemoryItemMarker
from syncline.connectors.memory.scopes import is_followed_item, is_recent_item
from syncline.connectors.memory.series import first_day, span_on, until
from syncline.connectors.memory.store import utc_now
from syncline.connectors.memory.writes import MemoryItemWriter
from syncline.domain.values.content import Span
from syncline.domain.values.ids import ItemId
from syncline.domain.values.items import Item
from syncline.domain.values.kinds import Kind, Side


class MemoryMailbox:
    """One mailbox: its ports, and the owner's own hands.

    `desk` counts calls, holds rules and plans faults. `colors` are the known
    categories.
    """

    def __init__(
        self, now: Callable[[], datetime] = utc_now, *, batch_size: int = BATCH_SIZE
    ) -> None:
        """Start empty.

        Args:
            now: Stamps what is written.
            batch_size: How much goes into one call.
        """
        self.store = ItemStore(now)
        self.desk = Desk()
        self.colors: dict[str, str] = {}
        manners = Manners(
            side=Side.MAILBOX,
            parts=self.store.parts,
            is_listed=lambda item: is_followed_item(item, now()),
            is_recent=lambda item: is_recent_item(item, now()),
            says_deleted=False,
            says_keys=False,
        )
        self.changes = MemoryChangeSource(self.store, self.desk, manners)
        self.writer = MemoryItemWriter(
            Side.MAILBOX, self.store, self.desk, ItemShaper(self.store), batch_size
        )
        self.marker = MemoryItemMarker(self.store, self.desk, self.colors, batch_size)
        self.attachments = MemoryAttachmentSource(self.store, self.desk)

    @property
    def requests(self) -> int:
        """Calls made so far."""
        return self.desk.requests

    def item(self, item_id: str) -> Item:
        """An item or an occurrence as it stands.

        Raises:
            KeyError: It is not there.
        """
        found = self.store.get(item_id)
        if found is None:
            raise KeyError(item_id)
        return found

    # --- what the owner does ---

    def add(self, kind: Kind, *, uid: str = "", **content: Any) -> Item:
        """The owner makes an item; the uid of a message is its message id."""
        item_id = self.store.new_id()
        usual_uid = {
            Kind.TASK: item_id,
            Kind.CONTACT: item_id,
            Kind.MESSAGE: f"<{item_id}@memory.example>",
        }
        return self.store.put(
            Item(
                kind=kind,
                id=ItemId(item_id),
                version="",
                content={**BLANK_CONTENT[kind], **content},
                uid=uid or usual_uid.get(kind, f"uid-{item_id}"),
            )
        )

    def receive(self, files: Mapping[str, bytes], **content: Any) -> Item:
        """A message arrives, with files by name."""
        carried = tuple(self.attachments.keep(n, data) for n, data in files.items())
        return self.add(Kind.MESSAGE, attachments=carried, **content)

    def be_invited(self, organizer: str, **content: Any) -> Item:
        """Somebody else's meeting comes into the calendar, unanswered."""
        invited = self.add(Kind.EVENT, **content)
        return self.alter(
            invited.id, is_organizer=False, organizer=organizer, response="none"
        )

    def edit(self, item_id: str, **content: Any) -> Item:
        """The owner changes an item; an occurrence becomes an exception."""
        item = self.item(item_id)
        return self.store.put(replace(item, content={**item.content, **content}))

    def alter(self, item_id: str, **attributes: Any) -> Item:
        """Something beside the content becomes otherwise.

        Args:
            item_id: Of an item, or of an occurrence (its response only).
            attributes: `is_filed`, `response`, `is_cancelled`, `is_organizer`
                and the like, as `Item` names them.
        """
        return self.store.put(replace(self.item(item_id), **attributes))

    def categorize(self, item_id: str, *names: str) -> Item:
        """The owner gives an item exactly these categories."""
        return self.alter(item_id, categories=names)

    def delete(self, item_id: str) -> None:
        """The owner deletes an item, an occurrence or a whole series."""
        self.store.remove(self.item(item_id))

    def copy(self, item_id: str) -> Item:
        """The owner copies an item; our link property is copied with it."""
        old, new_id = self.item(item_id), self.store.new_id()
        uids = {Kind.EVENT: f"uid-{new_id}", Kind.MESSAGE: old.uid}
        uid = uids.get(old.kind, new_id)
        return self.store.put(replace(old, id=ItemId(new_id), uid=uid))

    # --- series ---

    def add_series(self, rule: str, when: Span, **content: Any) -> Item:
        """The owner makes a series; answers the master.

        Args:
            rule: RFC 5545 RRULE text.
            when: The first occurrence.
            content: What all occurrences say.
        """
        return self.add(Kind.EVENT, recurrence=rule, when=when, **content)

    def occurrence_id(self, master_id: str, day: date) -> str:
        """Id of the occurrence that the rule put on a day.

        Raises:
            KeyError: There is none on that day.
        """
        found = self.store.on_day(self.item(master_id), day)
        if found is None:
            raise KeyError(f"{master_id} on {day}")
        return found.id

    def edit_occurrence(self, occurrence_id: str, **content: Any) -> Item:
        """The owner changes one occurrence."""
        return self.edit(occurrence_id, **content)

    def move_occurrence(self, occurrence_id: str, when: Span) -> Item:
        """The owner has one occurrence happen at another time."""
        return self.edit(occurrence_id, when=when)

    def cancel_occurrence(self, occurrence_id: str) -> None:
        """The owner deletes one occurrence."""
        self.delete(occurrence_id)

    def edit_series(self, master_id: str, **content: Any) -> Item:
        """The owner changes a series; `recurrence` is its rule.

        Another rhythm or time gives all occurrences new ids and undoes what was
        done to single ones.
        """
        return self.edit(master_id, **content)

    def split_series(self, master_id: str, day: date, **content: Any) -> Item:
        """The owner changes an occurrence and all that follow.

        Args:
            master_id: The series; it ends before `day`.
            day: Rule day of the first occurrence of the new series.
            content: What the new series says differently; its rule has no end
                unless one is named here.
        """
        old = self.item(master_id)
        rule, start = rule_of(old), start_of(old)
        self.edit(master_id, recurrence=until(rule, day - timedelta(days=1)))
        begins = span_on(start, day)
        assert first_day(begins) == day
        fields: dict[str, Any] = {**old.content, "when": begins, **content}
        return self.add(Kind.EVENT, **fields)

    def delete_series(self, master_id: str) -> None:
        """The owner deletes a series with all of its occurrences."""
        self.delete(master_id)

    # --- what an administrator does ---

    def change_ids(self) -> dict[str, str]:
        """The mailbox is moved: all ids are new, no resume point is good.

        Returns:
            New ids by old ones, without those of occurrences.
        """
        renamed: dict[str, str] = {}
        for old in list(self.store.things.values()):
            new_id = ItemId(self.store.new_id())
            renamed[old.id] = new_id
            uid = new_id if old.uid == old.id else old.uid
            self.store.rename(old, replace(old, id=new_id, uid=uid))
        self.store.lose_watermarks()
        return renamed
