"""The properties of each resource: their types, defaults and limits.

A property that is not in a resource's table is refused, as Graph does. Those
marked `computed` may be sent and are ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

BODY = {"contentType": "text", "content": ""}
EVENT_SUBJECT_LIMIT = 255


@dataclass(frozen=True, slots=True)
class Field:
    """One property: what it must be, and what it is when never set."""

    type: str
    default: Any = None
    choices: tuple[str, ...] = ()
    limit: int = 0
    computed: bool = False


def _text(limit: int = 0, default: str | None = None) -> Field:
    return Field("text", default, limit=limit)


def _choice(default: str, *others: str) -> Field:
    return Field("text", default, choices=(default, *others))


def _computed(default: object = None) -> Field:
    return Field("any", default, computed=True)


_STAMPS = {
    "id": _computed(),
    "createdDateTime": _computed(),
    "lastModifiedDateTime": _computed(),
    "changeKey": _computed(),
}

EVENT = {
    **_STAMPS,
    "categories": Field("texts", []),
    "transactionId": _text(),
    "originalStartTimeZone": _text(),
    "originalEndTimeZone": _text(),
    "iCalUId": _computed(),
    "uid": _computed(),
    "reminderMinutesBeforeStart": Field("integer", 15),
    "isReminderOn": Field("boolean", True),
    "hasAttachments": _computed(default=False),
    "subject": _text(EVENT_SUBJECT_LIMIT, ""),
    "bodyPreview": _computed(""),
    "importance": _choice("normal", "low", "high"),
    "sensitivity": _choice("normal", "personal", "private", "confidential"),
    "originalStart": _computed(),
    "isAllDay": Field("boolean", False),
    "isCancelled": _computed(default=False),
    "isOrganizer": _computed(default=True),
    "isDraft": Field("boolean", False),
    "responseRequested": Field("boolean", True),
    "seriesMasterId": _computed(),
    "occurrenceId": _computed(),
    "showAs": _choice(
        "busy", "free", "tentative", "oof", "workingElsewhere", "unknown"
    ),
    "type": _computed("singleInstance"),
    "webLink": _computed(),
    "onlineMeetingUrl": _computed(),
    "isOnlineMeeting": Field("boolean", False),
    "onlineMeetingProvider": _text(0, "unknown"),
    "allowNewTimeProposals": Field("boolean", True),
    "hideAttendees": Field("boolean", False),
    "recurrence": Field("object"),
    "onlineMeeting": _computed(),
    "responseStatus": _computed(
        {"response": "organizer", "time": "0001-01-01T00:00:00Z"}
    ),
    "body": Field("body", BODY),
    "start": Field("moment"),
    "end": Field("moment"),
    "location": Field("object", {"displayName": ""}),
    "locations": Field("objects", []),
    "attendees": Field("recipients", [], limit=500),
    "organizer": Field("recipient"),
}

_ADDRESS = Field("object", {})
CONTACT = {
    **_STAMPS,
    "categories": Field("texts", []),
    "parentFolderId": _computed(),
    "birthday": Field("text"),
    "fileAs": _text(),
    "displayName": _text(),
    "givenName": _text(),
    "initials": _text(),
    "middleName": _text(),
    "nickName": _text(),
    "surname": _text(),
    "title": _text(),
    "yomiGivenName": _text(),
    "yomiSurname": _text(),
    "yomiCompanyName": _text(),
    "generation": _text(),
    "imAddresses": Field("texts", []),
    "jobTitle": _text(),
    "companyName": _text(),
    "department": _text(),
    "officeLocation": _text(),
    "profession": _text(),
    "businessHomePage": _text(),
    "assistantName": _text(),
    "manager": _text(),
    "homePhones": Field("texts", [], limit=2),
    "mobilePhone": _text(),
    "businessPhones": Field("texts", [], limit=2),
    "spouseName": _text(),
    "personalNotes": _text(0, ""),
    "children": Field("texts", []),
    "emailAddresses": Field("objects", [], limit=3),
    "primaryEmailAddress": _computed(),
    "secondaryEmailAddress": _computed(),
    "tertiaryEmailAddress": _computed(),
    "homeAddress": _ADDRESS,
    "businessAddress": _ADDRESS,
    "otherAddress": _ADDRESS,
}

MESSAGE = {
    **_STAMPS,
    "categories": Field("texts", []),
    "receivedDateTime": Field("text"),
    "sentDateTime": Field("text"),
    "hasAttachments": _computed(default=False),
    "internetMessageId": Field("text"),
    "internetMessageHeaders": Field("objects"),
    "subject": _text(EVENT_SUBJECT_LIMIT, ""),
    "bodyPreview": _computed(""),
    "importance": _choice("normal", "low", "high"),
    "parentFolderId": _computed(),
    "conversationId": Field("text"),
    "conversationIndex": Field("text"),
    "isDeliveryReceiptRequested": Field("boolean", False),
    "isReadReceiptRequested": Field("boolean", False),
    "isRead": Field("boolean", False),
    "isDraft": Field("boolean", True),
    "webLink": _computed(),
    "inferenceClassification": _choice("focused", "other"),
    "body": Field("body", BODY),
    "sender": Field("recipient"),
    "from": Field("recipient"),
    "toRecipients": Field("recipients", []),
    "ccRecipients": Field("recipients", []),
    "bccRecipients": Field("recipients", []),
    "replyTo": Field("recipients", []),
    "flag": Field("object", {"flagStatus": "notFlagged"}),
    "attachments": Field("objects", []),
}

TASK = {
    **_STAMPS,
    "importance": _choice("normal", "low", "high"),
    "isReminderOn": Field("boolean", False),
    "status": _choice(
        "notStarted", "inProgress", "completed", "waitingOnOthers", "deferred"
    ),
    "title": _text(0, ""),
    "bodyLastModifiedDateTime": _computed(),
    "hasAttachments": _computed(default=False),
    "categories": Field("texts", []),
    "body": Field("body", BODY),
    "dueDateTime": Field("moment"),
    "startDateTime": Field("moment"),
    "reminderDateTime": Field("moment"),
    "completedDateTime": Field("moment"),
    "recurrence": Field("object"),
    "checklistItems": Field("objects", []),
    "linkedResources": Field("objects", []),
}
del TASK["changeKey"]

MAIL_FOLDER = {
    "id": _computed(),
    "displayName": _text(255),
    "parentFolderId": _computed(),
    "childFolderCount": _computed(0),
    "unreadItemCount": _computed(0),
    "totalItemCount": _computed(0),
    "sizeInBytes": _computed(0),
    "isHidden": Field("boolean", False),
}
CONTACT_FOLDER = {
    "id": _computed(),
    "parentFolderId": Field("text"),
    "displayName": _text(255),
}
CALENDAR = {
    "id": _computed(),
    "name": _text(255),
    "color": _text(0, "auto"),
    "hexColor": _computed(""),
    "changeKey": _computed(),
    "isDefaultCalendar": _computed(default=False),
    "canShare": _computed(default=True),
    "canViewPrivateItems": _computed(default=True),
    "canEdit": _computed(default=True),
    "isRemovable": _computed(default=True),
    "isTallyingResponses": _computed(default=False),
    "allowedOnlineMeetingProviders": _computed(["teamsForBusiness"]),
    "defaultOnlineMeetingProvider": _text(0, "teamsForBusiness"),
    "owner": _computed(),
}
CALENDAR_GROUP = {
    "id": _computed(),
    "name": _text(255),
    "classId": _computed("0006f0b7-0000-0000-c000-000000000046"),
    "changeKey": _computed(),
}
TODO_LIST = {
    "id": _computed(),
    "displayName": _text(255),
    "isOwner": _computed(default=True),
    "isShared": _computed(default=False),
    "wellknownListName": _computed("none"),
}
LINKED_RESOURCE = {
    "id": _computed(),
    "webUrl": _text(),
    "applicationName": _text(),
    "displayName": _text(),
    "externalId": _text(),
}
CHECKLIST_ITEM = {
    "id": _computed(),
    "displayName": _text(),
    "createdDateTime": _computed(),
    "checkedDateTime": _computed(),
    "isChecked": Field("boolean", False),
}
#: What all attachments have; the others are those of files, items and links.
ATTACHMENT_BASE = (
    "id",
    "lastModifiedDateTime",
    "name",
    "contentType",
    "size",
    "isInline",
)
ATTACHMENT = {
    "id": _computed(),
    "lastModifiedDateTime": _computed(),
    "name": _text(),
    "contentType": _text(),
    "size": _computed(0),
    "isInline": Field("boolean", False),
    "contentId": _text(),
    "contentLocation": _text(),
    "contentBytes": _text(),
    "item": Field("object"),
    "sourceUrl": _text(),
    "providerType": _text(),
    "permission": _text(),
    "isFolder": Field("boolean", False),
}

#: Resource tables by kind, with the name that Graph gives the type.
RESOURCES: dict[str, tuple[str, dict[str, Field]]] = {
    "event": ("event", EVENT),
    "contact": ("contact", CONTACT),
    "message": ("message", MESSAGE),
    "task": ("todoTask", TASK),
    "mailFolder": ("mailFolder", MAIL_FOLDER),
    "contactFolder": ("contactFolder", CONTACT_FOLDER),
    "calendar": ("calendar", CALENDAR),
    "calendarGroup": ("calendarGroup", CALENDAR_GROUP),
    "todoList": ("todoTaskList", TODO_LIST),
    "linkedResource": ("linkedResource", LINKED_RESOURCE),
    "checklistItem": ("checklistItem", CHECKLIST_ITEM),
    "attachment": ("attachment", ATTACHMENT),
}
