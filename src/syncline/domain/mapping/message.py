"""An e-mail as Salesforce keeps it: an EmailMessage, or a Task that tells of one.

Written once and never changed. Orgs with Enhanced Email get an EmailMessage;
others get a completed task of subtype Email (reference 3.7).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from syncline.domain.mapping.cuts import head_of, length_of
from syncline.domain.mapping.task import closed_status
from syncline.domain.values.content import (
    Attendee,
    Content,
    RecordValue,
    parse_instant,
)
from syncline.domain.values.people import Person, Traits

#: Characters of long text (facts: salesforce.md, 8); describe may say more.
BODY_LENGTH = 32_000
#: Characters of ToAddress, CcAddress and BccAddress.
ADDRESSES_LENGTH = 4_000
#: Characters of MessageIdentifier and ThreadIdentifier. Half an id is none.
IDENTIFIER_LENGTH = 255

SHORTENED = "[Shortened by Syncline: the whole e-mail is in the mailbox.]"
ENCRYPTED = "This message is encrypted. Its content was not saved."
NO_SUBJECT = "(no subject)"

#: The known person who wrote it. No field of EmailMessage: it becomes a row of its
#: own, after the message.
SENDER = "FromId"
#: How a message's uid begins when it came without an internet message id.
_MADE_UP = "hash:"
_READ, _SENT = "1", "3"


class Tied(Protocol):
    """What the message is tied to in Salesforce."""

    @property
    def who_id(self) -> str:
        """The person; empty for nobody."""

    @property
    def what_id(self) -> str:
        """The account, opportunity or case; empty for none."""

    @property
    def people(self) -> Sequence[tuple[str, Person]]:
        """Known persons by address, in order."""


def message_fields(
    content: Content,
    traits: Traits,
    tied: Tied,
    *,
    message_id: str,
    body_length: int = BODY_LENGTH,
) -> dict[str, RecordValue]:
    """All record fields of a message, in the form that the org keeps.

    Args:
        content: Of the message, in neutral names.
        traits: Whether the org has EmailMessage, and its closed statuses.
        tied: Who and what it belongs to.
        message_id: The item's uid.
        body_length: Characters that the record's text takes.
    """
    if traits.has_email_message:
        return _email_message(content, tied, message_id, body_length)
    return _task(content, traits, tied, body_length)


def _email_message(
    content: Content, tied: Tied, message_id: str, body_length: int
) -> dict[str, RecordValue]:
    is_incoming = content.get("direction") == "in"
    return {
        "Subject": _text(content, "subject"),
        "TextBody": shorten_body(_body(content), body_length),
        "FromAddress": _text(content, "sender_email"),
        "FromName": _text(content, "sender_name"),
        "ToAddress": _joined(content, "to", ADDRESSES_LENGTH),
        "CcAddress": _joined(content, "cc", ADDRESSES_LENGTH),
        "BccAddress": _joined(content, "bcc", ADDRESSES_LENGTH),
        "MessageIdentifier": _identifier(message_id),
        "ThreadIdentifier": _identifier(_text(content, "conversation_id")),
        "MessageDate": _moment(content),
        "Incoming": is_incoming,
        "Status": _READ if is_incoming else _SENT,
        "RelatedToId": tied.what_id or None,
        "ToIds": _person_ids(content, "to", tied),
        "CcIds": _person_ids(content, "cc", tied),
        SENDER: _sender_id(content, tied),
    }


def _task(
    content: Content, traits: Traits, tied: Tied, body_length: int
) -> dict[str, RecordValue]:
    moment = _moment(content)
    head = "\n".join(_head_lines(content))
    body = _body(content)
    text = f"{head}\n\n{body}" if body else head
    return {
        "Subject": _text(content, "subject") or NO_SUBJECT,
        "Description": shorten_body(text, body_length),
        "Status": closed_status(traits),
        "ActivityDate": moment[:10] if moment else None,
        "TaskSubtype": "Email",
        "WhoId": tied.who_id or None,
        "WhatId": tied.what_id or None,
    }


def shorten_body(body: str | None, length: int) -> str | None:
    """A body of at most `length` UTF-16 units, with a line that says what is gone."""
    if body is None or length_of(body) <= length:
        return body
    tail = f"\n\n{SHORTENED}"
    return head_of(body, length - length_of(tail)).rstrip() + tail


def _body(content: Content) -> str | None:
    return ENCRYPTED if content.get("encrypted") else _text(content, "body")


def _head_lines(content: Content) -> Iterable[str]:
    name, address = _text(content, "sender_name"), _text(content, "sender_email")
    yield f"From: {_named(name or '', address or '')}"
    for label, role in (("To", "to"), ("Cc", "cc"), ("Bcc", "bcc")):
        listed = _joined(content, role, ADDRESSES_LENGTH, with_names=True)
        if listed:
            yield f"{label}: {listed}"
    moment = _moment(content)
    if moment:
        yield f"Date: {parse_instant(moment):%Y-%m-%d %H:%M} UTC"


def _named(name: str, address: str) -> str:
    name = " ".join(name.split())
    if not name or name == address:
        return address
    return f"{name} <{address}>" if address else name


def _joined(
    content: Content, role: str, length: int, *, with_names: bool = False
) -> str | None:
    """Recipients of one role in one text; whole addresses, as many as fit."""
    found = [
        _named(r.name, r.email) if with_names else r.email
        for r in _recipients(content)
        if r.role == role
    ]
    while length_of(listed := "; ".join(found)) > length:
        found.pop()
    return listed or None


def _person_ids(content: Content, role: str, tied: Tied) -> str | None:
    by_address: Mapping[str, str] = {
        address: person.id for address, person in tied.people
    }
    ids = [
        by_address[r.email]
        for r in _recipients(content)
        if r.role == role and r.email in by_address
    ]
    return json.dumps(list(dict.fromkeys(ids))) if ids else None


def _sender_id(content: Content, tied: Tied) -> str | None:
    """The known person who wrote it; a colleague is none."""
    sender = (_text(content, "sender_email") or "").lower()
    return next((person.id for email, person in tied.people if email == sender), None)


def _recipients(content: Content) -> tuple[Attendee, ...]:
    found = content.get("recipients")
    listed = found if isinstance(found, tuple) else ()
    return tuple(r for r in listed if isinstance(r, Attendee))


def _moment(content: Content) -> str | None:
    """When it was sent; for what came without a date, when it arrived."""
    return _text(content, "sent_at") or _text(content, "received_at")


def _identifier(value: str | None) -> str | None:
    if not value or value.startswith(_MADE_UP) or len(value) > IDENTIFIER_LENGTH:
        return None
    return value


def _text(content: Content, name: str) -> str | None:
    value = content.get(name)
    return value if isinstance(value, str) and value else None
