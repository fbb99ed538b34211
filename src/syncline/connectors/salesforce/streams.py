"""The queries of one read: what changed or was deleted, and who changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from syncline.connectors.salesforce import soql
from syncline.connectors.salesforce.client import Part, SalesforceClient
from syncline.connectors.salesforce.describe import Describes
from syncline.connectors.salesforce.manifest import OBJECTS
from syncline.connectors.salesforce.scope import Scope, mine
from syncline.connectors.salesforce.views import ListView
from syncline.connectors.salesforce.watermarks import Bookmark, bounds
from syncline.domain.access.policy import ContactScope, Mirrored
from syncline.domain.values.kinds import Kind

USER = "User"
ORDER = "SystemModstamp, Id"
GONE = "IsDeleted = true"
LIVE = "IsDeleted = false"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One query. `kind` is None for users, who only give hints."""

    object_name: str
    soql: str
    kind: Kind | None = None
    #: What its rows are, where they only appear as events.
    mirror: Mirrored | None = None
    #: Live and deleted rows together.
    has_deleted: bool = False
    is_full: bool = False
    #: A read may do without it, where the org refuses it for good.
    is_optional: bool = False
    #: Rows changed from here on are news; None when nothing was read before.
    floor: datetime | None = None

    @property
    def reference(self) -> str:
        """Its name in a composite call."""
        return f"read_{self.object_name}"

    def part(self, client: SalesforceClient) -> Part:
        """The query as a part of a composite call."""
        url = client.query_url(self.soql, with_deleted=self.has_deleted)
        return Part(reference=self.reference, url=url)


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamPlanner:
    """Plans the queries of a read for one user.

    Stamps are set when a transaction begins and seen when it ends: `overlap` is
    how much later that may be.
    """

    user_id: str
    describes: Describes
    overlap: timedelta

    def plan(
        self,
        bookmark: Bookmark | None,
        scope: Scope,
        view: ListView | None,
        now: datetime,
    ) -> list[Stream]:
        """One query for each object: as many as one composite call takes.

        Args:
            bookmark: What was read before.
            scope: What belongs to the mailbox.
            view: The list view that says which contacts do, if one does.
            now: For an org that was never read: which users changed just now.
        """
        floors = self._floors(bookmark)
        must_list = (
            bookmark is None
            or bookmark.extra != self.describes.extra
            or _is_elsewhere(bookmark, scope, view)
        )
        streams = [
            self._stream(kind, scope, view, floors, must_list=must_list)
            for kind in (Kind.EVENT, Kind.CONTACT, Kind.TASK)
        ]
        message = OBJECTS[Kind.MESSAGE]
        if message in floors and self.describes.has_object(message):
            streams.append(self._deleted_messages(floors[message]))
        return [*streams, self._users(floors.get(USER), now)]

    def _floors(self, bookmark: Bookmark | None) -> Mapping[str, datetime]:
        since = bookmark.since if bookmark else {}
        return {name: at - self.overlap for name, at in since.items()}

    def _stream(
        self,
        kind: Kind,
        scope: Scope,
        view: ListView | None,
        floors: Mapping[str, datetime],
        *,
        must_list: bool,
    ) -> Stream:
        """What changed, or all that is in scope and what was deleted."""
        name = OBJECTS[kind]
        floor = floors.get(name)
        is_full = must_list or floor is None
        where = self._where(kind, scope, view, floor, is_full=is_full)
        return Stream(
            object_name=name,
            soql=soql.select(
                self.describes.columns(name),
                name,
                where,
                ORDER,
                using=view.using if view and kind is Kind.CONTACT else "",
            ),
            kind=kind,
            has_deleted=floor is not None,
            is_full=is_full,
            floor=floor,
        )

    def _where(
        self,
        kind: Kind,
        scope: Scope,
        view: ListView | None,
        floor: datetime | None,
        *,
        is_full: bool,
    ) -> list[str]:
        ours = list(self._ours(kind, scope, view))
        if floor is None:
            return [*ours, *self._current(kind, scope)]
        gone, changed = list(self._gone(kind)), changed_since(floor)
        if is_full:
            listed = [*ours, *self._current(kind, scope), LIVE]
            lost = [*gone, changed]
            return [soql.either(soql.all_of(listed), soql.all_of(lost))]
        if not ours or [*ours, GONE] == gone:
            return [*ours, changed]
        return [soql.either(soql.all_of(ours), soql.all_of(gone)), changed]

    def _ours(self, kind: Kind, scope: Scope, view: ListView | None) -> Iterator[str]:
        """Conditions that hold for what is the user's."""
        if kind is Kind.CONTACT:
            if scope.contacts is ContactScope.MINE:
                yield mine(self.user_id)
            if view is not None and view.condition:
                yield view.condition
            return
        yield mine(self.user_id)
        if kind is Kind.EVENT:
            # Copies of a meeting for invited users are its children: not ours.
            yield "IsChild = false"
            return
        if self.describes.has("Task", "TaskSubtype"):
            yield "TaskSubtype = 'Task'"
        if self.describes.has("Task", "IsRecurrence"):
            yield "IsRecurrence = false"

    def _gone(self, kind: Kind) -> Iterator[str]:
        """Conditions that hold for deletions that matter.

        Contacts and saved messages may be linked whoever owns them.
        """
        match kind:
            case Kind.EVENT:
                yield mine(self.user_id)
                yield "IsChild = false"
            case Kind.TASK:
                has_subtype = self.describes.has("Task", "TaskSubtype")
                own = mine(self.user_id)
                yield soql.either(own, "TaskSubtype = 'Email'") if has_subtype else own
            case _:
                pass
        yield GONE

    def _current(self, kind: Kind, scope: Scope) -> Iterator[str]:
        """Conditions of a full listing: what matters by its date."""
        if kind is Kind.EVENT and scope.window is not None:
            yield f"StartDateTime < {soql.instant(scope.window.end)}"
            yield f"EndDateTime >= {soql.instant(scope.window.start)}"
        if kind is Kind.TASK and self.describes.has("Task", "CompletedDateTime"):
            completed = f"CompletedDateTime >= {scope.tasks_since}"
            yield soql.either("IsClosed = false", completed)

    def _deleted_messages(self, floor: datetime) -> Stream:
        """A saved message never changes; that it is gone matters."""
        name = OBJECTS[Kind.MESSAGE]
        columns = ("Id", "SystemModstamp", "IsDeleted")
        return Stream(
            object_name=name,
            soql=soql.select(columns, name, [GONE, changed_since(floor)], ORDER),
            kind=Kind.MESSAGE,
            has_deleted=True,
            is_optional=True,
            floor=floor,
        )

    def _users(self, floor: datetime | None, now: datetime) -> Stream:
        """At first only to know which changes are old, by our own clock."""
        since = floor or now - self.overlap
        columns = ("Id", "SystemModstamp", "IsActive")
        query = soql.select(columns, USER, [changed_since(since)], ORDER)
        return Stream(object_name=USER, soql=query, is_optional=True, floor=floor)


def _is_elsewhere(bookmark: Bookmark, scope: Scope, view: ListView | None) -> bool:
    """Whether the bounds moved: then what came in or went out did not change."""
    if scope.window is not None and bookmark.window != bounds(scope.window):
        return True
    return bookmark.contacts != contact_terms(scope, view)


def contact_terms(scope: Scope, view: ListView | None) -> str:
    """Which contacts are listed, in the form of `Bookmark.contacts`."""
    if view is None:
        return scope.contacts.value
    return f"{view.using}|{view.condition}"


def changed_since(floor: datetime) -> str:
    """The condition that a row was changed at an instant or later."""
    return f"SystemModstamp >= {soql.instant(floor)}"
