"""Events, tasks and what ties people to them.

Lengths and create/update marks follow the public field reference.
"""

from __future__ import annotations

from syncline.sandbox.salesforce.blueprints import (
    at_birth,
    build_object,
    day,
    flag,
    key_field,
    locked_down,
    long_text,
    moment,
    name_field,
    needed,
    number,
    of_kind,
    pick,
    read_only,
    ref,
    text,
)
from syncline.sandbox.salesforce.entities import Field, SObject

ATTENDEES_FIELD = "Syncline_Attendees__c"
SHOW_AS = ("Busy", "OutOfOffice", "Free")
INVITEE_STATUSES = ("New", "Accepted", "Declined", "Uninvited", "Maybe")
#: Label, and whether it is closed; the first is the default.
TASK_STATUSES = (
    ("Not Started", False),
    ("In Progress", False),
    ("Completed", True),
    ("Waiting on someone else", False),
    ("Deferred", False),
)
_WEEKS = ("First", "Second", "Third", "Fourth", "Last")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December",
)  # fmt: skip
_CLASSIC_TYPES = (
    "RecursDaily", "RecursEveryWeekday", "RecursWeekly", "RecursMonthly",
    "RecursMonthlyNth", "RecursYearly", "RecursYearlyNth",
)  # fmt: skip


def _tie_ins(children: str) -> list[Field]:
    return [
        ref("WhoId", "Contact", "Lead", label="Name ID", children=children),
        ref("WhatId", "Account", "Opportunity", "Case", label="Related To ID",
            children=children),
        read_only(ref("AccountId", "Account", label="Account ID")),
    ]  # fmt: skip


def _classic_series(sobject: str) -> list[Field]:
    """What Salesforce Classic calls a recurring series; set on create only."""
    fields = [
        flag("IsRecurrence", f"Create Recurring Series of {sobject}s"),
        pick("RecurrenceType", *_CLASSIC_TYPES, restricted=True),
        number("RecurrenceInterval"),
        number("RecurrenceDayOfWeekMask"),
        number("RecurrenceDayOfMonth"),
        pick("RecurrenceInstance", *_WEEKS, restricted=True),
        pick("RecurrenceMonthOfYear", *_MONTHS, restricted=True),
        day("RecurrenceEndDateOnly", "Recurrence End"),
        text("RecurrenceTimeZoneSidKey", 40, "Recurrence Time Zone"),
    ]
    master = ref("RecurrenceActivityId", sobject, children=f"Recurring{sobject}s")
    return [*map(at_birth, fields), read_only(master)]


def _lightning_series() -> list[Field]:
    fields = [
        flag("IsRecurrence2", "Repeat"),
        long_text("Recurrence2PatternText", 512, "Recurrence Pattern"),
        moment("Recurrence2PatternStartDate", "Pattern Start Date"),
        text("Recurrence2PatternTimeZone", 255, "Pattern Time Zone Reference"),
        text("Recurrence2PatternVersion", 40, "Pattern Version"),
        flag("IsRecurrence2Exception", "Repeating Series Exception"),
        flag("IsRecurrence2Exclusion", "Historical Event Recurrence"),
    ]
    return [read_only(field) for field in fields]


def _reminder() -> list[Field]:
    return [
        flag("IsReminderSet", "Reminder Set"),
        moment("ReminderDateTime", "Reminder Date/Time"),
        read_only(flag("IsArchived", "Archived")),
    ]


def event() -> SObject:
    """A meeting or appointment."""
    fields = [
        of_kind("Subject", "combobox", 255),
        text("Location", 255),
        long_text("Description"),
        flag("IsAllDayEvent", "All-Day Event"),
        moment("StartDateTime"),
        moment("EndDateTime"),
        moment("ActivityDateTime", "Due Date Time"),
        day("ActivityDate", "Due Date Only"),
        day("EndDate"),
        number("DurationInMinutes", "Duration"),
        *_tie_ins("Events"),
        pick("ShowAs", *SHOW_AS, restricted=True, default="Busy"),
        flag("IsPrivate", "Private"),
        pick("Type", "Call", "Email", "Meeting", "Other"),
        read_only(pick("EventSubtype", "Event", default="Event")),
        *_reminder(),
        read_only(flag("IsChild")),
        read_only(flag("IsGroupEvent")),
        read_only(pick("GroupEventType", "0", "1", "2", default="0")),
        *_classic_series("Event"),
        at_birth(moment("RecurrenceStartDateTime", "Recurrence Start")),
        *_lightning_series(),
        text("ClientGuid", 255, "Client GUID"),
        moment("OriginalInstanceDateTime", "Original Instance"),
        key_field(),
        long_text(ATTENDEES_FIELD, label="Syncline Attendees"),
    ]
    return build_object("Event", "Events", "00U", fields)


def task() -> SObject:
    """Something to do, or a record of a call or an e-mail."""
    labels = [label for label, _ in TASK_STATUSES]
    kinds = pick("TaskSubtype", "Task", "Email", "ListEmail", "Cadence", "Call",
                 restricted=True, default="Task")  # fmt: skip
    fields = [
        of_kind("Subject", "combobox", 255),
        long_text("Description"),
        day("ActivityDate", "Due Date Only"),
        pick("Status", *labels, default=labels[0]),
        pick("Priority", "High", "Normal", "Low", default="Normal"),
        read_only(flag("IsClosed", "Closed")),
        read_only(flag("IsHighPriority", "High Priority")),
        read_only(moment("CompletedDateTime", "Completed Date")),
        at_birth(kinds),
        pick("Type", "Call", "Email", "Meeting", "Other"),
        pick("CallType", "Inbound", "Outbound", "Internal", restricted=True),
        number("CallDurationInSeconds", "Call Duration"),
        text("CallDisposition", 255, "Call Result"),
        text("CallObject", 255, "Call Object Identifier"),
        *_tie_ins("Tasks"),
        *_reminder(),
        *_classic_series("Task"),
        at_birth(day("RecurrenceStartDateOnly", "Recurrence Start")),
        pick("RecurrenceRegeneratedType", "RecurrenceRegenerateAfterDueDate",
             "RecurrenceRegenerateAfterToday", "RecurrenceRegenerated"),
        key_field(),
    ]  # fmt: skip
    return build_object("Task", "Tasks", "00T", fields)


def task_status() -> SObject:
    """One value of Task.Status; the administrator's list."""
    fields = [
        name_field(text("MasterLabel", 255)),
        text("ApiName", 255),
        number("SortOrder"),
        flag("IsDefault", "Default"),
        flag("IsClosed", "Closed"),
    ]
    made = build_object("TaskStatus", "Task Statuses", "01T", fields, owner=False)
    return locked_down(made)


def _tied(parent: str, *people: str) -> list[Field]:
    plural = f"{parent}Relations"
    return [
        needed(at_birth(ref(f"{parent}Id", parent, children=plural))),
        needed(at_birth(ref("RelationId", *people, children=plural))),
        read_only(ref("AccountId", "Account")),
        flag("IsWhat"),
    ]


def event_relation() -> SObject:
    """An invitee, or a person or thing that an event is about."""
    people = ("Contact", "Lead", "User", "Account", "Opportunity", "Case")
    fields = [
        *_tied("Event", *people),
        flag("IsInvitee"),
        flag("IsParent"),
        pick("Status", *INVITEE_STATUSES, restricted=True, default="New"),
        text("Response", 255, "Comment"),
        moment("RespondedDate", "Response Date"),
    ]
    return build_object("EventRelation", "Event Relations", "0RE", fields, owner=False)


def task_relation() -> SObject:
    """A person or thing that a task is about."""
    people = ("Contact", "Lead", "Account", "Opportunity", "Case")
    fields = _tied("Task", *people)
    return build_object("TaskRelation", "Task Relations", "0RT", fields, owner=False)
