"""The engine alone: speed of deciding, a full resync, memory. No servers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from syncline.cli.bench.memory import measure_memory
from syncline.cli.bench.pairs import measure_pairs
from syncline.cli.bench.resync import measure_resync
from syncline.cli.output import show_progress

_PARTS: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "planner and merge": measure_pairs,
    "full resync": measure_resync,
    "memory": measure_memory,
}


def measure_engine() -> dict[str, list[dict[str, Any]]]:
    """All measurements, by title."""
    found = {}
    with show_progress() as progress:
        for title, measure in _PARTS.items():
            progress.add_task(title, total=None)
            found[title] = measure()
    return found
