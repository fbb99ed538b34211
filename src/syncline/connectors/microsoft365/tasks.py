"""Tasks: To Do's `todoTask` to neutral content and back.

A task's id means something in its list only, so ours is the list's and the
task's in one. To Do has no extended properties: our key is the external id of
a linked resource, which its users see as a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from syncline.connectors.microsoft365.bodies import legible, read_body
from syncline.connectors.microsoft365.manifest import APPLICATION
from syncline.connectors.microsoft365.times import read_instant
from syncline.connectors.microsoft365.wire import LinkedResource, Moment, Task
from syncline.domain.values.content import Content, format_instant, parse_instant
from syncline.domain.values.ids import LinkKey

#: Stands in neither half: both are URL-safe base64.
_SEPARATOR = "|"
_STATUSES = {
    "notstarted": "not_started",
    "inprogress": "in_progress",
    "completed": "completed",
    "waitingonothers": "waiting",
    "deferred": "deferred",
}
_STATUS_BODY = {
    "not_started": "notStarted",
    "in_progress": "inProgress",
    "completed": "completed",
    "waiting": "waitingOnOthers",
    "deferred": "deferred",
}
_IMPORTANCES = frozenset({"low", "normal", "high"})
_HALF_DAY = timedelta(hours=12)
_STAMP = "%Y-%m-%dT%H:%M:%S"


def task_id(list_id: str, raw_id: str) -> str:
    """A task's id, good wherever it is used."""
    return f"{list_id}{_SEPARATOR}{raw_id}"


def split_task_id(item_id: str) -> tuple[str, str]:
    """The list's and the task's own id; the list's is empty when it is unknown."""
    list_id, _, raw_id = item_id.rpartition(_SEPARATOR)
    return list_id, raw_id


def read_task(raw: Task) -> Content:
    """Neutral content of a task.

    Raises:
        ValueError: Its dates make no sense.
    """
    status = (raw.status or "").lower()
    importance = (raw.importance or "").lower()
    done = raw.completed_date_time
    return {
        "subject": legible(raw.title),
        "body": read_body(raw.body),
        "due": _read_due(raw.due_date_time),
        "status": _STATUSES.get(status, "not_started"),
        "importance": importance if importance in _IMPORTANCES else "normal",
        "reminder_at": _read_reminder(raw),
        "completed_on": _date_of(done).isoformat() if done else None,
    }


def _read_due(moment: Moment | None) -> str | None:
    if moment is None:
        return None
    # A due date is the midnight of somebody's zone, told in another one: the
    # nearest midnight is the day that was meant.
    clock = datetime.fromisoformat(moment.date_time).replace(tzinfo=None)
    try:
        return (clock + _HALF_DAY).date().isoformat()
    except OverflowError as error:
        raise ValueError(f"beyond the calendar: {moment.date_time!r}") from error


def _date_of(moment: Moment) -> date:
    return datetime.fromisoformat(moment.date_time).date()


def _read_reminder(raw: Task) -> str | None:
    if not raw.is_reminder_on or raw.reminder_date_time is None:
        return None
    return format_instant(read_instant(raw.reminder_date_time))


def is_settled(content: Content, now: datetime, days_back: int) -> bool:
    """Whether a task was completed so long ago that it is out of scope."""
    done = content.get("completed_on")
    if content.get("status") != "completed" or not isinstance(done, str):
        return False
    return date.fromisoformat(done) < (now - timedelta(days=days_back)).date()


def task_body(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Properties that give a task these neutral fields.

    `completed_on` is the service's own and is never written.
    """
    body: dict[str, Any] = {}
    for name, value in fields.items():
        match name:
            case "subject":
                body["title"] = value or ""
            case "body":
                body["body"] = {"contentType": "text", "content": value or ""}
            case "due":
                body["dueDateTime"] = _midnight(value) if value else None
            case "status":
                body["status"] = _STATUS_BODY[value or "not_started"]
            case "importance":
                body["importance"] = value or "normal"
            case "reminder_at":
                body["isReminderOn"] = value is not None
                if value is not None:
                    body["reminderDateTime"] = _moment(parse_instant(value))
    return body


def _midnight(day: str) -> dict[str, str]:
    return _moment(datetime.fromisoformat(day).replace(tzinfo=UTC))


def _moment(instant: datetime) -> dict[str, str]:
    return {"dateTime": instant.strftime(_STAMP), "timeZone": "UTC"}


def read_task_key(resources: Iterable[LinkedResource]) -> LinkKey | None:
    """Our key among what other programs tied to a task."""
    own = own_resource(resources)
    return LinkKey(own.external_id) if own and own.external_id else None


def own_resource(resources: Iterable[LinkedResource]) -> LinkedResource | None:
    """What we tied to a task."""
    ours = APPLICATION.lower()
    named = (r for r in resources if (r.application_name or "").lower() == ours)
    return next(named, None)


def resource_body(key: LinkKey, web_url: str) -> dict[str, Any]:
    """The linked resource that holds our key.

    Args:
        key: What it holds.
        web_url: Where it leads a person to; empty for nowhere.
    """
    body = {"applicationName": APPLICATION, "displayName": "Salesforce"}
    body["externalId"] = key
    return body | ({"webUrl": web_url} if web_url else {})
