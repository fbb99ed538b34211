"""`/sobjects/{Object}`: one record at a time."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from email.utils import parsedate_to_datetime

from syncline.sandbox.salesforce.calls import Answer, Call
from syncline.sandbox.salesforce.coercion import WRONG_TYPE
from syncline.sandbox.salesforce.entities import Field, Record, SObject
from syncline.sandbox.salesforce.faults import (
    RefusedError,
    Trouble,
    not_found,
    refuse,
)
from syncline.sandbox.salesforce.files import BYTES_KEY
from syncline.sandbox.salesforce.moments import read_moment
from syncline.sandbox.salesforce.rendering import render
from syncline.sandbox.salesforce.series import delete_from
from syncline.sandbox.salesforce.store import is_visible

BODY_VERSION = 46.0


@contextmanager
def _single() -> Iterator[None]:
    """A request for one record reports a wrong type as a JSON error."""
    try:
        yield
    except RefusedError as error:
        trouble = error.troubles[0]
        if trouble.code != WRONG_TYPE:
            raise
        renamed = Trouble("JSON_PARSER_ERROR", trouble.message, trouble.fields)
        raise RefusedError(renamed) from error


def created(call: Call, sobject: SObject, record_id: str) -> Answer:
    """The answer to a successful create."""
    location = f"{call.root}/sobjects/{sobject.name}/{record_id}"
    body = {"id": record_id, "success": True, "errors": []}
    return Answer(201, body, {"Location": location})


def create(call: Call, name: str) -> Answer:
    """Create a record."""
    sobject = call.sobject(name)
    with _single():
        record_id = call.writer().create(sobject, call.json_object())
    return created(call, sobject, record_id)


def read(call: Call, name: str, record_id: str) -> Answer:
    """Answer one record, with all fields or those of `fields`."""
    sobject = call.sobject(name)
    record = call.writer().find(sobject, record_id)
    return _shown(call, sobject, record)


def _shown(call: Call, sobject: SObject, record: Record) -> Answer:
    wanted = [n.strip() for n in call.query.get("fields", "").split(",") if n.strip()]
    names = [_existing(sobject, n).name for n in wanted] or None
    return Answer(body=render(call.root, sobject, record, names))


def _existing(sobject: SObject, name: str) -> Field:
    field = sobject.find(name)
    if field is None:
        text = f"No such column '{name}' on sobject of type {sobject.name}"
        raise refuse("INVALID_FIELD", text)
    return field


def update(call: Call, name: str, record_id: str) -> Answer:
    """Change a record, unless it changed after `If-Unmodified-Since`."""
    sobject = call.sobject(name)
    writer = call.writer()
    since = call.headers.get("if-unmodified-since")
    if since:
        _check_unmodified(writer.find(sobject, record_id), since)
    with _single():
        writer.update(sobject, record_id, call.json_object())
    return Answer(204)


def _check_unmodified(record: Record, since: str) -> None:
    try:
        limit = parsedate_to_datetime(since)
    except ValueError as error:
        raise refuse("INVALID_DATE_FORMAT", f"Invalid date: {since}") from error
    if limit.tzinfo is None:
        limit = limit.replace(tzinfo=UTC)
    changed_at = read_moment(record.values["SystemModstamp"])
    if changed_at is not None and changed_at > limit:
        text = "The record was modified after the date in If-Unmodified-Since."
        raise refuse("PRECONDITION_FAILED", text)


def delete(call: Call, name: str, record_id: str) -> Answer:
    """Move a record to the recycle bin."""
    call.writer().delete(call.sobject(name), record_id)
    return Answer(204)


def read_bytes(call: Call, record_id: str) -> Answer:
    """Answer the bytes of a file's version."""
    record = call.writer().find(call.sobject("ContentVersion"), record_id)
    return Answer(body=base64.b64decode(record.values[BYTES_KEY]))


def delete_onwards(call: Call, name: str, record_id: str) -> Answer:
    """Delete an occurrence of a Lightning series and all that follow it."""
    sobject = call.sobject(name)
    if sobject.name != "Event":
        raise not_found()
    writer = call.writer()
    record = writer.find(sobject, record_id)
    writer.refuse_protected(record)
    delete_from(writer.actor, record)
    return Answer(204)


# -- by external id


def _key_field(sobject: SObject, name: str) -> Field:
    field = sobject.find(name)
    if field is None or not (field.external_id or field.name == "Id"):
        text = "Provided external ID field does not exist or is not accessible: "
        raise not_found(text + name)
    return field


def matches(call: Call, sobject: SObject, key: str, value: str) -> list[Record]:
    """The records that an external id names, as far as the caller sees them.

    Raises:
        RefusedError: The field is no external id.
    """
    field = _key_field(sobject, key)
    if field.name == "Id":
        return [call.writer().find(sobject, value)]
    found = call.org.tables[sobject.name].with_key(field.name, value)
    return [record for record in found if is_visible(call.user_id, record)]


def upsert(call: Call, name: str, key: str, value: str) -> Answer:
    """Change the record with that external id, or create it: 200, 201 or 300."""
    sobject = call.sobject(name)
    found = matches(call, sobject, key, value)
    field = _key_field(sobject, key)
    body = call.json_object()
    if any(given.lower() == field.name.lower() for given in body):
        text = f"The {field.name} field should not be specified in the sobject data."
        raise refuse("INVALID_FIELD", text, field.name)
    if len(found) > 1:
        return _ambiguous(call, found)
    with _single():
        if found:
            call.writer().update(sobject, found[0].id, body)
            return _updated(call, found[0].id)
        record_id = call.writer().create(sobject, {**body, field.name: value})
    answer = created(call, sobject, record_id)
    answer.body["created"] = True
    return answer


def _updated(call: Call, record_id: str) -> Answer:
    if float(call.version) < BODY_VERSION:
        return Answer(204)
    body = {"id": record_id, "success": True, "errors": [], "created": False}
    return Answer(200, body)


def _ambiguous(call: Call, found: list[Record]) -> Answer:
    root = f"{call.root}/sobjects"
    return Answer(300, [f"{root}/{record.sobject}/{record.id}" for record in found])


def read_by_key(call: Call, name: str, key: str, value: str) -> Answer:
    """Answer the record with that external id."""
    sobject = call.sobject(name)
    found = matches(call, sobject, key, value)
    if not found:
        raise not_found()
    if len(found) > 1:
        return _ambiguous(call, found)
    return _shown(call, sobject, found[0])


def delete_by_key(call: Call, name: str, key: str, value: str) -> Answer:
    """Move the record with that external id to the recycle bin."""
    sobject = call.sobject(name)
    found = matches(call, sobject, key, value)
    if not found:
        raise not_found()
    if len(found) > 1:
        return _ambiguous(call, found)
    call.writer().delete(sobject, found[0].id)
    return Answer(204)
