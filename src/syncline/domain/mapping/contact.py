"""Contact of the mailbox and Contact of Salesforce (reference 3.7)."""

from syncline.domain.mapping.rules import FieldRule, KindMapping, first_of, text
from syncline.domain.values.kinds import Kind


def _address(item_prefix: str, record_prefix: str) -> tuple[FieldRule, ...]:
    parts = {
        "street": "Street",
        "city": "City",
        "state": "State",
        "postal_code": "PostalCode",
        "country": "Country",
    }
    return tuple(
        text(f"{item_prefix}_{name}", f"{record_prefix}{part}")
        for name, part in parts.items()
    )


CONTACT = KindMapping(
    kind=Kind.CONTACT,
    object_name="Contact",
    rules=(
        text("given_name", "FirstName"),
        text("family_name", "LastName"),
        text("middle_name", "MiddleName"),
        text("suffix", "Suffix"),
        text("salutation", "Salutation"),
        text("job_title", "Title"),
        text("department", "Department"),
        text("assistant_name", "AssistantName"),
        first_of("emails", "Email"),
        text("mobile_phone", "MobilePhone"),
        first_of("business_phones", "Phone"),
        first_of("home_phones", "HomePhone"),
        text("birthday", "Birthdate"),
        text("notes", "Description"),
        *_address("business", "Mailing"),
        *_address("other", "Other"),
    ),
)
