"""Saves messages: once in the whole org, whoever's mailbox they come from.

    look by key and by internet message id --there--> that record, nothing written
        | not there
        v
    insert --taken meanwhile--> the record that took the key
        | no answer: look again

Never an upsert: a message that is saved is never written again, and Salesforce
refuses it for all but drafts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from syncline.connectors.salesforce import soql, wire
from syncline.connectors.salesforce.client import RecordBody, SalesforceClient
from syncline.connectors.salesforce.describe import Describes
from syncline.connectors.salesforce.faults import read_record_fault
from syncline.connectors.salesforce.manifest import KEY_FIELD
from syncline.domain.errors import PassingError
from syncline.domain.mapping.message import SENDER
from syncline.domain.values.faults import FaultClass

IDENTIFIER = "MessageIdentifier"
_MANAGED = "IsClientManaged"
#: Lists of people; they travel as JSON texts inside of Syncline.
_JUNCTIONS = ("ToIds", "CcIds", "BccIds")


class MessageSaver:
    """Creates records of messages."""

    def __init__(self, client: SalesforceClient, describes: Describes) -> None:
        """Prepare; nothing is sent."""
        self._client = client
        self._describes = describes

    def can_look(self, object_name: str, body: RecordBody) -> bool:
        """Whether a message that was saved already can be found."""
        return self._describes.has(object_name, KEY_FIELD) or bool(body.get(IDENTIFIER))

    def prepare(self, object_name: str, body: RecordBody) -> dict[str, object]:
        """What to send: lists of people as Salesforce takes them, and open to files.

        Salesforce refuses files on a sent message that no client manages.
        """
        sent = with_people({n: v for n, v in body.items() if n != SENDER})
        if object_name == "EmailMessage" and self._describes.has(object_name, _MANAGED):
            sent[_MANAGED] = True
        return sent

    def save(
        self, object_name: str, bodies: Sequence[RecordBody]
    ) -> list[wire.SaveResult]:
        """Save what is not there yet; one result each, in order.

        Raises:
            ProviderError: The call as a whole was refused, or is never answered.
        """
        is_repeatable = all(self.can_look(object_name, body) for body in bodies)
        attempt = 1
        while True:
            there = self.find(object_name, bodies)
            missing = [at for at, found in enumerate(there) if not found]
            try:
                made = self._insert(object_name, [bodies[at] for at in missing])
            except PassingError as error:
                # A senseless answer is repeated by the caller, which looks again.
                is_silence = error.fault.fault_class is not FaultClass.BAD_RESPONSE
                pause = self._client.http.pause
                if not (is_repeatable and is_silence and pause(error.fault, attempt)):
                    raise
                attempt += 1
                continue
            results = [_found(record_id) for record_id in there]
            for at, result in zip(missing, made, strict=True):
                results[at] = result
            return results

    def find(self, object_name: str, bodies: Sequence[RecordBody]) -> list[str]:
        """Ids of the records that are there, in order; empty where there is none.

        Raises:
            ProviderError: The org could not be asked.
        """
        known: dict[tuple[str, str], str] = {}
        for field in self._key_fields(object_name):
            values = [str(body[field]) for body in bodies if body.get(field)]
            for row in self._ask(object_name, field, list(dict.fromkeys(values))):
                value, record_id = row.get(field), row.get("Id")
                if isinstance(value, str) and isinstance(record_id, str):
                    known.setdefault((field, value), record_id)
        return [_known(body, known) for body in bodies]

    def _key_fields(self, object_name: str) -> Iterator[str]:
        if self._describes.has(object_name, KEY_FIELD):
            yield KEY_FIELD
        if object_name == "EmailMessage":
            yield IDENTIFIER

    def _ask(
        self, object_name: str, field: str, values: Sequence[str]
    ) -> Iterator[wire.Row]:
        for portion in soql.in_portions(values):
            conditions = [soql.any_of(field, portion)]
            query = soql.select(
                ("Id", field), object_name, conditions, "CreatedDate, Id"
            )
            yield from self._client.query(query, operation="find message")

    def _insert(
        self, object_name: str, bodies: Sequence[RecordBody]
    ) -> list[wire.SaveResult]:
        if not bodies:
            return []
        results = self._client.insert(object_name, bodies)
        return [_settled(result) for result in results]


def with_people(body: Mapping[str, object]) -> dict[str, object]:
    """The body with lists of people as Salesforce takes them; no empty ones."""
    sent = dict(body)
    for name in _JUNCTIONS:
        text = sent.pop(name, None)
        people = json.loads(text) if isinstance(text, str) and text else text
        if people:
            sent[name] = people
    return sent


def _known(body: RecordBody, known: Mapping[tuple[str, str], str]) -> str:
    pairs = ((field, str(body.get(field))) for field in (KEY_FIELD, IDENTIFIER))
    return next((known[pair] for pair in pairs if pair in known), "")


def _found(record_id: str) -> wire.SaveResult:
    return wire.SaveResult(success=True, id=record_id, created=False)


def _settled(result: wire.SaveResult) -> wire.SaveResult:
    """A key that is taken names the record that has it: that is the message."""
    if result.success:
        return result
    fault = read_record_fault(result.errors, "create")
    is_taken = fault.fault_class is FaultClass.EXISTS and KEY_FIELD in fault.fields
    return _found(fault.matches[0]) if is_taken and fault.matches else result
