"""An e-mail becomes an EmailMessage or a Task, whole or visibly shortened."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncline.domain.mapping.cuts import length_of
from syncline.domain.mapping.message import (
    ADDRESSES_LENGTH,
    BODY_LENGTH,
    ENCRYPTED,
    SHORTENED,
    message_fields,
    shorten_body,
)
from syncline.domain.values.content import Attendee, Value
from syncline.domain.values.ids import RecordId
from syncline.domain.values.people import Person, Traits

ENHANCED = Traits(has_email_message=True)
PLAIN = Traits(closed_task_statuses=("Erledigt",))
MESSAGE_ID = "<a1@acme.example>"


@dataclass(frozen=True)
class Ties:
    who_id: str = ""
    what_id: str = ""
    people: tuple[tuple[str, Person], ...] = ()


GRACE = Person(
    id=RecordId("003000000000001AAA"),
    object_name="Contact",
    emails=("grace@acme.example",),
)
TIED = Ties(
    who_id=GRACE.id,
    what_id="001000000000001AAA",
    people=(("grace@acme.example", GRACE),),
)


def message(**changes: Value) -> dict[str, Value]:
    return {
        "subject": "Offer",
        "body": "Hello Grace,\n\nhere it is.",
        "direction": "out",
        "sender_email": "ada@northwind.example",
        "sender_name": "Ada Lovelace",
        "recipients": (
            Attendee(email="grace@acme.example", name="Grace Hopper", role="to"),
            Attendee(email="joan@acme.example", role="to"),
            Attendee(email="linus@acme.example", role="cc"),
            Attendee(email="boss@northwind.example", role="bcc"),
        ),
        "sent_at": "2026-11-24T23:30:00Z",
        "received_at": None,
        "conversation_id": "thread-1",
        "private": False,
        "encrypted": False,
        "sort": "mail",
        "attachments": (),
        **changes,
    }


def test_enhanced_email_gets_every_fact_of_the_message() -> None:
    assert message_fields(message(), ENHANCED, TIED, message_id=MESSAGE_ID) == {
        "Subject": "Offer",
        "TextBody": "Hello Grace,\n\nhere it is.",
        "FromAddress": "ada@northwind.example",
        "FromName": "Ada Lovelace",
        "ToAddress": "grace@acme.example; joan@acme.example",
        "CcAddress": "linus@acme.example",
        "BccAddress": "boss@northwind.example",
        "MessageIdentifier": MESSAGE_ID,
        "ThreadIdentifier": "thread-1",
        "MessageDate": "2026-11-24T23:30:00Z",
        "Incoming": False,
        "Status": "3",
        "RelatedToId": "001000000000001AAA",
        "ToIds": json.dumps([GRACE.id]),
        "CcIds": None,
        "FromId": None,
    }


@pytest.mark.parametrize("address", ["grace@acme.example", "Grace@Acme.example"])
def test_the_sender_of_an_incoming_message_is_named_where_known(address: str) -> None:
    """3.8: what a contact wrote shows at the contact."""
    came = message(direction="in", sender_email=address, recipients=())
    fields = message_fields(came, ENHANCED, TIED, message_id=MESSAGE_ID)
    assert fields["FromId"] == GRACE.id
    unknown = message(direction="in", sender_email="joan@acme.example")
    fields = message_fields(unknown, ENHANCED, TIED, message_id=MESSAGE_ID)
    assert fields["FromId"] is None


def test_received_message_is_incoming_and_read() -> None:
    fields = message_fields(
        message(direction="in", sent_at=None, received_at="2026-11-25T06:00:00Z"),
        ENHANCED,
        Ties(),
        message_id=MESSAGE_ID,
    )
    assert (fields["Incoming"], fields["Status"]) == (True, "1")
    assert fields["MessageDate"] == "2026-11-25T06:00:00Z"
    assert (fields["RelatedToId"], fields["ToIds"]) == (None, None)


def test_other_orgs_get_a_closed_task_that_begins_with_who_and_when() -> None:
    fields = message_fields(message(), PLAIN, TIED, message_id=MESSAGE_ID)
    assert fields == {
        "Subject": "Offer",
        "Description": (
            "From: Ada Lovelace <ada@northwind.example>\n"
            "To: Grace Hopper <grace@acme.example>; joan@acme.example\n"
            "Cc: linus@acme.example\n"
            "Bcc: boss@northwind.example\n"
            "Date: 2026-11-24 23:30 UTC\n\n"
            "Hello Grace,\n\nhere it is."
        ),
        "Status": "Erledigt",
        "ActivityDate": "2026-11-24",
        "TaskSubtype": "Email",
        "WhoId": GRACE.id,
        "WhatId": "001000000000001AAA",
    }


def test_org_of_unknown_statuses_gets_the_usual_one() -> None:
    fields = message_fields(message(), Traits(), TIED, message_id=MESSAGE_ID)
    assert fields["Status"] == "Completed"


@pytest.mark.parametrize("traits", [ENHANCED, PLAIN], ids=["message", "task"])
def test_encrypted_message_says_that_its_content_was_not_saved(traits: Traits) -> None:
    fields = message_fields(
        message(encrypted=True, body="-----BEGIN PGP MESSAGE-----"),
        traits,
        TIED,
        message_id=MESSAGE_ID,
    )
    text = str(fields["TextBody" if traits is ENHANCED else "Description"])
    assert text.endswith(ENCRYPTED)
    assert "PGP" not in text


@pytest.mark.parametrize("traits", [ENHANCED, PLAIN], ids=["message", "task"])
def test_long_body_ends_with_a_line_that_says_so(traits: Traits) -> None:
    long = message(body="🙂 word " * 10_000)
    fields = message_fields(long, traits, TIED, message_id=MESSAGE_ID)
    text = str(fields["TextBody" if traits is ENHANCED else "Description"])
    assert text.splitlines()[-1] == SHORTENED
    assert BODY_LENGTH - 10 <= length_of(text) <= BODY_LENGTH


def test_made_up_and_overlong_identifiers_are_not_written() -> None:
    made_up = message_fields(message(), ENHANCED, TIED, message_id="hash:12ab")
    overlong = message_fields(message(), ENHANCED, TIED, message_id=f"<{'a' * 300}>")
    for fields in (made_up, overlong):
        assert "MessageIdentifier" in fields
        assert fields["MessageIdentifier"] is None


def test_many_recipients_are_cut_between_addresses() -> None:
    crowd = tuple(
        Attendee(email=f"person{n:04}@example.com", role="to") for n in range(500)
    )
    fields = message_fields(
        message(recipients=crowd), ENHANCED, TIED, message_id=MESSAGE_ID
    )
    listed = str(fields["ToAddress"])
    assert len(listed) <= ADDRESSES_LENGTH
    assert all(address.endswith("@example.com") for address in listed.split("; "))


def test_message_without_subject_gets_a_name_as_a_task() -> None:
    fields = message_fields(message(subject=None), PLAIN, TIED, message_id=MESSAGE_ID)
    assert fields["Subject"] == "(no subject)"


@given(body=st.text(max_size=400), length=st.integers(min_value=100, max_value=300))
def test_shortened_body_fits_and_begins_like_the_whole(body: str, length: int) -> None:
    found = shorten_body(body, length)
    assert found is not None
    assert length_of(found) <= length
    assert found == body or body.startswith(found.removesuffix(f"\n\n{SHORTENED}"))
