"""Why a write was not taken back, in words for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from syncline.domain.values.history import Refusal

_WHY: Final[Mapping[Refusal, str]] = {
    Refusal.CHANGED: "It was changed since, so it was left as it is.",
    Refusal.GONE: "It was deleted since, so there is nothing to change back.",
    Refusal.BACK: "It is there again already.",
    Refusal.WAS_THERE: (
        "It was there before the session, which only connected it. It stays."
    ),
    Refusal.SHARED: "A colleague's mailbox is connected with it, too. It stays.",
    Refusal.PARTED: "The item and its Salesforce record are no longer connected.",
    Refusal.UNKNOWN_BEFORE: "What it said before the session is not known.",
    Refusal.UNSEEN: "It cannot be looked at now, so it was left as it is.",
    Refusal.PERSON: (
        "A person who was added to Salesforce stays; colleagues may use them by now."
    ),
    Refusal.FILE: "A file that was added to a record stays there.",
    Refusal.GUESTS: (
        "The meeting has guests, and they would get mail about it. "
        "Please change it yourself."
    ),
    Refusal.NOT_ORGANIZER: "Somebody else organizes this meeting.",
    Refusal.FAILED: "The provider refused it.",
}


def why_not(refusal: Refusal, detail: str = "") -> str:
    """A sentence or two; the detail names fields, or what the provider said."""
    return f"{_WHY[refusal]} ({detail})" if detail else _WHY[refusal]
