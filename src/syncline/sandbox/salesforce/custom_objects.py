"""Objects that the org's administrator made: visits and renewals."""

from __future__ import annotations

from syncline.sandbox.salesforce.blueprints import (
    build_object,
    day,
    long_text,
    moment,
    name_field,
    needed,
    ref,
    text,
)
from syncline.sandbox.salesforce.entities import SObject

SITE_VISIT = "Site_Visit__c"
CONTRACT_RENEWAL = "Contract_Renewal__c"


def site_visit() -> SObject:
    """From one moment to another."""
    fields = [
        name_field(needed(text("Name", 80, "Site Visit Name"))),
        ref("Account__c", "Account", relationship="Account__r"),
        moment("Starts_At__c"),
        moment("Ends_At__c"),
        text("Site__c", 255),
        long_text("Notes__c"),
    ]
    return build_object(SITE_VISIT, "Site Visits", "a00", fields)


def contract_renewal() -> SObject:
    """On one day."""
    fields = [
        name_field(needed(text("Name", 80, "Contract Renewal Name"))),
        ref("Account__c", "Account", relationship="Account__r"),
        day("Renewal_Date__c"),
        long_text("Notes__c"),
    ]
    return build_object(CONTRACT_RENEWAL, "Contract Renewals", "a01", fields)
