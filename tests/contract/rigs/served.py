"""A sandbox that is served, and the connector's way to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import msgspec
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


class LossyTransport(httpx2.BaseTransport):
    """Carries calls, and on demand loses the answer to one that writes."""

    def __init__(self) -> None:
        self.inner = httpx2.HTTPTransport()
        self.must_lose = False

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = self.inner.handle_request(request)
        if self.must_lose and writes(request):
            self.must_lose = False
            response.read()
            response.close()
            raise httpx2.ReadError("the answer was lost", request=request)
        return response

    def close(self) -> None:
        self.inner.close()


def writes(request: httpx2.Request) -> bool:
    """Whether a call, or a part of it, changes anything."""
    if request.method == "GET":
        return False
    body = msgspec.json.decode(request.content) if request.content else {}
    for parts in ("requests", "compositeRequest"):
        if parts in body:
            return any(part["method"] != "GET" for part in body[parts])
    is_retrieval = request.method == "POST" and "ids" in body
    return not is_retrieval


@dataclass
class Door:
    """A running sandbox: the connector's client, and a person's."""

    url: str
    account: dict[str, str]
    http: Http
    person: httpx2.Client
    transport: LossyTransport
    pristine: object = field(default=None)

    def __post_init__(self) -> None:
        self.pristine = self.control("GET", "/state")

    def reset(self) -> None:
        """Bring the sandbox back to how it was when it was opened."""
        self.control("DELETE", "/faults")
        self.control("POST", "/state", self.pristine)
        self.transport.must_lose = False

    def call(self, method: str, path: str, body: object = None) -> Any:  # JSON
        """What a person's own program does."""
        answer = self.person.request(method, f"{self.url}{path}", json=body)
        assert answer.is_success, f"{method} {path}: {answer.text}"
        return answer.json() if answer.content else None

    def control(self, method: str, path: str, body: object = None) -> Any:  # JSON
        """Speak to the sandbox's control."""
        return self.call(method, f"/_control{path}", body)

    def lose_delta_tokens(self) -> None:
        """Make every resume point worthless."""
        self.control("POST", "/faults", {"kind": "lose_delta_tokens"})


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
    transport = LossyTransport()
    with (
        ServedApp(app) as served,
        httpx2.Client(timeout=10, transport=transport) as client,
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
        yield Door(
            url=served.url,
            account=account,
            http=http,
            person=person,
            transport=transport,
        )
