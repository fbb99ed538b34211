"""What a resume point says: how far each object was read, and under what terms."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

import msgspec

from syncline.domain.values.changes import Watermark
from syncline.domain.values.content import format_instant
from syncline.domain.values.items import Window

_DIGEST_SIZE = 6
_DIGEST_LENGTH = 2 * _DIGEST_SIZE


class Bookmark(msgspec.Struct, forbid_unknown_fields=True):
    """The content of a watermark.

    `since`: per object, the server's time up to which it was read. `window`:
    bounds that events were listed for. `described`: dates of the descriptions.
    `missing`: fields of ours that the org lacks. `contacts`: which contacts were
    listed. `extra`: fields that only the profile knows. `view`: name, id,
    scope and condition of their list view. `statuses`: name,
    closed and default of each task status. `recent`: digests, one after
    the other, of rows that the overlap will bring again. `mirrors`: type of the
    start by mirrored object, as far as they could be read.
    """

    since: dict[str, datetime]
    window: tuple[str, str]
    described: dict[str, str] = {}
    missing: dict[str, list[str]] = {}
    contacts: str = "mine"
    extra: str = ""
    view: tuple[str, str, str, str] | None = None
    statuses: list[tuple[str, bool, bool]] | None = None
    recent: str = ""
    mirrors: dict[str, str] = {}

    @property
    def digests(self) -> frozenset[str]:
        """Digests of rows that were reported already."""
        starts = range(0, len(self.recent), _DIGEST_LENGTH)
        return frozenset(self.recent[at : at + _DIGEST_LENGTH] for at in starts)


def digest(row: bytes) -> str:
    """A short stand-in for one state of one row.

    Of the whole row, not of its stamp: two changes within one second differ in
    content only.
    """
    return hashlib.blake2b(row, digest_size=_DIGEST_SIZE).hexdigest()


def join(digests: Iterable[str]) -> str:
    """Digests in the form of `Bookmark.recent`; equal sets give equal texts."""
    return "".join(sorted(digests))


def bounds(window: Window) -> tuple[str, str]:
    """A window in the form of `Bookmark.window`."""
    return format_instant(window.start), format_instant(window.end)


def read_bookmark(watermark: Watermark | None) -> Bookmark | None:
    """What a watermark says; None without one or if it is not one of ours."""
    if watermark is None:
        return None
    try:
        return msgspec.json.decode(watermark.value, type=Bookmark)
    except msgspec.MsgspecError:
        return None


def write_bookmark(bookmark: Bookmark) -> Watermark:
    """The watermark that says it."""
    return Watermark(value=msgspec.json.encode(bookmark, order="sorted").decode())
