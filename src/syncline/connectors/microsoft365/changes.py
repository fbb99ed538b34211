"""Reads a mailbox: what changed since the watermark, and single items.

A session with nothing new costs one request: a batch with the stored delta
links of calendar and contacts. Delta pages carry neither our link key nor, for
occurrences, much content; both are fetched, batched, only where needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from syncline.connectors.microsoft365.client import GraphClient
from syncline.connectors.microsoft365.keys import list_keys
from syncline.connectors.microsoft365.looks import Looker, change, unreadable
from syncline.connectors.microsoft365.manifest import KINDS
from syncline.connectors.microsoft365.rounds import Garbled, Round, read_rounds
from syncline.connectors.microsoft365.series import is_stand_in, split_series
from syncline.connectors.microsoft365.watermarks import (
    Mark,
    make_watermark,
    read_watermark,
    window_mark,
)
from syncline.connectors.microsoft365.wire import Contact, Event
from syncline.domain.values.changes import Change, ChangeSet, Presence, Watermark
from syncline.domain.values.items import Item, Window
from syncline.domain.values.kinds import Kind, Side


class GraphChangeSource:
    """Changes of one Microsoft 365 mailbox."""

    def __init__(self, client: GraphClient) -> None:
        """Prepare; nothing is sent."""
        self._client = client
        self._looker = Looker(client)
        self._window: Window | None = None

    def read(self, watermark: Watermark | None, window: Window) -> ChangeSet:
        """Everything that changed; see `ports.ChangeSource`."""
        self._window = window
        known = read_watermark(watermark)
        rounds = [self._begin(kind, known.get(kind), window) for kind in KINDS]
        read_rounds(self._client, rounds)
        changes = {r.kind: self._changes(r) for r in rounds}
        full_kinds = frozenset(r.kind for r in rounds if r.is_full)
        self._add_keys({kind: changes[kind] for kind in KINDS if kind in full_kinds})
        marks = {
            r.kind: Mark(link=r.delta_link, window=window_mark(r.kind, window))
            for r in rounds
        }
        return ChangeSet(
            side=Side.MAILBOX,
            changes=tuple(c for kind in KINDS for c in changes[kind].values()),
            watermark=make_watermark(marks),
            full_kinds=full_kinds,
        )

    def fetch(self, kind: Kind, ids: Sequence[str]) -> list[Change]:
        """Look at single items; see `ports.ChangeSource`."""
        return self._looker.look(kind, ids, self._window)

    def _begin(self, kind: Kind, mark: Mark | None, window: Window) -> Round:
        first_link = self._client.delta_start(kind, window)
        is_full = mark is None or mark.window != window_mark(kind, window)
        start = first_link if mark is None or is_full else mark.link
        return Round(kind=kind, first_link=first_link, start=start, is_full=is_full)

    def _changes(self, current: Round) -> dict[str, Change]:
        """What a finished round says, by item id."""
        found: dict[str, Change] = {}
        present: list[Event | Contact] = []
        for seen in current.observed.values():
            if isinstance(seen, Garbled):
                found[seen.id] = unreadable(current.kind, seen.id, seen.why)
            elif seen.removed is None:
                present.append(seen)
            elif seen.id not in current.occurrence_ids:
                found[seen.id] = change(current.kind, seen.id, Presence.SUSPECT)
        if current.kind is Kind.EVENT:
            found |= self._events(e for e in present if isinstance(e, Event))
        else:
            found |= {seen.id: self._change(current.kind, seen) for seen in present}
        return found

    def _events(self, events: Iterable[Event]) -> dict[str, Change]:
        singles, series = split_series(events)
        found = {event.id: self._change(Kind.EVENT, event) for event in singles}
        found |= {key: self._change(Kind.EVENT, event) for key, event in series.items()}
        lacking = [key for key, event in series.items() if is_stand_in(event)]
        for master in self._looker.look(Kind.EVENT, lacking, self._window):
            # A series whose master cannot be read is shown by its occurrence.
            if master.presence is not Presence.UNREADABLE:
                found[master.id] = master
        return found

    def _change(self, kind: Kind, seen: Event | Contact) -> Change:
        try:
            item = self._client.translator.read(seen, link_key_known=False)
        except ValueError as error:
            return unreadable(kind, seen.id, str(error))
        return _seen(item)

    def _add_keys(self, changes: dict[Kind, dict[str, Change]]) -> None:
        """Complete the items of full rounds with our link keys, in place.

        Listing them costs a request per 500 items of all kinds together; only
        what the listings do not name is looked at by itself.
        """
        assert self._window is not None
        unknown = {kind: _unknown(of_kind) for kind, of_kind in changes.items()}
        listings = {
            kind.value: self._client.key_listing(kind, self._window)
            for kind, items in unknown.items()
            if items
        }
        keys = list_keys(self._client, listings)
        for kind, items in unknown.items():
            listed = keys.get(kind.value, {})
            for item in items:
                if item.id in listed:
                    key = listed[item.id]
                    known = replace(item, link_key=key, link_key_known=True)
                    changes[kind][item.id] = _seen(known)
            left = [item.id for item in items if item.id not in listed]
            for looked in self._looker.look(kind, left, self._window):
                if looked.presence is not Presence.UNREADABLE:
                    changes[kind][looked.id] = looked


def _seen(item: Item) -> Change:
    return Change(
        side=Side.MAILBOX,
        kind=item.kind,
        id=item.id,
        presence=Presence.SEEN,
        thing=item,
    )


def _unknown(changes: dict[str, Change]) -> list[Item]:
    things = (c.thing for c in changes.values())
    return [t for t in things if isinstance(t, Item) and not t.link_key_known]
