"""How many of many places one test run tries: some, spread evenly; nightly, all."""

from __future__ import annotations

import os

IS_NIGHTLY = os.environ.get("SYNCLINE_NIGHTLY") == "1"


def sampled(count: int, most: int, *, offset: int = 0) -> list[int]:
    """Numbers below `count`, about `most` of them; the same ones every time.

    Args:
        count: How many there are.
        most: How many a run tries that is not nightly.
        offset: Shifts the choice, so that two tests try different ones.
    """
    step = 1 if IS_NIGHTLY else max(1, count // most)
    return list(range(offset % step, count, step))
