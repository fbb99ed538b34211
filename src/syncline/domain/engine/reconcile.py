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

from typing import Any

from syncline.domain.engine import arrivals, partners, series
from syncline.domain.engine.decisions import Decision, Scene, nothing, unreadable
from syncline.domain.engine.messages import reconcile_saved_message
from syncline.domain.engine.pair import Pair
from syncline.domain.values.changes import Presence
from syncline.domain.values.kinds import Kind
from syncline.domain.values.links import Link, LinkState
from syncline.domain.values.replacing import swapped


def reconcile(pair: Pair, scene: Scene) -> Decision:
    """Choose what happens to one link, with the reason."""
    link = refreshed(pair)
    if link is not pair.link:
        pair = swapped(pair, link=link)
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


def refreshed(pair: Pair) -> Link:
    """The link with what a reading alone tells: names, versions, ids."""
    link, item, record = pair.link, pair.item, pair.record
    told: dict[str, Any] = {}
    if record is not None:
        told["record_id"] = record.id
        told["record_version"] = record.version
        told["name"] = record.name[:255]
    if item is not None:
        told["item_id"] = item.id
        told["item_uid"] = item.uid
        told["item_version"] = item.version
        told["name"] = item.name[:255]
        told["web_link"] = item.web_link
        told["is_organizer"] = item.is_organizer
        # Leaving the folder means something, so the memory of having lain
        # in it stays until that was decided.
        told["is_filed"] = item.is_filed or (link.is_filed and _is_partner(link))
    news = {name: value for name, value in told.items() if getattr(link, name) != value}
    return swapped(link, **news) if news else link


def _is_partner(link: Link) -> bool:
    return link.state is LinkState.LINKED
