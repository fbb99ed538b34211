"""What happens behind our back in a served org: locks, late rows, series, merges."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest
from crm_org import TODAY, WINDOW, Org, meeting, operation, person

from syncline.connectors.base.http import Http
from syncline.connectors.salesforce import Salesforce, build, read_fault
from syncline.domain.values.changes import ChangeSet, Presence
from syncline.domain.values.items import Record
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import Verb

OBJECTS = {Kind.EVENT: "Event", Kind.CONTACT: "Contact", Kind.TASK: "Task"}


def tell(org: Org, where: str, body: dict[str, Any]) -> Any:
    """A control that answers something."""
    answer = httpx2.post(f"{org.url}/_control/org/{where}", json=body)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


def values(kind: Kind, number: int) -> dict[str, Any]:
    match kind:
        case Kind.EVENT:
            return meeting(number)
        case Kind.CONTACT:
            return person(number)
        case _:
            return {"Subject": f"Errand {number}"}


def names(found: ChangeSet) -> list[str]:
    return [c.thing.name for c in found.changes if c.thing]


def test_a_busy_parent_is_waited_for(org: Org, salesforce: Salesforce) -> None:
    """H01: UNABLE_TO_LOCK_ROW is tried again after a pause."""
    org.seed("Account", [{"Name": "Acme"}])
    (account,) = org.sandbox.org.tables["Account"].records
    tell(org, "records", {"id": account, "busy_times": 2})
    create = operation(Verb.CREATE, Kind.TASK, {"Subject": "Call", "WhatId": account})
    (made,) = salesforce.writer.write([create])
    assert made.is_done
    assert len(org.waits) == 2
    assert org.count("Task") == 1


def test_a_parent_that_stays_busy_is_a_passing_fault(
    org: Org, salesforce: Salesforce
) -> None:
    """H01: an issue only when patience is at its end; the others are written."""
    org.seed("Account", [{"Name": "Acme"}])
    (account,) = org.sandbox.org.tables["Account"].records
    tell(org, "records", {"id": account, "busy_times": 99})
    held, free = salesforce.writer.write(
        [
            operation(Verb.CREATE, Kind.TASK, fields, key=key)
            for key, fields in (
                ("a", {"Subject": "Call", "WhatId": account}),
                ("b", {"Subject": "Write"}),
            )
        ]
    )
    assert held.fault is not None
    assert (held.fault.code, held.fault.is_passing) == ("UNABLE_TO_LOCK_ROW", True)
    assert free.is_done


def test_children_of_one_parent_are_written_side_by_side() -> None:
    """H01: so that no two calls wait for one parent's lock."""
    parents = ["001000000000001AAA", "001000000000002AAA"]
    sent: list[str] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.content)
        if request.method == "POST":
            return httpx2.Response(200, json=[None] * len(body["ids"]))
        sent.extend(r["WhatId"] for r in body["records"])
        saved = [
            {"id": f"00T{n:012d}AAA", "success": True, "errors": [], "created": True}
            for n in range(len(body["records"]))
        ]
        return httpx2.Response(200, json=saved)

    http = Http(
        provider="salesforce",
        base_url="https://org.example",
        read_fault=read_fault,
        client=httpx2.Client(transport=httpx2.MockTransport(handle)),
    )
    creates = [
        operation(
            Verb.CREATE,
            Kind.TASK,
            {"Subject": str(n), "WhatId": parents[n % 2]},
            key=f"key-{n}",
        )
        for n in range(6)
    ]
    outcomes = build(http, "005000000000001AAA").writer.write(creates)
    assert sent == sorted(sent)
    assert [o.operation.key for o in outcomes] == [f"key-{n}" for n in range(6)]


@pytest.mark.parametrize("kind", OBJECTS)
def test_a_row_that_becomes_visible_late_is_read_late(
    org: Org, salesforce: Salesforce, kind: Kind
) -> None:
    """E12: its stamp is older than what was read already."""
    first = salesforce.changes.read(None, WINDOW)
    body = {"sobject": OBJECTS[kind], "values": values(kind, 1), "reads": 1}
    tell(org, "late_commit", {**body, "owner": org.username})
    second = salesforce.changes.read(first.watermark, WINDOW)
    assert second.changes == ()
    third = salesforce.changes.read(second.watermark, WINDOW)
    assert len(names(third)) == 1
    assert salesforce.changes.read(third.watermark, WINDOW).changes == ()


@pytest.mark.parametrize("kind", OBJECTS)
def test_a_deletion_that_becomes_visible_late_is_read_late(
    org: Org, salesforce: Salesforce, kind: Kind
) -> None:
    """E12: deletions come with the other rows."""
    org.seed(OBJECTS[kind], [values(kind, 1)])
    (record_id,) = org.sandbox.org.tables[OBJECTS[kind]].records
    first = salesforce.changes.read(None, WINDOW)
    tell(org, "late_commit", {"id": record_id, "delete": True, "reads": 1})
    second = salesforce.changes.read(first.watermark, WINDOW)
    assert second.changes == ()
    third = salesforce.changes.read(second.watermark, WINDOW)
    assert [(c.id, c.presence) for c in third.changes] == [
        (record_id, Presence.DELETED)
    ]


@pytest.mark.parametrize("kind", OBJECTS)
def test_rows_of_one_stamp_are_all_read(
    org: Org, salesforce: Salesforce, kind: Kind
) -> None:
    """E12: 2,001 rows that were changed at the same second, over two pages."""
    org.seed(OBJECTS[kind], [values(kind, n) for n in range(2001)])
    rows = org.sandbox.org.tables[OBJECTS[kind]].records
    stamp = next(iter(rows.values())).values["SystemModstamp"]
    tell(org, "stamps", {"sobject": OBJECTS[kind], "at": stamp})
    found = salesforce.changes.read(None, WINDOW)
    assert len({c.id for c in found.changes}) == 2001
    assert salesforce.changes.read(found.watermark, WINDOW).changes == ()


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("classic", "classic_series"), ("lightning", "lightning_series")],
)
def test_a_series_of_salesforce_is_read_as_one(
    org: Org, salesforce: Salesforce, kind: str, reason: str
) -> None:
    rule = "FREQ=DAILY;INTERVAL=1;COUNT=3"
    body = {"owner": org.username, "kind": kind, "event": meeting(1), "rule": rule}
    made = tell(org, "series", {**body, "zone": "UTC"})
    found = salesforce.changes.read(None, WINDOW)
    records = [c.thing for c in found.changes if isinstance(c.thing, Record)]
    assert {r.unsupported for r in records} == {reason}
    assert {r.series_id for r in records} == {made["series"]}
    assert len(records) >= 3


def test_an_occurrence_of_ours_is_kept_by_series_and_day(
    org: Org, salesforce: Salesforce
) -> None:
    moment = f"{TODAY.date().isoformat()}T09:00:00Z"
    own = {"ClientGuid": "series-1", "OriginalInstanceDateTime": moment}
    create = operation(Verb.CREATE, Kind.EVENT, meeting(1) | own)
    (made,) = salesforce.writer.write([create])
    assert made.record is not None
    assert {n: made.record.fields[n] for n in own} == own
    assert made.record.unsupported is None


def test_without_advanced_calendaring_its_fields_are_not_asked_for(org: Org) -> None:
    tell(org, "settings", {"advanced_calendaring": False})
    org.seed("Event", [meeting(1)])
    found = org.connect().changes.read(None, WINDOW)
    (change,) = found.changes
    assert isinstance(change.thing, Record)
    assert "ClientGuid" not in change.thing.fields
    tell(org, "settings", {"advanced_calendaring": True})
    again = org.connect().changes.read(found.watermark, WINDOW)
    assert Kind.EVENT in again.full_kinds


def test_a_merge_names_the_winner(org: Org, salesforce: Salesforce) -> None:
    """The loser of a merge is not a deletion."""
    org.seed("Contact", [person(1), person(2)])
    winner, loser = org.sandbox.org.tables["Contact"].records
    first = salesforce.changes.read(None, WINDOW)
    tell(org, "merge", {"winner": winner, "losers": [loser]})
    found = salesforce.changes.read(first.watermark, WINDOW)
    assert f"merged:{loser}:{winner}" in found.hints


def test_a_lead_that_was_converted_is_known_as_a_contact(
    org: Org, salesforce: Salesforce
) -> None:
    org.seed("Lead", [person(1, Company="Acme")])
    (lead,) = org.sandbox.org.tables["Lead"].records
    made = tell(org, "convert", {"id": lead})
    (found,) = salesforce.directory.people(["person1@example.com"])
    assert (found.id, found.account_id) == (made["contact"], made["account"])


def test_an_archived_event_is_still_read_from_its_id(
    org: Org, salesforce: Salesforce
) -> None:
    org.seed("Event", [meeting(1)])
    first = salesforce.changes.read(None, WINDOW)
    (event,) = org.sandbox.org.tables["Event"].records
    org.sandbox.org.tables["Event"].records[event].values["IsArchived"] = True
    assert salesforce.changes.read(first.watermark, WINDOW).changes == ()
    (looked,) = salesforce.changes.fetch(Kind.EVENT, [event])
    assert looked.presence is not Presence.DELETED
