"""Events: Graph's `event` to neutral content and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from syncline.connectors.microsoft365.bodies import read_body
from syncline.connectors.microsoft365.manifest import LONGEST_EVENT
from syncline.connectors.microsoft365.patterns import read_rule
from syncline.connectors.microsoft365.rules import (
    FirstTime,
    InexpressibleError,
    rule_body,
)
from syncline.connectors.microsoft365.times import find_zone, read_span, span_body
from syncline.connectors.microsoft365.wire import Event, Guest
from syncline.domain.values.content import (
    AllDaySpan,
    Attendee,
    Content,
    Span,
    TimedSpan,
    clean_text,
)

#: Graph's `freeBusyStatus` -> ours; what it does not say counts as busy.
_SHOW_AS = {
    "free": "free",
    "tentative": "tentative",
    "busy": "busy",
    "oof": "oof",
    "workingelsewhere": "elsewhere",
}
_SHOW_AS_BODY = {"elsewhere": "workingElsewhere"}
_RESPONSES = {
    "accepted": "accepted",
    "organizer": "accepted",
    "declined": "declined",
    "tentativelyaccepted": "tentative",
}
_ROLES = frozenset({"required", "optional", "resource"})
_SINGLE_TYPES = frozenset({"singleInstance", "occurrence", "exception"})

#: Fields of a user's own copy: changing them mails nobody.
OWN_STATE = frozenset({"show_as", "reminder_minutes"})


def read_event(raw: Event, owner: str) -> Content:
    """Neutral content of an event.

    Args:
        raw: As Graph sent it.
        owner: Address of the mailbox, which is no guest of its own.

    Raises:
        ValueError: Its times make no sense.
    """
    return {
        "subject": clean_text(raw.subject),
        "body": read_body(raw.body),
        "location": clean_text(raw.location.display_name) if raw.location else None,
        "when": read_span(
            raw.start,
            raw.end,
            is_all_day=bool(raw.is_all_day),
            zone=raw.original_start_time_zone or "",
        ),
        "show_as": _SHOW_AS.get((raw.show_as or "busy").lower(), "busy"),
        # Whatever is not plainly normal stays hidden: never less private.
        "private": (raw.sensitivity or "normal").lower() != "normal",
        "reminder_minutes": _read_reminder(raw),
        "attendees": read_attendees(raw.attendees or (), owner),
        "recurrence": _read_recurrence(raw),
    }


def _read_recurrence(raw: Event) -> str | None:
    if raw.recurrence is None or not is_master(raw):
        return None
    return read_rule(raw.recurrence)


def is_master(raw: Event) -> bool:
    """Whether an event is a series itself.

    Nothing else carries a rule; a type that nobody has heard of says nothing.
    """
    return raw.recurrence is not None and raw.type not in _SINGLE_TYPES


def is_occurrence(raw: Event) -> bool:
    """Whether an event is one time of a series, changed or not."""
    return raw.series_master_id is not None


def read_response(raw: Event) -> str:
    """The owner's own answer; empty on what the owner organizes."""
    if raw.is_organizer is not False:
        return ""
    given = (raw.response_status.response or "") if raw.response_status else ""
    return _RESPONSES.get(given.lower(), "none")


def _read_reminder(raw: Event) -> int | None:
    return raw.reminder_minutes_before_start if raw.is_reminder_on else None


def read_attendees(guests: Iterable[Guest], owner: str) -> tuple[Attendee, ...]:
    """Guests by address, each once, without the owner of the mailbox.

    A guest without an address stays, under the name: they could be mailed.
    """
    found: dict[str, Attendee] = {}
    for guest in guests:
        address = guest.email_address
        if address is None:
            continue
        email = (address.address or address.name or "").strip().lower()
        if not email or email == owner.lower():
            continue
        response = (guest.status.response or "") if guest.status else ""
        role = (guest.type or "").lower()
        found.setdefault(
            email,
            Attendee(
                email=email,
                name=(address.name or "").strip(),
                role=role if role in _ROLES else "required",
                response=_RESPONSES.get(response.lower(), "none"),
            ),
        )
    return tuple(sorted(found.values(), key=lambda guest: guest.email))


Obstacle = tuple[str | None, tuple[tuple[str, str], ...]]


def find_obstacle(span: Span) -> Obstacle:
    """Why an event cannot be synchronized as it is, with the details."""
    if isinstance(span, AllDaySpan):
        if span.day_count > LONGEST_EVENT.days:
            return "all_day_too_long", (("days", str(span.day_count)),)
        return None, ()
    if span.zone and find_zone(span.zone) is None:
        return "unknown_time_zone", (("zone", span.zone),)
    length = span.end - span.start
    if length > LONGEST_EVENT:
        days = -(-length // timedelta(days=1))
        return "meeting_too_long", (("days", str(days)),)
    return None, ()


def event_body(fields: Mapping[str, Any], current: Content) -> dict[str, Any]:
    """Properties that give an event these neutral fields.

    Guests are written only when they are among the fields: it mails them.

    Args:
        fields: What to write.
        current: The event as it stands, so that its zone is kept.

    Raises:
        InexpressibleError: Graph has no pattern for the recurrence.
    """
    body: dict[str, Any] = {}
    for name, value in fields.items():
        match name:
            case "subject":
                body["subject"] = value or ""
            case "body":
                body["body"] = {"contentType": "text", "content": value or ""}
            case "location":
                body["location"] = {"displayName": value or ""}
            case "when":
                body |= span_body(value, _zone_of(current))
            case "show_as":
                body["showAs"] = _SHOW_AS_BODY.get(value, value)
            case "private":
                body["sensitivity"] = "private" if value else "normal"
            case "reminder_minutes":
                body["isReminderOn"] = value is not None
                if value is not None:
                    body["reminderMinutesBeforeStart"] = value
            case "attendees":
                body["attendees"] = [_guest_body(guest) for guest in value or ()]
    if "recurrence" in fields:
        span = fields.get("when") or current.get("when")
        body["recurrence"] = _recurrence_body(
            fields["recurrence"], body, span, _zone_of(current)
        )
    return body


def _guest_body(guest: Attendee) -> dict[str, Any]:
    address = {"address": guest.email, "name": guest.name or guest.email}
    return {"emailAddress": address, "type": guest.role}


def _recurrence_body(
    rule: str | None, body: Mapping[str, Any], span: object, zone: str
) -> dict[str, Any]:
    if not rule or not isinstance(span, TimedSpan | AllDaySpan):
        raise InexpressibleError("a series that is to become a single event")
    # The rule is told in the very zone that the start is written in.
    start = (body if "start" in body else span_body(span, zone))["start"]
    clock = datetime.fromisoformat(start["dateTime"])
    first = FirstTime(
        day=clock.date(),
        clock=clock.time(),
        zone=find_zone(start["timeZone"]) or UTC,
        zone_name=start["timeZone"],
    )
    return rule_body(rule, first)


def _zone_of(current: Content) -> str:
    span = current.get("when")
    return span.zone if isinstance(span, TimedSpan) else ""
