"""What the pages' forms show and what they change.

Only what differs from what was shown is changed, so that saving a form never
rewrites what the person did not touch.
"""

from __future__ import annotations

from syncline.sandbox.microsoft365.bodies import plain
from syncline.sandbox.microsoft365.entities import Item, Json, Mailbox
from syncline.sandbox.microsoft365.fields import EVENT_SUBJECT_LIMIT
from syncline.sandbox.microsoft365.series import shown_moment
from syncline.sandbox.microsoft365.validation import invalid

Form = dict[str, str]
_MINUTES = len("2026-11-24T10:00")
_DAY = len("2026-11-24")
CONTACT_TEXTS = (
    "givenName",
    "middleName",
    "surname",
    "title",
    "jobTitle",
    "companyName",
    "department",
    "mobilePhone",
    "personalNotes",
)
_ADDRESS_PARTS = ("street", "city", "state", "postalCode", "countryOrRegion")


def _categories(item: Item) -> str:
    return ", ".join(item.fields.get("categories") or [])


def _split(text: str) -> list[str]:
    parts = text.replace(";", ",").split(",")
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _text(value: object) -> str:
    return "" if value is None else str(value)


# --- events ---


def event_form(box: Mailbox, item: Item) -> Form:
    """The values of an event's form; times are in the mailbox's zone."""
    fields = item.fields
    form = {
        "subject": _text(fields.get("subject")),
        "start": "",
        "end": "",
        "allday": "on" if fields.get("isAllDay") else "",
        "location": _text((fields.get("location") or {}).get("displayName")),
        "showAs": fields.get("showAs") or "busy",
        "sensitivity": fields.get("sensitivity") or "normal",
        "body": plain(fields.get("body") or {}).replace("\r\n", "\n"),
        "attendees": "\n".join(
            _text(person["emailAddress"].get("address"))
            for person in fields.get("attendees") or []
        ),
        "categories": _categories(item),
    }
    if fields.get("start"):
        form["start"] = shown_moment(item, 0, box.time_zone)["dateTime"][:_MINUTES]
        form["end"] = shown_moment(item, 1, box.time_zone)["dateTime"][:_MINUTES]
    return form


def event_fields(box: Mailbox, item: Item, form: Form) -> Json:
    """The properties that a posted form changes.

    Raises:
        GraphError: The subject is too long.
    """
    shown = event_form(box, item)
    form = {**form, "allday": form.get("allday", "")}
    form["body"] = form.get("body", shown["body"]).replace("\r\n", "\n")
    sent = {name: form[name] for name in shown if name in form}
    changed = {n: v for n, v in sent.items() if v.strip() != shown[n].strip()}
    fields: Json = {
        name: changed[name]
        for name in ("subject", "showAs", "sensitivity")
        if name in changed
    }
    if len(fields.get("subject", "")) > EVENT_SUBJECT_LIMIT:
        raise invalid("A subject may have at most 255 characters.")
    if "allday" in changed:
        fields["isAllDay"] = bool(changed["allday"])
    if {"start", "end", "allday"} & changed.keys():
        fields |= _moments(box, form)
    if "location" in changed:
        fields["location"] = {"displayName": changed["location"]}
    if "body" in changed:
        fields["body"] = {"contentType": "text", "content": changed["body"]}
    if "categories" in changed:
        fields["categories"] = _split(changed["categories"])
    if "attendees" in changed:
        fields["attendees"] = _attendees(item, changed["attendees"])
    return fields


def _moments(box: Mailbox, form: Form) -> Json:
    start, end = form.get("start", ""), form.get("end", "")
    if form.get("allday"):
        start, end = f"{start[:10]}T00:00", f"{end[:10]}T00:00"
    zone_name = box.time_zone
    return {
        "start": {"dateTime": start, "timeZone": zone_name},
        "end": {"dateTime": end, "timeZone": zone_name},
    }


def _attendees(item: Item, text: str) -> list[Json]:
    known = {
        str(person["emailAddress"].get("address", "")).lower(): person
        for person in item.fields.get("attendees") or []
    }
    addresses = dict.fromkeys(_split(text.replace("\n", ",")))
    fresh: list[Json] = []
    for address in addresses:
        person = {
            "emailAddress": {"name": address, "address": address},
            "type": "required",
            "status": {"response": "none", "time": "0001-01-01T00:00:00Z"},
        }
        fresh.append(known.get(address.lower(), person))
    return fresh


# --- contacts ---


def contact_form(box: Mailbox, item: Item) -> Form:
    """The values of a contact's form."""
    del box
    fields = item.fields
    form = {name: _text(fields.get(name)) for name in CONTACT_TEXTS}
    emails = fields.get("emailAddresses") or []
    form["emails"] = "\n".join(_text(one.get("address")) for one in emails)
    form["businessPhones"] = "\n".join(fields.get("businessPhones") or [])
    address = fields.get("businessAddress") or {}
    form |= {name: _text(address.get(name)) for name in _ADDRESS_PARTS}
    form["categories"] = _categories(item)
    form["personalNotes"] = form["personalNotes"].replace("\r\n", "\n")
    return form


def contact_fields(box: Mailbox, item: Item, form: Form) -> Json:
    """The properties that a posted form changes."""
    shown = contact_form(box, item)
    form = {name: value.replace("\r\n", "\n").strip() for name, value in form.items()}
    changed = {n: form[n] for n in shown if n in form and form[n] != shown[n].strip()}
    fields: Json = {
        name: changed[name] or None for name in CONTACT_TEXTS if name in changed
    }
    if "emails" in changed:
        fields["emailAddresses"] = [
            {"name": one, "address": one} for one in changed["emails"].split()
        ]
    if "businessPhones" in changed:
        lines = changed["businessPhones"].split("\n")
        fields["businessPhones"] = [line.strip() for line in lines if line.strip()]
    if set(_ADDRESS_PARTS) & changed.keys():
        known = item.fields.get("businessAddress") or {}
        parts = {n: changed[n] for n in _ADDRESS_PARTS if n in changed}
        fields["businessAddress"] = {**known, **parts}
    if "categories" in changed:
        fields["categories"] = _split(changed["categories"])
    return fields


# --- messages ---


def message_form(box: Mailbox, item: Item) -> Form:
    """The values of a message's form: only its categories can be changed."""
    del box
    return {
        "categories": _categories(item),
        "body": plain(item.fields.get("body") or {}),
        "attachments": "\n".join(
            _text(one.get("name")) for one in item.fields.get("attachments") or []
        ),
    }


def message_fields(box: Mailbox, item: Item, form: Form) -> Json:
    """The properties that a posted form changes."""
    shown = message_form(box, item)["categories"]
    if form.get("categories", shown) == shown:
        return {}
    return {"categories": _split(form["categories"])}


# --- tasks ---


def task_form(box: Mailbox, item: Item) -> Form:
    """The values of a task's form."""
    del box
    fields = item.fields
    due = fields.get("dueDateTime") or {}
    return {
        "title": _text(fields.get("title")),
        "status": fields.get("status") or "notStarted",
        "importance": fields.get("importance") or "normal",
        "due": _text(due.get("dateTime"))[:_DAY],
        "body": plain(fields.get("body") or {}).replace("\r\n", "\n"),
        "categories": _categories(item),
    }


def task_fields(box: Mailbox, item: Item, form: Form) -> Json:
    """The properties that a posted form changes."""
    shown = task_form(box, item)
    form = {name: value.replace("\r\n", "\n").strip() for name, value in form.items()}
    changed = {n: form[n] for n in shown if n in form and form[n] != shown[n].strip()}
    fields: Json = {
        name: changed[name]
        for name in ("title", "status", "importance")
        if name in changed
    }
    if "due" in changed:
        midnight = {"dateTime": f"{changed['due']}T00:00:00", "timeZone": "UTC"}
        fields["dueDateTime"] = midnight if changed["due"] else None
    if "body" in changed:
        fields["body"] = {"contentType": "text", "content": changed["body"]}
    if "categories" in changed:
        fields["categories"] = _split(changed["categories"])
    return fields
