"""`$batch`: up to 20 calls in one request, each with an answer of its own.

The envelope answers 200 although parts failed. Parts that were throttled are
sent again after the longest wait that any of them was given; parts that only
read are sent again for every passing fault; a write that may have taken effect
is left to the caller, who knows how to find out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from syncline.connectors.base.http import Answer, Http
from syncline.connectors.microsoft365.faults import is_in_doubt, read_fault
from syncline.connectors.microsoft365.manifest import (
    BATCH_SIZE,
    PAGE_SIZE,
    PROVIDER,
)
from syncline.connectors.microsoft365.wire import BatchAnswer, BatchPart
from syncline.domain.errors import ProviderError
from syncline.domain.values.faults import Fault

VERSION_ROOT = "/v1.0"
#: On every call, or ids come in another form; bodies in the form we compare.
PREFER = 'IdType="ImmutableId", outlook.body-content-type="text"'
PREFER_PAGES = f"{PREFER}, odata.maxpagesize={PAGE_SIZE}"
_UNAUTHORIZED = 401


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One call in a batch; `url` is relative to the version root."""

    method: str
    url: str
    body: Mapping[str, Any] | None = None
    #: Sent as `If-Match` when there is one.
    version: str = ""
    prefer: str = PREFER

    def as_json(self, part_id: str) -> dict[str, Any]:
        """The part as the envelope carries it."""
        headers = {"Prefer": self.prefer}
        if self.version:
            headers["If-Match"] = self.version
        part: dict[str, Any] = {"id": part_id, "method": self.method, "url": self.url}
        if self.body is not None:
            headers["Content-Type"] = "application/json"
            part["body"] = self.body
        return part | {"headers": headers}


def send_batch(http: Http, parts: Sequence[Part], operation: str) -> list[Answer]:
    """Send parts, 20 at a time and one batch after the other.

    Returns:
        One answer per part, in order; failures among them.

    Raises:
        ProviderError: A whole batch failed. Whether its writes took effect,
            `faults.is_in_doubt` says of the fault.
    """
    answers: dict[int, Answer] = {}
    waiting = list(range(len(parts)))
    attempt, has_renewed = 1, False
    while waiting:
        for begin in range(0, len(waiting), BATCH_SIZE):
            chunk = waiting[begin : begin + BATCH_SIZE]
            answers |= _send_once(http, {i: parts[i] for i in chunk}, operation)
        failed = {
            i: read_fault(answers[i]) for i in waiting if not answers[i].is_success
        }
        if not has_renewed and any(f.status == _UNAUTHORIZED for f in failed.values()):
            has_renewed = True
            if http.renew():
                waiting = [
                    i
                    for i, fault in failed.items()
                    if fault.status == _UNAUTHORIZED or _may_repeat(parts[i], fault)
                ]
                continue
        waiting = [i for i, fault in failed.items() if _may_repeat(parts[i], fault)]
        if waiting and not http.pause(_slowest(failed, waiting), attempt):
            break
        attempt += 1
    return [answers[i] for i in range(len(parts))]


def _may_repeat(part: Part, fault: Fault) -> bool:
    if part.method == "GET":
        return fault.is_passing
    return fault.is_passing and not is_in_doubt(fault)


def _slowest(failed: Mapping[int, Fault], waiting: Sequence[int]) -> Fault:
    none = timedelta(0)
    return max((failed[i] for i in waiting), key=lambda f: f.retry_after or none)


def _send_once(
    http: Http, parts: Mapping[int, Part], operation: str
) -> dict[int, Answer]:
    only_reads = all(part.method == "GET" for part in parts.values())
    answer = http.send(
        "POST",
        f"{VERSION_ROOT}/$batch",
        operation=operation,
        json={"requests": [part.as_json(str(i)) for i, part in parts.items()]},
        headers={"Prefer": PREFER},
        is_repeatable=only_reads,
    )
    found = {part.id: part for part in _decode(answer).responses}
    return {i: _part_answer(found.get(str(i)), operation) for i in parts}


def _decode(answer: Answer) -> BatchAnswer:
    """The envelope; text in it that is no text takes nothing else with it.

    Strangers' mail may carry halves of surrogate pairs and raw control
    characters, which strict readers of JSON refuse.

    Raises:
        ProviderError: It is no batch answer.
    """
    try:
        return answer.decode(BatchAnswer)
    except ProviderError:
        try:
            text = answer.body.decode("utf-8", "replace")
            lenient = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            lenient = None
        if lenient is None:
            raise
        mended = json.dumps(lenient, ensure_ascii=False).encode("utf-8", "replace")
        return replace(answer, body=mended).decode(BatchAnswer)


def _part_answer(part: BatchPart | None, operation: str) -> Answer:
    if part is None:
        # Status 0 reads as a senseless answer: whether it was done is unknown.
        return Answer(provider=PROVIDER, operation=operation, status=0)
    return Answer(
        provider=PROVIDER,
        operation=operation,
        status=part.status,
        headers={name.lower(): str(v) for name, v in (part.headers or {}).items()},
        body=bytes(part.body),
    )
