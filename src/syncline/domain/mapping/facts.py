"""What an org says about one field, as far as a field table cares."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFacts:
    """One field of an object as the syncing user sees it (describe)."""

    name: str
    label: str = ""
    #: As describe calls it: string, textarea, picklist, boolean, datetime, …
    type: str = "string"
    #: Characters that it takes; 0 where that means nothing.
    length: int = 0
    is_createable: bool = True
    is_updateable: bool = True
    #: A new record must have it, and the org fills it with nothing by itself.
    is_required: bool = False
    #: What a picklist offers now.
    values: tuple[str, ...] = ()
    #: The picklist refuses everything else.
    is_restricted: bool = False

    @property
    def shown(self) -> str:
        """What a person calls it."""
        return self.label or self.name
