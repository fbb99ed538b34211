"""Ways in which an answer can make no sense, each bytes in and bytes out.

`BROKEN` ones cannot be mistaken for an answer. `SENSELESS` ones have the right
form and values that nobody can use. `LYING` ones have values that must be taken
for what somebody entered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from tests.scenario.networks import Trouble, rewrite, status

_DATE = re.compile(r"^\d{4}-\d\d-\d\d(T.*)?$")
_ENUMS = {"showAs", "type", "sensitivity", "ShowAs", "response", "contentType"}
_LISTS = ("value", "records", "responses", "compositeResponse")


def _each(change: Callable[[str, Any], Any]) -> Trouble:
    """Rewrite every named value of a JSON answer, innermost first."""

    def walk(name: str, node: Any) -> Any:
        if isinstance(node, dict):
            node = {key: walk(key, inner) for key, inner in node.items()}
        elif isinstance(node, list):
            node = [walk(name, inner) for inner in node]
        return change(name, node)

    def rewritten(body: bytes) -> bytes:
        return json.dumps(walk("", json.loads(body))).encode() if body else b"{"

    return rewrite(rewritten)


def _dates(name: str, node: Any) -> Any:
    is_date = isinstance(node, str) and _DATE.match(node)
    return "2026-13-45T99:99:99Z" if is_date else node


def _enums(name: str, node: Any) -> Any:
    return "brandNewValue" if name in _ENUMS and isinstance(node, str) else node


def _ids(name: str, node: Any) -> Any:
    if isinstance(node, dict):
        return {key: inner for key, inner in node.items() if key not in ("id", "Id")}
    return node


def _types(name: str, node: Any) -> Any:
    """A number where a text should be, and the other way round."""
    texts = ("subject", "Subject", "surname", "LastName", "dateTime", "StartDateTime")
    if name in texts:
        return {"what": [1]}
    if name in ("isAllDay", "IsAllDayEvent", "isReminderOn", "success"):
        return "perhaps"
    return node


def _statuses(name: str, node: Any) -> Any:
    return "many" if name in ("status", "httpStatusCode") else node


def _halves(name: str, node: Any) -> Any:
    """Half of the parts of a batch do not come back."""
    is_parts = name in ("responses", "compositeResponse") and isinstance(node, list)
    return node[: len(node) // 2] if is_parts else node


def _nulls(name: str, node: Any) -> Any:
    return None if name in _LISTS else node


def _strange_refusals(name: str, node: Any) -> Any:
    """Each part of a batch is refused with a code that nobody has heard of."""
    if not isinstance(node, dict):
        return node
    refusal = {"code": "ErrorNeverSeen", "message": "?"}
    if "status" in node and "id" in node:
        return {**node, "status": 418, "body": {"error": refusal}}
    if "httpStatusCode" in node:
        body = [{"errorCode": "NEVER_SEEN", "message": "?"}]
        return {**node, "httpStatusCode": 418, "body": body}
    if "success" in node:
        wrong = {"statusCode": "NEVER_SEEN", "message": "?", "fields": []}
        return {"success": False, "errors": [wrong]}
    return node


BROKEN: dict[str, Trouble] = {
    "truncated": rewrite(lambda body: body[: len(body) // 2]),
    "empty": rewrite(lambda body: b""),
    "a page for people": rewrite(lambda body: b"<html><body>Sign in</body></html>"),
    "no text at all": rewrite(lambda body: b"\xff\xfe\x00\x80" + body[4:]),
    "null": rewrite(lambda body: b"null"),
    "an empty object": rewrite(lambda body: b"{}"),
    "an empty list": rewrite(lambda body: b"[]"),
    "a bare 503": status(503, is_done=True),
    "a bare 404": status(404, is_done=True),
    "a bare 418": status(418, is_done=True),
    "no statuses": _each(_statuses),
    "half of the parts": _each(_halves),
    "no lists": _each(_nulls),
}
SENSELESS: dict[str, Trouble] = {
    "no ids": _each(_ids),
    "impossible dates": _each(_dates),
    "other types": _each(_types),
    "unknown refusals": _each(_strange_refusals),
}
LYING: dict[str, Trouble] = {"unknown choices": _each(_enums)}
