"""Networks that lose, refuse and garble: transports around the real one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import httpx2
import msgspec

from tests.scenario.engine import plain_transport


def is_write(request: httpx2.Request) -> bool:
    """Whether a call, or a part of it, changes anything."""
    if request.method == "GET":
        return False
    body = msgspec.json.decode(request.content) if request.content else {}
    for parts in ("requests", "compositeRequest"):
        if parts in body:
            return any(part["method"] != "GET" for part in body[parts])
    is_retrieval = request.method == "POST" and "ids" in body
    return not is_retrieval


Trouble = Callable[[httpx2.Request, httpx2.BaseTransport], httpx2.Response]


def lose_answer(
    request: httpx2.Request, inner: httpx2.BaseTransport
) -> httpx2.Response:
    """The call takes effect; nobody hears of it."""
    inner.handle_request(request).read()
    raise httpx2.ReadError("the answer was lost", request=request)


def reset(request: httpx2.Request, inner: httpx2.BaseTransport) -> httpx2.Response:
    """The connection breaks before the call arrives."""
    del inner
    raise httpx2.ReadError("connection reset", request=request)


def status(code: int, *, is_done: bool) -> Trouble:
    """An HTML page of a gateway, before or after the call took effect."""

    def answer(request: httpx2.Request, inner: httpx2.BaseTransport) -> httpx2.Response:
        if is_done:
            inner.handle_request(request).read()
        return httpx2.Response(
            code, headers={"content-type": "text/html"}, text="<html>sorry</html>"
        )

    return answer


def rewrite(change: Callable[[bytes], bytes]) -> Trouble:
    """The call takes effect; its answer arrives changed."""

    def answer(request: httpx2.Request, inner: httpx2.BaseTransport) -> httpx2.Response:
        response = inner.handle_request(request)
        headers = {
            name: value
            for name, value in response.headers.items()
            if name.lower() not in ("content-length", "content-encoding")
        }
        return httpx2.Response(
            response.status_code, headers=headers, content=change(response.read())
        )

    return answer


#: What may happen to a call, by name.
TROUBLES: dict[str, Trouble] = {
    "answer lost": lose_answer,
    "reset before": reset,
    "500 before": status(500, is_done=False),
    "500 after": status(500, is_done=True),
    "503 before": status(503, is_done=False),
    "503 after": status(503, is_done=True),
}


@dataclass
class TroubledTransport(httpx2.BaseTransport):
    """Does something else than carrying to the chosen calls.

    `chosen` is asked with the number of a call, from 0, among those that
    `counts` lets count.
    """

    trouble: Trouble
    chosen: Callable[[int], bool]
    counts: Callable[[httpx2.Request], bool] = lambda request: True
    inner: httpx2.BaseTransport = field(default_factory=plain_transport)
    count: int = 0
    hits: list[str] = field(default_factory=list)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if not self.counts(request):
            return self.inner.handle_request(request)
        number = self.count
        self.count += 1
        if not self.chosen(number):
            return self.inner.handle_request(request)
        self.hits.append(f"{request.method} {request.url.path}")
        return self.trouble(request, self.inner)

    def close(self) -> None:
        self.inner.close()


class FirstAnswersLost(httpx2.BaseTransport):
    """Loses the answer to each different write once; repeats of it get through."""

    def __init__(self) -> None:
        self.inner = plain_transport()
        self.lost: set[tuple[str, str, bytes]] = set()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        call = (request.method, str(request.url), request.content)
        if not is_write(request) or call in self.lost:
            return self.inner.handle_request(request)
        self.lost.add(call)
        return lose_answer(request, self.inner)

    def close(self) -> None:
        self.inner.close()


class Interrupted(httpx2.BaseTransport):
    """Does something to the world before one of its calls, by its number from 0."""

    def __init__(self, number: int, act: Callable[[], None]) -> None:
        self.inner = plain_transport()
        self.left = number
        self.act = act

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if self.left == 0:
            self.act()
        self.left -= 1
        return self.inner.handle_request(request)

    def close(self) -> None:
        self.inner.close()
