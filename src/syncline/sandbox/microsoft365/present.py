"""Items as the JSON that clients get."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from syncline.sandbox.microsoft365.bodies import in_form, preview
from syncline.sandbox.microsoft365.entities import ROOT, Item, Json, Mailbox
from syncline.sandbox.microsoft365.fields import RESOURCES
from syncline.sandbox.microsoft365.series import shown_moment
from syncline.sandbox.microsoft365.validation import EXTENDED

_PREFERENCE = re.compile(r'([\w.-]+)(?:\s*=\s*("[^"]*"|[^,;\s]+))?')
_PLACE = {"locationType": "default", "uniqueIdType": "unknown"}
_ONLY_WHEN_SELECTED = frozenset(
    {"internetMessageHeaders", "checklistItems", "linkedResources"}
)
_NEVER = frozenset({"attachments"})
#: What a message is when nothing else was said (PidTagMessageClass).
_USUAL_PROPERTIES = {"message": {"String 0x1a": "IPM.Note"}}


@dataclass(slots=True)
class Preferences:
    """What a client's `Prefer` headers ask for."""

    zone: str = "UTC"
    body_form: str = "html"
    immutable: bool = False
    page_size: int | None = None
    minimal: bool = False
    applied: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, header: str) -> Preferences:
        """Read `Prefer`; what is not understood is ignored."""
        found = cls()
        for match in _PREFERENCE.finditer(header):
            name, value = match[1].lower(), (match[2] or "").strip('"')
            if name == "outlook.timezone" and value:
                found.zone = value
            elif name == "outlook.body-content-type" and value.lower() in (
                "text",
                "html",
            ):
                found.body_form = value.lower()
            elif name == "idtype" and value.lower() == "immutableid":
                found.immutable = True
            elif name == "odata.maxpagesize" and value.isdigit():
                found.page_size = int(value)
            elif (name, value) == ("return", "minimal"):
                found.minimal = True
            else:
                continue
            found.applied.append(match[0])
        return found


@dataclass(slots=True)
class View:
    """How to show items: whose, in which form, and which properties.

    `select` is None for all usual properties. `properties` lists the extended
    properties to show, `expand` the navigation properties, `of_attachments` what
    to show of expanded attachments, `hidden` what is never shown.
    """

    mailbox: Mailbox
    preferences: Preferences
    base_url: str
    select: frozenset[str] | None = None
    properties: frozenset[str] = frozenset()
    expand: frozenset[str] = frozenset()
    of_attachments: frozenset[str] | None = None
    hidden: frozenset[str] = frozenset()


def change_key(view: View, item: Item) -> str:
    """Changes on each write of the item."""
    raw = bytes.fromhex(view.mailbox.mailbox_id[:8]) + item.key.to_bytes(6, "big")
    return base64.b64encode(raw + item.version.to_bytes(8, "big")).decode()


def etag(view: View, item: Item) -> str:
    """The item's `@odata.etag`."""
    return f'W/"{change_key(view, item)}"'


def shown_id(view: View, item: Item) -> str:
    """The item's id in the form that the client prefers."""
    return view.mailbox.id_of(item, immutable=view.preferences.immutable)


def show(view: View, item: Item, *, typed: bool = False) -> Json:
    """The item's JSON; `typed` adds `@odata.type` as delta answers do."""
    type_name, table = RESOURCES[item.kind]
    shown: Json = {}
    derived = item.fields.get("odataType")
    if typed or derived:
        shown["@odata.type"] = f"#microsoft.graph.{derived or type_name}"
    shown["@odata.etag"] = etag(view, item)
    for name in table:
        if _is_wanted(view, name):
            shown[name] = value_of(view, item, name)
    if derived:
        shown["meetingMessageType"] = item.fields.get("meetingMessageType")
    held = _USUAL_PROPERTIES.get(item.kind, {}) | item.properties
    wanted = {p: v for p, v in held.items() if p in view.properties}
    if wanted:
        shown[EXTENDED] = [{"id": name, "value": v} for name, v in wanted.items()]
    return shown


def show_removed(view: View, item_id: str, kind: str) -> Json:
    """What a delta says about an item that is gone."""
    del view
    return {
        "@odata.type": f"#microsoft.graph.{RESOURCES[kind][0]}",
        "id": item_id,
        "@removed": {"reason": "deleted"},
    }


def _is_wanted(view: View, name: str) -> bool:
    if name in _NEVER or name in view.hidden:
        return False
    if name in _ONLY_WHEN_SELECTED:
        return name in (view.select or ()) or name in view.expand
    return view.select is None or name == "id" or name in view.select


def value_of(view: View, item: Item, name: str) -> object:
    """One property of an item as a client sees it."""
    special = _SPECIAL.get(item.kind, {}).get(name) or _COMMON.get(name)
    if special is not None:
        return special(view, item)
    value = item.fields.get(name)
    if value is None:
        table = RESOURCES[item.kind][1]
        value = table[name].default if name in table else None
    return value


def linked_place(view: View, path: str, item: Item) -> str:
    """The address of the page of an item on this server."""
    item_id = view.mailbox.id_of(item, immutable=True)
    return f"{view.base_url}/{path}/{quote(item_id, safe='')}"


def _body(view: View, item: Item) -> Json:
    return in_form(item.fields.get("body") or {}, view.preferences.body_form)


def _parent(view: View, item: Item) -> str | None:
    return None if item.parent == ROOT else view.mailbox.id_of_container(item.parent)


def _location(view: View, item: Item) -> Json:
    del view
    return {"displayName": "", **_PLACE, **(item.fields.get("location") or {})}


def _locations(view: View, item: Item) -> list[Json]:
    places = item.fields.get("locations") or []
    if not places and (item.fields.get("location") or {}).get("displayName"):
        return [_location(view, item)]
    return [{**_PLACE, **place} for place in places]


def _recurrence(view: View, item: Item) -> Json | None:
    del view
    recurrence = item.fields.get("recurrence")
    name = item.fields.get("shownRecurrenceZone")
    if not recurrence or not name:
        return recurrence
    return {**recurrence, "range": recurrence["range"] | {"recurrenceTimeZone": name}}


def _event_type(view: View, item: Item) -> str:
    del view
    if item.day is not None:
        return str(item.fields["type"])
    return "seriesMaster" if item.series is not None else "singleInstance"


def _series_master(view: View, item: Item) -> str | None:
    if item.day is None:
        return None
    master = view.mailbox.items[item.key]
    return shown_id(view, master)


def _occurrence_id(view: View, item: Item) -> str | None:
    if item.day is None:
        return None
    return f"OID.{_series_master(view, item)}.{item.day}"


def _ical_uid(view: View, item: Item) -> str:
    """An occurrence has its own `iCalUId`; the series' `uid` is shared.

    In an id that Exchange made, the date has a place of its own.
    """
    del view
    uid = str(item.fields.get("uid", ""))
    if item.day is None:
        return uid
    year, month, day = (int(part) for part in item.day.split("-"))
    head, place, tail = uid[:32], uid[32:40], uid[40:]
    if tail and place == "00000000":
        return f"{head}{year:04X}{month:02X}{day:02X}{tail}"
    return f"{uid}{item.day.replace('-', '')}"


def _email(number: int) -> Callable[[View, Item], object]:
    def pick(view: View, item: Item) -> object:
        del view
        addresses = item.fields.get("emailAddresses") or []
        return addresses[number] if number < len(addresses) else None

    return pick


def _is_default(name: str) -> Callable[[View, Item], bool]:
    return lambda view, item: view.mailbox.well_known.get(name) == item.key


def _well_known_list(view: View, item: Item) -> str:
    if _is_default("tasks")(view, item):
        return "defaultList"
    return "flaggedEmails" if _is_default("flaggedemails")(view, item) else "none"


def _count(kind: str) -> Callable[[View, Item], int]:
    return lambda view, item: len(view.mailbox.members(kind, item.key))


def _unread(view: View, item: Item) -> int:
    messages = view.mailbox.members("message", item.key)
    return sum(not message.fields.get("isRead") for message in messages)


def _owner(view: View, item: Item) -> Json:
    del item
    return {"name": view.mailbox.name, "address": view.mailbox.address}


_COMMON: dict[str, Callable[[View, Item], object]] = {
    "id": shown_id,
    "changeKey": change_key,
    "createdDateTime": lambda view, item: item.created,
    "lastModifiedDateTime": lambda view, item: item.modified,
}
_SPECIAL: dict[str, dict[str, Callable[[View, Item], object]]] = {
    "event": {
        "start": lambda view, item: shown_moment(item, 0, view.preferences.zone),
        "end": lambda view, item: shown_moment(item, 1, view.preferences.zone),
        "body": _body,
        "bodyPreview": lambda view, item: preview(item.fields.get("body") or {}),
        "type": _event_type,
        "recurrence": _recurrence,
        "seriesMasterId": _series_master,
        "occurrenceId": _occurrence_id,
        "iCalUId": _ical_uid,
        "location": _location,
        "locations": _locations,
        "hasAttachments": lambda view, item: bool(item.fields.get("attachments")),
        "webLink": lambda view, item: linked_place(view, "calendar/item", item),
    },
    "contact": {
        "parentFolderId": _parent,
        "primaryEmailAddress": _email(0),
        "secondaryEmailAddress": _email(1),
        "tertiaryEmailAddress": _email(2),
    },
    "message": {
        "parentFolderId": _parent,
        "body": _body,
        "bodyPreview": lambda view, item: preview(item.fields.get("body") or {}),
        "hasAttachments": lambda view, item: any(
            not a.get("isInline") for a in item.fields.get("attachments") or []
        ),
        "webLink": lambda view, item: linked_place(view, "mail/item", item),
    },
    "task": {"bodyLastModifiedDateTime": lambda view, item: item.modified},
    "mailFolder": {
        "parentFolderId": _parent,
        "childFolderCount": _count("mailFolder"),
        "totalItemCount": _count("message"),
        "unreadItemCount": _unread,
    },
    "contactFolder": {"parentFolderId": _parent},
    "calendar": {
        "isDefaultCalendar": _is_default("calendar"),
        "isRemovable": lambda view, item: not _is_default("calendar")(view, item),
        "owner": _owner,
    },
    "todoList": {
        "wellknownListName": _well_known_list,
    },
}
