"""Which fields of each object are read, and how they are written: data only."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final


class Form(Enum):
    """How a field's value is written."""

    TEXT = "text"
    FLAG = "flag"
    INSTANT = "instant"
    DATE = "date"
    ID = "id"


#: Content of each object's records.
FIELDS: Mapping[str, Mapping[str, Form]] = {
    "Event": {
        "Subject": Form.TEXT,
        "Description": Form.TEXT,
        "Location": Form.TEXT,
        "IsAllDayEvent": Form.FLAG,
        "StartDateTime": Form.INSTANT,
        "EndDateTime": Form.INSTANT,
        "ActivityDate": Form.DATE,
        "EndDate": Form.DATE,
        "ShowAs": Form.TEXT,
        "IsPrivate": Form.FLAG,
        "IsReminderSet": Form.FLAG,
        "ReminderDateTime": Form.INSTANT,
        "WhoId": Form.ID,
        "WhatId": Form.ID,
        "ClientGuid": Form.TEXT,
        "OriginalInstanceDateTime": Form.INSTANT,
        "Syncline_Attendees__c": Form.TEXT,
    },
    "Contact": {
        "FirstName": Form.TEXT,
        "LastName": Form.TEXT,
        "MiddleName": Form.TEXT,
        "Suffix": Form.TEXT,
        "Salutation": Form.TEXT,
        "Title": Form.TEXT,
        "Department": Form.TEXT,
        "AssistantName": Form.TEXT,
        "AccountId": Form.ID,
        "Email": Form.TEXT,
        "MobilePhone": Form.TEXT,
        "Phone": Form.TEXT,
        "HomePhone": Form.TEXT,
        "Birthdate": Form.DATE,
        "Description": Form.TEXT,
        "MailingStreet": Form.TEXT,
        "MailingCity": Form.TEXT,
        "MailingState": Form.TEXT,
        "MailingPostalCode": Form.TEXT,
        "MailingCountry": Form.TEXT,
        "OtherStreet": Form.TEXT,
        "OtherCity": Form.TEXT,
        "OtherState": Form.TEXT,
        "OtherPostalCode": Form.TEXT,
        "OtherCountry": Form.TEXT,
    },
    "Task": {
        "Subject": Form.TEXT,
        "Description": Form.TEXT,
        "ActivityDate": Form.DATE,
        "Status": Form.TEXT,
        "IsClosed": Form.FLAG,
        "Priority": Form.TEXT,
        "IsReminderSet": Form.FLAG,
        "ReminderDateTime": Form.INSTANT,
        "WhoId": Form.ID,
        "WhatId": Form.ID,
        "CompletedDateTime": Form.INSTANT,
    },
    "EmailMessage": {
        "Subject": Form.TEXT,
        "FromAddress": Form.TEXT,
        "FromName": Form.TEXT,
        "ToAddress": Form.TEXT,
        "CcAddress": Form.TEXT,
        "BccAddress": Form.TEXT,
        "MessageIdentifier": Form.TEXT,
        "ThreadIdentifier": Form.TEXT,
        "MessageDate": Form.INSTANT,
        "Incoming": Form.FLAG,
        "Status": Form.TEXT,
        "RelatedToId": Form.ID,
    },
}

#: Fields that are not content: what a record is, and whose.
SYSTEM_FIELDS: Mapping[str, tuple[str, ...]] = {
    "Event": (
        *("Id", "OwnerId", "SystemModstamp", "IsDeleted", "IsGroupEvent"),
        *("IsRecurrence", "IsRecurrence2", "RecurrenceActivityId"),
    ),
    "Contact": ("Id", "OwnerId", "SystemModstamp", "IsDeleted", "MasterRecordId"),
    "Task": (
        *("Id", "OwnerId", "SystemModstamp", "IsDeleted"),
        *("TaskSubtype", "IsRecurrence"),
    ),
    "EmailMessage": ("Id", "SystemModstamp", "IsDeleted", "IsClientManaged"),
}

#: Filled by Salesforce; never sent.
READ_ONLY: Final = frozenset({"IsClosed", "CompletedDateTime"})
#: Not a field of Event but rows of EventRelation; see `invitees`.
INVITEES: Final = "Invitees"
#: Stands for the invitees of a group event until they were looked up.
TO_LOOK_UP: Final = "[]"
