"""Events: their times, and whom they are about."""

from __future__ import annotations

from syncline.sandbox.salesforce.activity import Activity
from syncline.sandbox.salesforce.entities import Record, Values
from syncline.sandbox.salesforce.event_times import complete_times
from syncline.sandbox.salesforce.platform import Actor


class EventBehavior(Activity):
    """An event has consistent times."""

    relations = "EventRelation"
    parent_field = "EventId"

    def fill(
        self, actor: Actor, values: Values, given: Values, before: Record | None
    ) -> None:
        """Complete the times."""
        values |= complete_times(given, before.values if before else {})
        super().fill(actor, values, given, before)
