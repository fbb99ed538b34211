"""What of Salesforce belongs to one mailbox; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from syncline.connectors.salesforce import soql
from syncline.connectors.salesforce.manifest import TASK_DAYS
from syncline.connectors.salesforce.translate import is_inside
from syncline.connectors.salesforce.wire import Row
from syncline.domain.access.policy import ContactScope
from syncline.domain.values.changes import Presence
from syncline.domain.values.content import format_instant
from syncline.domain.values.items import Record, Window
from syncline.domain.values.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The bounds of one read.

    `tasks_since` is the instant from which on completed tasks count.
    """

    user_id: str
    window: Window | None
    tasks_since: str
    contacts: ContactScope = ContactScope.MINE

    def presence(self, row: Row, record: Record) -> Presence:
        """Whether a live record is in scope."""
        is_mine = record.owner_id in ("", self.user_id)
        match record.kind:
            case Kind.EVENT:
                inside = self.window is None or is_inside(record.fields, self.window)
                is_in = is_mine and inside
            case Kind.TASK:
                is_in = is_mine and self._is_current(row, record)
            case Kind.CONTACT:
                is_in = is_mine or self.contacts is not ContactScope.MINE
            case Kind.MESSAGE:
                is_in = True
        return Presence.SEEN if is_in else Presence.OUT_OF_SCOPE

    def is_foreign(self, record: Record) -> bool:
        """Whether it is an activity of somebody else, whose content is not ours."""
        is_activity = record.kind in (Kind.EVENT, Kind.TASK)
        return is_activity and record.owner_id not in ("", self.user_id)

    def _is_current(self, row: Row, record: Record) -> bool:
        if row.get("TaskSubtype") not in (None, "Task") or row.get("IsRecurrence"):
            return False
        if not record.fields.get("IsClosed"):
            return True
        completed = record.fields.get("CompletedDateTime")
        return completed is None or str(completed) >= self.tasks_since


def scope_at(
    now: datetime, user_id: str, window: Window | None, contacts: ContactScope
) -> Scope:
    """The bounds that hold at an instant; whole days, so that they rest a while."""
    first = now.astimezone(UTC).date() - timedelta(days=TASK_DAYS)
    return Scope(
        user_id=user_id,
        window=window,
        tasks_since=format_instant(datetime.combine(first, time(), UTC)),
        contacts=contacts,
    )


def mine(user_id: str) -> str:
    """The condition that the user owns it."""
    return f"OwnerId = {soql.text(user_id)}"
