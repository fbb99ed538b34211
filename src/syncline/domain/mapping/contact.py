"""Contact of the mailbox and Contact of Salesforce (reference 3.7)."""

from __future__ import annotations

from syncline.domain.mapping.rows import Row

_PARTS = {
    "street": "Street",
    "city": "City",
    "state": "State",
    "postal_code": "PostalCode",
    "country": "Country",
}


def _address(item_prefix: str, record_prefix: str) -> tuple[Row, ...]:
    return tuple(
        Row(item=f"{item_prefix}_{name}", record=(f"{record_prefix}{part}",))
        for name, part in _PARTS.items()
    )


ROWS = (
    Row(item="given_name", record=("FirstName",)),
    Row(item="family_name", record=("LastName",)),
    Row(item="middle_name", record=("MiddleName",)),
    Row(item="suffix", record=("Suffix",)),
    Row(item="salutation", record=("Salutation",)),
    Row(item="job_title", record=("Title",)),
    Row(item="department", record=("Department",)),
    Row(item="assistant_name", record=("AssistantName",)),
    Row(item="emails", record=("Email",), converter="first"),
    Row(item="mobile_phone", record=("MobilePhone",)),
    Row(item="business_phones", record=("Phone",), converter="first"),
    Row(item="home_phones", record=("HomePhone",), converter="first"),
    Row(item="birthday", record=("Birthdate",), converter="date"),
    Row(item="notes", record=("Description",)),
    *_address("business", "Mailing"),
    *_address("other", "Other"),
)
