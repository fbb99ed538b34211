"""Files: those that hang on messages, and those that hang on records."""

from __future__ import annotations

from dataclasses import dataclass

from syncline.connectors.memory.faults import Call, Desk, gone
from syncline.connectors.memory.store import Store
from syncline.domain.errors import ItemError
from syncline.domain.values.content import Attachment
from syncline.domain.values.items import Item


class MemoryAttachmentSource:
    """Brings the bytes of files; `bytes_of` holds them by attachment id."""

    def __init__(self, store: Store[Item], desk: Desk) -> None:
        """Prepare; no message has files."""
        self._store = store
        self._desk = desk
        self.bytes_of: dict[str, bytes] = {}

    def attachment(self, item_id: str, attachment_id: str) -> bytes:
        """The file as it is; see `ports.AttachmentSource`."""
        self._desk.arrive(Call.ATTACHMENT)
        item = self._store.get(item_id)
        files = item.content.get("attachments") if item is not None else ()
        assert isinstance(files, tuple)
        ids = {file.id for file in files if isinstance(file, Attachment)}
        if attachment_id not in ids or attachment_id not in self.bytes_of:
            raise ItemError(gone())
        self._desk.leave(Call.ATTACHMENT)
        return self.bytes_of[attachment_id]

    def keep(self, name: str, data: bytes) -> Attachment:
        """A file that a message is about to carry."""
        file_id = f"file-{len(self.bytes_of) + 1:09d}"
        self.bytes_of[file_id] = data
        return Attachment(id=file_id, name=name, size_bytes=len(data))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file that hangs on a record."""

    id: str
    title: str
    data: bytes
