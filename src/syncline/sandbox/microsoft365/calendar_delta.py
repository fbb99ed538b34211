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
    slot_days,
)


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
        return _told_series(call, view, current, change)
    if overlaps(item.span, current.window):
        return [show(view, item, typed=True)]
    if current.is_first:
        return []
    return [show_removed(view, shown_id(view, item), "event")]


def _told_gone(call: Call, view: View, current: Round, change: Change) -> list[Json]:
    if change.sequence <= current.head:
        return []
    told = [show_removed(view, removed_id(call, change, "event"), "event")]
    shape = (change.removed or {}).get("series")
    days = sorted(_days_of(shape, current)) if shape else []
    for day in days:
        gone = removed_id(call, change, "event", day)
        told.append(show_removed(view, gone, "event"))
    return told


def _days_of(shape: Json, current: Round) -> set[str]:
    window = current.window or ("", "")
    return set(slot_days(shape, window)) - set(shape["cancelled"])


def _told_series(call: Call, view: View, current: Round, change: Change) -> list[Json]:
    master = call.mailbox.items[change.key]
    window = current.window or ("", "")
    inside = occurrences(master, window)
    if current.is_first:
        gone: set[str] = set()
    else:
        gone = _gone_days(master, current) - {item.day or "" for item in inside}
    told: list[Json] = []
    if inside:
        told.append(show(view, master, typed=True))
        told += [_shown_occurrence(view, item) for item in inside]
    elif not current.is_first:
        told.append(show_removed(view, shown_id(view, master), "event"))
    for day in sorted(gone):
        removed = removed_id(call, change, "event", day)
        told.append(show_removed(view, removed, "event"))
    return told


def _gone_days(master: Item, current: Round) -> set[str]:
    series = master.series or {}
    window = current.window or ("", "")
    cancelled = {d for d, at in series["cancelled"].items() if at > current.base}
    exceptions = series["exceptions"].items()
    moved_out = {day for day, one in exceptions if one["version"] > current.base}
    gone = cancelled | moved_out
    for shape in series["former"]:
        if shape["until"] > current.base:
            gone |= set(slot_days(shape, window)) - set(shape["cancelled"])
    return gone


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
