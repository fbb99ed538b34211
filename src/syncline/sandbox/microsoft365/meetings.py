"""What a meeting means to other people: their copies, and the mail they get."""

from __future__ import annotations

import copy

from syncline.sandbox.microsoft365.entities import Item, Json, Mailbox
from syncline.sandbox.microsoft365.series import settle_times
from syncline.sandbox.microsoft365.store import Tenant
from syncline.sandbox.microsoft365.zones import utc_stamp

NEVER = "0001-01-01T00:00:00Z"
#: A change of these alone concerns nobody but the owner of the mailbox.
OWN_STATE = frozenset(
    {"categories", "isReminderOn", "reminderMinutesBeforeStart", "showAs"}
)
_SHARED = (
    "subject",
    "body",
    "start",
    "end",
    "isAllDay",
    "location",
    "locations",
    "attendees",
    "organizer",
    "recurrence",
    "importance",
    "sensitivity",
    "responseRequested",
    "allowNewTimeProposals",
    "hideAttendees",
    "originalStartTimeZone",
    "originalEndTimeZone",
    "uid",
)


def recipient(name: str, address: str) -> Json:
    """A person as events and messages name them."""
    return {"emailAddress": {"name": name, "address": address}}


def is_organizer(item: Item) -> bool:
    """Whether the event is the mailbox's own."""
    return bool(item.fields.get("isOrganizer", True))


def guests(mailbox: Mailbox, item: Item) -> set[str]:
    """Addresses of the people invited, without the mailbox's own."""
    people = item.fields.get("attendees") or []
    found = {str(p.get("emailAddress", {}).get("address") or "") for p in people}
    lowered = {address.lower() for address in found if address}
    return lowered - {mailbox.address.lower()}


def share(tenant: Tenant, mailbox: Mailbox, item: Item) -> None:
    """Give every guest with a mailbox here an up-to-date copy of the meeting."""
    for box in _guest_mailboxes(tenant, mailbox, item):
        known = box.meetings.get(item.fields["uid"])
        if known is None:
            _give_copy(tenant, box, item)
        else:
            _refresh_copy(tenant, box, box.items[known], item)


def withdraw(
    tenant: Tenant, mailbox: Mailbox, item: Item, former: set[str] | None = None
) -> None:
    """Cancel the copies of guests; of `former` ones only, if they are given."""
    addresses = guests(mailbox, item) if former is None else former
    for address in addresses:
        box = tenant.mailboxes.get(address)
        key = box.meetings.get(item.fields["uid"]) if box else None
        if box is None or key is None:
            continue
        held = box.items[key]
        if not held.fields.get("isCancelled"):
            held.fields["isCancelled"] = True
            held.fields["showAs"] = "free"
            held.fields["subject"] = f"Canceled: {held.fields.get('subject') or ''}"
            tenant.touch(box, held)


def answer(tenant: Tenant, mailbox: Mailbox, item: Item, response: str) -> None:
    """Record the owner's answer on the copy and on the organizer's event."""
    status = {"response": response, "time": utc_stamp(tenant.now())}
    _set_status(item, mailbox.address, status)
    item.fields["responseStatus"] = dict(status)
    organizer = (item.fields.get("organizer") or {}).get("emailAddress", {})
    box = tenant.mailboxes.get(str(organizer.get("address", "")).lower())
    key = box.meetings.get(item.fields["uid"]) if box else None
    if box is not None and key is not None:
        original = box.items[key]
        _set_status(original, mailbox.address, status)
        tenant.touch(box, original)


def _set_status(item: Item, address: str, status: Json) -> None:
    for person in item.fields.get("attendees") or []:
        if str(person["emailAddress"].get("address", "")).lower() == address.lower():
            person["status"] = dict(status)


def _guest_mailboxes(tenant: Tenant, mailbox: Mailbox, item: Item) -> list[Mailbox]:
    boxes = (tenant.mailboxes.get(a) for a in sorted(guests(mailbox, item)))
    return [box for box in boxes if box is not None]


def _shared_fields(item: Item) -> Json:
    shared = {name: item.fields[name] for name in _SHARED if name in item.fields}
    return copy.deepcopy(shared)


def _give_copy(tenant: Tenant, box: Mailbox, item: Item) -> None:
    fields = _shared_fields(item) | {
        "isOrganizer": False,
        "showAs": "tentative",
        "responseStatus": {"response": "notResponded", "time": NEVER},
    }
    held = Item(0, "event", box.well_known["calendar"], fields)
    settle_times(held)
    held.series = copy.deepcopy(item.series)
    tenant.create(box, held)
    box.meetings[item.fields["uid"]] = held.key


def _refresh_copy(tenant: Tenant, box: Mailbox, held: Item, item: Item) -> None:
    held.fields |= _shared_fields(item)
    if held.fields.pop("isCancelled", False):
        held.fields["showAs"] = "tentative"
    settle_times(held)
    held.series = copy.deepcopy(item.series)
    tenant.touch(box, held)
