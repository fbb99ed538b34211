"""Finds the folders and lists that looks, marks and creations depend on.

A reading tells most of them by the way; only what nobody has told is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import msgspec

from syncline.connectors.base.http import Answer
from syncline.connectors.microsoft365.batches import Part
from syncline.connectors.microsoft365.client import GraphClient
from syncline.connectors.microsoft365.faults import read_fault
from syncline.connectors.microsoft365.manifest import FILED_CONTACTS, FILED_MESSAGES
from syncline.connectors.microsoft365.places import (
    BIN,
    WELL_KNOWN,
    note_folder,
)
from syncline.connectors.microsoft365.rounds import Round, read_rounds
from syncline.connectors.microsoft365.streams import (
    CONTACT_FOLDERS,
    MAIL_FOLDERS,
    TASK_LISTS,
    Stream,
    folder_stream,
)
from syncline.connectors.microsoft365.wire import Folder, Identified, Page
from syncline.domain.errors import ProviderError
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.kinds import Kind

_DEFAULT_LIST = "defaultlist"


class Finder:
    """Looks for places of one mailbox."""

    def __init__(self, client: GraphClient) -> None:
        """Prepare; nothing is sent."""
        self._client = client

    def find(self, kind: Kind) -> None:
        """See to it that the folders and lists of a kind are known.

        Raises:
            ProviderError: The mailbox cannot be read now.
        """
        places = self._client.places
        if kind is Kind.MESSAGE:
            self.find_filing_folder()
        elif kind is Kind.CONTACT:
            if places.filed_contacts is None:
                stream = folder_stream(self._client, CONTACT_FOLDERS)
                places.filed_contacts = frozenset(self._names(stream, FILED_CONTACTS))
        elif kind is Kind.TASK and places.lists is None:
            places.lists = self._names(folder_stream(self._client, TASK_LISTS), "")

    def find_filing_folder(self) -> None:
        """See to it that the folders from which messages are saved are known.

        Raises:
            ProviderError: The mailbox cannot be read now.
        """
        places = self._client.places
        if places.filed_mail is None:
            stream = folder_stream(self._client, MAIL_FOLDERS)
            places.filed_mail = frozenset(self._names(stream, FILED_MESSAGES))

    def default_list(self) -> str:
        """The list that new tasks go into.

        Raises:
            ProviderError: It cannot be found.
        """
        places = self._client.places
        if not places.default_list:
            page = self._client.page(self._client.task_lists())
            (answer,) = self._client.send([page], "list task lists")
            if not answer.is_success:
                raise ProviderError.of(read_fault(answer))
            places.default_list = _pick_list(answer)
        return places.default_list

    def lacking(self, kind: Kind) -> dict[str, Part]:
        """Calls, by well-known name, for folders that matter to a kind."""
        known = self._client.places.mail
        if kind is Kind.MESSAGE:
            names = [name for name in WELL_KNOWN if not known.get(name)]
        elif kind is Kind.CONTACT:
            # Without a scope for mail there is nothing to be asked twice.
            names = [BIN] if BIN not in known else []
        else:
            names = []
        return {name: self._client.mail_folder(name) for name in names}

    def take(self, names: Iterable[str], answers: Iterable[Answer]) -> Fault | None:
        """Note what those calls brought.

        Returns:
            Why some folder is not known. Mail that lies in none of the known ones
            may be anywhere then, thrown away for one.

        Raises:
            ProviderError: Access to the mailbox is lost.
        """
        doubt = None
        for name, answer in zip(names, answers, strict=True):
            doubt = _fault_of(answer) or doubt
            self._client.places.mail[name] = _folder_id(answer)
        return doubt

    def _names(self, stream: Stream, wanted: str) -> dict[str, str]:
        current = Round(stream=stream, start="")
        read_rounds(self._client, [current])
        found: dict[str, str] = {}
        for told in current.observed.values():
            if isinstance(told, Folder):
                note_folder(found, told, wanted)
        return found


def _fault_of(answer: Answer) -> Fault | None:
    """Why a folder could not be had.

    Raises:
        ProviderError: Access to the mailbox is lost.
    """
    if answer.is_success and _folder_id(answer):
        return None
    fault = read_fault(answer)
    if fault.fault_class is FaultClass.ACCESS:
        raise ProviderError.of(fault)
    if fault.is_passing or fault.fault_class is FaultClass.PERMISSION:
        return fault
    # Every mailbox has these folders: whatever else is said of them passes.
    return replace(fault, fault_class=FaultClass.UNAVAILABLE)


def _folder_id(answer: Answer) -> str:
    """The folder's id; empty when we may not see it (no scope for mail)."""
    try:
        return msgspec.json.decode(answer.body, type=Identified).id
    except msgspec.MsgspecError:
        return ""


def _pick_list(answer: Answer) -> str:
    lists = []
    for raw in answer.decode(Page).value:
        try:
            lists.append(msgspec.json.decode(raw, type=Folder))
        except msgspec.MsgspecError:
            continue
    for one in lists:
        if (one.wellknown_list_name or "").lower() == _DEFAULT_LIST:
            return one.id
    raise answer.bad_response("no default task list")
