"""The org refuses exactly the contacts and subjects that are said to be refused.

Contacts are saved the way any client would: found by e-mail and changed, or made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from syncline.sandbox.company.build import Company, build
from syncline.sandbox.microsoft365 import app as microsoft365
from syncline.sandbox.salesforce import app as salesforce
from syncline.sandbox.salesforce.faults import RefusedError
from syncline.sandbox.salesforce.store import Org, is_visible
from syncline.sandbox.salesforce.writing import Writer

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
CODES = {
    "required_field_missing": "REQUIRED_FIELD_MISSING",
    "validation_rule": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
    "value_too_long": "STRING_TOO_LONG",
    "picklist_value": "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    "invalid_email": "INVALID_EMAIL_ADDRESS",
    "duplicate_rule": "DUPLICATES_DETECTED",
    "inactive_owner": "INACTIVE_OWNER_OR_USER",
    "record_locked": "ENTITY_IS_LOCKED",
    "read_only_record": "INSUFFICIENT_ACCESS_OR_READONLY",
}


@dataclass(frozen=True)
class Filled:
    """The company in an org."""

    company: Company
    org: Org


@pytest.fixture(scope="module")
def filled() -> Filled:
    company = build(NOW)
    sandbox = salesforce.build(lambda: NOW)
    sandbox.seed(company.salesforce)
    return Filled(company, sandbox.org)


def fields_of(contact: dict[str, Any]) -> dict[str, Any]:
    first_email = next(iter(contact.get("emailAddresses", [])), {})
    first_phone = next(iter(contact.get("businessPhones", [])), None)
    return {
        "FirstName": contact.get("givenName"),
        "LastName": contact.get("surname"),
        "Salutation": contact.get("title"),
        "Title": contact.get("jobTitle"),
        "Department": contact.get("department"),
        "Email": first_email.get("address", "").lower() or None,
        "MobilePhone": contact.get("mobilePhone"),
        "Phone": first_phone,
    }


def save_contact(org: Org, address: str, contact: dict[str, Any]) -> None:
    user = next(u for u in org.users() if u["Email"] == address)
    writer = Writer(org=org, user_id=user["Id"])
    sobject, fields = org.sobjects["Contact"], fields_of(contact)
    matches = [
        record
        for record in org.tables["Contact"].records.values()
        if fields["Email"]
        and (record.values["Email"] or "").lower() == fields["Email"]
        and is_visible(user["Id"], record)
    ]
    if not matches:
        writer.create(sobject, fields)
        return
    filled = {n: v for n, v in fields.items() if v and not matches[0].values[n]}
    if filled:
        writer.update(sobject, matches[0].id, filled)


def save_subject(org: Org, address: str, event: dict[str, Any]) -> None:
    user = next(u for u in org.users() if u["Email"] == address)
    fields = {
        "Subject": event["subject"],
        "Location": event.get("location", {}).get("displayName"),
        "StartDateTime": "2026-11-24T10:00:00Z",
        "DurationInMinutes": 30,
    }
    Writer(org=org, user_id=user["Id"]).create(org.sobjects["Event"], fields)


def refused(filled: Filled) -> Iterator[tuple[str, tuple[str, str]]]:
    """What the org refuses, as code, address and name."""
    for address, shelves in filled.company.microsoft365["items"].items():
        for shelf, save in (("contacts", save_contact), ("events", save_subject)):
            for item in shelves[shelf]:
                try:
                    save(filled.org, address, item)
                except RefusedError as error:
                    yield error.troubles[0].code, (address, shown(item))


def shown(item: dict[str, Any]) -> str:
    full = " ".join(item[k] for k in ("givenName", "surname") if item.get(k))
    first = next(iter(item.get("emailAddresses", [])), {})
    names = (item.get("subject"), full, first.get("address"), item.get("companyName"))
    return next(name for name in names if name)


def test_the_org_refuses_what_is_expected_and_nothing_else(filled: Filled) -> None:
    expected = {
        (CODES[cause], entry)
        for cause, entries in filled.company.expected_causes.items()
        for entry in entries
        if cause in CODES
    }
    assert sorted(refused(filled)) == sorted(expected)


def test_the_tenant_holds_every_item_and_the_copies_of_team_meetings() -> None:
    company = build(NOW)
    sandbox = microsoft365.build(lambda: NOW)
    sandbox.seed(company.microsoft365)
    for address, shelves in company.microsoft365["items"].items():
        box = sandbox.tenant.mailboxes[address]
        assert len(box.all_of("contact")) == len(shelves["contacts"])
        assert len(box.all_of("event")) >= len(shelves["events"])
    copies = [
        event
        for event in sandbox.tenant.mailboxes["bruno.okafor@northwind.example"].all_of(
            "event"
        )
        if "week" in event.fields["subject"] and not event.fields["isOrganizer"]
    ]
    assert len(copies) >= 8
    assert sandbox.counters.guest_mails == 0
