"""Messages."""

from __future__ import annotations

import base64
import copy
import re
import uuid

from syncline.sandbox.microsoft365.attachments import accepted_attachment
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
from syncline.sandbox.microsoft365.mime.reading import read_mime
from syncline.sandbox.microsoft365.mime.writing import write_mime
from syncline.sandbox.microsoft365.query import entity, listing, lookup_in
from syncline.sandbox.microsoft365.validation import accepted, unreadable
from syncline.sandbox.microsoft365.zones import utc_stamp

_KIND = "message"
#: PidTagMessageFlags; without this bit a message counts as sent.
_FLAGS_PROPERTY = "Integer 0xe07"
_UNSENT = 8
#: A change of these leaves the mail itself as it came.
_OUTSIDE_OF_MAIL = frozenset(
    {"categories", "isRead", "flag", "inferenceClassification", "importance"}
)
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
    if call.request.headers.get("content-type", "").lower().startswith("text/plain"):
        fields, properties = read_mime(_sent_mime(call))
    else:
        body = call.json()
        fields, properties = accepted(_KIND, body)
        given = fields.pop("attachments", None) or []
        fields["attachments"] = [accepted_attachment(one) for one in given]
    _complete(call, fields, properties)
    draft = Item(0, _KIND, folder.key, fields, properties=properties)
    item = call.tenant.create(call.mailbox, draft)
    answer = entity(call, _KIND, item, "messages", 201)
    answer.wrote = True
    return answer


def _sent_mime(call: Call) -> bytes:
    try:
        return base64.b64decode(b"".join(call.request.body.split()), validate=True)
    except ValueError as error:
        raise GraphError(
            400, "ErrorMimeContentInvalidBase64String", "The MIME is not base64."
        ) from error


def _complete(call: Call, fields: Json, properties: dict[str, str]) -> None:
    now = utc_stamp(call.tenant.now())
    fields["isDraft"] = _is_unsent(properties)
    usual = {
        "isRead": True,
        "receivedDateTime": now,
        "sentDateTime": now,
        "conversationId": uuid.uuid4().hex,
        "internetMessageId": f"<{uuid.uuid4()}@northwind.example>",
    }
    for name, value in usual.items():
        if fields.get(name) is None:
            fields[name] = value


def _is_unsent(properties: dict[str, str]) -> bool:
    """What is made is a draft, unless its flags are given and say otherwise."""
    flags = properties.get(_FLAGS_PROPERTY, "")
    return not flags.isdecimal() or bool(int(flags) & _UNSENT)


def _post(call: Call) -> Answer:
    return _create(call, call.default("drafts"))


def _post_folder(call: Call) -> Answer:
    return _create(call, call.container("mailFolder", call.args[0]))


def _patch(call: Call) -> Answer:
    item = _found(call)
    call.check_match(item)
    fields, properties = accepted(_KIND, call.json())
    fields.pop("attachments", None)
    item.fields |= fields
    if fields.keys() - _OUTSIDE_OF_MAIL:
        item.fields.pop("mime", None)
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
    content = write_mime(_found(call))
    return Answer(200, content=content, headers={"Content-Type": "text/plain"})


# --- changes ---


def _delta(call: Call) -> Answer:
    folder = call.container("mailFolder", call.args[0])
    text = call.option("$filter")
    if text and not _RECEIVED_ONLY.fullmatch(text):
        raise GraphError(
            400, "ErrorInvalidUrlQueryFilter", "Only receivedDateTime ge or gt."
        )
    order = call.option("$orderby")
    if order and order.lower().split() != ["receiveddatetime", "desc"]:
        raise GraphError(
            400, "ErrorInvalidUrlQuery", "Only $orderby=receivedDateTime desc."
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
    ]
