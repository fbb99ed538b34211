"""Child processes of one command: started, watched, and stopped with it."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import Self

#: Sessions that are running get this long to finish their batch.
GRACE_SECONDS = 20


class Children:
    """Processes that end when this one is told to."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._stop = threading.Event()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(
        self, name: str, command: Sequence[str], environ: Mapping[str, str] = os.environ
    ) -> str:
        """Start a process; answers its name."""
        self._processes[name] = subprocess.Popen(
            command, env=dict(environ), start_new_session=True
        )
        return name

    def wait_for_stop(self) -> str | None:
        """Wait for Ctrl+C, SIGTERM or the end of a child.

        Returns:
            The name of the child that ended by itself, or None.
        """
        while not self._stop.wait(0.25):
            for name, process in self._processes.items():
                if process.poll() is not None:
                    return name
        return None

    def __enter__(self) -> Self:
        """Listen to signals."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        return self

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._stop.set()

    def __exit__(self, *details: object) -> None:
        """Stop all children, by force those that do not listen."""
        for process in self._processes.values():
            if process.poll() is None:
                process.terminate()
        for process in self._processes.values():
            try:
                process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
