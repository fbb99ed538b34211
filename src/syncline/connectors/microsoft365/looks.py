"""Looking at single items: is it there, gone, elsewhere or unreadable?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from syncline.connectors.base.http import Answer
from syncline.connectors.microsoft365.client import GraphClient
from syncline.connectors.microsoft365.events import is_master, is_occurrence
from syncline.connectors.microsoft365.faults import read_fault
from syncline.connectors.microsoft365.files import Files, list_files
from syncline.connectors.microsoft365.finding import Finder
from syncline.connectors.microsoft365.looked import change, missing, seen, unreadable
from syncline.connectors.microsoft365.manifest import TASK_DAYS_BACK
from syncline.connectors.microsoft365.messages import carries_files
from syncline.connectors.microsoft365.places import BIN, INBOX, SENT
from syncline.connectors.microsoft365.tasks import is_settled, split_task_id
from syncline.connectors.microsoft365.times import span_edges
from syncline.connectors.microsoft365.translate import (
    ANYWHERE,
    SHAPES,
    Place,
    Shape,
)
from syncline.connectors.microsoft365.wire import Contact, Event, Message, Page, Task
from syncline.domain.values.changes import Change, Presence
from syncline.domain.values.content import AllDaySpan, TimedSpan
from syncline.domain.values.faults import Fault
from syncline.domain.values.items import Item, Role, Window
from syncline.domain.values.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """What must be known besides the items that are looked at."""

    window: Window | None
    masters: Mapping[str, Event | Change]
    files: Mapping[str, Files]
    #: Series without an occurrence in the window.
    over: frozenset[str]
    #: Why some folder is not known.
    doubt: Fault | None


class Looker:
    """Looks at items of one mailbox."""

    def __init__(self, client: GraphClient) -> None:
        """Prepare; nothing is sent."""
        self._client = client
        self._finder = Finder(client)

    def look(
        self, kind: Kind, ids: Sequence[str], window: Window | None
    ) -> list[Change]:
        """One change per id, in order, our key included.

        Args:
            kind: Of all of them.
            ids: Immutable ids.
            window: What is synchronized; without one nothing is out of it.

        Raises:
            ProviderError: Access to the mailbox is lost.
        """
        if not ids:
            return []
        self._finder.find(kind)
        folders = self._finder.lacking(kind)
        parts = [self._client.item(kind, item_id) for item_id in ids]
        answers = self._client.send([*parts, *folders.values()], f"look at {kind}")
        doubt = self._finder.take(folders, answers[len(parts) :])
        told = [
            _decode(kind, item_id, answer)
            for item_id, answer in zip(ids, answers[: len(parts)], strict=True)
        ]
        shapes = [one for one in told if not isinstance(one, Change)]
        around = _Around(
            window=window,
            masters=self._masters(shapes),
            files=list_files(
                self._client,
                [
                    one.id
                    for one in shapes
                    if isinstance(one, Message) and carries_files(one)
                ],
            ),
            over=self._over(shapes, window),
            doubt=doubt,
        )
        return [
            one if isinstance(one, Change) else self._judge(kind, item_id, one, around)
            for item_id, one in zip(ids, told, strict=True)
        ]

    def _over(self, shapes: Sequence[Shape], window: Window | None) -> frozenset[str]:
        """Series that have no occurrence in the window."""
        if window is None:
            return frozenset()
        ids = [one.id for one in shapes if isinstance(one, Event) and is_master(one)]
        parts = [self._client.page(self._client.instances(one, window)) for one in ids]
        answers = self._client.send(parts, "look for occurrences")
        return frozenset(
            one
            for one, answer in zip(ids, answers, strict=True)
            if answer.is_success and _is_empty(answer)
        )

    def _masters(self, shapes: Sequence[Shape]) -> dict[str, Event | Change]:
        """Series of the occurrences that are looked at."""
        events = [one for one in shapes if isinstance(one, Event)]
        found: dict[str, Event | Change] = {
            one.id: one for one in events if not is_occurrence(one)
        }
        lacking = [one.series_master_id for one in events if one.series_master_id]
        ids = [one for one in dict.fromkeys(lacking) if one not in found]
        parts = [self._client.item(Kind.EVENT, one) for one in ids]
        answers = self._client.send(parts, "look at series")
        for master_id, answer in zip(ids, answers, strict=True):
            master = _decode(Kind.EVENT, master_id, answer)
            found[master_id] = master if isinstance(master, Event | Change) else _NONE
        return found

    def _judge(
        self,
        kind: Kind,
        item_id: str,
        raw: Shape,
        around: _Around,
    ) -> Change:
        files = around.files.get(raw.id, ())
        if isinstance(files, Fault):
            return change(kind, item_id, Presence.UNREADABLE, files)
        try:
            if isinstance(raw, Event) and is_occurrence(raw):
                master = around.masters[raw.series_master_id or ""]
                if isinstance(master, Change):
                    # Without its series it cannot be told which one it is.
                    return change(kind, item_id, master.presence, master.fault)
                item = self._client.translator.read_occurrence(raw, master)
            else:
                item = self._client.translator.read(
                    raw,
                    link_key_known=not isinstance(raw, Task),
                    place=self._place(item_id, raw),
                    item_id=item_id,
                    files=files,
                )
        except ValueError as error:
            return unreadable(kind, item_id, str(error))
        if item.id in around.over:
            return _in_scope(item, is_inside=False)
        return self._placed(item, raw, around)

    def _place(self, item_id: str, raw: Shape) -> Place:
        places = self._client.places
        if isinstance(raw, Task):
            return Place(is_filed=places.is_filing_list(split_task_id(item_id)[0]))
        if isinstance(raw, Event):
            return ANYWHERE
        is_mail = isinstance(raw, Message)
        filing = places.filed_mail if is_mail else places.filed_contacts
        folder = raw.parent_folder_id
        return Place(
            is_filed=folder in (filing or ()),
            is_sent=is_mail and bool(folder) and folder == places.mail.get(SENT),
        )

    def _placed(self, item: Item, raw: Shape, around: _Around) -> Change:
        """What is known of an item, given where it lies."""
        places, window = self._client.places, around.window
        if isinstance(raw, Contact | Message):
            # An immutable id still leads to what lies in Deleted Items.
            folder = raw.parent_folder_id
            if folder and folder == places.mail.get(BIN):
                return change(item.kind, item.id, Presence.DELETED)
            followed = {places.mail.get(INBOX), places.mail.get(SENT)}
            if isinstance(raw, Message) and folder:
                if item.is_filed or folder in followed:
                    return seen(item)
                if around.doubt is not None:
                    # It may be what was thrown away; or not.
                    fault = around.doubt
                    return change(item.kind, item.id, Presence.UNREADABLE, fault)
                return _in_scope(item, is_inside=False)
        if isinstance(raw, Task):
            settled = is_settled(item.content, self._client.now(), TASK_DAYS_BACK)
            return _in_scope(item, is_inside=not settled)
        is_inside = window is None or not is_outside(item, window)
        return _in_scope(item, is_inside=is_inside)


_NONE = unreadable(Kind.EVENT, "", "a series that is none")


def _in_scope(item: Item, *, is_inside: bool) -> Change:
    if is_inside:
        return seen(item)
    return change(item.kind, item.id, Presence.OUT_OF_SCOPE, item=item)


def _decode(kind: Kind, item_id: str, answer: Answer) -> Shape | Change:
    if not answer.is_success:
        return missing(kind, item_id, read_fault(answer))
    try:
        return msgspec.json.decode(answer.body, type=SHAPES[kind])
    except ValueError as error:
        return unreadable(kind, item_id, str(error))


def _is_empty(answer: Answer) -> bool:
    try:
        page = msgspec.json.decode(answer.body, type=Page)
    except msgspec.MsgspecError:
        return False
    return not page.value and not page.next_link


def is_outside(item: Item, window: Window) -> bool:
    """Whether an event lies entirely outside of a window.

    A series is not told by its times, which are those of the first occurrence.
    """
    span = item.content.get("when")
    if item.role is Role.MASTER or not isinstance(span, TimedSpan | AllDaySpan):
        return False
    begins_at, ends_at = span_edges(span)
    return ends_at <= window.start or begins_at >= window.end
