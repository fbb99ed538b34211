"""Three-way merge, field by field, against the last agreed base.

A field that changed on one side travels. A field that changed on both, to
different values, is a conflict: the policy's side wins, the other value is
kept. Without a base both sides are new: a filled field fills an empty one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from syncline.domain.access.policy import Winner
from syncline.domain.mapping.rules import FieldRule, KindMapping
from syncline.domain.values.content import (
    AllDaySpan,
    Content,
    RecordFields,
    RecordValue,
    TimedSpan,
    Value,
)
from syncline.domain.values.kinds import Direction, Side
from syncline.domain.values.links import Base


class ConflictReason(StrEnum):
    """Why two values stand against each other."""

    #: Both were changed since they last agreed.
    BOTH_CHANGED = "both_changed"
    #: They were paired without ever having agreed.
    BOTH_NEW = "both_new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One field on which both sides insist.

    `default` is what the policy says, `chosen` what was done; they differ when
    a person decided.
    """

    field: str
    reason: ConflictReason
    default: Side
    chosen: Side
    item_value: str
    record_value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What each side must take over, and what both then agree on."""

    to_record: dict[str, RecordValue] = field(default_factory=dict)
    to_item: dict[str, Value] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    #: Fields that wait for a person's decision; neither side is written.
    undecided: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether neither side has anything to take over."""
        return not self.to_record and not self.to_item


class _Way(StrEnum):
    NONE = "none"
    UP = "up"
    DOWN = "down"
    CLASH = "clash"


def merge(
    *,
    mapping: KindMapping,
    item: Content,
    record: RecordFields,
    base: Base | None,
    winner: Winner,
    direction: Direction = Direction.BOTH,
    item_changed_at: datetime | None = None,
    record_changed_at: datetime | None = None,
) -> Merge:
    """Merge both contents of one link.

    Args:
        mapping: The kind's field table.
        item: Content of the item as it stands.
        record: Fields of the record as it stands.
        base: What was last agreed; None when there never was anything.
        winner: Which side wins a conflict.
        direction: With one way only, what was changed on the far side is undone.
        item_changed_at: For winner NEWEST; the mailbox wins when unknown.
        record_changed_at: For winner NEWEST.
    """
    if base and item == base.item and record == base.record:
        return Merge()
    default = _default_side(winner, item_changed_at, record_changed_at)
    to_record: dict[str, RecordValue] = {}
    to_item: dict[str, Value] = {}
    conflicts: list[Conflict] = []
    undecided: set[str] = set()
    for rule in _concerned(mapping, item, record, base):
        way = _one_way(rule, _way(rule, item, record, base), direction)
        if way is _Way.CLASH:
            conflicts.append(_conflict(rule, item, record, base, default))
            if winner is Winner.ASK:
                undecided.add(rule.name)
                continue
            way = _Way.UP if default is Side.MAILBOX else _Way.DOWN
        if way is _Way.UP:
            to_record.update(_up(rule, item, record))
        elif way is _Way.DOWN:
            to_item.update(_down(rule, item, record, base))
    return Merge(
        to_record=to_record,
        to_item=to_item,
        conflicts=tuple(conflicts),
        undecided=frozenset(undecided),
    )


def _concerned(
    mapping: KindMapping, item: Content, record: RecordFields, base: Base | None
) -> Iterable[FieldRule]:
    """The rules that may have something to say, in the order of the table."""
    if base is None:
        return mapping.rules
    changed = _changed(item, base.item)
    # A field that was never agreed on is news even while it is empty.
    changed_fields = _changed(record, base.record) | (
        record.keys() - base.record.keys()
    )
    agreed = base.item
    return [
        rule
        for rule in mapping.rules
        if rule.name in changed
        or rule.name not in agreed
        or (rule.depends_on and not changed.isdisjoint(rule.depends_on))
        or (changed_fields and not changed_fields.isdisjoint(rule.record_fields))
    ]


def _changed(now: Mapping[str, Any], before: Mapping[str, Any]) -> set[str]:
    """Names whose values differ; what is not there is nothing."""
    if now == before:
        return set()
    changed = {name for name, value in now.items() if before.get(name) != value}
    if now.keys() != before.keys():
        changed.update(n for n, v in before.items() if n not in now and v is not None)
    return changed


def _one_way(rule: FieldRule, way: _Way, direction: Direction) -> _Way:
    """The way when the whole kind travels one way only."""
    if way is _Way.NONE or direction is Direction.BOTH:
        return way
    if rule.direction not in (Direction.BOTH, direction):
        return _Way.NONE
    return _Way.UP if direction is Direction.UP else _Way.DOWN


def _default_side(
    winner: Winner, item_at: datetime | None, record_at: datetime | None
) -> Side:
    if winner is Winner.NEWEST and item_at and record_at:
        return Side.CRM if record_at > item_at else Side.MAILBOX
    return Side.CRM if winner is Winner.CRM else Side.MAILBOX


def _way(
    rule: FieldRule, item: Content, record: RecordFields, base: Base | None
) -> _Way:
    now = rule.pick(record)
    if base is None or not _has_agreed(rule, record, base):
        return _way_without_base(rule, item, record)
    item_changed = any(item.get(f) != base.item.get(f) for f in rule.item_fields)
    record_changed = rule.is_read(record) and now != rule.pick(base.record)
    if rule.direction is Direction.UP:
        record_changed = False
    if rule.direction is Direction.DOWN:
        item_changed = False
    if item_changed and record_changed:
        return _Way.NONE if rule.agrees(item, record) else _Way.CLASH
    if item_changed:
        return _Way.UP
    return _Way.DOWN if record_changed else _Way.NONE


def _has_agreed(rule: FieldRule, record: RecordFields, base: Base) -> bool:
    """Whether the field was synchronized before, and not only since a new table."""
    if rule.is_read(record) and not rule.is_read(base.record):
        return False
    return rule.name in base.item


def _way_without_base(rule: FieldRule, item: Content, record: RecordFields) -> _Way:
    wanted, now = rule.up(item), rule.pick(record)
    if rule.agrees(item, record):
        return _Way.NONE
    if rule.is_sticky:
        return _Way.UP if item.get(rule.name) else _Way.DOWN
    if not any(now.values()) or rule.direction is Direction.UP:
        return _Way.UP
    if not any(wanted.values()) or rule.direction is Direction.DOWN:
        return _Way.DOWN
    return _Way.CLASH


def _up(rule: FieldRule, item: Content, record: RecordFields) -> RecordFields:
    if rule.is_sticky and not item.get(rule.name):
        return {}
    return {f: v for f, v in rule.up(item).items() if record.get(f) != v}


def _down(
    rule: FieldRule, item: Content, record: RecordFields, base: Base | None
) -> dict[str, Value]:
    if not rule.is_read(record):
        return {}
    value = rule.to_item(record, item, base)
    if rule.is_sticky and not value[rule.name]:
        return {}
    return {f: v for f, v in value.items() if item.get(f) != v}


def _conflict(
    rule: FieldRule,
    item: Content,
    record: RecordFields,
    base: Base | None,
    default: Side,
) -> Conflict:
    return Conflict(
        field=rule.name,
        reason=ConflictReason.BOTH_CHANGED if base else ConflictReason.BOTH_NEW,
        default=default,
        chosen=default,
        item_value=show(item.get(rule.name)),
        record_value=show(rule.to_item(record, item, base).get(rule.name)),
    )


def show(value: Value) -> str:
    """A value as a person may read it in an issue."""
    match value:
        case None | ():
            return "(empty)"
        case TimedSpan(start=start, end=end):
            return f"{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC"
        case AllDaySpan(first=first, last=last) if first == last:
            return f"{first} (all day)"
        case AllDaySpan(first=first, last=last):
            return f"{first} to {last} (all day)"
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(str(getattr(v, "email", v)) for v in value)
        case _:
            return str(value)
