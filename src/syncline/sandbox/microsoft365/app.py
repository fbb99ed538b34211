"""The server: Graph below `/v1.0`, the sign-in service, and pages for people."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from syncline.sandbox.base.control import Counters, Fault, Faults
from syncline.sandbox.microsoft365.calls import (
    VERSION_ROOT,
    Answer,
    Request,
    Service,
)
from syncline.sandbox.microsoft365.control import GraphControlledApp
from syncline.sandbox.microsoft365.faults import (
    GraphError,
    error_response,
    planned_error,
)
from syncline.sandbox.microsoft365.routes.batch import CutConnectionError, answer_batch
from syncline.sandbox.microsoft365.routes.oauth import SignInService
from syncline.sandbox.microsoft365.routes.pages import Pages
from syncline.sandbox.microsoft365.routing import name_call, perform
from syncline.sandbox.microsoft365.seed import seed
from syncline.sandbox.microsoft365.store import DEFAULT_MAILBOXES, Tenant

_BATCH = "/$batch"
_METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"]


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Microsoft365Sandbox:
    """One tenant, ready to be served.

    Attributes:
        app: The ASGI application, with the control endpoints.
        tenant: What is stored.
    """

    def __init__(self, now: Callable[[], datetime] = _utc_now) -> None:
        """Start with the two usual mailboxes and no items."""
        self.now = now
        self.tenant = Tenant(now)
        self.counters = Counters()
        self.faults = Faults()
        self.service = Service(self.tenant, self.counters, self.faults)
        self._running: Counter[str] = Counter()
        for address, name in DEFAULT_MAILBOXES:
            self.tenant.add_mailbox(address, name)
        inner = Starlette(
            routes=[
                Route(VERSION_ROOT + "/{path:path}", self._graph, methods=_METHODS),
                *SignInService(self.service).routes(),
                *Pages(self.tenant).routes(),
            ]
        )
        self.app = GraphControlledApp(
            inner, self, self.counters, self.faults, name_call
        )
        self.app.tenant = self.tenant

    def accounts(self) -> list[dict[str, str]]:
        """Address and tokens of every mailbox."""
        found: list[dict[str, str]] = []
        for box in self.tenant.mailboxes.values():
            access, refresh = self.tenant.grants.newest(box.address)
            found.append(
                {
                    "address": box.address,
                    "access_token": access,
                    "refresh_token": refresh,
                }
            )
        return found

    def seed(self, data: dict[str, Any]) -> None:
        """Add mailboxes and items; see `seed.seed`."""
        seed(self.tenant, data)

    # --- what the control needs ---

    def expire_tokens(self) -> None:
        """Make every access token invalid; refresh tokens stay good."""
        self.tenant.grants.expire_all()

    def lose_delta_tokens(self) -> None:
        """Make every resume point invalid."""
        self.tenant.lose_delta_tokens()

    def error_response(self, fault: Fault) -> Response:
        """A failure in Graph's shape."""
        return error_response(planned_error(fault), self.now)

    def is_api_path(self, path: str) -> bool:
        """Whether a path is Graph's."""
        return path.startswith(VERSION_ROOT + "/")

    def dump(self) -> dict[str, Any]:
        """Everything that is stored, tokens and histories included."""
        return self.tenant.dump()

    def load(self, state: dict[str, Any]) -> None:
        """Replace everything that is stored."""
        self.tenant.load(state)

    # --- Graph ---

    async def _graph(self, http: HttpRequest) -> Response:
        request = await _read(http)
        limit = self.tenant.mailbox_concurrency
        if limit is None:
            return await self._answer(http, request)
        caller = self._limited_by(request)
        if self._running[caller] >= limit:
            throttled = GraphError(429, headers={"Retry-After": "1"})
            return error_response(throttled, self.now)
        self._running[caller] += 1
        try:
            await asyncio.sleep(self.tenant.concurrency_latency)
            return await self._answer(http, request)
        finally:
            self._running[caller] -= 1

    def _limited_by(self, request: Request) -> str:
        """The mailbox whose limit a call counts against."""
        token = request.headers.get("authorization", "").rpartition(" ")[2]
        own = self.tenant.grants.subject(token)
        return own or "/".join(request.path.split("/")[:3]).lower()

    async def _answer(self, http: HttpRequest, request: Request) -> Response:
        if request.path != _BATCH:
            return _respond(perform(self.service, request))
        if request.method != "POST":
            return error_response(GraphError(405, "BadRequest"), self.now)
        try:
            return _respond(await answer_batch(self.service, request))
        except GraphError as error:
            return error_response(error, self.now)
        except CutConnectionError:
            transport = http.scope.get("state", {}).get("transport")
            if transport is None:
                raise
            transport.abort()
            return Response(status_code=500)


async def _read(http: HttpRequest) -> Request:
    raw_path = http.scope.get("raw_path") or http.scope["path"].encode()
    path = raw_path.decode("latin-1").partition("?")[0].removeprefix(VERSION_ROOT)
    headers: dict[str, str] = {}
    for name, value in http.headers.items():
        known = headers.get(name)
        headers[name] = value if known is None else f"{known}, {value}"
    return Request(
        method=http.method,
        path=path.replace("%24", "$"),
        query=http.url.query,
        headers=headers,
        body=await http.body(),
        base_url=f"{http.url.scheme}://{http.url.netloc}",
    )


def _respond(answer: Answer) -> Response:
    headers = {"request-id": str(uuid.uuid4())} | answer.headers
    if answer.content is not None:
        return Response(answer.content, answer.status, headers)
    if answer.body is None:
        return Response(status_code=answer.status, headers=headers)
    return _AsciiJson(answer.body, answer.status, headers)


class _AsciiJson(JSONResponse):
    """JSON that can carry halves of characters, as cut previews have them."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, allow_nan=False, separators=(",", ":")).encode()


def build(now: Callable[[], datetime] = _utc_now) -> Microsoft365Sandbox:
    """A new sandbox with empty mailboxes.

    Args:
        now: The clock; aware, any zone.
    """
    return Microsoft365Sandbox(now)
