"""Fill the catalog's templates with the facts of one case.

A template holds `{placeholders}` and `[optional segments]`; a segment is dropped
when a placeholder in it has no value. Values come from providers and from
people's items: they are inserted as they are, once, and never read as templates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

#: Longest name of a category (Microsoft Graph: outlookCategory.displayName).
MARK_LENGTH = 255
#: Longest value that goes into a sentence.
VALUE_LENGTH = 300

#: What a placeholder outside of optional segments says when nothing is known.
GENERIC = {
    "thing": "item",
    "place": "the other side",
    "field_labels": "the field concerned",
    "service": "the other side",
}

_SEGMENT = re.compile(r"\[([^\[\]]*)\]")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
#: A quoted sentence that ends ours, too.
_DOUBLE_STOP = re.compile(r"([.!?…])”\.")
_BLANKS = re.compile(r"\s+")
_SEPARATORS = re.compile(r"\s*[,;\uff0c\uff1b\u3001]+\s*")
#: Line, bidirectional and other controls; joiners stay, emoji need them.
_UNWANTED = frozenset({"Cc", "Zl", "Zp", "Cs", "Co"})
_BIDI = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


def placeholders(template: str) -> frozenset[str]:
    """Names of all placeholders of a template."""
    return frozenset(_PLACEHOLDER.findall(template))


def needed(template: str) -> frozenset[str]:
    """Names of the placeholders outside of optional segments."""
    return placeholders(_SEGMENT.sub("", template))


def fill(template: str, params: Mapping[str, str]) -> str:
    """The template as a sentence; starts with a capital letter.

    Never fails: without a value a placeholder says something generic, and a
    segment is left out.
    """
    values = {name: clean(str(value)) for name, value in params.items()}
    text = _fill(_choose_segments(template, values), values)
    text = _DOUBLE_STOP.sub(r"\1”", text)
    return text[:1].upper() + text[1:]


def fill_mark(template: str, params: Mapping[str, str]) -> str:
    """The template as part of a category name.

    Without comma and semicolon, which mail programs take for separators, and
    without a period at the end.
    """
    values = {name: without_separators(str(value)) for name, value in params.items()}
    return _fill(_choose_segments(template, values), values).rstrip(" .")


def clean(value: str) -> str:
    """One line of text without control characters, of a length to read."""
    spaced = "".join(" " if _is_unwanted(char) else char for char in value)
    text = _BLANKS.sub(" ", spaced).strip()
    if len(text) <= VALUE_LENGTH:
        return text
    return text[: VALUE_LENGTH - 1].rstrip() + "…"


def without_separators(value: str) -> str:
    """One clean line in which lists read `A and B`."""
    return _SEPARATORS.sub(" and ", clean(value).strip(" ,;")).strip()


def cut(text: str, length: int = MARK_LENGTH) -> str:
    """At most `length` UTF-16 units, as mail programs count; no half characters."""
    encoded = text.encode("utf-16-le", "replace")
    if len(encoded) <= 2 * length:
        return text
    return encoded[: 2 * length].decode("utf-16-le", "ignore").rstrip()


def join_names(names: list[str] | tuple[str, ...]) -> str:
    """`A`, `A and B`, or `A, B and C`."""
    *first, last = names or ("",)
    return f"{', '.join(first)} and {last}" if first else last


def _is_unwanted(char: str) -> bool:
    return char in _BIDI or unicodedata.category(char) in _UNWANTED


def _choose_segments(template: str, values: Mapping[str, str]) -> str:
    def choose(match: re.Match[str]) -> str:
        inner = match.group(1)
        is_known = all(values.get(name) for name in placeholders(inner))
        return inner if is_known else ""

    return _SEGMENT.sub(choose, template)


def _fill(template: str, values: Mapping[str, str]) -> str:
    def value_of(match: re.Match[str]) -> str:
        name = match.group(1)
        return values.get(name) or GENERIC.get(name, "")

    return _PLACEHOLDER.sub(value_of, template).strip()
