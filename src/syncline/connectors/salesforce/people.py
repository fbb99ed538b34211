"""Rows of people, companies and deals to values; pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from syncline.connectors.salesforce.ids import long_id
from syncline.connectors.salesforce.translate import row_id
from syncline.connectors.salesforce.wire import Row
from syncline.domain.values.content import parse_instant
from syncline.domain.values.ids import RecordId
from syncline.domain.values.people import Company, Deal, NewPerson, Person

_LAST_NAME_LENGTH = 80
_FIRST_NAME_LENGTH = 40
_COMPANY_LENGTH = 255


def read_person(object_name: str, row: Row, email_fields: Sequence[str]) -> Person:
    """A Contact, Lead or User; addresses lower case, in order, each once."""
    emails = (_text(row, name).strip().lower() for name in email_fields)
    return Person(
        id=RecordId(row_id(row)),
        object_name=object_name,
        emails=tuple(dict.fromkeys(e for e in emails if e)),
        name=_text(row, "Name"),
        account_id=long_id(_text(row, "AccountId")),
        owner_id=long_id(_text(row, "OwnerId")),
        created_at=_instant(row, "CreatedDate"),
    )


def read_company(row: Row) -> Company:
    """An Account."""
    return Company(
        id=RecordId(row_id(row)),
        name=_text(row, "Name"),
        domain=domain_of(_text(row, "Website")),
        created_at=_instant(row, "CreatedDate"),
    )


def read_deal(row: Row, contact_ids: Sequence[str]) -> Deal | None:
    """An Opportunity; None without a date, which Salesforce does not allow."""
    try:
        closes_on = date.fromisoformat(_text(row, "CloseDate"))
    except ValueError:
        return None
    return Deal(
        id=RecordId(row_id(row)),
        account_id=long_id(_text(row, "AccountId")),
        owner_id=long_id(_text(row, "OwnerId")),
        is_closed=bool(row.get("IsClosed")),
        closes_on=closes_on,
        created_at=_instant(row, "CreatedDate"),
        contact_ids=tuple(dict.fromkeys(contact_ids)),
    )


def domain_of(website: str) -> str:
    """The domain of a website as people write it, without `www.`; or nothing."""
    address = website.strip().lower()
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        host = parts.hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.").rstrip(".")


def person_key(address: str) -> str:
    """The value of our external id on a person that we make for an address.

    The field is unique in its org, so that the address alone is enough.
    """
    digest = hashlib.sha256(address.strip().lower().encode()).hexdigest()
    return f"person-{digest[:40]}"


def new_fields(person: NewPerson) -> dict[str, object]:
    """What to send for somebody new; a last name and a lead's company are needed."""
    address = person.email.strip().lower()
    local, _, domain = address.partition("@")
    first, _, last = " ".join(person.name.split()).rpartition(" ")
    fields: dict[str, object] = {
        "LastName": (last or local or address)[:_LAST_NAME_LENGTH],
        "Email": address,
    }
    if first:
        fields["FirstName"] = first[:_FIRST_NAME_LENGTH]
    if person.object_name == "Lead":
        company = person.account_name or domain or address
        fields["Company"] = company[:_COMPANY_LENGTH]
    elif person.account_id:
        fields["AccountId"] = person.account_id
    return fields


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _instant(row: Row, name: str) -> datetime | None:
    try:
        return parse_instant(_text(row, name)).astimezone(UTC)
    except ValueError:
        return None
