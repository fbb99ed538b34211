"""Where things lie in a mailbox: the folders and lists that mean something.

Filled while reading, kept in the watermark, and shared by the roles of one
session. Folder ids are constant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from syncline.connectors.microsoft365.manifest import (
    FILED_TASKS,
)
from syncline.connectors.microsoft365.wire import Folder

INBOX, SENT, BIN = "inbox", "sentitems", "deleteditems"
#: Folders of mail that have a fixed name.
WELL_KNOWN = (INBOX, SENT, BIN)
#: Tasks that To Do makes of flagged messages; they are no tasks of their own.
_FLAGGED = "flaggedemails"


def is_named(name: str | None, wanted: str) -> bool:
    """Whether a folder has a name, as people compare names."""
    return (name or "").strip().casefold() == wanted.casefold()


def note_folder(known: dict[str, str], folder: Folder, wanted: str = "") -> None:
    """Keep the name of a folder or list, or forget it, in place.

    Args:
        known: Names by id.
        folder: What was told of it.
        wanted: The only name that matters; empty when all do.
    """
    is_told = folder.removed is None and folder.display_name is not None
    is_wanted = not wanted or is_named(folder.display_name, wanted)
    if folder.removed is not None or (is_told and not is_wanted):
        known.pop(folder.id, None)
    elif is_told and (folder.wellknown_list_name or "").lower() != _FLAGGED:
        known[folder.id] = folder.display_name or ""


@dataclass(slots=True)
class Places:
    """What is known so far; None for what nobody has looked for."""

    #: Well-known name -> id.
    mail: dict[str, str] = field(default_factory=dict)
    filed_mail: frozenset[str] | None = None
    filed_contacts: frozenset[str] | None = None
    #: Task list -> its name.
    lists: Mapping[str, str] | None = None
    #: The list that new tasks go into.
    default_list: str = ""

    def is_filing_list(self, list_id: str) -> bool:
        """Whether tasks of a list are saved because they lie there."""
        return is_named((self.lists or {}).get(list_id), FILED_TASKS)
