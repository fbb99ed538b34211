"""Messages and their files: saved once in the org, and never written again."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from crm_org import WINDOW, Org, control, operation, person

from syncline.connectors.salesforce import Salesforce
from syncline.connectors.salesforce.ids import long_id
from syncline.connectors.salesforce.messages import MessageSaver
from syncline.connectors.salesforce.senders import Senders, Sent
from syncline.domain.errors import ProviderError
from syncline.domain.values.changes import Presence
from syncline.domain.values.content import Attachment
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import Operation, Outcome, Verb

MESSAGE_ID = "<offer@acme.example>"


def mail(**fields: Any) -> dict[str, Any]:
    return {
        "Subject": "Offer",
        "TextBody": "Hello",
        "FromAddress": "ada@acme.example",
        "ToAddress": "grace@northwind.example; bob@acme.example",
        "CcAddress": None,
        "MessageIdentifier": MESSAGE_ID,
        "MessageDate": "2026-11-20T10:00:00Z",
        "Incoming": True,
        "Status": "1",
        "RelatedToId": None,
        "ToIds": None,
        "CcIds": None,
    } | fields


def note(**fields: Any) -> dict[str, Any]:
    """The message as a task, for an org without EmailMessage."""
    return {
        "Subject": "Offer",
        "Description": "Hello",
        "Status": "Completed",
        "ActivityDate": "2026-11-20",
        "TaskSubtype": "Email",
    } | fields


def save(salesforce: Salesforce, fields: dict[str, Any], key: str = "key-1") -> Outcome:
    create = operation(Verb.CREATE, Kind.MESSAGE, fields, key=key)
    return salesforce.writer.write([create])[0]


def file_on(
    record_id: str, content: bytes = b"%PDF", name: str = "offer.pdf"
) -> Operation:
    attachment = Attachment(id="a", name=name, size_bytes=len(content))
    empty = operation(Verb.ATTACH, Kind.MESSAGE, {}, target=record_id)
    return replace(empty, fields={"attachment": attachment, "bytes": content})


def test_a_message_is_saved_with_its_people(org: Org, salesforce: Salesforce) -> None:
    org.seed("Contact", [person(1), person(2)])
    one, two = org.sandbox.org.tables["Contact"].records
    made = save(salesforce, mail(ToIds=json.dumps([one]), CcIds=json.dumps([two])))
    assert made.created
    assert made.record is not None
    assert made.record.link_key == "key-1"
    assert made.record.fields["MessageIdentifier"] == MESSAGE_ID
    relations = org.sandbox.org.tables["EmailMessageRelation"].records.values()
    assert {(r.values["RelationType"], r.values["RelationId"]) for r in relations} == {
        ("ToAddress", one),
        ("CcAddress", two),
    }


def test_200_messages_take_few_requests(org: Org, salesforce: Salesforce) -> None:
    creates = [
        operation(
            Verb.CREATE,
            Kind.MESSAGE,
            mail(MessageIdentifier=f"<{n}@acme.example>"),
            key=f"message-{n}",
        )
        for n in range(200)
    ]
    outcomes = salesforce.writer.write(creates)
    assert all(o.is_done and o.created for o in outcomes)
    assert org.requests == 4


def senders(org: Org) -> list[tuple[str, str]]:
    rows = org.sandbox.org.tables["EmailMessageRelation"].records.values()
    found = [r.values for r in rows if r.values["RelationType"] == "FromAddress"]
    return [(row["EmailMessageId"], row["RelationId"]) for row in found]


@pytest.fixture
def sender(org: Org) -> str:
    org.seed("Contact", [person(1)])
    (contact,) = org.sandbox.org.tables["Contact"].records
    return contact


def test_a_message_is_tied_to_its_sender(
    org: Org, salesforce: Salesforce, sender: str
) -> None:
    """3.8: what a contact wrote shows at the contact."""
    made = save(salesforce, mail(FromId=sender))
    assert senders(org) == [(made.id, sender)]
    (row,) = org.sandbox.org.tables["EmailMessageRelation"].records.values()
    assert row.values["RelationAddress"] == "ada@acme.example"


def test_senders_of_200_messages_take_one_request_more(
    org: Org, salesforce: Salesforce, sender: str
) -> None:
    creates = [
        operation(
            Verb.CREATE,
            Kind.MESSAGE,
            mail(MessageIdentifier=f"<{n}@acme.example>", FromId=sender),
            key=f"message-{n}",
        )
        for n in range(200)
    ]
    org.sandbox.counters.reset()
    assert all(o.is_done for o in salesforce.writer.write(creates))
    assert len(senders(org)) == 200
    assert org.requests == 5


def test_a_sender_that_was_not_tied_is_tied_when_the_message_is_saved_again(
    org: Org, salesforce: Salesforce, sender: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as closed:
        closed.setattr(Senders, "write", close)
        refused = save(salesforce, mail(FromId=sender))
    assert refused.fault is not None
    assert refused.fault.fault_class is FaultClass.ACCESS
    assert (org.count("EmailMessage"), senders(org)) == (1, [])
    for _ in range(2):
        again = save(salesforce, mail(FromId=sender))
        assert (again.created, again.id) == (False, refused.id)
        assert senders(org) == [(refused.id, sender)]


def close(*asked: object) -> None:
    fault = Fault(fault_class=FaultClass.ACCESS, provider="salesforce", operation="x")
    raise ProviderError.of(fault)


def test_a_lost_answer_ties_no_sender_twice(
    org: Org, salesforce: Salesforce, sender: str
) -> None:
    made = save(salesforce, mail())
    org.fail("drop_response", "POST", "/composite/sobjects", when="after")
    sent = Sent(
        message_id=made.id, person_id=sender, address="ada@acme.example", is_new=True
    )
    assert Senders(salesforce.client).write([sent]) == {}
    assert senders(org) == [(made.id, sender)]


def test_a_sender_who_is_gone_keeps_no_message_out(
    org: Org, salesforce: Salesforce
) -> None:
    made = save(salesforce, mail(FromId=long_id("003" + "9" * 12)))
    assert made.fault is not None
    assert (org.count("EmailMessage"), senders(org)) == (1, [])
    again = save(salesforce, mail())
    assert again.is_done
    assert (again.created, again.id) == (False, made.id)


def test_what_another_program_saved_is_found_by_its_identifier(
    org: Org, salesforce: Salesforce
) -> None:
    org.seed("EmailMessage", [mail(Subject="Saved before")])
    (there,) = org.sandbox.org.tables["EmailMessage"].records
    found = save(salesforce, mail())
    assert (found.created, found.id) == (False, there)
    assert org.count("EmailMessage") == 1
    assert found.record is not None
    assert found.record.fields["Subject"] == "Saved before"


def test_a_lost_answer_doubles_no_message(org: Org, salesforce: Salesforce) -> None:
    """The insert took effect, and nobody heard of it: we look before repeating."""
    org.fail("drop_response", "POST", "/composite/sobjects", when="after")
    made = save(salesforce, mail())
    assert made.is_done
    assert org.count("EmailMessage") == 1


def test_a_key_that_is_taken_meanwhile_is_the_message(
    org: Org, salesforce: Salesforce, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F16: two sessions save one message at the same moment."""
    first = save(salesforce, mail())
    monkeypatch.setattr(MessageSaver, "find", lambda *asked: [""] * len(asked[-1]))
    second = save(salesforce, mail())
    assert (second.created, second.id) == (False, first.id)
    assert org.count("EmailMessage") == 1


def test_a_saved_message_is_never_changed(org: Org, salesforce: Salesforce) -> None:
    made = save(salesforce, mail())
    org.sandbox.counters.reset()
    change = operation(
        Verb.UPDATE, Kind.MESSAGE, {"Subject": "Other"}, target=made.record
    )
    (refused,) = salesforce.writer.write([change])
    assert refused.fault is not None
    assert refused.fault.code == "MESSAGE_IS_FINAL"
    assert org.sandbox.counters.writes == 0


def test_a_saved_message_can_be_deleted(org: Org, salesforce: Salesforce) -> None:
    first = salesforce.changes.read(None, WINDOW)
    made = save(salesforce, mail())
    delete = operation(Verb.DELETE, Kind.MESSAGE, {}, target=made.record)
    assert salesforce.writer.write([delete])[0].is_done
    assert org.count("EmailMessage") == 0
    found = salesforce.changes.read(first.watermark, WINDOW)
    told = {(c.id, c.kind, c.presence) for c in found.changes}
    assert (made.id, Kind.MESSAGE, Presence.DELETED) in told
    (looked,) = salesforce.changes.fetch(Kind.MESSAGE, [made.id])
    assert looked.presence is Presence.DELETED


def test_an_org_without_email_messages_gets_tasks(org: Org) -> None:
    control(org, "settings", {"enhanced_email": False})
    salesforce = org.connect()
    first = salesforce.changes.read(None, WINDOW)
    assert not salesforce.directory.traits().has_email_message
    made, again = (save(salesforce, note()) for _ in range(2))
    assert made.id.startswith("00T")
    assert (again.created, again.id) == (False, made.id)
    assert [r.id for r in salesforce.finder.find(Kind.MESSAGE, ["key-1"], [])] == [
        made.id
    ]
    (looked,) = salesforce.changes.fetch(Kind.MESSAGE, [made.id])
    assert looked.presence is Presence.SEEN
    fresh = org.connect()
    org.sandbox.counters.reset()
    found = fresh.changes.read(first.watermark, WINDOW)
    assert org.requests == 1
    assert found.changes == ()
    assert not fresh.directory.traits().has_email_message
    assert org.requests == 1


def test_email_messages_that_were_switched_on_are_noticed(org: Org) -> None:
    control(org, "settings", {"enhanced_email": False})
    first = org.connect().changes.read(None, WINDOW)
    control(org, "settings", {"enhanced_email": True})
    salesforce = org.connect()
    salesforce.changes.read(first.watermark, WINDOW)
    assert salesforce.directory.traits().has_email_message


def test_a_file_is_attached_once_though_its_answer_is_lost(
    org: Org, salesforce: Salesforce
) -> None:
    made = save(salesforce, mail())
    org.fail("drop_response", "POST", "/sobjects/ContentVersion", when="after")
    (attached,) = salesforce.writer.write([file_on(made.id)])
    assert attached.is_done
    assert attached.id == made.id
    assert org.count("ContentVersion") == 1
    (again,) = salesforce.writer.write([file_on(made.id)])
    assert not again.created
    assert org.count("ContentVersion") == 1


def test_the_version_after_a_file_guards_the_next_write(
    org: Org, salesforce: Salesforce
) -> None:
    """A file moves the stamp of the message that it hangs on."""
    made = save(salesforce, mail())
    past = "2026-01-05T10:00:00.000+0000"
    org.sandbox.org.tables["EmailMessage"].records[made.id].values.update(
        SystemModstamp=past
    )
    (attached,) = salesforce.writer.write([file_on(made.id)])
    assert attached.version > "2026-01-06"
    delete = operation(
        Verb.DELETE, Kind.MESSAGE, {}, target=made.id, version=attached.version
    )
    assert salesforce.writer.write([delete])[0].is_done


def test_files_of_another_name_or_size_are_other_files(
    org: Org, salesforce: Salesforce
) -> None:
    made = save(salesforce, mail())
    files = [
        file_on(made.id),
        file_on(made.id, b"longer"),
        file_on(made.id, name="other.pdf"),
    ]
    assert all(o.is_done for o in salesforce.writer.write(files))
    assert org.count("ContentVersion") == 3


def test_a_full_storage_is_a_fault_of_the_file_and_not_of_the_others(
    org: Org, salesforce: Salesforce
) -> None:
    """H16: the org has no room left for files."""
    made = save(salesforce, mail())
    org.sandbox.org.settings.file_storage_mb = 1
    big = file_on(made.id, b"x" * (1024 * 1024 + 1), "big.bin")
    refused, done = salesforce.writer.write([big, file_on(made.id)])
    assert refused.fault is not None
    assert refused.fault.code == "STORAGE_LIMIT_EXCEEDED"
    assert refused.fault.fault_class is FaultClass.REJECTED
    assert done.is_done


def test_a_file_for_a_record_that_is_gone_is_not_found(
    org: Org, salesforce: Salesforce
) -> None:
    made = save(salesforce, mail())
    delete = operation(Verb.DELETE, Kind.MESSAGE, {}, target=made.record)
    salesforce.writer.write([delete])
    (refused,) = salesforce.writer.write([file_on(made.id)])
    assert refused.fault is not None
    assert not refused.fault.is_passing
    assert org.count("ContentVersion") == 0
