"""Counts calls and injects faults, around any provider's application.

The control endpoints live under `/_control`, outside the vendor's paths:

    GET    /_control/counters         what was called since the last reset
    POST   /_control/counters/reset
    GET    /_control/faults           faults that still wait
    POST   /_control/faults           add one fault
    DELETE /_control/faults           forget all faults
    GET    /_control/state            everything the provider stores
    POST   /_control/state            replace everything the provider stores

A fault waits until a call matches it, acts `times` times and is gone. Beside the
failures of a network there is `malformed`: the call takes effect, and only half of
its answer is sent.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import unquote_plus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTROL_PREFIX = "/_control"
JSON_TYPE = "application/json"
KINDS = (
    "status",
    "drop_response",
    "reset",
    "expire_tokens",
    "lose_delta_tokens",
    "slow",
    "malformed",
)


@dataclass(slots=True)
class Counters:
    """What a sandbox was asked to do."""

    requests: int = 0
    writes: int = 0
    guest_mails: int = 0
    by_call: Counter[str] = field(default_factory=Counter)

    def reset(self) -> None:
        """Start counting from zero."""
        self.requests = self.writes = self.guest_mails = 0
        self.by_call.clear()

    def as_json(self) -> dict[str, Any]:
        """The answer of `GET /_control/counters`."""
        return {
            "requests": self.requests,
            "writes": self.writes,
            "guest_mails": self.guest_mails,
            "by_call": dict(sorted(self.by_call.items())),
        }


@dataclass(slots=True)
class Fault:
    """One planned misbehavior.

    `path_contains` is compared with the path and query of a request, and with
    the URL of each part of a batch.
    """

    kind: str
    method: str = ""
    path_contains: str = ""
    status: int = 500
    retry_after: float | None = None
    times: int = 1
    when: str = "before"
    seconds: float = 2.0
    code: str = ""

    @classmethod
    def from_json(cls, raw: Any) -> Fault:
        """Read a fault as posted.

        Raises:
            ValueError: It is not one; the text says what is wrong.
        """
        if not isinstance(raw, dict):
            raise ValueError("a fault is a JSON object")
        kind = raw.get("kind")
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        match = raw.get("match") or {}
        if not isinstance(match, dict):
            raise ValueError("match must be an object with method, path_contains")
        default_when = "after" if kind == "drop_response" else "before"
        when = raw.get("when") or default_when
        if when not in ("before", "after"):
            raise ValueError("when must be before or after")
        retry_after = raw.get("retry_after")
        return cls(
            kind=kind,
            method=str(match.get("method") or "").upper(),
            path_contains=str(match.get("path_contains") or ""),
            status=int(raw.get("status") or 500),
            retry_after=None if retry_after is None else float(retry_after),
            times=int(raw.get("times") or 1),
            when=when,
            seconds=float(raw.get("seconds") or 2.0),
            code=str(raw.get("code") or ""),
        )

    def matches(self, method: str, path: str) -> bool:
        """Whether a call is the one that this fault waits for."""
        if self.method not in ("", method.upper()):
            return False
        return self.path_contains in path or self.path_contains in unquote_plus(path)

    def as_json(self) -> dict[str, Any]:
        """The fault as it was posted, with `times` still to come."""
        return {
            "match": {"method": self.method, "path_contains": self.path_contains},
            "kind": self.kind,
            "status": self.status,
            "retry_after": self.retry_after,
            "times": self.times,
            "when": self.when,
            "seconds": self.seconds,
            "code": self.code,
        }


@dataclass(slots=True)
class Faults:
    """The faults that still wait for their call."""

    waiting: list[Fault] = field(default_factory=list)

    def take(
        self, method: str, path: str, kinds: tuple[str, ...] = KINDS
    ) -> Fault | None:
        """The first waiting fault that matches, used up by one.

        Args:
            kinds: The ones that the asking place can act out.
        """
        for fault in self.waiting:
            if fault.kind in kinds and fault.matches(method, path):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None


class Provider(Protocol):
    """What the control needs from a provider's sandbox."""

    def expire_tokens(self) -> None:
        """Make every access token invalid; refresh tokens stay good."""

    def lose_delta_tokens(self) -> None:
        """Make every resume point invalid."""

    def error_response(self, fault: Fault) -> Response:
        """A failure in the vendor's own shape for a `status` fault."""

    def is_api_path(self, path: str) -> bool:
        """Whether a path is the vendor's (counted), not a page for people."""

    def dump(self) -> dict[str, Any]:
        """Everything that is stored, as JSON."""

    def load(self, state: dict[str, Any]) -> None:
        """Replace everything that is stored."""


def _full_path(scope: Scope) -> str:
    raw = scope.get("raw_path") or scope["path"].encode()
    path: str = raw.decode("latin-1")
    query = scope.get("query_string", b"")
    return f"{path}?{query.decode('latin-1')}" if query else path


class _DroppedError(Exception):
    """The answer must not reach the client."""


class ControlledApp:
    """A provider's application with counters, faults and control endpoints."""

    def __init__(
        self,
        app: ASGIApp,
        provider: Provider,
        counters: Counters,
        faults: Faults,
        name_call: Callable[[str, str], str],
    ) -> None:
        """Wrap `app`; `name_call` shortens method and path for `by_call`."""
        self.app = app
        self.provider = provider
        self.counters = counters
        self.faults = faults
        self.name_call = name_call

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        if path.startswith(CONTROL_PREFIX):
            response = await self._control(Request(scope, receive))
            await response(scope, receive, send)
            return
        if not self.provider.is_api_path(path):
            await self.app(scope, receive, send)
            return
        self.count(scope["method"], path)
        fault = self.faults.take(scope["method"], _full_path(scope))
        if fault is None:
            await self.app(scope, receive, send)
        else:
            await self._misbehave(fault, scope, receive, send)

    def count(self, method: str, path: str) -> None:
        """Count one call of the vendor's API."""
        self.counters.requests += 1
        self.counters.by_call[self.name_call(method, path)] += 1

    async def _misbehave(
        self, fault: Fault, scope: Scope, receive: Receive, send: Send
    ) -> None:
        match fault.kind:
            case "expire_tokens":
                self.provider.expire_tokens()
                await self.app(scope, receive, send)
            case "lose_delta_tokens":
                self.provider.lose_delta_tokens()
                await self.app(scope, receive, send)
            case "slow":
                await asyncio.sleep(fault.seconds)
                await self.app(scope, receive, send)
            case "malformed":
                await self._run_garbled(scope, receive, send)
            case "status":
                if fault.when == "after":
                    await self._run_unheard(scope, receive)
                response = self.provider.error_response(fault)
                await response(scope, receive, send)
            case _:
                if fault.when == "after":
                    await self._run_unheard(scope, receive)
                self._cut(scope)

    async def _run_unheard(self, scope: Scope, receive: Receive) -> None:
        """Let the call take effect and swallow its answer."""

        async def swallow(message: Message) -> None:
            del message

        await self.app(scope, receive, swallow)

    async def _run_garbled(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the call take effect and send only the first half of its answer."""
        body = bytearray()

        async def keep(message: Message) -> None:
            body.extend(message.get("body", b""))

        await self.app(scope, receive, keep)
        response = Response(bytes(body[: len(body) // 2]), media_type=JSON_TYPE)
        await response(scope, receive, send)

    @staticmethod
    def _cut(scope: Scope) -> None:
        """Close the connection without an answer."""
        transport = scope.get("state", {}).get("transport")
        if transport is None:
            raise _DroppedError("served without DroppableProtocol")
        transport.abort()

    async def _control(self, request: Request) -> Response:
        where = request.url.path.removeprefix(CONTROL_PREFIX).rstrip("/")
        match (request.method, where):
            case ("GET", "/counters"):
                return JSONResponse(self.counters.as_json())
            case ("POST", "/counters/reset"):
                self.counters.reset()
                return JSONResponse(self.counters.as_json())
            case ("GET", "/faults"):
                return JSONResponse([f.as_json() for f in self.faults.waiting])
            case ("DELETE", "/faults"):
                self.faults.waiting.clear()
                return Response(status_code=204)
            case ("POST", "/faults"):
                return await self._add_fault(request)
            case ("GET", "/state"):
                return JSONResponse(self.provider.dump())
            case ("POST", "/state"):
                self.provider.load(await request.json())
                return Response(status_code=204)
            case _:
                return await self.control_more(request, where)

    async def control_more(self, request: Request, where: str) -> Response:
        """Controls that only one provider has; none here."""
        del request, where
        return JSONResponse({"error": "no such control"}, status_code=404)

    async def _add_fault(self, request: Request) -> Response:
        try:
            fault = Fault.from_json(json.loads(await request.body()))
        except (ValueError, TypeError) as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        at_once = not fault.method and not fault.path_contains
        if at_once and fault.kind == "expire_tokens":
            self.provider.expire_tokens()
        elif at_once and fault.kind == "lose_delta_tokens":
            self.provider.lose_delta_tokens()
        else:
            self.faults.waiting.append(fault)
        return JSONResponse(fault.as_json(), status_code=201)
