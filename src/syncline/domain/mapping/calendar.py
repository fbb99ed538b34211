"""Ways in which times, reminders and guests of events translate.

No zone of this machine has a say here: a timed span is a pair of instants, a
whole day a date.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from syncline.domain.mapping.converters import (
    DATE_TYPES,
    FLAG_TYPES,
    INSTANT_TYPES,
    as_it_stands,
    rule_of,
)
from syncline.domain.mapping.rows import Row
from syncline.domain.mapping.rules import Converter, FieldRule
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

#: Salesforce keeps 32,000 characters of long text (facts: salesforce.md, 8).
_ATTENDEES_LIMIT = 32_000


def starts_at(span: Value) -> datetime | None:
    """When a span begins; whole days begin at midnight UTC."""
    match span:
        case TimedSpan(start=start):
            return start
        case AllDaySpan(first=first):
            return datetime.combine(first, time(), UTC)
        case _:
            return None


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
            return dict.fromkeys(WHEN_FIELDS)


WHEN_FIELDS = (
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


def _when(row: Row) -> FieldRule:
    """A span, timed or whole days, in the five fields of an Event."""
    return rule_of(row, _when_up, _when_down)


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


def _lead_time(row: Row) -> FieldRule:
    """A reminder some minutes before the start, as an instant."""
    return rule_of(row, _reminder_up, _reminder_down, depends_on=("when",))


def _guest_list(row: Row) -> FieldRule:
    """Guests as lines to read; they do not come back."""
    (field,) = row.record

    def up(item: Content) -> RecordFields:
        attendees = item.get(row.item)
        guests = attendees if isinstance(attendees, tuple) else ()
        lines = [_guest_line(g) for g in guests if isinstance(g, Attendee)]
        return {field: _whole_lines(lines) or row.default}

    return rule_of(row, up, as_it_stands(row))


def _whole_lines(lines: list[str]) -> str:
    return "\n".join(lines)[:_ATTENDEES_LIMIT].strip()


def _guest_line(guest: Attendee) -> str:
    name = " ".join(guest.name.split())
    who = f"{name} <{guest.email}>" if name else guest.email
    return f"{who} ({guest.role}, {guest.response})"


CALENDAR: Mapping[str, Converter] = {
    "when": Converter(
        make=_when,
        types=(FLAG_TYPES, INSTANT_TYPES, INSTANT_TYPES, DATE_TYPES, DATE_TYPES),
        is_fixed=True,
    ),
    "lead_time": Converter(
        make=_lead_time, types=(FLAG_TYPES, INSTANT_TYPES), is_fixed=True
    ),
    "guest_list": Converter(
        make=_guest_list,
        types=(frozenset({"string", "textarea"}),),
        can_go_down=False,
    ),
}
