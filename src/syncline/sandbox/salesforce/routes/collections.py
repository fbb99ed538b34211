"""`/composite/sobjects`: up to 200 records in one call."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from syncline.sandbox.salesforce.calls import Answer, Call
from syncline.sandbox.salesforce.entities import Json, SObject, Values
from syncline.sandbox.salesforce.faults import RefusedError, not_found, refuse
from syncline.sandbox.salesforce.ids import long_id
from syncline.sandbox.salesforce.org_rules import CRASHED
from syncline.sandbox.salesforce.rendering import render
from syncline.sandbox.salesforce.routes.sobjects import matches
from syncline.sandbox.salesforce.store import is_visible

MOST_RECORDS = 200
MOST_RETRIEVED = 2000
MOST_CHUNKS = 10

#: Writes one record and answers what its success looks like.
Step = Callable[[Json], dict[str, Json]]


def _records(call: Call) -> list[Values]:
    records = call.json_object().get("records")
    if not isinstance(records, list) or not all(isinstance(r, dict) for r in records):
        raise refuse("JSON_PARSER_ERROR", "records must be a list of sObjects")
    _check_count(len(records))
    types = [_type_name(record) for record in records]
    breaks = sum(one != other for one, other in pairwise(types))
    if 1 + breaks > MOST_CHUNKS:
        text = f"The request has more than {MOST_CHUNKS} chunks of object types."
        raise refuse("EXCEEDED_MAX_TYPES_LIMIT", text)
    return records


def _check_count(count: int) -> None:
    if count > MOST_RECORDS:
        text = (
            f"record limit reached. cannot submit more than {MOST_RECORDS} records "
            "into this call"
        )
        raise refuse("EXCEEDED_MAX_SOBJECTS", text)


def _type_name(record: Values) -> str:
    attributes = record.get("attributes")
    return str(attributes.get("type")) if isinstance(attributes, dict) else ""


def _typed(call: Call, record: Values) -> SObject:
    name = _type_name(record)
    found = call.org.find_sobject(name)
    if found is None:
        raise refuse("INVALID_TYPE", f"sObject type '{name}' is not supported.")
    return found


def _take(record: Values, name: str) -> tuple[Json, Values]:
    """One field's value and the rest, whatever the case of the name."""
    value = None
    rest = {}
    for key, held in record.items():
        if key.lower() == name.lower():
            value = held
        else:
            rest[key] = held
    return value, rest


def _each(call: Call, items: list[Json], step: Step, *, together: bool) -> Answer:
    """Do one step for each item; with `together`, all or nothing."""
    org = call.org
    point = org.begin()
    results = _run(items, step, {})
    if together and not all(result["success"] for result in results):
        org.roll_back(point)
        results = [_rolled_back(result) for result in results]
    elif crashes := _crashes(items, results):
        org.roll_back(point)
        results = _run(items, step, crashes)
    org.end()
    return Answer(body=results)


def _run(items: list[Json], step: Step, crashes: dict[str, Json]) -> list[Json]:
    """The results of all items; those of a kind that crashed are not tried."""
    results: list[Json] = []
    for item in items:
        if _kind(item) in crashes:
            results.append(crashes[_kind(item)])
            continue
        try:
            results.append(step(item) | {"success": True, "errors": []})
        except RefusedError as error:
            results.append({"success": False, "errors": _record_errors(error)})
    return results


def _crashes(items: list[Json], results: list[Json]) -> dict[str, Json]:
    """By kind of record, how its trigger crashed."""
    return {
        _kind(item): result
        for item, result in zip(items, results, strict=True)
        if any(error["statusCode"] == CRASHED for error in result["errors"])
    }


def _kind(item: Json) -> str:
    return _type_name(item) if isinstance(item, dict) else ""


def _record_errors(error: RefusedError) -> list[Json]:
    """A record that is not there is a bad reference, not a missing path."""
    if error.troubles[0].code != "NOT_FOUND":
        return error.record_errors
    text = "invalid cross reference id"
    return refuse("INVALID_CROSS_REFERENCE_KEY", text).record_errors


def _rolled_back(result: Json) -> Json:
    if not result["success"]:
        return result
    text = (
        "Record rolled back because not all records were valid and the request was "
        "using AllOrNone header"
    )
    code = "ALL_OR_NONE_OPERATION_ROLLED_BACK"
    error = {"statusCode": code, "message": text, "fields": []}
    return {"success": False, "errors": [error]}


def _together(call: Call) -> bool:
    return bool(call.json_object().get("allOrNone"))


def create(call: Call) -> Answer:
    """Create records of one or several objects."""
    writer = call.writer()

    def step(record: Values) -> dict[str, Json]:
        return {"id": writer.create(_typed(call, record), record)}

    return _each(call, _records(call), step, together=_together(call))


def update(call: Call) -> Answer:
    """Change records by id."""
    writer = call.writer()

    def step(record: Values) -> dict[str, Json]:
        record_id, body = _take(record, "Id")
        if not record_id:
            raise refuse("MISSING_ARGUMENT", "Id not specified in an update call", "Id")
        writer.update(_typed(call, record), str(record_id), body)
        return {"id": long_id(str(record_id))}

    return _each(call, _records(call), step, together=_together(call))


def upsert(call: Call, name: str, key: str) -> Answer:
    """Create or change records by an external id."""
    sobject = call.sobject(name)
    writer = call.writer()
    seen: set[str] = set()

    def step(record: Values) -> dict[str, Json]:
        if _typed(call, record) is not sobject:
            raise refuse("INVALID_TYPE", f"The record is no {sobject.name}.")
        value, body = _take(record, key)
        value = str(value or "")
        if not value:
            raise refuse("MISSING_ARGUMENT", f"{key} not specified", key)
        if value in seen:
            text = f"Duplicate external id specified: {value}"
            raise refuse("DUPLICATE_VALUE", text, key)
        seen.add(value)
        found = matches(call, sobject, key, value)
        if len(found) > 1:
            text = f"{key}: more than one record found for external id field"
            raise refuse("DUPLICATE_EXTERNAL_ID", text, key)
        if found:
            writer.update(sobject, found[0].id, body)
            return {"id": found[0].id, "created": False}
        return {"id": writer.create(sobject, record), "created": True}

    field = sobject.find(key)
    if field is None or not (field.external_id or field.name == "Id"):
        text = "Provided external ID field does not exist or is not accessible: "
        raise not_found(text + key)
    return _each(call, _records(call), step, together=_together(call))


def delete(call: Call) -> Answer:
    """Move records of one or several objects to the recycle bin."""
    ids = [part.strip() for part in call.query.get("ids", "").split(",")]
    _check_count(len(ids))
    writer = call.writer()

    def step(record_id: str) -> dict[str, Json]:
        full = long_id(record_id)
        prefix = (full or "")[:3]
        for sobject in call.org.sobjects.values():
            if full and sobject.prefix == prefix:
                writer.delete(sobject, full)
                return {"id": full}
        raise refuse("MALFORMED_ID", f"malformed id {record_id}", "Id")

    return _each(call, ids, step, together=call.flag("allOrNone"))


def retrieve(call: Call, name: str) -> Answer:
    """Answer records by id, in that order; null for those that are not there."""
    sobject = call.sobject(name)
    if call.method == "POST":
        body = call.json_object()
        ids, names = body.get("ids") or [], body.get("fields") or []
    else:
        ids = call.query.get("ids", "").split(",")
        names = call.query.get("fields", "").split(",")
    if not (isinstance(ids, list) and isinstance(names, list)):
        raise refuse("JSON_PARSER_ERROR", "ids and fields must be lists")
    fields = [_column(sobject, str(column)) for column in names if column]
    if len(ids) > MOST_RETRIEVED:
        text = f"You can specify a maximum of {MOST_RETRIEVED} ids."
        raise refuse("EXCEEDED_ID_LIMIT", text)
    if not fields:
        raise refuse("MISSING_ARGUMENT", "fields must be specified")
    return Answer(body=[_one(call, sobject, str(i), fields) for i in ids])


def _column(sobject: SObject, name: str) -> str:
    field = sobject.find(name.strip())
    if field is None:
        text = f"No such column '{name}' on sobject of type {sobject.name}"
        raise refuse("INVALID_FIELD", text)
    return field.name


def _one(call: Call, sobject: SObject, record_id: str, names: list[str]) -> Json:
    full = long_id(record_id.strip())
    record = call.org.tables[sobject.name].get(full) if full else None
    if record is None or record.deleted or not is_visible(call.user_id, record):
        return None
    return render(call.root, sobject, record, names)
