"""Bring two partners into step, field by field.

A meeting with guests, or one that somebody else organizes, is never changed in
the mailbox, unless the profile allows that guests are mailed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from syncline.domain.engine import departures
from syncline.domain.engine.decisions import (
    Decision,
    Scene,
    found,
    nothing,
    unsupported,
)
from syncline.domain.engine.findings import Finding
from syncline.domain.engine.guests import GUESTS, OWN_STATE, guest_changes
from syncline.domain.engine.invitees import FIELD as INVITEES
from syncline.domain.engine.invitees import guests_of, invitee_changes, open_from
from syncline.domain.engine.merge import Merge, merge
from syncline.domain.engine.pair import Pair
from syncline.domain.engine.swings import is_swinging
from syncline.domain.engine.unsync import unsync
from syncline.domain.mapping import KindMapping
from syncline.domain.values.changes import Presence
from syncline.domain.values.content import Attendee, RecordFields
from syncline.domain.values.items import Item, Record
from syncline.domain.values.kinds import Direction, Kind, Side
from syncline.domain.values.links import Base, Link, Loser
from syncline.domain.values.operations import Operation, Verb
from syncline.domain.values.replacing import swapped


def reconcile_linked(pair: Pair, scene: Scene) -> Decision:
    """Partners: pass on what changed, or what became of one of them."""
    link, base = pair.link, pair.link.base or Base()
    item_gone = pair.item_presence is Presence.DELETED
    record_gone = pair.record_presence is Presence.DELETED
    if item_gone and record_gone:
        return departures.bury(replace(pair, link=replace(link, marks=())))
    leaving = unsync(pair, scene)
    if leaving is not None:
        return leaving
    if item_gone:
        return departures.item_deleted(pair, scene, base)
    if record_gone:
        return departures.record_deleted(pair, scene, base)
    outside = (Presence.OUT_OF_SCOPE, Presence.SUSPECT)
    item_hidden = pair.item is None and pair.item_presence in outside
    record_hidden = pair.record is None and pair.record_presence in outside
    if item_hidden or record_hidden:
        return nothing(pair, skipped="outside of what is synchronized")
    if pair.item is None and pair.record is None:
        return nothing(pair)
    item = pair.item or _item_from_base(link, base)
    record = pair.record or departures.record_from_base(link, base)
    for thing, side in ((item, Side.CRM), (record, Side.MAILBOX)):
        if thing.unsupported:
            slug, params = thing.unsupported, thing.unsupported_params
            return found(pair, unsupported(link.key, slug, params, side))
    return merge_sides(pair, scene, item, record)


def _item_from_base(link: Link, base: Base) -> Item:
    assert link.item_id is not None
    return Item(
        kind=link.kind,
        id=link.item_id,
        version=link.item_version,
        content=base.item,
        uid=link.item_uid,
        link_key=link.key,
        web_link=link.web_link,
        is_organizer=link.is_organizer,
        is_filed=link.is_filed,
    )


def merge_sides(pair: Pair, scene: Scene, item: Item, record: Record) -> Decision:
    """Merge both contents and write what each side lacks."""
    link, policy = pair.link, scene.mailbox.policy
    mapping = scene.mappings[link.kind]
    merged = merge(
        mapping=mapping,
        item=item.content,
        record=record.fields,
        base=link.base,
        winner=policy.winner,
        direction=_direction(link, scene),
        item_changed_at=item.changed_at,
        record_changed_at=record.changed_at,
    )
    open_record = _merge_guests(link, item, record, merged, scene)
    held, blocked = _held_back(pair, item, merged, scene)
    to_item = {f: v for f, v in merged.to_item.items() if f not in held}
    link = _with_losers(link, merged, scene.now)
    findings = (*_conflict_findings(link, merged), *([blocked] if blocked else []))
    operations: tuple[Operation, ...] = ()
    if merged.to_record or to_item:
        operations = _merge_operations(
            link, item, record, merged, to_item, open_record, mapping, scene
        )
    swinging = [o for o in operations if is_swinging(o, scene.now)]
    if swinging:
        return replace(found(pair, _ping_pong(swinging[0])), link=link)
    if operations:
        return Decision(pair=pair, link=link, operations=operations, findings=findings)
    if blocked or merged.undecided:
        return Decision(pair=pair, link=link, findings=findings)
    base = Base(item=item.content, record=record.fields)
    if base != link.base:
        link = swapped(link, base=base)
    return Decision(pair=pair, link=link, findings=findings, agrees=True)


def _merge_guests(
    link: Link, item: Item, record: Record, merged: Merge, scene: Scene
) -> RecordFields:
    """Add who must be invited, and who must be a guest, to what each side lacks.

    Where both is needed, invitees go first: the rest follows in the next round.

    Returns:
        What is agreed on of the invitees meanwhile, where that is not all.
    """
    if link.kind is not Kind.EVENT:
        return {}
    direction, fields = _direction(link, scene), record.fields
    up: dict[str, str | None] = {}
    down: dict[str, tuple[Attendee, ...]] = {}
    if direction is not Direction.DOWN:
        up = invitee_changes(item, fields, link.base, scene)
    if direction is not Direction.UP:
        down = guest_changes(item, fields, link.base, scene)
    merged.to_record.update(up)
    if up and down:
        return {INVITEES: open_from(link.base, fields, up)}
    merged.to_item.update(down)
    return {}


def _direction(link: Link, scene: Scene) -> Direction:
    """Which way this link's content travels (reference 3.12).

    An event that was made in Salesforce came down although the rest only goes
    up; it stays in step both ways.
    """
    if link.is_mirrored:
        return Direction.DOWN
    direction = scene.mailbox.policy.direction(link.kind)
    if direction is Direction.UP and link.origin is Side.CRM:
        return Direction.BOTH
    return direction


def _merge_operations(
    link: Link,
    item: Item,
    record: Record,
    merged: Merge,
    to_item: dict[str, Any],
    open_record: RecordFields,
    mapping: KindMapping,
    scene: Scene,
) -> tuple[Operation, ...]:
    """The writes of a merge; each agrees only on the fields that it settles."""
    open_fields = {*merged.to_item, *merged.undecided}
    waiting = _record_fields_of(mapping, open_fields)
    operations = []
    if merged.to_record:
        kept = {f: v for f, v in item.content.items() if f not in open_fields}
        settled = {**record.fields, **merged.to_record, **open_record}
        operations.append(
            Operation(
                link=link,
                side=Side.CRM,
                verb=Verb.UPDATE,
                kind=link.kind,
                target_id=record.id,
                fields=merged.to_record,
                version=record.version,
                agreed=Base(
                    item=kept,
                    record={f: v for f, v in settled.items() if f not in waiting},
                ),
                item=item,
            )
        )
    if to_item:
        agreed = _agreed_by_item(item, record, to_item, mapping)
        is_all = to_item.keys() == open_fields
        if is_all and not merged.to_record:
            whole = {**item.content, **agreed.item}
            agreed = Base(item=whole, record=record.fields)
        operations.append(
            Operation(
                link=link,
                side=Side.MAILBOX,
                verb=Verb.UPDATE,
                kind=link.kind,
                target_id=item.id,
                fields=to_item,
                version=item.version,
                agreed=agreed,
                item=item,
                may_mail_guests=scene.mailbox.policy.mail_guests and item.is_organizer,
            )
        )
    return tuple(operations)


def _agreed_by_item(
    item: Item, record: Record, to_item: dict[str, Any], mapping: KindMapping
) -> Base:
    """What a write to the item settles.

    New guests are still to be listed in the record, as if the owner had added them.
    """
    settled = _record_fields_of(mapping, to_item)
    kept = {GUESTS: item.content.get(GUESTS)} if GUESTS in to_item else {}
    return Base(
        item={**to_item, **kept}, record={f: record.fields.get(f) for f in settled}
    )


def _record_fields_of(
    mapping: KindMapping, item_fields: Iterable[str]
) -> frozenset[str]:
    names = set(item_fields)
    if not names:
        return frozenset()
    found = {
        f for rule in mapping.rules if rule.name in names for f in rule.record_fields
    }
    return frozenset(found | {INVITEES} if GUESTS in names else found)


def _held_back(
    pair: Pair, item: Item, merged: Merge, scene: Scene
) -> tuple[frozenset[str], Finding | None]:
    """Changes from Salesforce that must not be written to this meeting, and why."""
    held = frozenset(merged.to_item)
    if item.kind is not Kind.EVENT or held <= OWN_STATE:
        return frozenset(), None
    slug = "guests_would_be_mailed"
    if not item.is_organizer:
        slug = "somebody_else_organizes"
    elif scene.mailbox.policy.mail_guests:
        return frozenset(), None
    elif not item.has_guests:
        # Nobody is there to be mailed, but for those who would be invited.
        held &= {GUESTS}
        if not held:
            return frozenset(), None
    concerned = (
        *guests_of(item.content),
        *guests_of(merged.to_item),
    )
    told = Finding(
        slug=slug,
        key=pair.link.key,
        side=Side.MAILBOX,
        verb=Verb.UPDATE,
        params={
            "field_labels": ", ".join(
                n.replace("_", " ") for n in merged.to_item if n in held
            ),
            "organizer": item.organizer,
            "count": str(len({g.email for g in concerned})),
        },
    )
    return held, told


def _ping_pong(operation: Operation) -> Finding:
    """The same content was written over and over: somebody else undoes it."""
    return Finding(
        slug="ping_pong",
        key=operation.key,
        side=operation.side,
        verb=operation.verb,
        params={"count": str(len(operation.link.swings))},
    )


# --- conflicts --------------------------------------------------------------


def _with_losers(link: Link, merged: Merge, now: datetime) -> Link:
    decided = [c for c in merged.conflicts if c.field not in merged.undecided]
    if not decided:
        return link
    lost = [
        Loser(
            field=c.field,
            side=c.chosen.other,
            value=c.record_value if c.chosen is Side.MAILBOX else c.item_value,
            at=now,
        )
        for c in decided
    ]
    # A session that was cut off before its writes meets the same conflict again.
    kept = {(k.field, k.side): k.value for k in link.losers}
    new = [x for x in lost if kept.get((x.field, x.side)) != x.value]
    return swapped(link, losers=(*link.losers, *new)[-50:])


def _conflict_findings(link: Link, merged: Merge) -> list[Finding]:
    if not merged.conflicts:
        return []
    chosen = merged.conflicts[0].chosen
    slug = "conflict_mailbox_won" if chosen is Side.MAILBOX else "conflict_crm_won"
    if merged.undecided:
        slug = "conflict_to_decide"
    lost = [
        f"{c.field.replace('_', ' ')}: "
        f"{c.record_value if chosen is Side.MAILBOX else c.item_value}"
        for c in merged.conflicts
    ]
    params = {
        "field_labels": ", ".join(c.field.replace("_", " ") for c in merged.conflicts),
        "value": "; ".join(lost)[:500],
    }
    return [
        Finding(
            slug=slug,
            key=link.key,
            side=chosen.other,
            verb=Verb.UPDATE,
            params=params,
            holds=bool(merged.undecided),
        )
    ]
