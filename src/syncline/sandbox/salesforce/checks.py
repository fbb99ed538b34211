"""What the platform refuses in a record's values, before any org rule."""

from __future__ import annotations

from collections.abc import Iterator

from syncline.sandbox.salesforce.coercion import (
    WRONG_TYPE,
    WrongTypeError,
    coerce,
    is_email,
)
from syncline.sandbox.salesforce.entities import Field, Json, SObject, Values
from syncline.sandbox.salesforce.faults import RefusedError, Trouble, refuse
from syncline.sandbox.salesforce.ids import long_id
from syncline.sandbox.salesforce.store import Org, is_visible

LEAD_PREFIX = "00Q"
SHOWN_TEXT_LENGTH = 255


def read_values(sobject: SObject, body: Values, *, creating: bool) -> Values:
    """The given fields in stored form, by their exact names.

    Raises:
        RefusedError: A field does not exist, cannot be written or has a value
            of the wrong type.
    """
    given: Values = {}
    for name, value in body.items():
        if name == "attributes":
            continue
        field = sobject.find(name)
        if field is None:
            text = f"No such column '{name}' on sobject of type {sobject.name}"
            raise refuse("INVALID_FIELD", text)
        if not (field.createable if creating else field.updateable):
            raise _not_writable(field)
        try:
            given[field.name] = coerce(field, value)
        except WrongTypeError as error:
            raise refuse(WRONG_TYPE, str(error), field.name) from error
    return given


def _not_writable(field: Field) -> RefusedError:
    text = (
        f"Unable to create/update fields: {field.name}. Please check the security "
        "settings of this field and verify that it is read/write for your profile or "
        "permission set."
    )
    return refuse("INVALID_FIELD_FOR_INSERT_UPDATE", text, field.name)


def check_required(sobject: SObject, values: Values) -> None:
    """Refuse a record whose required fields are empty."""
    missing = [
        f.name
        for f in sobject.fields.values()
        if f.required and values.get(f.name) is None
    ]
    if missing:
        text = f"Required fields are missing: [{', '.join(missing)}]"
        raise refuse("REQUIRED_FIELD_MISSING", text, *missing)


def check_given(org: Org, user_id: str, sobject: SObject, given: Values) -> None:
    """Refuse values that are too long, not listed, malformed or point nowhere.

    Raises:
        RefusedError: All that is wrong, in the order of the request.
    """
    troubles: list[Trouble] = []
    for name, value in given.items():
        if value is not None:
            field = sobject.fields[name]
            troubles += _field_troubles(org, user_id, field, value)
    if troubles:
        raise RefusedError(*troubles)


def _field_troubles(
    org: Org, user_id: str, field: Field, value: Json
) -> Iterator[Trouble]:
    if _is_too_long(field, value):
        yield _too_long(field, value)
    elif field.type == "email" and not is_email(value):
        text = f"{field.label}: invalid email address: {value}"
        yield Trouble("INVALID_EMAIL_ADDRESS", text, (field.name,))
    elif field.restricted and value not in field.picklist:
        text = f"{field.label}: bad value for restricted picklist field: {value}"
        code = "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
        yield Trouble(code, text, (field.name,))
    elif field.type == "reference":
        yield from _reference_troubles(org, user_id, field, value)
    elif field.type == "junctionIdList":
        for each in value:
            yield from _reference_troubles(org, user_id, field, str(each))


def _is_too_long(field: Field, value: Json) -> bool:
    if not isinstance(value, str) or field.type in ("picklist", "reference"):
        return False
    return 0 < field.length < len(value)


def _too_long(field: Field, value: str) -> Trouble:
    shown = value[:SHOWN_TEXT_LENGTH]
    text = f"{field.label}: data value too large: {shown} (max length={field.length})"
    return Trouble("STRING_TOO_LONG", text, (field.name,))


def _reference_troubles(
    org: Org, user_id: str, field: Field, value: str
) -> Iterator[Trouble]:
    full = long_id(value)
    prefixes = {org.sobjects[name].prefix for name in field.reference_to}
    if full is None or full[:3] not in prefixes:
        text = f"{field.label}: id value of incorrect type: {value}"
        yield Trouble("MALFORMED_ID", text, (field.name,))
        return
    target = org.find_record(full)
    if target is None or target.deleted or not is_visible(user_id, target):
        text = "invalid cross reference id"
        yield Trouble("INVALID_CROSS_REFERENCE_KEY", text, (field.name,))


def check_storage(org: Org, sobject: SObject) -> None:
    """Refuse any new record, but files, when the org's data storage is full."""
    if org.settings.is_data_storage_full and sobject.name != "ContentVersion":
        raise refuse("STORAGE_LIMIT_EXCEEDED", "storage limit exceeded")


def take_row_locks(org: Org, sobject: SObject, values: Values) -> None:
    """Refuse a write while another transaction holds the record or a parent.

    Raises:
        RefusedError: UNABLE_TO_LOCK_ROW, as often as the lock was planned for.
    """
    parents = [values.get(f.name) for f in sobject.fields.values() if f.children]
    for held in (values.get("Id"), *parents, values.get("AccountId")):
        if held and org.row_locks.get(held):
            org.row_locks[held] -= 1
            text = (
                f"unable to obtain exclusive access to this record or 1 records: {held}"
            )
            raise refuse("UNABLE_TO_LOCK_ROW", text)


def check_owner(org: Org, sobject: SObject, values: Values) -> None:
    """Refuse a record that belongs to a user who left."""
    owner = values.get("OwnerId")
    if owner and not org.is_active(owner):
        text = (
            f"operation performed with inactive user [{owner}] as owner of "
            f"{sobject.name.lower()}"
        )
        raise refuse("INACTIVE_OWNER_OR_USER", text, "OwnerId")


def check_tie_ins(values: Values) -> None:
    """Refuse an activity of a lead that is also related to something else."""
    who = values.get("WhoId") or ""
    if who.startswith(LEAD_PREFIX) and values.get("WhatId"):
        text = "You cannot relate an activity of a lead to another record."
        raise refuse("FIELD_INTEGRITY_EXCEPTION", text, "WhatId")


def check_unique(org: Org, sobject: SObject, record_id: str, values: Values) -> None:
    """Refuse a value of a unique field that another record has."""
    for field in sobject.fields.values():
        value = values.get(field.name)
        if not (field.unique and value):
            continue
        for other in org.tables[sobject.name].with_key(field.name, value):
            if other.id != record_id:
                text = (
                    f"duplicate value found: {field.name} duplicates value on record "
                    f"with id: {other.id[:15]}"
                )
                raise refuse("DUPLICATE_VALUE", text, field.name)
