"""Starting data: mailboxes, and items as Graph JSON.

    {"mailboxes": [{"address", "name", "time_zone"}],
     "items": {address: {"events": [...], "contacts": [...], "messages": [...],
                         "categories": [{"displayName", "color"}]}}}

Nobody is mailed. A property that a client could not set, such as another
organizer, may be given. A start or end in a zone that nobody knows is kept as
an instant in UTC, with the zone's name in `originalStartTimeZone`, as Exchange
keeps items that came with a zone of their own.
"""

from __future__ import annotations

import copy
import uuid
from typing import Any

from syncline.sandbox.microsoft365.entities import Item, Json, Mailbox
from syncline.sandbox.microsoft365.fields import RESOURCES
from syncline.sandbox.microsoft365.meetings import is_organizer, share
from syncline.sandbox.microsoft365.routes.contacts import complete
from syncline.sandbox.microsoft365.routes.events import new_event
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
            _add_message(tenant, box, raw)
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
        box.well_known["contacts"],
        complete(fields, {}),
        properties=properties,
    )
    tenant.create(box, draft)


def _add_message(tenant: Tenant, box: Mailbox, raw: Json) -> None:
    fields, properties = _split("message", raw)
    fields.setdefault("isDraft", False)
    fields.setdefault("internetMessageId", f"<{uuid.uuid4()}@{box.address}>")
    folder = box.well_known[raw.get("folder", "inbox")]
    tenant.create(box, Item(0, "message", folder, fields, properties=properties))


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
    if is_organizer(item):
        share(tenant, box, item)
