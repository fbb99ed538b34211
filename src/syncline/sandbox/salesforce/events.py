"""Events: their times, their guests' copies and their series."""

from __future__ import annotations

from syncline.sandbox.salesforce import series
from syncline.sandbox.salesforce.activity import Activity
from syncline.sandbox.salesforce.entities import Record, Values
from syncline.sandbox.salesforce.event_times import complete_times
from syncline.sandbox.salesforce.invitees import (
    CHILD_FIELDS,
    child_of,
    child_refused,
    follow_event,
    rows_of,
)
from syncline.sandbox.salesforce.platform import Actor


def _is_series(actor: Actor, given: Values) -> bool:
    """Whether a create asks for a series; seeds may bring a bare master."""
    asked = bool(given.get("IsRecurrence"))
    return asked and bool(given.get("RecurrenceType") or not actor.by_person)


class EventBehavior(Activity):
    """An event has consistent times, and may be copied or repeated."""

    relations = "EventRelation"
    parent_field = "EventId"

    def fill(
        self, actor: Actor, values: Values, given: Values, before: Record | None
    ) -> None:
        """Complete the times; a changed occurrence becomes an exception."""
        times = given
        if before is None and _is_series(actor, given):
            times = series.complete_classic(given)
            values["RecurrenceStartDateTime"] = times["StartDateTime"]
        values |= complete_times(times, before.values if before else {})
        super().fill(actor, values, given, before)
        fields = actor.org.sobjects["Event"].fields
        is_content = any(not fields[name].custom for name in given)
        if before and before.values.get("IsRecurrence2") and is_content:
            values["IsRecurrence2Exception"] = True

    def check_update(self, actor: Actor, record: Record, given: Values) -> None:
        """Let a guest change next to nothing of the own copy."""
        super().check_update(actor, record, given)
        if record.values.get("IsChild") and given.keys() - CHILD_FIELDS:
            raise child_refused()

    def check_delete(self, actor: Actor, record: Record) -> None:
        """Refuse to delete a guest's copy: the row of the invitee is deleted."""
        if record.values.get("IsChild"):
            raise child_refused()

    def saved(self, actor: Actor, record: Record, before: Record | None) -> None:
        """Let copies and occurrences follow."""
        if record.values.get("IsChild"):
            return
        super().saved(actor, record, before)
        if record.values.get("IsRecurrence"):
            if before is not None:
                series.follow_master(actor, record, before)
            elif record.values.get("RecurrenceType"):
                series.expand_classic(actor, record)
        if before is not None:
            follow_event(actor, record)

    def deleted(self, actor: Actor, record: Record) -> None:
        """Take copies along, and occurrences with their master."""
        for row in rows_of(actor.org, record.id):
            child = child_of(actor.org, row)
            if child is not None:
                actor.discard(child)
        super().deleted(actor, record)
        if record.values.get("IsRecurrence"):
            for occurrence in series.occurrences(actor.org, record.id):
                actor.discard(occurrence)
