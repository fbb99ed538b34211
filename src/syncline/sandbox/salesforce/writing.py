"""Creates, changes and deletes single records, with everything that can refuse."""

from __future__ import annotations

from dataclasses import dataclass, replace

from syncline.sandbox.salesforce import checks
from syncline.sandbox.salesforce.behaviors import behavior_of
from syncline.sandbox.salesforce.entities import Record, SObject, Values
from syncline.sandbox.salesforce.faults import RefusedError, not_found, refuse
from syncline.sandbox.salesforce.ids import LONG_LENGTH, SHORT_LENGTH, long_id
from syncline.sandbox.salesforce.org_rules import (
    check_duplicates,
    check_validation,
    run_triggers,
)
from syncline.sandbox.salesforce.platform import Actor
from syncline.sandbox.salesforce.store import Org, is_visible


@dataclass(slots=True, kw_only=True)
class Writer:
    """Writes on behalf of one user."""

    org: Org
    user_id: str
    #: The request passes duplicate rules that only warn.
    allow_duplicates: bool = False
    #: A person at the org's pages, who sees all and is no call of the API.
    by_person: bool = False
    #: The request asks the platform to mail the people concerned.
    mails_people: bool = False

    @property
    def actor(self) -> Actor:
        """On whose behalf things follow."""
        return Actor(
            org=self.org,
            user_id=self.user_id,
            by_person=self.by_person,
            mails_people=self.mails_people,
        )

    def create(self, sobject: SObject, body: Values) -> str:
        """Store a new record and return its id.

        Raises:
            RefusedError: The platform or a rule of the org refuses it.
        """
        _refuse_read_only_object(sobject)
        if not sobject.is_createable:
            raise _unsupported(sobject)
        checks.check_storage(self.org, sobject)
        given = checks.read_values(sobject, body, creating=True)
        logic = behavior_of(sobject.name)
        values = {name: f.default for name, f in sobject.fields.items()}
        # An explicit null falls back to the default, as the vendor does.
        values |= {name: v for name, v in given.items() if v is not None}
        if sobject.has_owner:
            values["OwnerId"] = values.get("OwnerId") or self.user_id
        checks.check_required(sobject, values)
        checks.check_given(self.org, self.user_id, sobject, given)
        checks.check_owner(self.org, sobject, values)
        logic.fill(self.actor, values, given, None)
        run_triggers(self.org, sobject, values)
        check_validation(self.org, sobject, values)
        same = logic.find_same(self.actor, values)
        if same is not None:
            self.update(sobject, same.id, _updateable(sobject, given))
            return same.id
        check_duplicates(
            self.org,
            self.user_id,
            sobject,
            values,
            passes_alerts=self.allow_duplicates,
        )
        checks.check_unique(self.org, sobject, "", values)
        checks.take_row_locks(self.org, sobject, values)
        values["Id"] = self.org.next_id(sobject.name)
        values |= self.actor.stamps(created=True)
        made = Record(sobject=sobject.name, values=values)
        self.org.put(made, by_person=self.by_person)
        logic.saved(self.actor, made, None)
        return made.id

    def update(self, sobject: SObject, record_id: str, body: Values) -> None:
        """Change some fields of a record.

        Raises:
            RefusedError: The platform or a rule of the org refuses it.
        """
        _refuse_read_only_object(sobject)
        record = self.find(sobject, record_id)
        given = checks.read_values(sobject, body, creating=False)
        self.refuse_protected(record)
        logic = behavior_of(sobject.name)
        logic.check_update(self.actor, record, given)
        values = record.values | given
        checks.check_required(sobject, values)
        for name, value in given.items():
            field = sobject.fields[name]
            if value is None and not field.nillable:
                values[name] = record.values[name]
        checks.check_given(self.org, self.user_id, sobject, given)
        checks.check_owner(self.org, sobject, values)
        logic.fill(self.actor, values, given, record)
        run_triggers(self.org, sobject, values)
        check_validation(self.org, sobject, values)
        checks.check_unique(self.org, sobject, record.id, values)
        checks.take_row_locks(self.org, sobject, values)
        values |= self.actor.stamps(created=False)
        changed = replace(record, values=values)
        self.org.put(changed, by_person=self.by_person)
        logic.saved(self.actor, changed, record)

    def delete(self, sobject: SObject, record_id: str) -> None:
        """Move a record to the recycle bin.

        Raises:
            RefusedError: It is gone, or this user may not delete it.
        """
        _refuse_read_only_object(sobject)
        record = self.find(sobject, record_id)
        self.refuse_protected(record)
        logic = behavior_of(sobject.name)
        logic.check_delete(self.actor, record)
        checks.take_row_locks(self.org, sobject, record.values)
        stamps = self.actor.stamps(created=False)
        values = record.values | stamps | {"IsDeleted": True}
        gone = replace(record, values=values)
        self.org.put(gone, by_person=self.by_person)
        logic.deleted(self.actor, gone)

    def find(self, sobject: SObject, record_id: str) -> Record:
        """The undeleted record of that id that this user may see.

        Raises:
            RefusedError: There is none; the code says in which way.
        """
        full = long_id(record_id)
        if full is None or full[:3] != sobject.prefix:
            if len(record_id) in (SHORT_LENGTH, LONG_LENGTH):
                raise refuse("MALFORMED_ID", f"malformed id {record_id}", "Id")
            text = "Provided external ID field does not exist or is not accessible: "
            raise not_found(text + record_id)
        record = self.org.tables[sobject.name].get(full)
        if record is None or not self._sees(record):
            raise not_found()
        if record.deleted:
            raise refuse("ENTITY_IS_DELETED", "entity is deleted")
        return record

    def _sees(self, record: Record) -> bool:
        return self.by_person or is_visible(self.user_id, record)

    def refuse_protected(self, record: Record) -> None:
        """Refuse any change of a locked or read-only record.

        Raises:
            RefusedError: It is one.
        """
        if record.locked:
            text = (
                "The record you are trying to edit, or one of its related records, "
                "is locked in an approval process."
            )
            raise refuse("ENTITY_IS_LOCKED", text)
        if record.read_only:
            text = "insufficient access rights on object id"
            raise refuse("INSUFFICIENT_ACCESS_OR_READONLY", text)


def _refuse_read_only_object(sobject: SObject) -> None:
    if not sobject.writable:
        raise _unsupported(sobject)


def _unsupported(sobject: SObject) -> RefusedError:
    text = f"entity type {sobject.label} does not support this operation"
    return refuse("INVALID_TYPE_FOR_OPERATION", text)


def _updateable(sobject: SObject, given: Values) -> Values:
    return {n: v for n, v in given.items() if sobject.fields[n].updateable}
