"""What a person reads about an issue: title, cause, and what to do.

Texts are plain: whoever shows them escapes them. A code that this release does
not know reads as `unclassified`.
"""

from __future__ import annotations

from collections.abc import Mapping

from syncline.domain.issues.catalog import known
from syncline.domain.issues.catalog.entry import Audience, Disposition, Entry
from syncline.domain.issues.facts import naming
from syncline.domain.issues.texts import fill
from syncline.domain.values.kinds import Kind

_NOTHING_TO_DO = "You do not need to do anything"
_WE_RETRY = f"{_NOTHING_TO_DO}: Syncline tries again by itself."
_ONLY_TOLD = f"{_NOTHING_TO_DO}."

_E_MAIL = naming(Kind.MESSAGE, None)["thing"]


def title(code: str, params: Mapping[str, str]) -> str:
    """The issue in a few words."""
    return fill(known(code).title, params)


def explain(code: str, params: Mapping[str, str]) -> str:
    """Why it happened, in at most two sentences."""
    return fill(known(code).cause, _spoken(params))


def steps(code: str, params: Mapping[str, str]) -> list[str]:
    """What to do, one step each, in order; empty when nothing is to be done."""
    entry = known(code)
    listed = entry.message_steps if _is_for_message(entry, params) else entry.steps
    return [fill(step, _spoken(params)) for step in listed]


def audience(code: str, params: Mapping[str, str]) -> Audience:
    """Who can act."""
    entry = known(code)
    return Audience.ADMIN if _is_for_message(entry, params) else entry.audience


def remedy(code: str, params: Mapping[str, str]) -> str:
    """What to do, as one paragraph."""
    return " ".join(steps(code, params)) or without_steps(known(code))


def without_steps(entry: Entry) -> str:
    """What stands in place of steps that an entry does not have."""
    return _WE_RETRY if entry.disposition is Disposition.RETRY else _ONLY_TOLD


def _is_for_message(entry: Entry, params: Mapping[str, str]) -> bool:
    return bool(entry.message_steps) and params.get("thing") == _E_MAIL


def _spoken(params: Mapping[str, str]) -> Mapping[str, str]:
    """Without the API names of fields that the labels spell the same."""
    if params.get("fields") != params.get("field_labels"):
        return params
    return {name: value for name, value in params.items() if name != "fields"}
