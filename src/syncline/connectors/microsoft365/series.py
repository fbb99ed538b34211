"""Collapses the occurrences of recurring series into one event per series.

The calendar view speaks of occurrences; what a person edits, and what could be
linked, is the series. Occurrences come with few properties, so the master
speaks for them wherever it can be had.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from syncline.connectors.microsoft365.wire import Event

MASTER = "seriesMaster"


def split_series(events: Iterable[Event]) -> tuple[list[Event], dict[str, Event]]:
    """Single events, and one event for each series by its master's id.

    Returns:
        For a series the master when it is among them; else a stand-in made
        from its first occurrence, which has no version.
    """
    singles: list[Event] = []
    series: dict[str, Event] = {}
    for event in events:
        if event.type == MASTER:
            series[event.id] = event
        elif event.series_master_id:
            series.setdefault(event.series_master_id, _stand_in(event))
        else:
            singles.append(event)
    return singles, series


def is_stand_in(event: Event) -> bool:
    """Whether a series still lacks its master."""
    return not event.etag


def _stand_in(occurrence: Event) -> Event:
    assert occurrence.series_master_id is not None
    return msgspec.structs.replace(
        occurrence,
        id=occurrence.series_master_id,
        type=MASTER,
        etag=None,
        series_master_id=None,
    )
