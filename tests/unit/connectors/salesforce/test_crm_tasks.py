"""Tasks of a served org: which of them are ours, and how they are written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from crm_org import TODAY, WINDOW, Org, operation

from syncline.connectors.salesforce import Salesforce
from syncline.domain.values.changes import ChangeSet, Presence
from syncline.domain.values.content import format_instant
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.items import Record
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import Verb


def errand(number: int = 0, **fields: Any) -> dict[str, Any]:
    return {"Subject": f"Errand {number}"} | fields


def completed(days_ago: int) -> dict[str, Any]:
    moment = TODAY - timedelta(days=days_ago) + timedelta(hours=1)
    return {"Status": "Completed", "CompletedDateTime": format_instant(moment)}


def names(found: ChangeSet) -> list[str]:
    return sorted(
        c.thing.name for c in found.changes if c.thing and c.kind is Kind.TASK
    )


def complete(org: Org, subject: str, days_ago: int) -> str:
    """Date a completion back, without anything being noted as changed."""
    for row in org.sandbox.org.tables["Task"].records.values():
        if row.values["Subject"] == subject:
            row.values.update(completed(days_ago), IsClosed=True)
            return row.id
    raise AssertionError(subject)


def test_open_and_lately_completed_tasks_are_listed(
    org: Org, salesforce: Salesforce
) -> None:
    org.seed("Task", [errand(n) for n in range(4)])
    complete(org, "Errand 1", 13)
    complete(org, "Errand 2", 16)
    complete(org, "Errand 3", 300)
    found = salesforce.changes.read(None, WINDOW)
    assert names(found) == ["Errand 0", "Errand 1"]
    assert Kind.TASK in found.full_kinds


def test_calls_mails_and_tasks_of_others_are_not_listed(
    org: Org, salesforce: Salesforce
) -> None:
    other = org.sandbox.accounts()[1]["username"]
    org.seed(
        "Task",
        [
            errand(1, TaskSubtype="Call"),
            errand(2, TaskSubtype="Email"),
            errand(3, _owner=other),
            errand(4),
        ],
    )
    assert names(salesforce.changes.read(None, WINDOW)) == ["Errand 4"]


def test_a_task_has_every_field(org: Org, salesforce: Salesforce) -> None:
    day = TODAY.date().isoformat()
    org.seed("Task", [errand(1, Description="a\r\nb", ActivityDate=day)])
    (change,) = salesforce.changes.read(None, WINDOW).changes
    assert isinstance(change.thing, Record)
    assert change.thing.fields == {
        "Subject": "Errand 1",
        "Description": "a\nb",
        "ActivityDate": day,
        "Status": "Not Started",
        "IsClosed": False,
        "Priority": "Normal",
        "IsReminderSet": False,
        "ReminderDateTime": None,
        "WhoId": None,
        "WhatId": None,
        "CompletedDateTime": None,
    }


def test_a_change_of_a_long_completed_task_is_out_of_scope_with_its_content(
    org: Org, salesforce: Salesforce
) -> None:
    org.seed("Task", [errand(1)])
    first = salesforce.changes.read(None, WINDOW)
    task_id = complete(org, "Errand 1", 40)
    change = operation(Verb.UPDATE, Kind.TASK, {"Priority": "High"}, target=task_id)
    assert salesforce.writer.write([change])[0].is_done
    complete(org, "Errand 1", 40)
    (seen,) = salesforce.changes.read(first.watermark, WINDOW).changes
    assert seen.presence is Presence.OUT_OF_SCOPE
    assert isinstance(seen.thing, Record)
    assert seen.thing.fields["Priority"] == "High"


def test_a_task_that_is_given_away_is_out_of_scope_and_not_deleted(
    org: Org, salesforce: Salesforce
) -> None:
    """D01: another owner is a third state beside there and gone."""
    org.seed("Task", [errand(1), errand(2)])
    first = salesforce.changes.read(None, WINDOW)
    ids = [c.id for c in first.changes]
    other = org.sandbox.accounts()[1]["user_id"]
    for task_id, fields in zip(ids, ({"OwnerId": other}, {}), strict=True):
        org.sandbox.org.tables["Task"].records[task_id].values.update(fields)
    salesforce.writer.write([operation(Verb.DELETE, Kind.TASK, {}, target=ids[1])])
    looked = salesforce.changes.fetch(Kind.TASK, ids)
    assert [c.presence for c in looked] == [Presence.OUT_OF_SCOPE, Presence.DELETED]
    assert looked[0].thing is None


def test_deleted_tasks_and_saved_mails_are_told_apart(
    org: Org, salesforce: Salesforce
) -> None:
    org.seed("Task", [errand(1), errand(2, TaskSubtype="Email")])
    first = salesforce.changes.read(None, WINDOW)
    rows = list(org.sandbox.org.tables["Task"].records)
    for task_id in rows:
        salesforce.writer.write([operation(Verb.DELETE, Kind.TASK, {}, target=task_id)])
    found = salesforce.changes.read(first.watermark, WINDOW)
    assert {(c.id, c.kind, c.presence) for c in found.changes} == {
        (rows[0], Kind.TASK, Presence.DELETED),
        (rows[1], Kind.MESSAGE, Presence.DELETED),
    }


@pytest.mark.parametrize("count", [1999, 2000, 2001])
def test_every_page_of_tasks_is_read(
    org: Org, salesforce: Salesforce, count: int
) -> None:
    """E14: what lies on the page after 2,000 rows is read, too."""
    org.seed("Task", [errand(n) for n in range(count)])
    found = salesforce.changes.read(None, WINDOW)
    assert len(set(names(found))) == count
    assert org.requests == (1 if count <= 2000 else 2)


def test_a_task_is_made_changed_and_deleted(org: Org, salesforce: Salesforce) -> None:
    fields = errand(1, Status="In Progress", IsClosed=False, CompletedDateTime=None)
    (made,) = salesforce.writer.write([operation(Verb.CREATE, Kind.TASK, fields)])
    assert made.record is not None
    assert made.record.link_key == "key-1"
    assert made.record.fields["Status"] == "In Progress"
    done = operation(
        Verb.UPDATE, Kind.TASK, {"Status": "Completed"}, target=made.record
    )
    (closed,) = salesforce.writer.write([done])
    assert closed.record is not None
    assert closed.record.fields["IsClosed"] is True
    gone = operation(Verb.DELETE, Kind.TASK, {}, target=closed.record)
    assert salesforce.writer.write([gone])[0].is_done
    assert org.count("Task") == 0


def test_a_repeated_create_is_not_a_second_task(
    org: Org, salesforce: Salesforce
) -> None:
    create = operation(Verb.CREATE, Kind.TASK, errand(1))
    first, again = (salesforce.writer.write([create])[0] for _ in range(2))
    assert first.id == again.id
    assert (first.created, again.created) == (True, False)
    assert org.count("Task") == 1


def test_a_text_that_is_too_long_is_refused_with_its_field(
    salesforce: Salesforce,
) -> None:
    create = operation(Verb.CREATE, Kind.TASK, {"Subject": "x" * 256})
    (refused,) = salesforce.writer.write([create])
    assert refused.fault is not None
    assert refused.fault.fault_class is FaultClass.REJECTED
    assert (refused.fault.code, refused.fault.fields) == (
        "STRING_TOO_LONG",
        ("Subject",),
    )


def test_tasks_are_found_by_key(org: Org, salesforce: Salesforce) -> None:
    org.seed("Task", [errand(1, Syncline_Id__c="k1"), errand(2)])
    found = salesforce.finder.find(Kind.TASK, ["k1", "k2"], [])
    assert [(r.name, r.link_key) for r in found] == [("Errand 1", "k1")]
