"""One mark order on its way, and what is known of its item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from syncline.connectors.base.http import Answer
from syncline.connectors.microsoft365.faults import read_fault
from syncline.connectors.microsoft365.tasks import own_resource, read_task_key
from syncline.connectors.microsoft365.translate import read_link_key
from syncline.connectors.microsoft365.wire import Marked
from syncline.domain.values.faults import Fault
from syncline.domain.values.ids import LinkKey
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import MarkOrder

#: Looks at one item before its mark is given up as contested.
_LOOKS = 2


@dataclass(slots=True, kw_only=True)
class MarkJob:
    """One order on its way."""

    order: MarkOrder
    categories: tuple[str, ...] | None
    version: str
    link_key: LinkKey | None = None
    #: What we tied to a task so far.
    resource_id: str = ""
    #: Where a message lies, and who sent it.
    folder: str = ""
    sender: str = ""
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
        order = self.order
        must_tie = order.kind is Kind.TASK and order.set_link_key
        must_place = order.kind is Kind.MESSAGE and order.unfile
        is_known = self.categories is not None and bool(self.version)
        return not is_known or (self.looks == 0 and (must_tie or must_place))

    @property
    def must_tie(self) -> bool:
        """Whether our key must be put on a task, which is a call of its own."""
        order = self.order
        is_task = order.kind is Kind.TASK and order.set_link_key
        return is_task and self.link_key != order.key

    def wanted(self) -> tuple[str, ...]:
        """The categories to be written."""
        return merge(self.categories or (), self.order.add, self.order.remove)

    def take_look(self, answer: Answer) -> None:
        """Note what the item carries, and where it lies."""
        self.looks += 1
        if not answer.is_success:
            self.fault = read_fault(answer)
            return
        found = read_marked(answer)
        if found is None:
            self.fault = answer.bad_response("the item makes no sense").fault
            return
        self.categories = tuple(found.categories or ())
        self.version = found.etag or ""
        self.folder = found.parent_folder_id or ""
        self.sender = _sender(found)
        self.link_key = read_link_key(found.single_value_extended_properties or ())
        if self.order.kind is Kind.TASK:
            own = own_resource(found.linked_resources or ())
            self.resource_id = own.id if own else ""
            self.link_key = read_task_key(found.linked_resources or ())

    def take_write(self, answer: Answer) -> None:
        """Note the version that a write has left behind."""
        found = read_marked(answer)
        self.version = (found.etag if found else "") or ""

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


def _sender(found: Marked) -> str:
    address = found.from_.email_address if found.from_ else None
    return ((address.address or "") if address else "").strip().lower()


def read_marked(answer: Answer) -> Marked | None:
    """An item as far as marks are concerned; None when it makes no sense."""
    try:
        return msgspec.json.decode(answer.body, type=Marked)
    except msgspec.MsgspecError:
        return None
