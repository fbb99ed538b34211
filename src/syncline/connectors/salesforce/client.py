"""Salesforce's REST resources, one method each.

Watches the org's allowance: every answer tells how many of the day's calls all
users and programs together have spent.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import msgspec

from syncline.connectors.base.http import Answer, Http
from syncline.connectors.salesforce import wire
from syncline.connectors.salesforce.faults import read_fault, spent_fault
from syncline.connectors.salesforce.ids import long_id
from syncline.connectors.salesforce.manifest import (
    API_VERSION,
    PROVIDER,
    RETRIEVE_LIMIT,
)
from syncline.domain.errors import ProviderError
from syncline.domain.values.faults import Fault

_USAGE = re.compile(r"(?:^|[\s,;])api-usage=(\d+)/(\d+)")
#: What was heard about the allowance counts this long; then one call may ask.
_HEARD_FOR = timedelta(minutes=15)
_NOT_MODIFIED = 304
_UNAUTHORIZED = 401
#: A rule that warns is not passed either: a person decides.
_WRITE_HEADERS = {
    "Sforce-Duplicate-Rule-Header": "allowSave=false; includeRecordDetails=true"
}

RecordBody = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One reading part of a composite call; `url` begins with a slash."""

    reference: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartResult:
    """What one part was answered; `fault` when it failed."""

    answer: Answer
    fault: Fault | None

    @property
    def is_unchanged(self) -> bool:
        """Whether it said that nothing changed."""
        return self.answer.status == _NOT_MODIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class Composite:
    """The parts' results by reference, and the server's time."""

    parts: Mapping[str, PartResult]
    server_time: datetime | None


class SalesforceClient:
    """Calls to one org as one user."""

    def __init__(
        self,
        http: Http,
        user_id: str,
        api_version: str = API_VERSION,
        *,
        allowance_share: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare; nothing is sent.

        Args:
            http: `base_url` is the instance URL.
            user_id: 18-character id of the user whose records are synchronized.
            api_version: Without the `v`.
            allowance_share: Share of the org's daily calls, spent by everybody,
                from which on no further call is made.
            clock: Seconds, monotonic.
        """
        self.http = http
        self.user_id = long_id(user_id)
        self.root = f"/services/data/v{api_version}"
        #: Calls spent in 24 hours and their maximum, as last heard.
        self.allowance: tuple[int, int] | None = None
        self._share = allowance_share
        self._clock = clock
        self._heard_at = 0.0
        http.observe = self._hear

    def query_url(self, soql: str, *, with_deleted: bool = False) -> str:
        """The address of a query; `with_deleted` looks into the recycle bin."""
        resource = "queryAll" if with_deleted else "query"
        return f"{self.root}/{resource}?q={quote(soql, safe='')}"

    def describe_url(self, object_name: str) -> str:
        """The address of an object's description."""
        return f"{self.root}/sobjects/{object_name}/describe"

    def query(
        self, soql: str, *, with_deleted: bool = False, operation: str = "query"
    ) -> list[wire.Row]:
        """All rows of a query.

        Raises:
            ProviderError: It failed, or an answer made no sense.
        """
        url = self.query_url(soql, with_deleted=with_deleted)
        answer = self._send("GET", url, operation)
        return self.rows(answer.decode(wire.QueryPage), answer)

    def rows(self, page: wire.QueryPage, answer: Answer) -> list[wire.Row]:
        """The rows of a first page and of all that follow it.

        Raises:
            ProviderError: A page is missing, or a row makes no sense.
        """
        return [_row(raw, answer) for raw in self.follow(page, answer)]

    def follow(self, page: wire.QueryPage, answer: Answer) -> list[msgspec.Raw]:
        """The raw rows of a first page and of all that follow it.

        Raises:
            ProviderError: A page is missing, or rows are.
        """
        rows, total = list(page.records), page.total_size
        while not page.done:
            if not page.next_records_url or not page.records:
                raise answer.bad_response("a page without the next one")
            answer = self._send("GET", page.next_records_url, "next page")
            page = answer.decode(wire.QueryPage)
            rows.extend(page.records)
        if len(rows) < total:
            raise answer.bad_response(f"{len(rows)} of {total} rows")
        return rows

    def composite(self, parts: Sequence[Part], operation: str) -> Composite:
        """Several reads in one call; one may fail without the others.

        Raises:
            ProviderError: The call as a whole failed or an answer is missing.
        """
        body = {
            "allOrNone": False,
            "compositeRequest": [
                {
                    "method": "GET",
                    "url": part.url,
                    "referenceId": part.reference,
                    **({"httpHeaders": part.headers} if part.headers else {}),
                }
                for part in parts
            ],
        }
        answer = self._send("POST", f"{self.root}/composite", operation, body)
        found = {
            part.reference_id: _part_result(part, operation)
            for part in answer.decode(wire.CompositeAnswer).composite_response
        }
        if missing := [p.reference for p in parts if p.reference not in found]:
            raise answer.bad_response(f"no answer to {', '.join(missing)}")
        return Composite(parts=found, server_time=_server_time(answer))

    def composite_of_all(
        self,
        parts: Sequence[Part],
        operation: str,
        optional: frozenset[str],
        *,
        tolerates: Callable[[Fault], bool] = lambda fault: False,
    ) -> Composite:
        """Several reads in one call, of which only `optional` ones may fail.

        Args:
            parts: The reads.
            operation: What they are for, in faults.
            optional: References of parts that may fail in whatever way.
            tolerates: Says of a fault whether any part may fail that way.

        Raises:
            ProviderError: A part that is needed failed for good.
        """
        attempt, has_renewed = 1, False
        while True:
            found = self.composite(parts, operation)
            needed = (p.fault for n, p in found.parts.items() if n not in optional)
            fault = next((f for f in needed if f and not tolerates(f)), None)
            if fault is None:
                return found
            if fault.status == _UNAUTHORIZED and not has_renewed:
                has_renewed = self.http.renew()
                if has_renewed:
                    continue
            if not (fault.is_passing and self.http.pause(fault, attempt)):
                raise ProviderError.of(fault)
            attempt += 1

    def retrieve(
        self, object_name: str, ids: Sequence[str], fields: Sequence[str]
    ) -> list[wire.Row | None]:
        """Records by id, in that order; None for what is deleted or hidden.

        Raises:
            ProviderError: It failed, or an answer made no sense.
        """
        found: list[wire.Row | None] = []
        for start in range(0, len(ids), RETRIEVE_LIMIT):
            portion = list(ids[start : start + RETRIEVE_LIMIT])
            body = {"ids": portion, "fields": list(fields)}
            url = f"{self.root}/composite/sobjects/{object_name}"
            answer = self._send("POST", url, "retrieve", body)
            rows = answer.decode(list[dict[str, Any] | None])
            if len(rows) != len(portion):
                raise answer.bad_response(f"{len(rows)} of {len(portion)} records")
            found.extend(rows)
        return found

    def upsert(
        self, object_name: str, key_field: str, records: Sequence[RecordBody]
    ) -> list[wire.SaveResult]:
        """Create records, or change those that have the key already."""
        path = f"/composite/sobjects/{object_name}/{key_field}"
        return self._save("PATCH", path, "create", object_name, records)

    def insert(
        self, object_name: str, records: Sequence[RecordBody]
    ) -> list[wire.SaveResult]:
        """Create records; never repeated when the outcome is unknown."""
        path = "/composite/sobjects"
        return self._save("POST", path, "create", object_name, records)

    def create(self, object_name: str, record: RecordBody) -> None:
        """Create one record in a call of its own; never repeated by itself.

        Raises:
            ProviderError: It was refused, or nobody knows what became of it.
        """
        url = f"{self.root}/sobjects/{object_name}"
        self._send("POST", url, "create", record, is_repeatable=False)

    def update(
        self, object_name: str, records: Sequence[RecordBody]
    ) -> list[wire.SaveResult]:
        """Change records; each carries its `Id`."""
        path = "/composite/sobjects"
        return self._save("PATCH", path, "update", object_name, records)

    def delete(self, ids: Sequence[str]) -> list[wire.SaveResult]:
        """Move records to the recycle bin."""
        url = f"{self.root}/composite/sobjects?ids={','.join(ids)}&allOrNone=false"
        answer = self._send("DELETE", url, "delete")
        return _results(answer, len(ids))

    def describe(
        self, object_name: str, known: str = ""
    ) -> tuple[wire.ObjectDescription | None, str]:
        """An object's description and its date; None if unchanged since `known`.

        Raises:
            ProviderError: It failed, or an answer made no sense.
        """
        headers = {"If-Modified-Since": known} if known else {}
        answer = self._send(
            "GET", self.describe_url(object_name), "describe", headers=headers
        )
        if answer.status == _NOT_MODIFIED:
            return None, known
        changed = answer.headers.get("last-modified", "")
        return answer.decode(wire.ObjectDescription), changed

    def _save(
        self,
        method: str,
        path: str,
        operation: str,
        object_name: str,
        records: Sequence[RecordBody],
    ) -> list[wire.SaveResult]:
        typed = [{"attributes": {"type": object_name}, **r} for r in records]
        answer = self._send(
            method,
            f"{self.root}{path}",
            operation,
            {"allOrNone": False, "records": typed},
            headers=_WRITE_HEADERS,
            is_repeatable=method != "POST",
        )
        return _results(answer, len(records))

    def _send(
        self,
        method: str,
        url: str,
        operation: str,
        body: object = None,
        *,
        headers: Mapping[str, str] | None = None,
        is_repeatable: bool = True,
    ) -> Answer:
        self._check_allowance()
        return self.http.send(
            method,
            url,
            operation=operation,
            json=body,
            headers=headers,
            is_repeatable=is_repeatable,
            accept=frozenset({_NOT_MODIFIED}),
        )

    def _hear(self, answer: Answer) -> None:
        usage = _USAGE.search(answer.headers.get("sforce-limit-info", ""))
        if usage:
            self.allowance = int(usage[1]), int(usage[2])
            self._heard_at = self._clock()

    def _check_allowance(self) -> None:
        if self.allowance is None:
            return
        if self._clock() - self._heard_at > _HEARD_FOR.total_seconds():
            return
        used, most = self.allowance
        if most > 0 and used >= most * self._share:
            raise ProviderError.of(spent_fault(used, most))


def _row(raw: msgspec.Raw, answer: Answer) -> wire.Row:
    try:
        return wire.read_row(raw)
    except msgspec.MsgspecError as error:
        raise answer.bad_response("a row that is no object") from error


def _results(answer: Answer, expected: int) -> list[wire.SaveResult]:
    results = answer.decode(list[wire.SaveResult])
    if len(results) != expected:
        raise answer.bad_response(f"{len(results)} of {expected} results")
    return results


def _part_result(part: wire.PartAnswer, operation: str) -> PartResult:
    answer = Answer(
        provider=PROVIDER,
        operation=operation,
        status=part.http_status_code,
        headers={name.lower(): value for name, value in part.http_headers.items()},
        body=bytes(part.body),
    )
    is_fine = answer.is_success or answer.status == _NOT_MODIFIED
    return PartResult(answer=answer, fault=None if is_fine else read_fault(answer))


def _server_time(answer: Answer) -> datetime | None:
    try:
        return parsedate_to_datetime(answer.headers["date"]).astimezone(UTC)
    except (KeyError, ValueError, TypeError):
        return None
