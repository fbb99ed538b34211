"""Mail folders and their tree."""

from __future__ import annotations

from syncline.sandbox.microsoft365.calls import Answer, Call, Route
from syncline.sandbox.microsoft365.delta import Stream, answer_round, tell_plainly
from syncline.sandbox.microsoft365.entities import ROOT, Item, Mailbox
from syncline.sandbox.microsoft365.faults import GraphError
from syncline.sandbox.microsoft365.query import entity, listing
from syncline.sandbox.microsoft365.store import Tenant
from syncline.sandbox.microsoft365.validation import accepted, invalid

_KIND = "mailFolder"


def _top(call: Call) -> Item:
    return call.default("msgfolderroot")


def _found(call: Call) -> Item:
    return call.container(_KIND, call.args[0])


def _list(call: Call) -> Answer:
    found = call.mailbox.members(_KIND, _top(call).key)
    return listing(call, _KIND, found, "mailFolders")


def _children(call: Call) -> Answer:
    found = call.mailbox.members(_KIND, _found(call).key)
    return listing(call, _KIND, found, "mailFolders/childFolders")


def _get(call: Call) -> Answer:
    return entity(call, _KIND, _found(call), "mailFolders")


def _create(call: Call, parent: Item) -> Answer:
    fields, properties = accepted(_KIND, call.json())
    name = fields.get("displayName")
    if not name:
        raise invalid("A folder needs a displayName.")
    siblings = call.mailbox.members(_KIND, parent.key)
    if any(s.fields["displayName"].lower() == name.lower() for s in siblings):
        raise GraphError(
            409, "ErrorFolderExists", "A folder with the specified name already exists."
        )
    draft = Item(0, _KIND, parent.key, fields, properties=properties)
    item = call.tenant.create(call.mailbox, draft)
    answer = entity(call, _KIND, item, "mailFolders", 201)
    answer.wrote = True
    return answer


def _post(call: Call) -> Answer:
    return _create(call, _top(call))


def _post_child(call: Call) -> Answer:
    return _create(call, _found(call))


def _patch(call: Call) -> Answer:
    item = _changeable(call)
    fields, properties = accepted(_KIND, call.json())
    item.fields |= fields
    item.properties |= properties
    call.tenant.touch(call.mailbox, item)
    answer = entity(call, _KIND, item, "mailFolders")
    answer.wrote = True
    return answer


def _changeable(call: Call) -> Item:
    item = _found(call)
    if item.key in call.mailbox.well_known.values():
        raise GraphError(
            400, "ErrorDeleteDistinguishedFolder", "Distinguished folders stay."
        )
    return item


def _delete(call: Call) -> Answer:
    _remove_tree(call.tenant, call.mailbox, _changeable(call))
    return Answer(204, wrote=True)


def _remove_tree(tenant: Tenant, mailbox: Mailbox, folder: Item) -> None:
    for child in mailbox.members(_KIND, folder.key):
        _remove_tree(tenant, mailbox, child)
    for message in mailbox.members("message", folder.key):
        tenant.remove(mailbox, message)
    tenant.remove(mailbox, folder)


def _delta(call: Call) -> Answer:
    refused = ("$filter", "$orderby", "$search", "$expand")
    return answer_round(call, Stream(_KIND, ROOT, tell_plainly(_KIND), refused))


ROUTES: list[Route] = [
    ("GET", "mailFolders", _list),
    ("POST", "mailFolders", _post),
    ("GET", "mailFolders/delta", _delta),
    ("GET", "mailFolders/{id}", _get),
    ("PATCH", "mailFolders/{id}", _patch),
    ("DELETE", "mailFolders/{id}", _delete),
    ("GET", "mailFolders/{id}/childFolders", _children),
    ("POST", "mailFolders/{id}/childFolders", _post_child),
]
