"""Failures in the words of Microsoft Graph and of Entra."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.responses import JSONResponse, Response

from syncline.sandbox.base.control import Fault

CODES = {
    400: ("ErrorInvalidRequest", "The request is invalid."),
    401: ("InvalidAuthenticationToken", "Access token has expired or is not valid."),
    403: ("ErrorAccessDenied", "Access is denied. Check credentials and try again."),
    404: (
        "ErrorItemNotFound",
        "The specified object was not found in the store.",
    ),
    409: (
        "ErrorIrresolvableConflict",
        "The send or update operation could not be performed because the change "
        "key passed in the request does not match the current change key.",
    ),
    410: (
        "syncStateNotFound",
        "The sync state generation is not found; a full synchronization is needed.",
    ),
    412: (
        "ErrorIrresolvableConflict",
        "The send or update operation could not be performed because the change "
        "key passed in the request does not match the current change key.",
    ),
    413: ("ErrorMessageSizeExceeded", "The message exceeds the maximum size."),
    423: ("locked", "The resource is locked."),
    424: ("FailedDependency", "A request that this one depends on failed."),
    429: (
        "ApplicationThrottled",
        "Application is over its MailboxConcurrency limit.",
    ),
    500: ("ErrorInternalServerError", "An internal server error occurred."),
    501: ("NotImplemented", "This sandbox does not have that operation."),
    502: ("BadGateway", "Bad gateway."),
    503: ("ErrorMailboxStoreUnavailable", "The mailbox database is unavailable."),
    504: ("GatewayTimeout", "The gateway timed out."),
    507: ("ErrorQuotaExceeded", "The mailbox is over its quota."),
    509: ("BandwidthLimitExceeded", "The bandwidth limit was exceeded."),
}
_UNKNOWN = ("UnknownError", "The request failed.")


class GraphError(Exception):
    """An answer that is not a success.

    Attributes:
        status: HTTP status.
        code: Graph's word for it.
        headers: What the answer carries besides, such as `Retry-After`.
    """

    def __init__(
        self,
        status: int,
        code: str = "",
        message: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:
        """Fill in the usual code and message of a status where none is given."""
        usual_code, usual_message = CODES.get(status, _UNKNOWN)
        self.status = status
        self.code = code or usual_code
        self.message = message or usual_message
        self.headers = headers or {}
        super().__init__(f"{status} {self.code}: {self.message}")

    def body(self, now: datetime, request_id: str) -> dict[str, Any]:
        """The answer's JSON."""
        return {
            "error": {
                "code": self.code,
                "message": self.message,
                "innerError": {
                    "date": now.strftime("%Y-%m-%dT%H:%M:%S"),
                    "request-id": request_id,
                    "client-request-id": request_id,
                },
            }
        }


def planned_error(fault: Fault) -> GraphError:
    """The error that a `status` fault asks for."""
    headers: dict[str, str] = {}
    if fault.retry_after is not None:
        headers["Retry-After"] = f"{fault.retry_after:g}"
    return GraphError(fault.status, fault.code, headers=headers)


def error_response(error: GraphError, now: Callable[[], datetime]) -> Response:
    """An error as the answer to a whole request."""
    request_id = str(uuid.uuid4())
    headers = {"request-id": request_id, "client-request-id": request_id}
    return JSONResponse(
        error.body(now(), request_id), error.status, headers | error.headers
    )


def entra_error(
    status: int, error: str, number: int, text: str, now: datetime
) -> Response:
    """A failure of the sign-in service, told by its AADSTS number."""
    trace = str(uuid.uuid4())
    correlation = str(uuid.uuid4())
    stamp = now.strftime("%Y-%m-%d %H:%M:%SZ")
    body = {
        "error": error,
        "error_description": f"AADSTS{number}: {text} Trace ID: {trace} "
        f"Correlation ID: {correlation} Timestamp: {stamp}",
        "error_codes": [number],
        "timestamp": stamp,
        "trace_id": trace,
        "correlation_id": correlation,
        "error_uri": f"https://login.microsoftonline.com/error?code={number}",
    }
    return JSONResponse(body, status)
