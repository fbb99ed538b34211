"""The objects of the org and their fields, with the standard lengths.

Lengths are those of the public field reference; custom fields are the ones an
administrator adds for Syncline.
"""

from __future__ import annotations

from syncline.sandbox.salesforce import activities, custom_objects, mail_objects
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
    of_kind,
    phones,
    pick,
    read_only,
    ref,
    text,
)
from syncline.sandbox.salesforce.entities import Field, SObject

#: A further address of a contact, made by the administrator.
SECOND_EMAIL_FIELD = "Second_Email__c"
CLOSED_STAGES = {"Closed Won": True, "Closed Lost": False}
SALUTATIONS = ("Mr.", "Ms.", "Mrs.", "Dr.", "Prof.", "Mx.")


def _person_name(length: int = 121) -> list[Field]:
    return [
        name_field(read_only(text("Name", length, "Full Name"))),
        needed(text("LastName", 80, "Last Name")),
        text("FirstName", 40, "First Name"),
        text("MiddleName", 40, "Middle Name"),
        text("Suffix", 40),
        pick("Salutation", *SALUTATIONS, restricted=True),
    ]


def _address(prefix: str) -> list[Field]:
    return [
        long_text(f"{prefix}Street", 255),
        text(f"{prefix}City", 40),
        text(f"{prefix}State", 80),
        text(f"{prefix}PostalCode", 20),
        text(f"{prefix}Country", 80),
    ]


def _contact() -> SObject:
    fields = [
        *_person_name(),
        ref("AccountId", "Account", label="Account ID", children="Contacts"),
        ref("ReportsToId", "Contact", label="Reports To ID"),
        of_kind("Email", "email", 80),
        of_kind(SECOND_EMAIL_FIELD, "email", 80, "Second Email"),
        *phones("Phone", "MobilePhone", "HomePhone", "OtherPhone"),
        *phones("Fax", "AssistantPhone"),
        text("Title", 128),
        text("Department", 80),
        text("AssistantName", 40, "Assistant's Name"),
        day("Birthdate"),
        *_address("Mailing"),
        *_address("Other"),
        long_text("Description", label="Contact Description"),
        pick("LeadSource", "Web", "Phone Inquiry", "Partner Referral", "Other"),
        read_only(flag("IsEmailBounced", "Is Email Bounced")),
        flag("HasOptedOutOfEmail", "Email Opt Out"),
        read_only(ref("MasterRecordId", "Contact", label="Master Record ID")),
        key_field(),
    ]
    return build_object("Contact", "Contacts", "003", fields)


def _lead() -> SObject:
    converted = [
        flag("IsConverted", "Converted"),
        ref("ConvertedContactId", "Contact"),
        ref("ConvertedAccountId", "Account"),
        ref("ConvertedOpportunityId", "Opportunity"),
        day("ConvertedDate"),
    ]
    fields = [
        *_person_name(),
        needed(text("Company", 255)),
        of_kind("Email", "email", 80),
        *phones("Phone", "MobilePhone", "Fax"),
        text("Title", 128),
        *_address(""),
        long_text("Description", label="Lead Description"),
        pick("Status", "Open - Not Contacted", "Qualified", "Unqualified",
              default="Open - Not Contacted"),
        read_only(ref("MasterRecordId", "Lead", label="Master Record ID")),
        *[read_only(field) for field in converted],
    ]  # fmt: skip
    return build_object("Lead", "Leads", "00Q", fields)


def _account() -> SObject:
    fields = [
        name_field(needed(text("Name", 255, "Account Name"))),
        ref("ParentId", "Account", label="Parent Account ID"),
        *phones("Phone", "Fax"),
        of_kind("Website", "url", 255),
        pick("Industry", "Consulting", "Energy", "Manufacturing", "Technology"),
        pick("Type", "Prospect", "Customer", "Partner", "Other"),
        *_address("Billing"),
        *_address("Shipping"),
        long_text("Description", label="Account Description"),
        read_only(ref("MasterRecordId", "Account", label="Master Record ID")),
    ]
    return build_object("Account", "Accounts", "001", fields)


def _opportunity() -> SObject:
    fields = [
        name_field(needed(text("Name", 120))),
        ref("AccountId", "Account", label="Account ID", children="Opportunities"),
        needed(pick("StageName", "Prospecting", "Proposal", *CLOSED_STAGES)),
        needed(day("CloseDate")),
        read_only(flag("IsClosed", "Closed")),
        read_only(flag("IsWon", "Won")),
        of_kind("Amount", "currency"),
        long_text("Description"),
    ]
    return build_object("Opportunity", "Opportunities", "006", fields)


def _opportunity_contact_role() -> SObject:
    roles = ("Decision Maker", "Evaluator", "Influencer", "Other")
    plural = "OpportunityContactRoles"
    fields = [
        needed(at_birth(ref("OpportunityId", "Opportunity", children=plural))),
        needed(ref("ContactId", "Contact", children=plural)),
        pick("Role", *roles),
        flag("IsPrimary", "Primary"),
    ]
    return build_object(
        "OpportunityContactRole",
        "Opportunity Contact Roles",
        "00K",
        fields,
        owner=False,
    )


def _case() -> SObject:
    fields = [
        name_field(read_only(text("CaseNumber", 30))),
        ref("ContactId", "Contact"),
        ref("AccountId", "Account"),
        text("Subject", 255),
        long_text("Description"),
        pick("Status", "New", "Working", "Closed", default="New"),
        pick("Origin", "Phone", "Email", "Web"),
    ]
    return build_object("Case", "Cases", "500", fields)


def _user() -> SObject:
    fields = [
        text("Username", 80),
        name_field(text("Name", 121, "Full Name")),
        text("LastName", 80),
        text("FirstName", 40),
        of_kind("Email", "email", 128),
        text("Alias", 8),
        text("Title", 80),
        text("Department", 80),
        flag("IsActive", "Active", default=True),
        pick("TimeZoneSidKey", "Europe/Stockholm", "UTC"),
        text("LocaleSidKey", 40),
        text("LanguageLocaleKey", 40),
        pick("UserType", "Standard"),
    ]
    made = build_object("User", "Users", "005", fields, owner=False)
    del made.fields["IsDeleted"]
    made.reindex()
    return locked_down(made)


def _organization() -> SObject:
    fields = [
        name_field(text("Name", 80)),
        text("OrganizationType", 40),
        flag("IsSandbox", "Is Sandbox"),
        text("InstanceName", 5),
        text("TimeZoneSidKey", 40),
        text("LanguageLocaleKey", 40),
    ]
    made = build_object("Organization", "Organizations", "00D", fields, owner=False)
    return locked_down(made)


def _list_view() -> SObject:
    fields = [
        name_field(text("Name", 80, "View Name")),
        text("DeveloperName", 80, "API Name"),
        text("SobjectType", 40),
        flag("IsSoqlCompatible", default=True),
        moment("LastViewedDate"),
    ]
    return locked_down(
        build_object("ListView", "List Views", "00B", fields, owner=False)
    )


def standard_objects() -> dict[str, SObject]:
    """The objects of a fresh org, by name."""
    made = [
        _account(), _case(), _contact(), mail_objects.content_document(),
        mail_objects.content_document_link(), mail_objects.content_version(),
        custom_objects.contract_renewal(), mail_objects.email_message(),
        mail_objects.email_message_relation(),
        activities.event(), activities.event_relation(), _lead(), _list_view(),
        _opportunity(), _opportunity_contact_role(), _organization(),
        custom_objects.site_visit(),
        activities.task(), activities.task_relation(), activities.task_status(),
        _user(),
    ]  # fmt: skip
    return {sobject.name: sobject for sobject in made}
