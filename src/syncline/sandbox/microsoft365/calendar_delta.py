"""How changes of a calendar are told, seen through a window of time."""

from __future__ import annotations

from syncline.sandbox.microsoft365.calls import Call
from syncline.sandbox.microsoft365.delta import Round, removed_id
from syncline.sandbox.microsoft365.entities import Item, Json
from syncline.sandbox.microsoft365.history import Change
from syncline.sandbox.microsoft365.present import (
    View,
    etag,
    show,
    show_removed,
    shown_id,
)
from syncline.sandbox.microsoft365.series import (
    occurrences,
    overlaps,
    shown_moment,
)
from syncline.sandbox.microsoft365.shapes import former_days, recent_days

#: A day of one of the shapes that a series has had.
Slot = tuple[str, int]


def tell_in_window(
    call: Call, view: View, current: Round, change: Change
) -> list[Json]:
    """What a change of an event means inside the round's window.

    An event that changed and lies outside is told as removed, although it
    still exists; so does Graph.
    """
    if current.window is None:
        return []
    if change.removed is not None:
        return _told_gone(call, view, current, change)
    item = call.mailbox.items[change.key]
    if item.series is not None:
        if call.tenant.quirks.hides(item):
            return []
        return _told_series(call, view, current, change)
    told = _told_removed(call, view, change, _former_slots(item.former, current))
    if overlaps(item.span, current.window):
        return [show(view, item, typed=True), *told]
    if current.is_first:
        return []
    return [show_removed(view, shown_id(view, item), "event"), *told]


def _told_gone(call: Call, view: View, current: Round, change: Change) -> list[Json]:
    if change.sequence <= current.head:
        return []
    told = [show_removed(view, removed_id(call, change, "event"), "event")]
    removed = change.removed or {}
    slots = _former_slots(removed.get("former", []), current)
    return told + _told_removed(call, view, change, slots)


def _told_removed(
    call: Call, view: View, change: Change, slots: set[Slot]
) -> list[Json]:
    return [
        show_removed(view, removed_id(call, change, "event", day, shape), "event")
        for day, shape in sorted(slots)
    ]


def _former_slots(former: list[Json], current: Round) -> set[Slot]:
    """What the client may still know of shapes that ended during the round."""
    if current.is_first or current.window is None:
        return set()
    return {
        (day, shape["shape"])
        for shape in former
        if shape["until"] > current.base
        for day in former_days(shape, current.window, current.base)
    }


def _told_series(call: Call, view: View, current: Round, change: Change) -> list[Json]:
    master = call.mailbox.items[change.key]
    inside = occurrences(master, current.window or ("", ""))
    told: list[Json] = []
    if inside:
        told.append(show(view, master, typed=True))
        told += [_shown_occurrence(view, item) for item in inside]
    elif not current.is_first:
        told.append(show_removed(view, shown_id(view, master), "event"))
    if current.is_first:
        return told
    gone = _gone_slots(master, current)
    gone -= {(item.day or "", item.shape) for item in inside}
    return told + _told_removed(call, view, change, gone)


def _gone_slots(master: Item, current: Round) -> set[Slot]:
    series = master.series or {}
    own = {(day, series["shape"]) for day in recent_days(series, current.base)}
    return own | _former_slots(master.former, current)


def _shown_occurrence(view: View, item: Item) -> Json:
    """Exceptions are told in full, regular occurrences in short."""
    if item.fields["type"] == "exception":
        return show(view, item, typed=True)
    master_id = shown_id(view, view.mailbox.items[item.key])
    return {
        "@odata.type": "#microsoft.graph.event",
        "@odata.etag": etag(view, item),
        "seriesMasterId": master_id,
        "type": "occurrence",
        "id": shown_id(view, item),
        "start": shown_moment(item, 0, view.preferences.zone),
        "end": shown_moment(item, 1, view.preferences.zone),
    }
