"""Reads a mailbox: what changed since the watermark, and single items.

A session with nothing new costs one request: a batch with the stored delta
links of everything. What delta pages lack (our key on events and contacts, all
of a series but its existence, files of messages) is fetched, batched, only
where needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from syncline.connectors.microsoft365.client import GraphClient
from syncline.connectors.microsoft365.events import is_master
from syncline.connectors.microsoft365.files import list_files
from syncline.connectors.microsoft365.following import Following
from syncline.connectors.microsoft365.keys import Keyed, list_keys
from syncline.connectors.microsoft365.looked import change, seen, unreadable
from syncline.connectors.microsoft365.looks import Looker
from syncline.connectors.microsoft365.manifest import KINDS, TASK_DAYS_BACK
from syncline.connectors.microsoft365.messages import carries_files
from syncline.connectors.microsoft365.rounds import Garbled, Round
from syncline.connectors.microsoft365.series import read_series
from syncline.connectors.microsoft365.tasks import is_settled, task_id
from syncline.connectors.microsoft365.translate import Shape, read_link_key
from syncline.connectors.microsoft365.watermarks import make_watermark, read_watermark
from syncline.connectors.microsoft365.wire import Event, Folder, Message, Task
from syncline.domain.values.changes import Change, ChangeSet, Presence, Watermark
from syncline.domain.values.faults import Fault
from syncline.domain.values.items import Item, Window
from syncline.domain.values.kinds import Kind, Side


@dataclass(slots=True, kw_only=True)
class _Told:
    """What the finished rounds say, by kind and item id."""

    changes: dict[Kind, dict[str, Change]] = field(
        default_factory=lambda: {kind: {} for kind in KINDS}
    )
    series: dict[str, None] = field(default_factory=dict)
    whole_series: set[str] = field(default_factory=set)
    #: Messages on which something hangs, with the round that told of each.
    laden: dict[str, tuple[Message, Round]] = field(default_factory=dict)

    def add(self, found: Change) -> None:
        """Note a change; being there anywhere outdoes being gone elsewhere."""
        known = self.changes[found.kind].get(found.id)
        if known is None or found.presence is not Presence.SUSPECT:
            self.changes[found.kind][found.id] = found


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
        following = Following(self._client, read_watermark(watermark), window)
        following.read()
        told = _Told()
        for kind in KINDS:
            if following.is_open(kind):
                for current in following.of_kind(kind):
                    self._tell(current, told)
        full_kinds = frozenset(kind for kind in KINDS if following.is_whole(kind))
        listed = self._list(following, full_kinds)
        self._add_untold(told, listed)
        self._add_series(told, window)
        self._add_files(told)
        self._add_keys(told, listed, full_kinds)
        return ChangeSet(
            side=Side.MAILBOX,
            changes=tuple(c for kind in KINDS for c in told.changes[kind].values()),
            watermark=make_watermark(following.marks()),
            full_kinds=full_kinds,
            full_series=frozenset(told.whole_series),
        )

    def fetch(self, kind: Kind, ids: Sequence[str]) -> list[Change]:
        """Look at single items; see `ports.ChangeSource`."""
        return self._looker.look(kind, ids, self._window)

    def _tell(self, current: Round, told: _Told) -> None:
        kind = current.stream.kind
        for raw in current.observed.values():
            item_id = _item_id(current, raw.id)
            if isinstance(raw, Garbled):
                told.add(unreadable(kind, item_id, raw.why))
            elif isinstance(raw, Folder):
                continue
            elif raw.removed is not None:
                if raw.id not in current.occurrence_ids:
                    told.add(change(kind, item_id, Presence.SUSPECT))
            elif isinstance(raw, Event) and (raw.series_master_id or is_series(raw)):
                told.series[raw.series_master_id or raw.id] = None
            elif isinstance(raw, Message) and carries_files(raw):
                told.laden[raw.id] = (raw, current)
                # Its place among the others, until its files are known.
                told.add(change(kind, item_id, Presence.UNSEEN))
            else:
                self._tell_item(raw, current, told)

    def _tell_item(self, raw: Shape, current: Round, told: _Told) -> None:
        item_id = _item_id(current, raw.id)
        found = self._read(raw, current, item_id)
        item = found.thing
        is_old = (
            isinstance(raw, Task)
            and isinstance(item, Item)
            and is_settled(item.content, self._client.now(), TASK_DAYS_BACK)
        )
        if not is_old:
            told.add(found)
        elif not current.is_full:
            told.add(replace(found, presence=Presence.OUT_OF_SCOPE))

    def _read(self, raw: Shape, current: Round, item_id: str) -> Change:
        try:
            item = self._client.translator.read(
                raw,
                # Rounds of messages carry our key, those of others need not.
                link_key_known=isinstance(raw, Message),
                place=current.stream.place,
                item_id=item_id,
            )
        except ValueError as error:
            return unreadable(current.stream.kind, item_id, str(error))
        return seen(item)

    def _add_series(self, told: _Told, window: Window) -> None:
        if told.series:
            found = read_series(self._client, list(told.series), window)
            told.changes[Kind.EVENT] |= found.changes
            told.whole_series |= found.whole

    def _add_files(self, told: _Told) -> None:
        if not told.laden:
            return
        changes = told.changes[Kind.MESSAGE]
        files = list_files(self._client, told.laden)
        for message_id, (raw, current) in told.laden.items():
            held = files[message_id]
            if isinstance(held, Fault):
                changes[message_id] = change(
                    Kind.MESSAGE, message_id, Presence.UNREADABLE, held
                )
                continue
            try:
                item = self._client.translator.read(
                    raw, link_key_known=True, place=current.stream.place, files=held
                )
                changes[message_id] = seen(item)
            except ValueError as error:
                changes[message_id] = unreadable(Kind.MESSAGE, message_id, str(error))

    def _list(
        self, following: Following, full_kinds: frozenset[Kind]
    ) -> dict[Kind, dict[str, Keyed]]:
        """Everything of a kind that was read whole, as a plain listing has it.

        It brings our keys, which delta rounds of events and contacts cannot, at
        a request per 500 items of all kinds together; and it is the second
        opinion on rounds that leave something out (A16, A17).
        """
        kinds = [kind for kind in (Kind.EVENT, Kind.CONTACT) if kind in full_kinds]
        rounds = [current for kind in kinds for current in following.of_kind(kind)]
        listings = {r.stream.name: self._key_listing(r) for r in rounds}
        found = list_keys(self._client, listings)
        listed: dict[Kind, dict[str, Keyed]] = {kind: {} for kind in kinds}
        for current in rounds:
            listed[current.stream.kind] |= found[current.stream.name]
        return listed

    def _add_untold(
        self, told: _Told, listed: Mapping[Kind, Mapping[str, Keyed]]
    ) -> None:
        """Look at what is listed although no round has told of it."""
        for kind, items in listed.items():
            untold = []
            for item_id, item in items.items():
                if item.series_master_id:
                    told.series[item.series_master_id] = None
                elif item_id not in told.changes[kind]:
                    untold.append(item_id)
            for looked in self._looker.look(kind, untold, self._window):
                told.add(looked)

    def _add_keys(
        self,
        told: _Told,
        listed: Mapping[Kind, Mapping[str, Keyed]],
        full_kinds: frozenset[Kind],
    ) -> None:
        """Complete the items of full rounds with our link keys, in place.

        Only what the listings do not name is looked at by itself.
        """
        for kind in full_kinds:
            left = []
            for item in _unknown(told.changes[kind]):
                entry = listed.get(kind, {}).get(item.id)
                if entry is None:
                    left.append(item.id)
                    continue
                key = read_link_key(entry.single_value_extended_properties or ())
                known = replace(item, link_key=key, link_key_known=True)
                told.changes[kind][item.id] = seen(known)
            for looked in self._looker.look(kind, left, self._window):
                if looked.presence is not Presence.UNREADABLE:
                    told.changes[kind][looked.id] = looked

    def _key_listing(self, current: Round) -> str:
        assert self._window is not None
        if current.stream.kind is Kind.EVENT:
            return self._client.event_keys(self._window)
        return self._client.contact_keys(current.stream.container)


def is_series(raw: Event) -> bool:
    """Whether an event is told to be a series; in short, it may lack its rule."""
    return raw.type == "seriesMaster" or is_master(raw)


def _item_id(current: Round, raw_id: str) -> str:
    if current.stream.kind is Kind.TASK:
        return task_id(current.stream.container, raw_id)
    return raw_id


def _unknown(changes: dict[str, Change]) -> list[Item]:
    things = (c.thing for c in changes.values())
    return [t for t in things if isinstance(t, Item) and not t.link_key_known]
