"""Bring together what belongs together: link, item and record.

In this order: the stored link by id, the key that both sides carry, the link
by key, and last the natural key (e-mail address of a contact; subject and
start of an event), and only where it names one on each side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from syncline.domain.access.mailbox import Mailbox
from syncline.domain.engine.keys import (
    is_mirrored_key,
    item_key,
    record_key,
    record_series_key,
    series_key,
    unread_key,
    was_unread,
)
from syncline.domain.issues.marking import inherited_marks
from syncline.domain.mapping.event import starts_at
from syncline.domain.values.changes import Change, Presence
from syncline.domain.values.content import format_instant
from syncline.domain.values.faults import Fault
from syncline.domain.values.ids import ItemId, LinkKey, RecordId
from syncline.domain.values.items import Item, Record, Role
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Link, LinkState


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One link with what was observed of its two ends."""

    link: Link
    item_presence: Presence = Presence.UNSEEN
    record_presence: Presence = Presence.UNSEEN
    item: Item | None = None
    record: Record | None = None
    fault: Fault | None = None
    is_new: bool = False

    @property
    def is_readable(self) -> bool:
        """Whether every end that there should be was looked at and made sense."""
        link = self.link
        ends = (
            (link.item_id, self.item_presence),
            (link.record_id, self.record_presence),
        )
        unknown = (Presence.UNSEEN, Presence.SUSPECT, Presence.UNREADABLE)
        return not any(name and presence in unknown for name, presence in ends)


class _Index:
    """Links by everything that can name them."""

    def __init__(self, links: Iterable[Link]) -> None:
        self.by_key: dict[LinkKey, Link] = {}
        self.by_item: dict[str, Link] = {}
        self.by_record: dict[str, Link] = {}
        for link in links:
            self.add(link)

    def add(self, link: Link) -> None:
        self.by_key[link.key] = link
        if link.item_id:
            self._prefer_live(self.by_item, link.item_id, link)
        if link.record_id:
            self._prefer_live(self.by_record, link.record_id, link)

    def drop(self, link: Link) -> None:
        """Forget a link that has only an item."""
        self.by_key.pop(link.key, None)
        if link.item_id:
            self.by_item.pop(link.item_id, None)

    @staticmethod
    def _prefer_live(index: dict[str, Link], name: str, link: Link) -> None:
        held = index.get(name)
        if held is None or held.state is LinkState.TOMBSTONE:
            index[name] = link


def pair(
    mailbox: Mailbox,
    item_changes: Sequence[Change],
    record_changes: Sequence[Change],
    links: Iterable[Link],
) -> list[Pair]:
    """Pair all changes of a session.

    Args:
        mailbox: Whose session it is; goes into new keys.
        item_changes: One per item.
        record_changes: One per record.
        links: At least the links that any of the changes can belong to.

    Returns:
        One pair per link that anything was observed of; changes of things that
        are neither known nor readable items are left out.
    """
    index = _Index(links)
    pairs: dict[LinkKey, Pair] = {}
    # What comes back under a new id must have the last word.
    vanished = _vanished(item_changes)
    for change in sorted(item_changes, key=lambda c: _precedence(mailbox, c)):
        stand_in = _stand_in(mailbox, change, index)
        if stand_in is not None:
            # What it stood for can be read now, and gets a link by its true key.
            index.drop(stand_in)
            pairs[stand_in.key] = Pair(link=stand_in, item_presence=Presence.DELETED)
        link, is_new = _link_of_item(mailbox, change, index, vanished)
        if link is not None:
            index.add(link)
            pairs[link.key] = _with_item(pairs.get(link.key), link, change, is_new)
    strangers: list[Change] = []
    vanished = _vanished(record_changes)
    for change in sorted(record_changes, key=_is_seen):
        found = _link_of_record(mailbox, change, index, vanished)
        if found is None:
            strangers.append(change)
        else:
            pairs[found.key] = _with_record(pairs.get(found.key), found, change)
    for change in _left_by_nature(pairs, strangers):
        if isinstance(change.thing, Record):
            link = _new_record_link(mailbox, change.thing)
            link = index.by_key.get(link.key, link)
            before = pairs.get(link.key)
            pairs[link.key] = _with_record(before, link, change, is_new=before is None)
    return list(pairs.values())


def _vanished(changes: Iterable[Change]) -> set[str]:
    return {c.id for c in changes if c.presence is Presence.DELETED}


def _precedence(mailbox: Mailbox, change: Change) -> tuple[bool, bool]:
    """What vanished first, then originals, then copies that carry another's key."""
    item = change.thing
    if not isinstance(item, Item) or item.role is Role.OCCURRENCE:
        return _is_seen(change), False
    is_copy = item.link_key is not None and item.link_key != item_key(mailbox, item)
    return _is_seen(change), is_copy


def _is_seen(change: Change) -> bool:
    return change.presence is Presence.SEEN


def _stand_in(mailbox: Mailbox, change: Change, index: _Index) -> Link | None:
    link = index.by_item.get(change.id)
    is_readable = isinstance(change.thing, Item)
    return link if link and is_readable and was_unread(mailbox, link) else None


def _link_of_item(
    mailbox: Mailbox, change: Change, index: _Index, vanished: set[str]
) -> tuple[Link | None, bool]:
    known = index.by_item.get(change.id)
    if known is not None:
        return known, False
    item = change.thing
    if not isinstance(item, Item):
        if change.presence is not Presence.UNREADABLE:
            return None, False
        key = unread_key(mailbox, change.kind, change.id)
        return index.by_key.get(key) or _unread_link(change, key), True
    own_key = item_key(mailbox, item)
    # An occurrence carries the key of its series.
    carried = None if item.role is Role.OCCURRENCE else item.link_key
    for candidate in (carried, own_key):
        link = index.by_key.get(candidate) if candidate else None
        if link is not None and _may_adopt(link, item, vanished):
            return replace(link, item_id=item.id), False
    known = index.by_key.get(own_key)
    if known is not None and known.state is not LinkState.TOMBSTONE:
        # Another copy of what is known: the same message in a second folder.
        return None, False
    if carried and carried.startswith(f"{mailbox.key}-"):
        own = _new_item_link(mailbox, item)
        if not _is_taken(carried, index):
            return replace(own, key=carried), True
    return _new_item_link(mailbox, item), True


def _is_taken(key: LinkKey, index: _Index) -> bool:
    return key in index.by_key


def _may_adopt(link: Link, item: Item, vanished: set[str]) -> bool:
    """Whether an item with a new id is the link's own item come back.

    A copy carries the original's key too; it is somebody else while the
    original is there.
    """
    if link.kind is not item.kind:
        return False
    if link.item_id is None or link.item_id == item.id:
        return True
    return link.item_id in vanished


def _link_of_record(
    mailbox: Mailbox, change: Change, index: _Index, vanished: set[str]
) -> Link | None:
    known = index.by_record.get(change.id)
    if known is not None:
        return known
    record = change.thing
    if not isinstance(record, Record):
        return None
    copied = index.by_key.get(record_key(mailbox, record))
    if copied is not None and copied.record_id is None:
        # Its item was made from this record; that was not remembered.
        return replace(copied, origin=Side.CRM)
    if record.link_key:
        link = index.by_key.get(record.link_key)
        if link is not None and link.record_id in (None, record.id):
            return link
        if link is not None and link.state is LinkState.TOMBSTONE:
            return link
        if link is not None and link.record_id in vanished:
            # We made it anew; that was not remembered.
            return replace(link, record_id=record.id)
    return None


def _with_item(before: Pair | None, link: Link, change: Change, is_new: bool) -> Pair:
    pair_ = before or Pair(link=link, is_new=is_new)
    return replace(
        pair_,
        link=link,
        item_presence=change.presence,
        item=change.thing if isinstance(change.thing, Item) else None,
        fault=change.fault or pair_.fault,
    )


def _with_record(
    before: Pair | None, link: Link, change: Change, *, is_new: bool = False
) -> Pair:
    pair_ = before or Pair(link=link, is_new=is_new)
    adopted = replace(
        pair_.link,
        origin=link.origin,
        record_id=link.record_id or RecordId(change.id),
        is_mirrored=link.is_mirrored or _is_mirrored(change),
    )
    return replace(
        pair_,
        link=adopted,
        record_presence=change.presence,
        record=change.thing if isinstance(change.thing, Record) else None,
        fault=change.fault or pair_.fault,
    )


def _is_mirrored(change: Change) -> bool:
    return isinstance(change.thing, Record) and change.thing.is_mirrored


def _left_by_nature(
    pairs: dict[LinkKey, Pair], strangers: list[Change]
) -> list[Change]:
    """Join new items and strange records whose natural key is theirs alone.

    Returns:
        The strangers that stay alone.
    """
    lonely: dict[object, list[Pair]] = defaultdict(list)
    for pair_ in pairs.values():
        if pair_.item and pair_.link.record_id is None and _is_open(pair_.link):
            lonely[_item_nature(pair_.item)].append(pair_)
    by_nature: dict[object, list[Change]] = defaultdict(list)
    for change in strangers:
        if isinstance(change.thing, Record):
            by_nature[_record_nature(change.thing)].append(change)
    joined: set[str] = set()
    for nature, changes in by_nature.items():
        if nature is None:
            continue
        for pair_, change in _plain_matches(lonely.get(nature, []), changes):
            pairs[pair_.link.key] = _with_record(pair_, pair_.link, change)
            joined.add(change.id)
    return [change for change in strangers if change.id not in joined]


def _plain_matches(
    items: list[Pair], changes: list[Change]
) -> Iterator[tuple[Pair, Change]]:
    """Those of one natural key that leave no doubt; among several the name decides."""
    if len(items) == len(changes) == 1:
        yield items[0], changes[0]
        return
    by_name: dict[str, list[Pair]] = defaultdict(list)
    for pair_ in items:
        by_name[pair_.item.name if pair_.item else ""].append(pair_)
    named: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        named[change.thing.name if change.thing else ""].append(change)
    for name, those in named.items():
        if name and len(those) == len(by_name.get(name, ())) == 1:
            yield by_name[name][0], those[0]


def _is_open(link: Link) -> bool:
    return link.state is LinkState.PENDING


def _item_nature(item: Item) -> object:
    if item.kind is Kind.MESSAGE or item.role is Role.MASTER:
        return None
    if item.kind is Kind.TASK:
        subject, due = item.content.get("subject"), item.content.get("due")
        return (item.kind, str(subject).casefold(), due) if subject and due else None
    if item.kind is Kind.CONTACT:
        emails = item.content.get("emails")
        first = emails[0] if isinstance(emails, tuple) and emails else None
        return (item.kind, first) if first else None
    start = starts_at(item.content.get("when"))
    subject = item.content.get("subject")
    if start is None or not subject or item.unsupported or not item.is_organizer:
        return None
    return (item.kind, str(subject).casefold(), format_instant(start))


def _record_nature(record: Record) -> object:
    fields = record.fields
    if record.kind is Kind.MESSAGE or record.unsupported or record.is_mirrored:
        return None
    if record.kind is Kind.TASK:
        subject, due = fields.get("Subject"), fields.get("ActivityDate")
        return (record.kind, str(subject).casefold(), due) if subject and due else None
    if record.kind is Kind.CONTACT:
        email = fields.get("Email")
        return (record.kind, str(email).lower()) if email else None
    start = fields.get("StartDateTime")
    if fields.get("IsAllDayEvent") and fields.get("ActivityDate"):
        start = f"{fields['ActivityDate']}T00:00:00Z"
    subject = fields.get("Subject")
    if not start or not subject:
        return None
    return (record.kind, str(subject).casefold(), start)


def _new_item_link(mailbox: Mailbox, item: Item) -> Link:
    of_series = series_key(mailbox, item)
    is_mirrored = is_mirrored_key(item.link_key)
    return Link(
        key=item_key(mailbox, item),
        kind=item.kind,
        state=LinkState.PENDING,
        origin=Side.CRM if is_mirrored else Side.MAILBOX,
        item_id=item.id,
        item_uid=item.uid,
        # Marks lie on the series, so an occurrence never has any of its own.
        marks=() if of_series else inherited_marks(item.categories),
        series_key=of_series,
        is_mirrored=is_mirrored,
    )


def _new_record_link(mailbox: Mailbox, record: Record) -> Link:
    return Link(
        key=record_key(mailbox, record),
        kind=record.kind,
        state=LinkState.PENDING,
        origin=Side.CRM,
        record_id=record.id,
        series_key=record_series_key(mailbox, record),
        is_mirrored=record.is_mirrored,
    )


def _unread_link(change: Change, key: LinkKey) -> Link:
    return Link(
        key=key,
        kind=change.kind,
        state=LinkState.PENDING,
        origin=change.side,
        item_id=ItemId(change.id),
    )
