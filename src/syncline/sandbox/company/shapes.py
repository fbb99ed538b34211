"""The JSON that the sandbox servers load: Graph items and Salesforce records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

MIDNIGHT = time()


def moment(when: datetime, zone: str) -> Json:
    """Wall-clock time with the name of its zone, as Graph wants it."""
    return {"dateTime": when.strftime("%Y-%m-%dT%H:%M:%S"), "timeZone": zone}


def timed(start: datetime, end: datetime, zone: str) -> Json:
    """When a timed event happens; both are wall-clock times of the zone."""
    return {"start": moment(start, zone), "end": moment(end, zone), "isAllDay": False}


def whole_days(first: date, last: date, zone: str) -> Json:
    """When an all-day event happens, both days included."""
    after = datetime.combine(last, MIDNIGHT) + timedelta(days=1)
    return {
        "start": moment(datetime.combine(first, MIDNIGHT), zone),
        "end": moment(after, zone),
        "isAllDay": True,
        "isReminderOn": False,
    }


def event(subject: str, when: Json, **more: object) -> Json:
    """A calendar item as one would POST it."""
    return {"subject": subject, **when, **more}


def text_body(content: str) -> Json:
    """A plain-text body."""
    return {"contentType": "text", "content": content}


def html_body(content: str) -> Json:
    """A body as mail clients write it."""
    return {"contentType": "html", "content": content}


def place(name: str) -> Json:
    """A location that is only a name."""
    return {"displayName": name}


def address(name: str, email: str) -> Json:
    """A named e-mail address, as an organizer or inside an attendee."""
    return {"emailAddress": {"name": name, "address": email}}


def attendee(name: str, email: str, role: str = "required") -> Json:
    """A guest: `required`, `optional` or `resource`."""
    return {**address(name, email), "type": role}


def contact(given: str | None, family: str | None, **more: object) -> Json:
    """A person of the address book as one would POST it."""
    names = {"givenName": given, "surname": family}
    return {**{n: v for n, v in names.items() if v is not None}, **more}


def emails(*addresses: str, name: str = "") -> list[Json]:
    """The e-mail addresses of a contact, in order."""
    return [{"name": name or one, "address": one} for one in addresses]


def instant(when: datetime) -> str:
    """An instant as Salesforce reads it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def crm_timed(start: datetime, end: datetime) -> Json:
    """When a timed Salesforce event happens."""
    return {
        "IsAllDayEvent": False,
        "StartDateTime": instant(start),
        "EndDateTime": instant(end),
    }


def crm_whole_days(first: date, last: date) -> Json:
    """When an all-day Salesforce event happens, both days included."""
    return {
        "IsAllDayEvent": True,
        "ActivityDate": first.isoformat(),
        "EndDate": last.isoformat(),
    }


def joined(parts: Sequence[str | None]) -> str:
    """The non-empty parts with single blanks between them."""
    return " ".join(part for part in parts if part)
