"""Serves a sandbox on a loopback port, in a thread of this process.

The connection's transport is handed to the application, so that a fault can
cut a connection without an answer.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from typing import Self

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

LOOPBACK = "127.0.0.1"


class DroppableProtocol(H11Protocol):
    """HTTP/1.1 whose transport the application may abort."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn annotates a narrower type
        """Remember the transport where a request's scope can see it."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class DatedApp:
    """An application whose answers carry the time of a clock of its own."""

    def __init__(self, app: ASGIApp, now: Callable[[], datetime]) -> None:
        """Wrap `app`; `now` tells the time in UTC."""
        self._app = app
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = format_datetime(self._now(), usegmt=True).encode()
                message["headers"] = [*message.get("headers", ()), (b"date", date)]
            await send(message)

        await self._app(scope, receive, send_dated)


class ServedApp:
    """One application, listening on a loopback port until it is closed."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        port: int = 0,
        tls: tuple[str, str] | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        """Bind at once.

        Args:
            port: 0 takes any free one.
            tls: Paths of a certificate and its key; then it speaks https.
            now: What the answers are dated by; this computer's clock otherwise.

        Raises:
            OSError: The port is taken.
        """
        # The protocol is named because asyncio sets TCP_NODELAY only then; without
        # it each answer waits 40 ms for an acknowledgement.
        self._socket = socket.socket(
            socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP
        )
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((LOOPBACK, port))
        self.port: int = self._socket.getsockname()[1]
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://{LOOPBACK}:{self.port}"
        config = uvicorn.Config(
            DatedApp(app, now) if now else app,
            date_header=now is None,
            http=DroppableProtocol,
            loop="asyncio",
            lifespan="off",
            log_level="critical",
            access_log=False,
            timeout_graceful_shutdown=1,
            ssl_certfile=tls[0] if tls else None,
            ssl_keyfile=tls[1] if tls else None,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), daemon=True
        )

    def start(self) -> Self:
        """Begin to answer; returns when the first request can be sent."""
        self._socket.listen(128)
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop answering and wait for the thread."""
        self._server.should_exit = True
        self._thread.join(timeout=5)
        self._socket.close()

    def __enter__(self) -> Self:
        """Start, for a `with` block."""
        return self.start()

    def __exit__(self, *details: object) -> None:
        """Close, whatever happened."""
        self.close()
