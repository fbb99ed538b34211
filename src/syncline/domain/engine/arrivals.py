"""Decide about what has no partner yet: save it, bring it down, or join it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from syncline.domain.engine import departures, partners
from syncline.domain.engine.decisions import (
    Decision,
    Scene,
    found,
    nothing,
    unsupported,
)
from syncline.domain.engine.findings import Finding
from syncline.domain.engine.invitees import FIELD as INVITEES
from syncline.domain.engine.invitees import wanted_invitees
from syncline.domain.engine.messages import reconcile_saved_message
from syncline.domain.engine.pair import Pair
from syncline.domain.engine.saving import (
    SHOWN_ONLY,
    has_mark,
    is_marked,
    is_unanswered,
    reason_not_to_save,
    tie_in_of,
)
from syncline.domain.engine.series import reason_for_occurrence
from syncline.domain.engine.tie_ins import TieIn, account_for
from syncline.domain.engine.undo import is_untouched
from syncline.domain.engine.unsync import is_excluded
from syncline.domain.engine.window import is_inside
from syncline.domain.issues.marking import SAVED_MARK
from syncline.domain.mapping.message import message_fields
from syncline.domain.values.changes import Presence
from syncline.domain.values.content import (
    RecordValue,
    TimedSpan,
    format_instant,
)
from syncline.domain.values.items import Item, Record, Role
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Base, Link, LinkState
from syncline.domain.values.operations import Operation, Verb


def reconcile_pending(pair: Pair, scene: Scene) -> Decision:
    """One end exists, the other could not be made yet."""
    item, record, made = pair.item, pair.record, pair.link.base
    if item is not None and record is not None:
        return join(pair, scene, item, record)
    if made is not None:
        linked = replace(pair, link=replace(pair.link, state=LinkState.LINKED))
        if record is not None and pair.item_presence is Presence.DELETED:
            return departures.item_deleted(linked, scene, made)
        if item is not None and pair.record_presence is Presence.DELETED:
            return departures.record_deleted(linked, scene, made)
    if item is not None:
        if pair.link.record_id and pair.record_presence is not Presence.DELETED:
            return nothing(pair, skipped="its Salesforce record is not visible now")
        return save_item(pair, scene, item)
    if record is not None:
        return bring_record_down(pair, scene, record)
    if Presence.DELETED in (pair.item_presence, pair.record_presence):
        return Decision(pair=pair, link=pair.link, forget=True)
    return nothing(pair)


# --- up ---------------------------------------------------------------------


def save_item(pair: Pair, scene: Scene, item: Item) -> Decision:
    """Make the item's record, unless something speaks against it."""
    why_not = reason_not_to_save(item, scene) or reason_for_occurrence(pair, scene)
    if pair.link.is_mirrored:
        why_not = SHOWN_ONLY
    if why_not:
        return Decision(pair=pair, link=pair.link, skipped=why_not, forget=True)
    blocked = _obstacle(pair, item, scene)
    if blocked is not None:
        return found(pair, blocked)
    tied = TieIn()
    if item.kind in (Kind.EVENT, Kind.MESSAGE):
        tied = tie_in_of(item, scene)
        if tied.reason:
            return Decision(pair=pair, link=pair.link, skipped=tied.reason, forget=True)
    if tied.missing:
        return Decision(
            pair=pair,
            link=pair.link,
            people=tied.missing,
            skipped="its people are made first",
        )
    return Decision(
        pair=pair,
        link=pair.link,
        operations=(_create_record(pair.link, item, tied, scene),),
    )


def _create_record(link: Link, item: Item, tied: TieIn, scene: Scene) -> Operation:
    if item.kind is Kind.MESSAGE:
        fields: Mapping[str, RecordValue] = message_fields(
            item.content, scene.traits, tied, message_id=item.uid
        )
        agreed = Base()
    else:
        fields = {
            **scene.mappings[item.kind].to_record(item.content),
            **_ties(item, tied, scene),
        }
        agreed = Base(item=item.content, record=fields)
        if item.kind is Kind.EVENT:
            nobody = {INVITEES: None}
            agreed = Base(item=item.content, record={**nobody, **fields})
    return Operation(
        link=link,
        side=Side.CRM,
        verb=Verb.CREATE,
        kind=item.kind,
        fields=fields,
        agreed=agreed,
        item=item,
    )


def _ties(item: Item, tied: TieIn, scene: Scene) -> Mapping[str, RecordValue]:
    """Record fields besides the field table: who and what, series, invitees."""
    ties: dict[str, RecordValue] = {}
    if item.kind is Kind.CONTACT and item.content.get("company"):
        account = account_for(str(item.content["company"]), scene.known)
        if account:
            ties["AccountId"] = account
    if item.kind is not Kind.EVENT:
        return ties
    if tied.who_id:
        ties["WhoId"] = tied.who_id
    if tied.what_id:
        ties["WhatId"] = tied.what_id
    if item.role is Role.OCCURRENCE:
        ties["ClientGuid"] = item.series_uid
        ties["OriginalInstanceDateTime"] = _original_start(item)
    if item.is_organizer:
        invitees = wanted_invitees(item.content, scene)
        if invitees is not None:
            ties[INVITEES] = invitees
    else:
        # Of a meeting that somebody else organizes only the fact is saved (3.5-5).
        ties["Syncline_Attendees__c"] = None
    return ties


def _original_start(item: Item) -> str:
    """When the rule put an occurrence; without that, its day at its present time.

    Whole days begin at midnight UTC.
    """
    if item.original_start and isinstance(item.content.get("when"), TimedSpan):
        return format_instant(item.original_start)
    day = item.uid.rpartition("/")[2]
    span = item.content.get("when")
    clock = "00:00:00"
    if isinstance(span, TimedSpan):
        clock = f"{span.start:%H:%M:%S}"
    return f"{day}T{clock}Z"


def _obstacle(pair: Pair, item: Item, scene: Scene) -> Finding | None:
    slug, params = item.unsupported, item.unsupported_params
    is_colleagues = not item.is_organizer and item.organizer in scene.mailbox.members
    if is_colleagues or (slug is None and is_unanswered(item, scene)):
        slug, params = "waits_for_organizer", (("organizer", item.organizer),)
    return unsupported(pair.link.key, slug, params, Side.CRM)


# --- down -------------------------------------------------------------------


def bring_record_down(pair: Pair, scene: Scene, record: Record) -> Decision:
    """Make the record's item, unless something speaks against it."""
    why_not = _reason_to_stay(record, scene)
    if why_not:
        return Decision(pair=pair, link=pair.link, skipped=why_not, forget=True)
    if pair.item_presence in (Presence.OUT_OF_SCOPE, Presence.SUSPECT):
        return nothing(pair, skipped="outside of what is synchronized")
    if record.unsupported:
        blocked = unsupported(
            pair.link.key, record.unsupported, record.unsupported_params, Side.MAILBOX
        )
        return found(pair, blocked)
    return Decision(
        pair=pair,
        link=pair.link,
        operations=(departures.create_item(pair.link, record, scene),),
    )


def _reason_to_stay(record: Record, scene: Scene) -> str:
    policy = scene.mailbox.policy
    is_shown = record.is_mirrored or record.kind in policy.down_sync
    if not is_shown or record.kind not in policy.kinds:
        return "this kind does not come from Salesforce"
    if is_excluded(record, policy):
        return "the profile keeps such events out of the calendar"
    if record.fields.get("ClientGuid") and record.link_key:
        # Made from a series of a mailbox, which no longer has that date.
        return "a date that its series no longer has"
    if record.kind is Kind.TASK and record.fields.get("IsClosed"):
        return "completed before it came"
    if record.kind is not Kind.EVENT:
        return ""
    content = scene.mappings[record.kind].to_item(record.fields)
    if is_inside(content.get("when"), scene.window):
        return ""
    return "outside of the time window"


# --- both -------------------------------------------------------------------


def join(pair: Pair, scene: Scene, item: Item, record: Record) -> Decision:
    """Make partners of two that were found to be the same."""
    if item.unsupported:
        return found(pair, _obstacle(pair, item, scene))
    linked = replace(pair.link, state=LinkState.LINKED)
    if item.kind is Kind.MESSAGE:
        # Somebody saved it before, perhaps from another mailbox: that is the one.
        saved = replace(pair, link=replace(linked, base=linked.base or Base()))
        return reconcile_saved_message(saved, scene)
    is_our_copy = pair.link.key in (item.link_key, record.link_key)
    linked = replace(linked, base=pair.link.base if is_our_copy else None)
    return partners.merge_sides(replace(pair, link=linked), scene, item, record)


def reconcile_tombstone(pair: Pair, scene: Scene) -> Decision:
    """What is gone stays gone, unless a person brings it back."""
    link, item, record = pair.link, pair.item, pair.record
    is_wanted_back = item is not None and _wants_back(link, item)
    if (
        link.is_undone
        and is_untouched(pair)
        and not (is_wanted_back and _is_told(item))
    ):
        return nothing(pair)
    if link.is_parted and not is_wanted_back:
        gone = pair.item_presence is Presence.DELETED
        return (
            nothing(replace(pair, link=replace(link, marks=())))
            if gone
            else nothing(pair)
        )
    fresh = replace(
        link, state=LinkState.PENDING, base=None, is_undone=False, is_parted=False
    )
    if (
        record is not None
        and item is not None
        and not _is_kept_apart(item, record, scene)
    ):
        return join(replace(pair, link=fresh), scene, item, record)
    if record is not None and link.record_id == record.id and item is None:
        revived = replace(fresh, item_id=None, item_version="")
        back = bring_record_down(replace(pair, link=revived), scene, record)
        return back if back.operations else nothing(pair)
    if item is not None and is_wanted_back:
        revived = replace(fresh, record_id=None, record_version="")
        back = save_item(replace(pair, link=revived), scene, item)
        return nothing(pair) if back.forget else back
    if pair.item_presence is Presence.DELETED:
        return Decision(pair=pair, link=replace(link, marks=()))
    return nothing(pair)


def _is_told(item: Item | None) -> bool:
    """Whether the owner marked it; that it lies in its folder says nothing new."""
    return item is not None and has_mark(item, SAVED_MARK)


def _is_kept_apart(item: Item, record: Record, scene: Scene) -> bool:
    """Whether a person or the profile took this item out of step on purpose."""
    if is_excluded(record, scene.mailbox.policy):
        return True
    return bool(reason_not_to_save(item, scene)) and not is_marked(item)


def _wants_back(link: Link, item: Item) -> bool:
    """Whether the user marked it again after our own marks were off.

    An occurrence shows the marks of its series, which say nothing about it.
    """
    if item.role is Role.OCCURRENCE:
        return False
    return is_marked(item) and SAVED_MARK not in (*link.marks, *link.pending_marks)
