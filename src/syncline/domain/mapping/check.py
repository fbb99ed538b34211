"""Hold a field table against what the org says about its fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from syncline.domain.issues.facts import naming, readable_label
from syncline.domain.issues.texts import join_names
from syncline.domain.mapping.facts import FieldFacts
from syncline.domain.mapping.reading import RESERVED
from syncline.domain.mapping.rows import Row
from syncline.domain.mapping.rules import KindMapping
from syncline.domain.mapping.tables import CONVERTERS
from syncline.domain.values.content import RecordValue
from syncline.domain.values.kinds import Direction, Kind


class Sort(StrEnum):
    """What is wrong; each is the slug of a cause in the catalog."""

    #: The user sees no such object.
    HIDDEN = "object_hidden"
    MISSING = "mapped_field_missing"
    UNFIT = "mapped_field_unfit"
    CLOSED = "mapped_field_closed"
    #: A picklist lacks words that Syncline writes.
    WORDS = "mapped_words_missing"
    #: A new record needs it, and nothing fills it.
    UNFILLED = "required_field_unfilled"
    #: It takes less text than the field that the product uses.
    SHORT = "mapped_field_short"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One field that cannot do what the table asks of it."""

    sort: Sort
    kind: Kind
    object_name: str
    field: str
    label: str
    #: Type of the field, or the words that it lacks.
    value: str = ""
    #: Characters that it takes; 0 where that is not the trouble.
    limit: int = 0

    @property
    def subject(self) -> str:
        """Identity of what an issue about it is about."""
        return f"field:{self.object_name}.{self.field}"

    @property
    def params(self) -> dict[str, str]:
        """Facts for the catalog's texts."""
        found = {
            **naming(self.kind, None),
            "field_labels": self.label,
            "fields": self.field,
            "value": self.value,
            "limit": str(self.limit or ""),
        }
        return {name: value for name, value in found.items() if value}


#: Characters of the usual record field, for text that is often long
#: (facts: salesforce.md, 8).
_USUAL_LENGTHS = {"body": 32_000, "notes": 32_000, "subject": 255, "location": 255}

_SCALARS: Mapping[type, frozenset[str]] = {
    bool: frozenset({"boolean"}),
    int: frozenset({"int", "double", "currency", "percent"}),
    float: frozenset({"double", "currency", "percent"}),
}


def check(mapping: KindMapping, facts: Mapping[str, FieldFacts]) -> tuple[Problem, ...]:
    """Everything about the org's fields that is in the way of a field table.

    Args:
        mapping: The table, with the words of the org.
        facts: All fields that the syncing user sees, by API name; none when the
            object is hidden.
    """
    if not facts:
        label = f"{mapping.object_name} records"
        return (_problem(mapping, mapping.object_name, None, Sort.HIDDEN, label=label),)
    found = [p for row in mapping.rows for p in _of_row(mapping, row, facts)]
    found += [
        p
        for name, value in mapping.on_create.items()
        for p in _of_fixed_value(mapping, name, value, facts.get(name))
    ]
    found += _unfilled(mapping, facts)
    return tuple(found)


def _of_row(
    mapping: KindMapping, row: Row, facts: Mapping[str, FieldFacts]
) -> Iterator[Problem]:
    types = CONVERTERS[row.converter].types
    for name, fitting in zip(row.record, types, strict=True):
        fact = facts.get(name)
        if fact is None:
            yield _problem(mapping, name, None, Sort.MISSING)
        elif fact.type not in fitting:
            yield _problem(mapping, name, fact, Sort.UNFIT, value=fact.type)
        elif row.direction is not Direction.DOWN:
            yield from _in_the_way_of_writing(mapping, row, fact)


def _in_the_way_of_writing(
    mapping: KindMapping, row: Row, fact: FieldFacts
) -> Iterator[Problem]:
    if not (fact.is_createable and fact.is_updateable):
        yield _problem(mapping, fact.name, fact, Sort.CLOSED)
    lacking = _lacking_words(row, fact)
    if lacking:
        value = join_names(tuple(f"“{word}”" for word in lacking))
        yield _problem(mapping, fact.name, fact, Sort.WORDS, value=value)
    if 0 < fact.length < _USUAL_LENGTHS.get(row.item, 0):
        yield _problem(mapping, fact.name, fact, Sort.SHORT, limit=fact.length)


def _lacking_words(row: Row, fact: FieldFacts) -> tuple[str, ...]:
    """Words that are written and that the picklist does not offer.

    An open picklist takes any word; but a status that the org does not know
    closes no task.
    """
    is_closed_list = fact.is_restricted or row.converter == "status"
    if not row.words or fact.type != "picklist" or not is_closed_list:
        return ()
    written = dict.fromkeys(called[0] for called in row.words.values() if called)
    return tuple(word for word in written if word not in fact.values)


def _of_fixed_value(
    mapping: KindMapping, name: str, value: RecordValue, fact: FieldFacts | None
) -> Iterator[Problem]:
    if fact is None:
        yield _problem(mapping, name, None, Sort.MISSING)
        return
    fitting = _SCALARS.get(type(value))
    is_number_or_flag = any(fact.type in types for types in _SCALARS.values())
    if fact.type not in fitting if fitting else is_number_or_flag:
        yield _problem(mapping, name, fact, Sort.UNFIT, value=fact.type)
    elif not fact.is_createable:
        yield _problem(mapping, name, fact, Sort.CLOSED)
    elif fact.is_restricted and value not in fact.values:
        yield _problem(mapping, name, fact, Sort.WORDS, value=f"“{value}”")


def _unfilled(
    mapping: KindMapping, facts: Mapping[str, FieldFacts]
) -> Iterator[Problem]:
    filled = {
        name
        for row in mapping.rows
        if row.direction is not Direction.DOWN
        for name in row.record
    }
    for name, fact in facts.items():
        if fact.is_required and name not in filled | set(mapping.on_create) | RESERVED:
            yield _problem(mapping, name, fact, Sort.UNFILLED)


def _problem(
    mapping: KindMapping,
    name: str,
    fact: FieldFacts | None,
    sort: Sort,
    *,
    label: str = "",
    value: str = "",
    limit: int = 0,
) -> Problem:
    return Problem(
        sort=sort,
        kind=mapping.kind,
        object_name=mapping.object_name,
        field=name,
        label=label or (fact.shown if fact else readable_label(name)),
        value=value,
        limit=limit,
    )
