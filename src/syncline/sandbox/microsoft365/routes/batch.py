"""Several calls in one request."""

from __future__ import annotations

import asyncio
import base64
import json
import random
from dataclasses import dataclass

from syncline.sandbox.base.control import Fault
from syncline.sandbox.microsoft365.calls import (
    VERSION_ROOT,
    Answer,
    Request,
    Service,
    failure,
    is_failure,
    read_json,
)
from syncline.sandbox.microsoft365.entities import Json
from syncline.sandbox.microsoft365.faults import GraphError, planned_error
from syncline.sandbox.microsoft365.routing import authenticate, name_call, perform

LARGEST_BATCH = 20
_METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")


class CutConnectionError(Exception):
    """A fault of a part wants the whole answer to be lost."""


@dataclass(slots=True)
class Part:
    """One call of a batch."""

    id: str
    request: Request
    needs: tuple[str, ...]


async def answer_batch(service: Service, request: Request) -> Answer:
    """Carry out the parts; their answers come in no particular order.

    Raises:
        GraphError: The envelope is not acceptable.
        CutConnectionError: A fault wants no answer at all.
    """
    authenticate(service, request)
    parts = _read_parts(request)
    answers: dict[str, Answer] = {}
    is_cut = False
    for part in parts:
        service.counters.by_call[
            "batch: " + name_call(part.request.method, part.request.path)
        ] += 1
        if any(is_failure(answers[needed]) for needed in part.needs):
            answers[part.id] = failure(GraphError(424), service)
            continue
        fault = service.faults.take(part.request.method, _with_root(part.request.url))
        if fault is not None and fault.kind == "reset" and fault.when == "before":
            raise CutConnectionError
        is_cut |= fault is not None and fault.kind in ("drop_response", "reset")
        answers[part.id] = await _perform_part(service, part, fault)
    if is_cut:
        raise CutConnectionError
    shown = [_show(part, answers[part.id]) for part in parts]
    random.Random(service.counters.requests).shuffle(shown)
    return Answer(200, {"responses": shown})


def _with_root(url: str) -> str:
    return f"{VERSION_ROOT}{url}"


async def _perform_part(service: Service, part: Part, fault: Fault | None) -> Answer:
    if fault is None:
        return perform(service, part.request)
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
    elif fault.kind == "expire_tokens":
        service.tenant.grants.expire_all()
    elif fault.kind == "lose_delta_tokens":
        service.tenant.lose_delta_tokens()
    elif fault.kind == "status":
        if fault.when == "after":
            perform(service, part.request)
        return failure(planned_error(fault), service)
    elif fault.kind == "malformed":
        perform(service, part.request)
        return Answer(200, content=b'{"value": [{"id": ')
    return perform(service, part.request)


def _refused(message: str) -> GraphError:
    return GraphError(400, "BadRequest", message)


def _read_parts(request: Request) -> list[Part]:
    body = read_json(request)
    raw_parts = body.get("requests") if isinstance(body, dict) else None
    if not isinstance(raw_parts, list) or not raw_parts:
        raise _refused("Invalid batch payload format.")
    if len(raw_parts) > LARGEST_BATCH:
        raise _refused(
            f"Number of batch request steps exceeds the maximum value of "
            f"{LARGEST_BATCH}."
        )
    parts: list[Part] = []
    for raw in raw_parts:
        part = _read_part(request, raw)
        known = {one.id for one in parts}
        if part.id in known:
            raise _refused("Request Id values should be unique.")
        if not set(part.needs) <= known:
            raise _refused("Request Depends On Request Id is invalid.")
        parts.append(part)
    return parts


def _read_part(request: Request, raw: object) -> Part:
    if not isinstance(raw, dict):
        raise _refused("Invalid batch payload format.")
    method = str(raw.get("method", "")).upper()
    url, part_id = raw.get("url"), raw.get("id")
    if method not in _METHODS or not isinstance(url, str) or not part_id:
        raise _refused("A batch request step needs an id, a method and a url.")
    headers = raw.get("headers") or {}
    needs = raw.get("dependsOn") or []
    if not isinstance(headers, dict) or not isinstance(needs, list):
        raise _refused("Invalid batch payload format.")
    # The vendor's own client sends absolute addresses; Graph takes them too.
    root = request.base_url + VERSION_ROOT
    path, _, query = url.removeprefix(root).partition("?")
    body = raw.get("body")
    inherited = {
        name: value
        for name, value in request.headers.items()
        if name in ("authorization", "user-agent")
    }
    return Part(
        id=str(part_id),
        request=Request(
            method=method,
            path="/" + path.lstrip("/"),
            query=query,
            headers=inherited | {k.lower(): str(v) for k, v in headers.items()},
            body=b"" if body is None else json.dumps(body).encode(),
            base_url=request.base_url,
        ),
        needs=tuple(str(one) for one in needs),
    )


def _show(part: Part, answer: Answer) -> Json:
    shown: Json = {"id": part.id, "status": answer.status}
    headers = dict(answer.headers)
    if answer.content is not None:
        headers.setdefault("Content-Type", "text/plain")
        shown["body"] = _encoded(answer.content)
    elif answer.body is not None:
        headers["Content-Type"] = "application/json"
        shown["body"] = answer.body
    shown["headers"] = headers
    return shown


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()
