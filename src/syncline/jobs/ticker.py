"""A thread that ticks every second, whatever the sessions do."""

from __future__ import annotations

import threading
from typing import Self

import structlog
from django.db import DatabaseError, connections
from django.utils import timezone

from syncline.jobs import schedule

log = structlog.get_logger()

TICK_SECONDS = 1.0

#: Ticks between two prunings.
_PRUNE_EVERY = 3600


class Ticker:
    """Ticks from entry to exit. A database that is away is tried again."""

    def __init__(self) -> None:
        """Prepare the thread."""
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ticker", daemon=True)

    def __enter__(self) -> Self:
        """Start."""
        self._thread.start()
        return self

    def __exit__(self, *details: object) -> None:
        """Stop, after the tick in progress."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        number = 0
        while not self._ended.is_set():
            try:
                schedule.tick(timezone.now())
                if number % _PRUNE_EVERY == 0:
                    schedule.prune(timezone.now())
                number += 1
            except DatabaseError as error:
                log.warning("tick.failed", error=type(error).__name__)
            finally:
                # Back to the pool, which replaces connections that are broken.
                connections.close_all()
            self._ended.wait(TICK_SECONDS)
