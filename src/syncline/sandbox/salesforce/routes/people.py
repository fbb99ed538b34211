"""The lists that a person sees: contacts, events, users and rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from syncline.sandbox.salesforce import controls
from syncline.sandbox.salesforce.entities import Json, Record
from syncline.sandbox.salesforce.ids import long_id
from syncline.sandbox.salesforce.moments import days, read_day, read_moment, stamp
from syncline.sandbox.salesforce.pages import page
from syncline.sandbox.salesforce.routes.record_form import FORMS
from syncline.sandbox.salesforce.routes.record_page import ROUTES as RECORD_ROUTES
from syncline.sandbox.salesforce.routes.tabs import TABS, Columns, shown_tabs
from syncline.sandbox.salesforce.rules import RULES
from syncline.sandbox.salesforce.store import Org, is_visible

ROWS = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list."""

    id: str
    cells: list[str]
    chips: list[str]


async def show_org(request: Request) -> Response:
    """The home page: one tab of the org."""
    org: Org = request.app.state.org
    asked = request.query_params
    tab = asked.get("tab", "Contacts")
    tab = tab if tab in shown_tabs(org) else "Contacts"
    sobject, columns = TABS[tab]
    viewer = org.find_user(asked.get("as", ""))
    when = asked.get("when", "upcoming")
    found: Sequence[Json] = _found(org, tab, viewer, when)
    pages = max(1, -(-len(found) // ROWS))
    number = min(max(1, _whole(asked.get("page", ""))), pages)
    shown = found[(number - 1) * ROWS : number * ROWS]
    if columns:
        shown = [_row(org, record, columns) for record in shown]
    return page(
        "org.html",
        tab=tab,
        tabs=shown_tabs(org),
        sobject=sobject,
        columns=columns,
        rows=shown,
        total=len(found),
        hint=", from yesterday on" if tab == "Events" and when != "all" else "",
        creatable=sobject in FORMS,
        number=number,
        pages=pages,
        when=when,
        viewer=viewer["Username"] if viewer else "",
        as_query="&" + urlencode({"as": viewer["Username"]}) if viewer else "",
        all_users=org.users(),
        syncing=org.syncing,
        active_rules=org.active_rules,
        note=asked.get("note", ""),
    )


def _whole(text: str) -> int:
    return int(text) if text.isdigit() else 1


def _found(
    org: Org, tab: str, viewer: dict[str, Json] | None, when: str
) -> Sequence[Json]:
    if tab == "Users":
        return org.users()
    if tab == "Rules":
        return RULES
    records = [
        record
        for record in org.tables[TABS[tab][0]].records.values()
        if not record.deleted and (viewer is None or is_visible(viewer["Id"], record))
    ]
    if tab == "Events":
        if when != "all":
            start = stamp(org.now() - days(1))
            records = [r for r in records if (r.values["EndDateTime"] or "") >= start]
        return sorted(records, key=lambda r: str(r.values["StartDateTime"]))
    return sorted(records, key=lambda r: r.title.casefold())


def _row(org: Org, record: Record, columns: Columns) -> Row:
    marks = {
        "Locked": record.locked,
        "Read-only": record.read_only,
        "Private": record.values.get("IsPrivate"),
        "Guest's copy": record.values.get("IsChild"),
        "Series": record.values.get("IsRecurrence")
        or record.values.get("IsRecurrence2"),
    }
    cells = [cell(org, record, name) for name, _ in columns]
    return Row(record.id, cells, [name for name, on in marks.items() if on])


def cell(org: Org, record: Record, name: str) -> str:
    """A field as people read it: names for ids, dates in words."""
    value = record.values.get(name)
    if value is None:
        return ""
    if name == "StartDateTime" and record.values.get("IsAllDayEvent"):
        return _span_of_days(record)
    kind = org.sobjects[record.sobject].fields[name].type
    if kind == "reference":
        target = org.find_record(value)
        return target.title if target else str(value)
    if kind == "datetime":
        moment = read_moment(value)
        return f"{moment:%a %d %b %Y, %H:%M} UTC" if moment else str(value)
    return str(value)


def _span_of_days(record: Record) -> str:
    first, last = (
        read_day(record.values.get(name) or "") for name in ("ActivityDate", "EndDate")
    )
    if first is None or last is None or first == last:
        return f"{first:%a %d %b %Y}, all day" if first else ""
    return f"{first:%a %d %b} to {last:%a %d %b %Y}"


async def switch_rule(request: Request) -> Response:
    """Switch a rule on or off."""
    form = await request.form()
    name, active = str(form.get("name")), bool(form.get("active"))
    controls.set_rule(request.app.state.org, {"name": name, "active": active})
    note = f"{name} is now {'active' if active else 'inactive'}."
    return RedirectResponse("/?" + urlencode({"tab": "Rules", "note": note}), 303)


async def switch_user(request: Request) -> Response:
    """Activate or deactivate a user."""
    form = await request.form()
    name, active = str(form.get("username")), bool(form.get("is_active"))
    controls.set_user(request.app.state.org, {"username": name, "is_active": active})
    note = f"{name} is now {'active' if active else 'inactive'}."
    return RedirectResponse("/?" + urlencode({"tab": "Users", "note": note}), 303)


async def go_to_list(request: Request) -> Response:
    """The vendor's address of an object's list."""
    wanted = request.path_params["sobject"]
    tabs = [tab for tab, (name, _) in TABS.items() if name == wanted]
    return RedirectResponse(f"/?tab={tabs[0] if tabs else 'Contacts'}", 302)


async def go_to_record(request: Request) -> Response:
    """The short address of a record."""
    org: Org = request.app.state.org
    record = org.find_record(long_id(request.path_params["record_id"]) or "")
    if record is None:
        text = "There is no such page or record."
        return page("message.html", 404, title="Page not found", message=text)
    return RedirectResponse(f"/lightning/r/{record.sobject}/{record.id}/view", 302)


ROUTES: list[Route] = [
    Route("/", show_org),
    Route("/setup/rules", switch_rule, methods=["POST"]),
    Route("/setup/users", switch_user, methods=["POST"]),
    *RECORD_ROUTES,
    Route("/lightning/o/{sobject}/list", go_to_list),
    Route("/{record_id}", go_to_record),
]
