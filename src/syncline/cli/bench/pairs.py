"""Pairs per second: from a pair to its place in the plan, on one core.

Beside it stands a loop that only compares the same dictionaries, timed in the
same moments: the ratio says the same on any machine, however busy it is.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from typing import Any

from syncline.cli.bench import company
from syncline.domain.engine.decisions import Scene
from syncline.domain.engine.pair import Pair
from syncline.domain.engine.plan import plan
from syncline.domain.engine.reconcile import reconcile
from syncline.domain.engine.window import window_at
from syncline.domain.values.changes import Presence
from syncline.domain.values.items import Item, Record
from syncline.domain.values.links import Base

COUNT = 20_000
TRIES = 5
#: Pairs per second that a session is to decide about.
GOAL = 50_000

#: Of a hundred pairs that a session reads, how many are of which sort.
MIXTURE = {"unchanged": 90, "edited": 8, "conflicting": 2}


def measure_pairs(count: int = COUNT, tries: int = TRIES) -> list[dict[str, Any]]:
    """Pairs per second of each sort, and mixed as a session meets them."""
    sorts = {
        "unchanged": [_pair(n) for n in range(count)],
        "edited": [_pair(n, item_name="Renamed") for n in range(count)],
        "conflicting": [
            _pair(n, item_name="By the owner", record_name="By a colleague")
            for n in range(count)
        ],
    }
    sorts["mixed"] = [
        pair
        for name, share in MIXTURE.items()
        for pair in sorts[name][: count * share // 100]
    ]
    return [_measure(name, pairs, tries) for name, pairs in sorts.items()]


def _pair(number: int, *, item_name: str = "", record_name: str = "") -> Pair:
    return Pair(
        link=company.link(number),
        item_presence=Presence.SEEN,
        record_presence=Presence.SEEN,
        item=company.item(number, name=item_name),
        record=company.record(number, name=record_name),
    )


def _measure(name: str, pairs: Sequence[Pair], tries: int) -> dict[str, Any]:
    mailbox = company.mailbox()
    window = window_at(company.NOW, mailbox.policy)
    scene = Scene(mailbox=mailbox, window=window, now=company.NOW)
    stored = {pair.link.key: pair.link for pair in pairs}

    def engine() -> int:
        found = plan((reconcile(pair, scene) for pair in pairs), stored)
        return len(found.operations)

    operations, seconds = _best(engine, tries)
    changed, compared = _best(lambda: _compare(pairs), tries)
    return {
        "pairs": name,
        "count": len(pairs),
        "changed": changed,
        "operations": operations,
        "pairs_per_second": round(len(pairs) / seconds),
        "share_of_goal": round(len(pairs) / seconds / GOAL, 2),
        "us_per_pair": round(1e6 * seconds / len(pairs), 1),
        "times_comparing": round(seconds / compared, 1),
    }


def _compare(pairs: Sequence[Pair]) -> int:
    """How many pairs differ from their base, and nothing else."""
    changed = 0
    for pair in pairs:
        base = pair.link.base
        assert isinstance(base, Base)
        assert isinstance(pair.item, Item)
        assert isinstance(pair.record, Record)
        sides = ((pair.item.content, base.item), (pair.record.fields, base.record))
        differing = [
            name
            for now, before in sides
            for name, value in now.items()
            if before.get(name) != value
        ]
        changed += bool(differing)
    return changed


def _best(work: Callable[[], int], tries: int) -> tuple[int, float]:
    """What some work answers, and the CPU seconds of its best try."""
    answer, seconds = 0, float("inf")
    for _ in range(tries):
        gc.collect()
        before = time.process_time()
        answer = work()
        seconds = min(seconds, time.process_time() - before)
    return answer, seconds
