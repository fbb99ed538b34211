"""One operation on its way through the writer."""

from __future__ import annotations

from dataclasses import dataclass

from syncline.connectors.salesforce.ids import long_id
from syncline.connectors.salesforce.manifest import KEY_FIELD, OBJECTS
from syncline.connectors.salesforce.messages import IDENTIFIER
from syncline.connectors.salesforce.translate import object_of
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.items import Record
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import Operation, Outcome, Verb


@dataclass(slots=True, kw_only=True, eq=False)
class Slot:
    """An operation and what became of it so far."""

    operation: Operation
    fault: Fault | None = None
    id: str = ""
    created: bool = True
    record: Record | None = None
    is_done: bool = False
    #: False once repeating could do it twice, or is known to be in vain.
    is_repeatable: bool = True

    @property
    def verb(self) -> Verb:
        """What is to be done."""
        return self.operation.verb

    @property
    def target(self) -> str:
        """Id of the record that is to be changed or deleted."""
        return self.operation.target_id or ""

    @property
    def object_name(self) -> str:
        """The object of the record; a message may become a task."""
        operation = self.operation
        if operation.kind is Kind.MESSAGE and self.verb is Verb.CREATE:
            is_mail = IDENTIFIER in operation.fields
            return OBJECTS[Kind.MESSAGE] if is_mail else OBJECTS[Kind.TASK]
        return object_of(operation.kind, self.target)

    @property
    def is_guarded(self) -> bool:
        """Whether the target must still be what was read."""
        changes = self.verb in (Verb.UPDATE, Verb.DELETE)
        return changes and bool(self.operation.version)

    @property
    def is_written(self) -> bool:
        """Whether there is something stored now to look at."""
        return self.verb is not Verb.DELETE and self.is_done and self.fault is None

    @property
    def is_worth_repeating(self) -> bool:
        """Whether the same write may succeed in a moment.

        A create whose key is taken was made by somebody at the same time: the
        next upsert finds it.
        """
        if self.fault is None or not self.is_repeatable:
            return False
        is_taken = self.fault.fault_class is FaultClass.EXISTS
        if self.verb is Verb.CREATE and is_taken:
            return KEY_FIELD in self.fault.fields
        return self.fault.is_passing

    def finish(self, record_id: str, *, created: bool | None) -> None:
        """It took effect; `created` is None where there is nothing to create."""
        self.id = long_id(record_id)
        self.created = created is not False
        self.fault = None
        self.is_done = True

    def outcome(self) -> Outcome:
        """What to tell the caller."""
        if self.fault is not None:
            # What was written before a later step failed is still told.
            return Outcome(
                operation=self.operation,
                fault=self.fault,
                id=self.id,
                created=self.created,
            )
        return Outcome(
            operation=self.operation,
            id=self.id,
            version=self.record.version if self.record else "",
            created=self.created,
            record=self.record,
        )
