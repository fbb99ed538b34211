"""How often a failed call or a held item is tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

#: Waits after the 1st, 2nd, ... failed session of a held item; then the last.
HOLD_WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(days=1),
)

#: A person who asks for a sync gets held items tried again after this.
ASKED_AGAIN_AFTER = timedelta(minutes=1)


def next_retry_at(attempts: int, now: datetime) -> datetime:
    """When a held item is due after `attempts` failed sessions (at least 1)."""
    return now + HOLD_WAITS[min(attempts, len(HOLD_WAITS)) - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRetry:
    """Repeats of one call inside a session."""

    attempts: int = 4
    first_wait: timedelta = timedelta(milliseconds=500)
    longest_wait: timedelta = timedelta(seconds=30)

    def wait(
        self, attempt: int, jitter: float, retry_after: timedelta | None
    ) -> timedelta | None:
        """How long to wait after failed attempt number `attempt` (from 1).

        Args:
            jitter: Between 0 and 1, drawn by the caller.
            retry_after: What the provider asked for; honored when it is within
                reach of this session.

        Returns:
            None when the call should be given up in this session.
        """
        if attempt >= self.attempts:
            return None
        if retry_after is not None:
            return retry_after if retry_after <= self.longest_wait else None
        factor = float(2 ** (attempt - 1)) * (0.5 + jitter / 2)
        backoff = self.first_wait * factor
        return min(backoff, self.longest_wait)
