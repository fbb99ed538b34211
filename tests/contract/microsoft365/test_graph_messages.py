"""Mail of a sandbox mailbox: what is mail, where it lies, what hangs on it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from syncline.domain.errors import ItemError
from syncline.domain.values.changes import ChangeSet, Presence
from syncline.domain.values.content import Attachment, Attendee
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.ids import LinkKey
from syncline.domain.values.items import Item
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import MarkOrder
from tests.contract.microsoft365.bench import (
    DAY,
    TODAY,
    WINDOW,
    Bench,
    Reader,
    items_of,
    only,
)

HOUR = timedelta(hours=1)
RECEIVED = TODAY - HOUR
DATA = Path(__file__).parents[4] / "shared" / "data"


def mail(subject: str = "Offer", **headers: str) -> EmailMessage:
    made = EmailMessage()
    given = {
        "From": "Grace Hopper <Grace@acme.example>",
        "To": "owner@northwind.example",
        "Message-ID": f"<{subject.replace(' ', '-')}@acme.example>",
        "Subject": subject,
    }
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in (given | more).items():
        if value:
            made[name] = value
    made.set_content("Hello")
    return made


def deliver(bench: Bench, raw: bytes, folder: str = "inbox", **more: Any) -> str:
    body = {
        "address": bench.address,
        "folder": folder,
        "mime": base64.b64encode(raw).decode(),
        "receivedDateTime": f"{RECEIVED:%Y-%m-%dT%H:%M:%SZ}",
        **more,
    }
    made: str = bench.control("POST", "/mail", body)["immutable_id"]
    return made


def messages(found: ChangeSet) -> dict[str, Item]:
    return {i.name: i for i in items_of(found) if i.kind is Kind.MESSAGE}


def move(bench: Bench, message_id: str, folder: str) -> None:
    bench.person("POST", f"/messages/{message_id}/move", {"destinationId": folder})


# --- what it says ---


def test_who_wrote_what_to_whom(bench: Bench, read: Reader) -> None:
    raw = mail(
        To="Owner <owner@northwind.example>, Bob <BOB@acme.example>",
        Cc="bob@acme.example, zoe@acme.example",
    )
    deliver(bench, raw.as_bytes())
    item = only(read(None))
    content = item.content
    assert (item.uid, item.name) == ("<Offer@acme.example>", "Offer")
    assert (content["sender_email"], content["sender_name"]) == (
        "grace@acme.example",
        "Grace Hopper",
    )
    assert content["recipients"] == (
        Attendee(email="owner@northwind.example", name="Owner", role="to"),
        Attendee(email="bob@acme.example", name="Bob", role="to"),
        Attendee(email="zoe@acme.example", name="zoe@acme.example", role="cc"),
    )
    assert (content["direction"], content["body"]) == ("in", "Hello")
    assert (content["private"], content["encrypted"]) == (False, False)
    assert item.web_link


def test_what_the_owner_sent_goes_out(bench: Bench, read: Reader) -> None:
    raw = mail(From=bench.address, To="grace@acme.example").as_bytes()
    deliver(bench, raw, "sentitems")
    deliver(bench, mail("Filed", From=bench.address).as_bytes(), "Salesforce Emails")
    deliver(bench, mail("In").as_bytes())
    found = messages(read(None))
    assert {n: item.content["direction"] for n, item in found.items()} == {
        "Offer": "out",
        "Filed": "out",
        "In": "in",
    }


def test_a_message_without_an_id_is_known_by_what_it_says(
    bench: Bench, read: Reader
) -> None:
    for subject in ("One", "Two"):
        deliver(bench, mail(subject, Message_ID="").as_bytes())
    uids = [item.uid for item in messages(read(None)).values()]
    assert len(set(uids)) == 2
    assert all(uid.startswith("hash:") for uid in uids)
    assert [item.uid for item in messages(read(None)).values()] == uids


def test_private_mail_is_private(bench: Bench, read: Reader) -> None:
    """K09"""
    deliver(bench, mail("P", Sensitivity="Private").as_bytes())
    assert only(read(None)).content["private"] is True


REPORT = (
    b"From: postmaster@acme.example\r\nTo: owner@northwind.example\r\n"
    b"Subject: Report\r\nMessage-ID: <r@acme.example>\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/report; report-type=%s; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain\r\n\r\nIt is so.\r\n"
    b"--b\r\nContent-Type: message/%s\r\n\r\nFinal-Recipient: rfc822;x@y.example\r\n"
    b"\r\n--b--\r\n"
)
INVITATION = (
    b"From: grace@acme.example\r\nTo: owner@northwind.example\r\n"
    b"Subject: Meet\r\nMessage-ID: <i@acme.example>\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n"
    b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
)


@pytest.mark.parametrize(
    ("raw", "sort"),
    [
        (REPORT % (b"delivery-status", b"delivery-status"), "report"),
        (
            REPORT % (b"disposition-notification", b"disposition-notification"),
            "receipt",
        ),
        (INVITATION, "meeting"),
        (mail().as_bytes(), "mail"),
    ],
)
def test_what_is_no_mail_is_told_apart(
    bench: Bench, read: Reader, raw: bytes, sort: str
) -> None:
    deliver(bench, raw)
    assert only(read(None)).content["sort"] == sort


def test_a_draft_is_no_mail(bench: Bench, read: Reader) -> None:
    deliver(bench, mail().as_bytes(), isDraft=True)
    assert only(read(None)).content["sort"] == "draft"


SEALED = (
    b"From: grace@acme.example\r\nTo: owner@northwind.example\r\n"
    b"Subject: Sealed\r\nMessage-ID: <s@acme.example>\r\nMIME-Version: 1.0\r\n"
)
SMIME = SEALED + (
    b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data;"
    b" name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\nMIIB\r\n"
)
PGP = SEALED + (
    b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted";'
    b" boundary=b\r\n\r\n--b\r\nContent-Type: application/pgp-encrypted\r\n\r\n"
    b"Version: 1\r\n\r\n--b\r\nContent-Type: application/octet-stream;"
    b" name=encrypted.asc\r\n\r\n-----BEGIN PGP MESSAGE-----\r\nhQ==\r\n"
    b"-----END PGP MESSAGE-----\r\n--b--\r\n"
)


@pytest.mark.parametrize("raw", [SMIME, PGP])
def test_a_sealed_message_has_no_body(bench: Bench, read: Reader, raw: bytes) -> None:
    """K04"""
    deliver(bench, raw)
    item = only(read(None))
    assert (item.content["encrypted"], item.content["body"]) == (True, None)
    assert (item.content["sort"], item.name) == ("mail", "Sealed")


def test_text_that_nobody_can_store_is_left_out(bench: Bench, read: Reader) -> None:
    """K01"""
    raw = mail().as_bytes().replace(b"Hello", b"He\x00l\x01lo\x0b \xff")
    deliver(bench, raw)
    item = only(read(None))
    body = str(item.content["body"])
    assert body.startswith("Hello")
    assert not any(ord(c) < 32 for c in body)


def corpus() -> Iterator[Path]:
    for name in ("mail-rb", "mimekit"):
        yield from (p for p in sorted((DATA / name).rglob("*")) if p.is_file())


@pytest.mark.skipif(not DATA.exists(), reason="the messages are not at hand")
def test_real_messages_are_read_or_named(bench: Bench, read: Reader) -> None:
    """K03: none of them takes another one with it."""
    ids = {}
    for path in corpus():
        raw = path.read_bytes()
        if len(raw) < 500_000:
            ids[deliver(bench, raw)] = path.name
    found = read(None)
    told = {c.id: c.presence for c in found.changes if c.kind is Kind.MESSAGE}
    assert told.keys() == ids.keys()
    assert len(ids) > 100
    unread = {ids[key] for key, p in told.items() if p is not Presence.SEEN}
    assert unread == set()
    assert read(found.watermark).changes == ()


# --- where it lies ---


def test_a_filing_folder_is_found_wherever_it_is(bench: Bench, read: Reader) -> None:
    parent = bench.person("POST", "/mailFolders", {"displayName": "Projects"})["id"]
    where = f"/mailFolders/{parent}/childFolders"
    nested = bench.person("POST", where, {"displayName": "salesforce emails"})["id"]
    old = f"{TODAY - 400 * DAY:%Y-%m-%dT%H:%M:%SZ}"
    message_id = deliver(bench, mail().as_bytes(), receivedDateTime=old)
    first = read(None)
    assert items_of(first) == []
    move(bench, message_id, nested)
    second = read(first.watermark)
    assert messages(second)["Offer"].is_filed
    (looked,) = bench.connect().changes.fetch(Kind.MESSAGE, [message_id])
    assert looked.thing == messages(second)["Offer"]
    bench.reset()
    assert read(second.watermark).changes == ()
    assert bench.counters["requests"] == 1


def test_a_folder_that_gets_the_name_files_from_then_on(
    bench: Bench, read: Reader
) -> None:
    folder = bench.person("POST", "/mailFolders", {"displayName": "Later"})["id"]
    deliver(bench, mail().as_bytes(), "Later")
    first = read(None)
    assert items_of(first) == []
    name = {"displayName": "Salesforce Emails"}
    bench.person("PATCH", f"/mailFolders/{folder}", name)
    second = read(first.watermark)
    assert only(second).is_filed
    bench.person("DELETE", f"/mailFolders/{folder}")
    third = read(second.watermark)
    assert items_of(third) == []
    assert read(third.watermark).changes == ()


def test_the_filing_folder_is_offered_once(bench: Bench) -> None:
    for _ in range(2):
        bench.connect().marker.offer(["Salesforce"])
    listed = bench.person("GET", "/mailFolders?$top=100")["value"]
    names = [one["displayName"] for one in listed]
    assert names.count("Salesforce Emails") == 1


def test_a_moved_message_is_the_same_one(bench: Bench, read: Reader) -> None:
    """D02, D11: whichever folder tells of it first."""
    ids = [deliver(bench, mail(name).as_bytes()) for name in ("A", "B")]
    deliver(bench, mail("C").as_bytes(), "Salesforce Emails")
    first = read(None)
    move(bench, ids[0], "sentitems")
    folders = bench.person("GET", "/mailFolders?$top=100")["value"]
    (filing,) = (f["id"] for f in folders if f["displayName"] == "Salesforce Emails")
    move(bench, ids[1], filing)
    second = read(first.watermark)
    assert {c.id: c.presence for c in second.changes} == dict.fromkeys(
        ids, Presence.SEEN
    )
    assert [messages(second)[n].is_filed for n in ("A", "B")] == [False, True]
    assert [messages(second)[n].uid for n in ("A", "B")] == [
        messages(first)[n].uid for n in ("A", "B")
    ]


@pytest.mark.parametrize(
    ("folder", "presence"),
    [("archive", Presence.OUT_OF_SCOPE), ("deleteditems", Presence.DELETED)],
)
def test_a_message_that_left_is_looked_at(
    bench: Bench, read: Reader, folder: str, presence: Presence
) -> None:
    message_id = deliver(bench, mail().as_bytes())
    watermark = read(None).watermark
    move(bench, message_id, folder)
    source = bench.connect().changes
    (change,) = source.read(watermark, WINDOW).changes
    assert (change.id, change.presence) == (message_id, Presence.SUSPECT)
    (looked,) = source.fetch(Kind.MESSAGE, [message_id])
    assert looked.presence is presence


@pytest.mark.parametrize(
    ("status", "fault_class"),
    [
        (503, FaultClass.UNAVAILABLE),
        (410, FaultClass.UNAVAILABLE),
        (403, FaultClass.PERMISSION),
    ],
)
def test_a_message_is_not_thought_gone_while_the_bin_cannot_be_found(
    bench: Bench, read: Reader, status: int, fault_class: FaultClass
) -> None:
    """FM-9: it may be what was thrown away, so it is looked at again."""
    message_id = deliver(bench, mail().as_bytes())
    kept_id = deliver(bench, mail("Kept").as_bytes())
    read(None)
    move(bench, message_id, "deleteditems")
    bench.fault("status", "GET", "/mailFolders/deleteditems", status=status, times=4)
    source = bench.connect().changes
    looked, kept = source.fetch(Kind.MESSAGE, [message_id, kept_id])
    assert looked.presence is Presence.UNREADABLE
    assert looked.fault is not None
    assert looked.fault.fault_class is fault_class
    assert kept.presence is Presence.SEEN
    bench.control("DELETE", "/faults")
    (again,) = source.fetch(Kind.MESSAGE, [message_id])
    assert again.presence is Presence.DELETED


def test_lost_links_list_everything_since_the_last_reading(
    bench: Bench, read: Reader
) -> None:
    """E01, E06: mail of a week in which nobody read is not passed over."""
    watermark = read(None).watermark
    day_before = (TODAY - 20 * DAY).date().isoformat()
    stale = watermark.value.replace(TODAY.date().isoformat(), day_before)
    old = f"{TODAY - 15 * DAY:%Y-%m-%dT%H:%M:%SZ}"
    deliver(bench, mail().as_bytes(), receivedDateTime=old)
    bench.fault("lose_delta_tokens")
    healed = read(type(watermark)(value=stale))
    assert messages(healed).keys() == {"Offer"}
    assert Kind.MESSAGE not in healed.full_kinds


def test_a_mailbox_that_refuses_mail_is_synchronized_otherwise(
    bench: Bench, read: Reader
) -> None:
    deliver(bench, mail().as_bytes())
    bench.person("POST", "/contacts", {"surname": "Hopper"})
    bench.fault("status", "GET", "/mailFolders/inbox", status=403, times=20)
    found = read(None)
    assert [item.name for item in items_of(found)] == ["Hopper"]
    assert bench.connect().marker.offer([]) is None
    bench.control("DELETE", "/faults")
    assert messages(read(found.watermark)).keys() == {"Offer"}


def test_a_filing_folder_that_was_refused_is_read_afterwards(
    bench: Bench, read: Reader
) -> None:
    """What may not be read today is not gone; only its own mail waits."""
    deliver(bench, mail().as_bytes(), "Salesforce Emails")
    before = read(None).watermark
    deliver(bench, mail("Filed").as_bytes(), "Salesforce Emails")
    deliver(bench, mail("Not filed").as_bytes())
    listed = bench.person("GET", "/mailFolders?$top=100")["value"]
    (folder,) = (f["id"] for f in listed if f["displayName"] == "Salesforce Emails")
    bench.fault("status", "GET", f"/mailFolders/{folder}/", status=403, times=5)
    refused = read(before)
    assert messages(refused).keys() == {"Not filed"}
    bench.control("DELETE", "/faults")
    assert messages(read(refused.watermark)).keys() == {"Filed"}


def test_mail_that_came_while_it_was_refused_is_read_afterwards(
    bench: Bench, read: Reader
) -> None:
    before = read(None)
    bench.fault("status", "GET", "/mailFolders/", status=403, times=20)
    refused = read(before.watermark)
    old = f"{TODAY - 30 * DAY:%Y-%m-%dT%H:%M:%SZ}"
    assert refused.changes == ()
    bench.control("DELETE", "/faults")
    deliver(bench, mail().as_bytes())
    deliver(bench, mail("Older").as_bytes(), receivedDateTime=old)
    found = read(refused.watermark)
    assert messages(found).keys() == {"Offer"}
    assert found.full_kinds == frozenset()


def test_a_migrated_mailbox_is_recognized(bench: Bench, read: Reader) -> None:
    """D05: all ids are new; uids and keys are what they were."""
    key = [
        {
            "id": "String {7C9F1B0E-52A6-4C0B-9E52-5A1C53E0D7A4} Name SynclineId",
            "value": "k1",
        }
    ]
    message_id = deliver(bench, mail().as_bytes())
    bench.person(
        "PATCH", f"/messages/{message_id}", {"singleValueExtendedProperties": key}
    )
    tie = {"applicationName": "Syncline", "externalId": "k2", "displayName": "x"}
    lists = bench.person("GET", "/todo/lists")["value"]
    bench.person(
        "POST",
        f"/todo/lists/{lists[0]['id']}/tasks",
        {"title": "Call", "linkedResources": [tie]},
    )
    deliver(bench, mail("Filed").as_bytes(), "Salesforce Emails")
    before = read(None)
    bench.control("POST", "/migrate", {"address": bench.address})
    after = read(before.watermark)
    assert after.full_kinds == {Kind.EVENT, Kind.CONTACT, Kind.TASK}
    old, new = ({i.name: i for i in items_of(f)} for f in (before, after))
    assert old.keys() == new.keys() == {"Offer", "Call", "Filed"}
    assert all(new[name].id != old[name].id for name in old)
    assert [new[n].link_key for n in old] == [old[n].link_key for n in old]
    assert new["Filed"].is_filed
    for name in ("Offer", "Filed"):
        assert new[name].uid == old[name].uid
    assert read(after.watermark).changes == ()


# --- what hangs on it ---


def with_files(subject: str = "Offer", **files: bytes) -> bytes:
    made = mail(subject)
    for name, data in files.items():
        made.add_attachment(
            data, maintype="application", subtype="pdf", filename=f"{name}.pdf"
        )
    return made.as_bytes()


def test_files_have_names_sizes_and_types(bench: Bench, read: Reader) -> None:
    deliver(bench, with_files(offer=b"%PDF"))
    item = only(read(None))
    files = item.content["attachments"]
    assert isinstance(files, tuple)
    (file,) = files
    assert isinstance(file, Attachment)
    assert (file.name, file.content_type, file.is_inline) == (
        "offer.pdf",
        "application/pdf",
        False,
    )
    (looked,) = bench.connect().changes.fetch(Kind.MESSAGE, [item.id])
    assert looked.thing == item


def test_pictures_in_the_body_are_inline(bench: Bench, read: Reader) -> None:
    """Graph does not count them: only the body says that they are there."""
    made = mail()
    made.set_content("Hi [cid:logo@acme]")
    message_id = deliver(bench, made.as_bytes())
    picture = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": "logo.png",
        "contentId": "logo@acme",
        "contentBytes": "iVBORw==",
        "isInline": True,
    }
    bench.person("POST", f"/messages/{message_id}/attachments", picture)
    files = only(read(None)).content["attachments"]
    assert isinstance(files, tuple)
    assert [f.is_inline for f in files if isinstance(f, Attachment)] == [True]


def test_200_new_messages_with_files_cost_11_requests(
    bench: Bench, read: Reader
) -> None:
    watermark = read(None).watermark
    for n in range(200):
        deliver(bench, with_files(f"No. {n}", offer=b"%PDF"))
    bench.reset()
    found = read(watermark)
    assert len(messages(found)) == 200
    assert all(item.content["attachments"] for item in items_of(found))
    assert all(item.link_key_known for item in items_of(found))
    assert bench.counters["requests"] == 11


def test_files_that_cannot_be_listed_make_the_message_unreadable(
    bench: Bench, read: Reader
) -> None:
    """K07: never saved as if nothing hung on it."""
    deliver(bench, with_files(offer=b"%PDF"))
    deliver(bench, mail("Plain").as_bytes())
    bench.fault("status", "GET", "/attachments", status=403, times=5)
    found = read(None)
    assert messages(found).keys() == {"Plain"}
    (bad,) = (c for c in found.changes if c.presence is Presence.UNREADABLE)
    assert bad.fault is not None
    assert bad.fault.fault_class is FaultClass.PERMISSION


def test_a_link_to_a_file_elsewhere_is_no_file(bench: Bench, read: Reader) -> None:
    message_id = deliver(bench, mail().as_bytes())
    link = {
        "@odata.type": "#microsoft.graph.referenceAttachment",
        "name": "Plan",
        "sourceUrl": "https://files.example/plan",
        "providerType": "oneDriveBusiness",
    }
    made = bench.person("POST", f"/messages/{message_id}/attachments", link)
    item = only(read(None))
    assert item.content["attachments"]
    with pytest.raises(ItemError) as caught:
        bench.connect().attachments.attachment(message_id, made["id"])
    assert caught.value.fault.fault_class is FaultClass.REJECTED


def test_a_message_on_a_message_comes_as_mime(bench: Bench, read: Reader) -> None:
    made = mail()
    made.add_attachment(mail("Inner"))
    message_id = deliver(bench, made.as_bytes())
    files = only(read(None)).content["attachments"]
    assert isinstance(files, tuple)
    (file,) = files
    assert isinstance(file, Attachment)
    raw = bench.connect().attachments.attachment(message_id, file.id)
    assert b"Subject: Inner" in raw


# --- marking ---


def order_for(item: Item) -> MarkOrder:
    return MarkOrder(
        key=LinkKey("k1"),
        kind=Kind.MESSAGE,
        item_id=item.id,
        add=("Salesforce",),
        categories=item.categories,
        version=item.version,
        set_link_key=True,
        unfile=True,
    )


def test_filed_messages_go_home_marked(bench: Bench, read: Reader) -> None:
    """Reference 3.3: received ones to the inbox, sent ones to Sent Items."""
    deliver(bench, mail("In").as_bytes(), "Salesforce Emails")
    raw = mail("Out", From=bench.address).as_bytes()
    deliver(bench, raw, "Salesforce Emails")
    filed = messages(read(None))
    outcomes = bench.connect().marker.mark([order_for(i) for i in filed.values()])
    assert [o.fault for o in outcomes] == [None, None]
    found = messages(read(None))
    assert {i.version for i in found.values()} == {o.version for o in outcomes}
    for item in found.values():
        assert not item.is_filed
        assert item.categories == ("Salesforce",)
        assert item.link_key == "k1"
    for name, folder in (("In", "inbox"), ("Out", "sentitems")):
        listed = bench.person("GET", f"/mailFolders/{folder}/messages")["value"]
        assert [one["subject"] for one in listed] == [name]


@pytest.mark.parametrize("kind", ["drop_response", "reset"])
def test_a_move_whose_answer_is_lost_is_finished(
    bench: Bench, read: Reader, kind: str
) -> None:
    """F01"""
    deliver(bench, mail().as_bytes(), "Salesforce Emails")
    item = only(read(None))
    bench.fault(kind, "POST", "/move")
    (outcome,) = bench.connect().marker.mark([order_for(item)])
    assert outcome.fault is None
    after = only(read(None))
    assert (after.is_filed, after.categories) == (False, ("Salesforce",))


def test_a_message_that_is_not_filed_stays_where_it_is(
    bench: Bench, read: Reader
) -> None:
    deliver(bench, mail().as_bytes(), "sentitems")
    item = only(read(None))
    bench.connect().marker.mark([order_for(item)])
    listed = bench.person("GET", "/mailFolders/sentitems/messages")["value"]
    assert [one["categories"] for one in listed] == [["Salesforce"]]
