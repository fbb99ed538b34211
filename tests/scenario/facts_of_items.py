"""What a mailbox holds: its items as their owner sees them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from syncline.connectors.microsoft365.manifest import APPLICATION, LINK_KEY_PROPERTY
from tests.scenario.people import Outlook

Json = dict[str, Any]

_EVENT = (
    *("subject", "body", "location", "start", "end", "isAllDay", "showAs"),
    *("sensitivity", "isReminderOn", "reminderMinutesBeforeStart", "attendees"),
    *("type", "recurrence"),
)
_CONTACT = (
    *("givenName", "surname", "middleName", "title", "jobTitle", "department"),
    *("companyName", "emailAddresses", "mobilePhone", "businessPhones"),
    *("homePhones", "personalNotes", "businessAddress", "birthday"),
)
_TASK = (
    *("title", "body", "dueDateTime", "status", "importance", "isReminderOn"),
    *("reminderDateTime", "recurrence"),
)
_MESSAGE = ("subject", "body", "from", "toRecipients", "isDraft", "isRead")


@dataclass(frozen=True)
class Seen:
    """A thing, what it is called here, and what is to be compared."""

    title: str
    ids: tuple[str, ...]
    facts: Json


def read(outlook: Outlook) -> list[Seen]:
    """Every event, occurrence, contact, task and message."""
    return [
        *_plain(outlook, "events", _EVENT),
        *_plain(outlook, "contacts", _CONTACT),
        *_messages(outlook),
        *_occurrences(outlook),
        *_tasks(outlook),
    ]


def _with_keys(outlook: Outlook, kind: str) -> list[Json]:
    expand = f"singleValueExtendedProperties($filter=id eq '{LINK_KEY_PROPERTY}')"
    path = f"/v1.0/me/{kind}?$top=900&$expand={quote(expand)}"
    found: list[Json] = outlook.call("GET", path)["value"]
    return found


def _title(row: Json) -> str:
    names = ("subject", "surname", "givenName", "title")
    return str(next((row[name] for name in names if row.get(name)), "?"))


def _seen(row: Json, fields: tuple[str, ...], **more: object) -> Seen:
    properties = row.get("singleValueExtendedProperties") or [{}]
    facts = {
        **{name: row.get(name) for name in fields},
        "categories": sorted(row["categories"]),
        "key": properties[0].get("value"),
        **more,
    }
    return Seen(_title(row), (row["id"],), facts)


def _plain(outlook: Outlook, kind: str, fields: tuple[str, ...]) -> Iterator[Seen]:
    for row in _with_keys(outlook, kind):
        yield _seen(row, fields)


def _messages(outlook: Outlook) -> Iterator[Seen]:
    folders = outlook.call("GET", "/v1.0/me/mailFolders?$top=99")["value"]
    names = {folder["id"]: folder["displayName"] for folder in folders}
    for row in _with_keys(outlook, "messages"):
        yield _seen(row, _MESSAGE, folder=names[row["parentFolderId"]])


def _occurrences(outlook: Outlook) -> Iterator[Seen]:
    for row in outlook.occurrences():
        seen = _seen(row, _EVENT)
        day = row["start"]["dateTime"][:10]
        yield Seen(f"{seen.title} on {day}", seen.ids, seen.facts)


def _tasks(outlook: Outlook) -> Iterator[Seen]:
    names = {path: name for name, path in outlook.lists().items()}
    for path, row in outlook.tasks():
        ties = row.get("linkedResources") or ()
        own = [x["externalId"] for x in ties if x["applicationName"] == APPLICATION]
        seen = _seen(row, _TASK, list=names[path])
        # Our ids of tasks are those of the list and of the task.
        list_id = path.rpartition("/")[2]
        ids = (f"{list_id}|{row['id']}", row["id"])
        yield Seen(seen.title, ids, seen.facts | {"key": own, "ties": len(ties)})
