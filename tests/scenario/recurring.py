"""One recurring meeting, and the records of its dates."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import quote

from tests.scenario.people import Outlook, Salesforce, at

_ROOT = "/services/data/v68.0"
_NAME = "Standup"
#: It takes place on so many days, from the first on.
_FIRST, _COUNT = 3, 3


@dataclass(frozen=True)
class Date:
    """One date of it, as it stands on one side."""

    id: str
    location: str


@dataclass
class Recurring:
    """Both sides of the meeting."""

    outlook: Outlook
    crm: Salesforce
    is_there: bool = False

    def add(self) -> None:
        """Have it take place every day, some times."""
        self.is_there = True
        self.outlook.add_series(_NAME, _FIRST, _COUNT)

    def occurrences(self) -> dict[str, list[Date]]:
        """What the calendar has, by day."""
        found = defaultdict(list)
        for row in self.outlook.occurrences():
            where = (row.get("location") or {}).get("displayName") or ""
            found[row["start"]["dateTime"][:10]].append(Date(row["id"], where))
        return dict(found)

    def records(self) -> dict[str, list[Date]]:
        """What Salesforce has, by the day that the rule gave."""
        columns = "Id, Location, OriginalInstanceDateTime"
        query = f"SELECT {columns} FROM Event WHERE ClientGuid != null"
        found = defaultdict(list)
        answer = self.crm.call("GET", f"{_ROOT}/query?q={quote(query)}")
        for row in answer["records"]:
            day = str(row["OriginalInstanceDateTime"])[:10]
            found[day].append(Date(row["Id"], row["Location"] or ""))
        return dict(found)

    def cancel(self, number: int) -> None:
        """Cancel a date in the calendar, unless it was."""
        for date in self.occurrences().get(_day(number), []):
            path = f"/v1.0/me/events/{quote(date.id, safe='')}"
            self.outlook.call("DELETE", path)

    def relocate(self, number: int, where: str) -> None:
        """Have a date take place elsewhere, in the calendar."""
        for date in self.occurrences().get(_day(number), []):
            path = f"/v1.0/me/events/{quote(date.id, safe='')}"
            self.outlook.call("PATCH", path, {"location": {"displayName": where}})

    def relocate_record(self, number: int, where: str) -> None:
        """Have a date take place elsewhere, in Salesforce."""
        for date in self.records().get(_day(number), []):
            path = f"{_ROOT}/sobjects/Event/{date.id}"
            self.crm.call("PATCH", path, {"Location": where})


def _day(number: int) -> str:
    return f"{at(_FIRST + number % _COUNT):%Y-%m-%d}"
