"""Files: versions with bytes, the documents they belong to, and where they show."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from pathlib import PurePath

from syncline.sandbox.salesforce.behavior import Behavior
from syncline.sandbox.salesforce.emails import check_takes_files
from syncline.sandbox.salesforce.entities import Record, Values
from syncline.sandbox.salesforce.faults import refuse
from syncline.sandbox.salesforce.platform import Actor
from syncline.sandbox.salesforce.store import Org

BYTES_A_MEGABYTE = 1024 * 1024
#: Where a version keeps its bytes; not a field, so no answer shows it.
BYTES_KEY = "_VersionData"
_SHARED = ("Title", "ContentSize", "FileExtension", "FileType")


def used_bytes(org: Org) -> int:
    """How much all files take."""
    versions = org.tables["ContentVersion"].records.values()
    return sum(int(v.values["ContentSize"] or 0) for v in versions if not v.deleted)


class VersionBehavior(Behavior):
    """A row of ContentVersion."""

    def fill(
        self, actor: Actor, values: Values, given: Values, before: Record | None
    ) -> None:
        """Derive what the bytes and the path tell."""
        if before is not None:
            return
        content = base64.b64decode(values["VersionData"])
        most = actor.org.settings.file_storage_mb * BYTES_A_MEGABYTE
        if used_bytes(actor.org) + len(content) > most:
            raise refuse("STORAGE_LIMIT_EXCEEDED", "storage limit exceeded")
        place = actor.org.find_record(values.get("FirstPublishLocationId") or "")
        if place is not None:
            _check_place(place)
        path = PurePath(values["PathOnClient"])
        values[BYTES_KEY] = values["VersionData"]
        values |= {
            "Title": values.get("Title") or path.stem,
            "ContentSize": len(content),
            "FileExtension": path.suffix.removeprefix(".") or None,
            "FileType": path.suffix.removeprefix(".").upper() or "UNKNOWN",
            # The vendor's own checksum of a version is MD5.
            "Checksum": hashlib.md5(content, usedforsecurity=False).hexdigest(),
            "IsLatest": True,
        }

    def check_delete(self, actor: Actor, record: Record) -> None:
        """Refuse: the whole document is deleted instead."""
        text = "entity type Content Version does not support delete"
        raise refuse("INVALID_TYPE_FOR_OPERATION", text)

    def saved(self, actor: Actor, record: Record, before: Record | None) -> None:
        """Keep the document, and show the first version where it was made."""
        org = actor.org
        if before is not None:
            document = org.find_record(record.values["ContentDocumentId"])
            if document is not None and record.values["IsLatest"]:
                actor.change(document, {"Title": record.values["Title"]})
            return
        shared = {name: record.values[name] for name in _SHARED}
        document = org.find_record(record.values.get("ContentDocumentId") or "")
        if document is None:
            owner = {"OwnerId": record.owner_id}
            document = actor.add("ContentDocument", shared | owner)
            _link(actor, document.id, record.owner_id, "I")
            place = record.values.get("FirstPublishLocationId")
            if place and place != record.owner_id:
                _link(actor, document.id, place, "V")
        versions = org.tables["ContentVersion"].under("ContentDocumentId", document.id)
        for older in versions:
            if older.id != record.id:
                actor.change(older, {"IsLatest": False})
        address = f"/services/data/v68.0/sobjects/ContentVersion/{record.id}"
        own = {
            "ContentDocumentId": document.id,
            "VersionNumber": str(len({v.id for v in versions} | {record.id})),
            "VersionData": f"{address}/VersionData",
        }
        org.put(replace(record, values=record.values | own), by_person=True)
        actor.change(document, shared | {"LatestPublishedVersionId": record.id})


class DocumentBehavior(Behavior):
    """A row of ContentDocument."""

    def deleted(self, actor: Actor, record: Record) -> None:
        """Take versions and links along."""
        for name in ("ContentVersion", "ContentDocumentLink"):
            table = actor.org.tables[name]
            for row in table.under("ContentDocumentId", record.id):
                actor.discard(row)
                _tell_message(actor, row)


class LinkBehavior(Behavior):
    """A row of ContentDocumentLink."""

    def fill(
        self, actor: Actor, values: Values, given: Values, before: Record | None
    ) -> None:
        """Refuse a second link, and one to a message that takes no files."""
        place = actor.org.find_record(values["LinkedEntityId"])
        if before is not None or place is None:
            return
        _check_place(place)
        table = actor.org.tables["ContentDocumentLink"]
        for row in table.under("LinkedEntityId", place.id):
            same = row.values["ContentDocumentId"] == values["ContentDocumentId"]
            if same and not row.deleted:
                text = f"duplicate value found: already linked by {row.id[:15]}"
                raise refuse("DUPLICATE_VALUE", text, "LinkedEntityId")

    def saved(self, actor: Actor, record: Record, before: Record | None) -> None:
        """Tell a message that it has a file."""
        _tell_message(actor, record)

    def deleted(self, actor: Actor, record: Record) -> None:
        """Tell a message that it lost a file."""
        _tell_message(actor, record)


def _check_place(place: Record) -> None:
    if place.sobject == "EmailMessage":
        check_takes_files(place)


def _link(actor: Actor, document_id: str, place_id: str, share: str) -> None:
    values = {
        "ContentDocumentId": document_id,
        "LinkedEntityId": place_id,
        "ShareType": share,
    }
    _tell_message(actor, actor.add("ContentDocumentLink", values))


def _tell_message(actor: Actor, link: Record) -> None:
    place = actor.org.find_record(link.values.get("LinkedEntityId") or "")
    if place is None or place.sobject != "EmailMessage":
        return
    table = actor.org.tables["ContentDocumentLink"]
    links = table.under("LinkedEntityId", place.id)
    has_files = any(not row.deleted for row in links)
    actor.change(place, {"HasAttachment": has_files})
