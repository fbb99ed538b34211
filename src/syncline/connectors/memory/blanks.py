"""Items and records in which nothing is filled in, so that every field is there."""

from __future__ import annotations

from syncline.domain.values.content import Content, RecordFields
from syncline.domain.values.kinds import Kind

_ADDRESS = ("street", "city", "state", "postal_code", "country")
_RECORD_ADDRESS = ("Street", "City", "State", "PostalCode", "Country")

BLANK_CONTENT: dict[Kind, Content] = {
    Kind.EVENT: {
        **dict.fromkeys(("subject", "body", "location", "when", "reminder_minutes")),
        "recurrence": None,
        "show_as": "busy",
        "private": False,
        "attendees": (),
    },
    Kind.CONTACT: {
        **dict.fromkeys(("given_name", "family_name", "middle_name", "suffix")),
        **dict.fromkeys(("salutation", "job_title", "department", "company")),
        **dict.fromkeys(("assistant_name", "notes", "mobile_phone", "birthday")),
        **dict.fromkeys(f"{p}_{a}" for p in ("business", "other") for a in _ADDRESS),
        "emails": (),
        "business_phones": (),
        "home_phones": (),
    },
    Kind.TASK: {
        **dict.fromkeys(("subject", "body", "due", "reminder_at", "completed_on")),
        "status": "not_started",
        "importance": "normal",
    },
    Kind.MESSAGE: {
        **dict.fromkeys(("subject", "body", "sender_email", "sender_name")),
        **dict.fromkeys(("sent_at", "received_at", "conversation_id")),
        "direction": "in",
        "recipients": (),
        "private": False,
        "encrypted": False,
        "sort": "mail",
        "attachments": (),
    },
}

BLANK_FIELDS: dict[Kind, RecordFields] = {
    Kind.EVENT: {
        **dict.fromkeys(("Subject", "Description", "Location", "ActivityDate")),
        **dict.fromkeys(("StartDateTime", "EndDateTime", "EndDate")),
        **dict.fromkeys(("ReminderDateTime", "Syncline_Attendees__c")),
        **dict.fromkeys(("WhoId", "WhatId", "Invitees")),
        **dict.fromkeys(("ClientGuid", "OriginalInstanceDateTime")),
        "IsAllDayEvent": False,
        "ShowAs": "Busy",
        "IsPrivate": False,
        "IsReminderSet": False,
    },
    Kind.CONTACT: {
        **dict.fromkeys(("FirstName", "LastName", "MiddleName", "Suffix")),
        **dict.fromkeys(("Salutation", "Title", "Department", "AssistantName")),
        **dict.fromkeys(("Email", "MobilePhone", "Phone", "HomePhone", "Birthdate")),
        **dict.fromkeys(
            f"{p}{a}" for p in ("Mailing", "Other") for a in _RECORD_ADDRESS
        ),
        **dict.fromkeys(("Description", "AccountId")),
    },
    Kind.TASK: {
        **dict.fromkeys(("Subject", "Description", "ActivityDate")),
        **dict.fromkeys(("ReminderDateTime", "WhoId", "WhatId")),
        "Status": "Not Started",
        "IsClosed": False,
        "Priority": "Normal",
        "IsReminderSet": False,
        "CompletedDateTime": None,
    },
    # One of two sets of fields, by what the org has: none of them is always there.
    Kind.MESSAGE: {},
}

#: What a record of another object shows of itself: no people and no series.
MIRRORED_FIELDS = (
    *("Subject", "Description", "Location", "IsAllDayEvent"),
    *("StartDateTime", "EndDateTime", "ActivityDate", "EndDate"),
    *("ShowAs", "IsPrivate", "IsReminderSet", "ReminderDateTime"),
)
