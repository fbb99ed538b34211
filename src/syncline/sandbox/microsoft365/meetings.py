"""What a meeting means to other people: their copies, and the mail they get."""

from __future__ import annotations

import copy

from syncline.sandbox.microsoft365.entities import Item, Json, Mailbox
from syncline.sandbox.microsoft365.series import exception_of, occurrence, settle_times
from syncline.sandbox.microsoft365.shapes import carry_series
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
    """Cancel the copies of guests; of `former` ones only, if they are given.

    Of an occurrence, only that day of the copies is cancelled.
    """
    addresses = guests(mailbox, item) if former is None else former
    for address in sorted(addresses):
        box = tenant.mailboxes.get(address)
        key = box.meetings.get(item.fields["uid"]) if box else None
        if box is None or key is None:
            continue
        held = box.items[key]
        if item.day is not None:
            _cancel_day(tenant, box, held, item)
        elif not held.fields.get("isCancelled"):
            held.fields |= _cancelled(held)
            tenant.touch(box, held)


def _cancelled(item: Item) -> Json:
    """What a guest's calendar shows of a meeting that was called off."""
    subject = f"Canceled: {item.fields.get('subject') or ''}"
    return {"isCancelled": True, "showAs": "free", "subject": subject}


def _cancel_day(tenant: Tenant, box: Mailbox, held: Item, item: Item) -> None:
    day = item.day or ""
    if held.series is None or day in held.series["cancelled"]:
        return
    shown = occurrence(held, day)
    if not shown.fields.get("isCancelled"):
        exception = exception_of(held, day)
        exception["fields"] |= _cancelled(shown)
        tenant.touch(box, held)
        exception |= {"version": held.version, "modified": held.modified}


def answer(tenant: Tenant, mailbox: Mailbox, item: Item, response: str) -> None:
    """Record the owner's answer on the copy and on the organizer's event.

    An answer to one occurrence concerns that day of both alone.
    """
    status = {"response": response, "time": utc_stamp(tenant.now())}
    own = mailbox.items[item.key]
    _record_answer(tenant, mailbox, own, item.day, mailbox.address, status)
    organizer = (item.fields.get("organizer") or {}).get("emailAddress", {})
    box = tenant.mailboxes.get(str(organizer.get("address", "")).lower())
    key = box.meetings.get(item.fields["uid"]) if box else None
    if box is not None and key is not None:
        original = box.items[key]
        _record_answer(tenant, box, original, item.day, mailbox.address, status)


def _record_answer(
    tenant: Tenant,
    box: Mailbox,
    item: Item,
    day: str | None,
    address: str,
    status: Json,
) -> None:
    is_own = box.address.lower() == address.lower()
    if day is None or item.series is None:
        _set_status(item, address, status)
        if is_own:
            item.fields["responseStatus"] = dict(status)
        tenant.touch(box, item)
        return
    shown = occurrence(item, day)
    shown.fields["attendees"] = copy.deepcopy(shown.fields.get("attendees"))
    _set_status(shown, address, status)
    exception = exception_of(item, day)
    exception["fields"]["attendees"] = shown.fields["attendees"]
    if is_own:
        exception["fields"]["responseStatus"] = dict(status)
    tenant.touch(box, item)
    exception |= {"version": item.version, "modified": item.modified}


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
    if tenant.quirks.properties_reach_guests:
        held.properties = dict(item.properties)
    settle_times(held)
    _follow_days(held, item, box.sequence + 1)
    tenant.create(box, held)
    box.meetings[item.fields["uid"]] = held.key


def _refresh_copy(tenant: Tenant, box: Mailbox, held: Item, item: Item) -> None:
    before = copy.copy(held)
    held.fields = held.fields | _shared_fields(item)
    if held.fields.pop("isCancelled", False):
        held.fields["showAs"] = "tentative"
    settle_times(held)
    carry_series(before, held, box.sequence + 1)
    _follow_days(held, item, box.sequence + 1)
    tenant.touch(box, held)


def _follow_days(held: Item, item: Item, sequence: int) -> None:
    """Bring the days of a copy in line with the organizer's; own state stays."""
    if held.series is None or item.series is None:
        return
    exceptions = held.series["exceptions"]
    for day, theirs in item.series["exceptions"].items():
        shared = {n: v for n, v in theirs["fields"].items() if n in _SHARED}
        mine = exceptions.get(day, {}).get("fields", {})
        if day in held.series["cancelled"] or not shared:
            continue
        if any(mine.get(name) != value for name, value in shared.items()):
            exception = exception_of(held, day)
            exception["fields"] |= copy.deepcopy(shared)
            exception |= {"version": sequence, "modified": item.modified}
    for day in item.series["cancelled"].keys() - held.series["cancelled"].keys():
        shown = occurrence(held, day)
        if not shown.fields.get("isCancelled"):
            exception = exception_of(held, day)
            exception["fields"] |= _cancelled(shown)
            exception |= {"version": sequence, "modified": item.modified}
