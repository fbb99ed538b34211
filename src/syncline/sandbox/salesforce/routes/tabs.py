"""The tabs of the org: which lists people see, with which columns."""

from __future__ import annotations

from collections.abc import Sequence

from syncline.sandbox.salesforce.store import Org

Columns = Sequence[tuple[str, str]]
_OWNER = ("OwnerId", "Owner")
TABS: dict[str, tuple[str, Columns]] = {
    "Contacts": (
        "Contact",
        (
            ("Name", "Name"),
            ("Email", "Email"),
            ("AccountId", "Account"),
            ("Title", "Title"),
            ("Phone", "Phone"),
            _OWNER,
        ),
    ),
    "Events": (
        "Event",
        (
            ("Subject", "Subject"),
            ("StartDateTime", "Start"),
            ("Location", "Location"),
            ("WhoId", "Name"),
            ("OwnerId", "Assigned to"),
        ),
    ),
    "Tasks": (
        "Task",
        (
            ("Subject", "Subject"),
            ("ActivityDate", "Due"),
            ("Status", "Status"),
            ("WhoId", "Name"),
            ("OwnerId", "Assigned to"),
        ),
    ),
    "Email Messages": (
        "EmailMessage",
        (
            ("Subject", "Subject"),
            ("MessageDate", "Date"),
            ("FromAddress", "From"),
            ("ToAddress", "To"),
            ("RelatedToId", "Related to"),
        ),
    ),
    "Accounts": (
        "Account",
        (("Name", "Account name"), ("Phone", "Phone"), _OWNER),
    ),
    "Leads": (
        "Lead",
        (("Name", "Name"), ("Company", "Company"), ("Email", "Email"), _OWNER),
    ),
    "Opportunities": (
        "Opportunity",
        (("Name", "Name"), ("StageName", "Stage"), ("CloseDate", "Close"), _OWNER),
    ),
    "Site Visits": (
        "Site_Visit__c",
        (
            ("Name", "Name"),
            ("Starts_At__c", "Starts at"),
            ("Ends_At__c", "Ends at"),
            ("Site__c", "Site"),
            _OWNER,
        ),
    ),
    "Contract Renewals": (
        "Contract_Renewal__c",
        (("Name", "Name"), ("Renewal_Date__c", "Renewal date"), _OWNER),
    ),
    "Users": ("User", ()),
    "Rules": ("Rule", ()),
}


def shown_tabs(org: Org) -> list[str]:
    """The tabs of the objects that the org has."""
    hidden = org.hidden_objects
    return [tab for tab, (sobject, _) in TABS.items() if sobject not in hidden]
