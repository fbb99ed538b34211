"""What a field rule is, and the few ways in which values translate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from syncline.domain.values.content import (
    Content,
    RecordFields,
    RecordValue,
    Value,
)
from syncline.domain.values.kinds import Direction, Kind

Up = Callable[[Content], RecordFields]
Down = Callable[[RecordFields, Content], Mapping[str, Value]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """One row of a field table: item fields and the record fields they fill.

    `up` turns item content into exactly the rule's record fields; `down` turns
    a record, with the item as it stands, into the rule's own item field.
    """

    #: The item field that a person would name; also the key of conflicts.
    name: str
    record_fields: tuple[str, ...]
    up: Up
    down: Down
    direction: Direction = Direction.BOTH
    #: Item fields besides `name` whose change makes `up` give something else.
    depends_on: tuple[str, ...] = ()
    #: A value that is falsy never travels over one that is set (privacy).
    is_sticky: bool = False

    @property
    def item_fields(self) -> tuple[str, ...]:
        """All item fields that `up` looks at."""
        return (self.name, *self.depends_on)

    def pick(self, record: RecordFields) -> dict[str, RecordValue]:
        """The rule's part of a record."""
        return {name: record.get(name) for name in self.record_fields}

    def to_item(self, record: RecordFields, item: Content) -> Mapping[str, Value]:
        """The item's value after the record's travelled down.

        A value that already says the same is kept as it is: what Salesforce
        cannot express is not a change.
        """
        if self.name in item and self.up(item) == self.pick(record):
            return {self.name: item[self.name]}
        return self.down(record, item)


@dataclass(frozen=True, slots=True, kw_only=True)
class KindMapping:
    """The field table of one kind."""

    kind: Kind
    object_name: str
    rules: tuple[FieldRule, ...]

    def to_record(self, item: Content) -> dict[str, RecordValue]:
        """All record fields for an item, as a new record gets them."""
        fields: dict[str, RecordValue] = {}
        for rule in self.rules:
            if rule.direction is not Direction.DOWN:
                fields.update(rule.up(item))
        return fields

    def to_item(self, record: RecordFields) -> dict[str, Value]:
        """All item fields for a record, as a new item gets them."""
        content: dict[str, Value] = {}
        for rule in self.rules:
            if rule.direction is not Direction.UP:
                content.update(rule.to_item(record, {}))
        return content


def text(name: str, record_field: str) -> FieldRule:
    """Text that is the same on both sides."""

    def up(item: Content) -> RecordFields:
        return {record_field: _scalar(item.get(name))}

    def down(record: RecordFields, item: Content) -> Mapping[str, Value]:
        del item
        value = record.get(record_field)
        return {name: None if value is None else str(value)}

    return FieldRule(name=name, record_fields=(record_field,), up=up, down=down)


def first_of(name: str, record_field: str) -> FieldRule:
    """The first of several values; the others stay on the item untouched."""

    def up(item: Content) -> RecordFields:
        values = item.get(name)
        first = values[0] if isinstance(values, tuple) and values else None
        return {record_field: first if isinstance(first, str) else None}

    def down(record: RecordFields, item: Content) -> Mapping[str, Value]:
        values = item.get(name)
        texts = values if isinstance(values, tuple) else ()
        rest = tuple(v for v in texts[1:] if isinstance(v, str))
        value = record.get(record_field)
        if value is None:
            return {name: rest}
        return {name: (str(value), *(v for v in rest if v != value))}

    return FieldRule(name=name, record_fields=(record_field,), up=up, down=down)


def _scalar(value: Value) -> RecordValue:
    return value if isinstance(value, str | bool | int) else None
