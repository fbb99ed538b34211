"""Item bodies in the two forms: HTML and plain text."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from html.parser import HTMLParser

from syncline.sandbox.microsoft365.entities import Json

PREVIEW_LENGTH = 255
_BREAKS = {"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"}
_TAG = re.compile(r"<[^>]*>")
_HIDDEN = {"head", "style", "script", "title"}


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _HIDDEN:
            self.hidden += 1
        elif tag in _BREAKS and self.parts:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN and self.hidden:
            self.hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(re.sub(r"\s+", " ", data))


@lru_cache(maxsize=4096)
def text_of(content: str) -> str:
    """The readable text of an HTML document."""
    reader = _Text()
    try:
        reader.feed(content)
        reader.close()
    except AssertionError:
        # The parser refuses some broken declarations; a mail reader shows text.
        return _TAG.sub(" ", content).strip()
    lines = "".join(reader.parts).split("\n")
    return "\n".join(line.strip() for line in lines).strip()


def plain(body: Json) -> str:
    """A body's readable text."""
    content = body.get("content") or ""
    is_html = str(body.get("contentType", "text")).lower() == "html"
    return text_of(content) if is_html else content


def preview(body: Json) -> str:
    """The first characters of a body, as lists show them."""
    return plain(body)[:PREVIEW_LENGTH]


def in_form(body: Json, form: str) -> Json:
    """A body as `text` or `html`."""
    if form == "text":
        return {"contentType": "text", "content": plain(body)}
    content = body.get("content") or ""
    if str(body.get("contentType", "text")).lower() != "html" and content:
        lines = html.escape(content, quote=False).replace("\n", "<br>\n")
        content = f"<html><body>{lines}</body></html>"
    return {"contentType": "html", "content": content}
