"""The watermark of a mailbox: each stream's delta link, and what it depends on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from syncline.domain.values.changes import Watermark
from syncline.domain.values.content import format_instant
from syncline.domain.values.items import Window


class Mark(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where one stream resumes.

    Graph bakes the window into the link. `folders` are names by id that a
    stream of folders has told so far; `read_on` is the day of the last reading,
    from which a stream that is lost lists again.
    """

    link: str
    window: tuple[str, str] | None = None
    folders: dict[str, str] = {}
    read_on: date | None = None


def window_mark(window: Window) -> tuple[str, str]:
    """The window as kept beside a link."""
    return format_instant(window.start), format_instant(window.end)


def read_watermark(watermark: Watermark | None) -> dict[str, Mark]:
    """Marks by stream; none for what cannot be read, which then is read whole."""
    if watermark is None:
        return {}
    try:
        return msgspec.json.decode(watermark.value, type=dict[str, Mark])
    except msgspec.MsgspecError:
        return {}


def make_watermark(marks: Mapping[str, Mark]) -> Watermark:
    """Marks as an opaque value."""
    return Watermark(value=msgspec.json.encode(dict(marks), order="sorted").decode())
