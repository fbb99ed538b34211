"""Decide what each side must do so that both agree, one link at a time.

Reads what was observed of both ends against the base; returns a decision,
never writes. Rules:
- Gone on one side and edited on the other: the edit wins, and it is told.
- Out of scope and unreadable are not gone.
- A meeting with guests, or one that somebody else organizes, is never changed
  in the mailbox.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from syncline.domain.access.mailbox import Mailbox
from syncline.domain.engine.findings import Finding
from syncline.domain.engine.merge import Merge, merge
from syncline.domain.engine.pair import Pair
from syncline.domain.engine.window import is_inside
from syncline.domain.issues.marking import SAVED_MARK
from syncline.domain.mapping import MAPPINGS
from syncline.domain.values.changes import Presence
from syncline.domain.values.items import Item, Record, Window
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Base, Link, LinkState, Loser
from syncline.domain.values.operations import Operation, Verb

#: Fields of an event that are the user's own: writing them mails nobody.
OWN_STATE = frozenset({"show_as", "reminder_minutes"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do about one link.

    `link` is how the link stands when nothing needs writing; operations carry
    the link they start from. `agrees` says that both sides were compared and
    nothing is left to do.
    """

    pair: Pair
    link: Link
    operations: tuple[Operation, ...] = ()
    findings: tuple[Finding, ...] = ()
    skipped: str = ""
    forget: bool = False
    agrees: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a decision may look at besides the pair."""

    mailbox: Mailbox
    window: Window
    now: datetime
    #: Meeting uids whose organizer's own mailbox has synchronized them.
    synced_uids: frozenset[str] = field(default_factory=frozenset)


def reconcile(pair: Pair, scene: Scene) -> Decision:
    """Choose what happens to one link, with the reason."""
    link = _refreshed(pair)
    pair = replace(pair, link=link)
    if Presence.UNREADABLE in (pair.item_presence, pair.record_presence):
        is_buried = link.state is LinkState.TOMBSTONE
        return _nothing(pair) if is_buried else _unreadable(pair)
    match link.state:
        case LinkState.TOMBSTONE:
            return _reconcile_tombstone(pair, scene)
        case LinkState.LINKED:
            return _reconcile_linked(pair, scene)
        case LinkState.PENDING:
            return _reconcile_pending(pair, scene)


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
        )
    if pair.record is not None:
        link = replace(
            link,
            record_id=pair.record.id,
            record_version=pair.record.version,
            name=link.name if pair.item else pair.record.name[:255],
        )
    return link


def _nothing(pair: Pair, *, skipped: str = "", agrees: bool = False) -> Decision:
    return Decision(pair=pair, link=pair.link, skipped=skipped, agrees=agrees)


def _unreadable(pair: Pair) -> Decision:
    side = Side.MAILBOX if pair.item_presence is Presence.UNREADABLE else Side.CRM
    params = {"detail": pair.fault.message[:200]} if pair.fault else {}
    finding = Finding(
        slug="unreadable_item",
        key=pair.link.key,
        side=side,
        verb=Verb.UPDATE,
        params=params,
    )
    return Decision(pair=pair, link=pair.link, findings=(finding,))


# --- not yet partners -------------------------------------------------------


def _reconcile_pending(pair: Pair, scene: Scene) -> Decision:
    item, record, made = pair.item, pair.record, pair.link.base
    if item is not None and record is not None:
        return _join(pair, scene, item, record)
    if made is not None:
        linked = replace(pair, link=replace(pair.link, state=LinkState.LINKED))
        if record is not None and pair.item_presence is Presence.DELETED:
            return _item_deleted(linked, scene, made)
        if item is not None and pair.record_presence is Presence.DELETED:
            return _record_deleted(linked, scene, made)
    if item is not None:
        if pair.link.record_id and pair.record_presence is not Presence.DELETED:
            return _nothing(pair, skipped="its Salesforce record is not visible now")
        return _save_item(pair, scene, item)
    if record is not None:
        return _bring_record_down(pair, scene, record)
    if Presence.DELETED in (pair.item_presence, pair.record_presence):
        return Decision(pair=pair, link=pair.link, forget=True)
    return _nothing(pair)


def _save_item(pair: Pair, scene: Scene, item: Item) -> Decision:
    why_not = _reason_not_to_save(item, scene)
    if why_not:
        return Decision(pair=pair, link=pair.link, skipped=why_not, forget=True)
    blocked = _unsupported(pair, item, scene)
    if blocked is not None:
        return Decision(pair=pair, link=pair.link, findings=(blocked,))
    fields = MAPPINGS[item.kind].to_record(item.content)
    if not item.is_organizer:
        fields["Syncline_Attendees__c"] = None
    create = Operation(
        link=pair.link,
        side=Side.CRM,
        verb=Verb.CREATE,
        kind=item.kind,
        fields=fields,
        agreed=Base(item=item.content, record=fields),
        item=item,
    )
    return Decision(pair=pair, link=pair.link, operations=(create,))


def is_marked(item: Item) -> bool:
    """Whether the user gave the item the category that saves it."""
    return any(c.casefold() == SAVED_MARK.casefold() for c in item.categories)


def _reason_not_to_save(item: Item, scene: Scene) -> str:
    policy = scene.mailbox.policy
    if item.kind not in policy.kinds:
        return "kind is switched off"
    if item.is_cancelled:
        return "meeting was cancelled"
    when = item.content.get("when")
    if item.kind is Kind.EVENT and not is_inside(when, scene.window):
        return "outside of the time window"
    if not item.is_organizer and item.organizer in scene.mailbox.members:
        if item.uid in scene.synced_uids:
            return "synchronized from its organizer's calendar"
        return "waits for its organizer" if not _is_wanted(item, scene) else ""
    return "" if _is_wanted(item, scene) else "not marked for Salesforce"


def _is_wanted(item: Item, scene: Scene) -> bool:
    if is_marked(item):
        return True
    if item.kind not in scene.mailbox.policy.auto_save:
        return False
    return not item.content.get("private")


def _unsupported(pair: Pair, item: Item, scene: Scene) -> Finding | None:
    slug = item.unsupported
    params = dict(item.unsupported_params)
    if not item.is_organizer and item.organizer in scene.mailbox.members:
        slug, params = "waits_for_organizer", {"organizer": item.organizer}
    if slug is None:
        return None
    return Finding(
        slug=slug, key=pair.link.key, side=Side.CRM, verb=Verb.CREATE, params=params
    )


def _bring_record_down(pair: Pair, scene: Scene, record: Record) -> Decision:
    policy = scene.mailbox.policy
    if record.kind not in policy.down_sync:
        return Decision(
            pair=pair,
            link=pair.link,
            skipped="this kind does not come from Salesforce",
            forget=True,
        )
    content = MAPPINGS[record.kind].to_item(record.fields)
    if record.kind is Kind.EVENT and not is_inside(content.get("when"), scene.window):
        return Decision(
            pair=pair, link=pair.link, skipped="outside of the time window", forget=True
        )
    if pair.item_presence in (Presence.OUT_OF_SCOPE, Presence.SUSPECT):
        return _nothing(pair, skipped="outside of what is synchronized")
    return Decision(
        pair=pair, link=pair.link, operations=(_create_item(pair.link, record),)
    )


def _create_item(link: Link, record: Record) -> Operation:
    content = MAPPINGS[record.kind].to_item(record.fields)
    return Operation(
        link=replace(link, item_id=None, item_version=""),
        side=Side.MAILBOX,
        verb=Verb.CREATE,
        kind=record.kind,
        fields=content,
        agreed=Base(item=content, record=record.fields),
        nonce=link.item_id or "",
    )


def _join(pair: Pair, scene: Scene, item: Item, record: Record) -> Decision:
    """Make partners of two that were found to be the same."""
    if item.unsupported:
        blocked = _unsupported(pair, item, scene)
        return Decision(
            pair=pair, link=pair.link, findings=(blocked,) if blocked else ()
        )
    is_our_copy = pair.link.key in (item.link_key, record.link_key)
    base = pair.link.base if is_our_copy else None
    linked = replace(pair.link, state=LinkState.LINKED, base=base)
    return _merge_sides(replace(pair, link=linked), scene, item, record)


# --- partners ---------------------------------------------------------------


def _reconcile_linked(pair: Pair, scene: Scene) -> Decision:
    link, base = pair.link, pair.link.base or Base()
    item_gone = pair.item_presence is Presence.DELETED
    record_gone = pair.record_presence is Presence.DELETED
    if item_gone and record_gone:
        return _bury(replace(pair, link=replace(link, marks=())))
    if item_gone:
        return _item_deleted(pair, scene, base)
    if record_gone:
        return _record_deleted(pair, scene, base)
    outside = (Presence.OUT_OF_SCOPE, Presence.SUSPECT)
    item_hidden = pair.item is None and pair.item_presence in outside
    record_hidden = pair.record is None and pair.record_presence in outside
    if item_hidden or record_hidden:
        return _nothing(pair, skipped="outside of what is synchronized")
    if pair.item is None and pair.record is None:
        return _nothing(pair)
    item = pair.item or _item_from_base(link, base)
    record = pair.record or _record_from_base(link, base)
    if item.unsupported:
        blocked = _unsupported(pair, item, scene)
        return Decision(pair=pair, link=link, findings=(blocked,) if blocked else ())
    return _merge_sides(pair, scene, item, record)


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
    )


def _record_from_base(link: Link, base: Base) -> Record:
    assert link.record_id is not None
    return Record(
        kind=link.kind,
        id=link.record_id,
        version=link.record_version,
        fields=base.record,
        link_key=link.key,
    )


def _merge_sides(pair: Pair, scene: Scene, item: Item, record: Record) -> Decision:
    link = pair.link
    merged = merge(
        mapping=MAPPINGS[link.kind],
        item=item.content,
        record=record.fields,
        base=link.base,
        winner=scene.mailbox.policy.winner,
        item_changed_at=item.changed_at,
        record_changed_at=record.changed_at,
    )
    blocked = _mailbox_write_blocked(pair, item, merged)
    to_item = {} if blocked else merged.to_item
    link = _with_losers(link, merged, scene.now)
    findings = (*_conflict_findings(link, merged), *([blocked] if blocked else []))
    operations = _merge_operations(link, item, record, merged, to_item)
    if operations:
        return Decision(
            pair=pair, link=link, operations=operations, findings=tuple(findings)
        )
    if blocked:
        return Decision(pair=pair, link=link, findings=tuple(findings))
    agreed = replace(link, base=Base(item=item.content, record=record.fields))
    return Decision(pair=pair, link=agreed, findings=tuple(findings), agrees=True)


def _merge_operations(
    link: Link, item: Item, record: Record, merged: Merge, to_item: dict[str, Any]
) -> tuple[Operation, ...]:
    """The writes of a merge; each agrees only on the fields that it settles."""
    waiting = _record_fields_of(link.kind, merged.to_item)
    operations = []
    if merged.to_record:
        kept = {f: v for f, v in item.content.items() if f not in merged.to_item}
        settled = {**record.fields, **merged.to_record}
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
        agreed = Base(item=to_item, record={f: record.fields.get(f) for f in waiting})
        if not merged.to_record:
            agreed = Base(item={**item.content, **to_item}, record=record.fields)
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
            )
        )
    return tuple(operations)


def _record_fields_of(kind: Kind, item_fields: Iterable[str]) -> frozenset[str]:
    names = set(item_fields)
    return frozenset(
        f
        for rule in MAPPINGS[kind].rules
        if rule.name in names
        for f in rule.record_fields
    )


def _mailbox_write_blocked(pair: Pair, item: Item, merged: Merge) -> Finding | None:
    """Why a change from Salesforce must not be written to this meeting."""
    if not merged.to_item or set(merged.to_item) <= OWN_STATE:
        return None
    if item.kind is not Kind.EVENT:
        return None
    slug = ""
    if not item.is_organizer:
        slug = "somebody_else_organizes"
    elif item.has_guests:
        slug = "guests_would_be_mailed"
    if not slug:
        return None
    return Finding(
        slug=slug,
        key=pair.link.key,
        side=Side.MAILBOX,
        verb=Verb.UPDATE,
        params={
            "field_labels": ", ".join(n.replace("_", " ") for n in merged.to_item),
            "organizer": item.organizer,
            "count": str(len(item.content.get("attendees") or ())),  # type: ignore[arg-type]  # a tuple, by the contract of attendees
        },
    )


def _with_losers(link: Link, merged: Merge, now: datetime) -> Link:
    if not merged.conflicts:
        return link
    lost = [
        Loser(
            field=c.field,
            side=c.chosen.other,
            value=c.record_value if c.chosen is Side.MAILBOX else c.item_value,
            at=now,
        )
        for c in merged.conflicts
    ]
    # A session that was cut off before its writes meets the same conflict again.
    kept = {(k.field, k.side): k.value for k in link.losers}
    new = [x for x in lost if kept.get((x.field, x.side)) != x.value]
    return replace(link, losers=(*link.losers, *new)[-50:])


def _conflict_findings(link: Link, merged: Merge) -> list[Finding]:
    if not merged.conflicts:
        return []
    chosen = merged.conflicts[0].chosen
    won = "conflict_mailbox_won" if chosen is Side.MAILBOX else "conflict_crm_won"
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
            slug=won,
            key=link.key,
            side=chosen.other,
            verb=Verb.UPDATE,
            params=params,
            holds=False,
        )
    ]


# --- deletions --------------------------------------------------------------


def _bury(pair: Pair) -> Decision:
    grave = replace(pair.link, state=LinkState.TOMBSTONE, hold=None)
    return Decision(pair=pair, link=grave, agrees=True)


def _item_deleted(pair: Pair, scene: Scene, base: Base) -> Decision:
    link = pair.link
    record = pair.record or _record_from_base(link, base)
    is_edited = pair.record is not None and _record_differs(link.kind, record, base)
    keeps = link.kind in scene.mailbox.policy.forbid_to_remove
    if is_edited or keeps:
        again = _create_item(link, record)
        told = (
            [_edited_and_deleted(link, Side.MAILBOX, deleted_in="the mailbox")]
            if is_edited
            else []
        )
        return Decision(pair=pair, link=link, operations=(again,), findings=tuple(told))
    delete = Operation(
        link=link,
        side=Side.CRM,
        verb=Verb.DELETE,
        kind=link.kind,
        target_id=link.record_id,
        version=record.version,
    )
    return Decision(pair=pair, link=link, operations=(delete,))


def _record_deleted(pair: Pair, scene: Scene, base: Base) -> Decision:
    link, item = pair.link, pair.item
    if item is not None and _item_differs(link.kind, item, base):
        fields = MAPPINGS[link.kind].to_record(item.content)
        again = Operation(
            link=replace(link, record_id=None, record_version=""),
            side=Side.CRM,
            verb=Verb.CREATE,
            kind=link.kind,
            fields=fields,
            agreed=Base(item=item.content, record=fields),
            item=item,
        )
        told = _edited_and_deleted(link, Side.CRM, deleted_in="Salesforce")
        return Decision(pair=pair, link=link, operations=(again,), findings=(told,))
    stays = (
        link.kind is Kind.EVENT
        and link.origin is Side.MAILBOX
        and not scene.mailbox.policy.delete_items_with_records
    )
    content = item.content if item else base.item
    if not stays and not content.get("attendees"):
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
    return _bury(pair)


def _record_differs(kind: Kind, record: Record, base: Base) -> bool:
    return any(
        rule.pick(record.fields) != rule.pick(base.record)
        for rule in MAPPINGS[kind].rules
    )


def _item_differs(kind: Kind, item: Item, base: Base) -> bool:
    return any(
        item.content.get(rule.name) != base.item.get(rule.name)
        for rule in MAPPINGS[kind].rules
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


def _reconcile_tombstone(pair: Pair, scene: Scene) -> Decision:
    """What is gone stays gone, unless a person brings it back."""
    link, item, record = pair.link, pair.item, pair.record
    fresh = replace(link, state=LinkState.PENDING, base=None)
    if record is not None and item is not None:
        return _join(replace(pair, link=fresh), scene, item, record)
    if record is not None and link.record_id == record.id and item is None:
        revived = replace(fresh, item_id=None, item_version="")
        back = _bring_record_down(replace(pair, link=revived), scene, record)
        return back if back.operations else _nothing(pair)
    wants_back = (
        item is not None
        and is_marked(item)
        and SAVED_MARK not in (*link.marks, *link.pending_marks)
    )
    if item is not None and wants_back:
        revived = replace(fresh, record_id=None, record_version="")
        back = _save_item(replace(pair, link=revived), scene, item)
        return _nothing(pair) if back.forget else back
    if pair.item_presence is Presence.DELETED:
        return Decision(pair=pair, link=replace(link, marks=()))
    return _nothing(pair)
