"""What a session wrote, kept so that it can be shown and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from syncline.domain.values.ids import LinkKey
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.operations import Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptWrite:
    """One write that took effect, with what it changed.

    `before` and `after` hold the written fields in the words of their side, in
    the JSON form of `content.encode`. An update has both, a deletion has the
    whole content before, a create what was stored, its long texts shortened (see
    `engine.copies`): they are only ever compared.
    """

    key: LinkKey
    side: Side
    verb: Verb
    kind: Kind
    target_id: str
    name: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    version_before: str = ""
    version_after: str = ""
    #: Only categories of ours came or went.
    is_mark: bool = False
    #: A create that found the thing in place: this session did not make it.
    was_there: bool = False
    #: Number in the store; 0 before it is stored. Later writes have larger ones.
    number: int = 0


class Refusal(StrEnum):
    """Why a write was not taken back."""

    #: Somebody changed it since; nobody's work is overwritten.
    CHANGED = "changed"
    #: It was deleted since.
    GONE = "gone"
    #: What was deleted is there again.
    BACK = "back"
    #: It was there before the session, which only joined it.
    WAS_THERE = "was_there"
    #: Another mailbox is kept in step with the same record.
    SHARED = "shared"
    #: The item and its record are no longer the pair that they were.
    PARTED = "parted"
    #: What it was before is not known.
    UNKNOWN_BEFORE = "unknown_before"
    #: It cannot be looked at now.
    UNSEEN = "unseen"
    #: A person who was added to Salesforce stays.
    PERSON = "person"
    #: A file that was added to a record stays.
    FILE = "file"
    #: Guests would get mail.
    GUESTS = "guests"
    #: Somebody else organizes the meeting.
    NOT_ORGANIZER = "not_organizer"
    #: The provider did not do it.
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What became of taking back the write with a number.

    Without `refusal` it is as it was before. `detail` names fields, or what the
    provider answered.
    """

    number: int
    refusal: Refusal | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastWrite:
    """A kept write as it stands now."""

    write: KeptWrite
    is_undone: bool = False
    #: Why the last try to take it back was refused.
    refusal: Refusal | None = None
    detail: str = ""
