"""The parts of a mail: what is its body, and what hangs on it."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from syncline.sandbox.microsoft365.entities import Json
from syncline.sandbox.microsoft365.mime.headers import (
    BROKEN,
    decoded,
    legible,
    raw_header,
    unencoded,
)

_DEEPEST = 50


@dataclass(slots=True)
class Parts:
    """A mail taken apart; `calendar` is the method of a meeting message."""

    text: str | None = None
    html: str | None = None
    calendar: str = ""
    attachments: list[Json] = field(default_factory=list)

    def body(self) -> Json:
        """The body as Graph has it: HTML if there is any."""
        if self.html is not None:
            return {"contentType": "html", "content": self.html}
        return {"contentType": "text", "content": self.text or ""}


def take_apart(message: Message) -> Parts:
    """Body and attachments of a mail."""
    found = Parts()
    for part in _leaves(message, 0):
        kind = part.get_content_type()
        is_attached = _is_attached(part)
        if kind == "text/calendar" and not is_attached:
            found.calendar = _parameter(part, "method").upper() or "PUBLISH"
        elif kind == "text/html" and not is_attached and found.html is None:
            found.html = content_text(part)
        elif kind == "text/plain" and not is_attached and found.text is None:
            found.text = content_text(part)
        else:
            found.attachments.append(_attachment(part))
    return found


def _leaves(part: Message, depth: int) -> Iterator[Message]:
    inner = part.get_payload()
    is_mail = part.get_content_maintype() == "message"
    if is_mail or not isinstance(inner, list) or depth > _DEEPEST:
        yield part
        return
    for one in inner:
        if isinstance(one, Message):
            yield from _leaves(one, depth + 1)


def _is_attached(part: Message) -> bool:
    try:
        if part.get_content_disposition() == "attachment":
            return True
    except BROKEN:
        return False
    return bool(_file_name(part))


def _parameter(part: Message, name: str) -> str:
    try:
        value = part.get_param(name)
    except BROKEN:
        return ""
    return legible(value) if isinstance(value, str) else ""


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename()
    except BROKEN:
        return ""
    return unencoded(legible(name)) if name else ""


def content_bytes(part: Message) -> bytes:
    """What a part holds, its transfer encoding undone as far as possible."""
    try:
        raw = part.get_payload(decode=True)
    except BROKEN:
        raw = None
    if isinstance(raw, bytes):
        return raw
    inner = part.get_payload()
    if isinstance(inner, list):
        return b"\r\n".join(whole(one) for one in inner if isinstance(one, Message))
    return str(inner).encode("utf-8", "surrogateescape")


def whole(part: Message) -> bytes:
    """A part with its headers."""
    try:
        return part.as_bytes()
    except BROKEN:
        return str(part.get_payload()).encode("utf-8", "replace")


def content_text(part: Message) -> str:
    """The text of a part."""
    text = decoded(content_bytes(part), _parameter(part, "charset") or "utf-8")
    return text.replace("\r\n", "\n")


def _attachment(part: Message) -> Json:
    kind = part.get_content_type()
    if kind == "message/rfc822":
        return _attached_mail(part)
    content_id = raw_header(part, "Content-ID").strip("<> ")
    try:
        is_inline = part.get_content_disposition() == "inline"
    except BROKEN:
        is_inline = False
    named = _file_name(part) or _named_by_kind(kind)
    shown = file_attachment(named, kind, content_bytes(part))
    if content_id:
        shown |= {"contentId": content_id, "isInline": is_inline or _is_shown(kind)}
    return shown


def _named_by_kind(kind: str) -> str:
    return f"part.{kind.partition('/')[2] or 'bin'}"


def _is_shown(kind: str) -> bool:
    return kind.startswith("image/")


def _attached_mail(part: Message) -> Json:
    raw = content_bytes(part)
    inner = part.get_payload()
    first = inner[0] if isinstance(inner, list) and inner else None
    subject = raw_header(first, "Subject") if isinstance(first, Message) else ""
    return {
        "@odata.type": "#microsoft.graph.itemAttachment",
        "key": uuid.uuid4().hex[:8],
        "name": unencoded(subject) or "Untitled",
        "contentType": None,
        "isInline": False,
        "size": len(raw),
        "mime": base64.b64encode(raw).decode(),
    }


def file_attachment(name: str, kind: str, content: bytes) -> Json:
    """A file that hangs on a message."""
    return {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "key": uuid.uuid4().hex[:8],
        "name": name,
        "contentType": kind,
        "isInline": False,
        "contentId": None,
        "size": len(content),
        "contentBytes": base64.b64encode(content).decode(),
    }
