"""Peak memory of sessions of a large mailbox, each in a process of its own.

The sides and the links are made up while they are read, so what is measured is
what a session keeps. From the peak goes what a process needs that has only
imported everything.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from syncline.cli.bench import company
from syncline.cli.bench.books import MadeUpLinks, NoPost, StillClock, books_of
from syncline.cli.bench.resync import RECORDS_PER_CALL, sides_of
from syncline.connectors.memory import MemoryCrm, MemoryMailbox
from syncline.domain.values.changes import Change, ChangeSet, Presence, Watermark
from syncline.domain.values.ids import MailboxId
from syncline.domain.values.items import Item, Window
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.operations import (
    MarkOrder,
    MarkOutcome,
    Operation,
    Outcome,
)
from syncline.usecases.sync_mailbox import SyncMailbox

COUNT = 100_000
KINDS = frozenset({Kind.EVENT, Kind.CONTACT, Kind.TASK})
LIMIT_MEGABYTES = 300
#: The reading of a first session that tells of what the session wrote.
ECHO = 2

#: Sessions that are measured, after a process that only imports everything:
#: nothing changed; both sides are listed and agree; only the mailbox has anything;
#: both sides are listed and agree, under a profile that was changed.
SCENES = ("nothing", "quiet", "resync", "first", "profile")


def measure_memory(count: int = COUNT) -> list[dict[str, Any]]:
    """Peaks of a quiet session, of a full resync, of a first session, and others."""
    idle, *peaks = (_in_child(scene, count) for scene in SCENES)
    return [
        {
            "session": scene,
            "items": count,
            "writes": peak["writes"],
            "peak_megabytes": round(peak["megabytes"] - idle["megabytes"]),
            "share_of_limit": round(
                (peak["megabytes"] - idle["megabytes"]) / LIMIT_MEGABYTES, 2
            ),
            "bytes_per_item": round(
                (peak["megabytes"] - idle["megabytes"]) * 1024 * 1024 / count
            ),
        }
        for scene, peak in zip(SCENES[1:], peaks, strict=True)
    ]


def _in_child(scene: str, count: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "syncline.cli.bench.memory", scene, str(count)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


class MadeUpSource:
    """A side on which nothing changed; without a resume point it tells of all."""

    def __init__(self, side: Side, size: int) -> None:
        """Remember the size."""
        self._side = side
        self._size = size

    def read(self, watermark: Watermark | None, window: Window) -> ChangeSet:
        """Everything or nothing; see `ports.ChangeSource`."""
        return ChangeSet(
            side=self._side,
            changes=() if watermark else tuple(self._everything()),
            watermark=Watermark(value="read"),
            full_kinds=frozenset() if watermark else KINDS,
        )

    def fetch(self, kind: Kind, ids: Sequence[str]) -> list[Change]:
        """Single things; see `ports.ChangeSource`."""
        return [self._seen(company.number_of(name)) for name in ids]

    def _everything(self) -> Iterator[Change]:
        return (self._seen(number) for number in range(self._size))

    def _seen(self, number: int) -> Change:
        is_item = self._side is Side.MAILBOX
        thing = company.item(number) if is_item else company.record(number)
        return Change(
            side=self._side,
            kind=thing.kind,
            id=thing.id,
            presence=Presence.SEEN,
            thing=thing,
        )


class EchoingSource(MadeUpSource):
    """A side of a first session: in the second reading it tells of our writes.

    To begin with the items carry nothing of ours, and there are no records.
    """

    def __init__(self, side: Side, size: int) -> None:
        """Nothing is read."""
        super().__init__(side, size)
        self._readings = 0

    def read(self, watermark: Watermark | None, window: Window) -> ChangeSet:
        """All that is new; see `ports.ChangeSource`."""
        self._readings += 1
        found = super().read(None, window)
        if self._readings == 1:
            return found
        changes = found.changes if self._readings == ECHO else ()
        return replace(found, changes=changes, full_kinds=frozenset())

    def _everything(self) -> Iterator[Change]:
        if self._readings == ECHO:
            return super()._everything()
        return map(_untouched, super()._everything() if self._is_mailbox else ())

    @property
    def _is_mailbox(self) -> bool:
        return self._side is Side.MAILBOX


def _untouched(change: Change) -> Change:
    assert isinstance(change.thing, Item)
    item = replace(change.thing, categories=(), link_key=None, version="v0")
    return replace(change, thing=item)


class Taker:
    """Takes all writes and marks, and keeps nothing."""

    def __init__(self, side: Side, batch_size: int) -> None:
        """Remember how much goes into one call."""
        self.side = side
        self.batch_size = batch_size

    def write(self, operations: Sequence[Operation]) -> list[Outcome]:
        """All are done; see `ports.ItemWriter`."""
        return [
            Outcome(operation=operation, id=_record_id(operation.item))
            for operation in operations
        ]

    def mark(self, orders: Sequence[MarkOrder]) -> list[MarkOutcome]:
        """All are done; see `ports.ItemMarker`."""
        return [MarkOutcome(order=order, version="v2") for order in orders]

    def offer(self, names: Sequence[str]) -> None:
        """Nothing is remembered; see `ports.ItemMarker`."""

    def withdraw(self, names: Sequence[str]) -> None:
        """See the port."""

    def tidy(self, names_in_use: frozenset[str]) -> None:
        """Nothing is there; see `ports.ItemMarker`."""


def _record_id(item: Item | None) -> str:
    assert item is not None, "only records are made, each of an item"
    return company.record(company.number_of(item.id)).id


def run_scene(scene: str, count: int) -> dict[str, Any]:
    """Run one session and tell how much memory the process took at most."""
    is_first = scene == "first"
    source = EchoingSource if is_first else MadeUpSource
    sides = replace(
        sides_of(MemoryMailbox(StillClock().now), MemoryCrm(now=StillClock().now)),
        mailbox_source=source(Side.MAILBOX, count),
        crm_source=source(Side.CRM, count),
        mailbox_writer=Taker(Side.MAILBOX, 20),
        crm_writer=Taker(Side.CRM, RECORDS_PER_CALL),
        marker=Taker(Side.MAILBOX, 20),
    )
    ledger = MadeUpLinks(count, is_growing=is_first)
    if scene == "quiet":
        ledger.watermarks = {side: Watermark(value="read") for side in Side}
    writes = 0
    if scene != "nothing":
        use_case = SyncMailbox(
            books=books_of(ledger, swept_policy="old" if scene == "profile" else None),
            sides=sides,
            clock=StillClock(),
            notices=NoPost(),
        )
        writes = sum(use_case.run(MailboxId(1)).writes.values())
    return {"megabytes": _peak_megabytes(), "writes": writes}


def _peak_megabytes() -> float:
    """The most that this process took.

    Linux counts what the parent took to `ru_maxrss` of a child as well, so its
    own account of the process is asked first.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1024**2


if __name__ == "__main__":
    print(json.dumps(run_scene(sys.argv[1], int(sys.argv[2]))))
