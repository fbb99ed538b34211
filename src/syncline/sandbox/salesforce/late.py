"""Commits that become visible late, with the stamp of when they began.

A long transaction stamps its records when it writes them, and others see them only
when it ends: rows appear behind a reader's watermark.
"""

from __future__ import annotations

from collections.abc import Callable

from syncline.sandbox.salesforce.entities import LateCommit
from syncline.sandbox.salesforce.store import Org


def commit_late(org: Org, reads: int, write: Callable[[], None]) -> list[str]:
    """Do a write that queries see only after they missed it some times.

    Args:
        org: Where.
        reads: How many queries of a record's object still miss it.
        write: What is written.

    Returns:
        The ids of the records that will appear or change.

    Raises:
        RefusedError: The write is refused.
    """
    point = org.begin()
    try:
        write()
        names = dict.fromkeys(org.changed_since(point))
        changed = [org.tables[sobject].records[key] for sobject, key in names]
        org.roll_back(point)
    finally:
        org.end()
    org.late += [LateCommit(record=record, reads=reads) for record in changed]
    return [record.id for record in changed]


def begin_read(org: Org, sobject: str) -> None:
    """A query of an object begins: let appear what is due."""
    waiting = [late for late in org.late if late.record.sobject == sobject]
    for late in waiting:
        if late.reads > 0:
            late.reads -= 1
            continue
        org.tables[sobject].put(late.record)
        org.late.remove(late)
