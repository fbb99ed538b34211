"""Whether a process of this machine lives."""

from __future__ import annotations

import os
from pathlib import Path


def is_alive(process_id: int) -> bool:
    """Whether it exists and works, whoever owns it.

    A process that ended and whose parent has not noticed does not live; in a
    container without an init process it stays so for good.
    """
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return not _is_zombie(process_id)


def _is_zombie(process_id: int) -> bool:
    try:
        status = Path("/proc", str(process_id), "stat").read_text()
    except OSError:
        return False  # Not Linux, or it ended just now.
    return status.rpartition(")")[2].split()[:1] == ["Z"]


def program_of(process_id: int) -> str:
    """Name of its program; empty where that cannot be seen."""
    try:
        return Path("/proc", str(process_id), "comm").read_text().strip()
    except OSError:
        return ""
