"""A sandbox on a loopback port, and clients of its two mailboxes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from syncline.sandbox.base.serving import ServedApp
from syncline.sandbox.microsoft365.app import Microsoft365Sandbox, build

Json = dict[str, Any]
ADA = "ada.lindqvist@northwind.example"
BRUNO = "bruno.okafor@northwind.example"
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that moves when it is told to."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


class Graph:
    """A client of one mailbox; answers are (status, JSON)."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        # Plain http: without verification no certificates are loaded for each test.
        headers = {"Authorization": f"Bearer {token}"}
        self.http = httpx2.Client(headers=headers, verify=False)

    def raw(self, method: str, path: str, **more: Any) -> httpx2.Response:
        url = path if path.startswith("http") else f"{self.url}/v1.0{path}"
        return self.http.request(method, url, **more)

    def call(self, method: str, path: str, **more: Any) -> tuple[int, Json]:
        answer = self.raw(method, path, **more)
        return answer.status_code, answer.json() if answer.content else {}

    def get(self, path: str, **more: Any) -> Json:
        status, body = self.call("GET", path, **more)
        assert status == 200, body
        return body

    def post(self, path: str, body: Json, **more: Any) -> Json:
        status, answer = self.call("POST", path, json=body, **more)
        assert status in (200, 201), answer
        return answer

    def patch(self, path: str, body: Json, **more: Any) -> Json:
        status, answer = self.call("PATCH", path, json=body, **more)
        assert status == 200, answer
        return answer

    def delete(self, path: str) -> None:
        status, answer = self.call("DELETE", path)
        assert status == 204, answer

    def batch(self, *parts: Json) -> dict[str, Json]:
        body = self.post("/$batch", {"requests": list(parts)})
        return {part["id"]: part for part in body["responses"]}

    @staticmethod
    def event_body(subject: str = "Review", day: int = 24, **more: Any) -> Json:
        return {
            "subject": subject,
            "start": {"dateTime": f"2026-11-{day:02d}T10:00:00", "timeZone": "UTC"},
            "end": {"dateTime": f"2026-11-{day:02d}T11:00:00", "timeZone": "UTC"},
            **more,
        }

    @staticmethod
    def guest(address: str) -> Json:
        return {"emailAddress": {"address": address}, "type": "required"}

    def make_event(self, subject: str = "Review", day: int = 24, **more: Any) -> Json:
        return self.post("/me/events", self.event_body(subject, day, **more))

    def round(self, link: str, **more: Any) -> tuple[list[Json], str]:
        """Follow a delta to its end: everything told, and the next link."""
        told: list[Json] = []
        while True:
            body = self.get(link, **more)
            told += body["value"]
            if "@odata.deltaLink" in body:
                return told, body["@odata.deltaLink"]
            link = body["@odata.nextLink"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> Microsoft365Sandbox:
    return build(clock)


class _Switch:
    """Lets one server serve the sandbox of the test that is running."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@pytest.fixture(scope="module")
def _served() -> Iterator[tuple[_Switch, str]]:
    switch = _Switch()
    with ServedApp(switch) as served:
        yield switch, served.url


@pytest.fixture
def url(sandbox: Microsoft365Sandbox, _served: tuple[_Switch, str]) -> str:
    _served[0].app = sandbox.app
    return _served[1]


def _client(sandbox: Microsoft365Sandbox, url: str, address: str) -> Graph:
    accounts = {one["address"]: one for one in sandbox.accounts()}
    return Graph(url, accounts[address]["access_token"])


@pytest.fixture
def ada(sandbox: Microsoft365Sandbox, url: str) -> Iterator[Graph]:
    client = _client(sandbox, url, ADA)
    yield client
    client.http.close()


@pytest.fixture
def bruno(sandbox: Microsoft365Sandbox, url: str) -> Iterator[Graph]:
    client = _client(sandbox, url, BRUNO)
    yield client
    client.http.close()
