"""To-do of the mailbox and Task of Salesforce (reference 3.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from syncline.domain.mapping.converters import (
    FLAG_TYPES,
    INSTANT_TYPES,
    WORD_TYPES,
    meanings,
    rule_of,
    word_for,
)
from syncline.domain.mapping.rows import Row, Words
from syncline.domain.mapping.rules import Converter, FieldRule
from syncline.domain.values.content import Content, RecordFields, Value
from syncline.domain.values.people import Traits

COMPLETED = "completed"

ROWS = (
    Row(item="subject", record=("Subject",)),
    Row(item="body", record=("Description",)),
    Row(item="due", record=("ActivityDate",), converter="date"),
    Row(
        item="status",
        record=("Status",),
        converter="status",
        words={
            "not_started": ("Not Started",),
            "in_progress": ("In Progress",),
            "completed": ("Completed",),
            "waiting": ("Waiting on someone else",),
            "deferred": ("Deferred",),
        },
        otherwise="in_progress",
    ),
    Row(
        item="importance",
        record=("Priority",),
        converter="words",
        words={"low": ("Low",), "normal": ("Normal",), "high": ("High",)},
        otherwise="normal",
    ),
    Row(
        item="reminder_at",
        record=("IsReminderSet", "ReminderDateTime"),
        converter="reminder",
    ),
)


def known_to(words: Words, traits: Traits) -> dict[str, tuple[str, ...]]:
    """The words for statuses, as far as an org has them.

    Every closed status means completed. What the org has no word for is written
    as the status that its new tasks get; that changes nothing in the mailbox.
    """
    if not traits.task_statuses:
        return dict(words)
    closed = set(traits.closed_task_statuses)
    is_open = [s for s in traits.task_statuses if s not in closed]
    default = traits.default_task_status
    fallback = default if default in is_open else next(iter(is_open), "")
    known = {
        value: tuple(w for w in called if w in is_open)
        or ((fallback,) * bool(fallback))
        for value, called in words.items()
        if value != COMPLETED
    }
    preferred = [w for w in words.get(COMPLETED, ()) if w in closed]
    others = [w for w in traits.closed_task_statuses if w not in preferred]
    return known | {COMPLETED: (*preferred, *others)}


def closed_status(traits: Traits) -> str:
    """The word for a task that is done; Salesforce's own where the org has it."""
    closed = traits.closed_task_statuses
    return "Completed" if not closed or "Completed" in closed else closed[0]


def _status(row: Row) -> FieldRule:
    """How far a task is; whatever Salesforce counts as closed is completed."""
    (field,) = row.record

    def meant(record: RecordFields, item: Content) -> tuple[str, ...]:
        if record.get("IsClosed") is True:
            return (COMPLETED,)
        found = meanings(row.words, record.get(field))
        if record.get("IsClosed") is False:
            found = tuple(value for value in found if value != COMPLETED)
        if found:
            return found
        # An open status of the org that no word of ours stands for.
        value = item.get(row.item)
        stays = isinstance(value, str) and value != COMPLETED
        return (str(value) if stays else row.otherwise,)

    def means_same(item: Content, record: RecordFields) -> bool:
        return item.get(row.item) in meant(record, item)

    def up(item: Content) -> RecordFields:
        return {field: word_for(row, item.get(row.item))}

    def down(record: RecordFields, item: Content) -> Mapping[str, Value]:
        return {row.item: meant(record, item)[0]}

    return rule_of(row, up, down, means_same=means_same)


def _reminder(row: Row) -> FieldRule:
    """A reminder at an instant."""
    is_set, due = row.record

    def up(item: Content) -> RecordFields:
        value = item.get(row.item)
        at = value if isinstance(value, str) else None
        return {is_set: at is not None, due: at}

    def down(record: RecordFields, item: Content) -> Mapping[str, Value]:
        del item
        at = record.get(due) if record.get(is_set) else None
        return {row.item: at if isinstance(at, str) else None}

    return rule_of(row, up, down)


def fitted(row: Row, traits: Traits) -> Row:
    """A row as an org can keep it."""
    if row.converter != "status":
        return row
    return replace(row, words=known_to(row.words, traits))


TASKS: Mapping[str, Converter] = {
    "status": Converter(make=_status, types=(WORD_TYPES,), is_fixed=True),
    "reminder": Converter(
        make=_reminder, types=(FLAG_TYPES, INSTANT_TYPES), is_fixed=True
    ),
}
