"""When an item that is in step stops being so, though nobody deleted it.

Reference 3.4: the owner's category, the time window, a condition of the profile,
a folder that the item left, a kind that no longer comes down.
"""

from __future__ import annotations

from dataclasses import replace

from syncline.domain.access.policy import Policy
from syncline.domain.engine.decisions import Decision, Scene
from syncline.domain.engine.pair import Pair
from syncline.domain.engine.saving import is_taken_out
from syncline.domain.engine.window import is_inside
from syncline.domain.values.changes import Presence
from syncline.domain.values.content import Content, RecordValue
from syncline.domain.values.items import Item, Record
from syncline.domain.values.kinds import Direction, Kind, Side
from syncline.domain.values.links import Link, LinkState
from syncline.domain.values.operations import Operation, Verb

#: Why an operation takes something away although nothing was deleted.
LEFT_WINDOW = "left the time window"


def is_excluded(record: Record, policy: Policy) -> bool:
    """Whether a condition of the profile keeps a record out of the calendar."""
    if record.kind is not Kind.EVENT or record.is_mirrored:
        return False
    return any(
        _says(record.fields.get(c.field), c.value) for c in policy.unsync_conditions
    )


def _says(value: RecordValue, wanted: str) -> bool:
    """Whether a field has the value; for a multi-picklist, exactly that set."""
    if isinstance(value, bool):
        return str(value).casefold() == wanted.casefold()
    if value is None:
        return not wanted
    texts = {part.strip().casefold() for part in str(value).split(";")}
    return texts == {part.strip().casefold() for part in wanted.split(";")}


def unsync(pair: Pair, scene: Scene) -> Decision | None:
    """What to do with a link that stops being in step; None when it goes on."""
    link, item, record = pair.link, pair.item, pair.record
    if item is not None and is_taken_out(item) and link.record_id:
        return _take_out_of_crm(pair, item, scene)
    if item is not None and link.is_filed and not item.is_filed and _has_folder(link):
        return _part(pair)
    if record is not None and is_excluded(record, scene.mailbox.policy):
        return _take_out_of_mailbox(pair, reason="a condition of the profile")
    if link.kind is Kind.EVENT and _has_left(pair, scene):
        return _leave_window(pair, scene)
    if _is_switched_off(pair, scene):
        return _take_out_of_mailbox(pair, reason="this kind no longer comes down")
    return None


def _has_folder(link: Link) -> bool:
    """Kinds whose items are in step while they lie in their folder."""
    return link.kind in (Kind.TASK, Kind.CONTACT)


def _take_out_of_crm(pair: Pair, item: Item, scene: Scene) -> Decision:
    """The owner's word: the record goes, the item stays without our marks."""
    link = pair.link
    is_down = scene.mailbox.policy.direction(link.kind) is Direction.DOWN
    is_down = is_down or link.is_mirrored
    if pair.record_presence is Presence.DELETED or is_down:
        return _part(pair)
    delete = Operation(
        link=link,
        side=Side.CRM,
        verb=Verb.DELETE,
        kind=link.kind,
        target_id=link.record_id,
        version=pair.record.version if pair.record else link.record_version,
        item=item,
    )
    return Decision(pair=pair, link=link, operations=(delete,))


def _part(pair: Pair) -> Decision:
    """They go separate ways; the marks come off."""
    parted = replace(
        pair.link, state=LinkState.TOMBSTONE, hold=None, is_parted=True, is_filed=False
    )
    return Decision(pair=pair, link=parted, agrees=True)


def _take_out_of_mailbox(pair: Pair, *, reason: str) -> Decision:
    """The item goes, the record stays; a meeting with guests only loses its marks."""
    link = pair.link
    content: Content = link.base.item if link.base else {}
    if pair.item is not None:
        content = pair.item.content
    is_ours_to_delete = link.is_organizer and not content.get("attendees")
    if not is_ours_to_delete or pair.item_presence is Presence.DELETED:
        return _part(pair)
    delete = Operation(
        link=link,
        side=Side.MAILBOX,
        verb=Verb.DELETE,
        kind=link.kind,
        target_id=link.item_id,
        version=pair.item.version if pair.item else link.item_version,
        item=pair.item,
        reason=reason,
    )
    return Decision(pair=pair, link=link, operations=(delete,))


def _has_left(pair: Pair, scene: Scene) -> bool:
    """Whether both ends, as far as known, lie outside of the window."""
    if pair.item_presence is not Presence.OUT_OF_SCOPE or pair.link.base is None:
        return False
    content = pair.item.content if pair.item else pair.link.base.item
    return not is_inside(content.get("when"), scene.window)


def _leave_window(pair: Pair, scene: Scene) -> Decision | None:
    """Reference 3.4-1; what changed on the way out still reaches its partner."""
    link = pair.link
    if _changed_on_the_way(pair):
        return None
    has_guests = bool((link.base.item if link.base else {}).get("attendees"))
    if link.origin is Side.CRM and not has_guests and link.is_organizer:
        return _take_out_of_mailbox(pair, reason=LEFT_WINDOW)
    # The link stays, and with it the record's partner; `mark_items` sees from
    # the base that no mark is wanted outside of the window.
    return Decision(pair=pair, link=link)


def _changed_on_the_way(pair: Pair) -> bool:
    base = pair.link.base
    item: Item | None = pair.item
    if base is None:
        return False
    item_changed = item is not None and dict(item.content) != dict(base.item)
    return item_changed or pair.record is not None


def _is_switched_off(pair: Pair, scene: Scene) -> bool:
    """Whether the item came down as a kind that no longer does (3.1-1)."""
    link, policy = pair.link, scene.mailbox.policy
    if link.is_mirrored:
        return not policy.mirrored
    return (
        link.origin is Side.CRM
        and link.kind is not Kind.MESSAGE
        and link.kind not in policy.down_sync
    )
