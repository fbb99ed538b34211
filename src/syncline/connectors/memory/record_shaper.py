"""How records take over what is written, and what must never be written."""

from __future__ import annotations

from dataclasses import replace

from syncline.connectors.memory.blanks import BLANK_FIELDS
from syncline.connectors.memory.faults import refused
from syncline.connectors.memory.files import StoredFile
from syncline.connectors.memory.manifest import READ_ONLY
from syncline.connectors.memory.records import RecordStore
from syncline.domain.values.content import Attachment
from syncline.domain.values.faults import Fault
from syncline.domain.values.ids import RecordId
from syncline.domain.values.items import Record
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import Operation, Verb


class RecordShaper:
    """Makes and changes records of one user; `files` hang on them."""

    def __init__(self, store: RecordStore, owner_id: str) -> None:
        """Remember where records are, and who owns what is made."""
        self._store = store
        self._owner_id = owner_id
        self.files: dict[str, list[StoredFile]] = {}

    def fresh(self, operation: Operation, thing_id: str) -> Record:
        """A new record with the operation's fields and key."""
        return Record(
            kind=operation.kind,
            id=RecordId(thing_id),
            version="",
            fields={**BLANK_FIELDS[operation.kind], **operation.fields},
            link_key=operation.key,
            owner_id=self._owner_id,
        )

    def changed(self, thing: Record, operation: Operation) -> Record:
        """The record with the operation's fields; it is linked from now on."""
        fields = {**thing.fields, **operation.fields}
        return replace(thing, fields=fields, link_key=thing.link_key or operation.key)

    def forbids(self, operation: Operation, thing: Record | None) -> Fault | None:
        """A saved message is not changed, and no field that is computed."""
        read_only = READ_ONLY & operation.fields.keys()
        if operation.kind is Kind.TASK and read_only:
            return refused("ReadOnly", *sorted(read_only))
        if operation.kind is Kind.MESSAGE and operation.verb is Verb.UPDATE:
            return refused("MessagesStay")
        if operation.kind is not Kind.MESSAGE and operation.verb is Verb.ATTACH:
            return refused("NoFilesHere")
        return None

    def found(self, operation: Operation) -> Record | None:
        """The record with the operation's key, or of the same message."""
        found = self._store.with_key(operation.kind, operation.key)
        identifier = operation.fields.get("MessageIdentifier")
        if found is None and operation.kind is Kind.MESSAGE and identifier:
            return self._store.with_identifier(str(identifier))
        return found

    def guest_mails(self, operation: Operation, thing: Record | None) -> int:
        """None: records mail nobody."""
        return 0

    def attach(self, operation: Operation, thing: Record) -> tuple[str, bool]:
        """Hang a file on a record, unless one of that title and size does."""
        wanted, data = operation.fields["attachment"], operation.fields["bytes"]
        assert isinstance(wanted, Attachment)
        files = self.files.setdefault(thing.id, [])
        for file in files:
            if (file.title, len(file.data)) == (wanted.name, len(data)):
                return file.id, False
        new = StoredFile(id=self._store.new_id(), title=wanted.name, data=data)
        files.append(new)
        return new.id, True
