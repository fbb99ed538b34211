"""The stretch of days that the demo company's calendars fill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
SATURDAY = 5
#: Zones whose clock changes are looked for, on every continent.
SWITCHING_ZONES = (
    "Europe/Stockholm",
    "America/New_York",
    "Pacific/Chatham",
    "America/Santiago",
    "Africa/Casablanca",
)


@dataclass(frozen=True, slots=True)
class Period:
    """From 14 days back to 60 days ahead of a day.

    Items stay a day inside of it, so that none leaves it in any time zone.
    """

    today: date

    @property
    def start(self) -> datetime:
        """First instant of the period."""
        return datetime.combine(self.today, time(), UTC) - 14 * DAY

    @property
    def end(self) -> datetime:
        """First instant after the period."""
        return datetime.combine(self.today, time(), UTC) + 60 * DAY

    @property
    def days(self) -> list[date]:
        """The days that may carry items, in order."""
        first, last = self.start.date() + DAY, self.end.date() - 2 * DAY
        return [first + n * DAY for n in range((last - first).days + 1)]

    @property
    def workdays(self) -> list[date]:
        """Mondays to Fridays among them."""
        return [day for day in self.days if day.weekday() < SATURDAY]

    def monday(self, week: int) -> date:
        """The Monday of the given week after today; 1 is the next one."""
        return self.today + (7 * week - self.today.weekday()) * DAY

    def switches(self) -> list[tuple[str, date]]:
        """Zones and days on which clocks are changed in the period."""
        return [
            (name, day)
            for name in SWITCHING_ZONES
            for day in self.days
            if _offset(name, day) != _offset(name, day + DAY)
        ]


def _offset(zone: str, day: date) -> timedelta | None:
    return datetime.combine(day, time(), ZoneInfo(zone)).utcoffset()
