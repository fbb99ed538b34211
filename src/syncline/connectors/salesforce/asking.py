"""Asks all queries of a read in one composite call, and describes with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from syncline.connectors.salesforce import soql
from syncline.connectors.salesforce.client import (
    Composite,
    Part,
    PartResult,
    SalesforceClient,
)
from syncline.connectors.salesforce.describe import Describes, read_statuses
from syncline.connectors.salesforce.manifest import OBJECTS, QUERIES_PER_COMPOSITE
from syncline.connectors.salesforce.scope import Scope
from syncline.connectors.salesforce.streams import Stream, StreamPlanner
from syncline.connectors.salesforce.views import ListView, read_view, view_url
from syncline.connectors.salesforce.watermarks import Bookmark, digest
from syncline.connectors.salesforce.wire import ObjectDescription, QueryPage
from syncline.domain.errors import ProviderError
from syncline.domain.values.faults import Fault, FaultClass

_STATUSES = "statuses"
_VIEW = "view"
_UNAUTHORIZED = 401
#: The org has something else than was asked for.
_LACKING = frozenset({"INVALID_FIELD", "INVALID_TYPE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one composite call brought."""

    composite: Composite
    streams: Sequence[Stream]
    described: Mapping[str, str]
    news: frozenset[str]
    view: ListView | None


class Asker:
    """Makes the composite call, again when the org turns out to be another one."""

    def __init__(
        self, client: SalesforceClient, describes: Describes, planner: StreamPlanner
    ) -> None:
        """Prepare; nothing is asked."""
        self._client = client
        self._describes = describes
        self._planner = planner

    def ask(
        self,
        bookmark: Bookmark | None,
        scope: Scope,
        view: ListView | None,
        now: datetime,
    ) -> Reading:
        """One call; a second one when fields, objects or the list view changed.

        Raises:
            ProviderError: A query failed for good.
        """
        attempt, has_renewed = 1, False
        while True:
            streams = self._planner.plan(bookmark, scope, view, now)
            composite = self._client.composite(
                self._parts(streams, bookmark, view), "read"
            )
            described, news = self._learn(composite, bookmark)
            fault = _first_fault(composite, streams)
            if fault is None:
                found = self._view(composite, view)
                if found != view:
                    view = found
                    continue
                self._learn_statuses(composite, news)
                return Reading(
                    composite=composite,
                    streams=streams,
                    described=described,
                    news=news,
                    view=view,
                )
            if fault.status == _UNAUTHORIZED and not has_renewed:
                has_renewed = self._client.http.renew()
                if has_renewed:
                    continue
            if fault.code in _LACKING:
                self._refresh()
                if self._planner.plan(bookmark, scope, view, now) != streams:
                    continue
            if not (fault.is_passing and self._client.http.pause(fault, attempt)):
                raise ProviderError.of(fault)
            attempt += 1

    def describe_view(self, view_id: str) -> ListView:
        """A list view that was not known before.

        Raises:
            ProviderError: It is gone or hidden.
        """
        url = view_url(self._client, view_id)
        composite = self._client.composite([Part(reference=_VIEW, url=url)], "read")
        return read_view(view_id, composite.parts[_VIEW], self._client.user_id)

    def _parts(
        self,
        streams: Sequence[Stream],
        bookmark: Bookmark | None,
        view: ListView | None,
    ) -> list[Part]:
        parts = [s.part(self._client) for s in streams]
        if self._describes.task_statuses is None and len(parts) < QUERIES_PER_COMPOSITE:
            url = self._client.query_url(soql.TASK_STATUSES)
            parts.append(Part(reference=_STATUSES, url=url))
        if view is not None:
            url = view_url(self._client, view.id)
            parts.append(Part(reference=_VIEW, url=url))
        return parts + [self._describe_part(n, bookmark) for n in OBJECTS.values()]

    def _describe_part(self, name: str, bookmark: Bookmark | None) -> Part:
        known = bookmark.described.get(name, "") if bookmark else ""
        return Part(
            reference=f"describe_{name}",
            url=self._client.describe_url(name),
            headers={"If-Modified-Since": known} if _is_date(known) else {},
        )

    def _learn(
        self, composite: Composite, bookmark: Bookmark | None
    ) -> tuple[dict[str, str], frozenset[str]]:
        """Dates of the descriptions, and hints for those that changed.

        A description that cannot be had stops nothing: it only gives hints.
        """
        described = dict(bookmark.described) if bookmark else {}
        hints: set[str] = set()
        for name in OBJECTS.values():
            part = composite.parts[f"describe_{name}"]
            found = self._description(name, part)
            if found is None:
                if not self._describes.has_object(name):
                    described.pop(name, None)
                continue
            changed = part.answer.headers.get("last-modified", "")
            self._describes.learn(found, changed)
            version = changed or digest(part.answer.body)
            if bookmark is not None and described.get(name) != version:
                hints.add(f"describe:{name}")
                if name == "Task":
                    self._describes.task_statuses = None
            described[name] = version
        return described, frozenset(hints)

    def _description(self, name: str, part: PartResult) -> ObjectDescription | None:
        if part.fault is not None:
            self._describes.takes_as_lost(name, part.fault)
            return None
        if part.is_unchanged:
            return None
        try:
            return part.answer.decode(ObjectDescription)
        except ProviderError:
            return None

    def _view(self, composite: Composite, view: ListView | None) -> ListView | None:
        if view is None:
            return None
        return read_view(view.id, composite.parts[_VIEW], self._client.user_id)

    def _learn_statuses(self, composite: Composite, news: frozenset[str]) -> None:
        """From the same call, or when the task's fields changed by one more."""
        if self._describes.task_statuses is not None:
            return
        part = composite.parts.get(_STATUSES)
        if part is None:
            if "describe:Task" in news:
                self._describes.ask_statuses()
        elif part.fault is None:
            page = part.answer.decode(QueryPage)
            raws = self._client.follow(page, part.answer)
            self._describes.task_statuses = read_statuses(raws)

    def _refresh(self) -> None:
        """Look which of our fields and objects there are."""
        for name in OBJECTS.values():
            try:
                self._describes.refresh(name)
            except ProviderError as error:
                if not self._describes.takes_as_lost(name, error.fault):
                    raise


def _first_fault(composite: Composite, streams: Sequence[Stream]) -> Fault | None:
    for stream in streams:
        fault = composite.parts[stream.reference].fault
        if fault is not None and not (stream.is_optional and _is_for_good(fault)):
            return fault
    return None


def _is_for_good(fault: Fault) -> bool:
    """Whether this user may not ask it, today and tomorrow."""
    is_refusal = fault.fault_class in (FaultClass.PERMISSION, FaultClass.REJECTED)
    return is_refusal and fault.code not in _LACKING


def _is_date(version: str) -> bool:
    """Whether a description's version is an HTTP date and not our digest."""
    return "," in version
