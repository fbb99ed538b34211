"""Messages: folders, changes, attachments, and mail from anywhere."""

import base64
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncline.sandbox.microsoft365.entities import Item
from syncline.sandbox.microsoft365.mime.reading import read_mime
from syncline.sandbox.microsoft365.mime.writing import write_mime
from tests.sandbox.microsoft365.conftest import ADA

DATA = Path(__file__).parents[4] / "shared" / "data"
IMMUTABLE = {"Prefer": 'IdType="ImmutableId"'}
CLASS = "singleValueExtendedProperties($filter=id eq 'String 0x001A')"
INBOX = "/me/mailFolders/inbox/messages"
PLAIN = b"""\
From: =?utf-8?q?J=C3=BCrgen_M=C3=BCller?= <j.mueller@kunde.example>
To: Ada <ADA.lindqvist@northwind.example>, bruno.okafor@northwind.example
Cc: chiara.rossi@northwind.example
Subject: =?iso-8859-1?q?Angebot_f=FCr_Pr=FCfung?=
Message-ID: <angebot-1@kunde.example>
References: <first@kunde.example>
Date: Fri, 20 Nov 2026 10:00:00 +0100
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: 8bit

Gr\xfc\xdfe
"""
ENCRYPTED = b"""\
From: eve@customer.example
Subject: secret
Message-ID: <secret@customer.example>
Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m
Content-Transfer-Encoding: base64

c2VjcmV0
"""
SIGNED = b"""\
Subject: signed
Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=b

--b
Content-Type: text/plain

legible
--b
Content-Type: application/pkcs7-signature; name=smime.p7s

c2ln
--b--
"""
REPORT = b"""\
Subject: Undeliverable: Offer
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Action: failed
--b--
"""
RECEIPT = REPORT.replace(b"delivery-status; b", b"disposition-notification; b")
INVITATION = b"""\
Subject: Lunch
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain

Lunch?
--b
Content-Type: text/calendar; method=REQUEST

BEGIN:VCALENDAR
END:VCALENDAR
--b--
"""
ATTACHED = b"""\
Subject: forwarded
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html

<p>See <img src="cid:logo"></p>
--b
Content-Type: image/png; name=logo.png
Content-ID: <logo>
Content-Disposition: inline

cG5n
--b
Content-Type: message/rfc822

Subject: inner

Inner text
--b--
"""
HOSTILE = {
    "nothing": b"",
    "no headers": b"\n\nonly a body",
    "raw bytes": b"Subject: \xff\xfe\x00\nFrom: \xff <\xff@\xfe>\n\n\xff\x00\x01",
    "broken words": b"Subject: =?utf-8?b?!!!?= =?x-none?q?=ZZ?=\n\n",
    "unknown charset": b"Content-Type: text/plain; charset=x-\xff-none\n\n\xe4\xf6",
    "odd dates": b"Date: Mon, 99 Foo 99999 99:99:99 +9999\n\n",
    "endless boundary": b"Content-Type: multipart/mixed; boundary=\n\n--\n--\n--",
    "deep": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n)
        for n in range(300)
    ),
    "bad base64": b"Content-Transfer-Encoding: base64\n\n=a=b=c",
    "long subject": b"Subject: " + "🧪".encode() * 4000 + b"\n\n",
}


@pytest.fixture
def deliver(url, ada):
    """Delivers a mail and gives what Ada's mailbox shows of it."""

    def send(raw, folder="inbox", **more):
        body = {"address": ADA, "folder": folder, **more}
        body["mime"] = base64.b64encode(raw).decode()
        answer = ada.http.post(f"{url}/_control/mail", json=body)
        assert answer.status_code == 200, answer.text
        path = f"/me/messages/{answer.json()['id']}"
        return ada.get(f"{path}?$expand=attachments,{CLASS}")

    return send


def class_of(message):
    return message["singleValueExtendedProperties"][0]["value"]


def test_delivered_mail_is_read_as_exchange_reads_it(ada, deliver):
    seen = deliver(PLAIN)
    assert seen["subject"] == "Angebot für Prüfung"
    sender = {"name": "Jürgen Müller", "address": "j.mueller@kunde.example"}
    assert seen["from"]["emailAddress"] == sender
    assert len(seen["toRecipients"]) == 2
    assert seen["internetMessageId"] == "<angebot-1@kunde.example>"
    assert seen["sentDateTime"] == "2026-11-20T09:00:00.0000000Z"
    assert seen["receivedDateTime"] == "2026-11-23T09:00:00.0000000Z"
    assert "Grüße" in seen["body"]["content"]
    assert (seen["isDraft"], seen["isRead"], class_of(seen)) == (
        False,
        False,
        "IPM.Note",
    )
    path = f"/me/messages/{seen['id']}"
    assert ada.raw("GET", f"{path}/$value").content == PLAIN
    assert "internetMessageHeaders" not in ada.get(path)
    headers = ada.get(f"{path}?$select=internetMessageHeaders")
    named = {h["name"]: h["value"] for h in headers["internetMessageHeaders"]}
    assert named["References"] == "<first@kunde.example>"
    reply = PLAIN.replace(b"angebot-1", b"angebot-2")
    assert deliver(reply)["conversationId"] == seen["conversationId"]


def test_encrypted_mail_has_no_body_and_one_attachment(deliver):
    """K04: only smime.p7m is there."""
    seen = deliver(ENCRYPTED)
    assert seen["body"]["content"] == ""
    (held,) = seen["attachments"]
    assert (held["name"], held["contentType"]) == (
        "smime.p7m",
        "application/pkcs7-mime",
    )
    assert (class_of(seen), seen["hasAttachments"]) == ("IPM.Note.SMIME", True)
    signed = deliver(SIGNED)
    assert "legible" in signed["body"]["content"]
    assert class_of(signed) == "IPM.Note.SMIME.MultipartSigned"


def test_what_is_no_letter_has_another_class(ada, deliver):
    assert class_of(deliver(REPORT)) == "REPORT.IPM.Note.NDR"
    assert class_of(deliver(RECEIPT)) == "REPORT.IPM.Note.IPNRN"
    invitation = deliver(INVITATION)
    assert invitation["@odata.type"] == "#microsoft.graph.eventMessageRequest"
    assert invitation["meetingMessageType"] == "meetingRequest"
    assert class_of(invitation) == "IPM.Schedule.Meeting.Request"
    types = [one["@odata.type"] for one in ada.round(f"{INBOX}/delta")[0]]
    assert types.count("#microsoft.graph.eventMessageRequest") == 1
    assert types.count("#microsoft.graph.message") == 2


def test_sensitivity_is_an_extended_property(ada, deliver):
    seen = deliver(b"Sensitivity: Private\nSubject: x\n\n")
    expand = "singleValueExtendedProperties($filter=id eq 'Integer 0x0036')"
    shown = ada.get(f"/me/messages/{seen['id']}?$expand={expand}")
    assert shown["singleValueExtendedProperties"][0]["value"] == "2"


def test_attachments_are_files_items_and_inline_pictures(ada, deliver):
    seen = deliver(ATTACHED)
    logo, inner = seen["attachments"]
    assert (logo["isInline"], logo["contentId"]) == (True, "logo")
    assert inner["@odata.type"] == "#microsoft.graph.itemAttachment"
    assert (inner["name"], "item" in inner) == ("inner", False)
    root = f"/me/messages/{seen['id']}/attachments"
    expanded = ada.get(
        f"{root}/{inner['id']}?$expand=microsoft.graph.itemattachment/item"
    )
    assert expanded["item"]["subject"] == "inner"
    assert b"Inner text" in ada.raw("GET", f"{root}/{inner['id']}/$value").content
    picture = ada.raw("GET", f"{root}/{logo['id']}/$value")
    assert picture.headers["content-type"] == "image/png"
    assert base64.b64decode(logo["contentBytes"]) == picture.content


def test_attachments_are_listed_with_what_is_asked_for(ada):
    link = {
        "@odata.type": "#microsoft.graph.referenceAttachment",
        "name": "Shared",
        "sourceUrl": "https://files.example/1",
    }
    file = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": "a.txt",
        "contentType": "text/plain",
        "contentBytes": "aGk=",
    }
    made = ada.post("/me/messages", {"subject": "x", "attachments": [file]})
    root = f"/me/messages/{made['id']}/attachments"
    ada.post(root, link)
    held = ada.get(f"{root}?$select=name,size,microsoft.graph.fileAttachment/contentId")
    assert [(one["name"], one["size"]) for one in held["value"]] == [
        ("a.txt", 2),
        ("Shared", 0),
    ]
    assert "contentBytes" not in held["value"][0]
    assert ada.call("GET", f"{root}?$select=contentBytes")[0] == 400
    assert ada.call("GET", f"{root}/{held['value'][1]['id']}/$value")[0] == 405
    assert b"a.txt" in ada.raw("GET", f"/me/messages/{made['id']}/$value").content
    ada.delete(f"{root}/{held['value'][0]['id']}")
    assert len(ada.get(root)["value"]) == 1


def test_attachment_ids_follow_the_form_of_the_message_id(ada, deliver):
    """D02: default ids change on a move, immutable ones do not."""
    seen = deliver(ATTACHED)
    path = f"/me/messages/{seen['id']}"
    lasting = ada.get(f"{path}?$expand=attachments", headers=IMMUTABLE)
    moved = ada.post(f"{path}/move", {"destinationId": "archive"})
    assert moved["id"] != seen["id"]
    assert ada.call("GET", path)[0] == 404
    old = seen["attachments"][0]["id"]
    assert ada.call("GET", f"/me/messages/{moved['id']}/attachments/{old}")[0] == 404
    again = ada.get(
        f"/me/messages/{lasting['id']}?$expand=attachments($select=name)",
        headers=IMMUTABLE,
    )
    assert again["id"] == lasting["id"]
    ids = [[a["id"] for a in one["attachments"]] for one in (again, lasting)]
    assert ids[0] == ids[1]
    assert "contentBytes" not in again["attachments"][0]


def test_own_folder_is_followed_beside_the_usual_ones(ada, deliver):
    filed = deliver(PLAIN, folder="Salesforce Emails", isRead=True)
    sent = deliver(REPORT, folder="sentitems")
    folders = {
        one["displayName"]: one["id"] for one in ada.get("/me/mailFolders")["value"]
    }
    own = f"/me/mailFolders/{folders['Salesforce Emails']}/messages/delta"
    since = "$filter=receivedDateTime ge 2026-11-17T00:00:00Z"
    told, link = ada.round(f"{own}?$select=subject,categories&{since}")
    assert [one["subject"] for one in told] == [filed["subject"]]
    assert "body" not in told[0]
    told, _ = ada.round("/me/mailFolders/sentitems/messages/delta")
    assert [one["id"] for one in told] == [sent["id"]]
    changed = ada.patch(f"/me/messages/{filed['id']}", {"categories": ["Salesforce"]})
    assert changed["@odata.etag"] != filed["@odata.etag"]
    told, link = ada.round(link)
    assert told[0]["categories"] == ["Salesforce"]
    ada.post(f"/me/messages/{filed['id']}/move", {"destinationId": "inbox"})
    assert "@removed" in ada.round(link)[0][0]
    assert ada.call("GET", f"{own}?$orderby=subject")[0] == 400


def test_draft_is_one_until_its_flags_say_that_it_was_sent(ada, deliver):
    assert ada.post("/me/messages", {"subject": "x"})["isDraft"] is True
    flags = [{"id": "Integer 0x0E07", "value": "1"}]
    body = {"subject": "x", "singleValueExtendedProperties": flags}
    assert ada.post("/me/messages", body)["isDraft"] is False
    assert deliver(PLAIN, folder="drafts")["isDraft"] is True


def test_mime_can_be_posted_as_a_draft(ada):
    headers = {"Content-Type": "text/plain"}
    content = base64.b64encode(PLAIN)
    made = ada.raw("POST", "/me/messages", content=content, headers=headers)
    assert made.status_code == 201
    assert made.json()["isDraft"] is True
    refused = ada.raw("POST", "/me/messages", content=b"\xff", headers=headers)
    assert refused.status_code == 400


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_mail_that_breaks_the_rules_is_kept_all_the_same(ada, deliver, raw):
    """K01, K03: nothing that a stranger sends fails the server."""
    seen = deliver(raw)
    path = f"/me/messages/{seen['id']}"
    assert ada.raw("GET", f"{path}/$value").content == raw
    assert len(ada.round(f"{INBOX}/delta?$select=internetMessageHeaders")[0]) == 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*PLAIN.splitlines(), *ATTACHED.splitlines(), *INVITATION.splitlines()]
        )
        | st.binary(max_size=40)
    )
)
def test_any_bytes_make_a_message_that_can_be_written_again(lines):
    """K03: no mail fails its conversion."""
    fields, properties = read_mime(b"\n".join(lines))
    assert properties
    del fields["mime"]
    item = Item(1, "message", 1, fields, created="2026-11-23T09:00:00.0000000Z")
    assert b"MIME-Version" in write_mime(item)


@pytest.mark.skipif(not DATA.is_dir(), reason="the real messages are not here")
def test_real_messages_are_all_taken(ada, deliver):
    files = [
        file
        for folder in ("mail-rb", "mimekit")
        for file in sorted((DATA / folder).rglob("*"))
        if file.is_file()
    ]
    assert len(files) > 300
    for file in files:
        deliver(file.read_bytes())
    told, _ = ada.round(f"{INBOX}/delta?$top=100")
    assert len(told) == len(files)


def test_mail_for_nobody_is_refused(ada, url):
    body = {"address": "nobody@northwind.example", "mime": ""}
    assert ada.http.post(f"{url}/_control/mail", json=body).status_code == 404
    body = {"address": ADA, "mime": "no base64"}
    assert ada.http.post(f"{url}/_control/mail", json=body).status_code == 400
