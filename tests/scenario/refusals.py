"""What a provider answers instead of doing what it was asked, in its own words.

One `Refusal` per row of the fault matrix: as the answer to a whole call, to one
part of a batch, and to one row of a Salesforce collection.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from syncline.domain.values.faults import FaultClass

Json = dict[str, Any]
Headers = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """One kind of failure.

    `graph` and `salesforce` are the codes that the providers give with `status`;
    `row` is the one of a single row, where it can have such.
    """

    name: str
    status: int = 0
    graph: str = ""
    salesforce: str = ""
    text: str = "refused"
    row: str = ""
    headers: Headers = field(default_factory=dict)
    #: How it fails when it is no status: timeout, reset, malformed, truncated.
    manner: str = ""
    #: What it is taken for, by provider; the first is the usual one.
    classes: tuple[FaultClass, ...]

    def answer(self, provider: str) -> tuple[int, Headers, Any]:
        """Status, headers and JSON of a whole call or of a part."""
        if provider == "salesforce":
            problem = {"message": self.text, "errorCode": self.salesforce}
            return self.status, dict(self.headers), [problem]
        detail = {"code": self.graph, "message": self.text, "innerError": {}}
        return self.status, dict(self.headers), {"error": detail}

    def row_answer(self) -> Json:
        """The result of one row."""
        problem = {"statusCode": self.row, "message": self.text, "fields": []}
        return {"success": False, "errors": [problem]}


_ALL_ALIKE = (FaultClass.UNAVAILABLE, FaultClass.BAD_RESPONSE)

REFUSALS = (
    Refusal(
        name="401",
        status=401,
        graph="InvalidAuthenticationToken",
        salesforce="INVALID_SESSION_ID",
        classes=(FaultClass.ACCESS,),
    ),
    Refusal(
        name="403 quota",
        status=403,
        graph="ErrorQuotaExceeded",
        salesforce="REQUEST_LIMIT_EXCEEDED",
        text="TotalRequests Limit exceeded.",
        row="STORAGE_LIMIT_EXCEEDED",
        classes=(FaultClass.ALLOWANCE, FaultClass.REJECTED),
    ),
    Refusal(
        name="403 forbidden",
        status=403,
        graph="ErrorAccessDenied",
        salesforce="INSUFFICIENT_ACCESS",
        row="INSUFFICIENT_ACCESS_OR_READONLY",
        classes=(FaultClass.PERMISSION,),
    ),
    Refusal(
        name="404",
        status=404,
        graph="ErrorItemNotFound",
        salesforce="NOT_FOUND",
        row="ENTITY_IS_DELETED",
        classes=(FaultClass.NOT_FOUND,),
    ),
    Refusal(
        name="409",
        status=409,
        graph="ErrorIrresolvableConflict",
        salesforce="COLLISION_DETECTED",
        row="UNABLE_TO_LOCK_ROW",
        classes=(FaultClass.VERSION, FaultClass.UNAVAILABLE),
    ),
    Refusal(
        name="410",
        status=410,
        graph="syncStateNotFound",
        salesforce="UNSUPPORTED_API_VERSION",
        classes=(FaultClass.WATERMARK, FaultClass.REJECTED),
    ),
    Refusal(
        name="412",
        status=412,
        graph="ErrorIrresolvableConflict",
        salesforce="PRECONDITION_FAILED",
        row="ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE",
        classes=(FaultClass.VERSION, FaultClass.REJECTED),
    ),
    Refusal(
        name="429",
        status=429,
        graph="ApplicationThrottled",
        salesforce="REQUEST_LIMIT_EXCEEDED",
        text="ConcurrentRequests (Concurrent API Requests) Limit exceeded.",
        classes=(FaultClass.THROTTLED,),
    ),
    Refusal(
        name="429 with Retry-After",
        status=429,
        graph="ApplicationThrottled",
        salesforce="REQUEST_LIMIT_EXCEEDED",
        text="ConcurrentRequests (Concurrent API Requests) Limit exceeded.",
        headers={"Retry-After": "7"},
        classes=(FaultClass.THROTTLED,),
    ),
    Refusal(
        name="429 with a long Retry-After",
        status=429,
        graph="ApplicationThrottled",
        salesforce="REQUEST_LIMIT_EXCEEDED",
        text="ConcurrentRequests (Concurrent API Requests) Limit exceeded.",
        headers={"Retry-After": "3600"},
        classes=(FaultClass.THROTTLED,),
    ),
    Refusal(
        name="500",
        status=500,
        graph="ErrorInternalServerError",
        salesforce="UNKNOWN_EXCEPTION",
        row="UNKNOWN_EXCEPTION",
        classes=_ALL_ALIKE,
    ),
    Refusal(
        name="503",
        status=503,
        graph="ErrorMailboxStoreUnavailable",
        salesforce="SERVER_UNAVAILABLE",
        row="SERVER_UNAVAILABLE",
        classes=_ALL_ALIKE,
    ),
    Refusal(name="timeout", manner="timeout", classes=_ALL_ALIKE),
    Refusal(name="reset", manner="reset", classes=_ALL_ALIKE),
    Refusal(name="malformed body", manner="malformed", classes=_ALL_ALIKE),
    Refusal(name="truncated page", manner="truncated", classes=_ALL_ALIKE),
)

BY_NAME = {refusal.name: refusal for refusal in REFUSALS}
