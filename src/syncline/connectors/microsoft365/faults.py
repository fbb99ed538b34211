"""One table that turns Graph's refusals into faults.

Graph means its `code`, not its message, and repeats itself in different letter
cases; a deeper code inside `innerError` is the more exact one.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from syncline.connectors.base.http import Answer
from syncline.connectors.microsoft365.manifest import PROVIDER
from syncline.domain.values.faults import Fault, FaultClass

#: Graph code in lower case -> what it means for us.
CLASS_OF_CODE: dict[str, FaultClass] = {
    "invalidauthenticationtoken": FaultClass.ACCESS,
    "unauthenticated": FaultClass.ACCESS,
    "authenticationerror": FaultClass.ACCESS,
    "insufficient_claims": FaultClass.ACCESS,
    "erroraccessdenied": FaultClass.PERMISSION,
    "accessdenied": FaultClass.PERMISSION,
    "authorization_requestdenied": FaultClass.PERMISSION,
    "errorsendasdenied": FaultClass.PERMISSION,
    "extensionerror": FaultClass.PERMISSION,
    # These four are about the whole mailbox: no such user, no licence, not in
    # the cloud. Nothing of it may be read, so they are told apart by code.
    "mailboxnotenabledforrestapi": FaultClass.PERMISSION,
    "mailboxnotsupportedforrestapi": FaultClass.PERMISSION,
    "errorinvaliduser": FaultClass.PERMISSION,
    "request_resourcenotfound": FaultClass.PERMISSION,
    "resourcenotfound": FaultClass.PERMISSION,
    "erroritemnotfound": FaultClass.NOT_FOUND,
    "itemnotfound": FaultClass.NOT_FOUND,
    "errorirresolvableconflict": FaultClass.VERSION,
    "resourcemodified": FaultClass.VERSION,
    "conditionnotmet": FaultClass.VERSION,
    "namealreadyexists": FaultClass.EXISTS,
    "errorfolderexists": FaultClass.EXISTS,
    "syncstatenotfound": FaultClass.WATERMARK,
    "syncstateinvalid": FaultClass.WATERMARK,
    "resyncrequired": FaultClass.WATERMARK,
    "applicationthrottled": FaultClass.THROTTLED,
    "toomanyrequests": FaultClass.THROTTLED,
    "errortoomanyrequests": FaultClass.THROTTLED,
    "activitylimitreached": FaultClass.THROTTLED,
    "errorserverbusy": FaultClass.THROTTLED,
    "errorinvalidrequest": FaultClass.REJECTED,
    "badrequest": FaultClass.REJECTED,
    "requestbodyread": FaultClass.REJECTED,
    "errorpropertyvalidationfailure": FaultClass.REJECTED,
    "errorinvalididmalformed": FaultClass.REJECTED,
    "errorcalendarenddateisearlierthanstartdate": FaultClass.REJECTED,
    "inefficientfilter": FaultClass.REJECTED,
    "errormessagesizeexceeded": FaultClass.REJECTED,
    "errorquotaexceeded": FaultClass.REJECTED,
    "quotalimitreached": FaultClass.REJECTED,
    "errorinternalservererror": FaultClass.UNAVAILABLE,
    "errorinternalservertransienterror": FaultClass.UNAVAILABLE,
    "generalexception": FaultClass.UNAVAILABLE,
    "errormailboxstoreunavailable": FaultClass.UNAVAILABLE,
    "mailboxstoreunavailable": FaultClass.UNAVAILABLE,
    "errormailboxmoveinprogress": FaultClass.UNAVAILABLE,
    "servicenotavailable": FaultClass.UNAVAILABLE,
    "locked": FaultClass.UNAVAILABLE,
}

#: For codes that nobody has told us about.
CLASS_OF_STATUS: dict[int, FaultClass] = {
    401: FaultClass.ACCESS,
    403: FaultClass.PERMISSION,
    404: FaultClass.NOT_FOUND,
    408: FaultClass.UNAVAILABLE,
    409: FaultClass.VERSION,
    410: FaultClass.WATERMARK,
    412: FaultClass.VERSION,
    423: FaultClass.UNAVAILABLE,
    429: FaultClass.THROTTLED,
    501: FaultClass.REJECTED,
    507: FaultClass.REJECTED,
    509: FaultClass.THROTTLED,
}
_FIRST_FAILURE = 400
_FIRST_SERVER_FAILURE = 500


class _Detail(msgspec.Struct, rename="camel"):
    code: str | None = None
    message: str | None = None
    inner_error: _Detail | None = None
    innererror: _Detail | None = None  # some services write it so
    request_id: str | None = msgspec.field(default=None, name="request-id")


class _Refusal(msgspec.Struct):
    error: _Detail


def read_fault(answer: Answer) -> Fault:
    """The fault in an answer that is no success; never raises."""
    try:
        details = list(_chain(msgspec.json.decode(answer.body, type=_Refusal).error))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        details = []  # gateways answer with HTML, or with nothing
    codes = [detail.code for detail in details if detail.code]
    if "insufficient_claims" in answer.headers.get("www-authenticate", ""):
        codes.append("insufficient_claims")
    return Fault(
        fault_class=_classify(answer.status, codes),
        provider=PROVIDER,
        operation=answer.operation,
        status=answer.status,
        code=codes[-1] if codes else f"HTTP{answer.status}",
        message=(details[0].message or "")[:300] if details else "",
        request_id=_request_id(answer, details),
        retry_after=answer.retry_after,
    )


def is_in_doubt(fault: Fault) -> bool:
    """Whether the write that met this fault may have taken effect.

    No status of a part proves the contrary: whatever stands between us and the
    mailbox can answer 429 or 503 for a call that has reached it.
    """
    return fault.is_passing and fault.code != "ConnectError"


def is_final(fault: Fault) -> bool:
    """Whether a whole batch that met this fault is not worth repeating.

    Nothing of it has begun; a throttled one was repeated as often as is right.
    """
    return fault.fault_class is FaultClass.THROTTLED or not is_in_doubt(fault)


def is_graphs_not_found(fault: Fault) -> bool:
    """Whether Graph itself says that an item is not there.

    A bare 404, as gateways send it, is no proof of a deletion.
    """
    has_code = not fault.code.startswith("HTTP")
    return fault.fault_class is FaultClass.NOT_FOUND and has_code


def _chain(detail: _Detail | None) -> Iterator[_Detail]:
    while detail is not None:
        yield detail
        detail = detail.inner_error or detail.innererror


def _classify(status: int, codes: list[str]) -> FaultClass:
    for code in reversed(codes):
        known = CLASS_OF_CODE.get(code.lower())
        if known is not None:
            return known
    known = CLASS_OF_STATUS.get(status)
    if known is not None:
        return known
    if status >= _FIRST_SERVER_FAILURE:
        return FaultClass.UNAVAILABLE
    if status >= _FIRST_FAILURE:
        return FaultClass.REJECTED
    return FaultClass.BAD_RESPONSE


def _request_id(answer: Answer, details: list[_Detail]) -> str:
    inner = next((d.request_id for d in reversed(details) if d.request_id), "")
    return answer.headers.get("request-id") or inner
