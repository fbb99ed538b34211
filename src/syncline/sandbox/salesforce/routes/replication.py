"""`/updated` and `/deleted`: ids that changed within a span of time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from syncline.sandbox.salesforce.calls import Answer, Call
from syncline.sandbox.salesforce.entities import Record
from syncline.sandbox.salesforce.faults import RefusedError, refuse
from syncline.sandbox.salesforce.late import begin_read
from syncline.sandbox.salesforce.moments import days, read_moment, stamp
from syncline.sandbox.salesforce.store import is_visible

LONGEST_LOOK_BACK = days(30)
RECYCLE_BIN = days(15)


def updated(call: Call, name: str) -> Answer:
    """Ids of records that were created or changed."""
    start, end = _span(call)
    ids = [record.id for record in _touched(call, name, start, end, deleted=False)]
    return Answer(body={"ids": ids, "latestDateCovered": _covered(call, end)})


def deleted(call: Call, name: str) -> Answer:
    """Ids of records that went to the recycle bin."""
    start, end = _span(call)
    earliest = stamp(call.org.now() - RECYCLE_BIN)
    earliest = max(earliest, call.org.replication_start)
    if stamp(start) < call.org.replication_start:
        raise _bad_date("startDate before org replication enabled date")
    gone = [
        {"id": record.id, "deletedDate": record.values["SystemModstamp"]}
        for record in _touched(call, name, start, end, deleted=True)
    ]
    body = {
        "deletedRecords": gone,
        "earliestDateAvailable": earliest,
        "latestDateCovered": _covered(call, end),
    }
    return Answer(body=body)


def _bad_date(text: str) -> RefusedError:
    return refuse("INVALID_REPLICATION_DATE", text)


def _span(call: Call) -> tuple[datetime, datetime]:
    moments = [_moment(call, "start"), _moment(call, "end")]
    start, end = (moment.replace(second=0, microsecond=0) for moment in moments)
    if start >= end:
        raise _bad_date("endDate must be at least one minute greater than startDate")
    if start < call.org.now() - LONGEST_LOOK_BACK:
        raise _bad_date("startDate cannot be more than 30 days ago")
    return start, end


def _moment(call: Call, name: str) -> datetime:
    # A plus sign that was not encoded arrives as a space.
    text = call.query.get(name, "").replace(" ", "+")
    moment = read_moment(text)
    if moment is None:
        raise refuse("INVALID_DATE_FORMAT", f"Invalid date: {text}")
    return moment


def _covered(call: Call, end: datetime) -> str:
    minute = call.org.now().replace(second=0, microsecond=0)
    return stamp(min(end, minute))


def _touched(
    call: Call, name: str, start: datetime, end: datetime, *, deleted: bool
) -> Iterator[Record]:
    begin_read(call.org, call.sobject(name).name)
    first, last = stamp(start), stamp(end)
    for record in call.org.tables[call.sobject(name).name].records.values():
        touched = first <= record.values["SystemModstamp"] < last
        if touched and record.deleted is deleted and is_visible(call.user_id, record):
            yield record
