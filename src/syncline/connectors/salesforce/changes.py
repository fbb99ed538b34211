"""Reads what changed in Salesforce: one composite call when it is quiet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from syncline.connectors.salesforce import translate
from syncline.connectors.salesforce.asking import Asker, Reading
from syncline.connectors.salesforce.client import Composite, SalesforceClient
from syncline.connectors.salesforce.describe import Describes, TaskStatus
from syncline.connectors.salesforce.faults import VIEW_GONE
from syncline.connectors.salesforce.gathering import Gathering
from syncline.connectors.salesforce.ids import is_intact
from syncline.connectors.salesforce.invitees import Invitees
from syncline.connectors.salesforce.looking import Looker, with_invitees
from syncline.connectors.salesforce.manifest import (
    OBJECTS,
    PREFIXES,
    RECYCLE_BIN_DAYS,
)
from syncline.connectors.salesforce.mirror_reading import MirrorReader
from syncline.connectors.salesforce.scope import Scope, scope_at
from syncline.connectors.salesforce.streams import (
    USER,
    Stream,
    StreamPlanner,
    contact_terms,
)
from syncline.connectors.salesforce.views import ListView, find_view
from syncline.connectors.salesforce.watermarks import (
    Bookmark,
    bounds,
    join,
    read_bookmark,
    write_bookmark,
)
from syncline.connectors.salesforce.wire import QueryPage
from syncline.domain.access.policy import ContactScope, Mirrored
from syncline.domain.errors import ItemError
from syncline.domain.values.changes import Change, ChangeSet, Watermark
from syncline.domain.values.items import Window
from syncline.domain.values.kinds import Kind, Side

OVERLAP = timedelta(minutes=5)
#: A day less than the recycle bin keeps: deletions may be gone after that.
_LONGEST_SLEEP = timedelta(days=RECYCLE_BIN_DAYS - 1)


def utc_now() -> datetime:
    """The present instant by this computer's clock."""
    return datetime.now(UTC)


class SalesforceChangeSource:
    """Events, contacts, tasks and saved messages of one user."""

    def __init__(
        self,
        client: SalesforceClient,
        describes: Describes,
        *,
        overlap: timedelta = OVERLAP,
        contact_scope: ContactScope = ContactScope.MINE,
        contact_view: str = "",
        mirrored: Sequence[Mirrored] = (),
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Prepare; nothing is read.

        Args:
            client: Calls to the org.
            describes: Knows which fields there are.
            overlap: How much is read again each time, because long transactions
                become visible later than their stamp says.
            contact_scope: Which contacts are read.
            contact_view: With scope VIEW: id, API name or label of the view.
            mirrored: Objects whose records appear as events.
            now: Tells which day it is: tasks completed long ago are not read.
        """
        self._client = client
        self._describes = describes
        self._overlap = overlap
        self._contact_scope = contact_scope
        self._contact_view = contact_view
        self._now = now
        self._invitees = Invitees(client, describes)
        planner = StreamPlanner(
            user_id=client.user_id, describes=describes, overlap=overlap
        )
        self._asker = Asker(client, describes, planner)
        self._looker = Looker(client, describes, self._invitees)
        self._mirrors = MirrorReader(client, mirrored, overlap)
        self._window: Window | None = None
        self._view: ListView | None = None

    def read(self, watermark: Watermark | None, window: Window) -> ChangeSet:
        """See `ports.ChangeSource`.

        Lists everything when there is no usable watermark, when it is older
        than the recycle bin, when the window moved, when other contacts are in
        scope, or when a field appeared that was missing.
        """
        self._window = window
        now = self._now()
        scope = scope_at(now, self._client.user_id, window, self._contact_scope)
        bookmark = read_bookmark(watermark)
        if bookmark is not None:
            self._describes.remember(bookmark.missing)
            if bookmark.statuses is not None:
                self._describes.task_statuses = _statuses(bookmark.statuses)
        before = self._missing_pairs()
        reading = self._ask(bookmark, scope, now)
        if bookmark is not None and (
            self._slept_too_long(bookmark, reading.composite.server_time)
            or before - self._missing_pairs()
        ):
            bookmark = None
            reading = self._asker.ask(None, scope, reading.view, now)
        self._view = reading.view
        gathering = Gathering(bookmark=bookmark, scope=scope)
        for stream in reading.streams:
            gathering.add(stream, self._rows(reading.composite, stream))
        mirrored = self._mirrors.read(
            bookmark, window, is_full=_is_full(reading, Kind.EVENT)
        )
        for stream in mirrored.streams:
            gathering.add(stream, self._rows(mirrored.composite, stream))
        marker = self._bookmark(gathering, reading, bookmark, window)
        marker.since |= _read_up_to(mirrored.streams, mirrored.composite, gathering)
        marker.mirrors = mirrored.shapes
        marker.contacts = contact_terms(scope, reading.view)
        return ChangeSet(
            side=Side.CRM,
            changes=tuple(with_invitees(gathering.changes, self._invitees)),
            watermark=write_bookmark(marker),
            full_kinds=frozenset(
                s.kind for s in reading.streams if s.is_full and s.kind is not None
            ),
            hints=gathering.hints | reading.news,
            left_out=tuple(mirrored.left_out),
        )

    def fetch(self, kind: Kind, ids: Sequence[str]) -> list[Change]:
        """See `ports.ChangeSource`; what is hidden is not said to be deleted."""
        scope = scope_at(
            self._now(), self._client.user_id, self._window, self._contact_scope
        )
        view = None
        if kind is Kind.CONTACT:
            self._view = view = self._view or self._known_view(None)
        if kind is not Kind.EVENT:
            return self._looker.look(kind, ids, scope, view)
        others = [i for i in ids if _is_of_another_object(i)]
        events = [i for i in ids if not _is_of_another_object(i)]
        looked = [
            *self._looker.look(kind, events, scope, view),
            *self._mirrors.look(others, scope),
        ]
        found = {change.id: change for change in looked}
        return [found[i] for i in ids]

    def _ask(self, bookmark: Bookmark | None, scope: Scope, now: datetime) -> Reading:
        view = self._known_view(bookmark)
        try:
            return self._asker.ask(bookmark, scope, view, now)
        except ItemError as error:
            if error.fault.code != VIEW_GONE:
                raise
        # Perhaps it was made anew under the same name.
        return self._asker.ask(bookmark, scope, self._known_view(None), now)

    def _known_view(self, bookmark: Bookmark | None) -> ListView | None:
        """The list view as last seen, or else as it is now."""
        if self._contact_scope is not ContactScope.VIEW:
            return None
        known = bookmark.view if bookmark else None
        if known is not None and known[0] == self._contact_view:
            _, view_id, using, condition = known
            return ListView(id=view_id, using=using, condition=condition)
        view_id = find_view(self._client, self._contact_view)
        return self._asker.describe_view(view_id)

    def _missing_pairs(self) -> set[tuple[str, str]]:
        missing = self._describes.missing
        return {(name, field) for name, gone in missing.items() for field in gone}

    def _slept_too_long(self, bookmark: Bookmark, server_time: datetime | None) -> bool:
        if server_time is None:
            return False
        return any(server_time - at > _LONGEST_SLEEP for at in bookmark.since.values())

    def _rows(self, composite: Composite, stream: Stream) -> list[bytes]:
        part = composite.parts[stream.reference]
        if part.fault is not None:
            return []
        page = part.answer.decode(QueryPage)
        return [bytes(raw) for raw in self._client.follow(page, part.answer)]

    def _bookmark(
        self,
        gathering: Gathering,
        reading: Reading,
        bookmark: Bookmark | None,
        window: Window,
    ) -> Bookmark:
        since = self._new_since(gathering, reading, bookmark)
        floors = {
            name: translate.stamp_of(at - self._overlap) for name, at in since.items()
        }
        missing = {name: sorted(gone) for name, gone in self._describes.missing.items()}
        view, statuses = reading.view, self._describes.task_statuses
        return Bookmark(
            since=since,
            window=bounds(window),
            described=dict(reading.described),
            missing=missing,
            extra=self._describes.extra,
            view=self._named(view) if view else None,
            statuses=[s.row for s in statuses] if statuses is not None else None,
            recent=join(gathering.digests_from(floors)),
        )

    def _named(self, view: ListView) -> tuple[str, str, str, str]:
        return self._contact_view, view.id, view.using, view.condition

    def _new_since(
        self, gathering: Gathering, reading: Reading, bookmark: Bookmark | None
    ) -> dict[str, datetime]:
        """Up to when each object was read.

        The server's time of the first call, before any further page; without
        one, the newest stamp that was seen.
        """
        names = {*OBJECTS.values(), USER}
        before = bookmark.since if bookmark else {}
        since = {name: at for name, at in before.items() if name in names}
        server_time = reading.composite.server_time
        for name in (*OBJECTS.values(), USER):
            if name in OBJECTS.values() and not self._describes.has_object(name):
                since.pop(name, None)
                continue
            times = [t for t in (server_time, gathering.newest(name)) if t]
            if times:
                since[name] = max(times)
        return since


def _is_full(reading: Reading, kind: Kind) -> bool:
    return any(s.is_full for s in reading.streams if s.kind is kind)


def _is_of_another_object(record_id: str) -> bool:
    return is_intact(record_id) and not record_id.startswith(PREFIXES["Event"])


def _read_up_to(
    streams: Iterable[Stream], composite: Composite, gathering: Gathering
) -> dict[str, datetime]:
    """Up to when mirrored objects were read."""
    found = {}
    for name in {stream.object_name for stream in streams}:
        times = [t for t in (composite.server_time, gathering.newest(name)) if t]
        if times:
            found[name] = max(times)
    return found


def _statuses(rows: Sequence[tuple[str, bool, bool]]) -> tuple[TaskStatus, ...]:
    return tuple(
        TaskStatus(name=name, is_closed=is_closed, is_default=is_default)
        for name, is_closed, is_default in rows
    )
