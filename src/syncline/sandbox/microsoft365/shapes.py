"""What becomes of a series' occurrences when the series itself is changed.

New times or another pattern give the series a new shape: exceptions and
cancellations are lost and every occurrence gets another id. Another end of the
range alone keeps what still lies in it; so one half of a split series stays.
"""

from __future__ import annotations

import copy
from collections.abc import Collection

from syncline.sandbox.microsoft365.entities import Item, Json
from syncline.sandbox.microsoft365.recurrence import occurrence_days
from syncline.sandbox.microsoft365.series import (
    Window,
    new_series,
    occurrences,
)
from syncline.sandbox.microsoft365.zones import parse_stamp

_SHAPING = ("start", "end", "isAllDay")
_ENDS = ("type", "endDate", "numberOfOccurrences")


def carry_series(old: Item, draft: Item, sequence: int) -> None:
    """Give a changed event the series that is left of the old one.

    Args:
        old: The event before the change.
        draft: The event with new, settled fields; changed here.
        sequence: Number that the change will get.
    """
    draft.former = list(old.former)
    if old.series is None:
        return
    if draft.series is None:
        draft.former.append(former_shape(old, sequence))
        return
    draft.series = copy.deepcopy(old.series)
    draft.series["changed"] = sequence
    if _shape_of(old) != _shape_of(draft):
        draft.former.append(former_shape(old, sequence))
        draft.series = new_series(old.series["shape"] + 1) | {"changed": sequence}
    elif _end_of(old) != _end_of(draft):
        draft.former.append(former_shape(old, sequence))
        _drop_days_outside(draft)


def _shape_of(item: Item) -> list[object]:
    recurrence = item.fields["recurrence"]
    span = {k: v for k, v in recurrence["range"].items() if k not in _ENDS}
    times = [item.fields.get(name) or False for name in _SHAPING]
    return [*times, recurrence["pattern"], span]


def _end_of(item: Item) -> list[object]:
    return [item.fields["recurrence"]["range"].get(name) for name in _ENDS]


def _drop_days_outside(item: Item) -> None:
    series = item.series or {}
    for name in ("cancelled", "exceptions"):
        kept = _days_among(item, series[name])
        series[name] = {day: v for day, v in series[name].items() if day in kept}


def _days_among(item: Item, wanted: Collection[str]) -> set[str]:
    """Those of the wanted days on which the series still falls."""
    last = max(wanted, default="")
    first_day = parse_stamp(item.fields["start"]["dateTime"]).date()
    found: set[str] = set()
    for day in occurrence_days(item.fields["recurrence"], first_day):
        if day.isoformat() > last:
            break
        found.add(day.isoformat())
    return found.intersection(wanted)


def former_shape(item: Item, until: int) -> Json:
    """How a series looked until a sequence number."""
    series = item.series or new_series()
    return copy.deepcopy(
        {
            "until": until,
            "shape": series["shape"],
            "start": item.fields["start"],
            "end": item.fields["end"],
            "isAllDay": item.fields.get("isAllDay"),
            "recurrence": item.fields["recurrence"],
            "cancelled": series["cancelled"],
            "exceptions": series["exceptions"],
        }
    )


def former_days(shape: Json, window: Window, base: int) -> set[str]:
    """Days of a former shape that a client may know of that knew it at `base`.

    Those whose occurrence lay in the window until the end, or lay elsewhere only
    since then.
    """
    fields = {name: shape[name] for name in ("start", "end", "isAllDay", "recurrence")}
    series = new_series() | {
        "cancelled": shape["cancelled"],
        "exceptions": shape["exceptions"],
    }
    ghost = Item(0, "event", 0, fields, series=series)
    inside = {item.day or "" for item in occurrences(ghost, window)}
    return inside | recent_days(series, base)


def recent_days(series: Json, base: int) -> set[str]:
    """Days that were cancelled or changed after a sequence number."""
    cancelled = {day for day, at in series["cancelled"].items() if at > base}
    changed = series["exceptions"].items()
    return cancelled | {day for day, one in changed if one["version"] > base}
