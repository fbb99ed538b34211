"""Clocks that go on when a test says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

#: Salesforce stamps whole seconds: people are slower than that.
TICK = timedelta(seconds=2)


class ServerClock:
    """The providers' time: the present, moved on by each person's action."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def tick(self) -> None:
        self.ahead += TICK


class SessionClock:
    """The product's time: noon, so that no test meets the end of a day."""

    def __init__(self) -> None:
        self.present = datetime.now(UTC).replace(hour=12, minute=0, second=0)

    def now(self) -> datetime:
        return self.present

    def advance(self, by: timedelta) -> None:
        self.present += by
