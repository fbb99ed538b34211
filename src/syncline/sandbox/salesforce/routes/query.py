"""`/query` and `/queryAll`: SOQL, in pages."""

from __future__ import annotations

import re
import secrets

from syncline.sandbox.salesforce.calls import Answer, Call
from syncline.sandbox.salesforce.entities import Cursor, Json
from syncline.sandbox.salesforce.faults import refuse
from syncline.sandbox.salesforce.late import begin_read
from syncline.sandbox.salesforce.soql.columns import queried_object
from syncline.sandbox.salesforce.soql.engine import Selection, find, select
from syncline.sandbox.salesforce.soql.parser import parse
from syncline.sandbox.salesforce.soql.view import View

SMALLEST_BATCH, LARGEST_BATCH = 200, 2000
MOST_CURSORS = 50
LONGEST_SOQL = 100_000


def run_query(call: Call) -> Answer:
    """Answer a query over what is not deleted."""
    return _start(call, include_deleted=False)


def run_query_all(call: Call) -> Answer:
    """Answer a query over everything, the recycle bin included."""
    return _start(call, include_deleted=True)


def _start(call: Call, *, include_deleted: bool) -> Answer:
    soql = call.query.get("q", "")
    if not soql:
        raise refuse("MALFORMED_QUERY", "A query string has to be specified")
    if len(soql) > LONGEST_SOQL:
        raise refuse("MALFORMED_QUERY", "SOQL statements cannot be longer than 100000")
    query = parse(soql)
    _refuse_by_policy(call, query.sobject.text)
    begin_read(call.org, queried_object(call.org, query).name)
    view = View(org=call.org, user_id=call.user_id, include_deleted=include_deleted)
    selection = select(view, query)
    rows = find(view, query)
    if query.counts:
        return Answer(body={"totalSize": len(rows), "done": True, "records": []})
    cursor = Cursor(
        user_id=call.user_id,
        soql=soql,
        batch_size=_batch_size(call),
        ids=[row.id for row in rows],
        include_deleted=include_deleted,
    )
    return _page(call, selection, cursor, start=0, locator="")


def _refuse_by_policy(call: Call, sobject: str) -> None:
    blocked = call.org.settings.policy_blocks_queries_of
    if blocked and blocked.lower() == sobject.lower():
        text = "The operation is blocked by a transaction security policy."
        raise refuse("TXN_SECURITY_NO_ACCESS", text)


def _batch_size(call: Call) -> int:
    options = call.headers.get("sforce-query-options", "")
    match = re.search(r"batchSize\s*=\s*(\d+)", options, re.IGNORECASE)
    if match is None:
        return LARGEST_BATCH
    return min(max(int(match[1]), SMALLEST_BATCH), LARGEST_BATCH)


def _page(
    call: Call, selection: Selection, cursor: Cursor, *, start: int, locator: str
) -> Answer:
    """One page of a result; keeps the cursor when there is more after the first."""
    end = start + cursor.batch_size
    total = len(cursor.ids)
    body: dict[str, Json] = {"totalSize": total, "done": end >= total}
    if end < total:
        locator = locator or _keep(call, cursor)
        body["nextRecordsUrl"] = f"{call.root}/query/{locator}-{end}"
    table = call.org.tables[selection.sobject.name]
    rows = filter(None, map(table.get, cursor.ids[start:end]))
    body["records"] = [selection.row(call.root, row) for row in rows]
    return Answer(body=body)


def _keep(call: Call, cursor: Cursor) -> str:
    cursors = call.org.cursors
    while len(cursors) >= MOST_CURSORS:
        del cursors[next(iter(cursors))]
    locator = f"01g{secrets.token_hex(8)}"
    cursors[locator] = cursor
    return locator


def next_page(call: Call, name: str) -> Answer:
    """The rows after those that were answered already."""
    locator, _, start = name.rpartition("-")
    cursor = call.org.cursors.get(locator)
    if cursor is None or cursor.user_id != call.user_id or not start.isdigit():
        raise refuse("INVALID_QUERY_LOCATOR", "invalid query locator")
    view = View(
        org=call.org, user_id=call.user_id, include_deleted=cursor.include_deleted
    )
    selection = select(view, parse(cursor.soql))
    return _page(call, selection, cursor, start=int(start), locator=locator)
