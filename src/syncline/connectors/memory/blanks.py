"""Items and records in which nothing is filled in, so that every field is there."""

from __future__ import annotations

from syncline.domain.values.content import Content, RecordFields
from syncline.domain.values.kinds import Kind

_ADDRESS = ("street", "city", "state", "postal_code", "country")
_RECORD_ADDRESS = ("Street", "City", "State", "PostalCode", "Country")

BLANK_CONTENT: dict[Kind, Content] = {
    Kind.EVENT: {
        **dict.fromkeys(("subject", "body", "location", "when", "reminder_minutes")),
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
}

BLANK_FIELDS: dict[Kind, RecordFields] = {
    Kind.EVENT: {
        **dict.fromkeys(("Subject", "Description", "Location", "ActivityDate")),
        **dict.fromkeys(("StartDateTime", "EndDateTime", "EndDate")),
        **dict.fromkeys(("ReminderDateTime", "Syncline_Attendees__c")),
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
        "Description": None,
    },
}
