"""Cuts SOQL into words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from syncline.sandbox.salesforce.faults import RefusedError, refuse

_PATTERN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<string>'(?:[^'\\]|\\.)*')
  | (?P<moment>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))
  | (?P<day>\d{4}-\d\d-\d\d(?![\dT]))
  | (?P<number>-?\d+(?:\.\d+)?)
  | (?P<word>[A-Za-z_][\w.]*(?::\d+)?)
  | (?P<sign><=|>=|!=|<>|=|<|>|\(|\)|,)
    """,
    re.VERBOSE,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


class Kind(Enum):
    """What a token is."""

    #: A text in quotes; its value is without them.
    STRING = auto()
    #: A date-time literal.
    MOMENT = auto()
    #: A date literal.
    DAY = auto()
    #: A number.
    NUMBER = auto()
    #: A keyword, a field path or a relative date.
    WORD = auto()
    #: An operator, a bracket or a comma.
    SIGN = auto()
    #: After the last one.
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a query, with the place where it stands."""

    kind: Kind
    text: str
    at: int


def cut(soql: str) -> list[Token]:
    """The tokens of a query, ended by one of kind END.

    Raises:
        RefusedError: A character fits nowhere.
    """
    tokens = []
    at = 0
    while at < len(soql):
        match = _PATTERN.match(soql, at)
        if match is None or match.lastgroup is None:
            raise malformed(soql, at, f"unexpected token: '{soql[at]}'")
        if match.lastgroup != "space":
            kind = Kind[match.lastgroup.upper()]
            tokens.append(Token(kind, _value(kind, match.group()), at))
        at = match.end()
    return [*tokens, Token(Kind.END, "<EOF>", len(soql))]


def _value(kind: Kind, text: str) -> str:
    if kind is not Kind.STRING:
        return text
    # LIKE needs to know which wildcards were escaped, so those stay as written.
    return re.sub(r"\\([^_%])", lambda m: _ESCAPES.get(m[1], m[1]), text[1:-1])


def marked(soql: str, at: int, message: str) -> str:
    """A message with the query and a pointer to the place, as the vendor's."""
    row = soql.count("\n", 0, at) + 1
    column = at - (soql.rfind("\n", 0, at) + 1) + 1
    line = soql.split("\n")[row - 1]
    pointer = " " * (column - 1) + "^"
    return f"\n{line}\n{pointer}\nERROR at Row:{row}:Column:{column}\n{message}"


def malformed(soql: str, at: int, message: str) -> RefusedError:
    """A refusal of a query that is not SOQL."""
    return refuse("MALFORMED_QUERY", marked(soql, at, message))
