"""Names of processes that hold leases, and whether one is known to be dead.

A name says where the process runs precisely enough that another process of the
same place can look; of any other place nothing is known.
"""

from __future__ import annotations

import functools
import hashlib
import os
import socket
import uuid
from pathlib import Path

from syncline.store.processes import is_alive


def name_holder() -> str:
    """A name for this process that no other ever has."""
    return f"{_place()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def is_dead(holder: str) -> bool:
    """Whether the process certainly no longer exists."""
    place, _, rest = holder.partition(":")
    process_id = rest.partition(":")[0]
    if place != _place() or not process_id.isdigit():
        return False
    return not is_alive(int(process_id))


@functools.cache
def _place() -> str:
    """Where process ids mean the same: one machine since its start, one container."""
    parts = [socket.gethostname()]
    boot = Path("/proc/sys/kernel/random/boot_id")
    if boot.exists():
        parts += [boot.read_text().strip(), str(os.stat("/proc/self/ns/pid").st_ino)]
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:16]
