"""Puts files on records: a ContentVersion that is published with the record."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from syncline.connectors.salesforce import soql
from syncline.connectors.salesforce.client import SalesforceClient
from syncline.connectors.salesforce.slots import Slot
from syncline.domain.errors import ItemError, PassingError, PermissionDeniedError
from syncline.domain.values.content import Attachment

#: Lengths of ContentVersion.Title and ContentVersion.PathOnClient.
_TITLE_LENGTH = 255
_PATH_LENGTH = 500
_UNNAMED = "attachment"


class FileKeeper:
    """Attaches files to records."""

    def __init__(self, client: SalesforceClient) -> None:
        """Prepare; nothing is sent."""
        self._client = client

    def attach(self, slot: Slot) -> None:
        """Put one file on its record, unless one of that title and size is there.

        Settles the slot. A file whose outcome is unknown is looked for before it
        is sent again.

        Raises:
            ProviderError: The side is closed to us.
        """
        attempt = 1
        while True:
            try:
                self._try(slot)
            except PassingError as error:
                if not self._client.http.pause(error.fault, attempt):
                    raise
                attempt += 1
                continue
            except (ItemError, PermissionDeniedError) as error:
                slot.fault = error.fault
            return

    def _try(self, slot: Slot) -> None:
        fields = slot.operation.fields
        file, content = fields["attachment"], fields["bytes"]
        title = _title(file)
        if any(self._twins(slot.target, title, len(content))):
            slot.finish(slot.target, created=False)
            return
        body = {
            "Title": title,
            "PathOnClient": (file.name or _UNNAMED)[-_PATH_LENGTH:],
            "VersionData": base64.b64encode(content).decode(),
            "FirstPublishLocationId": slot.target,
        }
        self._client.create("ContentVersion", body)
        self._yield_to_colleague(slot.target, title, len(content))
        slot.finish(slot.target, created=True)

    def _yield_to_colleague(self, record_id: str, title: str, size: int) -> None:
        """Take our file off again if a colleague's session put the same one there.

        A message may be in several mailboxes, and files have no key: both looked
        before either wrote. Both look once more, and the first file stays.
        """
        twins = sorted(self._twins(record_id, title, size))
        own = [id_ for id_, owner in twins[1:] if owner == self._client.user_id]
        if own:
            self._client.delete(own)

    def _twins(
        self, record_id: str, title: str, size: int
    ) -> Iterator[tuple[str, str]]:
        """Id and owner of each of a record's files of that title and size."""
        columns = (
            "ContentDocumentId",
            "ContentDocument.OwnerId",
            "ContentDocument.Title",
            "ContentDocument.ContentSize",
        )
        condition = f"LinkedEntityId = {soql.text(record_id)}"
        query = soql.select(columns, "ContentDocumentLink", [condition])
        for row in self._client.query(query, operation="find files"):
            found = row.get("ContentDocument")
            if isinstance(found, dict) and (title, size) == (
                found.get("Title"),
                found.get("ContentSize"),
            ):
                yield str(row.get("ContentDocumentId") or ""), str(found.get("OwnerId"))


def _title(file: Attachment) -> str:
    return (file.name.strip() or _UNNAMED)[:_TITLE_LENGTH]
