"""`/composite` and `/composite/batch`: several calls in one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias, TypeGuard

from syncline.sandbox.salesforce.calls import DATA_ROOT, Answer, Call, split_url
from syncline.sandbox.salesforce.entities import Json
from syncline.sandbox.salesforce.faults import RefusedError, fault_body, refuse

MOST_PARTS = 25
MOST_HEAVY_PARTS = 5
FAILURE = 300
NOT_MODIFIED = 304
_REFERENCE = re.compile(r"@\{(\w+)((?:\.\w+|\[\d+\])*)\}")
_HEAVY = re.compile(r"/v[\d.]+/(query|queryAll|composite/sobjects)\b")

#: Answers a call; given by the application, which knows all resources.
Dispatch: TypeAlias = Callable[[Call], Answer]


def run_composite(call: Call, dispatch: Dispatch) -> Answer:
    """Run parts in order; later ones may refer to answers of earlier ones."""
    body = call.json_object()
    parts = _checked_parts(body.get("compositeRequest"))
    together = bool(body.get("allOrNone"))
    org = call.org
    point = org.begin() if together else 0
    done: dict[str, Answer] = {}
    for part in parts:
        reference = str(part.get("referenceId") or "")
        if together and any(map(_failed, done.values())):
            done[reference] = _halted()
        else:
            done[reference] = _run_part(call, dispatch, part, done)
    if together:
        if any(_failed(answer) for answer in done.values()):
            org.roll_back(point)
            done = {n: a if _failed(a) else _halted() for n, a in done.items()}
        org.end()
    shown = [_shown(name, answer) for name, answer in done.items()]
    return Answer(body={"compositeResponse": shown})


def _failed(answer: Answer) -> bool:
    return answer.status >= FAILURE and answer.status != NOT_MODIFIED


def _shown(name: str, answer: Answer) -> Json:
    return {
        "body": answer.body,
        "httpHeaders": answer.headers,
        "httpStatusCode": answer.status,
        "referenceId": name,
    }


def _halted() -> Answer:
    text = (
        "The transaction was rolled back since another operation in the same "
        "transaction failed."
    )
    return Answer(400, [{"errorCode": "PROCESSING_HALTED", "message": text}])


def _are_objects(parts: Json) -> TypeGuard[list[dict[str, Json]]]:
    return isinstance(parts, list) and all(isinstance(p, dict) for p in parts)


def _checked_parts(parts: Json) -> list[dict[str, Json]]:
    if not _are_objects(parts):
        raise refuse("JSON_PARSER_ERROR", "compositeRequest must be a list")
    if len(parts) > MOST_PARTS:
        text = f"Composite request limit exceeded: at most {MOST_PARTS} subrequests"
        raise refuse("LIMIT_EXCEEDED", text)
    heavy = sum(bool(_HEAVY.search(str(part.get("url")))) for part in parts)
    if heavy > MOST_HEAVY_PARTS:
        text = (
            f"Composite request limit exceeded: at most {MOST_HEAVY_PARTS} query or "
            "sObject collection subrequests"
        )
        raise refuse("LIMIT_EXCEEDED", text)
    names = [part.get("referenceId") for part in parts]
    if not all(isinstance(n, str) for n in names) or len(set(names)) < len(names):
        text = "Each subrequest needs a referenceId of its own."
        raise refuse("INVALID_INPUT", text)
    return parts


def _run_part(
    call: Call, dispatch: Dispatch, part: dict[str, Json], done: dict[str, Answer]
) -> Answer:
    try:
        url = str(_resolved(part.get("url") or "", done))
        inner = _inner_call(call, part, url, _resolved(part.get("body"), done))
    except RefusedError as error:
        return Answer(error.status, error.body)
    return run_inner(inner, url, dispatch)


def _inner_call(call: Call, part: dict[str, Json], url: str, body: Json) -> Call:
    version, path, query = split_url(url)
    given = part.get("httpHeaders") or {}
    if not isinstance(given, dict):
        raise refuse("JSON_PARSER_ERROR", "httpHeaders must be an object")
    headers = {str(name).lower(): str(value) for name, value in given.items()}
    return Call(
        org=call.org,
        user_id=call.user_id,
        method=str(part.get("method") or "GET").upper(),
        version=version,
        path=path,
        query=query,
        headers=call_headers(call) | headers,
        body=body,
        inner=True,
    )


def call_headers(call: Call) -> dict[str, str]:
    """The headers of the whole request that hold for its parts."""
    return {k: v for k, v in call.headers.items() if k.startswith("sforce-")}


def run_inner(inner: Call, url: str, dispatch: Dispatch) -> Answer:
    """Run a part, unless a fault waits for it."""
    fault = inner.org.faults.take(inner.method, url, ("status",))
    if fault is None:
        return dispatch(inner)
    if fault.when == "after":
        dispatch(inner)
    return Answer(fault.status, fault_body(fault))


def _resolved(value: Json, done: dict[str, Answer]) -> Json:
    """A value with its `@{reference.path}` places filled."""
    if isinstance(value, dict):
        return {key: _resolved(inner, done) for key, inner in value.items()}
    if isinstance(value, list):
        return [_resolved(inner, done) for inner in value]
    if not isinstance(value, str) or "@{" not in value:
        return value
    whole = _REFERENCE.fullmatch(value)
    if whole:
        return _lookup(whole, done)
    return _REFERENCE.sub(lambda match: str(_lookup(match, done)), value)


def _lookup(match: re.Match[str], done: dict[str, Answer]) -> Json:
    name, path = match[1], match[2]
    answer = done.get(name)
    value: Json = answer.body if answer and not _failed(answer) else None
    for key, index in re.findall(r"\.(\w+)|\[(\d+)\]", path):
        try:
            value = value[key] if key else value[int(index)]
        except (KeyError, IndexError, TypeError):
            value = None
    if value is None:
        text = f"Invalid reference specified. No value for {path[1:]} found in {name}"
        raise refuse("PROCESSING_HALTED", text)
    return value


def run_batch(call: Call, dispatch: Dispatch) -> Answer:
    """Run independent parts; one may fail without the others."""
    body = call.json_object()
    parts = body.get("batchRequests")
    if not _are_objects(parts) or len(parts) > MOST_PARTS:
        text = f"batchRequests must be a list of at most {MOST_PARTS}"
        raise refuse("INVALID_BATCH_REQUEST", text)
    halts = bool(body.get("haltOnError"))
    answers: list[Answer] = []
    for part in parts:
        if halts and any(_failed(answer) for answer in answers):
            answers.append(_batch_halted())
        else:
            answers.append(_run_batch_part(call, dispatch, part))
    results = [{"statusCode": a.status, "result": a.body} for a in answers]
    return Answer(body={"hasErrors": any(map(_failed, answers)), "results": results})


def _batch_halted() -> Answer:
    text = "Batch processing was halted by an earlier error."
    return Answer(412, [{"errorCode": "BATCH_PROCESSING_HALTED", "message": text}])


def _run_batch_part(call: Call, dispatch: Dispatch, part: dict[str, Json]) -> Answer:
    url = str(part.get("url") or "")
    if not url.startswith("/"):
        url = f"{DATA_ROOT}/{url}"
    try:
        inner = _inner_call(call, part, url, part.get("richInput"))
    except RefusedError as error:
        return Answer(error.status, error.body)
    return run_inner(inner, url, dispatch)
