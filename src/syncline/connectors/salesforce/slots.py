"""One operation on its way through the writer."""

from __future__ import annotations

from dataclasses import dataclass

from syncline.connectors.salesforce.ids import long_id
from syncline.connectors.salesforce.manifest import KEY_FIELD
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.items import Record
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
    def is_guarded(self) -> bool:
        """Whether the target must still be what was read."""
        return self.verb is not Verb.CREATE and bool(self.operation.version)

    @property
    def is_written(self) -> bool:
        """Whether there is something stored now to look at."""
        return self.is_done and self.verb is not Verb.DELETE

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
        if not self.is_done:
            return Outcome(operation=self.operation, fault=self.fault)
        return Outcome(
            operation=self.operation,
            id=self.id,
            version=self.record.version if self.record else "",
            created=self.created,
            record=self.record,
        )
