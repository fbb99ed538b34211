"""The watermark of a mailbox: each kind's delta link, and its window."""

from __future__ import annotations

import msgspec

from syncline.domain.values.changes import Watermark
from syncline.domain.values.content import format_instant
from syncline.domain.values.items import Window
from syncline.domain.values.kinds import Kind


class Mark(msgspec.Struct, frozen=True):
    """Where one kind resumes; Graph bakes the window into the link."""

    link: str
    window: tuple[str, str] | None = None


def window_mark(kind: Kind, window: Window) -> tuple[str, str] | None:
    """The window as kept beside a link; contacts know none."""
    if kind is not Kind.EVENT:
        return None
    return format_instant(window.start), format_instant(window.end)


def read_watermark(watermark: Watermark | None) -> dict[Kind, Mark]:
    """Marks by kind; none for what cannot be read, which then is read whole."""
    if watermark is None:
        return {}
    try:
        raw = msgspec.json.decode(watermark.value, type=dict[str, Mark])
    except msgspec.MsgspecError:
        return {}
    return {kind: raw[kind.value] for kind in Kind if kind.value in raw}


def make_watermark(marks: dict[Kind, Mark]) -> Watermark:
    """Marks as an opaque value."""
    by_name = {kind.value: mark for kind, mark in marks.items()}
    return Watermark(value=msgspec.json.encode(by_name, order="sorted").decode())
