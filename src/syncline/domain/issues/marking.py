"""Decide which of our marks an item must carry.

Marks are category names. Only marks that Syncline itself set are ever removed;
whatever else is on the item stays. Names compare without regard to case, as
mail programs do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from syncline.domain.issues.catalog import known
from syncline.domain.issues.classify import Cause
from syncline.domain.issues.texts import cut, fill_mark

#: Red; something about this item needs attention.
ERROR_MARK = "Sync Error"
#: Blue; the item is in Salesforce. A user sets it, too, to save an item.
SAVED_MARK = "Salesforce"
#: The user sets it to take an event out of Salesforce; never ours to touch.
UNSYNC_MARK = "Salesforce Unsync"
#: What stands before each detail.
STATUS_PREFIX = "Status: "
#: Colorless; the detail of an item that is in step.
TRACKED_MARK = "Status: Tracked successfully"


def status_mark(code: str, params: Mapping[str, str]) -> str:
    """The detail category of a cause, a legal category name.

    Without comma, semicolon and control characters, and at most 255 long.
    """
    return cut(f"{STATUS_PREFIX}{fill_mark(known(code).mark, params)}")


def is_status_mark(name: str) -> bool:
    """Whether a category is one of our details, by its name."""
    return name.casefold().startswith(STATUS_PREFIX.casefold())


def desired_marks(*, is_linked: bool, cause: Cause | None) -> tuple[str, ...]:
    """The marks of an item, given whether it is in Salesforce and what is wrong.

    A cause that is only told (disposition NOTE, severity L) leaves no error mark.
    """
    if cause is None or known(cause.code).is_quiet:
        return (SAVED_MARK, TRACKED_MARK) if is_linked else ()
    saved = (SAVED_MARK,) if is_linked else ()
    return (*saved, ERROR_MARK, status_mark(cause.code, cause.params))


def mark_changes(
    current: Iterable[str], ours: Iterable[str], desired: Iterable[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What to add and what to remove.

    Args:
        current: All categories on the item, as read.
        ours: Those that Syncline set earlier.
        desired: Those that Syncline wants now.

    Returns:
        Marks to add (in the order of `desired`), and categories to remove as the
        item spells them. What the user removed is put back while desired.
    """
    wanted = {name.casefold(): name for name in desired}
    present = {name.casefold(): name for name in current}
    set_by_us = {name.casefold() for name in ours}
    add = tuple(name for key, name in wanted.items() if key not in present)
    remove = tuple(
        name for key, name in present.items() if key in set_by_us and key not in wanted
    )
    return add, remove


def inherited_marks(current: Iterable[str]) -> tuple[str, ...]:
    """Marks on an unknown item that an earlier life of ours must have set.

    After a lost database nothing remembers them. An error mark is ours by its
    name, and with it the details; without it only what says "tracked" is.
    """
    names = tuple(current)
    folded = {name.casefold() for name in names}
    if ERROR_MARK.casefold() in folded:
        return tuple(
            n
            for n in names
            if n.casefold() == ERROR_MARK.casefold() or is_status_mark(n)
        )
    return tuple(n for n in names if n.casefold() == TRACKED_MARK.casefold())
