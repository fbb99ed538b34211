"""The Salesforce connector on its sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx2

from syncline.connectors.salesforce import build as build_connector
from syncline.connectors.salesforce.faults import read_fault
from syncline.domain.values.content import format_instant
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.operations import Operation
from syncline.sandbox.salesforce.app import build as build_sandbox
from tests.contract.rigs.rig import HOUR, SOON, TODAY, named
from tests.contract.rigs.served import Door, open_door

ROOT = "/services/data/v68.0"
OBJECTS = {
    Kind.EVENT: "Event",
    Kind.CONTACT: "Contact",
    Kind.TASK: "Task",
    Kind.MESSAGE: "EmailMessage",
}
NAMES = {
    Kind.EVENT: "Subject",
    Kind.CONTACT: "LastName",
    Kind.TASK: "Subject",
    Kind.MESSAGE: "Subject",
}
REFUSED = {Kind.EVENT: "TBD", Kind.CONTACT: "x" * 81, Kind.TASK: "x" * 256}
#: Salesforce stamps whole seconds: people are slower than that.
TICK = timedelta(seconds=2)


class SlowClock:
    """A server's clock that goes on by each person's action."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)
        self.step = TICK

    def __call__(self) -> datetime:
        return self.now

    def tick(self) -> None:
        self.now += self.step


class SalesforceRig:
    """An org, as its first user sees it."""

    side = Side.CRM

    def __init__(self, door: Door, clock: SlowClock, colleague: str) -> None:
        door.reset()
        clock.step = TICK
        self.door = door
        self.clock = clock
        self.colleague = colleague
        connector = build_connector(door.http, door.account["user_id"])
        self.changes = connector.changes
        self.writer = connector.writer
        self.finder = connector.finder
        self.directory = connector.directory

    def call(
        self, method: str, path: str, body: object = None, *, token: str = ""
    ) -> Any:  # JSON
        self.clock.tick()
        if token:
            headers = {"Authorization": f"Bearer {token}"}
            url = f"{self.door.url}{ROOT}{path}"
            answer = httpx2.request(method, url, json=body, headers=headers)
            assert answer.is_success, answer.text
            return answer.json()
        answer = self.door.call(method, f"{ROOT}{path}", body)
        self.clock.tick()
        return answer

    def add(self, kind: Kind, name: str, *, start: datetime = SOON) -> str:
        body: dict[str, Any] = {NAMES[kind]: name}
        if kind is Kind.EVENT:
            body["StartDateTime"] = format_instant(start)
            body["EndDateTime"] = format_instant(start + HOUR)
        return str(self.call("POST", f"/sobjects/{OBJECTS[kind]}", body)["id"])

    def add_contact(self, name: str, email: str, *, is_colleagues: bool = False) -> str:
        account = self.call("POST", "/sobjects/Account", {"Name": "Acme"})["id"]
        body = {"LastName": name, "Email": email, "AccountId": account}
        token = self.colleague if is_colleagues else ""
        return str(self.call("POST", "/sobjects/Contact", body, token=token)["id"])

    def add_lead(self, email: str) -> str:
        body = {"LastName": "Hopper", "Company": "Acme", "Email": email}
        return str(self.call("POST", "/sobjects/Lead", body)["id"])

    def add_account(self, name: str, domain: str = "") -> str:
        body = {"Name": name}
        if domain:
            body["Website"] = f"https://www.{domain}/"
        return str(self.call("POST", "/sobjects/Account", body)["id"])

    def add_opportunity(self, account_id: str, closes_in: timedelta) -> str:
        body = {
            "Name": "Offer",
            "AccountId": account_id,
            "StageName": "Proposal",
            "CloseDate": (TODAY + closes_in).date().isoformat(),
        }
        return str(self.call("POST", "/sobjects/Opportunity", body)["id"])

    def messages(self) -> list[str]:
        return self.names(Kind.MESSAGE)

    def files(self, record_id: str) -> dict[str, bytes]:
        links = self.rows(
            "SELECT ContentDocumentId FROM ContentDocumentLink "
            f"WHERE LinkedEntityId = '{record_id}'"
        )
        found: dict[str, bytes] = {}
        for link in links:
            versions = self.rows(
                "SELECT Title, VersionData FROM ContentVersion "
                f"WHERE ContentDocumentId = '{link['ContentDocumentId']}'"
            )
            for version in versions:
                data = self.door.person.get(f"{self.door.url}{version['VersionData']}")
                found[version["Title"]] = data.content
        return found

    def rows(self, query: str) -> list[dict[str, Any]]:
        address = f"/query?q={quote(query)}"
        found: list[dict[str, Any]] = self.call("GET", address)["records"]
        return found

    def rename(self, kind: Kind, thing_id: str, name: str) -> None:
        self.call("PATCH", f"/sobjects/{OBJECTS[kind]}/{thing_id}", {NAMES[kind]: name})

    def delete(self, kind: Kind, thing_id: str) -> None:
        self.call("DELETE", f"/sobjects/{OBJECTS[kind]}/{thing_id}")

    def names(self, kind: Kind) -> list[str]:
        query = f"SELECT+{NAMES[kind]}+FROM+{OBJECTS[kind]}"
        rows = self.call("GET", f"/query?q={query}")["records"]
        return [row[NAMES[kind]] for row in rows]

    def lose_watermarks(self) -> None:
        self.door.lose_delta_tokens()

    def lose_next_answer(self) -> None:
        self.door.transport.must_lose = True

    def is_answer_lost(self) -> bool:
        return not self.door.transport.must_lose

    def must_refuse(self, operation: Operation) -> Operation:
        name = named(self.side, operation.kind, REFUSED[operation.kind])
        return replace(operation, fields={**operation.fields, **name})


@contextmanager
def open_org(clock: SlowClock) -> Iterator[tuple[Door, str]]:
    """A served org without records, and a colleague's token."""
    sandbox = build_sandbox(clock)
    own, colleague = sandbox.accounts()[:2]
    with open_door(sandbox.app, "salesforce", own, read_fault) as door:
        yield door, colleague["access_token"]
