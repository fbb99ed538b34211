"""What was observed on one side since the last look."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from syncline.domain.values.faults import Fault
from syncline.domain.values.items import Item, Record
from syncline.domain.values.kinds import Kind, Side


class Presence(StrEnum):
    """What is known of an item or record at this moment.

    Gone, out of scope and unreadable are three different things.
    """

    #: Read, with its content.
    SEEN = "seen"
    #: Not mentioned: unchanged since the base.
    UNSEEN = "unseen"
    #: Observed to be deleted.
    DELETED = "deleted"
    #: Reported as no longer in the stream; nobody has looked why.
    SUSPECT = "suspect"
    #: It exists, outside of what is synchronized.
    OUT_OF_SCOPE = "out_of_scope"
    #: It exists and could not be read.
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One observation.

    `thing` is there when `presence` is SEEN; with OUT_OF_SCOPE it may be there,
    so that a last change still reaches its partner.
    """

    side: Side
    kind: Kind
    id: str
    presence: Presence
    thing: Item | Record | None = None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watermark:
    """Opaque resume point of one side's stream."""

    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Something that a profile wants read and the owner may not see.

    `name` is for people. Without `fields` the whole object is hidden, or missing.
    """

    object_name: str
    name: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """All that one side reported, and where to resume.

    `full_kinds` were listed whole: what the base knows and the listing lacks
    is suspect, not deleted. `watermark` is good only once every change here
    has become durable. `hints` name things whose change makes held items worth
    another try (ids, or `describe:Contact`). `full_series` are the uids of
    series whose occurrences in the window are all among the changes. `left_out`
    was not read at all; what is known of it is neither confirmed nor missing.
    """

    side: Side
    changes: tuple[Change, ...]
    watermark: Watermark
    full_kinds: frozenset[Kind] = frozenset()
    hints: frozenset[str] = frozenset()
    full_series: frozenset[str] = frozenset()
    left_out: tuple[LeftOut, ...] = ()
