"""Errors in the vendor's own shapes.

A request fails with an array of `{message, errorCode, fields}`; a record inside
a successful request fails with `{statusCode, message, fields}`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.responses import HTMLResponse, JSONResponse, Response

from syncline.sandbox.base.control import Fault
from syncline.sandbox.salesforce.entities import Json

#: HTTP status of a single-record request that fails with one of these codes.
STATUS_BY_CODE = {
    "NOT_FOUND": 404,
    "ENTITY_IS_DELETED": 404,
    "INSUFFICIENT_ACCESS_OR_READONLY": 403,
    "METHOD_NOT_ALLOWED": 405,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "PRECONDITION_FAILED": 412,
    "INVALID_SESSION_ID": 401,
    "REQUEST_LIMIT_EXCEEDED": 403,
    "API_DISABLED_FOR_ORG": 403,
    "TXN_SECURITY_NO_ACCESS": 403,
    "UNSUPPORTED_API_VERSION": 410,
    "URI_TOO_LONG": 414,
    "REQUEST_ENTITY_TOO_LARGE": 413,
}
_BY_STATUS = {
    400: ("UNKNOWN_EXCEPTION", "The request could not be understood."),
    401: ("INVALID_SESSION_ID", "Session expired or invalid"),
    403: ("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    404: ("NOT_FOUND", "The requested resource does not exist"),
    429: ("REQUEST_LIMIT_EXCEEDED", "Too many requests."),
    500: ("UNKNOWN_EXCEPTION", "An unexpected error occurred."),
    503: ("SERVER_UNAVAILABLE", "The server is currently unavailable."),
}
_MESSAGES = {
    "API_DISABLED_FOR_ORG": "The REST API is not enabled for this Organization.",
    "UNABLE_TO_LOCK_ROW": "unable to obtain exclusive access to this record",
    "QUERY_TIMEOUT": "Your query request was running for too long.",
    "STORAGE_LIMIT_EXCEEDED": "storage limit exceeded",
}
HTML_CODE = "html"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing wrong with a request or with one record."""

    code: str
    message: str
    fields: tuple[str, ...] = ()
    #: Further keys of the answer, such as `duplicateResut`.
    extra: dict[str, Json] = field(default_factory=dict)

    def as_request_error(self) -> dict[str, Json]:
        """As an element of a failed request's array."""
        body: dict[str, Json] = {"message": self.message, "errorCode": self.code}
        if self.fields:
            body["fields"] = list(self.fields)
        return body | self.extra

    def as_record_error(self) -> dict[str, Json]:
        """As an element of a failed record's `errors`."""
        named = {"statusCode": self.code, "message": self.message}
        return named | {"fields": list(self.fields)} | self.extra


class RefusedError(Exception):
    """The org refuses a request or a record."""

    def __init__(self, *troubles: Trouble, status: int | None = None) -> None:
        """Refuse for these reasons; the first one chooses the HTTP status."""
        super().__init__(troubles[0].message)
        self.troubles = troubles
        self.status = status or STATUS_BY_CODE.get(troubles[0].code, 400)

    @property
    def body(self) -> list[Json]:
        """The answer of a request that failed as a whole."""
        return [trouble.as_request_error() for trouble in self.troubles]

    @property
    def record_errors(self) -> list[Json]:
        """The `errors` of one record in a collection."""
        return [trouble.as_record_error() for trouble in self.troubles]


def refuse(code: str, message: str, *fields: str) -> RefusedError:
    """A refusal for one reason."""
    return RefusedError(Trouble(code, message, fields))


def not_found(message: str = "The requested resource does not exist") -> RefusedError:
    """The path or the record is gone, invisible or was never there."""
    return refuse("NOT_FOUND", message)


def fault_body(fault: Fault) -> list[Json]:
    """What a request that meets this `status` fault is answered."""
    code, message = _BY_STATUS.get(fault.status, ("UNKNOWN_EXCEPTION", "Failed."))
    if fault.code:
        code, message = fault.code, _MESSAGES.get(fault.code, message)
    return [{"message": message, "errorCode": code}]


def fault_response(fault: Fault) -> Response:
    """The whole answer to a `status` fault.

    The code `html` gives the page that the edge shows during maintenance.
    """
    headers = {}
    if fault.retry_after is not None:
        headers["Retry-After"] = f"{fault.retry_after:g}"
    if fault.code == HTML_CODE:
        page = "<html><body><h1>We are down for maintenance.</h1></body></html>"
        return HTMLResponse(page, fault.status, headers)
    return JSONResponse(fault_body(fault), fault.status, headers)
