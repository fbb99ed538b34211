"""Turns the rows of several queries into one observation per record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from syncline.connectors.salesforce import translate
from syncline.connectors.salesforce.faults import unreadable_fault
from syncline.connectors.salesforce.manifest import PROVIDER
from syncline.connectors.salesforce.mirrors import read_mirrored
from syncline.connectors.salesforce.scope import Scope
from syncline.connectors.salesforce.streams import Stream
from syncline.connectors.salesforce.translate import UnreadableRowError
from syncline.connectors.salesforce.watermarks import Bookmark, digest
from syncline.connectors.salesforce.wire import Row, read_row
from syncline.domain.access.policy import Mirrored
from syncline.domain.errors import ProviderError
from syncline.domain.values.changes import Change, Presence
from syncline.domain.values.content import parse_instant
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.kinds import Kind, Side


@dataclass(slots=True, kw_only=True)
class Gathering:
    """Collects changes; the newest observation of a record wins.

    Rows that the last read reported in the very same state are passed over:
    they come again only because reads overlap.
    """

    bookmark: Bookmark | None
    scope: Scope
    _known: frozenset[str] = field(init=False)
    _seen: dict[str, tuple[str, Change]] = field(default_factory=dict)
    _digests: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    _newest: dict[str, str] = field(default_factory=dict)
    _hints: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Look up what was reported before."""
        self._known = self.bookmark.digests if self.bookmark else frozenset()

    def add(self, stream: Stream, rows: Iterable[bytes]) -> None:
        """Take in all rows of a query.

        Raises:
            ProviderError: A row is no object at all.
        """
        floor = translate.stamp_of(stream.floor) if stream.floor else None
        for raw in rows:
            row = _decode(raw)
            stamp = translate.row_stamp(row)
            state = digest(raw)
            self._digests.setdefault(stream.object_name, []).append((stamp, state))
            if stamp > self._newest.get(stream.object_name, ""):
                self._newest[stream.object_name] = stamp
            is_known = state in self._known and not self._is_unsettled(stamp, row)
            if floor is not None and stamp >= floor and not is_known:
                self._hints.update(_hints(stream, row))
            if stream.kind is not None and (stream.is_full or not is_known):
                self._keep(stamp, self._change(stream, row))

    def _is_unsettled(self, stamp: str, row: Row) -> bool:
        """Whether invitees may have changed since, within the second of the stamp.

        They are rows of their own: only the stamp of their event tells of them.
        """
        since = self.bookmark.since.get("Event") if self.bookmark else None
        is_group = row.get("IsGroupEvent") is True
        return is_group and since is not None and stamp >= translate.stamp_of(since)

    @property
    def changes(self) -> tuple[Change, ...]:
        """One per record."""
        return tuple(change for _, change in self._seen.values())

    @property
    def hints(self) -> frozenset[str]:
        """What is news since the last read; none on the first."""
        return frozenset(self._hints)

    def newest(self, object_name: str) -> datetime | None:
        """The latest stamp among an object's rows."""
        stamp = self._newest.get(object_name)
        return parse_instant(stamp) if stamp else None

    def digests_from(self, floors: Mapping[str, str]) -> Iterator[str]:
        """Digests of rows that a query from these stamps on brings again."""
        for name, rows in self._digests.items():
            yield from {state for stamp, state in rows if stamp >= floors.get(name, "")}

    def _change(self, stream: Stream, row: Row) -> Change:
        assert stream.kind is not None
        kind = _kind(stream.kind, row)
        if not row.get("IsDeleted"):
            if stream.mirror is not None:
                return observe_mirrored(stream.mirror, row, self.scope)
            return observe(kind, row, self.scope)
        record_id = translate.row_id(row)
        if record_id:
            return Change(
                side=Side.CRM, kind=kind, id=record_id, presence=Presence.DELETED
            )
        return _unreadable(kind, "", UnreadableRowError("Id", "no id"))

    def _keep(self, stamp: str, change: Change) -> None:
        # Without an id each is a thing of its own.
        key = change.id or f"?{len(self._seen)}"
        before = self._seen.get(key)
        if before is None or stamp >= before[0]:
            self._seen[key] = (stamp, change)


def observe(kind: Kind, row: Row, scope: Scope, known_id: str = "") -> Change:
    """One live row as an observation; what is out of scope is told apart."""
    try:
        record = translate.read_record(kind, row)
    except UnreadableRowError as error:
        return _unreadable(kind, known_id or translate.row_id(row), error)
    return Change(
        side=Side.CRM,
        kind=kind,
        id=known_id or record.id,
        presence=scope.presence(row, record),
        thing=None if scope.is_foreign(record) else record,
    )


def observe_mirrored(mirror: Mirrored, row: Row, scope: Scope) -> Change:
    """One live row of another object as an observation of an event."""
    record_id = translate.row_id(row)
    try:
        record = read_mirrored(mirror, row)
    except UnreadableRowError as error:
        return _unreadable(Kind.EVENT, record_id, error)
    is_ours = record is not None and not scope.is_foreign(record)
    return Change(
        side=Side.CRM,
        kind=Kind.EVENT,
        id=record_id,
        presence=scope.presence(row, record) if record else Presence.OUT_OF_SCOPE,
        thing=record if is_ours else None,
    )


def _kind(kind: Kind, row: Row) -> Kind:
    """In an org without Enhanced Email a saved message is a task."""
    is_message = kind is Kind.TASK and row.get("TaskSubtype") == "Email"
    return Kind.MESSAGE if is_message else kind


def _unreadable(kind: Kind, record_id: str, error: UnreadableRowError) -> Change:
    return Change(
        side=Side.CRM,
        kind=kind,
        id=record_id,
        presence=Presence.UNREADABLE,
        fault=unreadable_fault(error.field, str(error)),
    )


def _decode(raw: bytes) -> Row:
    try:
        return read_row(msgspec.Raw(raw))
    except msgspec.MsgspecError as error:
        raise ProviderError.of(
            Fault(
                fault_class=FaultClass.BAD_RESPONSE,
                provider=PROVIDER,
                operation="read",
                code="BadResponse",
                message="a row that is no object",
            )
        ) from error


def _hints(stream: Stream, row: Row) -> Iterator[str]:
    record_id = translate.row_id(row)
    if stream.kind is None:
        yield f"user:{record_id}"
        return
    yield f"record:{record_id}"
    master = row.get("MasterRecordId")
    if row.get("IsDeleted") and isinstance(master, str) and master:
        yield f"merged:{record_id}:{master}"
