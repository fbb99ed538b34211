"""Turns Salesforce's refusals into faults, by tables.

Decides by code, because texts are in the user's language; the two exceptions
(`REQUEST_LIMIT_EXCEEDED`, inner codes of Apex) are not translated there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from syncline.connectors.base.http import Answer
from syncline.connectors.base.oauth import read_refusal
from syncline.connectors.salesforce import wire
from syncline.connectors.salesforce.codes import CALL_CODES, NEWER_CODES, RECORD_CODES
from syncline.connectors.salesforce.ids import is_id, long_id
from syncline.connectors.salesforce.manifest import PROVIDER
from syncline.domain.values.faults import Fault, FaultClass

#: Our own code: the list view that a profile names is not there.
VIEW_GONE = "LIST_VIEW_GONE"
_MESSAGE_LENGTH = 1000
_SERVER_SIDE = 500
_UNAUTHORIZED = 401

#: What a class of `codes` means for us.
_OF_CLASS = {
    "I": FaultClass.REJECTED,
    "A": FaultClass.PERMISSION,
    "C": FaultClass.REJECTED,
    "L": FaultClass.REJECTED,
    "W": FaultClass.UNAVAILABLE,
    "R": FaultClass.UNAVAILABLE,
    "O": FaultClass.REJECTED,
    "X": FaultClass.REJECTED,
}

_SIGN_IN = """
    INVALID_SESSION_ID INVALID_AUTH_HEADER INVALID_LOGIN
    INVALID_OPERATION_WITH_EXPIRED_PASSWORD LOGIN_CHALLENGE_ISSUED
    LOGIN_CHALLENGE_PENDING LOGIN_DURING_RESTRICTED_DOMAIN
    LOGIN_DURING_RESTRICTED_TIME LOGIN_MUST_USE_SECURITY_TOKEN
    MUTUAL_AUTHENTICATION_FAILED PASSWORD_LOCKOUT TXN_SECURITY_END_A_SESSION
    TXN_SECURITY_TWO_FA_REQUIRED
"""

#: Codes that mean more than their class says.
_OF_CODE = {
    **dict.fromkeys(_SIGN_IN.split(), FaultClass.ACCESS),
    "DUPLICATE_VALUE": FaultClass.EXISTS,
    "ENTITY_IS_DELETED": FaultClass.NOT_FOUND,
    "NOT_FOUND": FaultClass.NOT_FOUND,
    "MISSING_RECORD": FaultClass.NOT_FOUND,
    "ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE": FaultClass.VERSION,
    "COLLISION_DETECTED": FaultClass.VERSION,
    "MODIFIED": FaultClass.VERSION,
    "INVALID_REPLICATION_DATE": FaultClass.WATERMARK,
}

#: For answers without a code that we can read.
_OF_STATUS = {
    _UNAUTHORIZED: FaultClass.ACCESS,
    403: FaultClass.PERMISSION,
    404: FaultClass.NOT_FOUND,
    408: FaultClass.UNAVAILABLE,
    409: FaultClass.VERSION,
    410: FaultClass.REJECTED,
    412: FaultClass.VERSION,
    413: FaultClass.REJECTED,
    420: FaultClass.UNAVAILABLE,
    429: FaultClass.THROTTLED,
}

#: Codes that only wrap what went wrong in the org's own code.
_WRAPPERS = frozenset(
    {
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        "CANNOT_EXECUTE_FLOW_TRIGGER",
        "CUSTOM_APEX_ERROR",
    }
)
_INNER = re.compile(r"first error: ([A-Z][A-Z0-9_]+),\s*(.*)", re.S)
_INNER_TAIL = re.compile(r":\s*\[([^\]]*)\].*$", re.S)
_FIELD_LIST = re.compile(r"\[([^\]]*)\]")
_FIELD_NAME = re.compile(r"[A-Za-z]\w*")
_NO_COLUMN = re.compile(r"No such column '([\w.]+)'")
_TAKEN_FIELD = re.compile(r"duplicate value found: (\w+)")
_TAKEN_BY = re.compile(r"record with id: (\w{15,18})")


def read_fault(answer: Answer) -> Fault:
    """The fault in a whole call's failed answer, whatever its body is."""
    problems = wire.read_problems(answer.body)
    if problems and problems[0].code:
        fault = _fault_of(
            problems,
            operation=answer.operation,
            status=answer.status,
            request_id=answer.headers.get("x-sfdc-request-id", ""),
        )
        return replace(fault, retry_after=answer.retry_after)
    return _codeless(answer)


def read_record_fault(problems: Sequence[wire.Problem], operation: str) -> Fault:
    """The fault in what one record of a collections call was told.

    Of several refusals the first that does not pass by itself counts.
    """
    if not problems:
        return _plain(FaultClass.REJECTED, operation, "UNEXPLAINED", "")
    faults = [_fault_of([p], operation=operation, status=0) for p in problems]
    chosen = next((f for f in faults if not f.is_passing), faults[0])
    same = [p for p, f in zip(problems, faults, strict=True) if f.code == chosen.code]
    return _fault_of(same, operation=operation, status=0)


def class_of(code: str, message: str = "", *, of_record: bool = False) -> FaultClass:
    """What a code means; an unknown one is taken for a refusal of the content."""
    if code == "REQUEST_LIMIT_EXCEEDED":
        is_moment = "concurrent" in message.lower()
        return FaultClass.THROTTLED if is_moment else FaultClass.ALLOWANCE
    if code in _OF_CODE:
        return _OF_CODE[code]
    tables = (RECORD_CODES, CALL_CODES) if of_record else (CALL_CODES, RECORD_CODES)
    for table in (*tables, NEWER_CODES):
        if code in table:
            return _OF_CLASS[table[code]]
    return FaultClass.REJECTED


def version_fault(operation: str) -> Fault:
    """The record moved on since we read it (our own check, nothing was sent)."""
    return _plain(FaultClass.VERSION, operation, "MODIFIED", "")


def gone_fault(operation: str) -> Fault:
    """The record is deleted or hidden (our own check, nothing was sent)."""
    return _plain(FaultClass.NOT_FOUND, operation, "NOT_FOUND", "")


def final_fault(operation: str) -> Fault:
    """A saved message is never written again (our own check, nothing was sent)."""
    return _plain(FaultClass.REJECTED, operation, "MESSAGE_IS_FINAL", "")


def unanswered_fault(operation: str, code: str, message: str) -> Fault:
    """Nobody knows whether the write took effect, or it was not tried."""
    return _plain(FaultClass.UNAVAILABLE, operation, code, message)


def unreadable_fault(field: str, reason: str) -> Fault:
    """One record that makes no sense."""
    fault = _plain(FaultClass.BAD_RESPONSE, "read", "UnreadableRecord", reason)
    return _with_fields(fault, (field,) if field else ())


def view_fault(name: str) -> Fault:
    """The list view that a profile names is not there, or hidden."""
    return _plain(FaultClass.NOT_FOUND, "find list view", VIEW_GONE, name)


def spent_fault(used: int, most: int) -> Fault:
    """Our share of the day's calls is used up."""
    text = f"{used} of {most} calls used"
    return _plain(FaultClass.ALLOWANCE, "any", "ALLOWANCE_SHARE_REACHED", text)


def _plain(fault_class: FaultClass, operation: str, code: str, message: str) -> Fault:
    return Fault(
        fault_class=fault_class,
        provider=PROVIDER,
        operation=operation,
        code=code,
        message=message[:_MESSAGE_LENGTH],
    )


def _with_fields(fault: Fault, fields: tuple[str, ...]) -> Fault:
    return Fault(
        fault_class=fault.fault_class,
        provider=fault.provider,
        operation=fault.operation,
        code=fault.code,
        message=fault.message,
        fields=fields,
    )


def _fault_of(
    problems: Sequence[wire.Problem],
    *,
    operation: str,
    status: int,
    request_id: str = "",
) -> Fault:
    first = problems[0]
    code, message, named = _unwrapped(first.code, first.message or "")
    fields = list(dict.fromkeys(f for p in problems for f in p.fields or ()))
    matches, rule = _duplicates(first)
    if rule:
        message = f"{message} ({rule})"
    fault_class = class_of(code, message, of_record=status == 0)
    if status >= _SERVER_SIDE and fault_class is FaultClass.REJECTED:
        fault_class = FaultClass.UNAVAILABLE
    if status == _UNAUTHORIZED:
        fault_class = FaultClass.ACCESS
    return Fault(
        fault_class=fault_class,
        provider=PROVIDER,
        operation=operation,
        status=status,
        code=code,
        message=message.strip()[:_MESSAGE_LENGTH],
        fields=tuple(fields) or named or _named_fields(message),
        matches=matches or tuple(long_id(i) for i in _TAKEN_BY.findall(message)),
        request_id=request_id,
    )


def _unwrapped(code: str, message: str) -> tuple[str, str, tuple[str, ...]]:
    """Code, text and fields of what Apex passed on; the outer code in brackets."""
    inner = _INNER.search(message) if code in _WRAPPERS else None
    if inner is None:
        return code, message, ()
    text = inner[2]
    tail = _INNER_TAIL.search(text)
    named = _api_names(tail[1].split(",")) if tail else ()
    return inner[1], f"{_INNER_TAIL.sub('', text).strip()} ({code})", named


def _named_fields(message: str) -> tuple[str, ...]:
    column = _NO_COLUMN.search(message) or _TAKEN_FIELD.search(message)
    if column:
        return (column[1],)
    listed = _FIELD_LIST.search(message)
    return _api_names(listed[1].split(",")) if listed else ()


def _api_names(words: Iterable[str]) -> tuple[str, ...]:
    names = (word.strip() for word in words)
    return tuple(n for n in names if _FIELD_NAME.fullmatch(n) and not is_id(n))


def _duplicates(problem: wire.Problem) -> tuple[tuple[str, ...], str]:
    found = wire.read_duplicates(problem)
    if found is None:
        return (), ""
    ids = (
        str(match.record.get("Id") or "")
        for result in found.match_results
        for match in result.match_records
    )
    return tuple(dict.fromkeys(long_id(i) for i in ids if i)), found.duplicate_rule


def _codeless(answer: Answer) -> Fault:
    """No list of problems: an HTML page of the edge, OAuth's shape, or nothing."""
    if answer.body.lstrip().startswith(b"{") and b'"error"' in answer.body:
        return read_refusal(answer)
    fault_class = _OF_STATUS.get(answer.status, FaultClass.BAD_RESPONSE)
    if answer.status >= _SERVER_SIDE:
        fault_class = FaultClass.UNAVAILABLE
    if b"Bad_OAuth_Token" in answer.body or b"Missing_OAuth_Token" in answer.body:
        fault_class = FaultClass.ACCESS
    return Fault(
        fault_class=fault_class,
        provider=PROVIDER,
        operation=answer.operation,
        status=answer.status,
        code=f"HTTP{answer.status}",
        retry_after=answer.retry_after,
    )
