"""`/sobjects/{Object}/listviews`: the views that people choose, and their queries."""

from __future__ import annotations

from syncline.sandbox.salesforce.calls import Answer, Call
from syncline.sandbox.salesforce.entities import Json, Record
from syncline.sandbox.salesforce.faults import not_found
from syncline.sandbox.salesforce.ids import long_id
from syncline.sandbox.salesforce.list_views import (
    ALWAYS,
    COLUMNS,
    SCOPE_KEY,
    query_of,
    views_of,
)
from syncline.sandbox.salesforce.soql.engine import find, select
from syncline.sandbox.salesforce.soql.parser import parse
from syncline.sandbox.salesforce.soql.view import View

USUAL_ROWS = 25
MOST_ROWS = 2000


def list_views(call: Call, name: str) -> Answer:
    """All views of an object."""
    sobject = call.sobject(name)
    shown = [_summary(call, view) for view in views_of(call.org, sobject.name)]
    body = {
        "done": True,
        "listviews": shown,
        "nextRecordsUrl": None,
        "size": len(shown),
        "sobjectType": sobject.name,
    }
    return Answer(body=body)


def _summary(call: Call, view: Record) -> dict[str, Json]:
    url = f"{call.root}/sobjects/{view.values['SobjectType']}/listviews/{view.id}"
    return {
        "describeUrl": f"{url}/describe",
        "developerName": view.values["DeveloperName"],
        "id": view.id,
        "label": view.values["Name"],
        "resultsUrl": f"{url}/results",
        "soqlCompatible": True,
        "url": url,
    }


def _find(call: Call, name: str, view_id: str) -> Record:
    sobject = call.sobject(name)
    for view in views_of(call.org, sobject.name):
        if view_id == view.values["DeveloperName"] or long_id(view_id) == view.id:
            return view
    raise not_found()


def read_view(call: Call, name: str, view_id: str) -> Answer:
    """One view, without its query."""
    return Answer(body=_summary(call, _find(call, name, view_id)))


def describe_view(call: Call, name: str, view_id: str) -> Answer:
    """One view with the query that makes the list."""
    view = _find(call, name, view_id)
    first = COLUMNS[view.values["SobjectType"]][0]
    order = {"nullsPosition": "first", "sortDirection": "ascending"}
    body = {
        "columns": _columns(view),
        "id": view.id,
        "orderBy": [{"fieldNameOrPath": n} | order for n in (first, "Id")],
        "query": query_of(view),
        "relatedEntityId": None,
        "scope": view.values[SCOPE_KEY] or "everything",
        "scopeEntityId": None,
        "sobjectType": view.values["SobjectType"],
        "whereCondition": None,
    }
    return Answer(body=body)


def _columns(view: Record) -> list[Json]:
    shown = COLUMNS[view.values["SobjectType"]]
    return [
        {
            "fieldNameOrPath": name,
            "hidden": name not in shown,
            "label": name,
            "selectListItem": name,
            "sortDirection": "ascending" if name == shown[0] else None,
            "sortIndex": 0 if name == shown[0] else None,
            "sortable": True,
        }
        for name in (*shown, *ALWAYS)
    ]


def run_view(call: Call, name: str, view_id: str) -> Answer:
    """The rows of a view, in parts of `limit` from `offset` on."""
    view = _find(call, name, view_id)
    query = parse(query_of(view))
    seen = View(org=call.org, user_id=call.user_id, include_deleted=False)
    selection = select(seen, query)
    rows = find(seen, query)
    first = _whole(call, "offset", 0)
    last = first + min(_whole(call, "limit", USUAL_ROWS), MOST_ROWS)
    records = [selection.row(call.root, row) for row in rows[first:last]]
    body = {
        "columns": _columns(view),
        "developerName": view.values["DeveloperName"],
        "done": last >= len(rows),
        "id": view.id,
        "label": view.values["Name"],
        "records": [{"columns": _cells(view, record)} for record in records],
        "size": len(records),
    }
    return Answer(body=body)


def _whole(call: Call, name: str, usual: int) -> int:
    text = call.query.get(name, "")
    return int(text) if text.isdigit() else usual


def _cells(view: Record, record: Json) -> list[Json]:
    cells = []
    for name in (*COLUMNS[view.values["SobjectType"]], *ALWAYS):
        value = record
        for part in name.split("."):
            value = value.get(part) if value else None
        cells.append({"fieldNameOrPath": name, "value": value})
    return cells
