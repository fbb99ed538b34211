"""A served org, and clients that talk to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import httpx2
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from syncline.sandbox.base.serving import ServedApp
from syncline.sandbox.salesforce.app import SalesforceSandbox, build

ROOT = "/services/data/v68.0"
MEETING = {
    "Subject": "Kickoff",
    "StartDateTime": "2026-11-25T10:00:00Z",
    "EndDateTime": "2026-11-25T11:00:00Z",
}
Json: TypeAlias = Any


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 24, 9, 0, 0, 250_000, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def pass_time(self, **span: float) -> None:
        """Let time go by."""
        self.moment += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    """Starts on 24 November 2026 at nine."""
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> SalesforceSandbox:
    """A fresh org."""
    return build(clock)


class Doorman:
    """Sends each request to the org of the test that runs."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def doorman() -> Doorman:
    """Starting a server costs more than a test: all tests share one."""
    return Doorman()


@pytest.fixture(scope="session")
def port(doorman: Doorman) -> Iterator[ServedApp]:
    """The shared server."""
    with ServedApp(doorman) as running:
        yield running


@pytest.fixture
def served(
    port: ServedApp, doorman: Doorman, sandbox: SalesforceSandbox
) -> Iterator[ServedApp]:
    """The test's own org on the shared port."""
    doorman.app = sandbox.app
    yield port
    doorman.app = None


class Caller:
    """One user's client; paths are relative to the API version."""

    def __init__(self, url: str, token: str) -> None:
        # Loading certificates takes longer than a test, and http needs none.
        self.http = httpx2.Client(
            base_url=url, headers={"Authorization": f"Bearer {token}"}, verify=False
        )

    def __call__(
        self, method: str, path: str, body: Json = None, **headers: str
    ) -> Json:
        """Send a request; header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        url = path if path.startswith(("/services", "/_control")) else ROOT + path
        return self.http.request(method, url, json=body, headers=named)

    def make_meeting(self, **fields: Json) -> str:
        """Create an event that every rule accepts, but for the given fields."""
        return self.make("Event", **(MEETING | fields))

    def make(self, sobject: str, **fields: Json) -> str:
        """Create a record that is expected to be accepted."""
        answer = self("POST", f"/sobjects/{sobject}", fields)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def soql(self, query: str, *, deleted: bool = False, **headers: str) -> Json:
        """Run a query and return the whole answer's JSON."""
        path = "/queryAll" if deleted else "/query"
        url = f"{path}?{httpx2.QueryParams({'q': query})}"
        return self("GET", url, **headers).json()

    def refused(self, method: str, path: str, body: Json = None) -> tuple[int, Json]:
        """Status and first error of a request that is expected to fail."""
        answer = self(method, path, body)
        return answer.status_code, answer.json()[0]


@pytest.fixture
def call_as(
    served: ServedApp, sandbox: SalesforceSandbox
) -> Iterator[Callable[[int], Caller]]:
    """A client for the n-th syncing user."""
    made: list[Caller] = []

    def make(number: int) -> Caller:
        made.append(Caller(served.url, sandbox.accounts()[number]["access_token"]))
        return made[-1]

    yield make
    for caller in made:
        caller.http.close()


@pytest.fixture
def ada(call_as: Callable[[int], Caller]) -> Caller:
    """The first syncing user."""
    return call_as(0)


@pytest.fixture
def bruno(call_as: Callable[[int], Caller]) -> Caller:
    """The second syncing user."""
    return call_as(1)
