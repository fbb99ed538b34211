"""What an org holds: its records, the people on them and their files."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from tests.scenario.facts_of_items import Seen

Json = dict[str, Any]

_FIELDS = {
    "Event": (
        *("Subject", "Description", "Location", "IsAllDayEvent", "StartDateTime"),
        *("EndDateTime", "ShowAs", "IsPrivate", "IsReminderSet", "ReminderDateTime"),
        *("Syncline_Attendees__c", "ClientGuid", "OriginalInstanceDateTime"),
        *("WhoId", "WhatId", "IsChild"),
    ),
    "Contact": (
        *("FirstName", "LastName", "Title", "Email", "MobilePhone", "Phone"),
        "Description",
    ),
    "Task": (
        *("Subject", "Description", "ActivityDate", "Status", "Priority", "WhoId"),
        *("IsReminderSet", "ReminderDateTime", "TaskSubtype", "IsClosed", "WhatId"),
    ),
    "EmailMessage": (
        *("Subject", "TextBody", "FromAddress", "FromName", "ToAddress", "CcAddress"),
        *("BccAddress", "MessageIdentifier", "MessageDate", "Incoming", "Status"),
        *("HasAttachment", "RelatedToId"),
    ),
}


def read(org: Json) -> list[Seen]:
    """Every record of a kind that is synchronized, deleted ones left out.

    Args:
        org: What the Salesforce server stores.
    """
    rows = {name: _rows(org, name) for name in org["tables"]}
    beside = _beside(rows)
    found = [
        Seen(_title(kind, row), (row["Id"],), _facts(kind, row, beside))
        for kind in _FIELDS
        for row in rows[kind]
    ]
    found += [Seen(f"user {row['Name']}", (row["Id"],), {}) for row in rows["User"]]
    return found


def _rows(org: Json, name: str) -> list[Json]:
    held = (row["values"] for row in org["tables"][name]["records"])
    return [row for row in held if not row.get("IsDeleted")]


def _title(kind: str, row: Json) -> str:
    names = ("Subject", "LastName")
    name = next((row[n] for n in names if row.get(n)), "?")
    day = str(row.get("OriginalInstanceDateTime") or "")[:10]
    return f"{kind} {name}{f' on {day}' if day else ''}"


def _beside(rows: dict[str, list[Json]]) -> dict[str, Json]:
    """Invitees, people on messages and files, by the id of their record."""
    found: dict[str, Json] = defaultdict(lambda: defaultdict(list))
    for row in rows["EventRelation"]:
        answer = (row["RelationId"], row["Status"], row["IsInvitee"])
        found[row["EventId"]]["people"].append(list(answer))
    for row in rows["EmailMessageRelation"]:
        person = (row["RelationType"], row["RelationAddress"], row["RelationId"])
        found[row["EmailMessageId"]]["people"].append(list(person))
    files = {
        row["ContentDocumentId"]: [row["Title"], row["ContentSize"]]
        for row in rows["ContentVersion"]
    }
    for row in rows["ContentDocumentLink"]:
        found[row["LinkedEntityId"]]["files"].append(files[row["ContentDocumentId"]])
    return found


def _facts(kind: str, row: Json, beside: dict[str, Json]) -> Json:
    return {
        "kind": kind,
        **{name: row.get(name) for name in _FIELDS[kind]},
        "key": row.get("Syncline_Id__c"),
        "people": list(beside[row["Id"]]["people"]),
        "files": list(beside[row["Id"]]["files"]),
    }
