"""Reads records of other objects: one composite call, or none at all.

An object that was never read is described first, and so is one whose query is
refused: then it is left out of the read, and the answer says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from syncline.connectors.salesforce import soql, translate
from syncline.connectors.salesforce.client import (
    Composite,
    Part,
    PartResult,
    SalesforceClient,
)
from syncline.connectors.salesforce.gathering import observe_mirrored
from syncline.connectors.salesforce.mirrors import (
    Shape,
    columns,
    shape_of,
    stream_of,
    unusable_fields,
)
from syncline.connectors.salesforce.scope import Scope
from syncline.connectors.salesforce.streams import Stream
from syncline.connectors.salesforce.watermarks import Bookmark
from syncline.connectors.salesforce.wire import ObjectDescription
from syncline.domain.access.policy import Mirrored
from syncline.domain.errors import ItemError, PermissionDeniedError
from syncline.domain.values.changes import Change, LeftOut, Presence
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.items import Window
from syncline.domain.values.kinds import Kind, Side

#: The user may not see it, today and tomorrow.
_FOR_GOOD = frozenset(
    {FaultClass.PERMISSION, FaultClass.REJECTED, FaultClass.NOT_FOUND}
)


@dataclass(slots=True, kw_only=True)
class MirrorReading:
    """What was answered: `parts` by reference of each stream."""

    shapes: dict[str, str]
    parts: dict[str, PartResult] = field(default_factory=dict)
    streams: list[Stream] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    server_time: datetime | None = None

    @property
    def composite(self) -> Composite:
        """As if it had been one call, at the time of the first."""
        return Composite(parts=self.parts, server_time=self.server_time)


class MirrorReader:
    """Reads the mirrored objects of one user."""

    def __init__(
        self,
        client: SalesforceClient,
        mirrors: Sequence[Mirrored],
        overlap: timedelta,
    ) -> None:
        """Prepare; nothing is asked."""
        self._client = client
        self._mirrors = tuple(mirrors)
        self._overlap = overlap

    def read(
        self, bookmark: Bookmark | None, window: Window, *, is_full: bool
    ) -> MirrorReading:
        """One call; further ones where an object has to be described.

        Args:
            bookmark: What was read before.
            window: What is listed.
            is_full: List all, as events are.

        Raises:
            ProviderError: The call failed.
        """
        known = bookmark.mirrors if bookmark else {}
        names = {m.object_name for m in self._mirrors}
        found = MirrorReading(shapes={n: s for n, s in known.items() if n in names})
        described: set[str] = set()
        waiting = list(self._mirrors)
        while waiting:
            streams = [
                self._stream(m, found.shapes[m.object_name], bookmark, window, is_full)
                for m in waiting
                if m.object_name in found.shapes
            ]
            unknown = [m for m in waiting if m.object_name not in found.shapes]
            composite = self._ask(streams, unknown)
            found.server_time = found.server_time or composite.server_time
            waiting = [
                *self._take_rows(composite, streams, found, described),
                *self._take_descriptions(composite, unknown, found),
            ]
            described.update(m.object_name for m in unknown)
        return found

    def _stream(
        self,
        mirror: Mirrored,
        shape: str,
        bookmark: Bookmark | None,
        window: Window,
        is_full: bool,
    ) -> Stream:
        since = bookmark.since.get(mirror.object_name) if bookmark else None
        return stream_of(
            mirror,
            Shape(shape),
            self._client.user_id,
            window,
            since - self._overlap if since else None,
            is_full=is_full,
        )

    def _ask(self, streams: Sequence[Stream], unknown: Sequence[Mirrored]) -> Composite:
        parts = [stream.part(self._client) for stream in streams]
        for mirror in unknown:
            url = self._client.describe_url(mirror.object_name)
            parts.append(Part(reference=_describing(mirror), url=url))
        return self._client.composite_of_all(
            parts, "read", frozenset(), tolerates=_is_for_good
        )

    @staticmethod
    def _take_rows(
        composite: Composite,
        streams: Sequence[Stream],
        found: MirrorReading,
        described: set[str],
    ) -> list[Mirrored]:
        """Keep what was answered; returns those that have to be described first."""
        refused = []
        for stream in streams:
            part = composite.parts[stream.reference]
            if part.fault is None:
                found.streams.append(stream)
                found.parts[stream.reference] = part
                continue
            del found.shapes[stream.object_name]
            assert stream.mirror is not None
            if stream.object_name in described:
                found.left_out.append(_left_out(stream.mirror, part.fault.fields))
            else:
                refused.append(stream.mirror)
        return refused

    @staticmethod
    def _take_descriptions(
        composite: Composite, unknown: Sequence[Mirrored], found: MirrorReading
    ) -> list[Mirrored]:
        """Learn types; returns those that can be queried now."""
        usable = []
        for mirror in unknown:
            part = composite.parts[_describing(mirror)]
            if part.fault is not None:
                found.left_out.append(_left_out(mirror, ()))
                continue
            description = part.answer.decode(ObjectDescription)
            lost = unusable_fields(mirror, description)
            if lost:
                found.left_out.append(_left_out(mirror, lost))
                continue
            found.shapes[mirror.object_name] = shape_of(mirror, description).value
            usable.append(mirror)
        return usable

    def look(self, ids: Sequence[str], scope: Scope) -> list[Change]:
        """One change per id; nobody but a query knows which object an id is of.

        Raises:
            ProviderError: They could not be looked at.
        """
        found: dict[str, Change] = {}
        for mirror in self._mirrors:
            for portion in soql.in_portions(
                [i for i in dict.fromkeys(ids) if i not in found]
            ):
                found |= self._look_for(mirror, portion, scope)
        return [found.get(i) or _hidden(i) for i in ids]

    def _look_for(
        self, mirror: Mirrored, ids: Sequence[str], scope: Scope
    ) -> dict[str, Change]:
        condition = [soql.any_of("Id", ids)]
        query = soql.select(columns(mirror), mirror.object_name, condition)
        try:
            rows = self._client.query(query, with_deleted=True, operation="fetch")
        except (ItemError, PermissionDeniedError):
            # The next read says what is hidden.
            return {}
        changes = {}
        for row in rows:
            record_id = translate.row_id(row)
            if row.get("IsDeleted"):
                changes[record_id] = _seen_as(record_id, Presence.DELETED)
            else:
                changes[record_id] = observe_mirrored(mirror, row, scope)
        return changes


def _describing(mirror: Mirrored) -> str:
    return f"describe_{mirror.object_name}"


def _is_for_good(fault: Fault) -> bool:
    return fault.fault_class in _FOR_GOOD


def _left_out(mirror: Mirrored, fields: Sequence[str]) -> LeftOut:
    return LeftOut(
        object_name=mirror.object_name,
        name=mirror.name or mirror.object_name,
        fields=tuple(fields),
    )


def _hidden(record_id: str) -> Change:
    return _seen_as(record_id, Presence.OUT_OF_SCOPE)


def _seen_as(record_id: str, presence: Presence) -> Change:
    return Change(side=Side.CRM, kind=Kind.EVENT, id=record_id, presence=presence)
