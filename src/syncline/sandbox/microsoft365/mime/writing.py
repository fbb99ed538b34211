"""A stored message as Internet mail."""

from __future__ import annotations

import base64
from contextlib import suppress
from datetime import UTC
from email.message import EmailMessage
from email.utils import formataddr

from syncline.sandbox.microsoft365.bodies import plain
from syncline.sandbox.microsoft365.entities import Item, Json
from syncline.sandbox.microsoft365.mime.headers import BROKEN, written_date
from syncline.sandbox.microsoft365.zones import parse_stamp

_LINES = {
    "From": "from",
    "To": "toRecipients",
    "Cc": "ccRecipients",
    "Bcc": "bccRecipients",
}


def write_mime(item: Item) -> bytes:
    """The mail as it came, or else made from the message's properties."""
    stored = item.fields.get("mime")
    if stored is not None:
        return base64.b64decode(stored)
    fields = item.fields
    mail = EmailMessage()
    lines = {
        "Subject": _line(fields.get("subject")),
        "Message-ID": _line(fields.get("internetMessageId")),
        "Date": _date(fields.get("sentDateTime") or item.created),
    }
    for name, source in _LINES.items():
        given = fields.get(source) or []
        lines[name] = _addresses(given if isinstance(given, list) else [given])
    for name, line in lines.items():
        with suppress(*BROKEN):
            if line:
                mail[name] = line
    body = fields.get("body") or {}
    mail.set_content(_text(plain(body)))
    if str(body.get("contentType")).lower() == "html":
        mail.add_alternative(_text(body.get("content")), subtype="html")
    for attachment in fields.get("attachments") or []:
        _attach(mail, attachment)
    return mail.as_bytes()


def _date(text: str) -> str:
    try:
        sent = parse_stamp(text)
    except ValueError:
        return ""
    return written_date(sent if sent.tzinfo else sent.replace(tzinfo=UTC))


def _text(text: object) -> str:
    return str(text or "").encode("utf-8", "replace").decode()


def _line(text: object) -> str:
    """Text that fits into one header."""
    shown = str(text or "").encode("utf-8", "replace").decode()
    return " ".join(shown.split())


def _addresses(people: list[Json]) -> str:
    found = [one.get("emailAddress") or {} for one in people]
    return ", ".join(
        formataddr((_line(one.get("name")), _line(one["address"])))
        for one in found
        if str(one.get("address") or "").isascii() and one.get("address")
    )


def _attach(mail: EmailMessage, attachment: Json) -> None:
    content = base64.b64decode(attachment.get("contentBytes") or "")
    main, _, sub = str(attachment.get("contentType") or "").partition("/")
    is_plain = main in ("application", "audio", "image", "video") and sub.isascii()
    mail.add_attachment(
        content,
        maintype=main if is_plain else "application",
        subtype=sub if is_plain and sub else "octet-stream",
        filename=_line(attachment.get("name")) or "file",
    )
