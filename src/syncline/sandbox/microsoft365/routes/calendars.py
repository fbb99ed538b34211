"""Calendars and calendar groups."""

from __future__ import annotations

from syncline.sandbox.microsoft365.calls import Answer, Call, Route
from syncline.sandbox.microsoft365.entities import ROOT, Item
from syncline.sandbox.microsoft365.faults import GraphError
from syncline.sandbox.microsoft365.query import entity, listing
from syncline.sandbox.microsoft365.routes.events import delete_event
from syncline.sandbox.microsoft365.validation import accepted, invalid


def _list(call: Call) -> Answer:
    found = call.mailbox.members("calendar", ROOT)
    return listing(call, "calendar", found, "calendars")


def _groups(call: Call) -> Answer:
    found = call.mailbox.members("calendarGroup", ROOT)
    return listing(call, "calendarGroup", found, "calendarGroups")


def _post(call: Call) -> Answer:
    fields, _ = accepted("calendar", call.json())
    if not fields.get("name"):
        raise invalid("A calendar needs a name.")
    names = {c.fields["name"].lower() for c in call.mailbox.members("calendar", ROOT)}
    if fields["name"].lower() in names:
        raise GraphError(409, "ErrorFolderExists", "The folder name is in use already.")
    item = call.tenant.create(call.mailbox, Item(0, "calendar", ROOT, fields))
    answer = entity(call, "calendar", item, "calendars", 201)
    answer.wrote = True
    return answer


def _found(call: Call) -> Item:
    if not call.args:
        return call.default("calendar")
    return call.container("calendar", call.args[0])


def _get(call: Call) -> Answer:
    return entity(call, "calendar", _found(call), "calendars")


def _patch(call: Call) -> Answer:
    item = _found(call)
    fields, _ = accepted("calendar", call.json())
    item.fields |= fields
    call.tenant.touch(call.mailbox, item)
    answer = entity(call, "calendar", item, "calendars")
    answer.wrote = True
    return answer


def _delete(call: Call) -> Answer:
    item = _found(call)
    if item.key == call.mailbox.well_known["calendar"]:
        raise GraphError(400, "ErrorDeleteDistinguishedFolder", "It is the default.")
    for event in call.mailbox.members("event", item.key):
        delete_event(call.tenant, call.mailbox, event)
    call.tenant.remove(call.mailbox, item)
    return Answer(204, wrote=True)


ROUTES: list[Route] = [
    ("GET", "calendars", _list),
    ("POST", "calendars", _post),
    ("GET", "calendarGroups", _groups),
    ("GET", "calendar", _get),
    ("PATCH", "calendar", _patch),
    ("GET", "calendars/{id}", _get),
    ("PATCH", "calendars/{id}", _patch),
    ("DELETE", "calendars/{id}", _delete),
]
