"""Carries out writes on a mailbox, 20 to a request, each exactly once.

    queued --look--> refused | done already | pending
    pending --send--> done | failed | stale | in doubt
    stale --look--> done (it says what we wanted) | failed (VERSION)
    in doubt --look up contacts--> done | pending, sent again

A write whose answer is lost may have taken effect. Repeating is safe all the
same: an update or deletion is guarded by its version or says the same again,
an event carries a transaction id, and a contact is looked up by our key before
it is created, always, since the answer may have been lost by a process that is
gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import msgspec

from syncline.connectors.base.http import Answer
from syncline.connectors.microsoft365.batches import Part
from syncline.connectors.microsoft365.bodies import is_text
from syncline.connectors.microsoft365.client import GraphClient
from syncline.connectors.microsoft365.faults import (
    is_graphs_not_found,
    is_in_doubt,
    read_fault,
)
from syncline.connectors.microsoft365.guests import find_refusal, must_look
from syncline.connectors.microsoft365.manifest import BATCH_SIZE
from syncline.connectors.microsoft365.translate import (
    SHAPES,
    content_body,
    creation_body,
    has_fields,
)
from syncline.connectors.microsoft365.wire import Event, Page
from syncline.domain.errors import ProviderError
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.items import Item
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.operations import Operation, Outcome, Verb

_CONFLICT = 409


@dataclass(slots=True, kw_only=True)
class _Task:
    """One operation on its way."""

    operation: Operation
    #: Guards the write; from the operation, or from the look before it.
    version: str
    outcome: Outcome | None = None
    #: The last fault, while the outcome is unknown.
    doubt: Fault | None = None
    is_stale: bool = False
    #: What a look before the write found.
    current: Item | None = field(default=None)

    def fail(self, fault: Fault) -> None:
        """It did not happen."""
        self.outcome = Outcome(operation=self.operation, fault=fault)


class GraphItemWriter:
    """Writes of one Microsoft 365 mailbox."""

    side = Side.MAILBOX
    batch_size = BATCH_SIZE

    def __init__(self, client: GraphClient) -> None:
        """Prepare; nothing is sent."""
        self._client = client

    def write(self, operations: Sequence[Operation]) -> list[Outcome]:
        """Do operations, one outcome each; see `ports.ItemWriter`."""
        tasks = [_Task(operation=o, version=o.version) for o in operations]
        try:
            self._work(tasks)
        except ProviderError as error:
            if all(t.outcome is None and t.doubt is None for t in tasks):
                raise
            for task in _open(tasks):
                task.fail(error.fault)
        return [task.outcome for task in tasks if task.outcome is not None]

    def _work(self, tasks: Sequence[_Task]) -> None:
        self._look_first(tasks)
        attempt = 1
        while pending := _open(tasks):
            self._send(pending)
            self._settle_stale([t for t in pending if t.is_stale])
            doubtful = [t for t in pending if t.doubt is not None]
            if not doubtful:
                continue
            fault = doubtful[0].doubt
            assert fault is not None
            if not self._client.http.pause(fault, attempt):
                for task in doubtful:
                    task.fail(task.doubt or fault)
                return
            attempt += 1
            self._find_created(doubtful)

    # --- before ---

    def _look_first(self, tasks: Sequence[_Task]) -> None:
        self._find_created(tasks)
        looks = [t for t in _open(tasks) if must_look(t.operation)]
        for task, answer in zip(looks, self._look(looks), strict=True):
            self._take_look(task, answer)
        for task in _open(tasks):
            refusal = find_refusal(task.operation, task.current or task.operation.item)
            if refusal is not None:
                task.fail(refusal)

    def _look(self, tasks: Sequence[_Task]) -> list[Answer]:
        parts = [
            self._client.item(t.operation.kind, t.operation.target_id or "")
            for t in tasks
        ]
        return self._client.send(parts, "look before a write")

    def _take_look(self, task: _Task, answer: Answer) -> None:
        fault = None if answer.is_success else read_fault(answer)
        if fault is None:
            task.current = self._read(task.operation, answer.body)
            if task.current is None:
                fault = answer.bad_response("the item makes no sense").fault
        if fault is not None and _is_gone(task.operation, fault):
            task.outcome = _done(task.operation)
        elif fault is not None:
            task.fail(fault)
        elif task.current is not None and not task.version:
            task.version = task.current.version

    def _find_created(self, tasks: Sequence[_Task]) -> None:
        """Settle the creations of contacts that are there already."""
        asked = [
            t
            for t in _open(tasks)
            if t.operation.verb is Verb.CREATE and t.operation.kind is Kind.CONTACT
        ]
        self._find(asked)

    def _find(self, tasks: Sequence[_Task]) -> None:
        """Look items up by our key; those that are there are done.

        Raises:
            ProviderError: We cannot know; nothing may be created now.
        """
        parts = [
            self._client.item_with_key(t.operation.kind, t.operation.key) for t in tasks
        ]
        answers = self._client.send(parts, "find by link key")
        for task, answer in zip(tasks, answers, strict=True):
            if not answer.is_success:
                task.fail(read_fault(answer))
                continue
            found = answer.decode(Page).value
            if found:
                item = self._read(task.operation, bytes(found[0]))
                self._finish(task, item, is_created=False)

    # --- sending ---

    def _send(self, tasks: Sequence[_Task]) -> None:
        try:
            answers = self._client.send([self._part(t) for t in tasks], "write items")
        except ProviderError as error:
            is_throttled = error.fault.fault_class is FaultClass.THROTTLED
            if is_throttled or not is_in_doubt(error.fault):
                raise  # nothing of the batch has begun
            for task in tasks:
                task.doubt = error.fault
            return
        for task, answer in zip(tasks, answers, strict=True):
            task.doubt = None
            self._take(task, answer)

    def _part(self, task: _Task) -> Part:
        operation = task.operation
        kind, target = operation.kind, operation.target_id or ""
        match operation.verb:
            case Verb.CREATE:
                return self._client.create(kind, creation_body(operation))
            case Verb.UPDATE:
                item = task.current or operation.item
                body = content_body(
                    kind, operation.fields, item.content if item else {}
                )
                return self._client.update(kind, target, body, task.version)
            case Verb.DELETE:
                return self._client.delete(kind, target, task.version)

    def _take(self, task: _Task, answer: Answer) -> None:
        operation = task.operation
        if answer.is_success:
            self._take_success(task, answer)
            return
        fault = read_fault(answer)
        if _is_gone(operation, fault):
            task.outcome = _done(operation)
        elif is_in_doubt(fault):
            task.doubt = fault
        elif fault.fault_class is FaultClass.VERSION or answer.status == _CONFLICT:
            task.is_stale = True
            task.outcome = Outcome(operation=operation, fault=fault)
        else:
            task.fail(fault)

    def _take_success(self, task: _Task, answer: Answer) -> None:
        if task.operation.verb is Verb.DELETE:
            task.outcome = _done(task.operation)
            return
        item = self._read(task.operation, answer.body)
        if item is None and task.operation.verb is Verb.CREATE:
            # It was made, and we were not told its id.
            task.doubt = answer.bad_response("a creation without an item").fault
            return
        is_creation = task.operation.verb is Verb.CREATE
        is_found = (
            is_creation
            and item is not None
            and not has_fields(item.content, task.operation.fields)
        )
        self._finish(task, item, is_created=not is_found)

    # --- after ---

    def _settle_stale(self, tasks: Sequence[_Task]) -> None:
        """Find out whether a stale version is due to our own earlier try.

        A refused creation means that it exists: our key finds it.
        """
        created = [t for t in tasks if t.operation.verb is Verb.CREATE]
        self._find(created)
        updated = [t for t in tasks if t.operation.verb is Verb.UPDATE]
        for task, answer in zip(updated, self._look(updated), strict=True):
            if not answer.is_success:
                continue
            item = self._read(task.operation, answer.body)
            if item and has_fields(item.content, task.operation.fields):
                self._finish(task, item, is_created=True)

    def _finish(self, task: _Task, item: Item | None, *, is_created: bool) -> None:
        operation = task.operation
        task.doubt = None
        task.outcome = Outcome(
            operation=operation,
            id=item.id if item else operation.target_id or "",
            version=item.version if item else "",
            created=is_created,
            item=item,
        )

    def _read(self, operation: Operation, body: bytes) -> Item | None:
        """The item of an answer, or None when it makes no sense.

        Answers to writes lack our key, which is what it was or what we set, and
        their body may be HTML, which must not pass for what was stored.
        """
        try:
            raw = msgspec.json.decode(body, type=SHAPES[operation.kind])
            item = self._client.translator.read(raw, link_key_known=False)
        except (msgspec.MsgspecError, ValueError):
            return None
        if operation.verb is Verb.CREATE and not item.link_key_known:
            item = replace(item, link_key=operation.key, link_key_known=True)
        elif operation.item is not None and not item.link_key_known:
            known = operation.item
            item = replace(
                item, link_key=known.link_key, link_key_known=known.link_key_known
            )
        if isinstance(raw, Event) and not is_text(raw.body):
            before = operation.item.content if operation.item else {}
            wanted = {**item.content, **before, **operation.fields}["body"]
            item = replace(item, content={**item.content, "body": wanted})
        return item


def _open(tasks: Sequence[_Task]) -> list[_Task]:
    return [task for task in tasks if task.outcome is None]


def _done(operation: Operation) -> Outcome:
    return Outcome(operation=operation, id=operation.target_id or "")


def _is_gone(operation: Operation, fault: Fault) -> bool:
    return operation.verb is Verb.DELETE and is_graphs_not_found(fault)
