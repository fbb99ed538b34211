"""Puts our categories, and our link key, on items; takes them off again.

`categories` is one list that a write replaces whole, so it is merged with what
the item carries and written under its version. Categories and extended
properties mail nobody, not even on somebody else's meeting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from syncline.connectors.base.http import Answer
from syncline.connectors.microsoft365.batches import Part
from syncline.connectors.microsoft365.categories import MasterList
from syncline.connectors.microsoft365.client import GraphClient
from syncline.connectors.microsoft365.faults import is_in_doubt, read_fault
from syncline.connectors.microsoft365.manifest import BATCH_SIZE
from syncline.connectors.microsoft365.translate import link_key_body, read_link_key
from syncline.connectors.microsoft365.wire import Marked
from syncline.domain.errors import ProviderError
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.ids import LinkKey
from syncline.domain.values.operations import MarkOrder, MarkOutcome

#: Looks at one item before its mark is given up as contested.
_LOOKS = 2


@dataclass(slots=True, kw_only=True)
class _Task:
    """One order on its way."""

    order: MarkOrder
    categories: tuple[str, ...] | None
    version: str
    link_key: LinkKey | None = None
    looks: int = 0
    fault: Fault | None = None
    is_done: bool = False

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return not self.is_done and self.fault is None

    @property
    def must_look(self) -> bool:
        """Whether what the item carries is not known under a version."""
        return self.categories is None or not self.version

    def wanted(self) -> tuple[str, ...]:
        """The categories to be written."""
        return merge(self.categories or (), self.order.add, self.order.remove)

    def forget(self, fault: Fault) -> None:
        """It changed meanwhile; look again, or give up."""
        if self.looks >= _LOOKS:
            self.fault = fault
        self.categories, self.version = None, ""


def merge(
    current: Sequence[str], add: Sequence[str], remove: Sequence[str]
) -> tuple[str, ...]:
    """Current categories without some and with others, order kept.

    Names are compared without regard to case, as Outlook does; one that is
    there already keeps its spelling.
    """
    unwanted = {name.lower() for name in remove} - {name.lower() for name in add}
    kept = [name for name in current if name.lower() not in unwanted]
    known = {name.lower() for name in kept}
    for name in add:
        if name.lower() not in known:
            known.add(name.lower())
            kept.append(name)
    return tuple(kept)


class GraphItemMarker:
    """Marks on the items of one Microsoft 365 mailbox."""

    batch_size = BATCH_SIZE

    def __init__(self, client: GraphClient) -> None:
        """Prepare; nothing is sent."""
        self._client = client
        self._master_list = MasterList(client)

    def mark(self, orders: Sequence[MarkOrder]) -> list[MarkOutcome]:
        """Do orders, one outcome each; see `ports.ItemMarker`."""
        self._master_list.ensure(name for order in orders for name in order.add)
        tasks = [
            _Task(order=o, categories=o.categories, version=o.version) for o in orders
        ]
        attempt = 1
        while pending := [t for t in tasks if t.is_open]:
            self._look([t for t in pending if t.must_look])
            doubt = self._write([t for t in pending if t.is_open])
            if doubt is not None and not self._client.http.pause(doubt, attempt):
                for task in pending:
                    if task.is_open:
                        task.fault = doubt
            attempt += 1
        return [
            MarkOutcome(order=t.order, fault=t.fault, version=t.version) for t in tasks
        ]

    def offer(self, names: Sequence[str]) -> None:
        """See `ports.ItemMarker`."""
        self._master_list.ensure(names)

    def tidy(self, names_in_use: frozenset[str]) -> None:
        """Remove our detail categories that no item carries any longer."""
        self._master_list.tidy(names_in_use)

    def _look(self, tasks: Sequence[_Task]) -> None:
        parts = [self._client.item_marks(t.order.kind, t.order.item_id) for t in tasks]
        answers = self._client.send(parts, "look before a mark")
        for task, answer in zip(tasks, answers, strict=True):
            task.looks += 1
            if not answer.is_success:
                task.fault = read_fault(answer)
                continue
            found = _read(answer)
            if found is None:
                task.fault = answer.bad_response("the item makes no sense").fault
                continue
            task.categories = tuple(found.categories or ())
            task.version = found.etag or ""
            task.link_key = read_link_key(found.single_value_extended_properties or ())

    def _write(self, tasks: Sequence[_Task]) -> Fault | None:
        """Write what would change something.

        Returns:
            A fault that leaves some of it unknown; repeating it is harmless.

        Raises:
            ProviderError: Nothing can be written now.
        """
        parts = {i: self._part(task) for i, task in enumerate(tasks)}
        for i, part in parts.items():
            tasks[i].is_done = part is None
        sent = [(tasks[i], part) for i, part in parts.items() if part is not None]
        try:
            answers = self._client.send([part for _, part in sent], "mark items")
        except ProviderError as error:
            if not is_in_doubt(error.fault):
                raise
            return error.fault
        doubt = None
        for (task, _), answer in zip(sent, answers, strict=True):
            doubt = self._take(task, answer) or doubt
        return doubt

    def _part(self, task: _Task) -> Part | None:
        order = task.order
        wanted = task.wanted()
        body: dict[str, object] = {}
        if wanted != task.categories:
            body["categories"] = list(wanted)
        if order.set_link_key and task.link_key != order.key:
            body |= link_key_body(order.key)
        if not body:
            return None
        return self._client.update(order.kind, order.item_id, body, task.version)

    def _take(self, task: _Task, answer: Answer) -> Fault | None:
        if answer.is_success:
            found = _read(answer)
            task.is_done = True
            task.version = (found.etag if found else "") or ""
            return None
        fault = read_fault(answer)
        if is_in_doubt(fault):
            return fault
        if fault.fault_class is FaultClass.VERSION:
            task.forget(fault)
        else:
            task.fault = fault
        return None


def _read(answer: Answer) -> Marked | None:
    try:
        return msgspec.json.decode(answer.body, type=Marked)
    except msgspec.MsgspecError:
        return None
