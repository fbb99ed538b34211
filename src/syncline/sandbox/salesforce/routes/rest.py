"""The door of the REST API: who asks, is it allowed, what does it cost."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from syncline.sandbox.salesforce.calls import DATA_ROOT, Answer, Call, split_url
from syncline.sandbox.salesforce.dispatch import dispatch
from syncline.sandbox.salesforce.faults import RefusedError, refuse
from syncline.sandbox.salesforce.routes.versions import versions
from syncline.sandbox.salesforce.store import Org

LONGEST_URL = 16_384
#: 50 MB: a file of 37.5 MB in base64.
LARGEST_BODY = 52_428_800
BINARY = "application/octet-stream"
MOST_STATUS_WITHOUT_BODY = (204, 304)


async def serve_data(request: Request) -> Response:
    """Answer one request under /services/data."""
    org: Org = request.app.state.org
    org.count_call()
    answer = await _answer(org, request)
    used, most = org.used_calls, org.settings.daily_api_requests
    headers = answer.headers | {"Sforce-Limit-Info": f"api-usage={used}/{most}"}
    if answer.status in MOST_STATUS_WITHOUT_BODY:
        return Response(status_code=answer.status, headers=headers)
    if isinstance(answer.body, bytes):
        return Response(answer.body, answer.status, headers, BINARY)
    return JSONResponse(answer.body, answer.status, headers)


async def _answer(org: Org, request: Request) -> Answer:
    try:
        if request.url.path.rstrip("/") == DATA_ROOT:
            return Answer(body=versions())
        call = await _read_call(org, request)
    except RefusedError as error:
        return Answer(error.status, error.body)
    return dispatch(call)


async def _read_call(org: Org, request: Request) -> Call:
    raw = request.scope.get("raw_path") or request.url.path.encode()
    query = request.scope.get("query_string", b"")
    url = f"{raw.decode('latin-1')}?{query.decode('latin-1')}"
    if len(url) > LONGEST_URL:
        raise refuse("URI_TOO_LONG", "The URI is too long")
    user_id = _signed_in(org, request)
    if org.used_calls > org.settings.daily_api_requests:
        raise refuse("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
    body = await request.body()
    if len(body) > LARGEST_BODY:
        text = f"Maximum size of request is {LARGEST_BODY} bytes"
        raise refuse("REQUEST_ENTITY_TOO_LARGE", text)
    _check_media_type(request, body)
    version, path, pairs = split_url(url)
    return Call(
        org=org,
        user_id=user_id,
        method=_method(request, pairs),
        version=version,
        path=path,
        query=pairs,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
    )


def _method(request: Request, pairs: dict[str, str]) -> str:
    """The method; a POST may stand in for one that a client cannot send."""
    if request.method == "POST" and "_HttpMethod" in pairs:
        return pairs["_HttpMethod"].upper()
    return request.method


def _check_media_type(request: Request, body: bytes) -> None:
    kind = request.headers.get("content-type", "application/json")
    if body and "json" not in kind:
        text = f"Content-Type header specified in HTTP request is not supported: {kind}"
        raise refuse("UNSUPPORTED_MEDIA_TYPE", text)


def bearer(request: Request) -> str:
    """The access token of a request; empty when it has none."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() in ("bearer", "oauth") else ""


def _signed_in(org: Org, request: Request) -> str:
    session = org.sessions.get(bearer(request))
    if session is None or not org.is_active(session.user_id):
        raise refuse("INVALID_SESSION_ID", "Session expired or invalid")
    if session.user_id in org.without_api:
        text = "The REST API is not enabled for this Organization."
        raise refuse("API_DISABLED_FOR_ORG", text)
    return session.user_id
