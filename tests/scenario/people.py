"""What people do with their own programs: Outlook on one side, Salesforce on the other.

Things are called by name: the subject of an event, the last name of a contact.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx2

from tests.scenario.clocks import ServerClock

Json = dict[str, Any]
_TODAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
_ROOT = "/services/data/v68.0"


def at(day: int, hour: int = 10) -> datetime:
    """An hour of a day, counted from today."""
    return _TODAY + timedelta(days=day, hours=hour)


def _moment(instant: datetime) -> Json:
    return {"dateTime": instant.strftime("%Y-%m-%dT%H:%M:%S"), "timeZone": "UTC"}


def timed(day: int, hour: int = 10) -> Json:
    """Start and end of an hour, as Graph writes them."""
    start = at(day, hour)
    return {"start": _moment(start), "end": _moment(start + timedelta(hours=1))}


def whole_day(day: int) -> Json:
    """Start and end of a day, as Graph writes them."""
    start = at(day, 0)
    end = start + timedelta(days=1)
    return {"start": _moment(start), "end": _moment(end), "isAllDay": True}


class RefusedError(AssertionError):
    """The server does not let this person do that."""


class Person:
    """One account's own program."""

    def __init__(self, url: str, token: str, clock: ServerClock) -> None:
        self.clock = clock
        self.http = httpx2.Client(
            base_url=url,
            headers={
                "Authorization": f"Bearer {token}",
                "Prefer": 'IdType="ImmutableId"',
            },
            verify=False,
            trust_env=False,
            timeout=10,
        )

    def use(self, token: str) -> None:
        """Go on with another token."""
        self.http.headers["Authorization"] = f"Bearer {token}"

    def call(self, method: str, path: str, body: Json | None = None) -> Json:
        self.clock.tick()
        answer = self.http.request(method, path, json=body)
        if not answer.is_success:
            raise RefusedError(f"{method} {path}: {answer.text}")
        self.clock.tick()
        found: Json = answer.json() if answer.content else {}
        return found


class Outlook(Person):
    """The owner of the mailbox."""

    def _id(self, kind: str, name: str) -> str:
        title = "surname" if kind == "contacts" else "subject"
        rows = self.call("GET", f"/v1.0/me/{kind}?$top=900")["value"]
        [found] = [r["id"] for r in rows if (r.get(title) or "") == name]
        return quote(str(found), safe="")

    def add_event(self, subject: str, when: Json, **more: object) -> None:
        self.call("POST", "/v1.0/me/events", {"subject": subject, **when, **more})

    def change_event(self, subject: str, /, **changes: object) -> None:
        path = f"/v1.0/me/events/{self._id('events', subject)}"
        self.call("PATCH", path, dict(changes))

    def delete_event(self, subject: str) -> None:
        self.call("DELETE", f"/v1.0/me/events/{self._id('events', subject)}")

    def add_contact(self, surname: str | None, email: str, **more: object) -> None:
        body: Json = {"emailAddresses": [{"address": email, "name": email}], **more}
        if surname:
            body["surname"] = surname
        self.call("POST", "/v1.0/me/contacts", body)

    def change_contact(self, surname: str, /, **changes: object) -> None:
        path = f"/v1.0/me/contacts/{self._id('contacts', surname)}"
        self.call("PATCH", path, dict(changes))

    def delete_contact(self, surname: str) -> None:
        self.call("DELETE", f"/v1.0/me/contacts/{self._id('contacts', surname)}")

    # --- series ---

    def add_series(self, subject: str, first: int, count: int, **more: object) -> None:
        """Every day at ten, beginning with a day."""
        rule = {
            "pattern": {"type": "daily", "interval": 1},
            "range": {
                "type": "numbered",
                "startDate": f"{at(first):%Y-%m-%d}",
                "numberOfOccurrences": count,
                "recurrenceTimeZone": "UTC",
            },
        }
        self.add_event(subject, timed(first), recurrence=rule, **more)

    def occurrences(self, first: int = -14, last: int = 60) -> list[Json]:
        """Every occurrence of every series between two days, in order."""
        period = (
            f"startDateTime={at(first, 0):%Y-%m-%dT%H:%M:%SZ}"
            f"&endDateTime={at(last, 0):%Y-%m-%dT%H:%M:%SZ}"
        )
        rows = self.call("GET", f"/v1.0/me/calendarView?{period}&$top=900")["value"]
        found = [row for row in rows if row.get("seriesMasterId")]
        return sorted(found, key=lambda row: str(row["start"]["dateTime"]))

    def _occurrence(self, series: str, day: int) -> str:
        master, date = self._id("events", series), f"{at(day):%Y-%m-%d}"
        [found] = [
            row["id"]
            for row in self.occurrences()
            if quote(row["seriesMasterId"], safe="") == master
            and row["start"]["dateTime"].startswith(date)
        ]
        return quote(str(found), safe="")

    def change_occurrence(self, series: str, day: int, /, **changes: object) -> None:
        path = f"/v1.0/me/events/{self._occurrence(series, day)}"
        self.call("PATCH", path, dict(changes))

    def cancel_occurrence(self, series: str, day: int) -> None:
        self.call("DELETE", f"/v1.0/me/events/{self._occurrence(series, day)}")

    # --- tasks ---

    def lists(self) -> dict[str, str]:
        """Path of each list of tasks, by its name."""
        rows = self.call("GET", "/v1.0/me/todo/lists")["value"]
        root = "/v1.0/me/todo/lists"
        return {r["displayName"]: f"{root}/{quote(r['id'], safe='')}" for r in rows}

    def add_task(self, title: str, *, into: str = "Tasks", **more: object) -> None:
        lists = self.lists()
        if into not in lists:
            self.call("POST", "/v1.0/me/todo/lists", {"displayName": into})
            lists = self.lists()
        self.call("POST", f"{lists[into]}/tasks", {"title": title, **more})

    def tasks(self) -> list[tuple[str, Json]]:
        """Every task, with the path of its list."""
        more = "$top=900&$expand=linkedResources"
        return [
            (path, row)
            for path in self.lists().values()
            for row in self.call("GET", f"{path}/tasks?{more}")["value"]
        ]

    def _task(self, title: str) -> str:
        [found] = [
            f"{path}/tasks/{quote(row['id'], safe='')}"
            for path, row in self.tasks()
            if row["title"] == title
        ]
        return found

    def change_task(self, title: str, /, **changes: object) -> None:
        self.call("PATCH", self._task(title), dict(changes))

    def delete_task(self, title: str) -> None:
        self.call("DELETE", self._task(title))

    # --- mail ---

    def change_message(self, subject: str, /, **changes: object) -> None:
        path = f"/v1.0/me/messages/{self._id('messages', subject)}"
        self.call("PATCH", path, dict(changes))

    def move_message(self, subject: str, folder: str) -> None:
        rows = self.call("GET", "/v1.0/me/mailFolders?$top=99")["value"]
        [target] = [row["id"] for row in rows if row["displayName"] == folder]
        path = f"/v1.0/me/messages/{self._id('messages', subject)}/move"
        self.call("POST", path, {"destinationId": target})

    def delete_message(self, subject: str) -> None:
        self.call("DELETE", f"/v1.0/me/messages/{self._id('messages', subject)}")


class Salesforce(Person):
    """The same person in Salesforce."""

    def _id(self, name: str, title: str) -> str:
        field = "LastName" if name == "Contact" else "Subject"
        rows = self._rows(f"SELECT Id, {field} FROM {name}")
        [found] = [r["Id"] for r in rows if r[field] == title]
        return str(found)

    def _rows(self, query: str) -> list[Json]:
        found = self.call("GET", f"{_ROOT}/query?q={quote(query)}")["records"]
        return list(found)

    def add_event(self, subject: str, day: int, **more: object) -> None:
        start = at(day)
        body: Json = {
            "Subject": subject,
            "StartDateTime": start.isoformat(),
            "EndDateTime": (start + timedelta(hours=1)).isoformat(),
        }
        self.call("POST", f"{_ROOT}/sobjects/Event", body | more)

    def add_contact(self, name: str, email: str, **more: object) -> None:
        body = {"LastName": name, "Email": email, **more}
        self.call("POST", f"{_ROOT}/sobjects/Contact", body)

    def change(self, sobject: str, title: str, /, **changes: object) -> None:
        path = f"{_ROOT}/sobjects/{sobject}/{self._id(sobject, title)}"
        self.call("PATCH", path, dict(changes))

    def delete(self, sobject: str, title: str) -> None:
        self.call("DELETE", f"{_ROOT}/sobjects/{sobject}/{self._id(sobject, title)}")

    def add_task(self, subject: str, **more: object) -> None:
        self.call("POST", f"{_ROOT}/sobjects/Task", {"Subject": subject, **more})

    def change_occurrence(self, subject: str, day: int, /, **changes: object) -> None:
        """Change the event of a series that takes place on a day."""
        rows = self._rows("SELECT Id, Subject, StartDateTime FROM Event")
        [found] = [
            row["Id"]
            for row in rows
            if row["Subject"] == subject
            and str(row["StartDateTime"]).startswith(f"{at(day):%Y-%m-%d}")
        ]
        self.call("PATCH", f"{_ROOT}/sobjects/Event/{found}", dict(changes))

    def invite(self, subject: str, last_name: str) -> None:
        """Make a contact an invitee of an event."""
        row = {
            "EventId": self._id("Event", subject),
            "RelationId": self._id("Contact", last_name),
            "IsInvitee": True,
        }
        self.call("POST", f"{_ROOT}/sobjects/EventRelation", row)
