"""Reads `$filter` into a question that can be put to an item.

Understood: `eq ne gt ge lt le and or not`, parentheses, `startswith`,
`endswith`, `contains`, and `any(x: …)` over a list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from syncline.sandbox.microsoft365.faults import GraphError
from syncline.sandbox.microsoft365.validation import EXTENDED, canonical_property_id
from syncline.sandbox.microsoft365.zones import parse_stamp, stamp, to_utc

#: Gives the value of a path such as `start/dateTime`.
Lookup = Callable[[str], Any]
Question = Callable[[Lookup], bool]

_TOKEN = re.compile(r"\s*(?:'(?:[^']|'')*'|[(),:]|[^\s(),:']+(?::\d\d[^\s(),:']*)*)")
_STAMP_LIKE = re.compile(r"\d{4}-\d\d-\d\d(?:T.*)?")
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: bool(a == b),
    "ne": lambda a, b: bool(a != b),
    "gt": lambda a, b: bool(a is not None and a > b),
    "ge": lambda a, b: bool(a is not None and a >= b),
    "lt": lambda a, b: bool(a is not None and a < b),
    "le": lambda a, b: bool(a is not None and a <= b),
}
_FUNCTIONS: dict[str, Callable[[str, str], bool]] = {
    "startswith": str.startswith,
    "endswith": str.endswith,
    "contains": str.__contains__,
}
_WORDS = {"true": True, "false": False, "null": None}


@lru_cache(maxsize=64)
def read_filter(text: str) -> Question:
    """Read a filter.

    Raises:
        GraphError: 400, it is not understood.
    """
    return _Reader(text).read()


def _refusal(text: str) -> GraphError:
    return GraphError(
        400, "BadRequest", f"Invalid filter clause: a syntax error in '{text}'."
    )


def _comparable(value: Any) -> Any:  # any JSON value
    """Stamps in one spelling; other texts without regard to case."""
    if not isinstance(value, str):
        return value
    if _STAMP_LIKE.fullmatch(value):
        try:
            moment = parse_stamp(value)
        except ValueError:
            return value.casefold()
        if moment.tzinfo is not None:
            moment = to_utc(moment).replace(tzinfo=None)
        return stamp(moment)
    return value.casefold()


class _Reader:
    """A recursive descent over the filter's tokens."""

    def __init__(self, text: str) -> None:
        self.source = text
        self.tokens: list[str] = []
        position = 0
        while position < len(text.rstrip()):
            match = _TOKEN.match(text, position)
            if match is None:
                raise _refusal(text)
            self.tokens.append(match.group().strip())
            position = match.end()
        self.place = 0

    def read(self) -> Question:
        question = self._either()
        if self.place != len(self.tokens):
            raise _refusal(self.source)
        return question

    def _peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        if not token:
            raise _refusal(self.source)
        self.place += 1
        return token

    def _expect(self, wanted: str) -> None:
        if self._next() != wanted:
            raise _refusal(self.source)

    def _either(self) -> Question:
        left = self._both()
        while self._peek().lower() == "or":
            self._next()
            left = _or(left, self._both())
        return left

    def _both(self) -> Question:
        left = self._single()
        while self._peek().lower() == "and":
            self._next()
            left = _and(left, self._single())
        return left

    def _single(self) -> Question:
        token = self._next()
        if token == "(":
            inner = self._either()
            self._expect(")")
            return inner
        if token.lower() == "not":
            denied = self._single()
            return lambda lookup: not denied(lookup)
        if token.lower() in _FUNCTIONS and self._peek() == "(":
            return self._function(_FUNCTIONS[token.lower()])
        if token.lower().endswith("/any") and self._peek() == "(":
            return self._any(token[: -len("/any")])
        return self._comparison(token)

    def _function(self, test: Callable[[str, str], bool]) -> Question:
        self._expect("(")
        path = self._next()
        self._expect(",")
        wanted = str(_comparable(self._literal()))
        self._expect(")")
        return lambda lookup: test(str(_comparable(lookup(path)) or ""), wanted)

    def _any(self, path: str) -> Question:
        self._expect("(")
        variable = self._next()
        self._expect(":")
        inner = self._either()
        self._expect(")")
        is_extended = path.lower() == EXTENDED.lower()

        def ask(lookup: Lookup) -> bool:
            elements = lookup(EXTENDED if is_extended else path) or []
            return any(inner(_element_lookup(variable, one)) for one in elements)

        return ask

    def _comparison(self, path: str) -> Question:
        compare = _COMPARISONS.get(self._next().lower())
        if compare is None:
            raise _refusal(self.source)
        literal = self._literal()
        if path.lower().endswith("/id") and isinstance(literal, str):
            literal = canonical_property_id(literal)
        # Values of extended properties are keys of other systems: case counts.
        as_is = path.lower().endswith(("/id", "/value"))
        wanted = literal if as_is else _comparable(literal)

        def ask(lookup: Lookup) -> bool:
            value = lookup(path)
            try:
                return compare(value if as_is else _comparable(value), wanted)
            except TypeError:
                return False

        return ask

    def _literal(self) -> Any:  # any JSON value
        token = self._next()
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if token.lower() in _WORDS:
            return _WORDS[token.lower()]
        try:
            return float(token) if "." in token else int(token)
        except ValueError:
            if _STAMP_LIKE.fullmatch(token):
                return token
            raise _refusal(self.source) from None


def _or(left: Question, right: Question) -> Question:
    return lambda lookup: left(lookup) or right(lookup)


def _and(left: Question, right: Question) -> Question:
    return lambda lookup: left(lookup) and right(lookup)


def _element_lookup(variable: str, element: Any) -> Lookup:  # JSON
    def lookup(path: str) -> Any:  # any JSON value
        value: Any = element
        name, _, rest = path.partition("/")
        if name != variable:
            return None
        for part in rest.split("/") if rest else []:
            value = value.get(part) if isinstance(value, Mapping) else None
        return value

    return lookup
