"""What events and tasks have in common: whom and what they are about."""

from __future__ import annotations

from typing import ClassVar

from syncline.sandbox.salesforce.behavior import Behavior
from syncline.sandbox.salesforce.checks import check_tie_ins
from syncline.sandbox.salesforce.entities import Record, Values
from syncline.sandbox.salesforce.faults import refuse
from syncline.sandbox.salesforce.platform import Actor
from syncline.sandbox.salesforce.store import Org


def account_of(org: Org, values: Values) -> str | None:
    """The account that an activity belongs to by its ties."""
    for name in ("WhatId", "WhoId"):
        tied = org.find_record(values[name]) if values.get(name) else None
        if tied is None:
            continue
        if tied.sobject == "Account":
            return tied.id
        account: str | None = tied.values.get("AccountId")
        return account
    return None


class Activity(Behavior):
    """An event or a task."""

    #: The object whose rows repeat `WhoId` and `WhatId`.
    relations: ClassVar[str]
    parent_field: ClassVar[str]

    def fill(
        self, actor: Actor, values: Values, given: Values, before: Record | None
    ) -> None:
        """Derive the account."""
        values["AccountId"] = account_of(actor.org, values)
        check_tie_ins(values)

    def check_update(self, actor: Actor, record: Record, given: Values) -> None:
        """Refuse an archived activity."""
        if record.values.get("IsArchived"):
            raise refuse("ENTITY_IS_ARCHIVED", "entity is archived")

    def saved(self, actor: Actor, record: Record, before: Record | None) -> None:
        """Keep the rows that repeat `WhoId` and `WhatId`."""
        if actor.org.settings.shared_activities:
            wanted = {"IsParent": "WhoId", "IsWhat": "WhatId"}
            for mark, name in wanted.items():
                old = before.values.get(name) if before else None
                new = record.values.get(name)
                if old != new:
                    self._untie(actor, record, mark, old)
                    self._tie(actor, record, mark, new)

    def deleted(self, actor: Actor, record: Record) -> None:
        """Take the rows along."""
        for row in actor.org.tables[self.relations].under(self.parent_field, record.id):
            actor.discard(row)

    def _row(self, actor: Actor, record: Record, person: str | None) -> Record | None:
        rows = actor.org.tables[self.relations].under(self.parent_field, record.id)
        live = (row for row in rows if not row.deleted)
        return next((r for r in live if r.values["RelationId"] == person), None)

    def _untie(
        self, actor: Actor, record: Record, mark: str, person: str | None
    ) -> None:
        row = self._row(actor, record, person) if person else None
        if row is not None and row.values.get("IsInvitee"):
            actor.change(row, {mark: False})
        elif row is not None:
            actor.discard(row)

    def _tie(self, actor: Actor, record: Record, mark: str, person: str | None) -> None:
        if not person:
            return
        marks = (
            {mark: True} if mark in actor.org.sobjects[self.relations].fields else {}
        )
        row = self._row(actor, record, person)
        if row is not None:
            actor.change(row, marks)
            return
        values = {self.parent_field: record.id, "RelationId": person, **marks}
        actor.add(self.relations, values)
