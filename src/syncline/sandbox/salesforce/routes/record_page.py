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
from syncline.sandbox.salesforce.faults import RefusedError, refuse
from syncline.sandbox.salesforce.ids import long_id
from syncline.sandbox.salesforce.invitees import rows_of
from syncline.sandbox.salesforce.pages import page
from syncline.sandbox.salesforce.routes.record_form import (
    FORMS,
    KIND,
    RULE,
    form_fields,
    input_of,
    read_changes,
    series_inputs,
)
from syncline.sandbox.salesforce.routes.tabs import shown_tabs
from syncline.sandbox.salesforce.series_making import make_series
from syncline.sandbox.salesforce.store import Org
from syncline.sandbox.salesforce.writing import Writer


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
    fields = form_fields(sobject, values)
    new = f"/lightning/o/{sobject.name}/new"
    details = [
        (column.label, _detail(org, column, values.get(column.name)))
        for column in sobject.fields.values()
        if values.get(column.name) not in (None, "", False)
    ]
    return page(
        "record.html",
        400 if refused else 200,
        tabs=shown_tabs(org),
        sobject=sobject,
        record=record,
        title=record.title if record else f"New {sobject.label}",
        path=_path(record) if record else "",
        action=f"{_path(record)}/edit" if record else new,
        invitees=_invitees(org, record) if record else [],
        files=_files(org, record) if record else [],
        editable=bool(fields) and not (record and record.deleted),
        form=[
            *[input_of(org, column, values, said.given) for column in fields],
            *([] if record else series_inputs(sobject, said.given)),
        ],
        details=details,
        errors=[trouble.message for trouble in refused.troubles] if refused else [],
        note=said.note,
    )


def _invitees(org: Org, record: Record) -> list[tuple[str, str]]:
    """Who is invited to an event, and the answer."""
    found = []
    for row in rows_of(org, record.id):
        person = org.find_record(row.values["RelationId"])
        if person is not None and row.values.get("IsInvitee"):
            found.append((person.title, str(row.values["Status"])))
    return sorted(found)


def _files(org: Org, record: Record) -> list[str]:
    """The names of the files that show with a record."""
    links = org.tables["ContentDocumentLink"].under("LinkedEntityId", record.id)
    ids = [link.values["ContentDocumentId"] for link in links if not link.deleted]
    return [file.title for file in map(org.find_record, ids) if file is not None]


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
    fields = form_fields(sobject, record.values)
    try:
        changes = read_changes(fields, record.values, form)
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
    fields = form_fields(sobject, {})
    try:
        record_id = _create(org, sobject, read_changes(fields, {}, form), form)
    except (RefusedError, ValueError) as error:
        if isinstance(error, ValueError):
            error = refuse("INVALID_INPUT", str(error))
        given = {name: text for name, text in form.items() if isinstance(text, str)}
        return _page(org, sobject, None, Said(error, given))
    made = org.find_record(record_id)
    return _back(made, "Created.") if made else _missing()


def _create(org: Org, sobject: SObject, body: Values, form: FormData) -> str:
    """Create a record; an event that repeats becomes a series."""
    rule = str(form.get(RULE) or "").strip()
    if not rule or sobject.name != "Event":
        return _writer(org, None).create(sobject, body)
    owner = str(body.get("OwnerId") or org.syncing[0])
    writer = Writer(org=org, user_id=owner, by_person=True)
    zone = str(org.user(owner)["TimeZoneSidKey"])
    return make_series(writer, str(form.get(KIND)), body, rule, zone)[0]


_RECORD = "/lightning/r/{sobject}/{record_id}"
ROUTES: list[Route] = [
    Route(f"{_RECORD}/view", show),
    Route(f"{_RECORD}/edit", save, methods=["POST"]),
    Route(f"{_RECORD}/delete", remove, methods=["POST"]),
    Route(f"{_RECORD}/lock", lock, methods=["POST"]),
    Route("/lightning/o/{sobject}/new", new, methods=["GET", "POST"]),
]
