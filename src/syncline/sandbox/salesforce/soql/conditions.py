"""Turns a WHERE clause into a test of one record."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import datetime

from syncline.sandbox.salesforce.entities import Json, Record, SObject
from syncline.sandbox.salesforce.faults import refuse
from syncline.sandbox.salesforce.soql.columns import Column, Reader, find_column
from syncline.sandbox.salesforce.soql.literals import Span, literal
from syncline.sandbox.salesforce.soql.parser import (
    All,
    Comparison,
    Condition,
    Either,
    Not,
    Query,
)
from syncline.sandbox.salesforce.store import Org

Test = Callable[[Record], bool]
Compare = Callable[[Json, Json], bool]

_ORDERED: dict[str, Compare] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_FOLDED = {"string", "textarea", "picklist", "combobox", "email", "phone", "url"}


def build_test(org: Org, query: Query, sobject: SObject, condition: Condition) -> Test:
    """A function that tells whether a record satisfies the condition.

    Raises:
        RefusedError: A field or a value does not fit.
    """
    match condition:
        case Comparison():
            return _comparison(org, query, sobject, condition)
        case All(parts):
            tests = [build_test(org, query, sobject, part) for part in parts]
            return lambda record: all(test(record) for test in tests)
        case Either(parts):
            tests = [build_test(org, query, sobject, part) for part in parts]
            return lambda record: any(test(record) for test in tests)
        case Not(part):
            inner = build_test(org, query, sobject, part)
            return lambda record: not inner(record)


def _comparison(
    org: Org, query: Query, sobject: SObject, condition: Comparison
) -> Test:
    column = find_column(org, query, sobject, condition.field)
    _refuse_unfilterable(column)
    now: datetime = org.now()
    values = [literal(query.text, column.field, t, now) for t in condition.values]
    read = column.reader(org)
    if column.field.type in _FOLDED and not column.field.case_sensitive:
        read = _folding(read)
        values = [v.casefold() if isinstance(v, str) else v for v in values]
    match condition.operator:
        case "IN" | "NOT IN":
            return _membership(read, values, wanted=condition.operator == "IN")
        case "LIKE":
            return _like(read, values[0])
        case "=" | "!=":
            return _equality(read, values[0], wanted=condition.operator == "=")
        case sign:
            return _ordered(read, sign, values[0])


def _refuse_unfilterable(column: Column) -> None:
    if not column.field.filterable:
        text = f"field '{column.field.name}' can not be filtered in a query call"
        raise refuse("INVALID_FIELD", text)


def _folding(read: Reader) -> Reader:
    def folded(record: Record) -> Json:
        value = read(record)
        return value.casefold() if isinstance(value, str) else value

    return folded


def _membership(read: Reader, values: list[Json], *, wanted: bool) -> Test:
    plain = {None if v == "" else v for v in values if not isinstance(v, Span)}
    spans = [v for v in values if isinstance(v, Span)]

    def test(record: Record) -> bool:
        value = read(record)
        inside = value in plain or any(_in_span(value, span) for span in spans)
        return inside is wanted

    return test


def _in_span(value: Json, span: Span) -> bool:
    return value is not None and span.start <= value < span.end


def _equality(read: Reader, value: Json, *, wanted: bool) -> Test:
    if isinstance(value, Span):
        return lambda record: _in_span(read(record), value) is wanted
    expected = None if value == "" else value
    if wanted:
        return lambda record: bool(read(record) == expected)
    return lambda record: bool(read(record) != expected)


def _ordered(read: Reader, sign: str, value: Json) -> Test:
    if isinstance(value, Span):
        # A relative date is a range: after it means from its end on.
        value = value.end if sign in (">", "<=") else value.start
        sign = {">": ">=", "<=": "<"}.get(sign, sign)
    compare = _ORDERED[sign]

    def test(record: Record) -> bool:
        held = read(record)
        return held is not None and value is not None and compare(held, value)

    return test


def _like(read: Reader, pattern: Json) -> Test:
    if not isinstance(pattern, str):
        raise refuse("INVALID_QUERY_FILTER_OPERATOR", "LIKE needs a text")
    parts = re.findall(r"\\.|[%_]|[^\\%_]+", pattern)
    signs = {"%": ".*", "_": "."}
    escaped = (p[1:] if p.startswith("\\") else p for p in parts)
    regex = "".join(
        signs.get(raw) or re.escape(text)
        for raw, text in zip(parts, escaped, strict=True)
    )
    matches = re.compile(regex, re.DOTALL | re.IGNORECASE).fullmatch

    def test(record: Record) -> bool:
        value = read(record)
        return isinstance(value, str) and matches(value) is not None

    return test
