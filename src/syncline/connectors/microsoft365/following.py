"""Reads all streams of a mailbox, in as few requests as there can be.

A quiet mailbox costs one: the stored delta links of everything go in one batch.
Folders and lists are themselves streams; what they bring is read after them.
"""

from __future__ import annotations

from collections.abc import Iterable

from syncline.connectors.microsoft365.client import GraphClient
from syncline.connectors.microsoft365.manifest import FILED_CONTACTS, FILED_MESSAGES
from syncline.connectors.microsoft365.places import note_folder
from syncline.connectors.microsoft365.rounds import Round, read_rounds
from syncline.connectors.microsoft365.streams import (
    CALENDAR,
    CONTACT_FOLDERS,
    MAIL_FOLDERS,
    NEEDED,
    TASK_LISTS,
    Stream,
    contacts_in,
    fixed_streams,
    kind_of,
    messages_in,
    tasks_in,
)
from syncline.connectors.microsoft365.watermarks import Mark, window_mark
from syncline.connectors.microsoft365.wire import Folder
from syncline.domain.values.items import Window
from syncline.domain.values.kinds import Kind

_FILING_NAMES = {
    CONTACT_FOLDERS: FILED_CONTACTS,
    TASK_LISTS: "",
    MAIL_FOLDERS: FILED_MESSAGES,
}
_STREAM_OF = {
    CONTACT_FOLDERS: contacts_in,
    TASK_LISTS: tasks_in,
    MAIL_FOLDERS: messages_in,
}
#: Kinds whose vanished items matter, and are found by listing the kind whole.
_WHOLE_KINDS = (Kind.CONTACT, Kind.TASK)


class Following:
    """One reading of everything that is followed."""

    def __init__(
        self, client: GraphClient, known: dict[str, Mark], window: Window
    ) -> None:
        """Prepare; nothing is sent."""
        self._client = client
        self._known = known
        self._window = window
        self._folders = {
            name: dict(known[name].folders) if name in known else {}
            for name in _STREAM_OF
        }
        self.rounds: dict[str, Round] = {}

    def read(self) -> None:
        """Read every stream to its end.

        Raises:
            ProviderError: One of them could not be finished; none may be used.
        """
        self._tell_places()
        fixed = fixed_streams(self._client, self._window, self._known)
        before = {name: set(found) for name, found in self._folders.items()}
        self._read([*fixed, *self._found_streams()])
        self._note_folders()
        self._tell_places()
        lost = self._drop_gone()
        self._read_refiled()
        self._read(s for s in self._found_streams() if s.name not in self.rounds)
        self._note_missing()
        for name, folders in self._folders.items():
            if before[name] - folders.keys():
                lost.add(self.rounds[name].stream.kind)
        self._read_whole(lost)

    def of_kind(self, kind: Kind) -> list[Round]:
        """Rounds that tell of items of a kind; none for a kind that is left out."""
        return [
            r
            for r in self.rounds.values()
            if r.stream.kind is kind and not r.stream.is_of_folders and not r.is_closed
        ]

    def is_open(self, kind: Kind) -> bool:
        """Whether the mailbox has, and lets us see, items of a kind."""
        return not any(self.rounds[name].is_closed for name in NEEDED.get(kind, ()))

    def is_whole(self, kind: Kind) -> bool:
        """Whether everything of a kind was listed, and not only changes.

        Messages never are: the listing goes back some days only, and one that is
        not in it is neither gone nor suspect.
        """
        if kind is Kind.MESSAGE or not self.is_open(kind):
            return False
        rounds = self.of_kind(kind)
        needed = [self.rounds[name] for name in NEEDED.get(kind, ())]
        return all(r.is_full for r in rounds or needed)

    def marks(self) -> dict[str, Mark]:
        """Where each stream resumes; what is closed today resumes where it was."""
        kept = {
            name: mark
            for name, mark in self._known.items()
            if ((kind := kind_of(name)) is not None and not self.is_open(kind))
            or (name in self.rounds and self.rounds[name].is_refused)
        }
        today = self._client.now().date()
        return kept | {
            name: Mark(
                link=r.delta_link,
                window=window_mark(self._window) if name == CALENDAR else None,
                folders=self._folders.get(name, {}),
                read_on=today if r.stream.kind is Kind.MESSAGE else None,
            )
            for name, r in self.rounds.items()
            if r.delta_link and self.is_open(r.stream.kind)
        }

    # --- steps ---

    def _read(self, streams: Iterable[Stream]) -> None:
        begun = [self._begin(stream) for stream in streams]
        read_rounds(self._client, begun)
        self.rounds |= {r.stream.name: r for r in begun}

    def _begin(self, stream: Stream) -> Round:
        mark = self._known.get(stream.name)
        if stream.name == CALENDAR and mark is not None:
            mark = mark if mark.window == window_mark(self._window) else None
        return Round(stream=stream, start=mark.link if mark else "")

    def _found_streams(self) -> list[Stream]:
        """Streams of the folders and lists that are known by now."""
        return [
            _STREAM_OF[name](self._client, folder_id)
            for name, folders in self._folders.items()
            if name not in self.rounds or not self.rounds[name].is_closed
            for folder_id in folders
        ]

    def _note_folders(self) -> None:
        for name, wanted in _FILING_NAMES.items():
            current = self.rounds[name]
            if current.is_full:
                self._folders[name] = {}
            for told in current.observed.values():
                if isinstance(told, Folder):
                    note_folder(self._folders[name], told, wanted)

    def _drop_gone(self) -> set[Kind]:
        """Forget folders that are no longer there; answers the kinds they held."""
        there = {stream.name for stream in self._found_streams()}
        gone = [
            r
            for r in self.rounds.values()
            if r.stream.container and r.stream.name not in there
        ]
        for r in gone:
            del self.rounds[r.stream.name]
        return {r.stream.kind for r in gone}

    def _read_refiled(self) -> None:
        """List a task list whole that was renamed to, or from, the filing name."""
        refiled = []
        for r in self.of_kind(Kind.TASK):
            now = tasks_in(self._client, r.stream.container)
            if now.place != r.stream.place:
                r.stream = now
                r.begin_anew()
                refiled.append(r)
        read_rounds(self._client, refiled)

    def _note_missing(self) -> None:
        """A folder that is told of and not found is gone since."""
        for name, folders in self._folders.items():
            closed = {
                r.stream.container
                for r in self.rounds.values()
                if r.is_closed and not r.is_refused and r.stream.container in folders
            }
            self._folders[name] = {
                key: value for key, value in folders.items() if key not in closed
            }

    def _read_whole(self, lost: set[Kind]) -> None:
        """List a kind whole when deletions in a part of it went untold."""
        for kind in _WHOLE_KINDS:
            rounds = self.of_kind(kind)
            if kind in lost or any(r.is_healed for r in rounds):
                for r in rounds:
                    if not r.is_full:
                        r.begin_anew()
                read_rounds(self._client, rounds)

    def _tell_places(self) -> None:
        places = self._client.places
        places.lists = self._folders[TASK_LISTS]
        places.filed_contacts = frozenset(self._folders[CONTACT_FOLDERS])
        places.filed_mail = frozenset(self._folders[MAIL_FOLDERS])
