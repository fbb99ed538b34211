"""Puts messages into a mailbox as transport and other programs do."""

from __future__ import annotations

import base64
import copy
import hashlib
import uuid

from syncline.sandbox.microsoft365.attachments import accepted_attachment
from syncline.sandbox.microsoft365.entities import Item, Json, Mailbox
from syncline.sandbox.microsoft365.fields import MESSAGE
from syncline.sandbox.microsoft365.mime.reading import read_mime
from syncline.sandbox.microsoft365.store import Tenant
from syncline.sandbox.microsoft365.validation import EXTENDED, extended_properties
from syncline.sandbox.microsoft365.zones import utc_stamp

_DERIVED = "#microsoft.graph."


def folder_named(tenant: Tenant, box: Mailbox, name: str) -> Item:
    """A well-known folder, or one below the top by its name; made if missing."""
    key = box.well_known.get(name.lower())
    if key is not None and box.items[key].kind == "mailFolder":
        return box.items[key]
    top = box.well_known["msgfolderroot"]
    for folder in box.members("mailFolder", top):
        if folder.fields["displayName"].lower() == name.lower():
            return folder
    return tenant.create(box, Item(0, "mailFolder", top, {"displayName": name}))


def deliver_mime(
    tenant: Tenant, box: Mailbox, folder: str, raw: bytes, more: Json | None = None
) -> Item:
    """Deliver a mail from anywhere.

    Args:
        tenant: Where the mailbox is.
        box: Whose mailbox.
        folder: A well-known name or a display name.
        raw: The mail, however broken.
        more: Properties that are not in the mail, such as `receivedDateTime`.
    """
    fields, properties = read_mime(raw)
    return _store(tenant, box, folder, fields | (more or {}), properties)


def deliver(tenant: Tenant, box: Mailbox, raw: Json) -> Item:
    """Put a message as Graph JSON, or as base64 `mime`, into its `folder`.

    `@odata.type` may name a derived type, `attachments` what hangs on it.

    Raises:
        GraphError: An attachment or extended property cannot stand.
    """
    raw = copy.deepcopy(raw)
    folder = str(raw.pop("folder", "inbox"))
    properties = extended_properties(raw.pop(EXTENDED, None) or [])
    attachments = [accepted_attachment(one) for one in raw.pop("attachments", [])]
    for stored in attachments:
        # Seeds are the same every time.
        stored["key"] = hashlib.sha256(str(stored["name"]).encode()).hexdigest()[:8]
    fields = {name: value for name, value in raw.items() if name in MESSAGE}
    derived = str(raw.get("@odata.type", "")).removeprefix(_DERIVED)
    if derived not in ("", "message"):
        fields["odataType"] = derived
        fields["meetingMessageType"] = raw.get("meetingMessageType") or "none"
    if "mime" in raw:
        content = base64.b64decode(raw["mime"])
        read, found = read_mime(content)
        return _store(tenant, box, folder, read | fields, found | properties)
    fields["attachments"] = attachments
    return _store(tenant, box, folder, fields, properties)


def _store(
    tenant: Tenant,
    box: Mailbox,
    folder: str,
    fields: Json,
    properties: dict[str, str],
) -> Item:
    parent = folder_named(tenant, box, folder)
    now = utc_stamp(tenant.now())
    is_draft = parent.key == box.well_known["drafts"]
    is_own = parent.key in (box.well_known["drafts"], box.well_known["sentitems"])
    usual: Json = {
        "isDraft": is_draft,
        "isRead": is_own,
        "receivedDateTime": (fields.get("sentDateTime") if is_own else None) or now,
        "conversationId": uuid.uuid4().hex,
    }
    if "mime" not in fields:
        # A mail that came without an id has none.
        usual["internetMessageId"] = f"<{uuid.uuid4()}@{box.address}>"
    usual |= {"sentDateTime": now}
    for name, value in usual.items():
        if fields.get(name) is None:
            fields[name] = value
    return tenant.create(
        box, Item(0, "message", parent.key, fields, properties=properties)
    )
