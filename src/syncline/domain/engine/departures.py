"""Decide what follows when one partner was deleted.

Gone on one side and edited on the other: the edit wins, and it is told.
"""

from __future__ import annotations

from dataclasses import replace

from syncline.domain.engine.decisions import Decision, Scene
from syncline.domain.engine.findings import Finding
from syncline.domain.engine.guests import GUESTS, agreed_at_first, invited
from syncline.domain.engine.pair import Pair
from syncline.domain.mapping import KindMapping
from syncline.domain.values.items import Item, Record
from syncline.domain.values.kinds import Direction, Kind, Side
from syncline.domain.values.links import Base, Link, LinkState
from syncline.domain.values.operations import Operation, Verb


def bury(pair: Pair) -> Decision:
    """Both are gone, or one is and the other stays on its own."""
    grave = replace(pair.link, state=LinkState.TOMBSTONE, hold=None)
    return Decision(pair=pair, link=grave, agrees=True)


def create_item(link: Link, record: Record, scene: Scene) -> Operation:
    """Make the item of a record; after a deletion it is a new one on purpose."""
    content = scene.mappings[record.kind].to_item(record.fields)
    fields, agreed = content, Base(item=content, record=record.fields)
    if record.kind is Kind.EVENT:
        # Guests are still to be listed in the record, as if the owner had added them.
        guests = invited(record.fields, scene)
        fields = {**content, GUESTS: guests} if guests else content
        agreed = Base(
            item={**content, GUESTS: ()},
            record={**record.fields, **agreed_at_first(record.fields, scene)},
        )
    return Operation(
        link=replace(link, item_id=None, item_version=""),
        side=Side.MAILBOX,
        verb=Verb.CREATE,
        kind=record.kind,
        fields=fields,
        agreed=agreed,
        nonce=link.item_id or "",
        may_mail_guests=GUESTS in fields,
    )


def record_from_base(link: Link, base: Base) -> Record:
    """The record as it was last agreed on."""
    assert link.record_id is not None
    return Record(
        kind=link.kind,
        id=link.record_id,
        version=link.record_version,
        fields=base.record,
        link_key=link.key,
    )


def item_deleted(pair: Pair, scene: Scene, base: Base) -> Decision:
    """The item is gone: its record follows, unless it is wanted."""
    link, policy = pair.link, scene.mailbox.policy
    if link.kind is Kind.MESSAGE:
        return bury(replace(pair, link=replace(link, marks=())))
    record = pair.record or record_from_base(link, base)
    mapping = scene.mappings[link.kind]
    is_edited = pair.record is not None and _record_differs(mapping, record, base)
    keeps = link.kind in policy.forbid_to_remove
    keeps = keeps or policy.direction(link.kind) is Direction.DOWN
    keeps = keeps or link.is_mirrored
    can_return = link.is_organizer and not link.series_key
    if (is_edited or keeps) and can_return:
        again = create_item(link, record, scene)
        told = (
            (_edited_and_deleted(link, Side.MAILBOX, deleted_in="the mailbox"),)
            if is_edited
            else ()
        )
        return Decision(pair=pair, link=link, operations=(again,), findings=told)
    if keeps:
        return bury(replace(pair, link=replace(link, marks=())))
    delete = Operation(
        link=link,
        side=Side.CRM,
        verb=Verb.DELETE,
        kind=link.kind,
        target_id=link.record_id,
        version=record.version,
    )
    return Decision(pair=pair, link=link, operations=(delete,))


def record_deleted(pair: Pair, scene: Scene, base: Base) -> Decision:
    """The record is gone: what follows depends on where it began (3.4)."""
    link, item, policy = pair.link, pair.item, scene.mailbox.policy
    if link.kind is Kind.MESSAGE:
        return bury(pair)
    mapping = scene.mappings[link.kind]
    is_edited = item is not None and _item_differs(mapping, item, base)
    is_reverted = (
        policy.direction(link.kind) is Direction.UP and link.origin is Side.MAILBOX
    )
    if item is not None and (is_edited or is_reverted) and not link.is_mirrored:
        again = _create_record_again(link, item, mapping)
        told = (
            (_edited_and_deleted(link, Side.CRM, deleted_in="Salesforce"),)
            if is_edited
            else ()
        )
        return Decision(pair=pair, link=link, operations=(again,), findings=told)
    stays = (
        link.kind is Kind.EVENT
        and link.origin is Side.MAILBOX
        and not policy.delete_items_with_records
    )
    content = item.content if item else base.item
    is_ours_to_delete = link.is_organizer and not content.get("attendees")
    if not stays and is_ours_to_delete:
        delete = Operation(
            link=link,
            side=Side.MAILBOX,
            verb=Verb.DELETE,
            kind=link.kind,
            target_id=link.item_id,
            version=link.item_version,
            item=item,
        )
        return Decision(pair=pair, link=link, operations=(delete,))
    return bury(pair)


def _create_record_again(link: Link, item: Item, mapping: KindMapping) -> Operation:
    fields = mapping.to_record(item.content)
    return Operation(
        link=replace(link, record_id=None, record_version=""),
        side=Side.CRM,
        verb=Verb.CREATE,
        kind=link.kind,
        fields=fields,
        agreed=Base(item=item.content, record=fields),
        item=item,
    )


def _record_differs(mapping: KindMapping, record: Record, base: Base) -> bool:
    return any(
        rule.is_read(record.fields)
        and rule.pick(record.fields) != rule.pick(base.record)
        for rule in mapping.rules
    )


def _item_differs(mapping: KindMapping, item: Item, base: Base) -> bool:
    return any(
        item.content.get(rule.name) != base.item.get(rule.name)
        for rule in mapping.rules
    )


def _edited_and_deleted(link: Link, side: Side, *, deleted_in: str) -> Finding:
    return Finding(
        slug="edited_and_deleted",
        key=link.key,
        side=side,
        verb=Verb.CREATE,
        params={"value": deleted_in},
        holds=False,
    )
