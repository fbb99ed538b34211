"""What a mailbox holds: a series is stored once and seen as its occurrences.

As at Graph, a changed occurrence is an exception of its series and a deleted one
is silently left out; another rhythm or another time of the series undoes both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from syncline.connectors.memory.series import (
    endless,
    reach,
    rule_days,
    span_on,
)
from syncline.connectors.memory.store import Store, utc_now
from syncline.connectors.memory.stretches import is_inside, stretch_of_item
from syncline.domain.values.content import AllDaySpan, Span, TimedSpan, Value
from syncline.domain.values.ids import ItemId
from syncline.domain.values.items import Item, Role, Window
from syncline.domain.values.kinds import Kind

_IN_ID = "/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """How one occurrence differs from what its series says."""

    content: Mapping[str, Value]
    response: str
    is_cancelled: bool
    changed_at: datetime


@dataclass(slots=True)
class Course:
    """What became of the occurrences of one series, by the day of the rule."""

    #: Part of occurrences' ids, which are others when the series is.
    generation: int = 1
    exceptions: dict[date, Deviation] = field(default_factory=dict)
    deleted: set[date] = field(default_factory=set)
    #: How often each occurrence was changed.
    changes: dict[date, int] = field(default_factory=dict)


class ItemStore(Store[Item]):
    """Items of a mailbox; occurrences are made up when somebody looks."""

    def __init__(self, now: Callable[[], datetime] = utc_now) -> None:
        """Start empty; `now` stamps what is written."""
        super().__init__("item-", now)
        self._courses: dict[str, Course] = {}

    def get(self, thing_id: str) -> Item | None:
        """The item with an id, an occurrence as well."""
        found = self.things.get(thing_id)
        if found is not None or _IN_ID not in thing_id:
            return found
        master_id, generation, day = thing_id.split(_IN_ID)
        master = self.things.get(master_id)
        if master is None or master.role is not Role.MASTER:
            return None
        if int(generation) != self._courses[master_id].generation:
            return None
        return self.on_day(master, date.fromisoformat(day))

    def put(self, thing: Item) -> Item:
        """Store an item; an occurrence becomes an exception of its series."""
        if thing.role is Role.OCCURRENCE:
            return self._except(thing)
        self._follow(thing)
        return super().put(_settled(thing, self.now().date()))

    def remove(self, thing: Item) -> None:
        """Delete an item; an occurrence is left out of its series."""
        if thing.role is Role.OCCURRENCE:
            self._courses[thing.series_id].deleted.add(_rule_day(thing))
            self._note(Kind.EVENT, thing.series_id)
            return
        self._courses.pop(thing.id, None)
        super().remove(thing)

    def parts(self, item: Item, window: Window) -> list[Item]:
        """What a reader of the window sees of an item: a series and occurrences."""
        if item.role is not Role.MASTER:
            return [item] if is_inside(stretch_of_item(item), window) else []
        found = [
            occurrence
            for day in self._days(item, window)
            if (occurrence := self.on_day(item, day))
            and is_inside(stretch_of_item(occurrence), window)
        ]
        return [item, *found] if found else []

    def on_day(self, master: Item, day: date) -> Item | None:
        """The occurrence that the rule put on a day; None if it was deleted."""
        course, start = self._courses[master.id], start_of(master)
        is_there = rule_days(rule_of(master), start, day, day)
        if day in course.deleted or not is_there:
            return None
        plain = self._plain(master, day)
        found = course.exceptions.get(day)
        if found is None:
            return plain
        return replace(
            plain,
            content={**plain.content, **found.content},
            response=found.response,
            is_cancelled=found.is_cancelled,
            changed_at=found.changed_at,
        )

    def rename(self, old: Item, new: Item) -> None:
        """Have an item go on under another id, with all of its occurrences."""
        course = self._courses.get(old.id)
        self.remove(old)
        if course is not None:
            self._courses[new.id] = course
        self.put(new)

    def _days(self, master: Item, window: Window) -> Iterator[date]:
        start = start_of(master)
        margin = reach(start)
        first = (window.start - margin).date()
        last = (window.end + timedelta(days=1)).date()
        days = set(rule_days(rule_of(master), start, first, last))
        # Those that were moved into the window from afar.
        yield from sorted(days | self._courses[master.id].exceptions.keys())

    def _plain(self, master: Item, day: date) -> Item:
        course = self._courses[master.id]
        changes = course.changes.get(day, 0)
        parts = (master.id, str(course.generation), day.isoformat())
        when = span_on(start_of(master), day)
        return replace(
            master,
            id=ItemId(_IN_ID.join(parts)),
            version=f"{master.version}.{changes}",
            content={**master.content, "recurrence": None, "when": when},
            uid=f"{master.series_uid}/{day.isoformat()}",
            role=Role.OCCURRENCE,
            original_start=when.start if isinstance(when, TimedSpan) else None,
            series_id=master.id,
        )

    def _except(self, thing: Item) -> Item:
        master, day = self.things[thing.series_id], _rule_day(thing)
        course = self._courses[master.id]
        plain = self._plain(master, day)
        content = {n: v for n, v in thing.content.items() if plain.content[n] != v}
        course.exceptions[day] = Deviation(
            content=content,
            response=thing.response,
            is_cancelled=thing.is_cancelled,
            changed_at=self.now(),
        )
        course.changes[day] = course.changes.get(day, 0) + 1
        self._note(Kind.EVENT, master.id)
        stored = self.on_day(master, day)
        assert stored is not None
        return stored

    def _follow(self, thing: Item) -> None:
        """Keep the course of a series while neither rule nor time are others."""
        if not thing.content.get("recurrence"):
            self._courses.pop(thing.id, None)
            return
        old = self.things.get(thing.id)
        course = self._courses.setdefault(thing.id, Course())
        is_new = old is None or not old.content.get("recurrence")
        if old is not None and not is_new and _timing(old) != _timing(thing):
            self._courses[thing.id] = Course(generation=course.generation + 1)


def rule_of(master: Item) -> str:
    """The rule of a series."""
    return str(master.content["recurrence"])


def start_of(master: Item) -> Span:
    """The first occurrence of a series."""
    when = master.content["when"]
    assert isinstance(when, TimedSpan | AllDaySpan)
    return when


def _rule_day(occurrence: Item) -> date:
    return date.fromisoformat(occurrence.uid.rpartition("/")[2])


def _timing(item: Item) -> tuple[str, Value]:
    """What must stay for occurrences to stay the same; the end is not of it."""
    return endless(rule_of(item)), item.content.get("when")


def _settled(thing: Item, today: date) -> Item:
    """An item with what the provider itself says of it."""
    if thing.kind is Kind.TASK:
        is_done = thing.content["status"] == "completed"
        completed = thing.content["completed_on"] or today.isoformat()
        on = {"completed_on": completed if is_done else None}
        return replace(thing, content={**thing.content, **on})
    if thing.kind is not Kind.EVENT:
        return thing
    if not thing.content.get("recurrence"):
        return replace(thing, role=Role.SINGLE, series_uid="")
    return replace(thing, role=Role.MASTER, series_uid=thing.uid)
