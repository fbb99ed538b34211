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
        title = "subject" if kind == "events" else "surname"
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


class Salesforce(Person):
    """The same person in Salesforce."""

    def _id(self, name: str, title: str) -> str:
        field = "Subject" if name == "Event" else "LastName"
        query = quote(f"SELECT Id, {field} FROM {name}")
        rows = self.call("GET", f"{_ROOT}/query?q={query}")["records"]
        [found] = [r["Id"] for r in rows if r[field] == title]
        return str(found)

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
