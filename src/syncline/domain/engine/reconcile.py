"""Decide what each side must do so that both agree, one link at a time.

Reads what was observed of both ends against the base; returns a decision,
never writes.

    unreadable       told; not gone
    series           `series`
    PENDING          `arrivals`: save, bring down, join
    LINKED message   `messages`: files follow
    LINKED           `unsync`, `departures`, `partners`
    TOMBSTONE        `arrivals`: gone stays gone, unless a person brings it back
"""

from __future__ import annotations

from dataclasses import replace

from syncline.domain.engine import arrivals, partners, series
from syncline.domain.engine.decisions import Decision, Scene, nothing, unreadable
from syncline.domain.engine.messages import reconcile_saved_message
from syncline.domain.engine.pair import Pair
from syncline.domain.values.changes import Presence
from syncline.domain.values.kinds import Kind
from syncline.domain.values.links import Link, LinkState


def reconcile(pair: Pair, scene: Scene) -> Decision:
    """Choose what happens to one link, with the reason."""
    link = _refreshed(pair)
    pair = replace(pair, link=link)
    if Presence.UNREADABLE in (pair.item_presence, pair.record_presence):
        is_buried = link.state is LinkState.TOMBSTONE
        return nothing(pair) if is_buried else unreadable(pair)
    if series.was_converted(pair):
        return series.converted(pair)
    if series.is_series(pair):
        return series.reconcile_series(pair, scene)
    match link.state:
        case LinkState.TOMBSTONE:
            return arrivals.reconcile_tombstone(pair, scene)
        case LinkState.LINKED if link.kind is Kind.MESSAGE:
            return reconcile_saved_message(pair, scene)
        case LinkState.LINKED:
            return partners.reconcile_linked(pair, scene)
        case LinkState.PENDING:
            return arrivals.reconcile_pending(pair, scene)


def _refreshed(pair: Pair) -> Link:
    """The link with what a reading alone tells: names, versions, ids."""
    link = pair.link
    if pair.item is not None:
        link = replace(
            link,
            item_id=pair.item.id,
            item_uid=pair.item.uid,
            item_version=pair.item.version,
            name=pair.item.name[:255],
            web_link=pair.item.web_link,
            is_organizer=pair.item.is_organizer,
            # Leaving the folder means something, so the memory of having lain
            # in it stays until that was decided.
            is_filed=pair.item.is_filed or (link.is_filed and _is_partner(link)),
        )
    if pair.record is not None:
        link = replace(
            link,
            record_id=pair.record.id,
            record_version=pair.record.version,
            name=link.name if pair.item else pair.record.name[:255],
        )
    return link


def _is_partner(link: Link) -> bool:
    return link.state is LinkState.LINKED
