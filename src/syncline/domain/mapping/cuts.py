"""Text that is too long for its field: cut with a visible mark, never refused.

Lengths are counted in UTF-16 units, which is never less than what Salesforce
counts: what fits here fits there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from syncline.domain.values.content import RecordFields, RecordValue

#: Stands at the end of a text whose rest stayed in the mailbox.
CUT_MARK = "…"

#: The shortest text of a standard record, a postal code, has 20 characters; a cut
#: between characters leaves a little less.
_SHORTEST = 12
_JOINER = "\u200d"
#: Skin tones and the letters of which flags of regions are made.
_MODIFIERS = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
_REGIONAL_LETTERS = range(0x1F1E6, 0x1F200)
#: Vowels and finals that a Hangul syllable goes on with.
_HANGUL_REST = range(0x1160, 0x1200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One field whose text did not fit."""

    field: str
    #: Characters that the field takes.
    limit: int


def fit(
    fields: RecordFields, lengths: Mapping[str, int]
) -> tuple[dict[str, RecordValue], tuple[Cut, ...]]:
    """Record fields that fit, and which of them had to be cut.

    Args:
        fields: What is to be written.
        lengths: Characters that each field takes; 0 or absent means any number.
    """
    fitted: dict[str, RecordValue] = {}
    cuts: list[Cut] = []
    for name, value in fields.items():
        limit = lengths.get(name, 0)
        if isinstance(value, str) and 0 < limit < length_of(value):
            fitted[name] = shorten(value, limit)
            cuts.append(Cut(field=name, limit=limit))
        else:
            fitted[name] = value
    return fitted, tuple(cuts)


def shorten(text: str, limit: int, mark: str = CUT_MARK) -> str:
    """At most `limit` UTF-16 units of a longer text, the mark included.

    What a person sees as one character stays whole: no half of a surrogate
    pair, no letter without its accents, no part of a joined emoji or a flag.
    """
    if length_of(text) <= limit:
        return text
    room = limit - length_of(mark)
    if room <= 0:
        return head_of(text, limit)
    return head_of(text, room).removesuffix(" ") + mark


def head_of(text: str, limit: int) -> str:
    """The longest beginning of at most `limit` units that ends between characters.

    A single character that is longer than that is cut between code points.
    """
    end = _code_points_within(text, limit)
    if end == len(text):
        return text
    boundary = end
    while boundary > 0 and not _is_boundary(text, boundary):
        boundary -= 1
    return text[: boundary or end]


def length_of(text: str) -> int:
    """UTF-16 units of a text."""
    return len(text) + sum(char > "\uffff" for char in text)


def is_cut_of(kept: RecordValue, whole: RecordValue) -> bool:
    """Whether one text is what `shorten` left of the other.

    Very short ones are not taken for it: people write `Demo…` themselves.
    """
    if not isinstance(kept, str) or not isinstance(whole, str):
        return False
    if length_of(kept) < _SHORTEST or not kept.endswith(CUT_MARK) or kept == whole:
        return False
    return whole.startswith(kept.removesuffix(CUT_MARK))


def with_rest(edited: str, kept: str, whole: str) -> str:
    """A shortened text that somebody edited, with the rest that was cut off.

    While the mark stands at its end, only the part before the mark was edited.

    Args:
        edited: The text as it stands now.
        kept: What `shorten` had left.
        whole: What was shortened.
    """
    if not edited.endswith(CUT_MARK) or not is_cut_of(kept, whole):
        return edited
    return edited.removesuffix(CUT_MARK) + whole[len(kept) - len(CUT_MARK) :]


def _code_points_within(text: str, limit: int) -> int:
    if length_of(text) <= limit:
        return len(text)
    units = 0
    for index, char in enumerate(text):
        units += 2 if char > "\uffff" else 1
        if units > limit:
            return index
    return len(text)


def _is_boundary(text: str, index: int) -> bool:
    """Whether a person sees two characters left and right of `index`."""
    before, after = text[index - 1], text[index]
    if before == _JOINER or (before, after) == ("\r", "\n"):
        return False
    if _continues(after):
        return False
    if ord(before) in _REGIONAL_LETTERS and ord(after) in _REGIONAL_LETTERS:
        return _regional_letters_before(text, index) % 2 == 0
    return True


def _continues(char: str) -> bool:
    point = ord(char)
    return (
        char == _JOINER
        or unicodedata.category(char) in ("Mn", "Mc", "Me")
        or point in _MODIFIERS
        or point in _TAGS
        or point in _HANGUL_REST
    )


def _regional_letters_before(text: str, index: int) -> int:
    start = index
    while start > 0 and ord(text[start - 1]) in _REGIONAL_LETTERS:
        start -= 1
    return index - start
