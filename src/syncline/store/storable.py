"""Text as PostgreSQL can keep it: no NUL character, no half of a surrogate pair."""

from __future__ import annotations

from typing import Any

import msgspec


def storable_text(text: str) -> str:
    """The text without what no table can hold."""
    if text.isascii():
        return text.replace("\x00", "")
    kept = text.encode("utf-8", errors="replace").decode("utf-8")
    return kept.replace("\x00", "")


def storable(value: Any) -> Any:
    """The same, for everything that JSON can say."""
    match value:
        case str():
            return storable_text(value)
        case dict():
            return {storable_text(k): storable(v) for k, v in value.items()}
        case list() | tuple():
            return [storable(v) for v in value]
        case _:
            return value


def storable_json(value: Any) -> str:
    """JSON that a `jsonb` column takes."""
    try:
        text = msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return msgspec.json.encode(storable(value)).decode()
    # Also found in text that merely speaks of it; looking closer is harmless.
    if "\\u0000" in text:
        return msgspec.json.encode(storable(value)).decode()
    return text
