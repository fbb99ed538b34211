"""One Graph call, whether it came alone or as a part of a batch."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, quote

from syncline.sandbox.base.control import Counters, Faults
from syncline.sandbox.microsoft365.entities import Item, Json, Mailbox
from syncline.sandbox.microsoft365.faults import GraphError
from syncline.sandbox.microsoft365.identifiers import MalformedIdError, parse_id
from syncline.sandbox.microsoft365.present import Preferences, View, etag
from syncline.sandbox.microsoft365.series import is_slot, occurrence
from syncline.sandbox.microsoft365.store import Tenant
from syncline.sandbox.microsoft365.zones import UnknownZoneError, zone

VERSION_ROOT = "/v1.0"


@dataclass(slots=True)
class Answer:
    """What a call gets back; `wrote` says whether it changed an item."""

    status: int = 200
    body: Json | None = None
    headers: dict[str, str] = field(default_factory=dict)
    wrote: bool = False
    content: bytes | None = None


@dataclass(slots=True)
class Service:
    """What every call works on."""

    tenant: Tenant
    counters: Counters
    faults: Faults


@dataclass(slots=True)
class Request:
    """A call as it was sent: `path` stands after `/v1.0`, still quoted."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    base_url: str

    @property
    def url(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass(slots=True)
class Call:
    """A call whose caller and mailbox are known; `args` are its path's ids."""

    service: Service
    request: Request
    mailbox: Mailbox
    args: list[str]
    preferences: Preferences
    query: dict[str, str]
    root: str

    @property
    def tenant(self) -> Tenant:
        """The store."""
        return self.service.tenant

    def option(self, name: str) -> str | None:
        """A query option, whatever the case of its name."""
        return self.query.get(name.lower())

    def json(self) -> Any:  # whatever the client sent
        """The body.

        Raises:
            GraphError: 400, it is not JSON or does not say that it is.
        """
        return read_json(self.request)

    def view(self) -> View:
        """How the caller wants items shown."""
        view = View(self.mailbox, self.preferences, self.request.base_url)
        view.hidden = self.tenant.quirks.hidden()
        return view

    def item(self, kind: str, text: str) -> Item:
        """The item of an id; an occurrence is made from its series.

        Raises:
            GraphError: 400 for a text that is no id, 404 for an unknown one.
        """
        try:
            reference = parse_id(text)
        except MalformedIdError as error:
            raise GraphError(400, "ErrorInvalidIdMalformed", str(error)) from error
        item = self.mailbox.items.get(reference.key)
        if (
            item is None
            or item.kind != kind
            or reference.mailbox_id != self.mailbox.mailbox_id
            or reference.generation not in (None, item.generation)
        ):
            raise GraphError(404)
        if reference.day is None:
            return item
        if not is_slot(item, reference.day, reference.shape):
            raise GraphError(404)
        return occurrence(item, reference.day)

    def container(self, kind: str, text: str) -> Item:
        """The container of an id or of a well-known name.

        Raises:
            GraphError: As `item`.
        """
        key = self.mailbox.well_known.get(text.lower())
        if key is not None and self.mailbox.items[key].kind == kind:
            return self.mailbox.items[key]
        return self.item(kind, text)

    def default(self, name: str) -> Item:
        """A container that every mailbox has."""
        return self.mailbox.items[self.mailbox.well_known[name]]

    def check_match(self, item: Item) -> None:
        """Refuse a write whose `If-Match` is stale.

        Raises:
            GraphError: 412.
        """
        wanted = self.request.headers.get("if-match", "*").strip()
        known = etag(self.view(), item)
        if wanted == "*" or known in [text.strip() for text in wanted.split(",")]:
            return
        raise GraphError(412)

    def context_url(self, what: str) -> str:
        """An `@odata.context`."""
        user = quote(self.mailbox.user_id)
        root = f"{self.request.base_url}{VERSION_ROOT}/$metadata"
        return f"{root}#users('{user}')/{what}"


Handler = Callable[[Call], Answer]
Route = tuple[str, str, Handler]


def read_json(request: Request) -> Any:  # whatever the client sent
    """The body of a request.

    Raises:
        GraphError: 400, it is not JSON or does not say that it is.
    """
    content_type = request.headers.get("content-type", "")
    if request.body and not content_type:
        raise GraphError(
            400,
            "BadRequest",
            "Write requests (excluding DELETE) must contain the Content-Type header "
            "declaration.",
        )
    try:
        return json.loads(request.body or b"null")
    except ValueError as error:
        raise GraphError(
            400,
            "BadRequest",
            "Unable to read JSON request payload. Please ensure Content-Type header "
            "is set and payload is of valid JSON format.",
        ) from error


def read_query(text: str) -> dict[str, str]:
    """Query options by lower-case name."""
    pairs = parse_qsl(text, keep_blank_values=True)
    return {name.lower(): value for name, value in pairs}


def read_preferences(request: Request) -> Preferences:
    """What the `Prefer` header asks for.

    Raises:
        GraphError: 400, a time zone that nobody knows.
    """
    preferences = Preferences.read(request.headers.get("prefer", ""))
    try:
        zone(preferences.zone)
    except UnknownZoneError as error:
        raise GraphError(
            400,
            "TimeZoneNotSupportedException",
            f"A valid TimeZone value must be specified: '{preferences.zone}'.",
        ) from error
    return preferences


def failure(error: GraphError, service: Service) -> Answer:
    """An error as an answer."""
    request_id = str(uuid.uuid4())
    body = error.body(service.tenant.now(), request_id)
    return Answer(error.status, body, {**error.headers, "request-id": request_id})


def is_failure(answer: Answer) -> bool:
    """Whether an answer is not a success."""
    return answer.status >= HTTPStatus.BAD_REQUEST
