"""Contacts: Graph's `contact` to neutral content and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from syncline.connectors.microsoft365.times import read_stamp
from syncline.connectors.microsoft365.wire import Address, Contact, PostalAddress
from syncline.domain.values.content import Content, clean_text

#: Neutral field -> Graph property, where both are plain text.
_TEXTS = {
    "given_name": "givenName",
    "family_name": "surname",
    "middle_name": "middleName",
    "suffix": "generation",
    "salutation": "title",
    "job_title": "jobTitle",
    "department": "department",
    "company": "companyName",
    "assistant_name": "assistantName",
    "notes": "personalNotes",
    "mobile_phone": "mobilePhone",
}
_PHONES = {"business_phones": "businessPhones", "home_phones": "homePhones"}
_ADDRESSES = {"business": "businessAddress", "other": "otherAddress"}
_ADDRESS_PARTS = {
    "street": "street",
    "city": "city",
    "state": "state",
    "postal_code": "postalCode",
    "country": "countryOrRegion",
}
_NAME_PARTS = ("given_name", "middle_name", "family_name")
#: Exchange keeps a birthday without a year in this one.
_NO_YEAR = 1604
#: Noon but one minute, UTC, is the same date in every zone that people live in;
#: it is what Outlook itself stores.
_BIRTHDAY_TIME = "T11:59:00Z"


def read_contact(raw: Contact) -> Content:
    """Neutral content of a contact."""
    return {
        "given_name": clean_text(raw.given_name),
        "family_name": clean_text(raw.surname),
        "middle_name": clean_text(raw.middle_name),
        "suffix": clean_text(raw.generation),
        "salutation": clean_text(raw.title),
        "job_title": clean_text(raw.job_title),
        "department": clean_text(raw.department),
        "company": clean_text(raw.company_name),
        "assistant_name": clean_text(raw.assistant_name),
        "notes": clean_text(raw.personal_notes),
        "emails": _read_emails(raw.email_addresses or ()),
        "mobile_phone": clean_text(raw.mobile_phone),
        "business_phones": _read_texts(raw.business_phones or ()),
        "home_phones": _read_texts(raw.home_phones or ()),
        "birthday": _read_birthday(raw.birthday),
        **_read_address("business", raw.business_address),
        **_read_address("other", raw.other_address),
    }


def _read_emails(addresses: Iterable[Address]) -> tuple[str, ...]:
    emails = ((address.address or "").strip().lower() for address in addresses)
    return tuple(dict.fromkeys(email for email in emails if email))


def _read_texts(texts: Iterable[str | None]) -> tuple[str, ...]:
    cleaned = (clean_text(text) for text in texts)
    return tuple(text for text in cleaned if text)


def _read_birthday(stamp: str | None) -> str | None:
    instant = read_stamp(stamp)
    if instant is None or instant.year <= _NO_YEAR:
        return None
    return instant.date().isoformat()


def _read_address(prefix: str, address: PostalAddress | None) -> dict[str, str | None]:
    raw = address or PostalAddress()
    return {
        f"{prefix}_street": clean_text(raw.street),
        f"{prefix}_city": clean_text(raw.city),
        f"{prefix}_state": clean_text(raw.state),
        f"{prefix}_postal_code": clean_text(raw.postal_code),
        f"{prefix}_country": clean_text(raw.country_or_region),
    }


def contact_body(fields: Mapping[str, Any], current: Content) -> dict[str, Any]:
    """Properties that give a contact these neutral fields.

    Args:
        fields: What to write.
        current: The contact as it stands. An address is one value to Graph, so
            its untouched parts are sent again.
    """
    whole = {**current, **fields}
    body: dict[str, Any] = {}
    for name, value in fields.items():
        if name in _TEXTS:
            body[_TEXTS[name]] = value
        elif name in _PHONES:
            body[_PHONES[name]] = list(value or ())
        elif name == "emails":
            body["emailAddresses"] = [
                {"address": email, "name": _full_name(whole) or email}
                for email in value or ()
            ]
        elif name == "birthday":
            body["birthday"] = f"{value}{_BIRTHDAY_TIME}" if value else None
        else:
            prefix = name.partition("_")[0]
            if prefix in _ADDRESSES:
                body[_ADDRESSES[prefix]] = _address_body(prefix, whole)
    # Exchange makes these up on creation and lets them grow stale afterwards.
    if fields.keys() & set(_NAME_PARTS):
        body["displayName"] = _full_name(whole) or None
    return body


def _address_body(prefix: str, whole: Content) -> dict[str, Any]:
    return {
        graph: whole.get(f"{prefix}_{ours}") for ours, graph in _ADDRESS_PARTS.items()
    }


def _full_name(whole: Content) -> str:
    return " ".join(str(whole[part]) for part in _NAME_PARTS if whole.get(part))
