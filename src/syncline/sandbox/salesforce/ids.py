"""Record ids: 15 case-sensitive characters and 3 that make them safe to fold."""

from __future__ import annotations

SHORT_LENGTH = 15
LONG_LENGTH = 18
_SUFFIX_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_INSTANCE = "Sb0"
_NUMBER_LENGTH = 9


def suffix(short: str) -> str:
    """The check characters of a 15-character id."""
    letters = []
    for block in (short[0:5], short[5:10], short[10:15]):
        index = sum(1 << at for at, char in enumerate(block) if "A" <= char <= "Z")
        letters.append(_SUFFIX_ALPHABET[index])
    return "".join(letters)


def long_id(text: str) -> str | None:
    """The 18-character form of an id, or None when the text is not an id."""
    if not (text.isascii() and text.isalnum()):
        return None
    if len(text) == SHORT_LENGTH:
        return text + suffix(text)
    if len(text) == LONG_LENGTH and suffix(text[:SHORT_LENGTH]) == text[SHORT_LENGTH:]:
        return text
    return None


def make_id(prefix: str, number: int) -> str:
    """The id of the `number`-th record of the object with that key prefix."""
    digits = ""
    while number:
        number, digit = divmod(number, len(_BASE62))
        digits = _BASE62[digit] + digits
    short = prefix + _INSTANCE + digits.rjust(_NUMBER_LENGTH, "0")
    return short + suffix(short)
