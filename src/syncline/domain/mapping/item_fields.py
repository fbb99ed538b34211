"""What a mailbox item has to offer to a field table, by kind."""

from __future__ import annotations

from collections.abc import Mapping

from syncline.domain.mapping.tables import TABLES
from syncline.domain.values.kinds import Kind

#: Converters that suit an item field, the usual one first.
Ways = tuple[str, ...]

_TEXT: Ways = ("text",)
_WORDS: Ways = ("words", "text")
_TEXTS: Ways = ("first", "joined")

_BESIDES: Mapping[Kind, Mapping[str, Ways]] = {
    Kind.EVENT: {
        "show_as": _WORDS,
        "private": ("flag",),
        "attendees": ("guest_list",),
        "recurrence": _TEXT,
    },
    Kind.CONTACT: {
        "company": _TEXT,
        "emails": _TEXTS,
        "business_phones": _TEXTS,
        "home_phones": _TEXTS,
        "birthday": ("date",),
    },
    Kind.TASK: {
        "due": ("date",),
        "status": _WORDS,
        "importance": _WORDS,
        "reminder_at": ("instant",),
        "completed_on": ("date",),
    },
}

#: Mail services give these and do not take them.
READ_ONLY = frozenset({"recurrence", "completed_on", "attendees"})


def _all_of(kind: Kind) -> dict[str, Ways]:
    texts = {row.item: _TEXT for row in TABLES[kind] if row.converter == "text"}
    return texts | dict(_BESIDES[kind])


#: Item fields that a profile may map on its own, and how.
ITEM_FIELDS: Mapping[Kind, Mapping[str, Ways]] = {k: _all_of(k) for k in TABLES}
