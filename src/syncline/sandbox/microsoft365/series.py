"""Events in time: their instants, and the occurrences of a series."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from syncline.sandbox.microsoft365.entities import Item, Json
from syncline.sandbox.microsoft365.faults import GraphError
from syncline.sandbox.microsoft365.recurrence import check_recurrence, occurrence_days
from syncline.sandbox.microsoft365.validation import invalid
from syncline.sandbox.microsoft365.zones import (
    UnknownZoneError,
    in_zone,
    instant,
    parse_stamp,
    stamp,
    wall_clock,
    zone,
)

Window = tuple[str, str]
_DAY = timedelta(days=1)
#: No zone is further than this from UTC, so a day's slot is near its day.
_SLACK = timedelta(days=2)


def settle_times(item: Item) -> None:
    """Check start, end and recurrence of an event and compute its span.

    Raises:
        GraphError: 400, they cannot stand together.
    """
    fields = item.fields
    for name in ("start", "end"):
        if not fields.get(name):
            raise invalid(f"Property '{name}' is required for an event.")
        zone_name = fields[name].get("timeZone") or "UTC"
        clock = wall_clock(fields[name]["dateTime"], zone_name)
        fields[name] = {"dateTime": clock, "timeZone": zone_name}
    item.span = _span(fields)
    if item.span[1] < item.span[0]:
        raise GraphError(
            400,
            "ErrorCalendarEndDateIsEarlierThanStartDate",
            "The end date can't be earlier than the start date.",
        )
    if fields.get("isAllDay"):
        _check_all_day(item)
    if fields.get("recurrence"):
        _settle_in_series_zone(item)
        fields["recurrence"] = _settled_recurrence(fields)
        item.series = item.series or new_series()
    else:
        fields["recurrence"] = None
        item.series = None


def new_series(shape: int = 0) -> Json:
    """A series without exceptions and cancellations."""
    return {"cancelled": {}, "exceptions": {}, "shape": shape, "changed": 0}


def _settle_in_series_zone(item: Item) -> None:
    """A timed series repeats by the clocks of its `recurrenceTimeZone`."""
    span = item.fields["recurrence"].get("range")
    name = span.get("recurrenceTimeZone") if isinstance(span, dict) else None
    if not name or not isinstance(name, str):
        return
    try:
        zone(name)
    except UnknownZoneError as error:
        raise GraphError(
            400,
            "TimeZoneNotSupportedException",
            f"A valid TimeZone value must be specified: '{name}'.",
        ) from error
    if item.fields.get("isAllDay") or zone(name) == zone(_zone_of(item.fields)):
        return
    for which, side in enumerate(("start", "end")):
        clock = in_zone(item.span[which], name)
        item.fields[side] = {"dateTime": clock, "timeZone": name}


def _zone_of(fields: Json) -> str:
    return str(fields["start"]["timeZone"])


def _span(fields: Json) -> Window:
    start, end = fields["start"], fields["end"]
    if fields.get("isAllDay"):
        return start["dateTime"], end["dateTime"]
    return (
        instant(start["dateTime"], start["timeZone"]),
        instant(end["dateTime"], end["timeZone"]),
    )


def _check_all_day(item: Item) -> None:
    start, end = item.fields["start"], item.fields["end"]
    for name, side in (("Start", start), ("End", end)):
        moment = parse_stamp(side["dateTime"])
        if moment.time() != datetime.min.time():
            raise invalid(
                f"The Event.{name} property for an all-day event needs to be set to "
                "midnight."
            )
    if start["timeZone"] != end["timeZone"]:
        raise invalid("An all-day event starts and ends in one time zone.")
    if parse_stamp(end["dateTime"]) - parse_stamp(start["dateTime"]) < _DAY:
        raise invalid("The duration of an all-day event must be at least 24 hours.")


def _settled_recurrence(fields: Json) -> Json:
    raw = fields["recurrence"]
    first_day = parse_stamp(fields["start"]["dateTime"]).date()
    try:
        check_recurrence(raw, first_day)
    except (TypeError, ValueError, AttributeError) as error:
        raise invalid("The recurrence has a value that cannot be used.") from error
    pattern = {
        "type": raw["pattern"]["type"],
        "interval": raw["pattern"].get("interval") or 1,
        "month": raw["pattern"].get("month") or 0,
        "dayOfMonth": raw["pattern"].get("dayOfMonth") or 0,
        "firstDayOfWeek": raw["pattern"].get("firstDayOfWeek") or "sunday",
        "index": raw["pattern"].get("index") or "first",
    }
    if raw["pattern"].get("daysOfWeek"):
        pattern["daysOfWeek"] = raw["pattern"]["daysOfWeek"]
    span = {
        "type": raw["range"]["type"],
        "startDate": first_day.isoformat(),
        "endDate": raw["range"].get("endDate") or "0001-01-01",
        "recurrenceTimeZone": raw["range"].get("recurrenceTimeZone")
        or fields["start"]["timeZone"],
        "numberOfOccurrences": raw["range"].get("numberOfOccurrences") or 0,
    }
    return {"pattern": pattern, "range": span}


def overlaps(span: Window, window: Window) -> bool:
    """Whether a span touches a window; an empty span lies at its start."""
    start, end = span
    return start < window[1] and (end > window[0] or start == end >= window[0])


def slot_days(fields: Json, window: Window) -> Iterator[str]:
    """Days of a series whose regular slot touches a window."""
    first = parse_stamp(fields["start"]["dateTime"]).date()
    last = parse_stamp(window[1]).date()
    for day in occurrence_days(fields["recurrence"], first):
        if day - _SLACK > last:
            return
        if overlaps(_span(slot(fields, day)), window):
            yield day.isoformat()


def slot(fields: Json, day: date) -> Json:
    """Start and end of the regular occurrence of a day."""
    start = parse_stamp(fields["start"]["dateTime"])
    end = parse_stamp(fields["end"]["dateTime"])
    begins = datetime.combine(day, start.time())
    return {
        "start": {
            "dateTime": stamp(begins),
            "timeZone": fields["start"]["timeZone"],
        },
        "end": {
            "dateTime": stamp(begins + (end - start)),
            "timeZone": fields["end"]["timeZone"],
        },
        "isAllDay": fields.get("isAllDay"),
    }


def is_slot(master: Item, day: str, shape: int) -> bool:
    """Whether a series, as it is now shaped, has an occurrence on a day.

    A cancelled one is none.
    """
    if master.series is None or day in master.series["cancelled"]:
        return False
    if master.series["shape"] != shape:
        return False
    wanted = date.fromisoformat(day)
    first = parse_stamp(master.fields["start"]["dateTime"]).date()
    for candidate in occurrence_days(master.fields["recurrence"], first):
        if candidate >= wanted:
            return candidate == wanted
    return False


def exception_of(master: Item, day: str) -> Json:
    """What makes the occurrence of a day differ, to be changed by the caller."""
    exceptions: Json = (master.series or {})["exceptions"]
    blank = {"fields": {}, "properties": {}, "version": 0, "modified": master.modified}
    found: Json = exceptions.setdefault(day, blank)
    return found


def occurrence(master: Item, day: str) -> Item:
    """One occurrence of a series as an item of its own, exceptions applied."""
    series = master.series or {}
    exception = series.get("exceptions", {}).get(day)
    regular = slot(master.fields, date.fromisoformat(day))
    fields = {**master.fields, **regular, "recurrence": None}
    original_start = _span(regular)[0]
    found = replace(
        master,
        fields=fields,
        properties=dict(master.properties),
        series=None,
        former=[],
        day=day,
        shape=series.get("shape", 0),
    )
    fields["originalStart"] = original_start + "Z"
    fields["type"] = "occurrence"
    if exception is not None:
        fields |= copy.deepcopy(exception["fields"])
        fields["type"] = "exception"
        found.properties |= exception["properties"]
        if exception["version"] > series["changed"]:
            found.version = exception["version"]
            found.modified = exception["modified"]
    found.span = _span(fields)
    return found


def occurrences(master: Item, window: Window) -> list[Item]:
    """The occurrences of a series that touch a window, in order."""
    series = master.series or {}
    days = set(slot_days(master.fields, window)) | set(series.get("exceptions", {}))
    days -= set(series.get("cancelled", {}))
    found = [occurrence(master, day) for day in days]
    inside = [item for item in found if overlaps(item.span, window)]
    return sorted(inside, key=lambda item: item.span)


def shown_moment(item: Item, which: int, zone_name: str) -> Json:
    """Start (0) or end (1) as clients see it; all-day is never shifted."""
    name = "end" if which else "start"
    if item.fields.get("isAllDay"):
        text = item.fields[name]["dateTime"]
    else:
        text = in_zone(item.span[which], zone_name)
    return {"dateTime": text, "timeZone": zone_name}
