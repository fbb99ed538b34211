"""Answers a parsed query from the org."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from syncline.sandbox.salesforce.entities import Field, Json, Record, SObject
from syncline.sandbox.salesforce.faults import refuse
from syncline.sandbox.salesforce.ids import long_id
from syncline.sandbox.salesforce.rendering import attributes
from syncline.sandbox.salesforce.soql.choosing import choose
from syncline.sandbox.salesforce.soql.columns import (
    Column,
    find_children,
    find_column,
    queried_object,
)
from syncline.sandbox.salesforce.soql.parser import (
    All,
    Comparison,
    Condition,
    Either,
    Not,
    Query,
)
from syncline.sandbox.salesforce.soql.tokens import Kind, Token, malformed
from syncline.sandbox.salesforce.soql.view import View

LINK = "ContentDocumentLink"


@dataclass(frozen=True, slots=True)
class Selection:
    """The columns of a SELECT, ready to render rows."""

    view: View
    query: Query
    sobject: SObject
    columns: tuple[Column, ...]
    #: By reference field: what refers to a row, and how it is rendered.
    children: tuple[tuple[Field, Selection], ...] = ()

    def row(self, root: str, record: Record) -> dict[str, Json]:
        """One element of `records`."""
        row: dict[str, Json] = {"attributes": attributes(root, record)}
        for column in self.columns:
            self._fill(root, row, record, column)
        for field, child in self.children:
            row[field.children] = child.rows_under(root, field, record)
        return row

    def rows_under(self, root: str, field: Field, parent: Record) -> Json:
        """The result of a sub-query for one row; null when it is empty."""
        table = self.view.org.tables[self.sobject.name]
        under = table.under(field.name, parent.id)
        found = choose(self.view, self.query, self.sobject, under)
        if not found:
            return None
        records = [self.row(root, record) for record in found]
        return {"totalSize": len(records), "done": True, "records": records}

    def _fill(
        self, root: str, row: dict[str, Json], record: Record, column: Column
    ) -> None:
        here, holder = row, record
        for step in column.steps:
            name = step.relationship or step.name
            key = holder.values.get(step.name)
            target = self.view.org.find_record(key) if key else None
            if target is None:
                here.setdefault(name, None)
                return
            if not here.get(name):
                here[name] = {"attributes": attributes(root, target)}
            here, holder = here[name], target
        name = column.field.name
        of_type = bool(column.steps) and name == "Type"
        here[name] = holder.sobject if of_type else holder.values.get(name)


def select(view: View, query: Query) -> Selection:
    """The columns that a query asks for.

    Raises:
        RefusedError: INVALID_TYPE or INVALID_FIELD.
    """
    return _select(view, query, queried_object(view.org, query))


def _select(view: View, query: Query, sobject: SObject) -> Selection:
    org = view.org
    columns = tuple(find_column(org, query, sobject, token) for token in query.fields)
    children = []
    for inner in query.children:
        child, field = find_children(org, sobject, inner)
        children.append((field, _select(view, inner, child)))
    return Selection(view, query, sobject, columns, tuple(children))


def find(view: View, query: Query) -> list[Record]:
    """The records that a query selects, in its order.

    Raises:
        RefusedError: The query does not fit the objects.
    """
    sobject = queried_object(view.org, query)
    if sobject.name == LINK:
        _refuse_unbounded_links(query)
    resolved = replace(query, where=query.where and _joined(view, query.where))
    return choose(view, resolved, sobject, _candidates(view, sobject, resolved.where))


def _joined(view: View, condition: Condition) -> Condition:
    """The condition with the results of its semi-joins in their places."""
    match condition:
        case Comparison(query=Query() as inner):
            return replace(condition, values=_values_of(view, inner), query=None)
        case All(parts):
            return All(tuple(_joined(view, part) for part in parts))
        case Either(parts):
            return Either(tuple(_joined(view, part) for part in parts))
        case Not(part):
            return Not(_joined(view, part))
        case _:
            return condition


def _values_of(view: View, inner: Query) -> tuple[Token, ...]:
    if len(inner.fields) != 1:
        text = "semi join sub-selects can only have a single selected field"
        raise malformed(inner.text, inner.sobject.at, text)
    sobject = queried_object(view.org, inner)
    read = find_column(view.org, inner, sobject, inner.fields[0]).reader(view.org)
    held = {read(record) for record in find(view, inner)} - {None}
    return tuple(Token(Kind.STRING, str(value), inner.sobject.at) for value in held)


def _refuse_unbounded_links(query: Query) -> None:
    where = query.where
    parts = where.parts if isinstance(where, All) else (where,)
    ends = ("contentdocumentid", "linkedentityid")
    if not any(
        isinstance(part, Comparison)
        and part.operator in ("=", "IN")
        and part.field.text.lower() in ends
        for part in parts
    ):
        text = (
            f"Implementation restriction: {LINK} requires a filter by a single Id on "
            "ContentDocumentId or LinkedEntityId using the equals operator or multiple "
            "Id's using the IN operator."
        )
        raise refuse("MALFORMED_QUERY", text)


def _candidates(
    view: View, sobject: SObject, where: Condition | None
) -> Iterable[Record]:
    """As few records as an index gives; all of them when none fits."""
    table = view.org.tables[sobject.name]
    parts = where.parts if isinstance(where, All) else (where,)
    for part in parts:
        if not isinstance(part, Comparison) or part.operator not in ("=", "IN"):
            continue
        if all(token.kind is Kind.STRING for token in part.values):
            found = _indexed(view, sobject, part)
            if found is not None:
                return list(found)
    return table.records.values()


def _indexed(view: View, sobject: SObject, part: Comparison) -> Iterator[Record] | None:
    table = view.org.tables[sobject.name]
    # A value twice in the list must not give its record twice.
    values = list(dict.fromkeys(token.text for token in part.values))
    ids = dict.fromkeys(long_id(value) or "" for value in values)
    match part.field.text.lower():
        case "id":
            return (r for r in map(table.get, ids) if r is not None)
        case "ownerid":
            return (record for owner in ids for record in table.owned_by(owner))
    column = sobject.find(part.field.text)
    if column is None:
        return None
    if column.children:
        return (r for parent in ids for r in table.under(column.name, parent))
    # The index of external ids leaves out the recycle bin, and folds no case.
    if column.external_id and column.case_sensitive and not view.include_deleted:
        return (r for value in values for r in table.with_key(column.name, value))
    return None
