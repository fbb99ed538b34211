"""Answers a parsed query from the org."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from syncline.sandbox.salesforce.entities import Json, Record, SObject
from syncline.sandbox.salesforce.faults import refuse
from syncline.sandbox.salesforce.ids import long_id
from syncline.sandbox.salesforce.moments import days, stamp
from syncline.sandbox.salesforce.rendering import attributes
from syncline.sandbox.salesforce.soql.columns import (
    Column,
    find_column,
    queried_object,
)
from syncline.sandbox.salesforce.soql.conditions import build_test
from syncline.sandbox.salesforce.soql.parser import All, Comparison, Condition, Query
from syncline.sandbox.salesforce.soql.tokens import Kind
from syncline.sandbox.salesforce.store import Org, is_visible

MOST_OFFSET = 2000
RECYCLE_BIN_DAYS = 15
LINK = "ContentDocumentLink"


@dataclass(frozen=True, slots=True)
class Selection:
    """The columns of a SELECT, ready to render rows."""

    org: Org
    sobject: SObject
    columns: tuple[Column, ...]

    def row(self, root: str, record: Record) -> dict[str, Json]:
        """One element of `records`."""
        row: dict[str, Json] = {"attributes": attributes(root, record)}
        for column in self.columns:
            self._fill(root, row, record, column)
        return row

    def _fill(
        self, root: str, row: dict[str, Json], record: Record, column: Column
    ) -> None:
        here, holder = row, record
        for step in column.steps:
            name = step.relationship or step.name
            key = holder.values.get(step.name)
            target = self.org.find_record(key) if key else None
            if target is None:
                here.setdefault(name, None)
                return
            if not here.get(name):
                here[name] = {"attributes": attributes(root, target)}
            here, holder = here[name], target
        name = column.field.name
        of_type = bool(column.steps) and name == "Type"
        here[name] = holder.sobject if of_type else holder.values.get(name)


def select(org: Org, query: Query) -> Selection:
    """The columns that a query asks for.

    Raises:
        RefusedError: INVALID_TYPE or INVALID_FIELD.
    """
    sobject = queried_object(org, query)
    columns = tuple(find_column(org, query, sobject, token) for token in query.fields)
    return Selection(org, sobject, columns)


def find(
    org: Org, user_id: str, query: Query, *, include_deleted: bool
) -> list[Record]:
    """The records that a query selects, in its order.

    Raises:
        RefusedError: The query does not fit the objects.
    """
    if query.offset > MOST_OFFSET:
        text = f"Maximum SOQL offset allowed is {MOST_OFFSET}"
        raise refuse("NUMBER_OUTSIDE_VALID_RANGE", text)
    sobject = queried_object(org, query)
    if sobject.name == LINK:
        _refuse_unbounded_links(query)
    found: Iterable[Record] = _candidates(
        org, sobject, query.where, include_deleted=include_deleted
    )
    if query.where is not None:
        found = filter(build_test(org, query, sobject, query.where), found)
    shown = [
        record
        for record in found
        if _is_kept(org, record, include_deleted=include_deleted)
        and is_visible(user_id, record)
    ]
    for order in reversed(query.order):
        read = find_column(org, query, sobject, order.field).reader(org)
        empty_rank = 0 if order.nulls_first is not order.descending else 1

        def key(record: Record) -> tuple[int, Json]:
            value = read(record)  # noqa: B023 - sorted at once, in this iteration
            if value is None:
                return (empty_rank * 2, "")  # noqa: B023 - as above
            return (1, value.casefold() if isinstance(value, str) else value)

        shown.sort(key=key, reverse=order.descending)
    end = None if query.limit is None else query.offset + query.limit
    return shown[query.offset : end]


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


def _is_kept(org: Org, record: Record, *, include_deleted: bool) -> bool:
    if not (record.deleted or record.values.get("IsArchived")):
        return True
    if not include_deleted:
        return False
    oldest = stamp(org.now() - days(RECYCLE_BIN_DAYS))
    return not record.deleted or bool(record.values["SystemModstamp"] >= oldest)


def _candidates(
    org: Org, sobject: SObject, where: Condition | None, *, include_deleted: bool
) -> Iterable[Record]:
    """As few records as an index gives; all of them when none fits."""
    table = org.tables[sobject.name]
    parts = where.parts if isinstance(where, All) else (where,)
    for part in parts:
        if not isinstance(part, Comparison) or part.operator not in ("=", "IN"):
            continue
        if all(token.kind is Kind.STRING for token in part.values):
            found = _indexed(org, sobject, part, include_deleted=include_deleted)
            if found is not None:
                return list(found)
    return table.records.values()


def _indexed(
    org: Org, sobject: SObject, part: Comparison, *, include_deleted: bool
) -> Iterator[Record] | None:
    table = org.tables[sobject.name]
    # A value twice in the list must not give its record twice.
    values = list(dict.fromkeys(token.text for token in part.values))
    match part.field.text.lower():
        case "id":
            ids = dict.fromkeys(long_id(value) or "" for value in values)
            return (r for r in map(table.get, ids) if r is not None)
        case "ownerid":
            owners = dict.fromkeys(long_id(value) or "" for value in values)
            return (record for owner in owners for record in table.owned_by(owner))
    column = sobject.find(part.field.text)
    if column and column.children:
        parents = dict.fromkeys(long_id(value) or "" for value in values)
        return (r for parent in parents for r in table.under(column.name, parent))
    # The index of external ids leaves out the recycle bin, and folds no case.
    if column and column.external_id and column.case_sensitive and not include_deleted:
        return (r for value in values for r in table.with_key(column.name, value))
    return None
