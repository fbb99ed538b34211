"""Misbehavior that people met at the real service, to be switched on.

Each switch is off at the start. A switch with a number is used up by one each
time it acts.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from syncline.sandbox.microsoft365.entities import Item


@dataclass(slots=True)
class Quirks:
    """What is switched on.

    Attributes:
        silent_occurrence_deletions: No delta tells that an occurrence was
            deleted, nor that its series changed by it.
        silent_deletions: No delta tells that an item was deleted.
        missing_own_series: Calendar deltas leave out series that the owner of
            the mailbox organizes.
        documented_only: Events lack `uid` and `occurrenceId`, which the vendor's
            own v1.0 client does not know.
        ignored_occurrence_deletions: Deleting an occurrence answers that it was
            done, and does nothing.
        properties_reach_guests: A guest's copy of a meeting carries the
            organizer's extended properties.
        dying_next_links: So many next links answer 410.
        empty_listings: So many listings, or first pages of a round, answer
            nothing at all.
        empty_path: Text that the path of such a listing contains.
    """

    silent_occurrence_deletions: bool = False
    silent_deletions: bool = False
    missing_own_series: bool = False
    documented_only: bool = False
    ignored_occurrence_deletions: bool = False
    properties_reach_guests: bool = False
    dying_next_links: int = 0
    empty_listings: int = 0
    empty_path: str = ""

    def set(self, wanted: dict[str, Any]) -> None:
        """Change some switches.

        Raises:
            ValueError: There is no such switch, or it takes another type.
        """
        for name, value in wanted.items():
            if name not in self.__slots__:
                raise ValueError(f"no quirk {name}")
            if type(value) is not type(getattr(self, name)):
                raise ValueError(f"{name} takes another type of value")
        for name, value in wanted.items():
            setattr(self, name, value)

    def as_json(self) -> dict[str, Any]:
        """All switches as they are."""
        return asdict(self)

    def hidden(self) -> frozenset[str]:
        """Properties that are never answered."""
        names = {"uid", "occurrenceId"} if self.documented_only else ()
        return frozenset(names)

    def hides(self, series: Item) -> bool:
        """Whether calendar deltas leave a series out."""
        is_own = bool(series.fields.get("isOrganizer", True))
        return self.missing_own_series and is_own

    def takes_next_link(self) -> bool:
        """Whether the next link that is being followed is dead."""
        if self.dying_next_links <= 0:
            return False
        self.dying_next_links -= 1
        return True

    def empties(self, path: str) -> bool:
        """Whether the listing that is being asked for shall be empty."""
        if self.empty_listings <= 0 or self.empty_path not in path:
            return False
        self.empty_listings -= 1
        return True
