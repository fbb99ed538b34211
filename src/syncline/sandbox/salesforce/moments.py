"""Dates and times in the vendor's spelling.

A stored date-time is always UTC with whole seconds and one fixed width, so that
comparing two texts compares two moments.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

DAY_LENGTH = 10


def stamp(moment: datetime) -> str:
    """Spell a moment as the REST API does: `2026-11-24T10:00:00.000+0000`."""
    utc = moment.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    return f"{utc.isoformat()}.000+0000"


def read_moment(text: str) -> datetime | None:
    """Read a date-time with a zone; None when it is not one."""
    if "T" not in text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def read_day(text: str) -> date | None:
    """Read `YYYY-MM-DD`; None when it is not a date."""
    if len(text) != DAY_LENGTH:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def midnight(day: date) -> datetime:
    """The start of a day in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def days(count: int) -> timedelta:
    """That many days."""
    return timedelta(days=count)
