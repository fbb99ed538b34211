"""What a field rule is, and the field table of a kind made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from syncline.domain.mapping.cuts import is_cut_of, with_rest
from syncline.domain.mapping.rows import Row
from syncline.domain.values.content import (
    Content,
    RecordFields,
    RecordValue,
    Value,
)
from syncline.domain.values.kinds import Direction, Kind
from syncline.domain.values.links import Base

Up = Callable[[Content], RecordFields]
Down = Callable[[RecordFields, Content], Mapping[str, Value]]
MeansSame = Callable[[Content, RecordFields], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """One row of a field table at work: item fields and what they fill.

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
    #: Whether different words mean the same, where equality does not say it.
    means_same: MeansSame | None = None

    @property
    def item_fields(self) -> tuple[str, ...]:
        """All item fields that `up` looks at."""
        return (self.name, *self.depends_on)

    def pick(self, record: RecordFields) -> dict[str, RecordValue]:
        """The rule's part of a record."""
        return {name: record.get(name) for name in self.record_fields}

    def is_read(self, record: RecordFields) -> bool:
        """Whether the record says anything about the rule's fields.

        A field that the user may not see is not an empty one.
        """
        return all(name in record for name in self.record_fields)

    def agrees(self, item: Content, record: RecordFields) -> bool:
        """Whether both sides say the same already, each in its own words.

        A text that was cut to its field's length says the same as the whole.
        """
        wanted, found = self.up(item), self.pick(record)
        if all(
            found[name] == value or is_cut_of(found[name], value)
            for name, value in wanted.items()
        ):
            return True
        return self.means_same is not None and self.means_same(item, record)

    def to_item(
        self, record: RecordFields, item: Content, base: Base | None = None
    ) -> Mapping[str, Value]:
        """The item's value after the record's travelled down.

        A value that already says the same is kept as it is: what Salesforce
        cannot express is not a change. With a base, a text that was edited in
        its shortened form keeps the rest that only the mailbox has.
        """
        if self.name in item and self.agrees(item, record):
            return {self.name: item[self.name]}
        found = self.down(record, item)
        value = found.get(self.name)
        if base is None or not isinstance(value, str) or len(self.record_fields) > 1:
            return found
        kept = base.record.get(self.record_fields[0])
        whole = base.item.get(self.name)
        if not isinstance(kept, str) or not isinstance(whole, str):
            return found
        return {self.name: with_rest(value, kept, whole)}


@dataclass(frozen=True, slots=True, kw_only=True)
class KindMapping:
    """The field table of one kind."""

    kind: Kind
    object_name: str
    rules: tuple[FieldRule, ...]
    #: The lines that the rules were made of, in the same order.
    rows: tuple[Row, ...] = ()
    #: Record fields that a new record gets whatever the item says.
    on_create: RecordFields = field(default_factory=dict)

    @property
    def record_fields(self) -> tuple[str, ...]:
        """All record fields that are read or written, each once."""
        mapped = [name for rule in self.rules for name in rule.record_fields]
        return tuple(dict.fromkeys([*mapped, *self.on_create]))

    def to_record(self, item: Content) -> dict[str, RecordValue]:
        """All record fields for an item, as a new record gets them."""
        fields: dict[str, RecordValue] = dict(self.on_create)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Converter:
    """A way in which values translate, and which record fields it can fill."""

    make: Callable[[Row], FieldRule]
    #: Types of record fields (describe) that fit, one set per record field.
    types: tuple[frozenset[str], ...]
    #: Without a way back, rows go up only.
    can_go_down: bool = True
    #: The record fields belong together: another field cannot stand in.
    is_fixed: bool = False
