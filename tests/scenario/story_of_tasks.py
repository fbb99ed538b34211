"""Two days of things to do, in Outlook and in Salesforce."""

from __future__ import annotations

from tests.scenario.people import Outlook, Salesforce, at

FILED = "Salesforce Tasks"


def first_day(outlook: Outlook, crm: Salesforce) -> None:
    """Open tasks on both sides, and one that was done long ago."""
    for title in (
        *("Done in Outlook", "Done in Salesforce", "Retitled on both sides"),
        *("Dropped task here", "Dropped task there", "Quiet task"),
    ):
        outlook.add_task(title, dueDateTime=_due(3), importance="high")
    outlook.add_task("Filed task", into=FILED, dueDateTime=_due(4))
    outlook.add_task("Done before", status="completed")
    crm.add_task("Task of Salesforce", ActivityDate=_day(5), Priority="Low")
    crm.add_task("Closed in Salesforce", Status="Completed")
    crm.add_task("Soon a task no more", ActivityDate=_day(6))


def second_day(outlook: Outlook, crm: Salesforce) -> None:
    """Tasks are done, moved and dropped, and new ones come up."""
    outlook.change_task("Done in Outlook", status="completed")
    crm.change("Task", "Done in Salesforce", Status="Completed")
    outlook.change_task("Retitled on both sides", title="Retitled by Outlook")
    crm.change("Task", "Retitled on both sides", Subject="Retitled by Salesforce")
    outlook.delete_task("Dropped task here")
    crm.delete("Task", "Dropped task there")
    outlook.change_task("Filed task", status="inProgress", dueDateTime=_due(9))
    crm.change("Task", "Task of Salesforce", Description="Ask for the price first")
    outlook.delete_task("Soon a task no more")
    outlook.add_task("New task", dueDateTime=_due(2))
    outlook.add_task("New filed task", into=FILED)
    crm.add_task("New task of Salesforce", ActivityDate=_day(7))
    outlook.add_task("Task on both sides", dueDateTime=_due(8))
    crm.add_task("Task on both sides", ActivityDate=_day(8), Priority="High")


def _day(day: int) -> str:
    return f"{at(day):%Y-%m-%d}"


def _due(day: int) -> dict[str, str]:
    return {"dateTime": f"{_day(day)}T00:00:00", "timeZone": "UTC"}
