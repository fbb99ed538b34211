"""Numbers everything that a session does to the world: calls and commits.

Points are the moments between effects: point 0 is before the first, point n
after the n-th took place and before anything else happens. After an effect and
before the next are the same moment, because nothing lasting lies between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import httpx2

from syncline.domain.ports import Commit, Lease, Ledger
from syncline.domain.sessions import Session
from syncline.domain.values.ids import SessionId


@dataclass
class Effects:
    """Counts effects, and tells `at_point` of each moment between them."""

    at_point: Callable[[int], None] = lambda point: None
    names: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Nothing was done yet."""
        self.at_point(0)

    def done(self, name: str) -> None:
        """One more effect took place."""
        self.names.append(name)
        self.at_point(len(self.names))


class CountedTransport(httpx2.BaseTransport):
    """Carries calls and counts each when its answer is there."""

    def __init__(self, effects: Effects, inner: httpx2.BaseTransport) -> None:
        self.effects = effects
        self.inner = inner

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = self.inner.handle_request(request)
        response.read()
        self.effects.done(f"{request.method} {request.url.path}")
        return response

    def close(self) -> None:
        self.inner.close()


class CountedLedger:
    """`ports.Ledger` that counts each commit."""

    def __init__(self, effects: Effects, inner: Ledger) -> None:
        self.effects = effects
        self.inner = inner

    def begin(self, lease: Lease, session: Session) -> SessionId:
        found = self.inner.begin(lease, session)
        self.effects.done("begin")
        return found

    def commit(self, commit: Commit) -> None:
        self.inner.commit(commit)
        self.effects.done("commit")
