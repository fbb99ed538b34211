"""Which stretch of the calendar is in scope."""

from datetime import UTC, datetime, time, timedelta

from syncline.domain.access.policy import Policy
from syncline.domain.mapping.event import starts_at
from syncline.domain.values.content import AllDaySpan, TimedSpan, Value
from syncline.domain.values.items import Window


def window_at(now: datetime, policy: Policy) -> Window:
    """The window of a session: whole UTC days around `now`."""
    today = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    return Window(
        start=today - timedelta(days=policy.days_back),
        end=today + timedelta(days=policy.days_ahead + 1),
    )


def is_inside(span: Value, window: Window) -> bool:
    """Whether any part of a span lies in the window."""
    start = starts_at(span)
    if start is None:
        return False
    match span:
        case TimedSpan(end=end):
            return start < window.end and end >= window.start
        case AllDaySpan(day_count=days):
            return start < window.end and start + timedelta(days=days) > window.start
        case _:
            return False
