"""One call of the REST API, from the network or from inside a composite."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote

from syncline.sandbox.salesforce.entities import Json, SObject
from syncline.sandbox.salesforce.faults import not_found, refuse
from syncline.sandbox.salesforce.store import Org
from syncline.sandbox.salesforce.writing import Writer

DATA_ROOT = "/services/data"


@dataclass(slots=True, kw_only=True)
class Call:
    """What is asked, by whom."""

    org: Org
    user_id: str
    method: str
    #: As in the path, without the `v`: `68.0`.
    version: str
    #: What follows the version, still percent-encoded: `/sobjects/Contact`.
    path: str
    query: Mapping[str, str]
    #: Names in lower case.
    headers: Mapping[str, str]
    body: bytes | Json = None
    #: True for a part of a composite or a batch.
    inner: bool = False

    @property
    def root(self) -> str:
        """The path that every URL of an answer begins with."""
        return f"{DATA_ROOT}/v{self.version}"

    def json(self) -> Json:
        """The body as JSON.

        Raises:
            RefusedError: It is not JSON.
        """
        if not isinstance(self.body, bytes):
            return self.body
        try:
            return json.loads(self.body)
        except ValueError as error:
            text = f"Unexpected character or end of input: {error}"
            raise refuse("JSON_PARSER_ERROR", text) from error

    def json_object(self) -> dict[str, Json]:
        """The body as a JSON object.

        Raises:
            RefusedError: It is something else.
        """
        body = self.json()
        if not isinstance(body, dict):
            text = "The HTTP entity body is required, but this request has no object."
            raise refuse("JSON_PARSER_ERROR", text)
        return body

    def sobject(self, name: str) -> SObject:
        """The object that a path names.

        Raises:
            RefusedError: The org has none of that name.
        """
        found = self.org.find_sobject(name)
        if found is None:
            raise not_found()
        return found

    def writer(self) -> Writer:
        """Writes as the caller, with the options of the headers."""
        options = self.headers.get("sforce-duplicate-rule-header", "")
        wanted = "allowsave=true" in options.lower().replace(" ", "")
        mails = self.headers.get("sforce-email-header", "").lower()
        return Writer(
            org=self.org,
            user_id=self.user_id,
            allow_duplicates=wanted,
            mails_people="user" in mails and "true" in mails,
        )

    def flag(self, name: str) -> bool:
        """A boolean of the query string; false when it is missing."""
        return self.query.get(name, "").lower() == "true"


@dataclass(slots=True)
class Answer:
    """What is answered; `body` None means no content."""

    status: int = 200
    body: Json = None
    headers: dict[str, str] = field(default_factory=dict)


def split_url(url: str) -> tuple[str, str, dict[str, str]]:
    """Version, rest of the path and query of an address under /services/data.

    Raises:
        RefusedError: The path is not of that shape.
    """
    path, _, query = url.partition("?")
    if not path.startswith(f"{DATA_ROOT}/v"):
        raise not_found()
    version, slash, rest = path.removeprefix(f"{DATA_ROOT}/v").partition("/")
    pairs = dict(parse_qsl(query, keep_blank_values=True))
    return version, (slash + rest).rstrip("/"), pairs


def path_parts(path: str) -> list[str]:
    """The decoded parts of a path; an encoded slash stays inside its part."""
    return [unquote(part) for part in path.split("/") if part]
