"""Tasks: open or closed by the administrator's list of statuses."""

from __future__ import annotations

from syncline.sandbox.salesforce.activity import Activity
from syncline.sandbox.salesforce.entities import Json, Record, Values
from syncline.sandbox.salesforce.platform import Actor
from syncline.sandbox.salesforce.store import Org


def is_closed(org: Org, status: Json) -> bool:
    """Whether a status means that a task is done."""
    return any(
        record.values["MasterLabel"] == status and record.values["IsClosed"]
        for record in org.tables["TaskStatus"].records.values()
    )


def closed_status(org: Org) -> str:
    """The first closed status of the list."""
    statuses = sorted(
        (record.values for record in org.tables["TaskStatus"].records.values()),
        key=lambda values: int(values["SortOrder"]),
    )
    return next(str(v["MasterLabel"]) for v in statuses if v["IsClosed"])


def add_statuses(org: Org, statuses: list[tuple[str, bool]], default: str) -> None:
    """Make that list the org's; tasks keep the status they have.

    Args:
        statuses: Label, and whether it is closed, in their order.
        default: The label that new tasks get.
    """
    table = org.tables["TaskStatus"]
    for known in list(table.records):
        table.remove(known)
    # The platform itself is the author: no user is needed.
    author = Actor(org=org, user_id="")
    for number, (label, closed) in enumerate(statuses, start=1):
        row = {
            "MasterLabel": label,
            "ApiName": label,
            "SortOrder": number,
            "IsDefault": label == default,
            "IsClosed": closed,
        }
        author.add("TaskStatus", row)


class TaskBehavior(Activity):
    """A task knows whether and when it was done."""

    relations = "TaskRelation"
    parent_field = "TaskId"

    def fill(
        self, actor: Actor, values: Values, given: Values, before: Record | None
    ) -> None:
        """Derive what the status and the priority mean."""
        super().fill(actor, values, given, before)
        closed = is_closed(actor.org, values.get("Status"))
        values["IsClosed"] = closed
        values["IsHighPriority"] = values.get("Priority") == "High"
        if not closed:
            values["CompletedDateTime"] = None
        elif not values.get("CompletedDateTime"):
            values["CompletedDateTime"] = actor.org.stamp()
