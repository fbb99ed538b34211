"""Who is invited to an event: rows of EventRelation, read and written apart.

    event row --IsGroupEvent--> TO_LOOK_UP --one query--> [["003…", "Accepted"], …]

Creating, changing or deleting such a row over the API mails nobody.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from syncline.connectors.salesforce import soql, wire
from syncline.connectors.salesforce.client import SalesforceClient
from syncline.connectors.salesforce.describe import Describes
from syncline.connectors.salesforce.faults import read_record_fault
from syncline.connectors.salesforce.fields import INVITEES, TO_LOOK_UP
from syncline.connectors.salesforce.ids import long_id
from syncline.connectors.salesforce.manifest import WRITE_LIMIT
from syncline.domain.errors import ItemError, PermissionDeniedError
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.items import Record

_OBJECT = "EventRelation"
_COLUMNS = ("Id", "EventId", "RelationId", "Status")
#: Without Shared Activities every row is an invitee.
_SHARED_COLUMNS = (*_COLUMNS, "IsInvitee", "IsParent")
_NEW = "New"
#: What an org answers that has no such object, or shows it to others only.
_NO_OBJECT = frozenset({"INVALID_TYPE", "INVALID_FIELD", "FUNCTIONALITY_NOT_ENABLED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """One row: somebody who has to do with an event, invited or not."""

    id: str
    person_id: str
    status: str
    is_invitee: bool
    #: It is the event's WhoId, which stays when the invitation goes.
    is_parent: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom an event must invite, by id, with the status of each.

    `is_whole`: nobody else may stay invited.
    """

    event_id: str
    owner_id: str
    statuses: Mapping[str, str]
    is_whole: bool


@dataclass(slots=True)
class _Work:
    """Rows to write, each with the event it belongs to."""

    create: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    update: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    delete: list[tuple[str, str]] = field(default_factory=list)


class Invitees:
    """The invitees of events."""

    def __init__(self, client: SalesforceClient, describes: Describes) -> None:
        """Prepare; nothing is asked."""
        self._client = client
        self._describes = describes

    def complete(self, records: Sequence[Record]) -> list[Record]:
        """The records with the invitees of group events looked up.

        In an org that does not show them the field is left out.

        Raises:
            ProviderError: They could not be read.
        """
        ids = [r.id for r in records if r.fields.get(INVITEES) == TO_LOOK_UP]
        if not ids:
            return list(records)
        found = self._relations(ids)
        return [_completed(record, found) for record in records]

    def write(self, wanted: Sequence[Wanted]) -> dict[str, Fault]:
        """Make each event's invitees those that are wanted; faults by event.

        Compares with what is there, so that it can be repeated.

        Raises:
            ProviderError: The side is closed to us.
        """
        current = self._relations([w.event_id for w in wanted])
        if current is None:
            return {w.event_id: _unsupported() for w in wanted if w.statuses}
        work = _Work()
        for one in wanted:
            _compare(one, current.get(one.event_id, ()), work)
        return self._carry_out(work)

    def _relations(self, ids: Sequence[str]) -> dict[str, list[Relation]] | None:
        """All people of some events; None where the org has no such object."""
        try:
            return self._ask(ids)
        except (ItemError, PermissionDeniedError) as error:
            if error.fault.code not in _NO_OBJECT:
                raise
            if not self._describes.shares_activities:
                return None
        self._describes.shares_activities = False
        return self._relations(ids)

    def _ask(self, ids: Sequence[str]) -> dict[str, list[Relation]]:
        is_shared = self._describes.shares_activities
        columns = _SHARED_COLUMNS if is_shared else _COLUMNS
        found: dict[str, list[Relation]] = defaultdict(list)
        for portion in soql.in_portions(list(dict.fromkeys(ids))):
            conditions = [soql.any_of("EventId", portion)]
            if is_shared:
                conditions.append("IsWhat = false")
            query = soql.select(columns, _OBJECT, conditions, "Id")
            for row in self._client.query(query, operation="read invitees"):
                _take(row, found)
        return found

    def _carry_out(self, work: _Work) -> dict[str, Fault]:
        faults: dict[str, Fault] = {}
        if not self._describes.shares_activities:
            for _, body in (*work.create, *work.update):
                body.pop("IsInvitee", None)
        for rows in _portions(work.create):
            results = self._client.insert(_OBJECT, [body for _, body in rows])
            _note(rows, results, faults, _EXISTS)
        for rows in _portions(work.update):
            results = self._client.update(_OBJECT, [body for _, body in rows])
            _note(rows, results, faults)
        for gone in _portions(work.delete):
            results = self._client.delete([row_id for _, row_id in gone])
            _note(gone, results, faults, _GONE)
        return faults


def read_invitees(text: object) -> dict[str, str]:
    """Ids and statuses from the form of the pseudo-field."""
    pairs = json.loads(text) if isinstance(text, str) and text else []
    return {long_id(str(person)): str(status) for person, status in pairs}


def format_invitees(statuses: Mapping[str, str]) -> str | None:
    """The pseudo-field's form, as `domain.engine.invitees` writes it, too."""
    if not statuses:
        return None
    pairs = sorted([person, status] for person, status in statuses.items())
    return json.dumps(pairs)


def _completed(record: Record, found: dict[str, list[Relation]] | None) -> Record:
    if record.fields.get(INVITEES) != TO_LOOK_UP:
        return record
    fields = {n: v for n, v in record.fields.items() if n != INVITEES}
    if found is not None:
        invited = (r for r in found.get(record.id, ()) if r.is_invitee)
        fields[INVITEES] = format_invitees({r.person_id: r.status for r in invited})
    return replace(record, fields=fields)


def _take(row: wire.Row, found: dict[str, list[Relation]]) -> None:
    event, person = row.get("EventId"), row.get("RelationId")
    if isinstance(event, str) and isinstance(person, str):
        relation = Relation(
            id=str(row.get("Id") or ""),
            person_id=long_id(person),
            status=str(row.get("Status") or _NEW),
            is_invitee=bool(row.get("IsInvitee", True)),
            is_parent=bool(row.get("IsParent")),
        )
        found[long_id(event)].append(relation)


def _compare(one: Wanted, current: Sequence[Relation], work: _Work) -> None:
    there = {relation.person_id: relation for relation in current}
    for person, status in one.statuses.items():
        relation = there.get(person)
        if person == one.owner_id:
            # Nobody is invited to an event of one's own.
            continue
        if relation is None:
            body: dict[str, object] = {
                "EventId": one.event_id,
                "RelationId": person,
                "IsInvitee": True,
                "Status": status,
            }
            work.create.append((one.event_id, body))
        elif not relation.is_invitee or relation.status != status:
            changed: dict[str, object] = {"Id": relation.id, "IsInvitee": True}
            work.update.append((one.event_id, changed | {"Status": status}))
    for person, relation in there.items() if one.is_whole else ():
        if relation.is_invitee and person not in one.statuses:
            if relation.is_parent:
                kept = {"Id": relation.id, "IsInvitee": False}
                work.update.append((one.event_id, kept))
            else:
                work.delete.append((one.event_id, relation.id))


def _unsupported() -> Fault:
    problem = wire.Problem(
        status_code="FUNCTIONALITY_NOT_ENABLED", message="no EventRelation"
    )
    return read_record_fault([problem], "write invitees")


_Rows = Sequence[tuple[str, Any]]
#: A row that somebody else made or took away meanwhile is as wanted.
_EXISTS = frozenset({"DUPLICATE_VALUE"})
_GONE = frozenset({"ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY"})


def _portions(rows: _Rows) -> Iterator[_Rows]:
    for start in range(0, len(rows), WRITE_LIMIT):
        yield rows[start : start + WRITE_LIMIT]


def _note(
    rows: _Rows,
    results: Sequence[wire.SaveResult],
    faults: dict[str, Fault],
    harmless: frozenset[str] = frozenset(),
) -> None:
    """Keep the first fault of each event."""
    for (event_id, _), result in zip(rows, results, strict=True):
        if result.success:
            continue
        fault = read_record_fault(result.errors, "write invitees")
        if fault.code in harmless:
            continue
        if not fault.is_passing and fault.fault_class is not FaultClass.PERMISSION:
            # It is the guest who is gone or changed, not the event.
            fault = replace(fault, fault_class=FaultClass.REJECTED)
        faults.setdefault(event_id, fault)
