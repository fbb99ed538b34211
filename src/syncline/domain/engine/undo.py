"""Decide how one write of an earlier session is taken back, or why it is not.

Pure. What is there now is compared with the kept copy, by content: only what
still says what the session wrote is touched. Afterwards the link tells the next
session that all is as it should be, so that nothing is done again:

    what is undone     what the link says then
    create             tombstone, undone; the other end stays as it is
    update             in step; the base of this side is what was written back
    deletion           tombstone, undone; in step again if an undo had deleted it
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from syncline.domain.engine.copies import changed_fields, content_of
from syncline.domain.engine.pair import Pair
from syncline.domain.issues.marking import SAVED_MARK
from syncline.domain.mapping import MAPPINGS
from syncline.domain.values.changes import Change, Presence
from syncline.domain.values.content import decode, encode
from syncline.domain.values.history import KeptWrite, Refusal
from syncline.domain.values.ids import ItemId, RecordId
from syncline.domain.values.items import Item, Record
from syncline.domain.values.kinds import Direction, Kind, Side
from syncline.domain.values.links import Base, Link, LinkState
from syncline.domain.values.operations import Operation, Outcome, Verb

#: Fields of an event that are the user's own: writing them mails nobody.
_OWN_STATE = frozenset({"show_as", "reminder_minutes"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What is there now of one kept write.

    `other` is the other end of the link; it matters only for deletions.
    `was_undo` says that the write was itself made by an undo.
    """

    link: Link | None
    here: Change | None = None
    other: Change | None = None
    is_shared: bool = False
    was_undo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoing:
    """What is to be done about one kept write.

    With an operation it is carried out; with a refusal it is not; with neither
    it is as before already, and only the link is brought in line.
    """

    write: KeptWrite
    sight: Sight
    operation: Operation | None = None
    refusal: Refusal | None = None
    detail: str = ""


def end_of(link: Link | None, side: Side) -> str:
    """The id that a link has on a side; empty without one."""
    if link is None:
        return ""
    return (link.item_id if side is Side.MAILBOX else link.record_id) or ""


def target_of(write: KeptWrite, link: Link | None) -> str:
    """What to look at: where the link leads now, or what was written."""
    if write.verb is Verb.DELETE:
        return write.target_id
    return end_of(link, write.side) or write.target_id


def take_back(write: KeptWrite, sight: Sight) -> Undoing:
    """Choose what happens to one kept write."""
    if write.verb is Verb.ATTACH:
        detail = str(write.after.get("name", ""))
        return _refused(write, sight, Refusal.FILE, detail)
    if not write.key:
        return _refused(write, sight, Refusal.PERSON)
    if write.was_there:
        return _refused(write, sight, Refusal.WAS_THERE)
    if sight.link is None:
        return _refused(write, sight, Refusal.PARTED)
    if sight.here is None or sight.here.presence is Presence.UNREADABLE:
        return _refused(write, sight, Refusal.UNSEEN)
    match write.verb:
        case Verb.CREATE:
            return _undo_create(write, sight)
        case Verb.UPDATE:
            return _undo_update(write, sight)
        case Verb.DELETE:
            return _undo_delete(write, sight)


def _refused(
    write: KeptWrite, sight: Sight, refusal: Refusal, detail: str = ""
) -> Undoing:
    return Undoing(write=write, sight=sight, refusal=refusal, detail=detail)


def _undo_create(write: KeptWrite, sight: Sight) -> Undoing:
    assert sight.here is not None
    if sight.here.presence is Presence.DELETED:
        return Undoing(write=write, sight=sight)
    thing = sight.here.thing
    if thing is None:
        return _refused(write, sight, Refusal.UNSEEN)
    changed = changed_fields(write.after, content_of(thing))
    if changed:
        return _refused(write, sight, Refusal.CHANGED, ", ".join(changed))
    if sight.is_shared:
        return _refused(write, sight, Refusal.SHARED)
    bothered = _who_would_be_bothered(thing)
    if bothered is not None:
        return _refused(write, sight, bothered)
    return Undoing(
        write=write,
        sight=sight,
        operation=_operation(write, sight, Verb.DELETE, thing=thing),
    )


def _undo_update(write: KeptWrite, sight: Sight) -> Undoing:
    assert sight.here is not None
    if sight.here.presence is Presence.DELETED:
        return _refused(write, sight, Refusal.GONE)
    thing = sight.here.thing
    if thing is None:
        return _refused(write, sight, Refusal.UNSEEN)
    unknown = [name for name in write.after if name not in write.before]
    if unknown:
        return _refused(write, sight, Refusal.UNKNOWN_BEFORE, ", ".join(unknown))
    now = content_of(thing)
    if not changed_fields(write.before, now):
        return Undoing(write=write, sight=sight)
    changed = changed_fields(write.after, now)
    if changed:
        return _refused(write, sight, Refusal.CHANGED, ", ".join(changed))
    bothered = _who_would_be_bothered(thing)
    if bothered is not None and not set(write.before) <= _OWN_STATE:
        return _refused(write, sight, bothered)
    return Undoing(
        write=write,
        sight=sight,
        operation=_operation(
            write, sight, Verb.UPDATE, thing=thing, fields=_fields(write, write.before)
        ),
    )


def _undo_delete(write: KeptWrite, sight: Sight) -> Undoing:
    assert sight.here is not None
    link = sight.link
    end = end_of(link, write.side)
    is_again = link is not None and link.state is LinkState.LINKED
    if sight.here.thing is not None or (is_again and end not in ("", write.target_id)):
        return _refused(write, sight, Refusal.BACK)
    if sight.here.presence is not Presence.DELETED or not _knows_other(write, sight):
        return _refused(write, sight, Refusal.UNSEEN)
    content = _writable(write)
    if not content:
        return _refused(write, sight, Refusal.UNKNOWN_BEFORE)
    if content.get("attendees"):
        return _refused(write, sight, Refusal.GUESTS)
    return Undoing(
        write=write,
        sight=sight,
        operation=_operation(write, sight, Verb.CREATE, fields=_fields(write, content)),
    )


def _knows_other(write: KeptWrite, sight: Sight) -> bool:
    """Whether the other end was seen to be there, or seen to be gone."""
    if not end_of(sight.link, write.side.other):
        return True
    other = sight.other
    return other is not None and (
        other.thing is not None or other.presence is Presence.DELETED
    )


def _who_would_be_bothered(thing: Item | Record) -> Refusal | None:
    if not isinstance(thing, Item) or thing.kind is not Kind.EVENT:
        return None
    if not thing.is_organizer:
        return Refusal.NOT_ORGANIZER
    return Refusal.GUESTS if thing.has_guests else None


#: Fields that Salesforce fills by itself.
_DERIVED = frozenset({"IsClosed", "CompletedDateTime"})


def _writable(write: KeptWrite) -> dict[str, Any]:
    """What a new thing gets of the copy: fields that are only read are left out.

    A record gets its ties and a profile's own fields back, too.
    """
    mapping = MAPPINGS.get(write.kind)
    if mapping is None:
        return dict(write.before)
    if write.side is Side.CRM:
        read = {
            f
            for r in mapping.rules
            if r.direction is Direction.DOWN
            for f in r.record_fields
        }
        names = set(write.before) - read - _DERIVED
    else:
        names = {r.name for r in mapping.rules if r.direction is not Direction.UP}
    return {name: v for name, v in write.before.items() if name in names}


def _fields(write: KeptWrite, copy: Mapping[str, Any]) -> Mapping[str, Any]:
    return decode(copy) if write.side is Side.MAILBOX else dict(copy)


def _operation(
    write: KeptWrite,
    sight: Sight,
    verb: Verb,
    *,
    thing: Item | Record | None = None,
    fields: Mapping[str, Any] | None = None,
) -> Operation:
    assert sight.link is not None
    link, given = sight.link, fields or {}
    if verb is Verb.CREATE:
        link = _without_end(link, write.side)
    agreed = Base(item=given) if write.side is Side.MAILBOX else Base(record=given)
    if isinstance(thing, Record) and verb is Verb.UPDATE:
        # The writer sends when an event happens as a whole.
        agreed = Base(record={**thing.fields, **given})
    return Operation(
        link=link,
        side=write.side,
        verb=verb,
        kind=write.kind,
        target_id=thing.id if thing is not None else None,
        fields=given,
        version=thing.version if thing is not None else "",
        agreed=agreed,
        item=thing if isinstance(thing, Item) else None,
        nonce=write.target_id if verb is Verb.CREATE else "",
    )


def _without_end(link: Link, side: Side) -> Link:
    if side is Side.MAILBOX:
        return replace(link, item_id=None, item_version="", marks=())
    return replace(link, record_id=None, record_version="")


# --- afterward ----------------------------------------------------------------


def link_after(undoing: Undoing, outcome: Outcome | None) -> Link:
    """How the link stands once the write is taken back.

    Args:
        undoing: What was decided.
        outcome: What happened; None when it was as before already.
    """
    write, link = undoing.write, undoing.sight.link
    assert link is not None
    match write.verb:
        case Verb.CREATE:
            return _parted(write, link)
        case Verb.UPDATE:
            return _written_back(write, link, outcome)
        case _:
            assert outcome is not None
            return _made_again(undoing, link, outcome)


def _parted(write: KeptWrite, link: Link) -> Link:
    base = link.base or Base()
    grave = replace(
        link, state=LinkState.TOMBSTONE, hold=None, is_undone=True, losers=()
    )
    if write.side is Side.MAILBOX:
        return replace(grave, base=Base(record=base.record), marks=(), pending_marks=())
    kept = Base(item=base.item)
    if link.series_key is not None:
        return replace(grave, base=kept)
    # It says "saved", whoever set it: so it is ours to take off.
    marks = tuple(dict.fromkeys((*link.marks, SAVED_MARK)))
    return replace(grave, base=kept, marks=marks)


def _written_back(write: KeptWrite, link: Link, outcome: Outcome | None) -> Link:
    here = _with_version(link, write.side, outcome.version if outcome else "")
    base = link.base or Base()
    stored = _stored(write, write.before, outcome)
    if write.side is Side.MAILBOX:
        return replace(here, base=replace(base, item={**base.item, **decode(stored)}))
    return replace(here, base=replace(base, record={**base.record, **stored}))


def _made_again(undoing: Undoing, link: Link, outcome: Outcome) -> Link:
    write, other = undoing.write, undoing.sight.other
    here = _with_version(link, write.side, outcome.version)
    base, stored = link.base or Base(), _stored(write, _writable(write), outcome)
    partner = other.thing if other is not None else None
    if write.side is Side.MAILBOX:
        here = replace(here, item_id=ItemId(outcome.id), marks=(), pending_marks=())
        if outcome.item is not None:
            told = outcome.item
            here = replace(here, item_uid=told.uid, web_link=told.web_link)
        record = base.record or _fields_of(partner)
        new = Base(item=decode(stored), record=record if partner else {})
    else:
        here = replace(here, record_id=RecordId(outcome.id))
        item = base.item or _content_of(partner)
        new = Base(item=item if partner else {}, record=stored)
    # What an ordinary session deleted would be deleted again by the next one.
    is_joined = partner is not None and undoing.sight.was_undo
    state = LinkState.LINKED if is_joined else LinkState.TOMBSTONE
    return replace(here, state=state, base=new, hold=None, is_undone=not is_joined)


def _fields_of(thing: Item | Record | None) -> Mapping[str, Any]:
    return thing.fields if isinstance(thing, Record) else {}


def _content_of(thing: Item | Record | None) -> Mapping[str, Any]:
    return thing.content if isinstance(thing, Item) else {}


def _with_version(link: Link, side: Side, version: str) -> Link:
    if not version:
        return link
    if side is Side.MAILBOX:
        return replace(link, item_version=version)
    return replace(link, record_version=version)


def _stored(
    write: KeptWrite, wanted: Mapping[str, Any], outcome: Outcome | None
) -> dict[str, Any]:
    """Written fields as the provider stored them, as far as it said so."""
    told = None
    if outcome is not None:
        told = outcome.item if write.side is Side.MAILBOX else outcome.record
    if told is None:
        return dict(wanted)
    found = encode(told.content) if isinstance(told, Item) else dict(told.fields)
    return {name: found.get(name, value) for name, value in wanted.items()}


def is_untouched(pair: Pair) -> bool:
    """Whether what is left of an undone link is as the undo left it."""
    if pair.item_presence is Presence.DELETED:
        return False
    base = pair.link.base or Base()
    item, record = pair.item, pair.record
    if item is not None and (
        not base.item or changed_fields(base.item, dict(item.content))
    ):
        return False
    return record is None or (
        bool(base.record) and not changed_fields(base.record, record.fields)
    )
