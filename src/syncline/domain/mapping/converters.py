"""Ways in which values of any kind translate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from syncline.domain.mapping.rows import Row, Words
from syncline.domain.mapping.rules import Converter, Down, FieldRule, Up
from syncline.domain.values.content import (
    Content,
    RecordFields,
    RecordValue,
    Value,
)

#: Types of describe that hold text (facts: Salesforce field types).
TEXT_TYPES = frozenset(
    {"string", "textarea", "email", "phone", "url", "picklist", "combobox",
     "encryptedstring"}
)  # fmt: skip
#: Types that hold any text, without a form of their own.
PLAIN_TYPES = frozenset({"string", "textarea"})
WORD_TYPES = frozenset({"string", "picklist", "combobox"})
DATE_TYPES = frozenset({"date"})
FLAG_TYPES = frozenset({"boolean"})
INSTANT_TYPES = frozenset({"datetime"})


def rule_of(row: Row, up: Up, down: Down, **more: Any) -> FieldRule:
    """A rule for a row; `more` are further fields of `FieldRule`."""
    return FieldRule(
        name=row.item,
        record_fields=row.record,
        up=up,
        down=down,
        direction=row.direction,
        **more,
    )


def _text(row: Row) -> FieldRule:
    """Text that is the same on both sides."""
    (field,) = row.record

    def up(item: Content) -> RecordFields:
        value = item.get(row.item)
        return {field: value if isinstance(value, str) and value else row.default}

    def down(record: RecordFields, item: Content) -> Mapping[str, Value]:
        del item
        value = record.get(field)
        return {row.item: None if value is None else str(value)}

    return rule_of(row, up, down)


def _first(row: Row) -> FieldRule:
    """The first of several values; the others stay on the item untouched."""
    (field,) = row.record

    def up(item: Content) -> RecordFields:
        values = item.get(row.item)
        first = values[0] if isinstance(values, tuple) and values else None
        return {field: first if isinstance(first, str) else row.default}

    def down(record: RecordFields, item: Content) -> Mapping[str, Value]:
        rest = _texts(item.get(row.item))[1:]
        value = record.get(field)
        if value is None:
            return {row.item: rest}
        return {row.item: (str(value), *(v for v in rest if v != value))}

    return rule_of(row, up, down)


def _joined(row: Row) -> FieldRule:
    """All of several values in one text; they do not come back."""
    (field,) = row.record

    def up(item: Content) -> RecordFields:
        return {field: "; ".join(_texts(item.get(row.item))) or row.default}

    return rule_of(row, up, as_it_stands(row))


def _flag(row: Row) -> FieldRule:
    """Yes or no."""
    (field,) = row.record

    def up(item: Content) -> RecordFields:
        return {field: bool(item.get(row.item))}

    def down(record: RecordFields, item: Content) -> Mapping[str, Value]:
        del item
        return {row.item: bool(record.get(field))}

    return rule_of(row, up, down)


def _secret(row: Row) -> FieldRule:
    """Yes or no; a no never travels over a yes."""
    return replace(_flag(row), is_sticky=True)


def _words(row: Row) -> FieldRule:
    """Words of a fixed list that Salesforce calls differently."""
    (field,) = row.record

    def means_same(item: Content, record: RecordFields) -> bool:
        return item.get(row.item) in meanings(row.words, record.get(field))

    def up(item: Content) -> RecordFields:
        return {field: word_for(row, item.get(row.item))}

    def down(record: RecordFields, item: Content) -> Mapping[str, Value]:
        del item
        found = meanings(row.words, record.get(field))
        return {row.item: found[0] if found else row.otherwise}

    return rule_of(row, up, down, means_same=means_same)


def meanings(words: Words, found: RecordValue) -> tuple[str, ...]:
    """Item values that Salesforce's word may stand for, in order of preference."""
    return tuple(value for value, called in words.items() if found in called)


def word_for(row: Row, value: Value) -> RecordValue:
    """What an item value is called in Salesforce."""
    called = row.words.get(str(value)) or row.words.get(row.otherwise)
    return called[0] if called else row.default


def as_it_stands(row: Row) -> Down:
    """The way back of what only goes up."""

    def down(record: RecordFields, item: Content) -> Mapping[str, Value]:
        del record
        return {row.item: item.get(row.item)}

    return down


def _texts(value: Value) -> tuple[str, ...]:
    values = value if isinstance(value, tuple) else ()
    return tuple(v for v in values if isinstance(v, str))


GENERIC: Mapping[str, Converter] = {
    "text": Converter(make=_text, types=(TEXT_TYPES,)),
    "date": Converter(make=_text, types=(DATE_TYPES,)),
    "instant": Converter(make=_text, types=(INSTANT_TYPES,)),
    "first": Converter(make=_first, types=(TEXT_TYPES,)),
    "joined": Converter(make=_joined, types=(PLAIN_TYPES,), can_go_down=False),
    "flag": Converter(make=_flag, types=(FLAG_TYPES,)),
    "secret": Converter(make=_secret, types=(FLAG_TYPES,)),
    "words": Converter(make=_words, types=(WORD_TYPES,)),
}
