"""The tie between an item and its record, and what both last agreed on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from syncline.domain.values.content import Content, RecordFields
from syncline.domain.values.ids import ItemId, LinkKey, RecordId
from syncline.domain.values.kinds import Kind, Side


class LinkState(StrEnum):
    """How far a link has come.

        PENDING --both sides exist--> LINKED --one side deleted--> TOMBSTONE
           |                                                          |
           +--its only side vanished--> (forgotten)     user marks it again
                                                                      v
                                                                   PENDING

    A tombstone keeps what is gone from being mistaken for what is new.
    """

    #: One side exists, the other could not be made yet.
    PENDING = "pending"
    #: Item and record are partners.
    LINKED = "linked"
    #: They were partners; kept so that gone is not taken for new.
    TOMBSTONE = "tombstone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """Last content both sides agreed on, each in its own words.

    Keeping both forms means that a lossy translation never looks like a change
    and is never written back.
    """

    item: Content = field(default_factory=dict)
    record: RecordFields = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A link left alone until it changes, is due, or a person releases it.

    `retry_at` is None when waiting cannot help. `hint` names the thing whose
    change makes another try worthwhile.
    """

    code: str
    since: datetime
    attempts: int
    last_try_at: datetime
    retry_at: datetime | None
    is_passing: bool = False
    hint: str = ""
    #: Digest of both ends at the last try: the same content is not tried again
    #: before it is due.
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loser:
    """A value that lost a conflict, kept so that nothing is lost."""

    field: str
    side: Side
    value: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """One of our latest writes, remembered to notice a ping-pong."""

    side: Side
    digest: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An item, its record, or both."""

    key: LinkKey
    kind: Kind
    state: LinkState
    origin: Side
    item_id: ItemId | None = None
    record_id: RecordId | None = None
    item_uid: str = ""
    item_version: str = ""
    record_version: str = ""
    name: str = ""
    web_link: str = ""
    #: False for a copy of a meeting that somebody else organizes.
    is_organizer: bool = True
    #: While PENDING: what a create that may have happened was to agree on.
    base: Base | None = None
    #: Categories on the item that Syncline itself set.
    marks: tuple[str, ...] = ()
    #: Marks that were about to be set, or taken off, when this was stored; whether
    #: they are on the item is known only by looking.
    pending_marks: tuple[str, ...] = ()
    hold: Hold | None = None
    losers: tuple[Loser, ...] = ()
    #: On a tombstone: a person took back what made the partners, so what is left
    #: stays as it is until a person edits it or marks it again.
    is_undone: bool = False
    #: On a tombstone: both ends live on, and go separate ways until a person marks
    #: the item again.
    is_parted: bool = False
    #: Key of the link of the series, on the links of its occurrences. Issues and
    #: marks of an occurrence belong to its series.
    series_key: LinkKey | None = None
    #: It is a series itself; it has no record of its own.
    is_series: bool = False
    #: The item lay in the folder that saves what is put there.
    is_filed: bool = False
    #: Its record is of another object and only shown: content goes down alone.
    is_mirrored: bool = False
    swings: tuple[Swing, ...] = ()

    @property
    def subject_key(self) -> LinkKey:
        """Whose issues and marks these are: its series', or its own."""
        return self.series_key or self.key
