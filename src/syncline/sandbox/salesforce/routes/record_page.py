"""The page of one record, where a person reads, changes and deletes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from syncline.sandbox.salesforce import mishaps
from syncline.sandbox.salesforce.entities import Field, Json, Record, SObject, Values
from syncline.sandbox.salesforce.faults import RefusedError
from syncline.sandbox.salesforce.ids import long_id
from syncline.sandbox.salesforce.pages import page
from syncline.sandbox.salesforce.store import Org
from syncline.sandbox.salesforce.writing import Writer

TABS = ("Contacts", "Events", "Accounts", "Users", "Rules")
MINUTE_LENGTH = len("2026-11-24T10:00")
_TIMES = ("StartDateTime", "EndDateTime")
_DAYS = ("ActivityDate", "EndDate")
FORMS: dict[str, tuple[str, ...]] = {
    "Contact": (
        "Salutation", "FirstName", "LastName", "AccountId", "Title", "Department",
        "Email", "Phone", "MobilePhone", "MailingStreet", "MailingCity",
        "MailingPostalCode", "MailingCountry", "OwnerId", "Description",
    ),
    "Event": (
        "Subject", *_TIMES, "Location", "ShowAs", "IsPrivate", "OwnerId",
        "Description",
    ),
    "Account": ("Name", "Phone", "Website", "OwnerId", "Description"),
}  # fmt: skip
_INPUTS = {
    "boolean": "select",
    "picklist": "select",
    "reference": "select",
    "datetime": "datetime-local",
    "date": "date",
    "textarea": "textarea",
}


@dataclass(frozen=True, slots=True)
class Input:
    """One field of the form."""

    name: str
    label: str
    kind: str
    value: str
    required: bool
    options: list[tuple[str, str]]


def _form_fields(sobject: SObject, values: Values) -> list[Field]:
    names = FORMS.get(sobject.name, ())
    if values.get("IsAllDayEvent"):
        days = dict(zip(_TIMES, _DAYS, strict=True))
        names = tuple(days.get(name, name) for name in names)
    return [sobject.fields[name] for name in names if name in sobject.fields]


def _input(org: Org, column: Field, values: Values, given: dict[str, str]) -> Input:
    shown = given.get(column.name, _spelled(column, values.get(column.name)))
    kind = _INPUTS.get(column.type, "text")
    label = column.label.removesuffix(" ID")
    if column.type == "datetime":
        label += " (UTC)"
    options = _options(org, column) if kind == "select" else []
    return Input(column.name, label, kind, shown, column.required, options)


def _spelled(column: Field, value: Json) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = "" if value is None else str(value)
    return text[:MINUTE_LENGTH] if column.type == "datetime" else text


def _options(org: Org, column: Field) -> list[tuple[str, str]]:
    if column.type == "boolean":
        return [("false", "No"), ("true", "Yes")]
    if column.type == "picklist":
        values = [(value, value) for value in column.picklist]
    else:
        table = org.tables[column.reference_to[0]]
        values = [(r.id, r.title) for r in table.records.values() if not r.deleted]
    return values if not column.nillable else [("", "--None--"), *values]


def _changes(fields: list[Field], before: Values, form: FormData) -> Values:
    """What a person changed in the form, as a request would say it."""
    changes: Values = {}
    for column in fields:
        text = form.get(column.name)
        if not isinstance(text, str):
            continue
        text = text.replace("\r\n", "\n")
        if text == _spelled(column, before.get(column.name)):
            continue
        if column.type == "datetime" and text:
            text += ":00Z"
        changes[column.name] = text or None
    return changes


def _path(record: Record) -> str:
    return f"/lightning/r/{record.sobject}/{record.id}"


@dataclass(frozen=True, slots=True)
class Said:
    """What a page tells beside the record itself."""

    refused: RefusedError | None = None
    #: What the person typed, shown again after a refusal.
    given: dict[str, str] = field(default_factory=dict)
    note: str = ""


NOTHING_SAID = Said()


def _page(
    org: Org, sobject: SObject, record: Record | None, said: Said = NOTHING_SAID
) -> Response:
    refused = said.refused
    values = record.values if record else {}
    fields = _form_fields(sobject, values)
    new = f"/lightning/o/{sobject.name}/new"
    details = [
        (column.label, _detail(org, column, values.get(column.name)))
        for column in sobject.fields.values()
        if values.get(column.name) not in (None, "", False)
    ]
    return page(
        "record.html",
        400 if refused else 200,
        tabs=TABS,
        sobject=sobject,
        record=record,
        title=record.title if record else f"New {sobject.label}",
        path=_path(record) if record else "",
        action=f"{_path(record)}/edit" if record else new,
        editable=bool(fields) and not (record and record.deleted),
        form=[_input(org, column, values, said.given) for column in fields],
        details=details,
        errors=[trouble.message for trouble in refused.troubles] if refused else [],
        note=said.note,
    )


def _detail(org: Org, column: Field, value: Json) -> str:
    if value is True:
        return "Yes"
    if column.type == "reference" and isinstance(value, str):
        target = org.find_record(value)
        return f"{target.title} ({value})" if target else value
    return "" if value is None else str(value)


def _find(request: Request) -> tuple[Org, Record | None]:
    org: Org = request.app.state.org
    return org, org.find_record(long_id(request.path_params["record_id"]) or "")


def _missing() -> Response:
    text = "The record does not exist, or it was deleted for good."
    return page("message.html", 404, title="Record not found", message=text)


async def show(request: Request) -> Response:
    """The record with its form."""
    org, record = _find(request)
    if record is None:
        return _missing()
    note = request.query_params.get("note", "")
    sobject = org.sobjects[record.sobject]
    return _page(org, sobject, record, Said(note=note))


def _writer(org: Org, record: Record | None) -> Writer:
    """Writes as the record's owner, with an administrator's eyes."""
    user_id = (record.owner_id if record else "") or org.syncing[0]
    return Writer(org=org, user_id=user_id, by_person=True)


async def save(request: Request) -> Response:
    """Save the form; every rule of the org is asked."""
    org, record = _find(request)
    if record is None:
        return _missing()
    sobject = org.sobjects[record.sobject]
    form = await request.form()
    fields = _form_fields(sobject, record.values)
    try:
        changes = _changes(fields, record.values, form)
        _writer(org, record).update(sobject, record.id, changes)
    except RefusedError as error:
        given = {name: text for name, text in form.items() if isinstance(text, str)}
        return _page(org, sobject, record, Said(error, given))
    return _back(record, "Saved.")


def _back(record: Record, note: str) -> Response:
    return RedirectResponse(f"{_path(record)}/view?{urlencode({'note': note})}", 303)


async def remove(request: Request) -> Response:
    """Move the record to the recycle bin."""
    org, record = _find(request)
    if record is None:
        return _missing()
    sobject = org.sobjects[record.sobject]
    try:
        _writer(org, record).delete(sobject, record.id)
    except RefusedError as error:
        return _page(org, sobject, record, Said(error))
    query = urlencode({"tab": sobject.label_plural, "note": f"{record.title} deleted."})
    return RedirectResponse(f"/?{query}", 303)


async def lock(request: Request) -> Response:
    """Lock, unlock, or make the record read-only."""
    org, record = _find(request)
    if record is None:
        return _missing()
    form = await request.form()
    asked = {key: bool(form.get(key)) for key in ("locked", "read_only") if key in form}
    mishaps.set_record(org, {"id": record.id, **asked})
    return _back(record, "Changed.")


async def new(request: Request) -> Response:
    """The form of a new record, and what it makes."""
    org: Org = request.app.state.org
    sobject = org.find_sobject(request.path_params["sobject"])
    if sobject is None or sobject.name not in FORMS:
        return _missing()
    if request.method == "GET":
        return _page(org, sobject, None)
    form = await request.form()
    fields = _form_fields(sobject, {})
    try:
        body = _changes(fields, {}, form)
        record_id = _writer(org, None).create(sobject, body)
    except RefusedError as error:
        given = {name: text for name, text in form.items() if isinstance(text, str)}
        return _page(org, sobject, None, Said(error, given))
    made = org.find_record(record_id)
    return _back(made, "Created.") if made else _missing()


_RECORD = "/lightning/r/{sobject}/{record_id}"
ROUTES: list[Route] = [
    Route(f"{_RECORD}/view", show),
    Route(f"{_RECORD}/edit", save, methods=["POST"]),
    Route(f"{_RECORD}/delete", remove, methods=["POST"]),
    Route(f"{_RECORD}/lock", lock, methods=["POST"]),
    Route("/lightning/o/{sobject}/new", new, methods=["GET", "POST"]),
]
