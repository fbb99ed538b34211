"""The org: records, users, tokens and settings, in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from syncline.sandbox.base.control import Faults
from syncline.sandbox.salesforce.counters import OrgCounters
from syncline.sandbox.salesforce.entities import (
    Code,
    Cursor,
    Grant,
    LateCommit,
    Record,
    Session,
    SObject,
    Values,
)
from syncline.sandbox.salesforce.ids import make_id
from syncline.sandbox.salesforce.moments import stamp
from syncline.sandbox.salesforce.objects import standard_objects
from syncline.sandbox.salesforce.rules import RULES
from syncline.sandbox.salesforce.table import Table

Clock = Callable[[], datetime]
HOURS_COUNTED = timedelta(hours=24)
DEFAULT_DAILY_LIMIT = 100_000


def utc_now() -> datetime:
    """The clock of a real server."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Settings:
    """What an administrator can change about the org as a whole."""

    daily_api_requests: int = DEFAULT_DAILY_LIMIT
    rotate_refresh_tokens: bool = False
    #: Contacts beside users can be tied to and invited to activities.
    shared_activities: bool = True
    #: Events can say which instance of which calendar series they are.
    advanced_calendaring: bool = True
    #: E-mails are records of their own and not only tasks.
    enhanced_email: bool = True
    #: No record can be created; changing and deleting go on.
    is_data_storage_full: bool = False
    #: What all files together may take.
    file_storage_mb: int = 1024
    #: Queries of this object are stopped by a transaction security policy.
    policy_blocks_queries_of: str = ""
    #: The vendor's own misspelling; some versions answer `duplicateResult`.
    duplicate_result_key: str = "duplicateResut"


def _first_rules() -> set[str]:
    return {rule.name for rule in RULES if rule.initially_active}


@dataclass(slots=True)
class Org:
    """One Salesforce org."""

    now: Clock
    counters: OrgCounters = field(default_factory=OrgCounters)
    faults: Faults = field(default_factory=Faults)
    settings: Settings = field(default_factory=Settings)
    sobjects: dict[str, SObject] = field(default_factory=standard_objects)
    tables: dict[str, Table] = field(init=False)
    active_rules: set[str] = field(default_factory=_first_rules)
    #: Changes of fields by the administrator: `object.field` -> attributes.
    field_changes: dict[str, Values] = field(default_factory=dict)
    #: Objects of features that are off.
    hidden_objects: set[str] = field(default_factory=set)
    #: Users whose mailboxes are kept in step, in the order of their creation.
    syncing: list[str] = field(default_factory=list)
    sessions: dict[str, Session] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    cursors: dict[str, Cursor] = field(default_factory=dict)
    late: list[LateCommit] = field(default_factory=list)
    #: Records that another transaction holds -> for how many more writes.
    row_locks: dict[str, int] = field(default_factory=dict)
    #: Duplicate rules that cannot be passed.
    blocking_rules: set[str] = field(default_factory=set)
    #: Users whose profile may not use the API.
    without_api: set[str] = field(default_factory=set)
    #: Calls by hour (`2026-11-24T10`), for the rolling daily limit.
    usage: dict[str, int] = field(default_factory=dict)
    metadata_changed_at: datetime = field(init=False)
    #: Nothing that was deleted earlier is told by getDeleted; empty: no limit.
    replication_start: str = ""
    _open_transactions: int = 0
    _journal: list[tuple[str, str, Record | None, bool]] = field(default_factory=list)
    _by_lower_name: dict[str, str] = field(init=False)
    _by_prefix: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Start with empty tables."""
        self.tables = {name: Table(s) for name, s in self.sobjects.items()}
        self._by_prefix = {s.prefix: name for name, s in self.sobjects.items()}
        self._by_lower_name = {name.lower(): name for name in self.sobjects}
        self.metadata_changed_at = self.now().replace(microsecond=0)

    # -- objects and records

    def find_sobject(self, name: str) -> SObject | None:
        """The object of that name, in any case."""
        exact = self._by_lower_name.get(name.lower())
        if exact is None or exact in self.hidden_objects:
            return None
        return self.sobjects[exact]

    def shown_sobjects(self) -> list[SObject]:
        """The objects that the org's features bring."""
        return [s for n, s in self.sobjects.items() if n not in self.hidden_objects]

    def find_record(self, record_id: str) -> Record | None:
        """A record of whatever object, by its 18-character id."""
        name = self._by_prefix.get(record_id[:3])
        return self.tables[name].get(record_id) if name else None

    def next_id(self, sobject: str) -> str:
        """An id that no record had."""
        table = self.tables[sobject]
        table.last_number += 1
        return make_id(table.sobject.prefix, table.last_number)

    def put(self, record: Record, *, by_person: bool = False) -> None:
        """Store one changed record.

        It counts as one write, unless a person or the platform itself did it.
        """
        table = self.tables[record.sobject]
        if self._open_transactions:
            before = table.get(record.id)
            self._journal.append((record.sobject, record.id, before, by_person))
        table.put(record)
        self.counters.writes += not by_person

    def begin(self) -> int:
        """Open a transaction; returns the point to go back to."""
        self._open_transactions += 1
        return len(self._journal)

    def roll_back(self, point: int) -> None:
        """Undo every change since that point."""
        while len(self._journal) > point:
            sobject, record_id, before, by_person = self._journal.pop()
            if before is None:
                self.tables[sobject].remove(record_id)
            else:
                self.tables[sobject].put(before)
            self.counters.writes -= not by_person

    def changed_since(self, point: int) -> list[tuple[str, str]]:
        """Object and id of every record that was written since that point."""
        return [(sobject, key) for sobject, key, *_ in self._journal[point:]]

    def end(self) -> None:
        """Close the innermost transaction."""
        self._open_transactions -= 1
        if not self._open_transactions:
            self._journal.clear()

    # -- users

    def user(self, user_id: str) -> Values:
        """A user's values; empty when there is none."""
        record = self.tables["User"].get(user_id)
        return record.values if record else {}

    def users(self) -> list[Values]:
        """All users, in the order of their creation."""
        return [record.values for record in self.tables["User"].records.values()]

    def find_user(self, username: str) -> Values | None:
        """A user by username, in any case."""
        wanted = username.casefold()
        for values in self.users():
            if values["Username"].casefold() == wanted:
                return values
        return None

    def is_active(self, user_id: str) -> bool:
        """Whether that user may sign in and own records."""
        return bool(self.user(user_id).get("IsActive"))

    @property
    def org_id(self) -> str:
        """The id of the org itself."""
        return next(iter(self.tables["Organization"].records))

    # -- time, settings and limits

    def stamp(self) -> str:
        """This moment in the vendor's spelling."""
        return stamp(self.now())

    def touch_metadata(self) -> None:
        """Make every describe newer than any that was read before."""
        second = timedelta(seconds=1)
        now = self.now().replace(microsecond=0)
        self.metadata_changed_at = max(now, self.metadata_changed_at + second)

    def count_call(self) -> None:
        """Spend one call of the daily allowance."""
        hour = self.now().isoformat()[:13]
        self.usage[hour] = self.usage.get(hour, 0) + 1

    @property
    def used_calls(self) -> int:
        """Calls of the last 24 hours."""
        oldest = (self.now() - HOURS_COUNTED).isoformat()[:13]
        self.usage = {hour: n for hour, n in self.usage.items() if hour > oldest}
        return sum(self.usage.values())


def is_visible(user_id: str, record: Record) -> bool:
    """Whether sharing shows a record to a user.

    A contact without account and a private event belong to their owner alone;
    everything else is public in this org.
    """
    values = record.values
    if user_id in record.hidden_from:
        return False
    if record.sobject == "Contact" and not values.get("AccountId"):
        return record.owner_id == user_id
    if record.sobject == "Event" and values.get("IsPrivate"):
        return record.owner_id == user_id
    return True
