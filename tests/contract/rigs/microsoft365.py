"""The Microsoft 365 connector on its sandbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from syncline.connectors.microsoft365 import build as build_connector
from syncline.connectors.microsoft365.faults import read_fault
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.operations import Operation
from syncline.sandbox.microsoft365.app import build as build_sandbox
from tests.contract.rigs.rig import GUEST, HOUR, SOON, named
from tests.contract.rigs.served import Door, open_door

PATHS = {Kind.EVENT: "/v1.0/me/events", Kind.CONTACT: "/v1.0/me/contacts"}
NAMES = {Kind.EVENT: "subject", Kind.CONTACT: "surname"}
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

    def add(self, kind: Kind, name: str, *, start: datetime = SOON) -> str:
        body: dict[str, Any] = {NAMES[kind]: name}
        if kind is Kind.EVENT:
            body |= {"start": moment(start), "end": moment(start + HOUR)}
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

    def names(self, kind: Kind) -> list[str]:
        listed = self.door.call("GET", f"{PATHS[kind]}?$top=900")["value"]
        return [thing[NAMES[kind]] for thing in listed]

    def lose_watermarks(self) -> None:
        self.door.lose_delta_tokens()

    def lose_next_answer(self) -> None:
        self.door.transport.must_lose = True

    def is_answer_lost(self) -> bool:
        return not self.door.transport.must_lose

    def must_refuse(self, operation: Operation) -> Operation:
        name = named(self.side, operation.kind, TOO_LONG)
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


def path(kind: Kind, thing_id: str) -> str:
    return f"{PATHS[kind]}/{quote(thing_id, safe='')}"


def moment(instant: datetime) -> dict[str, str]:
    return {"dateTime": instant.strftime("%Y-%m-%dT%H:%M:%S"), "timeZone": "UTC"}


@contextmanager
def open_graph() -> Iterator[Door]:
    """A served sandbox with an empty mailbox, while the block runs."""
    sandbox = build_sandbox()
    account = sandbox.accounts()[0]
    prefer = {"Prefer": 'IdType="ImmutableId"'}
    with open_door(sandbox.app, "microsoft365", account, read_fault, **prefer) as door:
        yield door
