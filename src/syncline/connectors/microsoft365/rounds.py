"""Delta rounds: from a link through its pages to the next delta link.

    start --page--> link --page--> ... --page--> delta link: finished
      ^               |
      |  link died    |        start died
      +---------------+        -----------> full round from the first link

Invariants: a delta link is taken only from a round that was read to its end;
what a page said earlier in a round gives way to what a later one says; a page
that makes no sense ends the read with nothing consumed. A stream that a mailbox
need not have is closed when it is refused, and the others go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from syncline.connectors.base.http import Answer
from syncline.connectors.microsoft365.client import GraphClient, relative
from syncline.connectors.microsoft365.faults import read_fault
from syncline.connectors.microsoft365.streams import Stream
from syncline.connectors.microsoft365.translate import Shape
from syncline.connectors.microsoft365.wire import Event, Folder, Identified, Page
from syncline.domain.errors import ProviderError
from syncline.domain.values.faults import FaultClass

#: Restarts of one round before the read is given up for now.
_RESTARTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Garbled:
    """An item that has an id and otherwise makes no sense."""

    id: str
    why: str


Observed = Shape | Folder | Garbled


@dataclass(slots=True, kw_only=True)
class Round:
    """One stream's round."""

    stream: Stream
    #: A delta link; empty for a full round.
    start: str
    link: str = ""
    delta_link: str = ""
    is_full: bool = False
    #: Refused, or its folder is gone: it brings nothing and has no resume point.
    is_closed: bool = False
    #: Closed because we may not read it now; it may be open again tomorrow.
    is_refused: bool = False
    #: Its resume point was lost, so deletions meanwhile went untold.
    is_healed: bool = False
    observed: dict[str, Observed] = field(default_factory=dict)
    #: Ids that were seen as occurrences of a series, even if removed later on.
    occurrence_ids: set[str] = field(default_factory=set)
    visited: set[str] = field(default_factory=set)
    restarts: int = 0

    def __post_init__(self) -> None:
        """Begin at the start."""
        self.is_full = not self.start
        self.start = self.start or self.stream.first_link
        self.link = self.start

    def take(self, answer: Answer) -> None:
        """Work one page in.

        Raises:
            ProviderError: The page failed or makes no sense.
        """
        if not answer.is_success:
            self._fail(answer)
            return
        page = answer.decode(Page)
        for raw in page.value:
            self._observe(raw, answer)
        if page.next_link:
            self._go_on(relative(page.next_link), answer)
        elif page.delta_link:
            self.link, self.delta_link = "", relative(page.delta_link)
        else:
            raise answer.bad_response("a page without next or delta link")

    def begin_anew(self) -> None:
        """Read the stream whole, whatever was read so far."""
        self.is_full, self.start = True, self.stream.first_link
        self._rewind()

    def _go_on(self, link: str, answer: Answer) -> None:
        if link in self.visited:
            raise answer.bad_response("a next link that leads in a circle")
        self.visited.add(link)
        self.link = link

    def _observe(self, raw: msgspec.Raw, answer: Answer) -> None:
        found = _decode(self.stream.shape, raw, answer)
        self.observed.pop(found.id, None)
        self.observed[found.id] = found
        if isinstance(found, Event) and found.series_master_id:
            self.occurrence_ids.add(found.id)

    def _fail(self, answer: Answer) -> None:
        fault = read_fault(answer)
        is_expired = fault.fault_class is FaultClass.WATERMARK
        is_missing = fault.fault_class is FaultClass.NOT_FOUND
        is_beginning = self.link == self.start
        if self.stream.is_optional and fault.fault_class is FaultClass.PERMISSION:
            self.is_refused = True
            self._close()
            return
        may_lack = self.stream.is_optional or bool(self.stream.container)
        if is_missing and may_lack and self.is_full and is_beginning:
            self._close()
            return
        if not ((is_expired or is_missing) and self.restarts < _RESTARTS):
            raise ProviderError.of(fault)
        self.restarts += 1
        if not is_beginning:
            self._rewind()
            return
        if self.is_full and not is_expired:
            raise ProviderError.of(fault)
        self.is_healed = self.is_healed or not self.is_full
        self.begin_anew()

    def _close(self) -> None:
        self._rewind()
        self.link, self.is_closed = "", True

    def _rewind(self) -> None:
        self.link, self.delta_link = self.start, ""
        self.observed.clear()
        self.occurrence_ids.clear()
        self.visited.clear()


def read_rounds(client: GraphClient, rounds: Sequence[Round]) -> None:
    """Read rounds to their ends, each time all open ones in one request.

    Raises:
        ProviderError: One of them could not be finished; none may be used.
    """
    while pending := [r for r in rounds if r.link]:
        parts = [client.page(r.link) for r in pending]
        answers = client.send(parts, "read changes")
        for current, answer in zip(pending, answers, strict=True):
            current.take(answer)


def _decode(
    shape: type[Shape] | type[Folder], raw: msgspec.Raw, answer: Answer
) -> Observed:
    try:
        return msgspec.json.decode(raw, type=shape)
    except msgspec.MsgspecError as error:
        try:
            item = msgspec.json.decode(raw, type=Identified)
        except msgspec.MsgspecError as nameless:
            # It cannot be named, so it can be neither reported nor passed over.
            raise answer.bad_response("an item without an id") from nameless
        return Garbled(id=item.id, why=str(error))
