"""Headers of mail from anywhere, read without ever failing."""

from __future__ import annotations

import binascii
import re
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from functools import lru_cache

from syncline.sandbox.microsoft365.entities import Json
from syncline.sandbox.microsoft365.zones import utc_stamp

#: What the standard library raises on mail that breaks the rules.
BROKEN = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RecursionError,
    MessageError,
    binascii.Error,
)
_FOLD = re.compile(r"\r?\n(?=[ \t])|[\r\n]+")


def legible(text: str) -> str:
    """Text whose raw bytes, if there are any, are read as UTF-8 or Latin-1."""
    raw = text.encode("utf-8", "surrogateescape" if _is_raw(text) else "replace")
    return decoded(raw, "utf-8")


def _is_raw(text: str) -> bool:
    return all(
        not 0xD800 <= ord(c) <= 0xDFFF or 0xDC80 <= ord(c) <= 0xDCFF for c in text
    )


def decoded(raw: bytes, charset: str) -> str:
    """Bytes in a character set that may be unknown or wrong."""
    for name in (charset, "utf-8"):
        try:
            return raw.decode(name)
        except (LookupError, ValueError):
            continue
    try:
        text = raw.decode(charset, "replace")
    except (LookupError, ValueError):
        text = raw.decode("latin-1")
    return text.encode("utf-8", "replace").decode()


def raw_header(message: Message, name: str) -> str:
    """A header as it was sent, unfolded; empty if there is none."""
    for key, value in message.raw_items():
        if str(key).lower() == name.lower():
            return _FOLD.sub("", legible(str(value))).strip()
    return ""


def header(message: Message, name: str) -> str:
    """A header with its encoded words decoded."""
    return unencoded(raw_header(message, name))


@lru_cache(maxsize=1024)
def unencoded(text: str) -> str:
    """Text whose encoded words are decoded; those that cannot be stay."""
    if "=?" not in text:
        return text
    try:
        parts = decode_header(text)
    except BROKEN:
        return text
    return "".join(
        part if isinstance(part, str) else decoded(part, charset or "latin-1")
        for part, charset in parts
    )


def people(message: Message, name: str) -> list[Json]:
    """The people that an address header names, as Graph writes them."""
    try:
        found = getaddresses([raw_header(message, name)])
    except BROKEN:
        return []
    return [
        {"emailAddress": {"name": unencoded(shown) or address, "address": address}}
        for shown, address in found
        if shown or address
    ]


def moment(message: Message, name: str) -> str | None:
    """The instant that a header names; None if it names none."""
    try:
        found = parsedate_to_datetime(raw_header(message, name))
        aware = found if found.tzinfo else found.replace(tzinfo=UTC)
        return utc_stamp(aware)
    except BROKEN:
        return None


def all_headers(message: Message) -> list[Json]:
    """Every header in order, as Graph lists them."""
    return [
        {"name": legible(str(name)), "value": _FOLD.sub("", legible(str(value)))}
        for name, value in message.raw_items()
    ]


def written_date(moment_: datetime) -> str:
    """A date as the `Date` header has it."""
    return moment_.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
