"""Writes to Salesforce, up to 200 records a call.

    versions of targets --stale--> VERSION fault, nothing sent
        | fresh
        v
    one call per object and verb --refused whole--> halves, down to the culprit
        | per record
        +-- passing fault --> again, after a pause
        +-- refusal --------> its outcome
        +-- done -----------> its invitees, then read back what is stored

A create goes by our external key, so it can be repeated when nobody knows what
became of it; `messages` and `files` look before they repeat. Nothing here makes
Salesforce mail anybody.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence

from syncline.connectors.salesforce import faults, wire
from syncline.connectors.salesforce.client import RecordBody, SalesforceClient
from syncline.connectors.salesforce.describe import Describes
from syncline.connectors.salesforce.files import FileKeeper
from syncline.connectors.salesforce.grouping import groups_of
from syncline.connectors.salesforce.invitees import Invitees, Wanted, read_invitees
from syncline.connectors.salesforce.manifest import (
    KEY_FIELD,
    OWN_FIELDS,
    WRITE_LIMIT,
)
from syncline.connectors.salesforce.messages import MessageSaver
from syncline.connectors.salesforce.slots import Slot
from syncline.connectors.salesforce.translate import (
    FIELDS,
    INVITEES,
    SYSTEM_FIELDS,
    UnreadableRowError,
    read_record,
    row_stamp,
    write_fields,
)
from syncline.domain.errors import ItemError, ProviderError
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.ids import RecordId
from syncline.domain.values.items import Record
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
        self._messages = MessageSaver(client, describes)
        self._files = FileKeeper(client)
        self._invitees = Invitees(client, describes)
        self._splits_left = _SPLIT_BUDGET

    def write(self, operations: Sequence[Operation]) -> list[Outcome]:
        """See `ports.ItemWriter`."""
        self._splits_left = _SPLIT_BUDGET
        slots = [Slot(operation=operation) for operation in operations]
        for slot in slots:
            if slot.operation.kind is Kind.MESSAGE and slot.verb is Verb.UPDATE:
                slot.fault = faults.final_fault(slot.verb)
        self._check_versions(slots)
        broken: Fault | None = None
        for group in groups_of(slots):
            if broken is None:
                broken = self._carry_out(group, slots)
            else:
                _give_up(group, broken)
        self._invite(slots)
        self._read_back(slots)
        return [slot.outcome() for slot in slots]

    def _check_versions(self, slots: Sequence[Slot]) -> None:
        """Settle those whose target moved on or is gone; stamps count seconds."""
        for name in FIELDS:
            guarded = [s for s in slots if s.object_name == name and s.is_guarded]
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
        if group[0].verb is Verb.ATTACH:
            for slot in group:
                self._files.attach(slot)
            return
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
        if slot.verb is not Verb.CREATE:
            return True
        if slot.operation.kind is Kind.MESSAGE:
            return self._messages.can_look(slot.object_name, self._body(slot))
        return self._describes.has(slot.object_name, KEY_FIELD)

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
        name = group[0].object_name
        if fault.code not in ("NOT_FOUND", "INVALID_FIELD"):
            return False
        used = {f for f in OWN_FIELDS if self._describes.has(name, f)}
        self._describes.refresh(name)
        return any(not self._describes.has(name, f) for f in used)

    def _call(self, group: Sequence[Slot]) -> list[wire.SaveResult]:
        name, verb = group[0].object_name, group[0].verb
        if verb is Verb.DELETE:
            return self._client.delete([s.target for s in group])
        bodies = [self._body(s) for s in group]
        if verb is Verb.UPDATE:
            return self._client.update(name, bodies)
        if group[0].operation.kind is Kind.MESSAGE:
            return self._messages.save(name, bodies)
        if self._describes.has(name, KEY_FIELD):
            return self._client.upsert(name, KEY_FIELD, bodies)
        return self._client.insert(name, bodies)

    def _body(self, slot: Slot) -> RecordBody:
        """What to send; custom fields that the org lacks are left out."""
        operation = slot.operation
        kind = operation.kind
        fields = write_fields(kind, operation.fields, operation.agreed.record)
        name = slot.object_name
        if slot.verb is Verb.UPDATE:
            fields["Id"] = slot.target
        else:
            fields = {n: v for n, v in fields.items() if v is not None}
            fields[KEY_FIELD] = operation.key
            if "OwnerId" in SYSTEM_FIELDS[name]:
                fields["OwnerId"] = self._client.user_id
        if kind is Kind.MESSAGE:
            fields = self._messages.prepare(name, fields)
        lacking = {f for f in OWN_FIELDS if not self._describes.has(name, f)}
        return {n: v for n, v in fields.items() if n not in lacking}

    def _invite(self, slots: Sequence[Slot]) -> None:
        """Write invitees of events that were written; a refusal is the event's.

        What was written stays: the next try compares again and finds it done.
        """
        inviting = {slot.id: slot for slot in slots if _has_invitees(slot)}
        wanted = [
            Wanted(
                event_id=event_id,
                owner_id=self._client.user_id,
                statuses=read_invitees(slot.operation.fields[INVITEES]),
                # A create may have found an event that others were invited to.
                is_whole=slot.verb is Verb.UPDATE,
            )
            for event_id, slot in inviting.items()
        ]
        if not wanted:
            return
        try:
            refused = self._invitees.write(wanted)
        except ProviderError as error:
            refused = dict.fromkeys(inviting, error.fault)
        for event_id, fault in refused.items():
            inviting[event_id].fault = fault

    def _read_back(self, slots: Sequence[Slot]) -> None:
        """Fetch what was stored; if that fails, the next read brings it."""
        for name in FIELDS:
            written = [s for s in slots if s.object_name == name and s.is_written]
            if written:
                with contextlib.suppress(ProviderError):
                    self._read_back_object(name, written)

    def _read_back_object(self, name: str, written: Sequence[Slot]) -> None:
        ids = list(dict.fromkeys(slot.id for slot in written))
        kinds = {slot.id: slot.operation.kind for slot in written}
        rows = self._client.retrieve(name, ids, self._describes.columns(name))
        found: list[Record] = []
        for record_id, row in zip(ids, rows, strict=True):
            if row is not None:
                with contextlib.suppress(UnreadableRowError):
                    found.append(read_record(kinds[record_id], row))
        whole = {r.id: r for r in self._invitees.complete(found)}
        for slot in written:
            slot.record = whole.get(RecordId(slot.id))


def _has_invitees(slot: Slot) -> bool:
    if slot.operation.kind is not Kind.EVENT or not slot.is_written:
        return False
    fields = slot.operation.fields
    if slot.verb is Verb.CREATE:
        return bool(fields.get(INVITEES))
    return INVITEES in fields


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
