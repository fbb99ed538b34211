"""A sandbox that is served, and the connector's way to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
from starlette.types import ASGIApp

from syncline.connectors.base.http import Answer, Http
from syncline.domain.access.grant import Connection, Grant
from syncline.domain.values.faults import Fault
from syncline.sandbox.base.serving import ServedApp


@dataclass
class FixedKeeper:
    """A grant that never needs renewal."""

    connection: Connection
    grant: Grant

    def current(self) -> Grant:
        return self.grant

    def renew(self, used: Grant) -> Grant:
        raise AssertionError("nothing in the contract makes a grant expire")


@dataclass
class Door:
    """A running sandbox: the connector's client, and a person's."""

    url: str
    http: Http
    person: httpx2.Client

    def call(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  # JSON
        """What a person's own program does."""
        answer = self.person.request(method, f"{self.url}{path}", json=body)
        assert answer.is_success, f"{method} {path}: {answer.text}"
        return answer.json() if answer.content else None

    def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  # JSON
        """Speak to the sandbox's control."""
        return self.call(method, f"/_control{path}", body)

    def fault(self, kind: str, method: str = "", path_contains: str = "") -> None:
        """Plan one misbehavior."""
        match = {"method": method, "path_contains": path_contains}
        self.control("POST", "/faults", {"kind": kind, "match": match, "times": 1})


@contextmanager
def open_door(
    app: ASGIApp,
    provider: str,
    account: dict[str, str],
    read_fault: Callable[[Answer], Fault],
    **headers: str,
) -> Iterator[Door]:
    """Serve a sandbox for one account while the block runs.

    Args:
        app: The sandbox.
        provider: Its connector's name.
        account: With `access_token` and `refresh_token`.
        read_fault: The connector's table.
        headers: What the person's program sends with each call.
    """
    token = account["access_token"]
    with (
        ServedApp(app) as served,
        httpx2.Client(timeout=10) as client,
        httpx2.Client(
            timeout=10, headers={"Authorization": f"Bearer {token}", **headers}
        ) as person,
    ):
        keeper = FixedKeeper(
            connection=Connection(
                id=1,
                provider=provider,
                base_url=served.url,
                token_url="",
                account=account.get("address") or account.get("username", ""),
            ),
            grant=Grant(access_token=token, refresh_token=account["refresh_token"]),
        )
        http = Http(
            provider=provider,
            base_url=served.url,
            read_fault=read_fault,
            keeper=keeper,
            client=client,
            sleep=lambda seconds: None,
        )
        yield Door(served.url, http, person)
