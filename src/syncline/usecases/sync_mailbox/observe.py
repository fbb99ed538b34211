"""Read both sides and complete what was read, so that deciding needs no more I/O.

Completing means: ask about suspects before calling them gone, look at the other
end of links that are held or were found changed under our hands, and learn the
link key of items that nobody knows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from syncline.domain.engine.keys import (
    item_key,
    record_key,
    series_key_of,
    was_unread,
)
from syncline.domain.engine.settle import is_due
from syncline.domain.engine.window import is_inside
from syncline.domain.values.changes import Change, ChangeSet, Presence
from syncline.domain.values.ids import LinkKey, RecordId
from syncline.domain.values.items import Item, Role
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Link, LinkState
from syncline.usecases.sync_mailbox.at_rest import Confirmed
from syncline.usecases.sync_mailbox.left_out import tell_left_out
from syncline.usecases.sync_mailbox.run import Run

#: Items whose marks are made good in one session.
MARK_BACKLOG = 400

#: A full listing of nothing is believed only when there was about nothing.
EMPTIED_ABOVE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """Both sides, complete enough to decide about."""

    item_changes: list[Change]
    record_changes: list[Change]
    links: list[Link]
    sets: dict[Side, ChangeSet]
    #: Held links that deserve another try now.
    due: frozenset[LinkKey] = frozenset()
    #: Names a listing that came back suspiciously empty.
    emptied: str = ""


def observe(run: Run, *, is_first: bool) -> Observed:
    """Read everything new on both sides.

    Args:
        run: The session.
        is_first: Held items are tried again in the first round only.

    Raises:
        ProviderError: A side could not be read; `run.failing_side` names it.
    """
    links = _Links(run)
    sets: dict[Side, ChangeSet] = {}
    seen: _Seen = {}
    emptied = ""
    for side in Side:
        sets[side], seen[side] = _read(run, side)
        emptied = _compare_listing(run, sets[side], seen[side], links) or emptied
        Confirmed(run, side, seen[side]).let_go_of_echoes(sets[side].full_kinds)
    tell_left_out(run, sets[Side.CRM])
    links.load(item_ids=seen[Side.MAILBOX], record_ids=seen[Side.CRM])
    _follow_merges(run, sets[Side.CRM], seen, links)
    _add_missing_occurrences(run, sets[Side.MAILBOX], seen, links)
    due = _add_held(run, sets, seen, links, is_first=is_first)
    _look_closer(run, seen, links)
    _load_by_keys(run, seen, links)
    _look_across(run, seen, links)
    return Observed(
        item_changes=list(seen[Side.MAILBOX].values()),
        record_changes=list(seen[Side.CRM].values()),
        links=list(links.by_key.values()),
        sets=sets,
        due=due,
        emptied=emptied,
    )


def _read(run: Run, side: Side) -> tuple[ChangeSet, dict[str, Change]]:
    """What a side reported, with its changes apart, by id."""
    run.failing_side = side
    watermark = None if run.is_sweep else run.watermarks.get(side)
    found = run.sides.source(side).read(watermark, run.window)
    run.failing_side = None
    return replace(found, changes=()), {c.id: c for c in found.changes}


class _Links:
    """The links that this round needs, newest forms."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.by_key: dict[LinkKey, Link] = {}
        self.by_item: dict[str, Link] = {}
        self.by_record: dict[str, Link] = {}

    def load(
        self,
        *,
        item_ids: Iterable[str] = (),
        record_ids: Iterable[str] = (),
        keys: Iterable[LinkKey] = (),
    ) -> None:
        items, records, wanted = list(item_ids), list(record_ids), list(keys)
        if not (items or records or wanted):
            return
        found = self.run.books.links.find(
            self.run.mailbox.id, item_ids=items, record_ids=records, keys=wanted
        )
        self.add(found)

    def add(self, links: Iterable[Link]) -> None:
        for link in self.run.with_links(links):
            self.by_key[link.key] = link
            if link.item_id:
                self.by_item[link.item_id] = link
            if link.record_id:
                self.by_record[link.record_id] = link

    def names(self, side: Side, change: Change) -> bool:
        """Whether a link is known by id to be the true one of what was observed."""
        link = self.of(side, change.id)
        if link is None or change.thing is None:
            return link is not None
        return not was_unread(self.run.mailbox, link)

    def of(self, side: Side, provider_id: str) -> Link | None:
        index = self.by_item if side is Side.MAILBOX else self.by_record
        return index.get(provider_id)


_Seen = dict[Side, dict[str, Change]]


def _end(link: Link, side: Side) -> str | None:
    return link.item_id if side is Side.MAILBOX else link.record_id


def _suspect(seen: _Seen, side: Side, kind: Kind, provider_id: str | None) -> None:
    """Have an end looked at, unless there is none or it was seen already."""
    if provider_id:
        seen[side].setdefault(
            provider_id,
            Change(side=side, kind=kind, id=provider_id, presence=Presence.SUSPECT),
        )


def _add_unmarked(run: Run, seen: _Seen, links: _Links) -> None:
    """Look at items whose marking failed or was cut off, some in each session."""
    unmarked = run.with_links(run.books.links.unmarked(run.mailbox.id, MARK_BACKLOG))
    links.add(unmarked)
    for link in unmarked:
        if not link.series_key:
            _suspect(seen, Side.MAILBOX, link.kind, link.item_id)


#: Begins a hint that a record was merged into another: `merged:{loser}:{winner}`.
MERGED = "merged:"


def _follow_merges(run: Run, found: ChangeSet, seen: _Seen, links: _Links) -> None:
    """A record that was merged into another is not deleted: its link goes along.

    Where the winner has an item of its own, the loser's item stays in the mailbox
    and is no longer kept in step.
    """
    for hint in sorted(h for h in found.hints if h.startswith(MERGED)):
        _, loser, winner = hint.split(":", 2)
        link = links.of(Side.CRM, loser)
        if link is None or link.state is LinkState.TOMBSTONE:
            continue
        seen[Side.CRM].pop(loser, None)
        links.load(record_ids=[winner])
        other = links.of(Side.CRM, winner)
        if other is not None and other.state is not LinkState.TOMBSTONE:
            moved = replace(link, state=LinkState.TOMBSTONE, hold=None)
        else:
            moved = replace(link, record_id=RecordId(winner), record_version="")
            _suspect(seen, Side.CRM, link.kind, winner)
        run.keep([moved])
        links.add([moved])


def _compare_listing(
    run: Run, found: ChangeSet, seen: dict[str, Change], links: _Links
) -> str:
    """Compare a full listing with the links, before the other side is read.

    What it lacks is suspect, what it only confirms is let go.

    Returns:
        What came back suspiciously empty, if anything did.
    """
    emptied = ""
    side = found.side
    for kind in found.full_kinds:
        confirmed = Confirmed(run, side, seen)
        living = []
        for link in confirmed.links(kind):
            links.add([link])
            if _end(link, side) and link.state is not LinkState.TOMBSTONE:
                living.append(link)
        live = [
            x
            for x in living
            if _is_expected(run, x) and not (x.is_mirrored and found.left_out)
        ]
        if side is Side.MAILBOX:
            _add_leavers(run, [x for x in living if _has_left(run, x)], seen)
        missing = [x for x in live if _end(x, side) not in seen]
        # A series counts once, however many dates it has.
        count = len({x.subject_key for x in live}) + confirmed.count
        if count > EMPTIED_ABOVE and not confirmed.count and len(missing) == len(live):
            emptied = f"{kind} listing of {side} came back empty"
        for link in missing:
            _suspect({side: seen}, side, kind, _end(link, side))
            # With its last occurrence a series may be gone, too.
            series = links.by_key.get(link.series_key) if link.series_key else None
            if series is not None and side is Side.MAILBOX:
                _suspect({side: seen}, side, kind, series.item_id)
    return emptied


def _is_expected(run: Run, link: Link) -> bool:
    """Whether a full listing should name this link's item.

    Listings leave out old messages and tasks that were completed long ago;
    whether those still exist matters to nobody until they change.
    """
    if link.kind is Kind.MESSAGE or link.is_series:
        return False
    if link.kind is Kind.TASK:
        return link.base is not None and link.base.item.get("status") != "completed"
    if link.kind is not Kind.EVENT:
        return True
    return link.base is not None and is_inside(link.base.item.get("when"), run.window)


def _has_left(run: Run, link: Link) -> bool:
    """Whether the window moved on, and something is still to be done about it."""
    if link.kind is not Kind.EVENT or link.base is None or link.is_series:
        return False
    when = link.base.item.get("when")
    if when is None or is_inside(when, run.window):
        return False
    return bool(link.marks) or link.origin is Side.CRM


def _add_leavers(run: Run, leavers: Iterable[Link], seen: dict[str, Change]) -> None:
    for link in leavers:
        assert link.item_id is not None
        run.leavers.add(link.key)
        seen.setdefault(
            link.item_id,
            Change(
                side=Side.MAILBOX,
                kind=link.kind,
                id=link.item_id,
                presence=Presence.OUT_OF_SCOPE,
            ),
        )


def _add_missing_occurrences(
    run: Run, found: ChangeSet, seen: _Seen, links: _Links
) -> None:
    """What a series lacks now, or what a series that is gone has left, is suspect.

    Providers do not say that an occurrence was deleted.
    """
    whole = {
        series_key_of(run.mailbox, change.thing)
        for change in seen[Side.MAILBOX].values()
        if isinstance(change.thing, Item)
        and change.thing.series_uid in found.full_series
    }
    gone = {
        link.key
        for change in seen[Side.MAILBOX].values()
        if change.presence in (Presence.SUSPECT, Presence.DELETED)
        and (link := links.of(Side.MAILBOX, change.id))
        and link.is_series
    }
    keys = sorted(whole | gone)
    if not keys:
        return
    occurrences = run.books.links.of_series(run.mailbox.id, keys)
    links.add(occurrences)
    for link in run.with_links(occurrences):
        is_lost = link.series_key in gone or _is_expected(run, link)
        if link.series_key and is_lost and link.state is not LinkState.TOMBSTONE:
            _suspect(seen, Side.MAILBOX, link.kind, link.item_id)


def _add_held(
    run: Run,
    sets: dict[Side, ChangeSet],
    seen: _Seen,
    links: _Links,
    *,
    is_first: bool,
) -> frozenset[LinkKey]:
    """Ask again about links that are held and due, or that were in motion."""
    due: list[Link] = []
    if is_first:
        _add_unmarked(run, seen, links)
        held = run.with_links(run.books.links.held(run.mailbox.id))
        links.add(held)
        hints = frozenset().union(*(s.hints for s in sets.values()))
        due = [
            x
            for x in held
            if is_due(
                x, now=run.now, is_asked=run.is_asked, hints=hints, insists=run.insists
            )
        ]
    touched = [
        link
        for side in Side
        for provider_id in seen[side]
        if (link := links.of(side, provider_id)) and link.hold
    ]
    moving = [run.links[key] for key in run.recheck if key in run.links]
    links.add(moving)
    run.recheck.clear()
    for link in (*due, *touched, *moving):
        for side in Side:
            _suspect(seen, side, link.kind, _end(link, side))
    return frozenset(link.key for link in (*due, *moving))


def _look_closer(run: Run, seen: _Seen, links: _Links) -> None:
    """Fetch suspects that matter, and unknown items whose key is not known."""
    for side in Side:
        wanted: dict[Kind, list[str]] = defaultdict(list)
        for change in list(seen[side].values()):
            is_known = links.names(side, change)
            if change.presence is Presence.SUSPECT:
                if is_known:
                    wanted[change.kind].append(change.id)
                else:
                    del seen[side][change.id]
            elif not is_known and _lacks_key(change):
                wanted[change.kind].append(change.id)
        for kind, ids in wanted.items():
            run.failing_side = side
            for change in run.sides.source(side).fetch(kind, ids):
                seen[side][change.id] = _kept(seen[side][change.id], change)
            run.failing_side = None


def _lacks_key(change: Change) -> bool:
    thing = change.thing
    return isinstance(thing, Item) and not thing.link_key_known


def _kept(before: Change, fetched: Change) -> Change:
    """The better of a listing's and a fetch's observation of one item."""
    if isinstance(before.thing, Item) and isinstance(fetched.thing, Item):
        # A series is only recognized in the listing.
        unsupported = fetched.thing.unsupported or before.thing.unsupported
        return replace(fetched, thing=replace(fetched.thing, unsupported=unsupported))
    return fetched


def _load_by_keys(run: Run, seen: _Seen, links: _Links) -> None:
    keys = {
        key
        for side in Side
        for change in seen[side].values()
        if not links.names(side, change)
        for key in _keys_of(run, change)
    }
    links.load(keys=sorted(keys - links.by_key.keys()))


def _look_across(run: Run, seen: _Seen, links: _Links) -> None:
    """Look at both known ends of links that were found by key, not by id.

    What carries the key of a link and is not its known end was made, moved or
    copied without our remembering it. The end that we know, and its partner,
    decide what that means.
    """
    wanted: dict[tuple[Side, Kind], set[str]] = defaultdict(set)
    for side in Side:
        for change in seen[side].values():
            if links.names(side, change):
                continue
            for key in _keys_of(run, change):
                link = links.by_key.get(key)
                if link is None or (link.is_series and _is_occurrence(change)):
                    continue
                for place in Side:
                    end = _end(link, place)
                    if end and end not in seen[place]:
                        wanted[(place, change.kind)].add(end)
    for (side, kind), ids in wanted.items():
        run.failing_side = side
        for change in run.sides.source(side).fetch(kind, sorted(ids)):
            seen[side][change.id] = change
        run.failing_side = None


def _is_occurrence(change: Change) -> bool:
    thing = change.thing
    return isinstance(thing, Item) and thing.role is Role.OCCURRENCE


def _keys_of(run: Run, change: Change) -> list[LinkKey]:
    thing = change.thing
    if thing is None:
        return []
    if isinstance(thing, Item):
        own = item_key(run.mailbox, thing)
        if thing.role is Role.OCCURRENCE:
            # What it carries is the key of its series, which must be known.
            return [own, series_key_of(run.mailbox, thing)]
    else:
        own = record_key(run.mailbox, thing)
    return [own, thing.link_key] if thing.link_key else [own]
