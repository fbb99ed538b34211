"""What an org holds: records, and what Salesforce itself says of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from syncline.connectors.memory.store import Store, utc_now
from syncline.domain.values.content import format_instant
from syncline.domain.values.items import Record
from syncline.domain.values.kinds import Kind
from syncline.domain.values.people import Traits

USUAL_TRAITS = Traits(
    has_email_message=True,
    has_advanced_calendaring=True,
    task_statuses=(
        "Not Started",
        "In Progress",
        "Completed",
        "Waiting on someone else",
        "Deferred",
    ),
    closed_task_statuses=("Completed",),
    default_task_status="Not Started",
)


class RecordStore(Store[Record]):
    """Records of an org; a task is closed by its status."""

    def __init__(self, now: Callable[[], datetime] = utc_now) -> None:
        """Start empty; `now` stamps what is written."""
        super().__init__("record-", now)
        self.traits = USUAL_TRAITS

    def put(self, thing: Record) -> Record:
        """Store a record with what follows from its fields."""
        return super().put(self._settled(thing))

    def with_identifier(self, identifier: str) -> Record | None:
        """The saved message with an internet message id."""
        return next(
            (
                message
                for message in self.of_kind(Kind.MESSAGE)
                if message.fields.get("MessageIdentifier") == identifier
            ),
            None,
        )

    def _settled(self, thing: Record) -> Record:
        if thing.kind is not Kind.TASK:
            return thing
        is_closed = thing.fields.get("Status") in self.traits.closed_task_statuses
        at = thing.fields.get("CompletedDateTime") or format_instant(self.now())
        settled = {
            "IsClosed": is_closed,
            "CompletedDateTime": at if is_closed else None,
        }
        return replace(thing, fields={**thing.fields, **settled})
