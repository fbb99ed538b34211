"""Plain text of a body, also when the service sends HTML all the same.

`Prefer: outlook.body-content-type="text"` is not documented for answers to
writes, so those may carry HTML. Whatever strangers have put in, it becomes text
that a database takes.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from syncline.connectors.microsoft365.wire import Body
from syncline.domain.values.content import clean_text

_LINE_ENDERS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3"})
_SILENT = frozenset({"head", "style", "script", "title"})
#: Control characters and halves of surrogate pairs, which no text has.
_ILLEGIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_TAG = re.compile(r"<[^>]*>")


def legible(text: str | None) -> str | None:
    """Canonical text without characters that nobody can see or store."""
    return clean_text(_ILLEGIBLE.sub("", text)) if text else None


def read_body(body: Body | None) -> str | None:
    """Canonical text of a body; None for nothing."""
    if body is None:
        return None
    if is_text(body):
        return legible(body.content)
    return legible(re.sub(r"\n{3,}", "\n\n", _text_of(body.content or "")))


def _text_of(markup: str) -> str:
    reader = _TextReader()
    try:
        reader.feed(markup)
        reader.close()
    except AssertionError:
        # How the standard parser gives up on declarations that are cut short.
        return html.unescape(_TAG.sub(" ", markup))
    return "".join(reader.pieces)


def is_text(body: Body | None) -> bool:
    """Whether a body came as text, as asked for."""
    return body is None or (body.content_type or "text").lower() == "text"


class _TextReader(HTMLParser):
    """Collects what a person would read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silence = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _SILENT:
            self._silence += 1
        elif tag == "br":
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silence = max(0, self._silence - 1)
        elif tag in _LINE_ENDERS and tag != "br":
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silence:
            self.pieces.append(re.sub(r"\s+", " ", data))
