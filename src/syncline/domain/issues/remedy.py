"""What a person reads about an issue: title, cause, and what to do.

Texts are plain: whoever shows them escapes them. A code that this release does
not know reads as `unclassified`.
"""

from __future__ import annotations

from collections.abc import Mapping

from syncline.domain.issues.catalog import known
from syncline.domain.issues.catalog.entry import Disposition, Entry
from syncline.domain.issues.texts import fill

_NOTHING_TO_DO = "You do not need to do anything"
_WE_RETRY = f"{_NOTHING_TO_DO}: Syncline tries again by itself."
_ONLY_TOLD = f"{_NOTHING_TO_DO}."


def title(code: str, params: Mapping[str, str]) -> str:
    """The issue in a few words."""
    return fill(known(code).title, params)


def explain(code: str, params: Mapping[str, str]) -> str:
    """Why it happened, in at most two sentences."""
    return fill(known(code).cause, params)


def steps(code: str, params: Mapping[str, str]) -> list[str]:
    """What to do, one step each, in order; empty when nothing is to be done."""
    return [fill(step, params) for step in known(code).steps]


def remedy(code: str, params: Mapping[str, str]) -> str:
    """What to do, as one paragraph."""
    return " ".join(steps(code, params)) or without_steps(known(code))


def without_steps(entry: Entry) -> str:
    """What stands in place of steps that an entry does not have."""
    return _WE_RETRY if entry.disposition is Disposition.RETRY else _ONLY_TOLD
