"""Calendar item of the mailbox and Event of Salesforce (reference 3.7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from syncline.domain.mapping.rules import FieldRule, KindMapping, text
from syncline.domain.values.content import (
    AllDaySpan,
    Attendee,
    Content,
    RecordFields,
    TimedSpan,
    Value,
    format_instant,
    parse_instant,
)
from syncline.domain.values.kinds import Direction, Kind

_SHOW_AS_UP = {
    "free": "Free",
    "tentative": "Busy",
    "busy": "Busy",
    "oof": "OutOfOffice",
    "elsewhere": "Busy",
}
_SHOW_AS_DOWN = {"Free": "free", "Busy": "busy", "OutOfOffice": "oof"}

#: Salesforce keeps 32,000 characters of long text (facts: salesforce.md, 8).
_ATTENDEES_LIMIT = 32_000


def _when_up(item: Content) -> RecordFields:
    match item.get("when"):
        case TimedSpan(start=start, end=end):
            return {
                "IsAllDayEvent": False,
                "StartDateTime": format_instant(start),
                "EndDateTime": format_instant(end),
                "ActivityDate": None,
                "EndDate": None,
            }
        case AllDaySpan(first=first, last=last):
            return {
                "IsAllDayEvent": True,
                "StartDateTime": None,
                "EndDateTime": None,
                "ActivityDate": first.isoformat(),
                "EndDate": last.isoformat(),
            }
        case _:
            return dict.fromkeys(_WHEN_FIELDS)


_WHEN_FIELDS = (
    "IsAllDayEvent",
    "StartDateTime",
    "EndDateTime",
    "ActivityDate",
    "EndDate",
)


def _when_down(record: RecordFields, item: Content) -> Mapping[str, Value]:
    if record.get("IsAllDayEvent"):
        first = date.fromisoformat(str(record["ActivityDate"]))
        last_text = record.get("EndDate") or record["ActivityDate"]
        last = date.fromisoformat(str(last_text))
        return {"when": AllDaySpan(first=first, last=last)}
    before = item.get("when")
    return {
        "when": TimedSpan(
            start=parse_instant(str(record["StartDateTime"])),
            end=parse_instant(str(record["EndDateTime"])),
            zone=before.zone if isinstance(before, TimedSpan) else "",
        )
    }


def _show_as_up(item: Content) -> RecordFields:
    return {"ShowAs": _SHOW_AS_UP.get(str(item.get("show_as")), "Busy")}


def _show_as_down(record: RecordFields, item: Content) -> Mapping[str, Value]:
    del item
    return {"show_as": _SHOW_AS_DOWN.get(str(record.get("ShowAs")), "busy")}


def _private_up(item: Content) -> RecordFields:
    return {"IsPrivate": bool(item.get("private"))}


def _private_down(record: RecordFields, item: Content) -> Mapping[str, Value]:
    del item
    return {"private": bool(record.get("IsPrivate"))}


def starts_at(span: Value) -> datetime | None:
    """When a span begins; whole days begin at midnight UTC."""
    match span:
        case TimedSpan(start=start):
            return start
        case AllDaySpan(first=first):
            return datetime.combine(first, time(), UTC)
        case _:
            return None


def _reminder_up(item: Content) -> RecordFields:
    minutes = item.get("reminder_minutes")
    start = starts_at(item.get("when"))
    if not isinstance(minutes, int) or start is None:
        return {"IsReminderSet": False, "ReminderDateTime": None}
    due = start - timedelta(minutes=minutes)
    return {"IsReminderSet": True, "ReminderDateTime": format_instant(due)}


def _reminder_down(record: RecordFields, item: Content) -> Mapping[str, Value]:
    due = record.get("ReminderDateTime")
    start = starts_at(_when_down(record, item)["when"])
    if not record.get("IsReminderSet") or not due or start is None:
        return {"reminder_minutes": None}
    minutes = (start - parse_instant(str(due))) // timedelta(minutes=1)
    return {"reminder_minutes": max(0, minutes)}


def _attendees_up(item: Content) -> RecordFields:
    attendees = item.get("attendees")
    guests = attendees if isinstance(attendees, tuple) else ()
    lines = [_guest_line(g) for g in guests if isinstance(g, Attendee)]
    listed = "\n".join(lines)[:_ATTENDEES_LIMIT].strip()
    return {"Syncline_Attendees__c": listed or None}


def _guest_line(guest: Attendee) -> str:
    name = " ".join(guest.name.split())
    who = f"{name} <{guest.email}>" if name else guest.email
    return f"{who} ({guest.role}, {guest.response})"


def _attendees_down(record: RecordFields, item: Content) -> Mapping[str, Value]:
    del record
    return {"attendees": item.get("attendees") or ()}


EVENT = KindMapping(
    kind=Kind.EVENT,
    object_name="Event",
    rules=(
        text("subject", "Subject"),
        text("body", "Description"),
        text("location", "Location"),
        FieldRule(
            name="when", record_fields=_WHEN_FIELDS, up=_when_up, down=_when_down
        ),
        FieldRule(
            name="show_as",
            record_fields=("ShowAs",),
            up=_show_as_up,
            down=_show_as_down,
        ),
        FieldRule(
            name="private",
            record_fields=("IsPrivate",),
            up=_private_up,
            down=_private_down,
            is_sticky=True,
        ),
        FieldRule(
            name="reminder_minutes",
            record_fields=("IsReminderSet", "ReminderDateTime"),
            up=_reminder_up,
            down=_reminder_down,
            depends_on=("when",),
        ),
        FieldRule(
            name="attendees",
            record_fields=("Syncline_Attendees__c",),
            up=_attendees_up,
            down=_attendees_down,
            direction=Direction.UP,
        ),
    ),
)
