"""Messages: Graph's `message` to neutral content.

Nothing here may fail on what a stranger has sent: what cannot be understood is
left out, and what makes no sense at all raises `ValueError`, which makes that
one message unreadable.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

from syncline.connectors.microsoft365.bodies import legible, read_body
from syncline.connectors.microsoft365.times import read_stamp
from syncline.connectors.microsoft365.wire import (
    File,
    Message,
    Property,
    Recipient,
)
from syncline.domain.values.content import (
    LINK_TYPE,
    Attachment,
    Attendee,
    Content,
    format_instant,
)

#: PidTagMessageClass and PidTagSensitivity. Source: [MS-OXPROPS].
CLASS_PROPERTY = "String 0x001A"
SENSITIVITY_PROPERTY = "Integer 0x0036"

_SMIME = "ipm.note.smime"
_SIGNED = "ipm.note.smime.multipartsigned"
_MEETING = "ipm.schedule.meeting"
_RECEIPTS = (".ipnrn", ".ipnnrn")
_REPORTS = ("report.", "ipm.outlook.recall")
_PGP_TYPES = frozenset({"application/pgp-encrypted"})
_SMIME_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SMIME_FILES = frozenset({"smime.p7m"})
_PGP_BODY = "-----BEGIN PGP MESSAGE-----"
_INLINE = re.compile(r"\bcid:", re.IGNORECASE)


def read_message(
    raw: Message, *, owner: str, is_sent: bool, files: Sequence[File] = ()
) -> Content:
    """Neutral content of a message.

    Args:
        raw: As Graph sent it.
        owner: Address of the mailbox.
        is_sent: Whether it lies among what the owner sent.
        files: What hangs on it, when that was asked for.
    """
    sender = _sender(raw)
    is_encrypted = _is_encrypted(raw, files)
    return {
        "subject": legible(raw.subject),
        "body": None if is_encrypted else read_body(raw.body),
        "direction": "out" if is_sent or sender.email == owner.lower() else "in",
        "sender_email": sender.email or None,
        "sender_name": sender.name or None,
        "recipients": _recipients(raw),
        "sent_at": _instant(raw.sent_date_time),
        "received_at": _instant(raw.received_date_time),
        "conversation_id": raw.conversation_id or None,
        "private": _is_private(raw),
        "encrypted": is_encrypted,
        "sort": _sort(raw),
        "attachments": tuple(read_file(file) for file in files),
    }


def message_uid(raw: Message, content: Content) -> str:
    """What all copies of a message have in common.

    Its internet message id; one without gets a hash of what it says of itself,
    its text included: machines send many of a kind within a second.
    """
    given = "".join((raw.internet_message_id or "").split())
    if given:
        return given
    recipients = content["recipients"]
    assert isinstance(recipients, tuple)
    addresses = [one.email for one in recipients if isinstance(one, Attendee)]
    said = [content[name] for name in ("sent_at", "sender_email", "subject", "body")]
    text = "|".join([*(str(part or "") for part in said), ",".join(addresses)])
    return f"hash:{hashlib.sha256(text.encode()).hexdigest()}"


def carries_files(raw: Message) -> bool:
    """Whether something hangs on a message that may be saved.

    Graph does not count what is shown inside of the body; a body that names it
    gives it away. Protected messages are looked at for what protects them.
    """
    if _sort(raw) != "mail":
        return False
    content = (raw.body.content or "") if raw.body else ""
    is_guarded = _class_of(raw).startswith(_SMIME)
    return bool(raw.has_attachments) or is_guarded or bool(_INLINE.search(content))


#: Stands for a file that lies elsewhere, on a cloud drive.
_REFERENCE = "#microsoft.graph.referenceattachment"


def read_file(file: File) -> Attachment:
    """A file as the content of a message names it."""
    is_link = (file.odata_type or "").lower() == _REFERENCE
    return Attachment(
        id=file.id,
        name=legible(file.name) or "",
        size_bytes=max(file.size or 0, 0),
        content_type=LINK_TYPE if is_link else (file.content_type or "").lower(),
        is_inline=bool(file.is_inline),
    )


def _sender(raw: Message) -> Attendee:
    found = _people([raw.from_, raw.sender], "from")
    return found[0] if found else Attendee(email="")


def _recipients(raw: Message) -> tuple[Attendee, ...]:
    found: dict[str, Attendee] = {}
    for role, people in (
        ("to", raw.to_recipients),
        ("cc", raw.cc_recipients),
        ("bcc", raw.bcc_recipients),
    ):
        for person in _people(people or (), role):
            found.setdefault(person.email, person)
    return tuple(found.values())


def _people(recipients: Iterable[Recipient | None], role: str) -> list[Attendee]:
    found = []
    for recipient in recipients:
        address = recipient.email_address if recipient else None
        email = "".join((legible(address.address) or "").split()) if address else ""
        if address is not None and email:
            name = legible(address.name) or ""
            found.append(Attendee(email=email.lower(), name=name, role=role))
    return found


def _instant(stamp: str | None) -> str | None:
    instant = read_stamp(stamp)
    return format_instant(instant) if instant else None


def _is_private(raw: Message) -> bool:
    # Whatever is not plainly normal stays hidden: never less private.
    number = _property(raw, SENSITIVITY_PROPERTY)
    said = _header(raw, "sensitivity")
    return number not in ("", "0") or said not in ("", "normal")


def _is_encrypted(raw: Message, files: Sequence[File]) -> bool:
    body = (raw.body.content or "").strip() if raw.body else ""
    kind = _class_of(raw)
    if kind.startswith(_SIGNED):
        # Signed in clear: readable, unless the service left its text in the file.
        return not body
    content_type = _header(raw, "content-type")
    types = {(file.content_type or "").lower() for file in files}
    names = {(file.name or "").lower() for file in files}
    is_smime_file = bool(names & _SMIME_FILES or types & _SMIME_TYPES)
    return (
        kind.startswith(_SMIME)
        or content_type.startswith("multipart/encrypted")
        or content_type.partition(";")[0].strip() in _SMIME_TYPES
        or bool(types & _PGP_TYPES)
        or _PGP_BODY in body
        or (is_smime_file and not body)
    )


def _sort(raw: Message) -> str:
    if raw.is_draft:
        return "draft"
    kind = _class_of(raw)
    odata_type = (raw.odata_type or "").lower()
    content_type = _header(raw, "content-type")
    if (
        ".eventmessage" in odata_type
        or kind.startswith(_MEETING)
        or (content_type.startswith("text/calendar") and "method=" in content_type)
    ):
        return "meeting"
    is_report = content_type.startswith("multipart/report")
    if kind.endswith(_RECEIPTS) or (
        is_report and "disposition-notification" in content_type
    ):
        return "receipt"
    if kind.startswith(_REPORTS) or is_report:
        return "report"
    return "mail"


def _class_of(raw: Message) -> str:
    return _property(raw, CLASS_PROPERTY)


def _property(raw: Message, name: str) -> str:
    held: Iterable[Property] = raw.single_value_extended_properties or ()
    wanted = name.lower()
    # Graph shortens the tag: 0x001A comes back as 0x1a.
    forms = {wanted, wanted.replace("0x00", "0x")}
    found = (p.value or "" for p in held if p.id.lower() in forms)
    return next(found, "").strip().lower()


def _header(raw: Message, name: str) -> str:
    headers = raw.internet_message_headers or ()
    found = (h.value or "" for h in headers if (h.name or "").lower() == name)
    return " ".join(next(found, "").lower().split())
