"""What is promised of messages: a mailbox's are read, an org's are made once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import pytest

from syncline.connectors.memory.blanks import BLANK_CONTENT
from syncline.domain.errors import ItemError
from syncline.domain.ports import AttachmentSource
from syncline.domain.values.changes import ChangeSet, Presence
from syncline.domain.values.content import Attachment, Attendee, format_instant
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.ids import ItemId, LinkKey
from syncline.domain.values.items import Item
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Link, LinkState
from syncline.domain.values.operations import MarkOrder, Operation, Outcome, Verb
from tests.contract.rigs.rig import DAY, HOUR, TODAY, WINDOW, CrmRig, MailboxRig

SENDER = "grace@acme.example"
MESSAGE_ID = "<offer-1@acme.example>"


class MessageRig(MailboxRig, Protocol):
    """A mailbox that gets mail."""

    attachments: AttachmentSource

    def receive(
        self,
        name: str,
        *,
        message_id: str = MESSAGE_ID,
        at: datetime = TODAY - HOUR,
        files: Mapping[str, bytes] | None = None,
        is_filed: bool = False,
    ) -> str:
        """A message of `SENDER` to the owner arrives; answers its id."""


class MessageSourceContract:
    """Inherited by each implementation; `rig` is an empty mailbox."""

    def read(self, rig: MessageRig, before: ChangeSet | None = None) -> ChangeSet:
        return rig.changes.read(before.watermark if before else None, WINDOW)

    def messages(self, found: ChangeSet) -> list[Item]:
        things = (c.thing for c in found.changes if c.kind is Kind.MESSAGE)
        return [thing for thing in things if isinstance(thing, Item)]

    def test_a_message_says_who_wrote_what_to_whom(self, rig: MessageRig) -> None:
        rig.receive("Offer")
        [message] = self.messages(self.read(rig))
        content = message.content
        assert message.name == "Offer"
        assert message.uid == MESSAGE_ID
        assert (content["direction"], content["sort"]) == ("in", "mail")
        assert content["sender_email"] == SENDER
        assert content["received_at"] == format_instant(TODAY - HOUR)
        recipients = content["recipients"]
        assert isinstance(recipients, tuple)
        assert [r.role for r in recipients if isinstance(r, Attendee)] == ["to"]
        assert content.keys() == BLANK_CONTENT[Kind.MESSAGE].keys()

    def test_a_new_message_is_told_of_once(self, rig: MessageRig) -> None:
        before = self.read(rig)
        rig.receive("Offer")
        after = self.read(rig, before)
        assert [m.name for m in self.messages(after)] == ["Offer"]
        assert self.read(rig, after).changes == ()

    def test_the_first_reading_passes_over_old_mail(self, rig: MessageRig) -> None:
        rig.receive("Old", message_id="<old@acme.example>", at=TODAY - 7 * DAY)
        rig.receive("New")
        assert [m.name for m in self.messages(self.read(rig))] == ["New"]

    def test_a_filed_message_is_taken_out_of_its_folder(self, rig: MessageRig) -> None:
        message_id = rig.receive("Offer", is_filed=True)
        [message] = self.messages(self.read(rig))
        assert message.is_filed
        order = MarkOrder(
            key=LinkKey("key-1"),
            kind=Kind.MESSAGE,
            item_id=ItemId(message_id),
            add=("Salesforce",),
            unfile=True,
        )
        [outcome] = rig.marker.mark([order])
        assert outcome.fault is None
        [after] = self.messages(self.read(rig))
        assert (after.is_filed, after.categories) == (False, ("Salesforce",))

    def test_files_are_named_and_their_bytes_can_be_had(self, rig: MessageRig) -> None:
        rig.receive("Offer", files={"offer.pdf": b"%PDF", "list.csv": b"a;b"})
        [message] = self.messages(self.read(rig))
        files = message.content["attachments"]
        assert isinstance(files, tuple)
        brought = {
            file.name: rig.attachments.attachment(message.id, file.id)
            for file in files
            if isinstance(file, Attachment)
        }
        assert brought == {"offer.pdf": b"%PDF", "list.csv": b"a;b"}

    def test_a_file_that_is_not_there_is_said_to_be_so(self, rig: MessageRig) -> None:
        message_id = rig.receive("Offer", files={"offer.pdf": b"%PDF"})
        [message] = self.messages(self.read(rig))
        [file] = message.content["attachments"] or ()
        assert isinstance(file, Attachment)
        rig.delete(Kind.MESSAGE, message_id)
        with pytest.raises(ItemError):
            rig.attachments.attachment(message_id, file.id)

    @pytest.mark.parametrize("verb", [Verb.UPDATE, Verb.DELETE])
    def test_a_message_is_never_changed_or_deleted(
        self, rig: MessageRig, verb: Verb
    ) -> None:
        message_id = rig.receive("Offer")
        before = self.messages(self.read(rig))
        wanted = on_message(Side.MAILBOX, verb, target_id=message_id, subject="By us")
        [outcome] = rig.writer.write([wanted])
        assert outcome.fault is not None
        assert outcome.fault.fault_class is FaultClass.REJECTED
        assert self.messages(self.read(rig)) == before

    def test_a_deleted_message_is_gone_when_looked_at(self, rig: MessageRig) -> None:
        message_id = rig.receive("Offer")
        self.read(rig)
        rig.delete(Kind.MESSAGE, message_id)
        [looked] = rig.changes.fetch(Kind.MESSAGE, [message_id])
        assert looked.presence is Presence.DELETED


class MessageCrmRig(CrmRig, Protocol):
    """An org that keeps messages."""

    def messages(self) -> list[str]:
        """Subjects of all saved messages."""

    def files(self, record_id: str) -> dict[str, bytes]:
        """Files that hang on a record, by title."""


class MessageWriterContract:
    """Inherited by each implementation; `rig` is an org without records."""

    def save(self, rig: MessageCrmRig, key: str = "key-1", **fields: object) -> Outcome:
        wanted = on_message(Side.CRM, Verb.CREATE, key=key, **(email_fields() | fields))
        [outcome] = rig.writer.write([wanted])
        assert outcome.is_done
        return outcome

    def attach(self, rig: MessageCrmRig, record_id: str, data: bytes) -> Outcome:
        file = Attachment(id="file-1", name="offer.pdf", size_bytes=len(data))
        wanted = on_message(
            Side.CRM, Verb.ATTACH, target_id=record_id, attachment=file, bytes=data
        )
        [outcome] = rig.writer.write([wanted])
        assert outcome.is_done
        return outcome

    def test_a_message_is_made_once(self, rig: MessageCrmRig) -> None:
        first, second = self.save(rig), self.save(rig)
        assert (first.created, second.created) == (True, False)
        assert second.id == first.id
        assert rig.messages() == ["Offer"]

    def test_a_message_that_is_there_is_not_changed(self, rig: MessageCrmRig) -> None:
        self.save(rig)
        again = self.save(rig, Subject="By another mailbox")
        assert not again.created
        assert rig.messages() == ["Offer"]

    def test_a_message_is_recognized_without_its_key(self, rig: MessageCrmRig) -> None:
        """F16: saved by another mailbox, or before the database was lost."""
        first = self.save(rig)
        again = self.save(rig, key="key-of-another")
        assert (again.created, again.id) == (False, first.id)

    def test_two_messages_are_two_records(self, rig: MessageCrmRig) -> None:
        self.save(rig)
        self.save(rig, key="key-2", MessageIdentifier="<other@acme.example>")
        assert rig.messages() == ["Offer", "Offer"]

    def test_a_saved_message_is_found_by_its_key(self, rig: MessageCrmRig) -> None:
        saved = self.save(rig)
        [record] = rig.finder.find(Kind.MESSAGE, [LinkKey("key-1")], [])
        assert (record.id, record.link_key) == (saved.id, "key-1")

    def test_a_file_is_attached_once(self, rig: MessageCrmRig) -> None:
        saved = self.save(rig)
        self.attach(rig, saved.id, b"%PDF")
        self.attach(rig, saved.id, b"%PDF")
        assert rig.files(saved.id) == {"offer.pdf": b"%PDF"}


def email_fields() -> dict[str, object]:
    """What becomes an EmailMessage."""
    return {
        "Subject": "Offer",
        "TextBody": "Hello",
        "FromAddress": SENDER,
        "FromName": "Grace Hopper",
        "ToAddress": "owner@northwind.example",
        "CcAddress": None,
        "BccAddress": None,
        "MessageIdentifier": MESSAGE_ID,
        "ThreadIdentifier": None,
        "MessageDate": format_instant(TODAY - HOUR),
        "Incoming": True,
        "Status": "1",
        "RelatedToId": None,
        "ToIds": "[]",
        "CcIds": "[]",
    }


def on_message(
    side: Side, verb: Verb, *, key: str = "key-1", target_id: str = "", **fields: object
) -> Operation:
    """One write."""
    state = LinkState.LINKED if target_id else LinkState.PENDING
    link = Link(key=LinkKey(key), kind=Kind.MESSAGE, state=state, origin=Side.MAILBOX)
    return Operation(
        link=link,
        side=side,
        verb=verb,
        kind=Kind.MESSAGE,
        target_id=target_id or None,
        fields=fields,
    )
