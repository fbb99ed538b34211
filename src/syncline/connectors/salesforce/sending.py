"""Sends groups of records, and finds those that spoil a call."""

from __future__ import annotations

from collections.abc import Sequence

from syncline.connectors.salesforce import faults, wire
from syncline.connectors.salesforce.client import RecordBody, SalesforceClient
from syncline.connectors.salesforce.describe import Describes
from syncline.connectors.salesforce.fields import SYSTEM_FIELDS
from syncline.connectors.salesforce.files import FileKeeper
from syncline.connectors.salesforce.manifest import KEY_FIELD, OWN_FIELDS
from syncline.connectors.salesforce.messages import MessageSaver
from syncline.connectors.salesforce.slots import Slot
from syncline.connectors.salesforce.translate import write_fields
from syncline.domain.errors import ItemError, ProviderError
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import Verb

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


class Sender:
    """Makes the calls of one `write`."""

    def __init__(self, client: SalesforceClient, describes: Describes) -> None:
        """Prepare; nothing is sent."""
        self._client = client
        self._describes = describes
        self._messages = MessageSaver(client, describes)
        self._files = FileKeeper(client)
        self._splits_left = _SPLIT_BUDGET

    def begin(self) -> None:
        """A new `write`: it may look for culprits anew."""
        self._splits_left = _SPLIT_BUDGET

    def send(self, group: list[Slot]) -> None:
        """Send slots of one object and verb, and settle each.

        Raises:
            ProviderError: The side is closed to us.
        """
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
            self.send(group)
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
                self.send(half)

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
