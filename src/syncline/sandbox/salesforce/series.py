"""Series that Salesforce expands: one record for each occurrence.

Classic has a master record beside the occurrences; Lightning has occurrences only.
Both name their series in `RecurrenceActivityId`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from syncline.sandbox.salesforce.blueprints import KEY_FIELD
from syncline.sandbox.salesforce.entities import Record, Values
from syncline.sandbox.salesforce.event_times import complete_times
from syncline.sandbox.salesforce.faults import refuse
from syncline.sandbox.salesforce.moments import read_day, read_moment, stamp
from syncline.sandbox.salesforce.platform import Actor
from syncline.sandbox.salesforce.recurrence import days_of, read_classic
from syncline.sandbox.salesforce.store import Org

SERIES_FIELD = "RecurrenceActivityId"
#: What a change of a series' master does not carry to its occurrences.
_OWN = {
    "IsAllDayEvent", "StartDateTime", "EndDateTime", "ActivityDateTime",
    "ActivityDate", "EndDate", "DurationInMinutes", KEY_FIELD, "ClientGuid",
    "OriginalInstanceDateTime",
}  # fmt: skip


def complete_classic(given: Values) -> Values:
    """What a create sets, with the start that a classic series begins at.

    Raises:
        RefusedError: The pattern is not complete.
    """
    needed = ("RecurrenceType", "RecurrenceEndDateOnly", "RecurrenceTimeZoneSidKey")
    missing = [name for name in needed if not given.get(name)]
    start = given.get("RecurrenceStartDateTime") or given.get("StartDateTime")
    if not start:
        missing.append("RecurrenceStartDateTime")
    if missing:
        text = f"Required fields are missing: [{', '.join(missing)}]"
        raise refuse("REQUIRED_FIELD_MISSING", text, *missing)
    read_zone(str(given["RecurrenceTimeZoneSidKey"]))
    return {"StartDateTime": start} | given


def read_zone(name: str) -> ZoneInfo:
    """The time zone of that name.

    Raises:
        RefusedError: There is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        text = f"Time Zone: bad value for restricted picklist field: {name}"
        code = "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
        raise refuse(code, text, "RecurrenceTimeZoneSidKey") from error


def starts_on(start: datetime, zone: ZoneInfo, days: Iterator[date]) -> list[datetime]:
    """The same time of day on other days, as instants."""
    wall = start.astimezone(zone).timetz()
    return [datetime.combine(day, wall).astimezone(UTC) for day in days]


def moved(values: Values, zone: ZoneInfo, days: Iterator[date]) -> list[Values]:
    """The times of an event on other days, in whole sets of fields."""
    length = {"DurationInMinutes": values["DurationInMinutes"]}
    if values["IsAllDayEvent"]:
        return [
            complete_times(
                {"IsAllDayEvent": True, "ActivityDate": day.isoformat()} | length, {}
            )
            for day in days
        ]
    start = read_moment(values["StartDateTime"]) or datetime.min.replace(tzinfo=UTC)
    return [
        complete_times({"StartDateTime": stamp(at)} | length, {})
        for at in starts_on(start, zone, days)
    ]


def first_day(values: Values, zone: ZoneInfo) -> date:
    """The day of an event in a zone."""
    day = read_day(values.get("ActivityDate") or "")
    start = read_moment(values.get("StartDateTime") or "")
    if start is None or (values.get("IsAllDayEvent") and day):
        return day or date.min
    return start.astimezone(zone).date()


def expand_classic(actor: Actor, master: Record) -> None:
    """Make the occurrences of a new classic series."""
    values = master.values
    zone = read_zone(values["RecurrenceTimeZoneSidKey"])
    days = days_of(read_classic(values), first_day(values, zone))
    actor.change(master, {SERIES_FIELD: master.id})
    shared = _shared(actor.org, master) | {SERIES_FIELD: master.id}
    for times in moved(values, zone, days):
        actor.add("Event", shared | times)


def _shared(org: Org, master: Record) -> Values:
    fields = org.sobjects["Event"].fields
    return {
        name: master.values.get(name)
        for name, column in fields.items()
        if column.createable and name not in _OWN and not name.startswith("Recurrence")
        and name != "IsRecurrence"
    }  # fmt: skip


def follow_master(actor: Actor, master: Record, before: Record) -> None:
    """Carry a change of a classic master to the occurrences that are to come."""
    shared = _shared(actor.org, master)
    changes = {n: v for n, v in shared.items() if before.values.get(n) != v}
    if changes:
        now = actor.org.stamp()
        for occurrence in occurrences(actor.org, master.id):
            if occurrence.values["EndDateTime"] >= now:
                actor.change(occurrence, changes)


def occurrences(org: Org, series_id: str) -> list[Record]:
    """The undeleted records of a series, its master left out."""
    return [
        record
        for record in org.tables["Event"].under(SERIES_FIELD, series_id)
        if not (record.deleted or record.values.get("IsRecurrence"))
    ]


def delete_from(actor: Actor, record: Record) -> None:
    """Delete one occurrence of a Lightning series and all that follow.

    Raises:
        RefusedError: The event is a guest's copy, or in no such series.
    """
    values = record.values
    if values.get("IsChild") or not values.get("IsRecurrence2"):
        text = "Only an occurrence of your own Lightning series can be deleted so."
        raise refuse("INVALID_OPERATION", text)
    begin = values["StartDateTime"]
    for other in occurrences(actor.org, values[SERIES_FIELD]):
        if other.values["StartDateTime"] >= begin:
            actor.discard(other)
