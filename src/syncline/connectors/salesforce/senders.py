"""Who sent a message: rows of EmailMessageRelation, written after the message.

Recipients become rows by themselves; a sender is only text until a row says whose
address it is. A message stays saved whatever becomes of the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from syncline.connectors.salesforce import soql
from syncline.connectors.salesforce.client import SalesforceClient
from syncline.connectors.salesforce.faults import read_record_fault
from syncline.connectors.salesforce.ids import long_id
from syncline.connectors.salesforce.manifest import WRITE_LIMIT
from syncline.domain.errors import ItemError, PassingError, PermissionDeniedError
from syncline.domain.values.faults import Fault

_OBJECT = "EmailMessageRelation"
_TYPE = "FromAddress"
#: What an org answers that has no such object.
_NO_OBJECT = frozenset({"INVALID_TYPE", "INVALID_FIELD", "FUNCTIONALITY_NOT_ENABLED"})
#: Somebody else made the row.
_EXISTS = "DUPLICATE_VALUE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A saved message and the person who sent it.

    `is_new`: this call made it, so that no row can be there.
    """

    message_id: str
    person_id: str
    address: str
    is_new: bool


class Senders:
    """The senders of messages."""

    def __init__(self, client: SalesforceClient) -> None:
        """Prepare; nothing is asked."""
        self._client = client

    def write(self, sent: Sequence[Sent]) -> dict[str, Fault]:
        """Tie messages to their senders; faults by message.

        Looks before it repeats.

        Raises:
            ProviderError: The side is closed to us, or never answers.
        """
        unsure = [one.message_id for one in sent if not one.is_new]
        attempt = 1
        while True:
            try:
                return self._insert(sent, self._tied(unsure))
            except (ItemError, PermissionDeniedError) as error:
                if error.fault.code in _NO_OBJECT:
                    return {}
                return dict.fromkeys((one.message_id for one in sent), error.fault)
            except PassingError as error:
                if not self._client.http.pause(error.fault, attempt):
                    raise
                attempt += 1
                unsure = [one.message_id for one in sent]

    def _tied(self, ids: Iterable[str]) -> set[str]:
        """Those messages that have a sender."""
        tied: set[str] = set()
        for portion in soql.in_portions(list(dict.fromkeys(ids))):
            conditions = [
                soql.any_of("EmailMessageId", portion),
                soql.any_of("RelationType", [_TYPE]),
                "RelationId != null",
            ]
            query = soql.select(("EmailMessageId",), _OBJECT, conditions)
            for row in self._client.query(query, operation="read senders"):
                tied.add(long_id(str(row.get("EmailMessageId") or "")))
        return tied

    def _insert(self, sent: Sequence[Sent], tied: set[str]) -> dict[str, Fault]:
        faults: dict[str, Fault] = {}
        lacking = [one for one in sent if one.message_id not in tied]
        for start in range(0, len(lacking), WRITE_LIMIT):
            rows = lacking[start : start + WRITE_LIMIT]
            results = self._client.insert(_OBJECT, [_body(one) for one in rows])
            for one, result in zip(rows, results, strict=True):
                if result.success:
                    continue
                fault = read_record_fault(result.errors, "write sender")
                if fault.code != _EXISTS:
                    faults[one.message_id] = fault
        return faults


def _body(one: Sent) -> dict[str, object]:
    return {
        "EmailMessageId": one.message_id,
        "RelationId": one.person_id,
        "RelationType": _TYPE,
        "RelationAddress": one.address,
    }
