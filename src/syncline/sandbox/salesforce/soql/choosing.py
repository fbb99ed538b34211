"""Chooses the records that satisfy a query, and puts them in its order."""

from __future__ import annotations

from collections.abc import Iterable

from syncline.sandbox.salesforce.entities import Json, Record, SObject
from syncline.sandbox.salesforce.faults import refuse
from syncline.sandbox.salesforce.soql.columns import find_column
from syncline.sandbox.salesforce.soql.conditions import build_test
from syncline.sandbox.salesforce.soql.parser import Query
from syncline.sandbox.salesforce.soql.tokens import Token, malformed
from syncline.sandbox.salesforce.soql.view import View

MOST_OFFSET = 2000


def choose(
    view: View, query: Query, sobject: SObject, found: Iterable[Record]
) -> list[Record]:
    """Those of `found` that a query selects, in its order.

    Raises:
        RefusedError: The query does not fit the object.
    """
    if query.offset > MOST_OFFSET:
        text = f"Maximum SOQL offset allowed is {MOST_OFFSET}"
        raise refuse("NUMBER_OUTSIDE_VALID_RANGE", text)
    if query.where is not None:
        found = filter(build_test(view.org, query, sobject, query.where), found)
    shown = [record for record in found if view.shows(record)]
    if query.scope is not None:
        shown = _in_scope(view, query, query.scope, shown)
    for order in reversed(query.order):
        read = find_column(view.org, query, sobject, order.field).reader(view.org)
        empty_rank = 0 if order.nulls_first is not order.descending else 1

        def key(record: Record) -> tuple[int, Json]:
            value = read(record)  # noqa: B023 - sorted at once, in this iteration
            if value is None:
                return (empty_rank * 2, "")  # noqa: B023 - as above
            return (1, value.casefold() if isinstance(value, str) else value)

        shown.sort(key=key, reverse=order.descending)
    end = None if query.limit is None else query.offset + query.limit
    return shown[query.offset : end]


def _in_scope(
    view: View, query: Query, scope: Token, found: list[Record]
) -> list[Record]:
    # Nobody is in a team or a group here: those scopes hold what is one's own.
    match scope.text.lower():
        case "everything":
            return found
        case "mine" | "team" | "mine_and_my_groups":
            return [record for record in found if record.owner_id == view.user_id]
        case name:
            text = f"Unknown filter scope: {name}"
            raise malformed(query.text, scope.at, text)
