"""What hangs on messages and events: files, items, and links to files."""

from __future__ import annotations

import base64
import binascii
import uuid

from syncline.sandbox.microsoft365.entities import Item, Json
from syncline.sandbox.microsoft365.faults import GraphError
from syncline.sandbox.microsoft365.fields import ATTACHMENT, ATTACHMENT_BASE
from syncline.sandbox.microsoft365.mime.reading import read_mime
from syncline.sandbox.microsoft365.mime.writing import write_mime
from syncline.sandbox.microsoft365.present import View, show, shown_id
from syncline.sandbox.microsoft365.validation import accepted, unreadable

_NAMESPACE = "#microsoft.graph."
FILE = f"{_NAMESPACE}fileAttachment"
ITEM = f"{_NAMESPACE}itemAttachment"
LINK = f"{_NAMESPACE}referenceAttachment"
_OF_FILES = ("contentId", "contentLocation", "contentBytes")


def accepted_attachment(body: object) -> Json:
    """An attachment as it is stored, from what a client sent.

    Raises:
        GraphError: 400, something in it is not acceptable.
    """
    fields, _ = accepted("attachment", body)
    kind = str(body.get("@odata.type") or FILE) if isinstance(body, dict) else FILE
    kind = f"{_NAMESPACE}{kind.removeprefix('#').removeprefix('microsoft.graph.')}"
    if kind not in (FILE, ITEM, LINK):
        raise unreadable(f"'{kind}' is no type of attachment.")
    if not fields.get("name"):
        raise unreadable("An attachment needs a name.")
    stored: Json = {"@odata.type": kind, "key": uuid.uuid4().hex[:8], **fields}
    stored["size"] = len(_content(stored))
    return stored


def _content(stored: Json) -> bytes:
    try:
        return base64.b64decode(stored.get("contentBytes") or "", validate=True)
    except (ValueError, binascii.Error) as error:
        raise unreadable("contentBytes is not base64.") from error


def show_attachment(
    view: View,
    item: Item,
    stored: Json,
    select: frozenset[str] | None = None,
    *,
    with_item: bool = False,
) -> Json:
    """An attachment's JSON; the item of an item attachment only when asked for."""
    kind = stored["@odata.type"]
    shown: Json = {
        "@odata.type": kind,
        "@odata.mediaContentType": stored.get("contentType"),
        "id": f"{shown_id(view, item).rstrip('=')}-{stored['key']}",
        "lastModifiedDateTime": stored.get("lastModifiedDateTime") or item.modified,
        "name": stored.get("name"),
        "contentType": stored.get("contentType"),
        "size": stored.get("size", 0),
        "isInline": bool(stored.get("isInline")),
    }
    if kind == FILE:
        shown |= {name: stored.get(name) for name in _OF_FILES}
    elif kind == ITEM and with_item:
        shown["item"] = _shown_item(view, stored)
    if select is None:
        return shown
    wanted = {name.rpartition("/")[2] for name in select} | {"id"}
    return {n: v for n, v in shown.items() if n in wanted or n == "@odata.type"}


def check_selected(names: frozenset[str]) -> None:
    """Refuse what not every attachment has, unless its type is named.

    Raises:
        GraphError: 400.
    """
    for name in names:
        kind, _, last = name.rpartition("/")
        if name in ATTACHMENT_BASE or (kind and last in ATTACHMENT):
            continue
        raise GraphError(
            400,
            "RequestBroker--ParseUri",
            f"Could not find a property named '{name}' on type "
            "'microsoft.graph.attachment'.",
        )


def _shown_item(view: View, stored: Json) -> Json:
    if stored.get("item"):
        return dict(stored["item"])
    fields, properties = read_mime(base64.b64decode(stored.get("mime") or ""))
    inner = Item(0, "message", 0, fields, properties=properties)
    shown = show(View(view.mailbox, view.preferences, view.base_url), inner, typed=True)
    unknown = ("id", "webLink", "parentFolderId", "@odata.etag", "changeKey")
    return {name: value for name, value in shown.items() if name not in unknown}


def find_attachment(view: View, item: Item, text: str) -> Json:
    """The stored attachment of an id.

    Raises:
        GraphError: 404, there is none.
    """
    head, _, key = text.rpartition("-")
    ids = {
        view.mailbox.id_of(item, immutable=form).rstrip("=") for form in (False, True)
    }
    for stored in item.fields.get("attachments") or []:
        if stored["key"] == key and head in ids:
            found: Json = stored
            return found
    raise GraphError(404)


def raw_content(stored: Json) -> tuple[bytes, str]:
    """What an attachment holds, and its media type.

    Raises:
        GraphError: 405, it is only a link.
    """
    kind = stored["@odata.type"]
    if kind == LINK:
        raise GraphError(405, "ErrorMethodNotAllowed", "The attachment is a link.")
    if kind == FILE:
        media_type = stored.get("contentType") or "application/octet-stream"
        return _content(stored), media_type
    if stored.get("mime"):
        return base64.b64decode(stored["mime"]), "text/plain"
    inner = stored.get("item") or {}
    made = Item(0, "message", 0, dict(inner), created="0001-01-01T00:00:00Z")
    return write_mime(made), "text/plain"
