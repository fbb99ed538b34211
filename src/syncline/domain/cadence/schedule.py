"""When a mailbox's next session is due."""

from datetime import datetime, timedelta

from syncline.domain.access.mailbox import Standing

#: While access or the provider is gone, one look an hour is enough.
FAILED_WAIT = timedelta(hours=1)

#: Idle sessions after which the interval doubles, then doubles again.
_IDLE_STEPS = ((4, 4), (2, 2))

#: The least time between two sessions that a person asks for.
FORCE_SPACING = timedelta(minutes=1)


def next_run_at(
    *, now: datetime, interval: timedelta, idle_count: int, standing: Standing
) -> datetime | None:
    """The next session: 30 / 60 / 120 minutes when idle, hourly at most in trouble.

    Args:
        now: End of the session.
        interval: The licence's interval.
        idle_count: Sessions in a row that found nothing to do.
        standing: What the mailbox may do; None comes back when nothing.
    """
    if not standing.may_sync:
        return None
    if standing is not Standing.ACTIVE:
        return now + max(interval, FAILED_WAIT)
    for least, factor in _IDLE_STEPS:
        if idle_count >= least:
            return now + interval * factor
    return now + interval
