"""The objects of the org and their fields, with the standard lengths.

Lengths are those of the public field reference; custom fields are the ones an
administrator adds for Syncline.
"""

from __future__ import annotations

from dataclasses import replace

from syncline.sandbox.salesforce.entities import Field, Json, SObject

LONG_TEXT = 32_000
KEY_FIELD = "Syncline_Id__c"
ATTENDEES_FIELD = "Syncline_Attendees__c"
SALUTATIONS = ("Mr.", "Ms.", "Mrs.", "Dr.", "Prof.", "Mx.")
SHOW_AS = ("Busy", "OutOfOffice", "Free")


def _label(name: str) -> str:
    """`MailingPostalCode` -> `Mailing Postal Code`."""
    spaced = "".join(f" {c}" if c.isupper() else c for c in name.removesuffix("__c"))
    return spaced.replace("_", " ").strip().replace("  ", " ")


def _text(name: str, length: int, label: str = "") -> Field:
    return Field(name=name, label=label or _label(name), type="string", length=length)


def _long(name: str, length: int = LONG_TEXT, label: str = "") -> Field:
    return replace(_text(name, length, label), type="textarea")


def _flag(name: str, label: str = "", *, default: bool = False) -> Field:
    return Field(
        name=name,
        label=label or _label(name),
        type="boolean",
        nillable=False,
        default=default,
    )


def _day(name: str, label: str = "") -> Field:
    return Field(name=name, label=label or _label(name), type="date")


def _moment(name: str, label: str = "") -> Field:
    return Field(name=name, label=label or _label(name), type="datetime")


def _number(name: str, label: str = "") -> Field:
    return Field(name=name, label=label or _label(name), type="int")


def _kind(name: str, kind: str, length: int, label: str = "") -> Field:
    return Field(name=name, label=label or _label(name), type=kind, length=length)


def _pick(
    name: str, *values: str, restricted: bool = False, default: Json = None
) -> Field:
    return Field(
        name=name,
        label=_label(name),
        type="picklist",
        length=255 if restricted else 40,
        picklist=values,
        restricted=restricted,
        default=default,
        nillable=default is None,
    )


def _ref(name: str, *targets: str, label: str = "", relationship: str = "") -> Field:
    return Field(
        name=name,
        label=label or _label(name),
        type="reference",
        length=18,
        reference_to=targets,
        relationship=relationship or name.removesuffix("Id"),
    )


def _read_only(field: Field) -> Field:
    return replace(field, createable=False, updateable=False)


def _needed(field: Field) -> Field:
    return replace(field, nillable=False)


def _id() -> Field:
    field = Field(
        name="Id", label="Record ID", type="id", length=18, nillable=False, default=""
    )
    return _read_only(field)


def _system(*, owner: bool) -> list[Field]:
    fields = [_id(), _read_only(_flag("IsDeleted", "Deleted"))]
    if owner:
        given = _ref("OwnerId", "User", label="Owner ID")
        fields.append(replace(given, nillable=False, default=""))
    stamps = [
        _moment("CreatedDate", "Created Date"),
        _ref("CreatedById", "User", label="Created By ID"),
        _moment("LastModifiedDate", "Last Modified Date"),
        _ref("LastModifiedById", "User", label="Last Modified By ID"),
        _moment("SystemModstamp", "System Modstamp"),
    ]
    fields += [replace(_read_only(f), nillable=False) for f in stamps]
    return fields


def _object(
    name: str, plural: str, prefix: str, fields: list[Field], *, owner: bool = True
) -> SObject:
    every = _system(owner=owner) + fields
    return SObject(
        name=name,
        label=_label(name),
        label_plural=plural,
        prefix=prefix,
        fields={f.name: f for f in every},
    )


def _key() -> Field:
    return Field(
        name=KEY_FIELD,
        label="Syncline Id",
        type="string",
        length=255,
        external_id=True,
        unique=True,
        case_sensitive=True,
    )


def _person_name(length: int = 121) -> list[Field]:
    return [
        replace(_read_only(_text("Name", length, "Full Name")), name_field=True),
        _needed(_text("LastName", 80, "Last Name")),
        _text("FirstName", 40, "First Name"),
        _text("MiddleName", 40, "Middle Name"),
        _text("Suffix", 40),
        _pick("Salutation", *SALUTATIONS, restricted=True),
    ]


def _address(prefix: str) -> list[Field]:
    return [
        _long(f"{prefix}Street", 255),
        _text(f"{prefix}City", 40),
        _text(f"{prefix}State", 80),
        _text(f"{prefix}PostalCode", 20),
        _text(f"{prefix}Country", 80),
    ]


def _phones(*names: str) -> list[Field]:
    return [_kind(name, "phone", 40) for name in names]


def _contact() -> SObject:
    fields = [
        *_person_name(),
        _ref("AccountId", "Account", label="Account ID"),
        _ref("ReportsToId", "Contact", label="Reports To ID"),
        _kind("Email", "email", 80),
        *_phones("Phone", "MobilePhone", "HomePhone", "OtherPhone"),
        *_phones("Fax", "AssistantPhone"),
        _text("Title", 128),
        _text("Department", 80),
        _text("AssistantName", 40, "Assistant's Name"),
        _day("Birthdate"),
        *_address("Mailing"),
        *_address("Other"),
        _long("Description", label="Contact Description"),
        _pick("LeadSource", "Web", "Phone Inquiry", "Partner Referral", "Other"),
        _read_only(_flag("IsEmailBounced", "Is Email Bounced")),
        _flag("HasOptedOutOfEmail", "Email Opt Out"),
        _read_only(_ref("MasterRecordId", "Contact", label="Master Record ID")),
        _key(),
    ]
    return _object("Contact", "Contacts", "003", fields)


def _lead() -> SObject:
    converted = [
        _flag("IsConverted", "Converted"),
        _ref("ConvertedContactId", "Contact"),
        _ref("ConvertedAccountId", "Account"),
        _ref("ConvertedOpportunityId", "Opportunity"),
        _day("ConvertedDate"),
    ]
    fields = [
        *_person_name(),
        _needed(_text("Company", 255)),
        _kind("Email", "email", 80),
        *_phones("Phone", "MobilePhone", "Fax"),
        _text("Title", 128),
        *_address(""),
        _long("Description", label="Lead Description"),
        _pick("Status", "Open - Not Contacted", "Qualified", "Unqualified",
              default="Open - Not Contacted"),
        *[_read_only(field) for field in converted],
    ]  # fmt: skip
    return _object("Lead", "Leads", "00Q", fields)


def _account() -> SObject:
    fields = [
        replace(_needed(_text("Name", 255, "Account Name")), name_field=True),
        _ref("ParentId", "Account", label="Parent Account ID"),
        *_phones("Phone", "Fax"),
        _kind("Website", "url", 255),
        _pick("Industry", "Consulting", "Energy", "Manufacturing", "Technology"),
        _pick("Type", "Prospect", "Customer", "Partner", "Other"),
        *_address("Billing"),
        *_address("Shipping"),
        _long("Description", label="Account Description"),
    ]
    return _object("Account", "Accounts", "001", fields)


def _tie_ins() -> list[Field]:
    return [
        _ref("WhoId", "Contact", "Lead", label="Name ID"),
        _ref("WhatId", "Account", "Opportunity", "Case", label="Related To ID"),
        _read_only(_ref("AccountId", "Account", label="Account ID")),
    ]


def _recurrence() -> list[Field]:
    return [
        _read_only(_flag("IsRecurrence", "Create Recurring Series of Events")),
        _read_only(_ref("RecurrenceActivityId", "Event", relationship="Master")),
        _read_only(_flag("IsRecurrence2", "Is Recurrence 2")),
        _read_only(_long("Recurrence2PatternText", 512)),
    ]


def _event() -> SObject:
    fields = [
        _kind("Subject", "combobox", 255),
        _text("Location", 255),
        _long("Description"),
        _flag("IsAllDayEvent", "All-Day Event"),
        _moment("StartDateTime", "Start Date Time"),
        _moment("EndDateTime", "End Date Time"),
        _moment("ActivityDateTime", "Due Date Time"),
        _day("ActivityDate", "Due Date Only"),
        _day("EndDate", "End Date"),
        _number("DurationInMinutes", "Duration"),
        *_tie_ins(),
        _pick("ShowAs", *SHOW_AS, restricted=True, default="Busy"),
        _flag("IsPrivate", "Private"),
        _pick("Type", "Call", "Email", "Meeting", "Other"),
        _read_only(_pick("EventSubtype", "Event", default="Event")),
        _flag("IsReminderSet", "Reminder Set"),
        _moment("ReminderDateTime", "Reminder Date/Time"),
        _read_only(_flag("IsChild", "Is Child")),
        _read_only(_flag("IsGroupEvent", "Is Group Event")),
        _read_only(_pick("GroupEventType", "0", "1", "2", default="0")),
        _read_only(_flag("IsArchived", "Archived")),
        *_recurrence(),
        _key(),
        _long(ATTENDEES_FIELD, label="Syncline Attendees"),
    ]
    return _object("Event", "Events", "00U", fields)


def _task() -> SObject:
    fields = [
        _kind("Subject", "combobox", 255),
        _long("Description"),
        _day("ActivityDate", "Due Date Only"),
        _pick("Status", "Not Started", "In Progress", "Completed",
              "Waiting on someone else", "Deferred", default="Not Started"),
        _pick("Priority", "High", "Normal", "Low", default="Normal"),
        _read_only(_flag("IsClosed", "Closed")),
        _read_only(_flag("IsHighPriority", "High Priority")),
        _read_only(_moment("CompletedDateTime", "Completed Date")),
        _pick("TaskSubtype", "Task", "Email", "ListEmail", "Cadence", "Call",
              default="Task"),
        _pick("Type", "Call", "Email", "Meeting", "Other"),
        *_tie_ins(),
        _flag("IsReminderSet", "Reminder Set"),
        _moment("ReminderDateTime", "Reminder Date/Time"),
        _read_only(_flag("IsArchived", "Archived")),
        _read_only(_flag("IsRecurrence", "Create Recurring Series of Tasks")),
        _key(),
    ]  # fmt: skip
    return _object("Task", "Tasks", "00T", fields)


def _email_message() -> SObject:
    fields = [
        _text("Subject", 3000),
        _long("TextBody"),
        _long("HtmlBody"),
        _text("FromAddress", 1000),
        _text("FromName", 1000),
        _long("ToAddress", 4000),
        _long("CcAddress", 4000),
        _long("BccAddress", 4000),
        _text("MessageIdentifier", 255),
        _text("ThreadIdentifier", 255),
        _moment("MessageDate"),
        _flag("Incoming", "Is Incoming"),
        _pick("Status", "0", "1", "2", "3", "4", "5", default="0"),
        _ref("RelatedToId", "Account", "Opportunity", "Case", "Contact", "Lead"),
        _ref("ParentId", "Case"),
        _read_only(_ref("ActivityId", "Task")),
    ]
    return _object("EmailMessage", "Email Messages", "02s", fields, owner=False)


def _opportunity() -> SObject:
    fields = [
        replace(_needed(_text("Name", 120)), name_field=True),
        _ref("AccountId", "Account", label="Account ID"),
        _needed(_pick("StageName", "Prospecting", "Proposal", "Closed Won",
                      "Closed Lost")),
        _needed(_day("CloseDate")),
        Field(name="Amount", label="Amount", type="currency"),
        _long("Description"),
    ]  # fmt: skip
    return _object("Opportunity", "Opportunities", "006", fields)


def _case() -> SObject:
    fields = [
        replace(_read_only(_text("CaseNumber", 30)), name_field=True),
        _ref("ContactId", "Contact"),
        _ref("AccountId", "Account"),
        _text("Subject", 255),
        _long("Description"),
        _pick("Status", "New", "Working", "Closed", default="New"),
        _pick("Origin", "Phone", "Email", "Web"),
    ]
    return _object("Case", "Cases", "500", fields)


def _user() -> SObject:
    fields = [
        _text("Username", 80),
        replace(_text("Name", 121, "Full Name"), name_field=True),
        _text("LastName", 80),
        _text("FirstName", 40),
        _kind("Email", "email", 128),
        _text("Alias", 8),
        _text("Title", 80),
        _text("Department", 80),
        _flag("IsActive", "Active", default=True),
        _pick("TimeZoneSidKey", "Europe/Stockholm", "UTC"),
        _text("LocaleSidKey", 40),
        _text("LanguageLocaleKey", 40),
        _pick("UserType", "Standard"),
    ]
    made = _object("User", "Users", "005", fields, owner=False)
    del made.fields["IsDeleted"]
    made.reindex()
    return _locked_down(made)


def _organization() -> SObject:
    fields = [
        replace(_text("Name", 80), name_field=True),
        _text("OrganizationType", 40),
        _flag("IsSandbox", "Is Sandbox"),
        _text("InstanceName", 5),
        _text("TimeZoneSidKey", 40),
        _text("LanguageLocaleKey", 40),
    ]
    made = _object("Organization", "Organizations", "00D", fields, owner=False)
    return _locked_down(made)


def _locked_down(sobject: SObject) -> SObject:
    """An object that the API only reads."""
    sobject.fields = {n: _read_only(f) for n, f in sobject.fields.items()}
    sobject.writable = False
    sobject.reindex()
    return sobject


def standard_objects() -> dict[str, SObject]:
    """The objects of a fresh org, by name."""
    made = [
        _account(), _case(), _contact(), _email_message(), _event(), _lead(),
        _opportunity(), _organization(), _task(), _user(),
    ]  # fmt: skip
    return {sobject.name: sobject for sobject in made}
