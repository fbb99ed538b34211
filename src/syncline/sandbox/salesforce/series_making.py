"""Makes a series as a person does at the calendar."""

from __future__ import annotations

from dataclasses import replace

from syncline.sandbox.salesforce.coercion import WrongTypeError, coerce
from syncline.sandbox.salesforce.entities import Json, Values
from syncline.sandbox.salesforce.event_times import complete_times
from syncline.sandbox.salesforce.moments import midnight, stamp
from syncline.sandbox.salesforce.recurrence import as_classic, days_of, read_rule
from syncline.sandbox.salesforce.series import (
    SERIES_FIELD,
    first_day,
    moved,
    read_zone,
)
from syncline.sandbox.salesforce.store import Org
from syncline.sandbox.salesforce.writing import Writer

KINDS = ("classic", "lightning")


def make_series(
    writer: Writer, kind: str, body: Values, rule: str, zone_name: str
) -> list[str]:
    """Make a series and its occurrences.

    Args:
        writer: Writes as the person whose series it is.
        kind: `classic` or `lightning`.
        body: The first occurrence, as a create would say it.
        rule: An RRULE.
        zone_name: IANA name of the zone that the rule counts days in.

    Returns:
        The ids: the series' own first, then those of all occurrences. In
        Lightning the first occurrence stands for the series.

    Raises:
        RefusedError: A rule of the org or the platform refuses an occurrence.
        ValueError: The rule or the kind is not understood.
    """
    if kind not in KINDS:
        raise ValueError(f"a series is {' or '.join(KINDS)}")
    if kind == "classic":
        return _make_classic(writer, body, rule, zone_name)
    return _make_lightning(writer, body, rule, zone_name)


def add_series(org: Org, asked: dict[str, Json]) -> Json:
    """Make the series that a control or a seed describes; answers its ids.

    Raises:
        KeyError: Something is not given.
        RefusedError: The org refuses the events.
        ValueError: The rule, the kind or the user is unknown.
    """
    owner = org.find_user(asked["owner"])
    if owner is None:
        raise ValueError(f"no user {asked['owner']}")
    writer = Writer(org=org, user_id=owner["Id"], by_person=True)
    zone = str(asked.get("zone") or owner["TimeZoneSidKey"])
    ids = make_series(writer, asked["kind"], asked["event"], asked["rule"], zone)
    return {"series": ids[0], "occurrences": ids[1:]}


def _times(writer: Writer, body: Values) -> Values:
    fields = writer.org.sobjects["Event"].fields
    try:
        given = {n: coerce(fields[n], v) for n, v in body.items() if n in fields}
    except WrongTypeError as error:
        raise ValueError(str(error)) from error
    return complete_times(given, {})


def _make_classic(writer: Writer, body: Values, rule: str, zone_name: str) -> list[str]:
    times = _times(writer, body)
    pattern = as_classic(read_rule(rule), first_day(times, read_zone(zone_name)))
    series = {
        "IsRecurrence": True,
        "RecurrenceStartDateTime": times["StartDateTime"],
        "RecurrenceTimeZoneSidKey": zone_name,
    }
    sobject = writer.org.sobjects["Event"]
    master = writer.create(sobject, body | series | pattern)
    table = writer.org.tables["Event"]
    others = [r.id for r in table.under(SERIES_FIELD, master) if r.id != master]
    return [master, *others]


def _make_lightning(
    writer: Writer, body: Values, rule: str, zone_name: str
) -> list[str]:
    zone, times = read_zone(zone_name), _times(writer, body)
    first = first_day(times, zone)
    plain = {n: v for n, v in body.items() if n not in times}
    sobject, table = writer.org.sobjects["Event"], writer.org.tables["Event"]
    made = []
    for each in moved(times, zone, days_of(read_rule(rule), first)):
        given = {n: v for n, v in each.items() if v is not None}
        made.append(writer.create(sobject, plain | given))
    pattern = {
        "IsRecurrence2": True,
        "Recurrence2PatternText": f"RRULE:{rule.removeprefix('RRULE:')}",
        "Recurrence2PatternStartDate": stamp(midnight(first)),
        "Recurrence2PatternTimeZone": zone_name,
        "Recurrence2PatternVersion": "1",
        SERIES_FIELD: made[0],
    }
    for record_id in made:
        record = table.records[record_id]
        table.put(replace(record, values=record.values | pattern))
    return [made[0], *made]
