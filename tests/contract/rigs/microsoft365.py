"""The Microsoft 365 connector on its sandbox."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from syncline.connectors.microsoft365 import build as build_connector
from syncline.connectors.microsoft365.faults import read_fault
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.operations import Operation
from syncline.sandbox.microsoft365.app import build as build_sandbox
from tests.contract.rigs.rig import (
    DAY,
    GUEST,
    HOUR,
    SOON,
    TODAY,
    WINDOW,
    named,
)
from tests.contract.rigs.served import Door, open_door

ME = "/v1.0/me"
LISTS = f"{ME}/todo/lists"
PATHS = {
    Kind.EVENT: f"{ME}/events",
    Kind.CONTACT: f"{ME}/contacts",
    Kind.MESSAGE: f"{ME}/messages",
}
NAMES = {Kind.EVENT: "subject", Kind.CONTACT: "surname", Kind.TASK: "title"}
COLORS = {"preset0": "red", "preset7": "blue", "none": ""}
TOO_LONG = "x" * 256


class Microsoft365Rig:
    """A mailbox at Graph."""

    side = Side.MAILBOX

    def __init__(self, door: Door) -> None:
        door.reset()
        self.door = door
        connector = build_connector(door.http, door.account["address"])
        self.changes = connector.changes
        self.writer = connector.writer
        self.marker = connector.marker
        self.attachments = connector.attachments

    @property
    def tasks(self) -> str:
        """Where the tasks of the usual list are."""
        lists = self.door.call("GET", LISTS)["value"]
        names = {one["wellknownListName"]: one["id"] for one in lists}
        return f"{LISTS}/{quote(names['defaultList'], safe='')}/tasks"

    def add(self, kind: Kind, name: str, *, start: datetime = SOON) -> str:
        body: dict[str, Any] = {NAMES[kind]: name}
        if kind is Kind.EVENT:
            body |= {"start": moment(start), "end": moment(start + HOUR)}
        if kind is Kind.TASK:
            made = self.door.call("POST", self.tasks, body)["id"]
            return f"{unquote(self.tasks.split('/')[-2])}|{made}"
        return str(self.door.call("POST", PATHS[kind], body)["id"])

    def add_meeting(self, name: str) -> str:
        body = {
            "subject": name,
            "start": moment(SOON),
            "end": moment(SOON + HOUR),
            "attendees": [{"emailAddress": {"address": GUEST}, "type": "required"}],
        }
        meeting_id = str(self.door.call("POST", PATHS[Kind.EVENT], body)["id"])
        self.door.control("POST", "/counters/reset")
        return meeting_id

    def rename(self, kind: Kind, thing_id: str, name: str) -> None:
        self.door.call("PATCH", path(kind, thing_id), {NAMES[kind]: name})

    def delete(self, kind: Kind, thing_id: str) -> None:
        self.door.call("DELETE", path(kind, thing_id))
        if kind is Kind.MESSAGE:
            # Out of the bin as well: gone for good, with its files.
            self.door.call("DELETE", path(kind, thing_id))

    def names(self, kind: Kind) -> list[str]:
        where = self.tasks if kind is Kind.TASK else PATHS[kind]
        listed = self.door.call("GET", f"{where}?$top=900")["value"]
        return [thing[NAMES[kind]] for thing in listed]

    def lose_watermarks(self) -> None:
        self.door.lose_delta_tokens()

    def lose_next_answer(self) -> None:
        self.door.transport.must_lose = True

    def is_answer_lost(self) -> bool:
        return not self.door.transport.must_lose

    def must_refuse(self, operation: Operation) -> Operation:
        name = named(self.side, operation.kind, TOO_LONG)
        if operation.kind is Kind.TASK:
            name = {"categories": "none"}
        return replace(operation, fields={**operation.fields, **name})

    def categorize(self, kind: Kind, item_id: str, *names: str) -> None:
        self.door.call("PATCH", path(kind, item_id), {"categories": list(names)})

    def categories(self, kind: Kind, item_id: str) -> list[str]:
        found: list[str] = self.door.call("GET", path(kind, item_id))["categories"]
        return found

    def colors(self) -> Mapping[str, str]:
        listed = self.door.call("GET", "/v1.0/me/outlook/masterCategories")["value"]
        return {c["displayName"]: COLORS[c["color"]] for c in listed}

    def guest_mails(self) -> int:
        return int(self.door.control("GET", "/counters")["guest_mails"])

    # --- series ---

    def add_series(
        self, name: str, rule: str, *, start: datetime = SOON, zone: str = "UTC"
    ) -> str:
        begins = start.astimezone(ZoneInfo(zone))
        body = {
            "subject": name,
            "start": moment(begins, zone),
            "end": moment(begins + HOUR, zone),
            "recurrence": daily(rule, begins.date(), zone),
        }
        return str(self.door.call("POST", PATHS[Kind.EVENT], body)["id"])

    def add_all_day_series(self, name: str, rule: str, *, first: date) -> str:
        begins = datetime.combine(first, time.min)
        body = {
            "subject": name,
            "isAllDay": True,
            "start": moment(begins),
            "end": moment(begins + DAY),
            "recurrence": daily(rule, first, "UTC"),
        }
        return str(self.door.call("POST", PATHS[Kind.EVENT], body)["id"])

    def rename_occurrence(self, master_id: str, day: date, name: str) -> None:
        self.rename(Kind.EVENT, self.occurrence(master_id, day), name)

    def move_occurrence(self, master_id: str, day: date, start: datetime) -> None:
        span = {"start": moment(start), "end": moment(start + HOUR)}
        where = path(Kind.EVENT, self.occurrence(master_id, day))
        self.door.call("PATCH", where, span)

    def cancel_occurrence(self, master_id: str, day: date) -> None:
        self.delete(Kind.EVENT, self.occurrence(master_id, day))

    def move_series(self, master_id: str, start: datetime) -> None:
        span = {"start": moment(start), "end": moment(start + HOUR)}
        self.door.call("PATCH", path(Kind.EVENT, master_id), span)

    def occurrence(self, master_id: str, day: date) -> str:
        """The id of the occurrence that the rule put on a day."""
        window = f"startDateTime={WINDOW.start:%Y-%m-%d}&endDateTime=2200-01-01"
        where = f"{path(Kind.EVENT, master_id)}/instances?{window}&$top=900"
        listed = self.door.call("GET", where)["value"]
        (found,) = (
            one["id"] for one in listed if one["occurrenceId"].endswith(f".{day}")
        )
        return str(found)

    # --- mail ---

    def receive(
        self,
        name: str,
        *,
        message_id: str = "<offer-1@acme.example>",
        at: datetime = TODAY - HOUR,
        files: Mapping[str, bytes] | None = None,
        is_filed: bool = False,
    ) -> str:
        mail = EmailMessage()
        mail["Subject"], mail["Message-ID"] = name, message_id
        mail["From"], mail["To"] = "grace@acme.example", self.door.account["address"]
        mail["Date"] = format_datetime(at)
        mail.set_content("Hello")
        for title, data in (files or {}).items():
            mail.add_attachment(
                data, maintype="application", subtype="octet-stream", filename=title
            )
        body = {
            "address": self.door.account["address"],
            "folder": "Salesforce Emails" if is_filed else "inbox",
            "mime": b64encode(mail.as_bytes()).decode(),
            "receivedDateTime": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        return str(self.door.control("POST", "/mail", body)["immutable_id"])


def path(kind: Kind, thing_id: str) -> str:
    if kind is Kind.TASK:
        list_id, _, task_id = thing_id.partition("|")
        return f"{LISTS}/{quote(list_id, safe='')}/tasks/{quote(task_id, safe='')}"
    return f"{PATHS[kind]}/{quote(thing_id, safe='')}"


def moment(instant: datetime, zone: str = "UTC") -> dict[str, str]:
    return {"dateTime": instant.strftime("%Y-%m-%dT%H:%M:%S"), "timeZone": zone}


def daily(rule: str, first: date, zone: str) -> dict[str, Any]:
    """The suites know daily rules, with and without a number of times."""
    count = re.search(r"COUNT=(\d+)", rule)
    assert rule.startswith("FREQ=DAILY;INTERVAL=1")
    span: dict[str, Any] = {"startDate": first.isoformat(), "recurrenceTimeZone": zone}
    if count is None:
        span["type"] = "noEnd"
    else:
        span |= {"type": "numbered", "numberOfOccurrences": int(count[1])}
    return {"pattern": {"type": "daily", "interval": 1}, "range": span}


@contextmanager
def open_graph() -> Iterator[Door]:
    """A served sandbox with an empty mailbox, while the block runs."""
    sandbox = build_sandbox()
    account = sandbox.accounts()[0]
    prefer = {"Prefer": 'IdType="ImmutableId"'}
    with open_door(sandbox.app, "microsoft365", account, read_fault, **prefer) as door:
        yield door
