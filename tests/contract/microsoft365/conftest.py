"""A mailbox in the sandbox, and the connector that is to work on it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from syncline.connectors.base.http import Http
from syncline.connectors.microsoft365.faults import read_fault
from syncline.domain.access.grant import Connection, Grant
from syncline.domain.cadence.retry import CallRetry
from syncline.domain.values.changes import ChangeSet, Watermark
from syncline.sandbox.base.serving import ServedApp
from syncline.sandbox.microsoft365.app import build as build_sandbox
from tests.contract.microsoft365.bench import WINDOW, Bench, Keeper, Reader


@pytest.fixture
def bench() -> Iterator[Bench]:
    sandbox = build_sandbox()
    with ServedApp(sandbox.app) as served, httpx2.Client(timeout=10) as client:
        account = sandbox.accounts()[0]
        address = account["address"]
        keeper = Keeper(
            sandbox=sandbox,
            address=address,
            connection=Connection(
                id=1,
                provider="microsoft365",
                base_url=served.url,
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
            base_url=served.url,
            read_fault=read_fault,
            keeper=keeper,
            client=client,
            retry=CallRetry(),
            sleep=waits.append,
        )
        yield Bench(
            sandbox=sandbox,
            url=served.url,
            address=address,
            keeper=keeper,
            http=http,
            waits=waits,
        )


@pytest.fixture
def read(bench: Bench) -> Reader:
    """Read as a new session does."""

    def session(watermark: Watermark | None) -> ChangeSet:
        return bench.connect().changes.read(watermark, WINDOW)

    return session
