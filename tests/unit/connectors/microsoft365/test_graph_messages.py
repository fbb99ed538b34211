"""Messages of Graph in neutral words, whatever strangers put into them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncline.connectors.microsoft365.bodies import read_body
from syncline.connectors.microsoft365.messages import (
    carries_files,
    message_uid,
    read_message,
)
from syncline.connectors.microsoft365.wire import Body, File, Message
from syncline.domain.values.content import Attendee, Content

OWNER = "ada@contoso.example"


def decode(**changes: Any) -> Message:
    address = {"name": "Grace", "address": "grace@acme.example"}
    raw: dict[str, Any] = {
        "@odata.type": "#microsoft.graph.message",
        "id": "AAMk",
        "subject": "Offer",
        "body": {"contentType": "text", "content": "Hello"},
        "from": {"emailAddress": address},
        "toRecipients": [{"emailAddress": {"address": OWNER}}],
        "internetMessageId": " <1@acme.example>\r\n",
        "sentDateTime": "2026-11-24T10:00:00Z",
        "receivedDateTime": "2026-11-24T10:00:07.1234567Z",
        "isDraft": False,
    }
    return msgspec.convert(raw | changes, Message)


def read(*files: File, is_sent: bool = False, **changes: Any) -> Content:
    return read_message(decode(**changes), owner=OWNER, is_sent=is_sent, files=files)


def of_class(name: str) -> dict[str, Any]:
    return {"singleValueExtendedProperties": [{"id": "String 0x1a", "value": name}]}


def header(name: str, value: str) -> dict[str, Any]:
    return {"internetMessageHeaders": [{"name": name, "value": value}]}


@pytest.mark.parametrize(
    ("changes", "sort"),
    [
        ({}, "mail"),
        (of_class("IPM.Note"), "mail"),
        ({"isDraft": True}, "draft"),
        ({"@odata.type": "#microsoft.graph.eventMessageRequest"}, "meeting"),
        (of_class("IPM.Schedule.Meeting.Resp.Pos"), "meeting"),
        (of_class("REPORT.IPM.Note.NDR"), "report"),
        (of_class("REPORT.IPM.Note.IPNRN"), "receipt"),
        (of_class("REPORT.IPM.Note.IPNNRN"), "receipt"),
        (
            header(
                "Content-Type",
                'multipart/report;\r\n report-type="disposition-notification"',
            ),
            "receipt",
        ),
        (header("CONTENT-TYPE", "multipart/report; report-type=x"), "report"),
        (header("Content-Type", "text/calendar; method=REPLY"), "meeting"),
        (header("Content-Type", "text/calendar"), "mail"),
    ],
)
def test_sorts_are_told_apart(changes: dict[str, Any], sort: str) -> None:
    assert read(**changes)["sort"] == sort


@pytest.mark.parametrize(
    ("changes", "is_encrypted"),
    [
        (of_class("IPM.Note.SMIME"), True),
        (of_class("IPM.Note.SMIME.MultipartSigned"), False),
        (of_class("IPM.Note.SMIME.MultipartSigned") | {"body": None}, True),
        (header("Content-Type", "multipart/encrypted; protocol=x"), True),
        (header("Content-Type", "application/pkcs7-mime; name=smime.p7m"), True),
        ({"body": {"content": "-----BEGIN PGP MESSAGE-----\nhQ"}}, True),
        ({}, False),
    ],
)
def test_sealed_messages_have_no_body(
    changes: dict[str, Any], is_encrypted: bool
) -> None:
    """K04"""
    content = read(**changes)
    assert content["encrypted"] is is_encrypted
    assert (content["body"] is None) is is_encrypted


def test_a_message_that_is_only_a_sealed_file_is_sealed() -> None:
    """K04"""
    file = File(id="1", name="smime.p7m", content_type="application/x-pkcs7-mime")
    assert read(file, body={"content": ""})["encrypted"] is True
    assert read(file)["encrypted"] is False


@pytest.mark.parametrize(
    "changes",
    [
        {
            "singleValueExtendedProperties": [{"id": "Integer 0x0036", "value": "2"}],
        },
        header("Sensitivity", "Company-Confidential"),
        header("sensitivity", "aNewWord"),
    ],
)
def test_whatever_is_not_plainly_normal_is_private(changes: dict[str, Any]) -> None:
    """K09"""
    assert read(**changes)["private"] is True
    assert read(**header("Sensitivity", "Normal"))["private"] is False


def test_recipients_are_named_once_in_order() -> None:
    def to(*addresses: str | None) -> list[dict[str, Any]]:
        return [{"emailAddress": {"address": one}} for one in addresses]

    content = read(
        toRecipients=[*to("B@x.example", None, " "), {}],
        ccRecipients=to("a@x.example", "b@X.example"),
        bccRecipients=to("c@x.example"),
    )
    assert content["recipients"] == (
        Attendee(email="b@x.example", role="to"),
        Attendee(email="a@x.example", role="cc"),
        Attendee(email="c@x.example", role="bcc"),
    )


def test_uid_is_the_internet_message_id_without_blanks() -> None:
    assert message_uid(decode(), read()) == "<1@acme.example>"


def test_uid_without_an_internet_message_id_tells_messages_apart() -> None:
    """F16: the same message has the same one in every mailbox."""

    def uid(**changes: Any) -> str:
        changes["internetMessageId"] = None
        return message_uid(decode(**changes), read(**changes))

    assert uid() == uid(id="another", receivedDateTime="2026-11-25T00:00:00Z")
    assert uid() != uid(subject="Other")
    assert uid() != uid(sentDateTime="2026-11-24T10:00:01Z")
    assert uid() != uid(body={"contentType": "text", "content": "Another page"})
    assert uid().startswith("hash:")


def test_files_are_asked_for_only_where_they_may_be() -> None:
    assert not carries_files(decode())
    assert carries_files(decode(hasAttachments=True))
    assert carries_files(decode(body={"content": "see [cid:logo@x]"}))
    assert carries_files(decode(**of_class("IPM.Note.SMIME")))
    assert not carries_files(decode(hasAttachments=True, isDraft=True))


@given(markup=st.text(alphabet="<>!-[]/&;#x01a \n\"'=CDATA?ptdbrhl\x00\ud800é"))
def test_any_markup_becomes_text_that_can_be_stored(markup: str) -> None:
    """K01, K03"""
    text = read_body(Body(content=markup, content_type="html"))
    assert text is None or text.encode()
    assert "\x00" not in (text or "")


@pytest.mark.parametrize("markup", ["<![if", "<!a", "<p><![CDATA[x", "</", "<!-"])
def test_markup_that_is_cut_short_is_no_failure(markup: str) -> None:
    """K03"""
    assert (read_body(Body(content=f"Hi {markup}", content_type="html")) or "")[:2] == (
        "Hi"
    )


@pytest.mark.parametrize("stamp", ["", "soon", "2026-13-45T00:00:00Z", None])
def test_stamps_that_are_none_are_left_out(stamp: str | None) -> None:
    content = read(sentDateTime=stamp, receivedDateTime=stamp)
    assert (content["sent_at"], content["received_at"]) == (None, None)
