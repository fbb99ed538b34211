"""Salesforce's payloads as they travel.

Rows of a query stay untyped until `translate` looks at each value, so that one
malformed record spoils itself and not its page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

Row = Mapping[str, object]


class QueryPage(msgspec.Struct, rename="camel"):
    """One page of a query; each row is still raw."""

    records: list[msgspec.Raw]
    done: bool
    total_size: int = -1
    next_records_url: str | None = None


class PartAnswer(msgspec.Struct, rename="camel"):
    """The answer to one part of a composite call."""

    http_status_code: int
    reference_id: str
    body: msgspec.Raw = msgspec.Raw(b"null")
    http_headers: dict[str, str] = {}


class CompositeAnswer(msgspec.Struct, rename="camel"):
    """The answer to a composite call."""

    composite_response: list[PartAnswer]


class Problem(msgspec.Struct, rename="camel"):
    """One refusal: `errorCode` for a whole call, `statusCode` for a record.

    The payload of duplicate rules is spelled in two ways.
    """

    error_code: str = ""
    status_code: str = ""
    message: str | None = None
    fields: list[str] | None = None
    duplicate_result: Any = None
    duplicate_resut: Any = None

    @property
    def code(self) -> str:
        """The code, wherever it stands."""
        return self.status_code or self.error_code


class SaveResult(msgspec.Struct):
    """What became of one record of a collections call."""

    success: bool
    id: str | None = None
    errors: list[Problem] = []
    created: bool | None = None


class MatchRecord(msgspec.Struct):
    """One record that a duplicate rule found."""

    record: dict[str, Any] = {}


class MatchResult(msgspec.Struct, rename="camel"):
    """What one matching rule found."""

    match_records: list[MatchRecord] = []


class DuplicateResult(msgspec.Struct, rename="camel"):
    """What a duplicate rule says."""

    duplicate_rule: str = ""
    match_results: list[MatchResult] = []


class PicklistValue(msgspec.Struct, rename="camel"):
    """One value that a picklist offers."""

    value: str
    label: str | None = None
    active: bool = True


class FieldDescription(msgspec.Struct, rename="camel"):
    """What the org says about one field."""

    name: str
    label: str = ""
    type: str = "string"
    length: int = 0
    createable: bool = False
    updateable: bool = False
    filterable: bool = True
    nillable: bool = True
    external_id: bool = False
    unique: bool = False
    defaulted_on_create: bool = False
    picklist_values: list[PicklistValue] = []
    restricted_picklist: bool = False
    reference_to: list[str] = []


class ObjectDescription(msgspec.Struct, rename="camel"):
    """What the org says about one object."""

    name: str
    fields: list[FieldDescription]
    label: str = ""
    createable: bool = True


class ViewDescription(msgspec.Struct):
    """What the org says about one list view."""

    query: str


class UserInfo(msgspec.Struct):
    """Who signed in (OpenID userinfo)."""

    user_id: str
    organization_id: str
    preferred_username: str = ""
    email: str = ""
    urls: dict[str, str] = {}


def read_row(raw: msgspec.Raw) -> Row:
    """One record of a page.

    Raises:
        msgspec.MsgspecError: It is no JSON object.
    """
    return msgspec.json.decode(raw, type=dict[str, Any])


def read_duplicates(problem: Problem) -> DuplicateResult | None:
    """The duplicate rule's payload, if it is there and makes sense."""
    raw = problem.duplicate_result or problem.duplicate_resut
    if not raw:
        return None
    try:
        return msgspec.convert(raw, DuplicateResult)
    except msgspec.MsgspecError:
        return None


def read_problems(body: bytes) -> list[Problem]:
    """The refusals in a failed answer; none when it is something else (HTML)."""
    try:
        return msgspec.json.decode(body, type=list[Problem])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return []
