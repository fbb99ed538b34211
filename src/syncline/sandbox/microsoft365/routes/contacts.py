"""Contacts and their folders."""

from __future__ import annotations

from syncline.sandbox.microsoft365.calls import Answer, Call, Route
from syncline.sandbox.microsoft365.delta import Stream, answer_round, tell_plainly
from syncline.sandbox.microsoft365.entities import ROOT, Item, Json, Mailbox
from syncline.sandbox.microsoft365.faults import GraphError
from syncline.sandbox.microsoft365.query import entity, listing
from syncline.sandbox.microsoft365.store import Tenant
from syncline.sandbox.microsoft365.validation import accepted, invalid

_NAMES = ("givenName", "middleName", "surname")
_REFUSED = ("$filter", "$orderby", "$search", "$expand")


def _folder(call: Call, *, named: bool) -> Item:
    if named:
        return call.container("contactFolder", call.args[0])
    return call.default("contacts")


def complete(fields: Json, known: Json) -> Json:
    """Names that Exchange makes up when names change and none is given."""
    merged = {**known, **fields}
    made: Json = {}
    if fields.keys() & set(_NAMES) and "displayName" not in fields:
        parts = [merged.get(name) for name in _NAMES]
        made["displayName"] = " ".join(part for part in parts if part)
    if fields.keys() & set(_NAMES) and "fileAs" not in fields:
        parts = [merged.get("surname"), merged.get("givenName")]
        made["fileAs"] = ", ".join(part for part in parts if part)
    for entry in fields.get("emailAddresses") or []:
        if not entry.get("name"):
            entry["name"] = entry.get("address")
    return {**fields, **made}


def contact_folder_named(tenant: Tenant, box: Mailbox, name: str) -> Item:
    """The default folder, or one by its name; made if missing."""
    if name.lower() == "contacts":
        return box.items[box.well_known["contacts"]]
    for folder in box.members("contactFolder", ROOT):
        if folder.fields["displayName"].lower() == name.lower():
            return folder
    return tenant.create(box, Item(0, "contactFolder", ROOT, {"displayName": name}))


# --- contacts ---


def _list(call: Call, *, named: bool = False) -> Answer:
    parent = _folder(call, named=named).key
    return listing(call, "contact", call.mailbox.members("contact", parent), "contacts")


def _post(call: Call, *, named: bool = False) -> Answer:
    parent = _folder(call, named=named).key
    fields, properties = accepted("contact", call.json())
    draft = Item(0, "contact", parent, complete(fields, {}), properties=properties)
    item = call.tenant.create(call.mailbox, draft)
    answer = entity(call, "contact", item, "contacts", 201)
    answer.wrote = True
    return answer


def _get(call: Call) -> Answer:
    return entity(call, "contact", call.item("contact", call.args[-1]), "contacts")


def _patch(call: Call) -> Answer:
    item = call.item("contact", call.args[-1])
    call.check_match(item)
    fields, properties = accepted("contact", call.json())
    item.fields |= complete(fields, item.fields)
    item.properties |= properties
    call.tenant.touch(call.mailbox, item)
    answer = entity(call, "contact", item, "contacts")
    answer.wrote = True
    return answer


def _delete(call: Call) -> Answer:
    item = call.item("contact", call.args[-1])
    call.check_match(item)
    call.tenant.remove(call.mailbox, item)
    return Answer(204, wrote=True)


def _delta(call: Call, *, named: bool = False) -> Answer:
    parent = _folder(call, named=named).key
    stream = Stream("contact", parent, tell_plainly("contact"), _REFUSED)
    return answer_round(call, stream)


# --- folders ---


def _folders(call: Call) -> Answer:
    found = call.mailbox.members("contactFolder", ROOT)
    # The default folder is not listed by Graph; its name is known anyway.
    listed = [f for f in found if f.key != call.mailbox.well_known["contacts"]]
    return listing(call, "contactFolder", listed, "contactFolders")


def _get_folder(call: Call) -> Answer:
    item = call.container("contactFolder", call.args[0])
    return entity(call, "contactFolder", item, "contactFolders")


def _post_folder(call: Call) -> Answer:
    fields, _ = accepted("contactFolder", call.json())
    fields.pop("parentFolderId", None)
    if not fields.get("displayName"):
        raise invalid("A folder needs a displayName.")
    item = call.tenant.create(call.mailbox, Item(0, "contactFolder", ROOT, fields))
    answer = entity(call, "contactFolder", item, "contactFolders", 201)
    answer.wrote = True
    return answer


def _delete_folder(call: Call) -> Answer:
    item = call.container("contactFolder", call.args[0])
    if item.key == call.mailbox.well_known["contacts"]:
        raise GraphError(400, "ErrorDeleteDistinguishedFolder", "It is the default.")
    for contact in call.mailbox.members("contact", item.key):
        call.tenant.remove(call.mailbox, contact)
    call.tenant.remove(call.mailbox, item)
    return Answer(204, wrote=True)


def _folder_delta(call: Call) -> Answer:
    stream = Stream("contactFolder", ROOT, tell_plainly("contactFolder"), _REFUSED)
    return answer_round(call, stream)


ROUTES: list[Route] = [
    ("GET", "contacts", _list),
    ("POST", "contacts", _post),
    ("GET", "contacts/delta", _delta),
    ("GET", "contactFolders", _folders),
    ("POST", "contactFolders", _post_folder),
    ("GET", "contactFolders/delta", _folder_delta),
    ("GET", "contactFolders/{id}", _get_folder),
    ("DELETE", "contactFolders/{id}", _delete_folder),
    ("GET", "contactFolders/{id}/contacts", lambda call: _list(call, named=True)),
    ("POST", "contactFolders/{id}/contacts", lambda call: _post(call, named=True)),
    (
        "GET",
        "contactFolders/{id}/contacts/delta",
        lambda call: _delta(call, named=True),
    ),
]
for _root in ("contacts/{id}", "contactFolders/{id}/contacts/{id}"):
    ROUTES += [
        ("GET", _root, _get),
        ("PATCH", _root, _patch),
        ("DELETE", _root, _delete),
    ]
