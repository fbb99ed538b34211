"""Finds who answers a call, checks who asks, and counts what was written."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

from syncline.sandbox.microsoft365.calls import (
    VERSION_ROOT,
    Answer,
    Call,
    Handler,
    Request,
    Route,
    Service,
    failure,
    read_preferences,
    read_query,
)
from syncline.sandbox.microsoft365.entities import Mailbox
from syncline.sandbox.microsoft365.faults import GraphError
from syncline.sandbox.microsoft365.grants import APP_ONLY
from syncline.sandbox.microsoft365.routes import (
    attachments,
    calendars,
    categories,
    contacts,
    event_actions,
    events,
    mail,
    mail_folders,
    mailbox,
    todo,
)

_KEYED = re.compile(r"([\w$.]+)\((.*)\)", re.DOTALL)
_NAMESPACE = "microsoft.graph."
_ARGUMENT = "{id}"

ROUTES: list[Route] = [
    route
    for room in (
        attachments,
        calendars,
        categories,
        contacts,
        event_actions,
        events,
        mail,
        mail_folders,
        mailbox,
        todo,
    )
    for route in room.ROUTES
]


def _segments(path: str) -> list[str]:
    """The segments of a path, `name('key')` and `name()` resolved."""
    found: list[str] = []
    for raw in path.strip("/").split("/"):
        text = unquote(raw)
        if not text:
            continue
        match = _KEYED.fullmatch(text)
        name = (match[1] if match else text).removeprefix(_NAMESPACE)
        found.append(name)
        if match and match[2]:
            found.append(match[2].strip("'"))
    return found


def _table() -> dict[tuple[str, int], list[tuple[list[str], str, Handler]]]:
    table: dict[tuple[str, int], list[tuple[list[str], str, Handler]]] = {}
    # Literal segments first, so that `events/delta` is not read as an id.
    for method, template, handler in sorted(
        ROUTES, key=lambda route: route[1].count(_ARGUMENT)
    ):
        parts = template.split("/") if template else []
        rows = table.setdefault((method, len(parts)), [])
        rows.append((parts, template, handler))
    return table


_TABLE = _table()
_METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")


def _fits(parts: list[str], segments: list[str]) -> bool:
    return all(
        part == _ARGUMENT or part.lower() == segment.lower()
        for part, segment in zip(parts, segments, strict=True)
    )


def _find(method: str, segments: list[str]) -> tuple[Handler, str, list[str]] | None:
    for parts, template, handler in _TABLE.get((method, len(segments)), []):
        if _fits(parts, segments):
            args = [
                s for part, s in zip(parts, segments, strict=True) if part == _ARGUMENT
            ]
            return handler, template, args
    return None


@lru_cache(maxsize=4096)
def name_call(method: str, path: str) -> str:
    """A call without its ids, such as `PATCH /me/events/{id}`."""
    segments = _segments(path.partition("?")[0].removeprefix(VERSION_ROOT))
    root, rest = _split_root(segments)
    if not root:
        return f"{method} /{'/'.join(segments)}"
    shown_root = "/me" if root == "me" else "/users/{id}"
    found = _find(method, rest)
    if found is None:
        return f"{method} {shown_root}/(other)"
    return f"{method} {shown_root}/{found[1]}".rstrip("/")


def _split_root(segments: list[str]) -> tuple[str, list[str]]:
    """`me`, or the user that a path names; then the rest of the path."""
    if segments and segments[0].lower() == "me":
        return "me", segments[1:]
    if len(segments) > 1 and segments[0].lower() == "users":
        return segments[1], segments[2:]
    return "", segments


def perform(service: Service, request: Request) -> Answer:
    """Carry out one call; errors become answers."""
    try:
        answer = _perform(service, request)
    except GraphError as error:
        return failure(error, service)
    if answer.wrote:
        service.counters.writes += 1
    return answer


def _perform(service: Service, request: Request) -> Answer:
    subject = authenticate(service, request)
    segments = _segments(request.path)
    root, rest = _split_root(segments)
    if not root:
        raise GraphError(
            400, "BadRequest", f"Resource not found for the segment '{segments[:1]}'."
        )
    box = _mailbox(service, subject, root)
    found = _find(request.method, rest)
    if found is None:
        raise _no_route(rest)
    handler, _, args = found
    preferences = read_preferences(request)
    call = Call(
        service=service,
        request=request,
        mailbox=box,
        args=args,
        preferences=preferences,
        query=read_query(request.query),
        root=root,
    )
    answer = handler(call)
    if preferences.applied:
        answer.headers.setdefault("Preference-Applied", ", ".join(preferences.applied))
    return answer


def _no_route(segments: list[str]) -> GraphError:
    if any(_find(method, segments) for method in _METHODS):
        return GraphError(405, "ErrorMethodNotAllowed", "Specified method not allowed.")
    last = segments[-1] if segments else ""
    return GraphError(
        400, "BadRequest", f"Resource not found for the segment '{last}'."
    )


def authenticate(service: Service, request: Request) -> str:
    """Whose access token a request carries.

    Raises:
        GraphError: 401.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    challenge = {
        "WWW-Authenticate": 'Bearer realm="", authorization_uri="'
        f'{request.base_url}/common/oauth2/v2.0/authorize", error="invalid_token"'
    }
    if scheme.lower() != "bearer" or not token:
        raise GraphError(
            401, "InvalidAuthenticationToken", "Access token is empty.", challenge
        )
    subject = service.tenant.grants.subject(token.strip())
    if subject is None:
        raise GraphError(
            401,
            "InvalidAuthenticationToken",
            "Lifetime validation failed, the token is expired.",
            challenge,
        )
    return subject


def _mailbox(service: Service, subject: str, root: str) -> Mailbox:
    if root == "me":
        if subject == APP_ONLY:
            raise GraphError(
                400,
                "BadRequest",
                "/me request is only valid with delegated authentication flow.",
            )
        root = subject
    found = service.tenant.find_mailbox(root)
    if found is None:
        raise GraphError(
            404, "ErrorInvalidUser", f"The requested user '{root}' is invalid."
        )
    if subject not in (APP_ONLY, found.address.lower()):
        raise GraphError(403)
    return found
