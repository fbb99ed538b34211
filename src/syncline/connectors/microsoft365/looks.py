"""Looking at single items: is it there, gone, elsewhere or unreadable?"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from syncline.connectors.base.http import Answer
from syncline.connectors.microsoft365.client import GraphClient
from syncline.connectors.microsoft365.faults import is_graphs_not_found, read_fault
from syncline.connectors.microsoft365.manifest import PROVIDER
from syncline.connectors.microsoft365.times import span_edges
from syncline.connectors.microsoft365.translate import SHAPES
from syncline.connectors.microsoft365.wire import Contact, Identified
from syncline.domain.errors import ProviderError
from syncline.domain.values.changes import Change, Presence
from syncline.domain.values.content import AllDaySpan, TimedSpan
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.items import Item, Window
from syncline.domain.values.kinds import Kind, Side

RECURRING = "recurring_series"


class Looker:
    """Looks at items of one mailbox."""

    def __init__(self, client: GraphClient) -> None:
        """Prepare; nothing is sent."""
        self._client = client
        self._deleted_folder: str | None = None

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
        parts = [self._client.item(kind, item_id) for item_id in ids]
        is_folder_asked = kind is Kind.CONTACT and self._deleted_folder is None
        if is_folder_asked:
            parts.append(self._client.deleted_items_folder())
        answers = self._client.send(parts, f"look at {kind}")
        if is_folder_asked:
            self._deleted_folder = _folder_id(answers.pop())
        return [
            self._judge(kind, item_id, answer, window)
            for item_id, answer in zip(ids, answers, strict=True)
        ]

    def _judge(
        self, kind: Kind, item_id: str, answer: Answer, window: Window | None
    ) -> Change:
        if not answer.is_success:
            return _missing(kind, item_id, read_fault(answer))
        try:
            raw = msgspec.json.decode(answer.body, type=SHAPES[kind])
            item = self._client.translator.read(raw, link_key_known=True)
        except ValueError as error:
            return unreadable(kind, item_id, str(error))
        presence = Presence.SEEN
        if isinstance(raw, Contact):
            # An immutable id still leads to what lies in Deleted Items.
            if raw.parent_folder_id and raw.parent_folder_id == self._deleted_folder:
                return change(kind, item_id, Presence.DELETED)
        elif window is not None and is_outside(item, window):
            presence = Presence.OUT_OF_SCOPE
        return Change(
            side=Side.MAILBOX, kind=kind, id=item_id, presence=presence, thing=item
        )


def _missing(kind: Kind, item_id: str, fault: Fault) -> Change:
    if fault.fault_class is FaultClass.ACCESS:
        raise ProviderError.of(fault)
    if is_graphs_not_found(fault):
        return change(kind, item_id, Presence.DELETED)
    return change(kind, item_id, Presence.UNREADABLE, fault)


def _folder_id(answer: Answer) -> str:
    """The folder's id; empty when we may not see it (no scope for mail)."""
    if not answer.is_success:
        return ""
    try:
        return msgspec.json.decode(answer.body, type=Identified).id
    except msgspec.MsgspecError:
        return ""


def change(
    kind: Kind, item_id: str, presence: Presence, fault: Fault | None = None
) -> Change:
    """A change without content."""
    return Change(
        side=Side.MAILBOX, kind=kind, id=item_id, presence=presence, fault=fault
    )


def unreadable(kind: Kind, item_id: str, why: str) -> Change:
    """The change for an item that makes no sense."""
    fault = Fault(
        fault_class=FaultClass.BAD_RESPONSE,
        provider=PROVIDER,
        operation=f"read {kind}",
        code="BadResponse",
        message=why[:200],
    )
    return change(kind, item_id, Presence.UNREADABLE, fault)


def is_outside(item: Item, window: Window) -> bool:
    """Whether an event lies entirely outside of a window.

    A series is never: its master carries the times of the first occurrence.
    """
    span = item.content.get("when")
    if item.unsupported == RECURRING or not isinstance(span, TimedSpan | AllDaySpan):
        return False
    begins_at, ends_at = span_edges(span)
    return ends_at <= window.start or begins_at >= window.end
