"""Entries of a blocklist: an address, or a domain that stands for its addresses.

There are no wildcards, and a domain does not stand for its subdomains
(reference 3.10-1).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from enum import Enum, auto

#: So many entries one list holds.
MOST_ENTRIES = 1000

_LONGEST_DOMAIN = 253
_LONGEST_NAME = 64
_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")
_IN_BRACKETS = re.compile(r"<([^<>]*)>\s*$")


class EntryProblem(Enum):
    """Why a text cannot be an entry."""

    EMPTY = auto()
    #: It has a `*`, a `?` or a `%`.
    WILDCARD = auto()
    #: Neither an address nor a domain.
    NOT_AN_ADDRESS = auto()
    #: One word, like `com`; it would stand for nobody.
    ONE_WORD = auto()


def entry_of(text: str) -> str | EntryProblem:
    """The entry that a person means by a text, lower case.

    Understands what people paste: `Jane <jane@acme.example>`, `mailto:`, and a
    domain with an at sign before it.
    """
    cleaned = unicodedata.normalize("NFC", text).strip()
    bracketed = _IN_BRACKETS.search(cleaned)
    if bracketed:
        cleaned = bracketed.group(1)
    cleaned = cleaned.strip(" \t\r\n,;.").lower().removeprefix("mailto:")
    if not cleaned:
        return EntryProblem.EMPTY
    if re.search(r"[*?%]", cleaned):
        return EntryProblem.WILDCARD
    name, at, domain = cleaned.rpartition("@")
    if at and name and not _is_name(name):
        return EntryProblem.NOT_AN_ADDRESS
    problem = _problem_of_domain(domain)
    if problem is not None:
        return problem
    return cleaned if name else domain


def covering(entry: str, entries: Collection[str]) -> str:
    """The entry of a list that blocks this one already; empty without one."""
    domain = entry.rpartition("@")[2]
    return next((e for e in (entry, domain) if e in entries), "")


def _is_name(name: str) -> bool:
    has_blank = any(c.isspace() or c in '@<>,;:"()[]\\' for c in name)
    return len(name) <= _LONGEST_NAME and not has_blank


def _problem_of_domain(domain: str) -> EntryProblem | None:
    labels = domain.split(".")
    is_sound = len(domain) <= _LONGEST_DOMAIN and all(map(_LABEL.fullmatch, labels))
    if not is_sound or labels[-1].isdigit():
        return EntryProblem.NOT_AN_ADDRESS
    return EntryProblem.ONE_WORD if len(labels) == 1 else None
