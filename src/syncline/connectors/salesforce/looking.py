"""Looks at single records: gone, hidden, out of scope and there are told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from syncline.connectors.salesforce import soql, translate
from syncline.connectors.salesforce.client import SalesforceClient
from syncline.connectors.salesforce.describe import Describes
from syncline.connectors.salesforce.faults import unreadable_fault
from syncline.connectors.salesforce.gathering import observe
from syncline.connectors.salesforce.ids import is_intact, long_id
from syncline.connectors.salesforce.invitees import Invitees
from syncline.connectors.salesforce.scope import Scope
from syncline.connectors.salesforce.translate import object_of
from syncline.connectors.salesforce.views import ListView
from syncline.connectors.salesforce.wire import Row
from syncline.domain.values.changes import Change, Presence
from syncline.domain.values.items import Record
from syncline.domain.values.kinds import Kind, Side


class Looker:
    """Looks at records by id."""

    def __init__(
        self, client: SalesforceClient, describes: Describes, invitees: Invitees
    ) -> None:
        """Prepare; nothing is asked."""
        self._client = client
        self._describes = describes
        self._invitees = invitees

    def look(
        self, kind: Kind, ids: Sequence[str], scope: Scope, view: ListView | None
    ) -> list[Change]:
        """One change per id, in order.

        Raises:
            ProviderError: They could not be looked at.
        """
        asked = list(dict.fromkeys(i for i in ids if is_intact(i)))
        found: dict[str, Row | None] = {}
        for name in {object_of(kind, i) for i in asked}:
            found |= self._rows(name, [i for i in asked if object_of(kind, i) == name])
        gone = self._deleted(kind, [i for i, row in found.items() if row is None])
        changes = [_change(kind, i, found.get(i), gone, scope) for i in ids]
        if view is not None:
            changes = self._without_hidden(changes, view)
        return with_invitees(changes, self._invitees)

    def _rows(self, object_name: str, ids: Sequence[str]) -> dict[str, Row | None]:
        if not self._describes.has_object(object_name):
            return dict.fromkeys(ids)
        columns = self._describes.columns(object_name)
        rows = self._client.retrieve(object_name, ids, columns)
        return dict(zip(ids, rows, strict=True))

    def _deleted(self, kind: Kind, ids: Sequence[str]) -> set[str]:
        """Those that the recycle bin holds."""
        gone: set[str] = set()
        for name in {object_of(kind, i) for i in ids}:
            if not self._describes.has_object(name):
                continue
            of_object = [i for i in ids if object_of(kind, i) == name]
            for portion in soql.in_portions(of_object):
                conditions = ["IsDeleted = true", soql.any_of("Id", portion)]
                query = soql.select(("Id",), name, conditions)
                rows = self._client.query(query, with_deleted=True, operation="fetch")
                gone.update(translate.row_id(row) for row in rows)
        return gone

    def _without_hidden(self, changes: list[Change], view: ListView) -> list[Change]:
        """Contacts that the list view does not hold are out of scope."""
        seen = [c.id for c in changes if c.presence is Presence.SEEN]
        inside: set[str] = set()
        for portion in soql.in_portions(seen):
            conditions = [soql.any_of("Id", portion)]
            if view.condition:
                conditions.append(view.condition)
            query = soql.select(("Id",), "Contact", conditions, using=view.using)
            rows = self._client.query(query, operation="fetch")
            inside.update(translate.row_id(row) for row in rows)
        return [
            replace(c, presence=Presence.OUT_OF_SCOPE)
            if c.presence is Presence.SEEN and c.id not in inside
            else c
            for c in changes
        ]


def with_invitees(changes: Sequence[Change], invitees: Invitees) -> list[Change]:
    """The changes with the invitees of group events.

    Raises:
        ProviderError: They could not be read.
    """
    records = [c.thing for c in changes if isinstance(c.thing, Record)]
    found = iter(invitees.complete(records))
    return [
        replace(c, thing=next(found)) if isinstance(c.thing, Record) else c
        for c in changes
    ]


def _change(
    kind: Kind, asked: str, row: Row | None, gone: set[str], scope: Scope
) -> Change:
    if not is_intact(asked):
        return Change(
            side=Side.CRM,
            kind=kind,
            id=asked,
            presence=Presence.UNREADABLE,
            fault=unreadable_fault("Id", "not an id of Salesforce"),
        )
    if row is not None and not row.get("IsDeleted"):
        return observe(kind, row, scope, known_id=asked)
    is_gone = row is not None or long_id(asked) in gone
    presence = Presence.DELETED if is_gone else Presence.OUT_OF_SCOPE
    return Change(side=Side.CRM, kind=kind, id=asked, presence=presence)
