"""Reads recurring series whole: the master, and its occurrences in the window.

The changes of a calendar tell occurrences in short and deleted ones not at all
(A13). So whenever anything of a series is told, its master is read and, from
it, all of its occurrences in the window. What could not be read is unreadable,
never gone (A04): only a series of which everything was read counts as whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from syncline.connectors.base.http import Answer
from syncline.connectors.microsoft365.client import GraphClient, relative
from syncline.connectors.microsoft365.events import is_master
from syncline.connectors.microsoft365.faults import read_fault
from syncline.connectors.microsoft365.looked import change, missing, seen, unreadable
from syncline.connectors.microsoft365.wire import Event, Identified, Page
from syncline.domain.errors import ProviderError
from syncline.domain.values.changes import Change, Presence
from syncline.domain.values.items import Window
from syncline.domain.values.kinds import Kind


@dataclass(slots=True, kw_only=True)
class Found:
    """What reading some series brought."""

    changes: dict[str, Change] = field(default_factory=dict)
    #: Uids of the series that were read whole.
    whole: set[str] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One series on its way."""

    master_id: str
    link: str
    master: Event | None = None
    occurrences: list[msgspec.Raw] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)
    failure: Change | None = None

    @property
    def is_open(self) -> bool:
        """Whether pages of occurrences are still to come."""
        return bool(self.link) and self.failure is None


def read_series(client: GraphClient, ids: Sequence[str], window: Window) -> Found:
    """Masters and all of their occurrences in a window.

    Raises:
        ProviderError: Access to the mailbox is lost.
    """
    readings = [
        _Reading(master_id=one, link=client.instances(one, window)) for one in ids
    ]
    masters = [client.item(Kind.EVENT, one) for one in ids]
    first_pages = [client.page(reading.link) for reading in readings]
    answers = client.send([*masters, *first_pages], "read series")
    for reading, answer in zip(readings, answers[: len(ids)], strict=True):
        _take_master(reading, answer)
    _take_pages(readings, answers[len(ids) :])
    while pending := [reading for reading in readings if reading.is_open]:
        parts = [client.page(reading.link) for reading in pending]
        _take_pages(pending, client.send(parts, "read occurrences"))
    found = Found()
    for reading in readings:
        _tell(client, reading, found)
    return found


def _take_master(reading: _Reading, answer: Answer) -> None:
    if not answer.is_success:
        fault = read_fault(answer)
        reading.failure = missing(Kind.EVENT, reading.master_id, fault)
        return
    try:
        master = msgspec.json.decode(answer.body, type=Event)
        if not is_master(master):
            raise ValueError("a series without a recurrence")
        reading.master = master
    except ValueError as error:
        reading.failure = unreadable(Kind.EVENT, reading.master_id, str(error))


def _take_pages(readings: Sequence[_Reading], answers: Sequence[Answer]) -> None:
    for reading, answer in zip(readings, answers, strict=True):
        if reading.failure is not None:
            continue
        try:
            _take_page(reading, answer)
        except ProviderError as error:
            fault = error.fault
            reading.failure = change(
                Kind.EVENT, reading.master_id, Presence.UNREADABLE, fault
            )


def _take_page(reading: _Reading, answer: Answer) -> None:
    if not answer.is_success:
        raise ProviderError.of(read_fault(answer))
    page = answer.decode(Page)
    reading.occurrences += page.value
    reading.visited.add(reading.link)
    reading.link = relative(page.next_link) if page.next_link else ""
    if reading.link in reading.visited:
        raise answer.bad_response("a next link that leads in a circle")


def _tell(client: GraphClient, reading: _Reading, found: Found) -> None:
    if reading.failure is not None or reading.master is None:
        assert reading.failure is not None
        found.changes[reading.master_id] = reading.failure
        return
    try:
        master = client.translator.read(reading.master, link_key_known=True)
    except ValueError as error:
        failure = unreadable(Kind.EVENT, reading.master_id, str(error))
        found.changes[reading.master_id] = failure
        return
    told: dict[str, Change] = {master.id: seen(master)}
    for raw in reading.occurrences:
        one = _occurrence(client, raw, reading.master)
        if one is not None:
            told[one.id] = one
    found.changes |= told
    is_whole = len(told) == 1 + len(reading.occurrences) and all(
        one.presence is Presence.SEEN for one in told.values()
    )
    if is_whole:
        found.whole.add(master.series_uid)


def _occurrence(client: GraphClient, raw: msgspec.Raw, master: Event) -> Change | None:
    """One occurrence; None for one that cannot even be named."""
    try:
        name = msgspec.json.decode(raw, type=Identified).id
    except msgspec.MsgspecError:
        return None
    try:
        event = msgspec.json.decode(raw, type=Event)
        return seen(client.translator.read_occurrence(event, master))
    except ValueError as error:
        return unreadable(Kind.EVENT, name, str(error))
