"""Names each place from which a session calls: verb and path, without ids.

A batch is a site, each of its parts is one, and each row of a Salesforce
collection is one: they can fail alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx2

Json = dict[str, Any]

_ENVELOPES = ("requests", "compositeRequest")
_ROOTS = re.compile(r"^(/services/data/v[\d.]+|/v1\.0)")
_ID = re.compile(r"(?<=/)([A-Za-z0-9_=-]{20,}|[a-zA-Z0-9]{15}|[a-zA-Z0-9]{18})(?=/|$)")
_SOQL = re.compile(r"FROM (\w+)(?: WHERE (.*?))?(?: ORDER BY| LIMIT|$)", re.S)
_COLUMN = re.compile(r"([A-Za-z]\w*) ?(=|!=|<=|>=|<|>|IN|LIKE)(?= |\()")


@dataclass(frozen=True, order=True)
class Site:
    """One place; `inside` is "part" or "row" when it lies within a call."""

    provider: str
    inside: str
    shape: str

    def __str__(self) -> str:
        within = f" ({self.inside})" if self.inside else ""
        return f"{self.provider} {self.shape}{within}"


@dataclass(frozen=True)
class Spot:
    """A site as one request has it, with what tells this one from the next."""

    site: Site
    #: Position in its envelope; -1 for the whole call.
    index: int
    #: Stays the same when it is sent again.
    identity: str


def spots_of(request: httpx2.Request) -> list[Spot]:
    """The call itself, then each part or row of it."""
    return list(_spots(request))


def _spots(request: httpx2.Request) -> Iterator[Spot]:
    url = str(request.url)
    provider = "salesforce" if "/services/" in url else "microsoft365"
    body = read_json(request.content)
    whole = Site(provider, "", _shape(request.method, url, body))
    yield Spot(whole, -1, f"{request.method} {url} {request.content!r}")
    for index, part in enumerate(parts_of(body)):
        shape = _shape(part["method"], part["url"], part.get("body"))
        what = f"{part['method']} {part['url']} {json.dumps(part.get('body'))}"
        yield Spot(Site(provider, "part", shape), index, what)
    for index, name in enumerate(row_names(request, body)):
        yield Spot(Site(provider, "row", whole.shape), index, name)


def read_json(content: bytes) -> Any:
    """The body of a call, or None when it is not JSON."""
    try:
        return json.loads(content)
    except ValueError:
        return None


def parts_of(body: Any) -> list[Json]:
    """The parts of an envelope."""
    if not isinstance(body, dict):
        return []
    return next((body[name] for name in _ENVELOPES if name in body), [])


def row_names(request: httpx2.Request, body: Any) -> list[str]:
    """What each row of a collection call is about: its id, or our key."""
    if "/composite/sobjects" not in request.url.path:
        return []
    if request.method == "DELETE":
        return dict(request.url.params)["ids"].split(",")
    if not isinstance(body, dict) or "records" not in body:
        return []
    keys = ("Id", "Syncline_Id__c")
    return [
        next((row[key] for key in keys if row.get(key)), json.dumps(row))
        for row in body["records"]
    ]


def _shape(method: str, url: str, body: Any) -> str:
    split = urlsplit(url)
    path = _ID.sub("{id}", unquote(_ROOTS.sub("", split.path)))
    names = sorted(name for name, _ in parse_qsl(split.query) if name[0] != "$")
    query = dict(parse_qsl(split.query))
    if "q" in query:
        return f"{method} {path} {_soql_shape(query['q'])}"
    if isinstance(body, dict) and "records" in body:
        names.append(f"[{body['records'][0]['attributes']['type']}]")
    if "ids" in query:
        names.append(f"[{query['ids'][:3]}]")
    names += [name for name in query if name in ("$deltatoken", "$filter")]
    words = [method, path, *names]
    if parts_of(body):
        verbs = sorted({part["method"] for part in parts_of(body)})
        places = sorted({_place(part["url"]) for part in parts_of(body)})
        words.append(f"{'/'.join(verbs)} of {', '.join(places)}")
    return " ".join(words)


def _place(url: str) -> str:
    path = _ID.sub("{id}", unquote(_ROOTS.sub("", urlsplit(url).path)))
    return path.removeprefix("/me/").removeprefix("/")


def _soql_shape(soql: str) -> str:
    found = _SOQL.search(soql)
    assert found, soql
    columns = sorted({column for column, _ in _COLUMN.findall(found[2] or "")})
    return f"{found[1]} by {', '.join(columns)}"
