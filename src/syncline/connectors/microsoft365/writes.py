"""Carries out writes on a mailbox, 20 to a request, each exactly once.

    queued --look--> refused | done already | pending
    pending --send--> done | failed | stale | in doubt
    stale --look--> done (it says what we wanted) | failed (VERSION)
    in doubt --look up by key--> done | pending, sent again

A write whose answer is lost may have taken effect. Repeating is safe all the
same: an update or deletion is guarded by its version or says the same again,
an event carries a transaction id, and a contact or task is looked up by our key
before it is created, always, since the answer may have been lost by a process
that is gone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from syncline.connectors.base.http import Answer
from syncline.connectors.microsoft365.answers import complete, read_answer
from syncline.connectors.microsoft365.batches import Part
from syncline.connectors.microsoft365.client import GraphClient
from syncline.connectors.microsoft365.faults import (
    is_final,
    is_graphs_not_found,
    is_in_doubt,
    read_fault,
)
from syncline.connectors.microsoft365.finding import Finder
from syncline.connectors.microsoft365.guests import find_refusal, must_look
from syncline.connectors.microsoft365.keys import list_tasks
from syncline.connectors.microsoft365.manifest import (
    BATCH_SIZE,
    PROVIDER,
    RECURRENCE_NOT_EXPRESSIBLE,
)
from syncline.connectors.microsoft365.rules import InexpressibleError
from syncline.connectors.microsoft365.translate import (
    content_body,
    creation_body,
    has_fields,
)
from syncline.connectors.microsoft365.wire import Page
from syncline.domain.errors import ProviderError
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.items import Item, Role
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.operations import Operation, Outcome, Verb

_CONFLICT = 409
#: Writes of one occurrence after a look, before it is given up as contested.
_REPEATS = 2


@dataclass(slots=True, kw_only=True)
class _Job:
    """One operation on its way."""

    operation: Operation
    #: Guards the write; from the operation, or from the look before it.
    version: str
    outcome: Outcome | None = None
    #: The last fault, while the outcome is unknown.
    doubt: Fault | None = None
    is_stale: bool = False
    repeats: int = 0
    #: What is sent.
    body: Mapping[str, Any] = field(default_factory=dict)
    #: What a look before the write found.
    current: Item | None = field(default=None)

    @property
    def is_one_time(self) -> bool:
        """Whether it concerns one occurrence of a series."""
        item = self.operation.item
        return item is not None and item.role is Role.OCCURRENCE

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
        self._finder = Finder(client)

    def write(self, operations: Sequence[Operation]) -> list[Outcome]:
        """Do operations, one outcome each; see `ports.ItemWriter`."""
        tasks = [_Job(operation=o, version=o.version) for o in operations]
        try:
            self._work(tasks)
        except ProviderError as error:
            if all(t.outcome is None and t.doubt is None for t in tasks):
                raise
            for task in _open(tasks):
                task.fail(error.fault)
        return [task.outcome for task in tasks if task.outcome is not None]

    def _work(self, tasks: Sequence[_Job]) -> None:
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

    def _look_first(self, tasks: Sequence[_Job]) -> None:
        self._find_created(tasks)
        looks = [t for t in _open(tasks) if must_look(t.operation)]
        for task, answer in zip(looks, self._look(looks), strict=True):
            self._take_look(task, answer)
        for task in _open(tasks):
            refusal = find_refusal(task.operation, task.current or task.operation.item)
            if refusal is not None:
                task.fail(refusal)
            else:
                self._prepare(task)

    def _prepare(self, task: _Job) -> None:
        """Say the write in Graph's words, where that can be done."""
        operation = task.operation
        kind, item = operation.kind, task.current or operation.item
        try:
            if operation.verb is Verb.CREATE:
                link = self._client.translator.record_link
                task.body = creation_body(operation, link)
            elif operation.verb is Verb.UPDATE:
                content = item.content if item else {}
                task.body = content_body(kind, operation.fields, content)
        except InexpressibleError as error:
            task.fail(
                Fault(
                    fault_class=FaultClass.REJECTED,
                    provider=PROVIDER,
                    operation=f"write {kind}",
                    code=RECURRENCE_NOT_EXPRESSIBLE,
                    message=str(error)[:200],
                    fields=("recurrence",),
                )
            )

    def _look(self, tasks: Sequence[_Job]) -> list[Answer]:
        parts = [
            self._client.item(t.operation.kind, t.operation.target_id or "")
            for t in tasks
        ]
        return self._client.send(parts, "look before a write")

    def _take_look(self, task: _Job, answer: Answer) -> None:
        fault = None if answer.is_success else read_fault(answer)
        if fault is None:
            task.current = read_answer(self._client, task.operation, answer.body)
            if task.current is None:
                fault = answer.bad_response("the item makes no sense").fault
        if fault is not None and _is_gone(task.operation, fault):
            task.outcome = _done(task.operation)
        elif fault is not None:
            task.fail(fault)
        elif task.current is not None and not task.version:
            task.version = task.current.version

    def _find_created(self, tasks: Sequence[_Job]) -> None:
        """Settle the creations of what is there already."""
        created = [t for t in _open(tasks) if t.operation.verb is Verb.CREATE]
        self._find([t for t in created if t.operation.kind is Kind.CONTACT])
        self._find_tasks([t for t in created if t.operation.kind is Kind.TASK])

    def _find_tasks(self, tasks: Sequence[_Job]) -> None:
        """Look for our keys among the tasks of the list that new ones go into.

        Whether To Do can filter by linked resources is not documented. When we
        cannot know, no task may be created now; other kinds go on.

        Raises:
            ProviderError: Access to the mailbox is lost.
        """
        if not tasks:
            return
        try:
            list_id = self._finder.default_list()
            found = list_tasks(self._client, list_id, {t.operation.key for t in tasks})
        except ProviderError as error:
            if error.fault.fault_class is FaultClass.ACCESS:
                raise
            for task in tasks:
                task.fail(error.fault)
            return
        for task in tasks:
            raw = found.get(task.operation.key)
            if raw is not None:
                item = complete(self._client, task.operation, raw)
                self._finish(task, item, is_created=False)

    def _find(self, tasks: Sequence[_Job]) -> None:
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
                item = read_answer(self._client, task.operation, bytes(found[0]))
                self._finish(task, item, is_created=False)

    # --- sending ---

    def _send(self, tasks: Sequence[_Job]) -> None:
        try:
            answers = self._client.send([self._part(t) for t in tasks], "write items")
        except ProviderError as error:
            if is_final(error.fault):
                raise
            for task in tasks:
                task.doubt = error.fault
            return
        for task, answer in zip(tasks, answers, strict=True):
            task.doubt = None
            self._take(task, answer)

    def _part(self, task: _Job) -> Part:
        operation = task.operation
        kind, target = operation.kind, operation.target_id or ""
        match operation.verb:
            case Verb.CREATE:
                list_id = self._finder.default_list() if kind is Kind.TASK else ""
                return self._client.create(kind, task.body, list_id)
            case Verb.UPDATE:
                return self._client.update(kind, target, task.body, task.version)
            case _:
                return self._client.delete(kind, target, task.version)

    def _take(self, task: _Job, answer: Answer) -> None:
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

    def _take_success(self, task: _Job, answer: Answer) -> None:
        if task.operation.verb is Verb.DELETE:
            task.outcome = _done(task.operation)
            return
        item = read_answer(self._client, task.operation, answer.body)
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

    def _settle_stale(self, tasks: Sequence[_Job]) -> None:
        """Find out whether a stale version is due to our own earlier try.

        A refused creation means that it exists: our key finds it. Every
        occurrence has the version of its series as long as it is no exception,
        so a write of one makes the others stale: what still says what it said
        when it was read is written all the same.
        """
        created = [t for t in tasks if t.operation.verb is Verb.CREATE]
        self._find([t for t in created if t.operation.kind is not Kind.TASK])
        self._find_tasks([t for t in created if t.operation.kind is Kind.TASK])
        looked = [t for t in tasks if t.operation.verb is Verb.UPDATE or t.is_one_time]
        for task, answer in zip(looked, self._look(looked), strict=True):
            if not answer.is_success:
                continue
            item = read_answer(self._client, task.operation, answer.body)
            if item is not None:
                self._settle(task, item)

    def _settle(self, task: _Job, item: Item) -> None:
        operation = task.operation
        is_update = operation.verb is Verb.UPDATE
        if is_update and has_fields(item.content, operation.fields):
            self._finish(task, item, is_created=True)
        elif (
            task.is_one_time
            and operation.item is not None
            and item.content == operation.item.content
            and task.repeats < _REPEATS
        ):
            task.outcome, task.is_stale = None, False
            # The look is the guard: another write of the batch would make any
            # version stale again.
            task.version = ""
            task.repeats += 1

    def _finish(self, task: _Job, item: Item | None, *, is_created: bool) -> None:
        operation = task.operation
        task.doubt = None
        task.outcome = Outcome(
            operation=operation,
            id=item.id if item else operation.target_id or "",
            version=item.version if item else "",
            created=is_created,
            item=item,
        )


def _open(tasks: Sequence[_Job]) -> list[_Job]:
    return [task for task in tasks if task.outcome is None]


def _done(operation: Operation) -> Outcome:
    return Outcome(operation=operation, id=operation.target_id or "")


def _is_gone(operation: Operation, fault: Fault) -> bool:
    return operation.verb is Verb.DELETE and is_graphs_not_found(fault)
