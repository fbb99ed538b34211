"""Creates, changes and deletes single records, with everything that can refuse."""

from __future__ import annotations

from dataclasses import dataclass, replace

from syncline.sandbox.salesforce import checks
from syncline.sandbox.salesforce.entities import Record, SObject, Values
from syncline.sandbox.salesforce.event_times import complete_times
from syncline.sandbox.salesforce.faults import not_found, refuse
from syncline.sandbox.salesforce.ids import LONG_LENGTH, SHORT_LENGTH, long_id
from syncline.sandbox.salesforce.org_rules import check_duplicates, check_validation
from syncline.sandbox.salesforce.store import Org, is_visible

ACTIVITIES = ("Event", "Task")
NAME_PARTS = ("FirstName", "MiddleName", "LastName", "Suffix")


@dataclass(slots=True, kw_only=True)
class Writer:
    """Writes on behalf of one user."""

    org: Org
    user_id: str
    #: The request passes duplicate rules that only warn.
    allow_duplicates: bool = False
    #: A person at the org's pages, who sees all and is no call of the API.
    by_person: bool = False

    def create(self, sobject: SObject, body: Values) -> str:
        """Store a new record and return its id.

        Raises:
            RefusedError: The platform or a rule of the org refuses it.
        """
        _refuse_read_only_object(sobject)
        given = checks.read_values(sobject, body, creating=True)
        values = {name: f.default for name, f in sobject.fields.items()}
        # An explicit null falls back to the default, as the vendor does.
        values |= {name: v for name, v in given.items() if v is not None}
        if sobject.has_owner:
            values["OwnerId"] = values.get("OwnerId") or self.user_id
        checks.check_required(sobject, values)
        checks.check_given(self.org, self.user_id, sobject, given)
        if sobject.name == "Event":
            values |= complete_times(given, {})
        self._check(sobject, values)
        if not self.allow_duplicates:
            check_duplicates(self.org, self.user_id, sobject, values)
        checks.check_unique(self.org, sobject, "", values)
        values["Id"] = self.org.next_id(sobject.name)
        values |= self._stamps(created=True)
        made = Record(sobject=sobject.name, values=values)
        self.org.put(made, by_person=self.by_person)
        return str(values["Id"])

    def update(self, sobject: SObject, record_id: str, body: Values) -> None:
        """Change some fields of a record.

        Raises:
            RefusedError: The platform or a rule of the org refuses it.
        """
        _refuse_read_only_object(sobject)
        record = self.find(sobject, record_id)
        given = checks.read_values(sobject, body, creating=False)
        self._refuse_protected(record)
        values = record.values | given
        checks.check_required(sobject, values)
        for name, value in given.items():
            field = sobject.fields[name]
            if value is None and not field.nillable:
                values[name] = record.values[name]
        checks.check_given(self.org, self.user_id, sobject, given)
        if sobject.name == "Event":
            values |= complete_times(given, record.values)
        self._check(sobject, values)
        checks.check_unique(self.org, sobject, record.id, values)
        values |= self._stamps(created=False)
        self.org.put(replace(record, values=values), by_person=self.by_person)

    def delete(self, sobject: SObject, record_id: str) -> None:
        """Move a record to the recycle bin.

        Raises:
            RefusedError: It is gone, or this user may not delete it.
        """
        _refuse_read_only_object(sobject)
        record = self.find(sobject, record_id)
        self._refuse_protected(record)
        stamps = self._stamps(created=False)
        values = record.values | stamps | {"IsDeleted": True}
        self.org.put(replace(record, values=values), by_person=self.by_person)

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

    def _check(self, sobject: SObject, values: Values) -> None:
        checks.check_owner(self.org, sobject, values)
        _derive(self.org, sobject, values)
        if sobject.name in ACTIVITIES:
            checks.check_tie_ins(values)
        check_validation(self.org, sobject, values)

    def _refuse_protected(self, record: Record) -> None:
        if record.locked:
            text = (
                "The record you are trying to edit, or one of its related records, "
                "is locked in an approval process."
            )
            raise refuse("ENTITY_IS_LOCKED", text)
        if record.read_only:
            text = "insufficient access rights on object id"
            raise refuse("INSUFFICIENT_ACCESS_OR_READONLY", text)

    def _stamps(self, *, created: bool) -> Values:
        now = self.org.stamp()
        stamps = {
            "LastModifiedDate": now,
            "LastModifiedById": self.user_id,
            "SystemModstamp": now,
        }
        if created:
            stamps |= {"CreatedDate": now, "CreatedById": self.user_id}
        return stamps


def _refuse_read_only_object(sobject: SObject) -> None:
    if not sobject.writable:
        text = f"entity type {sobject.label} does not support this operation"
        raise refuse("INVALID_TYPE_FOR_OPERATION", text)


def _derive(org: Org, sobject: SObject, values: Values) -> None:
    """Fill the fields that follow from others."""
    if sobject.name in ("Contact", "Lead"):
        values["Name"] = person_label(values)
    if sobject.name in ACTIVITIES:
        values["AccountId"] = _account_of(org, values)
    if sobject.name == "Task":
        _derive_task(org, values)
    if sobject.name == "Case" and not values.get("CaseNumber"):
        values["CaseNumber"] = f"{org.tables['Case'].last_number + 1001:08d}"


def person_label(values: Values) -> str:
    """A person's full name."""
    return " ".join(str(values[p]) for p in NAME_PARTS if values.get(p))


def _derive_task(org: Org, values: Values) -> None:
    closed = values.get("Status") == "Completed"
    values["IsClosed"] = closed
    values["IsHighPriority"] = values.get("Priority") == "High"
    if not closed:
        values["CompletedDateTime"] = None
    elif not values.get("CompletedDateTime"):
        values["CompletedDateTime"] = org.stamp()


def _account_of(org: Org, values: Values) -> str | None:
    for name in ("WhatId", "WhoId"):
        tied = org.find_record(values[name]) if values.get(name) else None
        if tied is None:
            continue
        if tied.sobject == "Account":
            return tied.id
        account: str | None = tied.values.get("AccountId")
        return account
    return None
