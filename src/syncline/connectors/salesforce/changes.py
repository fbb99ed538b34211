"""Reads what changed in Salesforce: one composite call when it is quiet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from syncline.connectors.salesforce import soql, translate
from syncline.connectors.salesforce.client import (
    Composite,
    Part,
    PartResult,
    SalesforceClient,
)
from syncline.connectors.salesforce.describe import Describes
from syncline.connectors.salesforce.faults import unreadable_fault
from syncline.connectors.salesforce.gathering import Gathering, observe
from syncline.connectors.salesforce.ids import is_intact
from syncline.connectors.salesforce.manifest import OBJECTS, RECYCLE_BIN_DAYS
from syncline.connectors.salesforce.streams import USER, Stream, StreamPlanner
from syncline.connectors.salesforce.watermarks import (
    Bookmark,
    bounds,
    digest,
    join,
    read_bookmark,
    write_bookmark,
)
from syncline.connectors.salesforce.wire import ObjectDescription, QueryPage, Row
from syncline.domain.errors import ProviderError
from syncline.domain.values.changes import Change, ChangeSet, Presence, Watermark
from syncline.domain.values.faults import Fault
from syncline.domain.values.items import Window
from syncline.domain.values.kinds import Kind, Side

OVERLAP = timedelta(minutes=5)
#: A day less than the recycle bin keeps: deletions may be gone after that.
_LONGEST_SLEEP = timedelta(days=RECYCLE_BIN_DAYS - 1)
_UNAUTHORIZED = 401


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What one composite call brought."""

    composite: Composite
    streams: Sequence[Stream]
    described: Mapping[str, str]
    news: frozenset[str]


class SalesforceChangeSource:
    """Events and contacts of one user."""

    def __init__(
        self,
        client: SalesforceClient,
        describes: Describes,
        overlap: timedelta = OVERLAP,
    ) -> None:
        """Prepare; nothing is read.

        Args:
            client: Calls to the org.
            describes: Knows which fields there are.
            overlap: How much is read again each time, because long transactions
                become visible later than their stamp says.
        """
        self._client = client
        self._describes = describes
        self._overlap = overlap
        self._planner = StreamPlanner(
            user_id=client.user_id, describes=describes, overlap=overlap
        )
        self._window: Window | None = None

    def read(self, watermark: Watermark | None, window: Window) -> ChangeSet:
        """See `ports.ChangeSource`.

        Lists everything when there is no usable watermark, when it is older
        than the recycle bin, or when a field appeared that was missing; lists
        events when the window moved.
        """
        self._window = window
        bookmark = read_bookmark(watermark)
        if bookmark is not None:
            self._describes.remember(bookmark.missing)
        before = self._missing_pairs()
        reading = self._ask(bookmark, window)
        if bookmark is not None and (
            self._slept_too_long(bookmark, reading.composite.server_time)
            or before - self._missing_pairs()
        ):
            bookmark, reading = None, self._ask(None, window)
        gathering = Gathering(bookmark=bookmark, window=window)
        for stream in reading.streams:
            gathering.add(stream, self._rows(reading.composite, stream))
        return self._change_set(gathering, reading, bookmark, window)

    def fetch(self, kind: Kind, ids: Sequence[str]) -> list[Change]:
        """See `ports.ChangeSource`; what is hidden is not said to be deleted."""
        asked = list(dict.fromkeys(i for i in ids if is_intact(i)))
        columns = self._describes.columns(kind)
        rows = self._client.retrieve(OBJECTS[kind], asked, columns) if asked else []
        found = dict(zip(asked, rows, strict=True))
        gone = self._deleted(kind, [i for i, row in found.items() if row is None])
        return [self._look(kind, i, found.get(i), gone) for i in ids]

    def _look(self, kind: Kind, asked: str, row: Row | None, gone: set[str]) -> Change:
        if not is_intact(asked):
            return Change(
                side=Side.CRM,
                kind=kind,
                id=asked,
                presence=Presence.UNREADABLE,
                fault=unreadable_fault("Id", "not an id of Salesforce"),
            )
        if row is None:
            presence = Presence.DELETED if asked in gone else Presence.OUT_OF_SCOPE
            return Change(side=Side.CRM, kind=kind, id=asked, presence=presence)
        change = observe(kind, row, self._window, known_id=asked)
        owner = row.get("OwnerId")
        if kind is Kind.EVENT and owner and owner != self._client.user_id:
            return Change(
                side=Side.CRM, kind=kind, id=asked, presence=Presence.OUT_OF_SCOPE
            )
        return change

    def _deleted(self, kind: Kind, ids: Sequence[str]) -> set[str]:
        """Those that the recycle bin holds."""
        gone: set[str] = set()
        for portion in soql.in_portions(ids):
            conditions = ["IsDeleted = true", soql.any_of("Id", portion)]
            query = soql.select(("Id",), OBJECTS[kind], conditions)
            rows = self._client.query(query, with_deleted=True, operation="fetch")
            gone.update(translate.row_id(row) for row in rows)
        return gone

    def _ask(self, bookmark: Bookmark | None, window: Window) -> _Reading:
        """Make the composite call, again without fields that turn out missing."""
        attempt, has_renewed = 1, False
        while True:
            streams = self._planner.plan(bookmark, window)
            parts = [s.part(self._client) for s in streams]
            parts += [self._describe_part(n, bookmark) for n in OBJECTS.values()]
            composite = self._client.composite(parts, "read")
            described, news = self._learn(composite, bookmark)
            fault = _first_fault(composite, streams)
            if fault is None:
                return _Reading(
                    composite=composite,
                    streams=streams,
                    described=described,
                    news=news,
                )
            if fault.status == _UNAUTHORIZED and not has_renewed:
                has_renewed = self._client.http.renew()
                if has_renewed:
                    continue
            if fault.code == "INVALID_FIELD" and self._lost_fields(streams):
                continue
            if not (fault.is_passing and self._client.http.pause(fault, attempt)):
                raise ProviderError.of(fault)
            attempt += 1

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
            if part.fault is not None or part.is_unchanged:
                continue
            try:
                found = part.answer.decode(ObjectDescription)
            except ProviderError:
                continue
            changed = part.answer.headers.get("last-modified", "")
            self._describes.learn(found, changed)
            version = changed or digest(part.answer.body)
            if bookmark is not None and described.get(name) != version:
                hints.add(f"describe:{name}")
            described[name] = version
        return described, frozenset(hints)

    def _lost_fields(self, streams: Sequence[Stream]) -> bool:
        """Whether the org lacks a field that the queries asked for."""
        before = {s.reference: s.soql for s in streams}
        for kind, name in OBJECTS.items():
            self._describes.refresh(name)
            columns = ",".join(self._describes.columns(kind))
            if f"SELECT {columns} FROM" not in before[f"{kind}s"]:
                return True
        return False

    def _missing_pairs(self) -> set[tuple[str, str]]:
        missing = self._describes.missing
        return {(name, field) for name, gone in missing.items() for field in gone}

    def _slept_too_long(self, bookmark: Bookmark, server_time: datetime | None) -> bool:
        if server_time is None:
            return False
        return any(server_time - at > _LONGEST_SLEEP for at in bookmark.since.values())

    def _rows(self, composite: Composite, stream: Stream) -> list[bytes]:
        part: PartResult = composite.parts[stream.reference]
        page = part.answer.decode(QueryPage)
        return [bytes(raw) for raw in self._client.follow(page, part.answer)]

    def _change_set(
        self,
        gathering: Gathering,
        reading: _Reading,
        bookmark: Bookmark | None,
        window: Window,
    ) -> ChangeSet:
        since = self._new_since(gathering, reading, bookmark)
        floors = {
            name: translate.stamp_of(at - self._overlap) for name, at in since.items()
        }
        missing = {name: sorted(gone) for name, gone in self._describes.missing.items()}
        found = Bookmark(
            since=since,
            window=bounds(window),
            described=dict(reading.described),
            missing=missing,
            recent=join(gathering.digests_from(floors)),
        )
        return ChangeSet(
            side=Side.CRM,
            changes=gathering.changes,
            watermark=write_bookmark(found),
            full_kinds=frozenset(
                s.kind for s in reading.streams if s.is_full and s.kind is not None
            ),
            hints=gathering.hints | reading.news,
        )

    def _new_since(
        self, gathering: Gathering, reading: _Reading, bookmark: Bookmark | None
    ) -> dict[str, datetime]:
        """Up to when each object was read.

        The server's time of the first call, before any further page; without
        one, the newest stamp that was seen.
        """
        since = dict(bookmark.since) if bookmark else {}
        server_time = reading.composite.server_time
        for name in (*OBJECTS.values(), USER):
            times = [t for t in (server_time, gathering.newest(name)) if t]
            if times:
                since[name] = max(times)
        return since


def _first_fault(composite: Composite, streams: Sequence[Stream]) -> Fault | None:
    faults = (composite.parts[s.reference].fault for s in streams)
    return next((f for f in faults if f is not None), None)


def _is_date(version: str) -> bool:
    """Whether a description's version is an HTTP date and not our digest."""
    return "," in version
