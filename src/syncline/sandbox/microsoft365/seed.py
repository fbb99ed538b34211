"""Starting data: mailboxes, and items as Graph JSON.

    {"mailboxes": [{"address", "name", "time_zone"}],
     "items": {address: {"events": [...], "contacts": [...], "messages": [...],
                         "tasks": {list name: [...]},
                         "categories": [{"displayName", "color"}]}}}

A contact or message may name its `folder`; folders and lists are made when they
are missing, and the list `Tasks` is the default one. A message may be given as
`mime` in base64. A series may have `exceptions` by day (the properties that
differ) and `cancelled` days.
Nobody is mailed. A property that a client could not set, such as another
organizer, may be given. A start or end in a zone that nobody knows is kept as
an instant in UTC, with the zone's name in `originalStartTimeZone`, as Exchange
keeps items that came with a zone of their own.
"""

from __future__ import annotations

import copy
import uuid
from typing import Any

from syncline.sandbox.microsoft365.delivery import deliver
from syncline.sandbox.microsoft365.entities import Item, Json, Mailbox
from syncline.sandbox.microsoft365.fields import RESOURCES
from syncline.sandbox.microsoft365.meetings import is_organizer, share
from syncline.sandbox.microsoft365.routes.contacts import (
    complete,
    contact_folder_named,
)
from syncline.sandbox.microsoft365.routes.events import (
    change_occurrence,
    delete_event,
    new_event,
)
from syncline.sandbox.microsoft365.routes.todo import add_task, list_named
from syncline.sandbox.microsoft365.series import occurrence
from syncline.sandbox.microsoft365.store import Tenant
from syncline.sandbox.microsoft365.validation import EXTENDED, extended_properties
from syncline.sandbox.microsoft365.zones import UnknownZoneError, zone


def seed(tenant: Tenant, data: dict[str, Any]) -> None:
    """Add what is described to a tenant.

    Raises:
        GraphError: An item cannot stand, such as one that ends before it starts.
        KeyError: Items are given for an address without a mailbox.
    """
    for row in data.get("mailboxes", []):
        box = tenant.add_mailbox(row["address"], row.get("name") or row["address"])
        box.time_zone = row.get("time_zone") or box.time_zone
    for address, items in data.get("items", {}).items():
        box = tenant.mailboxes[address.lower()]
        for category in items.get("categories", []):
            _add_category(box, category)
        for raw in items.get("contacts", []):
            _add_contact(tenant, box, raw)
        for raw in items.get("messages", []):
            deliver(tenant, box, raw)
        _add_tasks(tenant, box, items.get("tasks", {}))
        for raw in items.get("events", []):
            _add_event(tenant, box, raw)


def _split(kind: str, raw: Json) -> tuple[Json, dict[str, str]]:
    raw = copy.deepcopy(raw)
    properties = extended_properties(raw.pop(EXTENDED, None) or [])
    known = RESOURCES[kind][1]
    return {name: value for name, value in raw.items() if name in known}, properties


def _add_category(box: Mailbox, raw: Json) -> None:
    shown = {"id": str(uuid.uuid4()), "displayName": raw["displayName"]}
    box.categories.append(shown | {"color": raw.get("color", "none")})


def _add_contact(tenant: Tenant, box: Mailbox, raw: Json) -> None:
    fields, properties = _split("contact", raw)
    draft = Item(
        0,
        "contact",
        contact_folder_named(tenant, box, raw.get("folder", "contacts")).key,
        complete(fields, {}),
        properties=properties,
    )
    tenant.create(box, draft)


def _add_tasks(tenant: Tenant, box: Mailbox, lists: dict[str, list[Json]]) -> None:
    for name, tasks in lists.items():
        parent = list_named(tenant, box, name)
        for raw in tasks:
            add_task(tenant, box, parent, copy.deepcopy(raw))


def _keep_unknown_zone(fields: Json) -> None:
    """A series in a zone that nobody knows repeats in UTC and shows the name."""
    span = (fields.get("recurrence") or {}).get("range") or {}
    name = span.get("recurrenceTimeZone")
    try:
        zone(name or "UTC")
    except UnknownZoneError:
        span["recurrenceTimeZone"] = "UTC"
        fields["shownRecurrenceZone"] = name


def _add_event(tenant: Tenant, box: Mailbox, raw: Json) -> None:
    fields, properties = _split("event", raw)
    for side, name in (
        ("start", "originalStartTimeZone"),
        ("end", "originalEndTimeZone"),
    ):
        given = fields[side].get("timeZone") or "UTC"
        try:
            zone(given)
        except UnknownZoneError:
            fields[side]["timeZone"] = "UTC"
            fields.setdefault(name, given)
    _keep_unknown_zone(fields)
    organizer = (fields.get("organizer") or {}).get("emailAddress", {}).get("address")
    fields["isOrganizer"] = not organizer or organizer.lower() == box.address.lower()
    if not fields["isOrganizer"]:
        fields.setdefault(
            "responseStatus",
            {"response": "accepted", "time": tenant.now().isoformat()},
        )
    fields["uid"] = raw.get("uid") or raw.get("iCalUId")
    parent = box.well_known["calendar"]
    item = new_event(tenant, box, parent, fields, properties)
    for day, changed in raw.get("exceptions", {}).items():
        change_occurrence(tenant, box, occurrence(item, day), changed, {})
    for day in raw.get("cancelled", []):
        delete_event(tenant, box, occurrence(item, day))
    if is_organizer(item):
        share(tenant, box, item)
