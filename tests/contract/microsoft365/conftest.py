"""A mailbox in the sandbox, and the connector that is to work on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from syncline.connectors.base.http import Http
from syncline.connectors.microsoft365.faults import read_fault
from syncline.domain.access.grant import Connection, Grant
from syncline.domain.cadence.retry import CallRetry
from syncline.domain.values.changes import ChangeSet, Watermark
from syncline.sandbox.base.serving import ServedApp
from syncline.sandbox.microsoft365.app import Microsoft365Sandbox
from syncline.sandbox.microsoft365.app import build as build_sandbox
from tests.contract.microsoft365.bench import WINDOW, Bench, Keeper, Reader


@dataclass(frozen=True)
class Server:
    """A sandbox that is listening, and its state before any test."""

    sandbox: Microsoft365Sandbox
    url: str
    empty: dict[str, Any]

    def clear(self) -> None:
        """Forget what the last test did."""
        self.sandbox.load(self.empty)
        self.sandbox.counters.reset()
        self.sandbox.faults.waiting.clear()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    sandbox = build_sandbox()
    with ServedApp(sandbox.app) as served:
        yield Server(sandbox=sandbox, url=served.url, empty=sandbox.dump())


@pytest.fixture(scope="session")
def person_client() -> Iterator[httpx2.Client]:
    with httpx2.Client(timeout=10, verify=False) as client:
        yield client


@pytest.fixture
def bench(server: Server, person_client: httpx2.Client) -> Iterator[Bench]:
    server.clear()
    sandbox = server.sandbox
    with httpx2.Client(timeout=10, verify=False) as client:
        account = sandbox.accounts()[0]
        address = account["address"]
        keeper = Keeper(
            sandbox=sandbox,
            address=address,
            connection=Connection(
                id=1,
                provider="microsoft365",
                base_url=server.url,
                token_url="",
                account=address,
            ),
            grant=Grant(
                access_token=account["access_token"],
                refresh_token=account["refresh_token"],
            ),
        )
        waits: list[float] = []
        http = Http(
            provider="microsoft365",
            base_url=server.url,
            read_fault=read_fault,
            keeper=keeper,
            client=client,
            retry=CallRetry(),
            sleep=waits.append,
        )
        yield Bench(
            sandbox=sandbox,
            url=server.url,
            address=address,
            keeper=keeper,
            http=http,
            browser=person_client,
            waits=waits,
        )


@pytest.fixture
def read(bench: Bench) -> Reader:
    """Read as a new session does."""

    def session(watermark: Watermark | None) -> ChangeSet:
        return bench.connect().changes.read(watermark, WINDOW)

    return session
