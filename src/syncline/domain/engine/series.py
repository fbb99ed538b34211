"""Decide about a recurring series as a whole; its occurrences are decided singly.

    master      no record; carries the marks, the key and the issues of the series
    occurrence  a record each, known by the uid of the series and the day on which
                the rule put it, wherever it was moved to

An org without Advanced calendaring cannot tell which event is which occurrence;
there the series is one issue and its occurrences are left alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from syncline.domain.engine.decisions import Decision, Scene, found, unsupported
from syncline.domain.engine.findings import Finding
from syncline.domain.engine.pair import Pair
from syncline.domain.engine.saving import (
    is_taken_out,
    is_unanswered,
    reason_not_to_save,
    tie_in_of,
)
from syncline.domain.values.changes import Presence
from syncline.domain.values.ids import LinkKey
from syncline.domain.values.items import Item, Role
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Base, Link, LinkState
from syncline.domain.values.operations import Verb


def is_series(pair: Pair) -> bool:
    """Whether a pair is about the series itself."""
    if pair.item is not None:
        return pair.item.role is Role.MASTER
    return pair.link.kind is Kind.EVENT and pair.link.is_series


def is_about_series(pair: Pair) -> bool:
    """Whether a pair is decided about before the occurrences are."""
    return is_series(pair) or was_converted(pair)


def reconcile_series(pair: Pair, scene: Scene) -> Decision:
    """What the series as a whole is: in step, an issue, or none of our business."""
    link, item = pair.link, pair.item
    if pair.item_presence is Presence.DELETED:
        return Decision(pair=pair, link=link, forget=True)
    if item is None:
        return Decision(pair=pair, link=link)
    if link.record_id and link.state is not LinkState.TOMBSTONE:
        return found(pair, _conversion(pair, "a series"))
    blocked = _obstacle(pair, item, scene)
    why_not = _reason_to_leave(pair, item, scene, is_blocked=blocked is not None)
    if why_not:
        keeps = is_taken_out(item) and bool(link.marks)
        out = replace(link, state=LinkState.TOMBSTONE, hold=None)
        return Decision(pair=pair, link=out, skipped=why_not, forget=not keeps)
    if blocked is not None:
        return found(pair, blocked)
    kept = replace(link, state=LinkState.LINKED, base=Base(), is_series=True)
    return Decision(pair=pair, link=kept, agrees=True)


def _reason_to_leave(pair: Pair, item: Item, scene: Scene, *, is_blocked: bool) -> str:
    if pair.link.is_series and pair.link.state is LinkState.LINKED:
        # In step already: a category that went missing is put back.
        return reason_not_to_save(item, scene) if is_taken_out(item) else ""
    why_not = reason_not_to_save(item, scene)
    return why_not if why_not or is_blocked else tie_in_of(item, scene).reason


def _obstacle(pair: Pair, item: Item, scene: Scene) -> Finding | None:
    slug, params = item.unsupported, item.unsupported_params
    is_colleagues = not item.is_organizer and item.organizer in scene.mailbox.members
    if is_colleagues or (slug is None and is_unanswered(item, scene)):
        slug, params = "waits_for_organizer", (("organizer", item.organizer),)
    elif slug is None and not scene.traits.has_advanced_calendaring:
        slug = "recurring_series"
        params = (("field_labels", "ClientGuid, OriginalInstanceDateTime"),)
    return unsupported(pair.link.key, slug, params, Side.CRM)


def was_converted(pair: Pair) -> bool:
    """Whether what was a series is a single event now."""
    item = pair.item
    return pair.link.is_series and item is not None and item.role is Role.SINGLE


def converted(pair: Pair) -> Decision:
    """A series became a single event (reference 3.6-4): it is told, not guessed."""
    return found(pair, _conversion(pair, "a single event"))


def _conversion(pair: Pair, now: str) -> Finding:
    return Finding(
        slug="series_converted",
        key=pair.link.key,
        side=Side.CRM,
        verb=Verb.UPDATE,
        params={"value": now},
    )


def reason_for_occurrence(pair: Pair, scene: Scene) -> str:
    """Why an occurrence is left alone with its whole series; empty when it is not."""
    key = pair.link.series_key
    if pair.item is None or pair.item.role is not Role.OCCURRENCE:
        return ""
    return "" if key in scene.good_series else "its series is not synchronized"


def good_series(
    decisions: Iterable[Decision], stored: Iterable[Link]
) -> frozenset[LinkKey]:
    """Series whose occurrences may be saved: decided so now, or in step before."""
    good = {x.key for x in stored if x.is_series and x.state is LinkState.LINKED}
    for decision in decisions:
        link = decision.link
        is_good = link.is_series and link.state is LinkState.LINKED
        if is_good and not decision.findings and not decision.forget:
            good.add(link.key)
        else:
            good.discard(link.key)
    return frozenset(good)
