"""Messages."""

from __future__ import annotations

import base64
import copy
import re
import uuid
from email.message import EmailMessage
from email.utils import format_datetime

from syncline.sandbox.microsoft365.bodies import plain
from syncline.sandbox.microsoft365.calls import Answer, Call, Route
from syncline.sandbox.microsoft365.delta import (
    Round,
    Stream,
    answer_round,
    tell_plainly,
)
from syncline.sandbox.microsoft365.entities import Item, Json
from syncline.sandbox.microsoft365.faults import GraphError
from syncline.sandbox.microsoft365.filters import read_filter
from syncline.sandbox.microsoft365.query import entity, listing, lookup_in
from syncline.sandbox.microsoft365.validation import accepted, unreadable
from syncline.sandbox.microsoft365.zones import parse_stamp, utc_stamp

_KIND = "message"
_RECEIVED_ONLY = re.compile(r"\s*receivedDateTime\s+(ge|gt)\s+\S+\s*", re.IGNORECASE)


def _list(call: Call) -> Answer:
    return listing(call, _KIND, call.mailbox.all_of(_KIND), "messages")


def _list_folder(call: Call) -> Answer:
    folder = call.container("mailFolder", call.args[0])
    found = call.mailbox.members(_KIND, folder.key)
    return listing(call, _KIND, found, "mailFolders/messages")


def _found(call: Call) -> Item:
    return call.item(_KIND, call.args[-1])


def _get(call: Call) -> Answer:
    return entity(call, _KIND, _found(call), "messages")


def _create(call: Call, folder: Item) -> Answer:
    fields, properties = accepted(_KIND, call.json())
    _complete(call, fields)
    draft = Item(0, _KIND, folder.key, fields, properties=properties)
    item = call.tenant.create(call.mailbox, draft)
    answer = entity(call, _KIND, item, "messages", 201)
    answer.wrote = True
    return answer


def _complete(call: Call, fields: Json) -> None:
    now = utc_stamp(call.tenant.now())
    fields["isDraft"] = True
    fields.setdefault("isRead", True)
    fields.setdefault("receivedDateTime", now)
    fields.setdefault("sentDateTime", now)
    fields.setdefault("conversationId", uuid.uuid4().hex)
    fields.setdefault("internetMessageId", f"<{uuid.uuid4()}@northwind.example>")


def _post(call: Call) -> Answer:
    return _create(call, call.default("drafts"))


def _post_folder(call: Call) -> Answer:
    return _create(call, call.container("mailFolder", call.args[0]))


def _patch(call: Call) -> Answer:
    item = _found(call)
    call.check_match(item)
    fields, properties = accepted(_KIND, call.json())
    item.fields |= fields
    item.properties |= properties
    call.tenant.touch(call.mailbox, item)
    answer = entity(call, _KIND, item, "messages")
    answer.wrote = True
    return answer


def _delete(call: Call) -> Answer:
    """Like Outlook: to the bin first, gone when it was there already."""
    item = _found(call)
    call.check_match(item)
    bin_key = call.mailbox.well_known["deleteditems"]
    if item.parent == bin_key:
        call.tenant.remove(call.mailbox, item)
    else:
        call.tenant.move(call.mailbox, item, bin_key)
    return Answer(204, wrote=True)


def _destination(call: Call) -> Item:
    body = call.json()
    if not isinstance(body, dict):
        raise unreadable("A destinationId is needed.")
    named = {str(name).lower(): value for name, value in body.items()}
    target = named.get("destinationid")
    if not isinstance(target, str):
        raise unreadable("A destinationId is needed.")
    return call.container("mailFolder", target)


def _move(call: Call) -> Answer:
    item, target = _found(call), _destination(call)
    call.tenant.move(call.mailbox, item, target.key)
    answer = entity(call, _KIND, item, "messages", 201)
    answer.wrote = True
    return answer


def _copy(call: Call) -> Answer:
    item, target = _found(call), _destination(call)
    fields = copy.deepcopy(item.fields)
    draft = Item(0, _KIND, target.key, fields, properties=dict(item.properties))
    made = call.tenant.create(call.mailbox, draft)
    answer = entity(call, _KIND, made, "messages", 201)
    answer.wrote = True
    return answer


def _value(call: Call) -> Answer:
    """The message as MIME."""
    item = _found(call)
    fields = item.fields
    mime = EmailMessage()
    mime["Subject"] = " ".join(str(fields.get("subject") or "").split())
    mime["Message-ID"] = fields.get("internetMessageId") or ""
    mime["Date"] = format_datetime(
        parse_stamp(fields.get("sentDateTime") or item.created)
    )
    mime["From"] = _line([fields.get("from") or {}])
    mime["To"] = _line(fields.get("toRecipients") or [])
    mime.set_content(plain(fields.get("body") or {}))
    return Answer(200, content=mime.as_bytes(), headers={"Content-Type": "text/plain"})


def _line(people: list[Json]) -> str:
    found = (str(p.get("emailAddress", {}).get("address", "")) for p in people)
    return ", ".join(address for address in found if address.isascii() and address)


# --- attachments ---


def _attachments(call: Call) -> Answer:
    value = call.item(_KIND, call.args[-1]).fields.get("attachments") or []
    context = call.context_url("messages/attachments")
    return Answer(200, {"@odata.context": context, "value": value})


def _attach(call: Call) -> Answer:
    item = call.item(_KIND, call.args[-1])
    fields, _ = accepted("attachment", call.json())
    try:
        size = len(base64.b64decode(fields.get("contentBytes") or "", validate=True))
    except ValueError as error:
        raise unreadable("contentBytes is not base64.") from error
    shown = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "id": f"{call.args[-1].rstrip('=')}-{uuid.uuid4().hex[:8]}",
        "lastModifiedDateTime": utc_stamp(call.tenant.now()),
        "contentType": "application/octet-stream",
        "isInline": False,
        **fields,
        "size": size,
    }
    item.fields.setdefault("attachments", []).append(shown)
    call.tenant.touch(call.mailbox, item)
    return Answer(201, dict(shown), wrote=True)


def _attachment(call: Call) -> Answer:
    held = call.item(_KIND, call.args[-2]).fields.get("attachments") or []
    for one in held:
        if one["id"] == call.args[-1]:
            return Answer(200, dict(one))
    raise GraphError(404)


# --- changes ---


def _delta(call: Call) -> Answer:
    folder = call.container("mailFolder", call.args[0])
    text = call.option("$filter")
    if text and not _RECEIVED_ONLY.fullmatch(text):
        raise GraphError(
            400, "ErrorInvalidUrlQueryFilter", "Only receivedDateTime ge or gt."
        )
    view = call.view()

    def is_wanted(current: Round, item: Item) -> bool:
        wanted = current.options.get("$filter")
        return not wanted or read_filter(wanted)(lookup_in(view, item))

    stream = Stream(
        _KIND, folder.key, tell_plainly(_KIND, is_wanted), refused=("$search",)
    )
    return answer_round(call, stream)


ROUTES: list[Route] = [
    ("GET", "messages", _list),
    ("POST", "messages", _post),
    ("GET", "mailFolders/{id}/messages", _list_folder),
    ("POST", "mailFolders/{id}/messages", _post_folder),
    ("GET", "mailFolders/{id}/messages/delta", _delta),
]
for _root in ("messages/{id}", "mailFolders/{id}/messages/{id}"):
    ROUTES += [
        ("GET", _root, _get),
        ("PATCH", _root, _patch),
        ("DELETE", _root, _delete),
        ("POST", f"{_root}/move", _move),
        ("POST", f"{_root}/copy", _copy),
        ("GET", f"{_root}/$value", _value),
        ("GET", f"{_root}/attachments", _attachments),
        ("POST", f"{_root}/attachments", _attach),
        ("GET", f"{_root}/attachments/{{id}}", _attachment),
    ]
