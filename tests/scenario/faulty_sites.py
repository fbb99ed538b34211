"""A network in which one call site fails, for as long as a session lasts.

A refusal comes before the effect; a timeout, a malformed body and a truncated
page come after it, because then nobody can tell.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.scenario.call_sites import (
    Site,
    Spot,
    parts_of,
    read_json,
    spots_of,
)
from tests.scenario.engine import plain_transport
from tests.scenario.refusals import Refusal

_LISTS = ("value", "records", "responses", "compositeResponse")
_LINKS = ("@odata.nextLink", "@odata.deltaLink", "nextRecordsUrl")


class SeenSites(httpx2.BaseTransport):
    """Carries calls and remembers their sites, in order."""

    def __init__(self) -> None:
        self.inner = plain_transport()
        self.sites: dict[Site, int] = {}
        self.calls = 0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.calls += 1
        for spot in spots_of(request):
            self.sites[spot.site] = self.sites.get(spot.site, 0) + 1
        return self.inner.handle_request(request)

    def close(self) -> None:
        self.inner.close()


@dataclass
class FaultySite(httpx2.BaseTransport):
    """Refuses at one site.

    Of parts and rows, only the first that is met fails, each time that it is
    sent; of whole calls, all of that shape.
    """

    site: Site
    refusal: Refusal
    inner: httpx2.BaseTransport = field(default_factory=plain_transport)
    #: How often each call was met, by what it asks.
    hits: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    #: How often the same was asked without anything else in between.
    longest_run: int = 0
    _run: tuple[str, int] = ("", 0)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.calls += 1
        spot = next((s for s in spots_of(request) if self._is_met(s)), None)
        if spot is None:
            self._run = ("", 0)
            return self.inner.handle_request(request)
        self.hits[spot.identity] += 1
        last, length = self._run
        self._run = (spot.identity, length + 1 if last == spot.identity else 1)
        self.longest_run = max(self.longest_run, self._run[1])
        if spot.site.inside == "part":
            return self._refuse_part(request, spot.index)
        if spot.site.inside == "row":
            return self._refuse_row(request, spot.index)
        return self._refuse_call(request)

    def _is_met(self, spot: Spot) -> bool:
        if spot.site != self.site:
            return False
        return not (spot.site.inside and self.hits) or spot.identity in self.hits

    def _refuse_call(self, request: httpx2.Request) -> httpx2.Response:
        match self.refusal.manner:
            case "":
                status, headers, body = self.refusal.answer(self.site.provider)
                return _response(status, body, headers)
            case "reset":
                raise httpx2.ReadError("connection reset", request=request)
            case "timeout":
                self.inner.handle_request(request).read()
                raise httpx2.ReadTimeout("no answer in time", request=request)
            case "malformed":
                response = self.inner.handle_request(request)
                body = response.read()
                return _copy(response, body[: len(body) // 2] or b"{")
            case _:
                response = self.inner.handle_request(request)
                body = response.read()
                return _copy(response, _truncated_bytes(body))

    def _refuse_part(self, request: httpx2.Request, index: int) -> httpx2.Response:
        envelope = json.loads(request.content)
        parts = parts_of(envelope)
        refused = parts[index]
        if self.refusal.manner in ("", "reset"):
            kept = [part for part in parts if part is not refused]
            answers = self._carry(request, envelope, kept)
        else:
            answers = self._carry(request, envelope, parts)
        name = next(n for n in ("responses", "compositeResponse") if n in answers)
        answers[name] = self._garbled(answers[name], refused)
        return _response(200, answers)

    def _garbled(self, answers: list[Any], refused: dict[str, Any]) -> list[Any]:
        known = "id" if "id" in refused else "referenceId"
        status, body = (
            ("status", "body") if known == "id" else ("httpStatusCode", "body")
        )
        headers = "headers" if known == "id" else "httpHeaders"
        others = [a for a in answers if a[known] != refused[known]]
        own = next((a for a in answers if a[known] == refused[known]), {})
        match self.refusal.manner:
            case "":
                code, sent, text = self.refusal.answer(self.site.provider)
                made = {known: refused[known], status: code, body: text, headers: sent}
                return [*others, made]
            case "timeout" | "reset":
                return others
            case "malformed":
                return [*others, {**own, body: "<html>sorry"}]
            case _:
                return [*others, {**own, body: _truncated(own.get(body))}]

    def _carry(
        self, request: httpx2.Request, envelope: dict[str, Any], parts: list[Any]
    ) -> dict[str, Any]:
        name = "requests" if "requests" in envelope else "compositeRequest"
        if not parts:
            answers = "responses" if name == "requests" else "compositeResponse"
            return {answers: []}
        sent = {**envelope, name: parts}
        found: dict[str, Any] = json.loads(self._send(request, sent).read())
        return found

    def _refuse_row(self, request: httpx2.Request, index: int) -> httpx2.Response:
        if request.method == "DELETE":
            ids = dict(request.url.params)["ids"].split(",")
            kept = [each for at, each in enumerate(ids) if at != index]
            url = request.url.copy_set_param("ids", ",".join(kept))
            results = self._rows(request, kept, url=url)
        else:
            body = json.loads(request.content)
            kept = [row for at, row in enumerate(body["records"]) if at != index]
            results = self._rows(request, kept, body={**body, "records": kept})
        results.insert(index, self.refusal.row_answer())
        return _response(200, results)

    def _rows(
        self,
        request: httpx2.Request,
        kept: list[Any],
        *,
        url: httpx2.URL | None = None,
        body: Any = None,
    ) -> list[Any]:
        if not kept:
            return []
        answer = self._send(request, body, url)
        found: list[Any] = json.loads(answer.read())
        return found

    def _send(
        self, request: httpx2.Request, body: Any, url: httpx2.URL | None = None
    ) -> httpx2.Response:
        headers = {
            name: value
            for name, value in request.headers.items()
            if name.lower() != "content-length"
        }
        content = None if body is None else json.dumps(body).encode()
        return self.inner.handle_request(
            httpx2.Request(
                request.method, url or request.url, headers=headers, content=content
            )
        )

    def close(self) -> None:
        self.inner.close()


def _truncated_bytes(body: bytes) -> bytes:
    found = read_json(body)
    return json.dumps(_truncated(found)).encode() if found is not None else b"{"


def _truncated(found: Any) -> Any:
    """Half of the rows, and no word about more."""
    if isinstance(found, list):
        return found[: len(found) // 2]
    if not isinstance(found, dict):
        return found
    halved = {n: v for n, v in found.items() if n not in _LINKS}
    for name in _LISTS:
        if isinstance(found.get(name), list):
            halved[name] = found[name][: len(found[name]) // 2]
    return halved


def _copy(response: httpx2.Response, body: bytes) -> httpx2.Response:
    headers = {
        name: value
        for name, value in response.headers.items()
        if name.lower() not in ("content-length", "content-encoding")
    }
    return httpx2.Response(response.status_code, headers=headers, content=body)


def _response(
    status: int, body: Any, headers: dict[str, str] | None = None
) -> httpx2.Response:
    return httpx2.Response(
        status,
        headers={"content-type": "application/json", **(headers or {})},
        content=json.dumps(body).encode(),
    )
