"""A mail from anywhere, as Exchange keeps it.

Whatever is sent is taken: what cannot be understood is left out.
"""

from __future__ import annotations

import base64
import hashlib
from email import message_from_bytes
from email.message import Message

from syncline.sandbox.microsoft365.entities import Json
from syncline.sandbox.microsoft365.fields import EVENT_SUBJECT_LIMIT
from syncline.sandbox.microsoft365.mime.headers import (
    BROKEN,
    all_headers,
    header,
    legible,
    moment,
    people,
    raw_header,
)
from syncline.sandbox.microsoft365.mime.parts import (
    Parts,
    content_bytes,
    file_attachment,
    take_apart,
)

#: PidTagMessageClass and PidTagSensitivity, as extended properties.
CLASS_PROPERTY = "String 0x1a"
SENSITIVITY_PROPERTY = "Integer 0x36"
_MEETINGS = {
    "REQUEST": ("eventMessageRequest", "meetingRequest", "Request"),
    "CANCEL": ("eventMessage", "meetingCancelled", "Canceled"),
    "REPLY": ("eventMessageResponse", "meetingAccepted", "Resp.Pos"),
}
_SENSITIVITIES = {"personal": "1", "private": "2", "company-confidential": "3"}
_ENCRYPTED = ("application/pkcs7-mime", "application/x-pkcs7-mime")


def read_mime(raw: bytes) -> tuple[Json, dict[str, str]]:
    """The properties of a message and its extended properties."""
    try:
        message = message_from_bytes(raw)
    except BROKEN:
        message = Message()
    fields = _envelope(message)
    properties = {CLASS_PROPERTY: "IPM.Note"}
    sensitivity = header(message, "Sensitivity").lower()
    if sensitivity in _SENSITIVITIES:
        properties[SENSITIVITY_PROPERTY] = _SENSITIVITIES[sensitivity]
    try:
        parts = take_apart(message)
    except BROKEN:
        parts = Parts(text=raw.decode("utf-8", "replace"))
    _sort(message, raw, parts, fields, properties)
    fields |= {
        "body": parts.body(),
        "attachments": parts.attachments,
        "mime": base64.b64encode(raw).decode(),
    }
    return fields, properties


def _envelope(message: Message) -> Json:
    senders = people(message, "From")
    sender = next(iter(people(message, "Sender")), None) or next(iter(senders), None)
    fields: Json = {
        "subject": header(message, "Subject")[:EVENT_SUBJECT_LIMIT],
        "from": next(iter(senders), None),
        "sender": sender,
        "toRecipients": people(message, "To"),
        "ccRecipients": people(message, "Cc"),
        "bccRecipients": people(message, "Bcc"),
        "replyTo": people(message, "Reply-To"),
        "sentDateTime": moment(message, "Date"),
        "internetMessageId": raw_header(message, "Message-ID") or None,
        "internetMessageHeaders": all_headers(message),
        "conversationId": _conversation(message),
        "importance": _importance(message),
        "isReadReceiptRequested": bool(
            raw_header(message, "Disposition-Notification-To")
        ),
    }
    return fields


def _importance(message: Message) -> str:
    said = header(message, "Importance").lower()
    if said in ("low", "high"):
        return said
    return {"1": "high", "2": "high", "4": "low", "5": "low"}.get(
        header(message, "X-Priority")[:1], "normal"
    )


def _conversation(message: Message) -> str:
    references = raw_header(message, "References").split()
    answered = raw_header(message, "In-Reply-To").split()
    own = [raw_header(message, "Message-ID"), header(message, "Subject")]
    first = next(one for one in [*references, *answered, *own, "none"] if one)
    return base64.urlsafe_b64encode(hashlib.sha256(first.encode()).digest()).decode()


def _sort(
    message: Message,
    raw: bytes,
    parts: Parts,
    fields: Json,
    properties: dict[str, str],
) -> None:
    """What Exchange makes of mails that are not simply letters."""
    kind = message.get_content_type()
    said = legible(str(message.get("Content-Type", ""))).lower()
    if kind in _ENCRYPTED:
        content = content_bytes(message)
        parts.text, parts.html = None, None
        parts.attachments = [file_attachment("smime.p7m", kind, content)]
        properties[CLASS_PROPERTY] = "IPM.Note.SMIME"
    elif kind == "multipart/signed" and "pkcs7" in said:
        parts.attachments = [file_attachment("smime.p7m", kind, raw)]
        properties[CLASS_PROPERTY] = "IPM.Note.SMIME.MultipartSigned"
    elif kind == "multipart/report" and "disposition-notification" in said:
        properties[CLASS_PROPERTY] = "REPORT.IPM.Note.IPNRN"
    elif kind == "multipart/report":
        properties[CLASS_PROPERTY] = "REPORT.IPM.Note.NDR"
    elif parts.calendar in _MEETINGS:
        type_name, sort, ending = _MEETINGS[parts.calendar]
        fields |= {"odataType": type_name, "meetingMessageType": sort}
        properties[CLASS_PROPERTY] = f"IPM.Schedule.Meeting.{ending}"
