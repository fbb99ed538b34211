"""Puts our categories, and our link key, on items; takes them off again.

`categories` is one list that a write replaces whole, so it is merged with what
the item carries and written under its version. Categories and extended
properties mail nobody, not even on somebody else's meeting.

    task without our key --tie--> looked at --categories--> done
    message in the filing folder --categories--> moved home --> done

Each step is harmless when it is repeated, and left out when it is done already.
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
from syncline.connectors.microsoft365.finding import Finder
from syncline.connectors.microsoft365.manifest import BATCH_SIZE, PROVIDER
from syncline.connectors.microsoft365.places import INBOX, SENT
from syncline.connectors.microsoft365.tasks import own_resource
from syncline.connectors.microsoft365.translate import link_key_body, read_link_key
from syncline.connectors.microsoft365.wire import Identified, Marked
from syncline.domain.errors import ProviderError
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.ids import LinkKey
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import MarkOrder, MarkOutcome

#: Looks at one item before its mark is given up as contested.
_LOOKS = 2


@dataclass(slots=True, kw_only=True)
class _Job:
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
        self._finder = Finder(client)

    def mark(self, orders: Sequence[MarkOrder]) -> list[MarkOutcome]:
        """Do orders, one outcome each; see `ports.ItemMarker`."""
        self._master_list.ensure(name for order in orders for name in order.add)
        tasks = [
            _Job(order=o, categories=o.categories, version=o.version) for o in orders
        ]
        if any(order.unfile for order in orders):
            self._finder.find_filing_folder()
        attempt = 1
        while pending := [t for t in tasks if t.is_open]:
            self._look([t for t in pending if t.must_look])
            doubt = self._advance([t for t in pending if t.is_open])
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
        self._offer_folder()

    def tidy(self, names_in_use: frozenset[str]) -> None:
        """Remove our detail categories that no item carries any longer."""
        self._master_list.tidy(names_in_use)

    def _offer_folder(self) -> None:
        """Make the folder from which messages are saved, if there is none."""
        try:
            self._finder.find_filing_folder()
        except ProviderError as error:
            if error.fault.fault_class is FaultClass.ACCESS:
                raise
            return  # no mail here, or none for us: nothing to file
        places = self._client.places
        if places.filed_mail:
            return
        part = self._client.new_filing_folder()
        (answer,) = self._client.send([part], "make filing folder")
        if answer.is_success:
            places.filed_mail = frozenset({answer.decode(Identified).id})

    def _advance(self, tasks: Sequence[_Job]) -> Fault | None:
        """Take each one step further.

        Returns:
            A fault that leaves some of it unknown; repeating it is harmless.

        Raises:
            ProviderError: Nothing can be written now.
        """
        untied = [t for t in tasks if t.must_tie]
        if untied:
            return self._tie(untied)
        doubt = self._write([t for t in tasks if t.is_open])
        return self._bring_home(tasks) or doubt

    def _tie(self, tasks: Sequence[_Job]) -> Fault | None:
        parts = [
            self._client.tie(t.order.item_id, t.order.key, t.resource_id) for t in tasks
        ]
        doubt = None
        for task, answer in zip(tasks, self._send(parts, "tie tasks"), strict=True):
            # The task has another version now; whether our key is there, a look
            # tells, whatever became of the call.
            task.categories, task.version = None, ""
            if answer.is_success:
                task.link_key = task.order.key
                continue
            fault = read_fault(answer)
            if is_in_doubt(fault):
                doubt = fault
            else:
                task.fault = fault
        return doubt

    def _bring_home(self, tasks: Sequence[_Job]) -> Fault | None:
        """Move messages that are done out of the filing folder."""
        filed = self._client.places.filed_mail or frozenset()
        moved = [
            t
            for t in tasks
            if t.is_done and t.order.unfile and t.folder and t.folder in filed
        ]
        parts = [self._client.move(t.order.item_id, self._home(t)) for t in moved]
        doubt = None
        for task, answer in zip(moved, self._send(parts, "move home"), strict=True):
            if answer.is_success:
                found = _read(answer)
                task.folder = ""
                task.version = (found.etag if found else "") or ""
                continue
            task.is_done = False
            fault = read_fault(answer)
            if is_in_doubt(fault):
                doubt = fault
                task.looks, task.folder = 0, ""
            else:
                task.fault = fault
        return doubt

    def _home(self, task: _Job) -> str:
        is_own = task.sender == self._client.translator.mailbox.lower()
        return SENT if is_own else INBOX

    def _send(self, parts: Sequence[Part], operation: str) -> list[Answer]:
        """Answers to parts; a batch that is in doubt leaves each part in doubt.

        Raises:
            ProviderError: Nothing can be written now.
        """
        try:
            return self._client.send(parts, operation)
        except ProviderError as error:
            if not is_in_doubt(error.fault):
                raise
            # Status 0 reads as a senseless answer: whether it was done is unknown.
            lost = Answer(provider=PROVIDER, operation=operation, status=0)
            return [lost] * len(parts)

    def _look(self, tasks: Sequence[_Job]) -> None:
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
            task.folder = found.parent_folder_id or ""
            task.sender = _sender(found)
            if task.order.kind is Kind.TASK:
                own = own_resource(found.linked_resources or ())
                task.resource_id = own.id if own else ""
                key = LinkKey(own.external_id) if own and own.external_id else None
                task.link_key = key
                continue
            task.link_key = read_link_key(found.single_value_extended_properties or ())

    def _write(self, tasks: Sequence[_Job]) -> Fault | None:
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

    def _part(self, task: _Job) -> Part | None:
        order = task.order
        wanted = task.wanted()
        body: dict[str, object] = {}
        if wanted != task.categories:
            body["categories"] = list(wanted)
        is_property = order.kind is not Kind.TASK
        if is_property and order.set_link_key and task.link_key != order.key:
            body |= link_key_body(order.key)
        if not body:
            return None
        return self._client.update(order.kind, order.item_id, body, task.version)

    def _take(self, task: _Job, answer: Answer) -> Fault | None:
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


def _sender(found: Marked) -> str:
    address = found.from_.email_address if found.from_ else None
    return ((address.address or "") if address else "").strip().lower()


def _read(answer: Answer) -> Marked | None:
    try:
        return msgspec.json.decode(answer.body, type=Marked)
    except msgspec.MsgspecError:
        return None
