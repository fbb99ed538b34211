"""Writes to Salesforce, up to 200 records a call.

    versions of targets --stale--> VERSION fault, nothing sent
        | fresh
        v
    one call per kind and verb --refused whole--> halves, down to the culprit
        | per record
        +-- passing fault --> again, after a pause
        +-- refusal --------> its outcome
        +-- done -----------> read back, for version and stored values

A create goes by our external key, so it can be repeated when nobody knows what
became of it. Nothing here makes Salesforce mail anybody.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence

from syncline.connectors.salesforce import faults, wire
from syncline.connectors.salesforce.client import RecordBody, SalesforceClient
from syncline.connectors.salesforce.describe import Describes
from syncline.connectors.salesforce.manifest import (
    KEY_FIELD,
    OBJECTS,
    OWN_FIELDS,
    WRITE_LIMIT,
)
from syncline.connectors.salesforce.slots import Slot
from syncline.connectors.salesforce.translate import (
    UnreadableRowError,
    read_record,
    row_stamp,
    write_fields,
)
from syncline.domain.errors import ItemError, ProviderError
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.operations import Operation, Outcome, Verb

#: Calls that one `write` may spend on finding culprits.
_SPLIT_BUDGET = 60
#: Refusals of the call itself: smaller calls would be refused as well.
_ABOUT_THE_CALL = frozenset(
    {
        "ENTITY_NOT_QUERYABLE",
        "FUNCTIONALITY_NOT_ENABLED",
        "INVALID_ENTITY_FOR_UPSERT",
        "INVALID_TYPE",
        "INVALID_TYPE_FOR_OPERATION",
        "METHOD_NOT_ALLOWED",
        "NOT_ACCEPTABLE",
        "NOT_FOUND",
        "UNSUPPORTED_API_VERSION",
        "UNSUPPORTED_MEDIA_TYPE",
    }
)
#: A purged or hidden target answers with this; for a delete it is gone.
_NO_SUCH_TARGET = "INVALID_CROSS_REFERENCE_KEY"


class SalesforceItemWriter:
    """Creates, changes and deletes records of one user."""

    side = Side.CRM
    batch_size = WRITE_LIMIT

    def __init__(self, client: SalesforceClient, describes: Describes) -> None:
        """Prepare; nothing is sent."""
        self._client = client
        self._describes = describes
        self._splits_left = _SPLIT_BUDGET

    def write(self, operations: Sequence[Operation]) -> list[Outcome]:
        """See `ports.ItemWriter`."""
        self._splits_left = _SPLIT_BUDGET
        slots = [Slot(operation=operation) for operation in operations]
        self._check_versions(slots)
        broken: Fault | None = None
        for group in _groups(slots):
            if broken is None:
                broken = self._carry_out(group, slots)
            else:
                _give_up(group, broken)
        self._read_back(slots)
        return [slot.outcome() for slot in slots]

    def _check_versions(self, slots: Sequence[Slot]) -> None:
        """Settle those whose target moved on or is gone; stamps count seconds."""
        for kind, name in OBJECTS.items():
            guarded = [s for s in slots if s.operation.kind is kind and s.is_guarded]
            if not guarded:
                continue
            ids = [s.target for s in guarded]
            rows = self._client.retrieve(name, ids, ("Id", "SystemModstamp"))
            for slot, row in zip(guarded, rows, strict=True):
                if row is None and slot.verb is not Verb.DELETE:
                    slot.fault = faults.gone_fault(slot.verb)
                elif row is not None and row_stamp(row) != slot.operation.version:
                    slot.fault = faults.version_fault(slot.verb)

    def _carry_out(self, group: list[Slot], slots: Sequence[Slot]) -> Fault | None:
        """Do one group; answers the fault that makes further calls useless.

        Raises:
            ProviderError: The side is closed to us, and nothing was done yet.
        """
        try:
            self._send(group)
        except ProviderError as error:
            if not any(slot.is_done for slot in slots):
                raise
            _give_up(group, error.fault)
            return error.fault
        return None

    def _send(self, group: list[Slot]) -> None:
        attempt, pending = 1, group
        while pending:
            try:
                fault = self._try(pending)
            except ItemError as error:
                self._isolate(pending, error.fault)
                return
            pending = [s for s in pending if not s.is_done and s.is_worth_repeating]
            worst = fault or (pending[0].fault if pending else None)
            if not pending or worst is None:
                return
            if not self._client.http.pause(worst, attempt):
                return
            attempt += 1

    def _try(self, group: list[Slot]) -> Fault | None:
        """One call; one whose outcome is unknown leaves a passing fault on each.

        Raises:
            ItemError: It was refused because of what it contains.
            ProviderError: The side is closed to us.
        """
        try:
            results = self._call(group)
        except ProviderError as error:
            fault = error.fault
            if fault.fault_class is not FaultClass.BAD_RESPONSE:
                raise
            is_repeatable = self._has_key(group[0])
            for slot in group:
                slot.fault = faults.unanswered_fault(
                    slot.verb, fault.code, fault.message
                )
                slot.is_repeatable = is_repeatable
            return fault
        for slot, result in zip(group, results, strict=True):
            _settle(slot, result)
        return None

    def _has_key(self, slot: Slot) -> bool:
        """Whether the write may be repeated when its outcome is unknown."""
        is_create = slot.verb is Verb.CREATE
        return not is_create or self._describes.has(slot.operation.kind, KEY_FIELD)

    def _isolate(self, group: list[Slot], fault: Fault) -> None:
        """The call as a whole was refused because of one of its records."""
        if self._lost_own_field(group, fault):
            self._send(group)
            return
        if len(group) == 1 or fault.code in _ABOUT_THE_CALL:
            for slot in group:
                slot.fault = fault
            return
        culprits, innocent = self._divide(group, fault)
        if self._splits_left <= 0:
            text = "not tried: too many refusals in one batch"
            for slot in group:
                slot.fault = faults.unanswered_fault(slot.verb, "NotTried", text)
                slot.is_repeatable = False
            return
        self._splits_left -= 1
        for half in (culprits, innocent):
            if half:
                self._send(half)

    def _divide(self, group: list[Slot], fault: Fault) -> tuple[list[Slot], list[Slot]]:
        """Those that name a refused field from the rest, or else two halves."""
        named = set(fault.fields)
        culprits = [s for s in group if named & self._body(s).keys()]
        if 0 < len(culprits) < len(group):
            return culprits, [s for s in group if s not in culprits]
        middle = len(group) // 2
        return group[:middle], group[middle:]

    def _lost_own_field(self, group: list[Slot], fault: Fault) -> bool:
        """Whether the org turned out to lack a custom field of ours."""
        kind = group[0].operation.kind
        if fault.code not in ("NOT_FOUND", "INVALID_FIELD"):
            return False
        used = {f for f in OWN_FIELDS if self._describes.has(kind, f)}
        self._describes.refresh(OBJECTS[kind])
        return any(not self._describes.has(kind, f) for f in used)

    def _call(self, group: Sequence[Slot]) -> list[wire.SaveResult]:
        kind, verb = group[0].operation.kind, group[0].verb
        name = OBJECTS[kind]
        match verb:
            case Verb.DELETE:
                return self._client.delete([s.target for s in group])
            case Verb.UPDATE:
                return self._client.update(name, [self._body(s) for s in group])
            case Verb.CREATE if self._describes.has(kind, KEY_FIELD):
                bodies = [self._body(s) for s in group]
                return self._client.upsert(name, KEY_FIELD, bodies)
            case Verb.CREATE:
                return self._client.insert(name, [self._body(s) for s in group])

    def _body(self, slot: Slot) -> RecordBody:
        """What to send; custom fields that the org lacks are left out."""
        operation = slot.operation
        kind = operation.kind
        fields = write_fields(kind, operation.fields, operation.agreed.record)
        if slot.verb is Verb.UPDATE:
            fields["Id"] = slot.target
        else:
            fields = {n: v for n, v in fields.items() if v is not None}
            fields["OwnerId"] = self._client.user_id
            fields[KEY_FIELD] = operation.key
        lacking = {f for f in OWN_FIELDS if not self._describes.has(kind, f)}
        return {n: v for n, v in fields.items() if n not in lacking}

    def _read_back(self, slots: Sequence[Slot]) -> None:
        """Fetch what was stored; if that fails, the next read brings it."""
        for kind in OBJECTS:
            written = [s for s in slots if s.operation.kind is kind and s.is_written]
            if written:
                with contextlib.suppress(ProviderError):
                    self._read_back_kind(kind, written)

    def _read_back_kind(self, kind: Kind, written: Sequence[Slot]) -> None:
        columns = self._describes.columns(kind)
        ids = [slot.id for slot in written]
        rows = self._client.retrieve(OBJECTS[kind], ids, columns)
        for slot, row in zip(written, rows, strict=True):
            if row is not None:
                with contextlib.suppress(UnreadableRowError):
                    slot.record = read_record(kind, row)


def _groups(slots: Iterable[Slot]) -> Iterator[list[Slot]]:
    """Open slots by kind and verb, no more in one than a call takes."""
    grouped: dict[tuple[Kind, Verb], list[Slot]] = {}
    for slot in slots:
        if slot.fault is None:
            grouped.setdefault((slot.operation.kind, slot.verb), []).append(slot)
    for group in grouped.values():
        for start in range(0, len(group), WRITE_LIMIT):
            yield group[start : start + WRITE_LIMIT]


def _give_up(group: Iterable[Slot], fault: Fault) -> None:
    for slot in group:
        if not slot.is_done:
            slot.fault = fault


def _settle(slot: Slot, result: wire.SaveResult) -> None:
    record_id = result.id or slot.target
    if result.success and record_id:
        slot.finish(record_id, created=result.created)
        return
    if result.success:
        text = "a record that was saved under no id"
        slot.fault = faults.unanswered_fault(slot.verb, "BadResponse", text)
        return
    fault = faults.read_record_fault(result.errors, slot.verb)
    is_gone = fault.fault_class is FaultClass.NOT_FOUND
    if slot.verb is Verb.DELETE and (is_gone or fault.code == _NO_SUCH_TARGET):
        slot.finish(slot.target, created=None)
        return
    slot.fault = fault
