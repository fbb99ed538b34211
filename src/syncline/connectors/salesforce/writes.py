"""Writes to Salesforce, up to 200 records a call.

    versions of targets --stale--> VERSION fault, nothing sent
        | fresh
        v
    one call per object and verb --refused whole--> halves, down to the culprit
        | per record
        +-- passing fault --> again, after a pause
        +-- refusal --------> its outcome
        +-- done -----------> its invitees or sender, then read back what is stored

A create goes by our external key, so it can be repeated when nobody knows what
became of it; `messages` and `files` look before they repeat. Nothing here makes
Salesforce mail anybody.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence

from syncline.connectors.salesforce import faults
from syncline.connectors.salesforce.client import SalesforceClient
from syncline.connectors.salesforce.describe import Describes
from syncline.connectors.salesforce.fields import FIELDS, INVITEES
from syncline.connectors.salesforce.grouping import groups_of
from syncline.connectors.salesforce.invitees import Invitees, Wanted, read_invitees
from syncline.connectors.salesforce.manifest import (
    WRITE_LIMIT,
)
from syncline.connectors.salesforce.senders import Senders, Sent
from syncline.connectors.salesforce.sending import Sender
from syncline.connectors.salesforce.slots import Slot
from syncline.connectors.salesforce.translate import (
    UnreadableRowError,
    read_record,
    row_stamp,
)
from syncline.domain.errors import ProviderError
from syncline.domain.mapping.message import SENDER
from syncline.domain.values.faults import Fault
from syncline.domain.values.ids import RecordId
from syncline.domain.values.items import Record
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.operations import Operation, Outcome, Verb


class SalesforceItemWriter:
    """Creates, changes and deletes records of one user."""

    side = Side.CRM
    batch_size = WRITE_LIMIT

    def __init__(self, client: SalesforceClient, describes: Describes) -> None:
        """Prepare; nothing is sent."""
        self._client = client
        self._describes = describes
        self._invitees = Invitees(client, describes)
        self._senders = Senders(client)
        self._sender = Sender(client, describes)

    def write(self, operations: Sequence[Operation]) -> list[Outcome]:
        """See `ports.ItemWriter`."""
        self._sender.begin()
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
        self._tie_senders(slots)
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
            self._sender.send(group)
        except ProviderError as error:
            if not any(slot.is_done for slot in slots):
                raise
            _give_up(group, error.fault)
            return error.fault
        return None

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

    def _tie_senders(self, slots: Sequence[Slot]) -> None:
        """Tie saved messages to who sent them; a refusal is the message's.

        The message stays: the next create finds it and ties it.
        """
        tying = {slot.id: slot for slot in slots if _has_sender(slot)}
        if not tying:
            return
        sent = [
            Sent(
                message_id=message_id,
                person_id=str(slot.operation.fields[SENDER]),
                address=str(slot.operation.fields.get("FromAddress") or ""),
                is_new=slot.created,
            )
            for message_id, slot in tying.items()
        ]
        try:
            refused = self._senders.write(sent)
        except ProviderError as error:
            refused = dict.fromkeys(tying, error.fault)
        for message_id, fault in refused.items():
            tying[message_id].fault = fault

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


def _has_sender(slot: Slot) -> bool:
    is_message = slot.operation.kind is Kind.MESSAGE and slot.verb is Verb.CREATE
    return is_message and slot.is_written and bool(slot.operation.fields.get(SENDER))


def _give_up(group: Iterable[Slot], fault: Fault) -> None:
    for slot in group:
        if not slot.is_done:
            slot.fault = fault
