"""Item ids in the two forms that Outlook knows.

The default form changes when the item moves; the immutable form does not.
Both are opaque and case-sensitive to clients. Here they carry the mailbox, the
item's key and, for one occurrence of a series, its day, so that no index of
ids has to be kept.
"""

from __future__ import annotations

import base64
import binascii
import struct
import uuid
from dataclasses import dataclass

_DEFAULT_MARK = b"\x00\x03\x24\x00"
_IMMUTABLE_MARK = b"\x00\x09\x00\x2e"
_DEFAULT_TAIL = struct.Struct(">2s6sHQHI1s")
_IMMUTABLE_TAIL = struct.Struct(">16sQIH")
_GUID_LENGTH = 36
# An odd factor is reversible modulo 2**64: neighbours get unlike ids.
_SPREAD = 0x9E3779B97F4A7C15
_UNSPREAD = pow(_SPREAD, -1, 1 << 64)
_WRAP = (1 << 64) - 1


class MalformedIdError(ValueError):
    """The text was never an id of this server."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What an id says.

    `generation` is None in the immutable form. `day` (`yyyy-mm-dd`) is set for
    one occurrence of a series; `shape` then says of which of the shapes that the
    series has had.
    """

    mailbox_id: str
    key: int
    generation: int | None
    day: str | None
    shape: int = 0


def default_id(
    mailbox_id: str, key: int, generation: int, day: str | None = None, shape: int = 0
) -> str:
    """The id that a client gets without asking for another form."""
    spread = key * _SPREAD & _WRAP
    tail = _DEFAULT_TAIL.pack(
        b"\x00F", bytes(6), shape, spread, generation, _pack_day(day), b"\x00"
    )
    return _encode(_DEFAULT_MARK + mailbox_id.encode() + tail)


def immutable_id(
    mailbox_id: str, key: int, day: str | None = None, shape: int = 0
) -> str:
    """The id that survives moves within the mailbox."""
    guid = uuid.UUID(mailbox_id).bytes
    tail = _IMMUTABLE_TAIL.pack(guid, key * _SPREAD & _WRAP, _pack_day(day), shape)
    return _encode(_IMMUTABLE_MARK + tail)


def parse_id(text: str) -> Reference:
    """Read an id of either form.

    Raises:
        MalformedIdError: It is not one.
    """
    raw = _decode(text)
    start = len(_DEFAULT_MARK)
    if raw.startswith(_DEFAULT_MARK):
        mailbox_id = raw[start : start + _GUID_LENGTH].decode("ascii", "replace")
        tail = raw[start + _GUID_LENGTH :]
        if len(tail) == _DEFAULT_TAIL.size:
            _, _, shape, key, generation, day, _ = _DEFAULT_TAIL.unpack(tail)
            number = key * _UNSPREAD & _WRAP
            return Reference(mailbox_id, number, generation, _unpack_day(day), shape)
    elif raw.startswith(_IMMUTABLE_MARK):
        tail = raw[start:]
        if len(tail) == _IMMUTABLE_TAIL.size:
            guid, key, day, shape = _IMMUTABLE_TAIL.unpack(tail)
            number = key * _UNSPREAD & _WRAP
            owner = str(uuid.UUID(bytes=guid))
            return Reference(owner, number, None, _unpack_day(day), shape)
    raise MalformedIdError("Id is malformed.")


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def _decode(text: str) -> bytes:
    try:
        raw = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise MalformedIdError("Id is malformed.") from error
    return raw


def _pack_day(day: str | None) -> int:
    return int(day.replace("-", "")) if day else 0


def _unpack_day(number: int) -> str | None:
    text = f"{number:08d}"
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if number else None
