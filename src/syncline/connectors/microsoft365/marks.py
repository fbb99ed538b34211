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

from syncline.connectors.base.http import Answer
from syncline.connectors.microsoft365.batches import Part
from syncline.connectors.microsoft365.categories import MasterList
from syncline.connectors.microsoft365.client import GraphClient
from syncline.connectors.microsoft365.faults import is_final, is_in_doubt, read_fault
from syncline.connectors.microsoft365.finding import Finder
from syncline.connectors.microsoft365.manifest import BATCH_SIZE
from syncline.connectors.microsoft365.mark_jobs import MarkJob
from syncline.connectors.microsoft365.mark_steps import bring_home, tie
from syncline.connectors.microsoft365.translate import link_key_body
from syncline.connectors.microsoft365.wire import Identified
from syncline.domain.errors import ProviderError
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import MarkOrder, MarkOutcome


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
            MarkJob(order=o, categories=o.categories, version=o.version) for o in orders
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

    def withdraw(self, names: Sequence[str]) -> None:
        """Remove categories from the master list; see `ports.ItemMarker`."""
        self._master_list.withdraw(names)

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

    def _advance(self, tasks: Sequence[MarkJob]) -> Fault | None:
        """Take each one step further.

        Returns:
            A fault that leaves some of it unknown; repeating it is harmless.

        Raises:
            ProviderError: Nothing can be written now.
        """
        untied = [t for t in tasks if t.must_tie]
        if untied:
            return tie(self._client, untied)
        doubt = self._write([t for t in tasks if t.is_open])
        return bring_home(self._client, tasks) or doubt

    def _look(self, tasks: Sequence[MarkJob]) -> None:
        parts = [self._client.item_marks(t.order.kind, t.order.item_id) for t in tasks]
        answers = self._client.send(parts, "look before a mark")
        for task, answer in zip(tasks, answers, strict=True):
            task.take_look(answer)

    def _write(self, tasks: Sequence[MarkJob]) -> Fault | None:
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
            if is_final(error.fault):
                raise
            return error.fault
        doubt = None
        for (task, _), answer in zip(sent, answers, strict=True):
            doubt = self._take(task, answer) or doubt
        return doubt

    def _part(self, task: MarkJob) -> Part | None:
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

    def _take(self, task: MarkJob, answer: Answer) -> Fault | None:
        if answer.is_success:
            task.is_done = True
            task.take_write(answer)
            return None
        fault = read_fault(answer)
        if is_in_doubt(fault):
            return fault
        if fault.fault_class is FaultClass.VERSION:
            task.forget(fault)
        else:
            task.fault = fault
        return None
