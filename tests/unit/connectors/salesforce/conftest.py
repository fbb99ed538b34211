"""A served Salesforce org, and the connector that talks to it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest
from crm_org import Org
from starlette.types import ASGIApp, Receive, Scope, Send

from syncline.connectors.salesforce import Salesforce
from syncline.sandbox.base.serving import ServedApp
from syncline.sandbox.salesforce.app import build as build_sandbox


class Door:
    """Leads each request to the org of the test that runs."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def door() -> Door:
    """Starting a server costs more than a test: all tests share one."""
    return Door()


@pytest.fixture(scope="session")
def port(door: Door) -> Iterator[ServedApp]:
    """The shared server."""
    with ServedApp(door) as running:
        yield running


@pytest.fixture(scope="session")
def pool() -> Iterator[httpx2.Client]:
    """Loading certificates takes longer than a test, and http needs none."""
    with httpx2.Client(verify=False) as client:
        yield client


@pytest.fixture
def org(port: ServedApp, door: Door, pool: httpx2.Client) -> Iterator[Org]:
    """A fresh org on the shared port."""
    sandbox = build_sandbox()
    door.app = sandbox.app
    yield Org(sandbox, port.url, pool)
    door.app = None


@pytest.fixture
def salesforce(org: Org) -> Salesforce:
    """The connector of the first user."""
    return org.connect()
