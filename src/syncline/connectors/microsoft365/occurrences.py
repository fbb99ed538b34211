"""Which time of a series an occurrence is: the day on which the rule put it."""

from __future__ import annotations

from datetime import date

from syncline.connectors.microsoft365.times import find_zone, read_stamp
from syncline.connectors.microsoft365.wire import Event

#: Followed by the master's id, a dot and the day. Source: resource type event.
_OCCURRENCE = "OID."


def rule_day(raw: Event, master: Event | None) -> date:
    """The day on which the rule put an occurrence, in the zone of the series.

    Not the day to which somebody moved it.

    Raises:
        ValueError: Nothing of the occurrence tells.
    """
    name = raw.occurrence_id or ""
    if name.startswith(_OCCURRENCE):
        return date.fromisoformat(name.rpartition(".")[2])
    stamp = read_stamp(raw.original_start)
    if stamp is None and raw.type == "occurrence" and raw.start is not None:
        stamp = read_stamp(raw.start.date_time)
    if stamp is None:
        raise ValueError("an occurrence that does not tell its original day")
    if raw.is_all_day:
        return stamp.date()
    zone = find_zone(series_zone(raw, master))
    if zone is None:
        raise ValueError("an occurrence of a series in an unknown zone")
    try:
        return stamp.astimezone(zone).date()
    except OverflowError as error:
        raise ValueError(f"beyond the calendar: {stamp}") from error


def series_zone(raw: Event, master: Event | None) -> str:
    """The zone in which the days of a series are told."""
    span = master.recurrence.range if master and master.recurrence else None
    told = (span.recurrence_time_zone or "") if span else ""
    shown = master.original_start_time_zone if master else None
    return told or shown or raw.original_start_time_zone or "UTC"
