"""Tasks of a sandbox mailbox: all lists, our key as a linked resource."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from syncline.connectors.microsoft365 import build
from syncline.domain.values.changes import ChangeSet, Presence
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.ids import LinkKey, RecordId
from syncline.domain.values.items import Item
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import MarkOrder
from tests.contract.microsoft365.bench import (
    DAY,
    TODAY,
    WINDOW,
    Bench,
    Reader,
    creation,
    items_of,
    only,
    stamp,
    update,
)


def lists(bench: Bench) -> dict[str, str]:
    listed = bench.person("GET", "/todo/lists")["value"]
    return {one["displayName"]: one["id"] for one in listed}


def add_list(bench: Bench, name: str) -> str:
    made: str = bench.person("POST", "/todo/lists", {"displayName": name})["id"]
    return made


def add(bench: Bench, title: str, list_id: str = "", **more: Any) -> Any:
    where = list_id or next(iter(lists(bench).values()))
    return bench.person("POST", f"/todo/lists/{where}/tasks", {"title": title, **more})


def tasks(found: ChangeSet) -> dict[str, Item]:
    return {i.name: i for i in items_of(found) if i.kind is Kind.TASK}


def test_a_task_is_read_in_neutral_words(bench: Bench, read: Reader) -> None:
    due, at = TODAY + 3 * DAY, TODAY + 2 * DAY + timedelta(hours=9)
    add(
        bench,
        " Call ",
        body={"contentType": "html", "content": "<p>about<br>it</p>"},
        dueDateTime=stamp(due),
        isReminderOn=True,
        reminderDateTime=stamp(at),
        status="waitingOnOthers",
        importance="high",
        categories=["Salesforce"],
    )
    item = only(read(None))
    assert item.content == {
        "subject": "Call",
        "body": "about\nit",
        "due": due.date().isoformat(),
        "status": "waiting",
        "importance": "high",
        "reminder_at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "completed_on": None,
    }
    assert item.uid == item.id
    assert item.categories == ("Salesforce",)
    assert item.link_key_known
    assert item.version


def test_a_due_day_is_the_midnight_that_is_nearest(bench: Bench, read: Reader) -> None:
    """B01: told in UTC, midnight in Auckland or Los Angeles is still that day."""
    for title, hours in (("East", -12), ("West", 8)):
        add(bench, title, dueDateTime=stamp(TODAY + timedelta(hours=hours)))
    found = tasks(read(None))
    assert {item.content["due"] for item in found.values()} == {
        TODAY.date().isoformat()
    }


def test_tasks_of_all_lists_are_followed(bench: Bench, read: Reader) -> None:
    one = add_list(bench, "Errands")
    add(bench, "Here")
    add(bench, "There", one)
    first = read(None)
    assert tasks(first).keys() == {"Here", "There"}
    add(bench, "New", add_list(bench, "Fresh"))
    add(bench, "Also", one)
    second = read(first.watermark)
    assert tasks(second).keys() == {"New", "Also"}
    assert Kind.TASK not in second.full_kinds
    bench.reset()
    assert read(second.watermark).changes == ()
    assert bench.counters["requests"] == 1


def test_a_filing_list_files_its_tasks(bench: Bench, read: Reader) -> None:
    one = add_list(bench, "salesforce TASKS")
    add(bench, "Filed", one)
    add(bench, "Not filed")
    found = read(None)
    assert {n: item.is_filed for n, item in tasks(found).items()} == {
        "Filed": True,
        "Not filed": False,
    }
    item = tasks(found)["Filed"]
    looked = bench.connect().changes.fetch(Kind.TASK, [item.id])
    assert items_of(looked) == [item]


def test_a_list_that_becomes_the_filing_list_tells_its_tasks_again(
    bench: Bench, read: Reader
) -> None:
    one = add_list(bench, "Errands")
    add(bench, "Call", one)
    watermark = read(None).watermark
    bench.person("PATCH", f"/todo/lists/{one}", {"displayName": "Salesforce Tasks"})
    found = read(watermark)
    assert tasks(found)["Call"].is_filed
    assert read(found.watermark).changes == ()


def test_a_deleted_list_has_all_tasks_listed(bench: Bench, read: Reader) -> None:
    """D12: what was in it is then missing from a whole listing."""
    one = add_list(bench, "Errands")
    add(bench, "Gone", one)
    add(bench, "Stays")
    first = read(None)
    gone = tasks(first)["Gone"].id
    bench.person("DELETE", f"/todo/lists/{one}")
    found = read(first.watermark)
    assert Kind.TASK in found.full_kinds
    assert tasks(found).keys() == {"Stays"}
    (looked,) = bench.connect().changes.fetch(Kind.TASK, [gone])
    assert looked.presence is Presence.DELETED
    assert read(found.watermark).changes == ()


def test_a_lost_list_has_all_tasks_listed(bench: Bench, read: Reader) -> None:
    """E01, E06: what was deleted in the gap is missing from a whole listing."""
    add(bench, "Stays")
    watermark = read(None).watermark
    (list_id,) = {i for n, i in lists(bench).items() if n == "Tasks"}
    bench.fault("status", "GET", f"{list_id}/tasks/delta", status=410)
    found = read(watermark)
    assert Kind.TASK in found.full_kinds
    assert tasks(found).keys() == {"Stays"}


def done_on(days: int) -> dict[str, Any]:
    return {"status": "completed", "completedDateTime": stamp(TODAY - days * DAY)}


def test_tasks_that_were_done_long_ago_are_out_of_scope(
    bench: Bench, read: Reader
) -> None:
    add(bench, "Lately", **done_on(13))
    old = add(bench, "Old", **done_on(16))
    first = read(None)
    assert tasks(first).keys() == {"Lately"}
    (list_id,) = {i for n, i in lists(bench).items() if n == "Tasks"}
    bench.person("PATCH", f"/todo/lists/{list_id}/tasks/{old['id']}", {"title": "Odd"})
    (change,) = read(first.watermark).changes
    assert change.presence is Presence.OUT_OF_SCOPE
    (looked,) = bench.connect().changes.fetch(Kind.TASK, [change.id])
    assert looked.presence is Presence.OUT_OF_SCOPE


def test_a_task_that_is_made_shows_the_way_to_its_record(bench: Bench) -> None:
    url = "https://northwind.example/lightning/r/{id}/view"
    connector = build(bench.http, bench.address, record_link=url)
    wanted = creation("k1", Kind.TASK, {"subject": "Call", "status": "in_progress"})
    link = replace(wanted.link, record_id=RecordId("00T1"))
    (outcome,) = connector.writer.write([replace(wanted, link=link)])
    assert outcome.item is not None
    assert (outcome.item.link_key, outcome.item.name) == ("k1", "Call")
    list_id, _, raw_id = outcome.id.partition("|")
    path = f"/todo/lists/{list_id}/tasks/{raw_id}/linkedResources"
    (tied,) = bench.person("GET", path)["value"]
    assert tied["webUrl"] == "https://northwind.example/lightning/r/00T1/view"
    assert (tied["applicationName"], tied["externalId"]) == ("Syncline", "k1")


def test_all_fields_of_a_task_travel(bench: Bench, read: Reader) -> None:
    add(bench, "Call", dueDateTime=stamp(TODAY))
    item = only(read(None))
    fields = {
        "subject": "Write",
        "body": "a letter",
        "due": "2027-01-31",
        "status": "deferred",
        "importance": "low",
        "reminder_at": "2027-01-30T08:00:00Z",
    }
    writer = bench.connect().writer
    (outcome,) = writer.write([update(item, fields)])
    assert outcome.item is not None
    assert {**outcome.item.content, **fields} == outcome.item.content
    cleared = {"body": None, "due": None, "reminder_at": None, "status": "completed"}
    (outcome,) = writer.write([update(outcome.item, cleared)])
    assert outcome.item is not None
    assert {**outcome.item.content, **cleared} == outcome.item.content
    assert outcome.item.content["completed_on"] is not None


def order_for(item: Item, key: str) -> MarkOrder:
    return MarkOrder(
        key=LinkKey(key),
        kind=Kind.TASK,
        item_id=item.id,
        add=("Salesforce",),
        categories=item.categories,
        version=item.version,
        set_link_key=True,
    )


def test_a_task_is_tied_once_even_when_the_answer_is_lost(
    bench: Bench, read: Reader
) -> None:
    """F01"""
    add(bench, "Call")
    item = only(read(None))
    bench.fault("drop_response", "POST", "/linkedResources")
    (outcome,) = bench.connect().marker.mark([order_for(item, "k1")])
    assert outcome.fault is None
    after = only(read(None))
    assert (after.link_key, after.categories) == ("k1", ("Salesforce",))
    assert after.version == outcome.version
    list_id, _, raw_id = item.id.partition("|")
    path = f"/todo/lists/{list_id}/tasks/{raw_id}/linkedResources"
    assert len(bench.person("GET", path)["value"]) == 1


def test_a_copied_tie_is_replaced(bench: Bench, read: Reader) -> None:
    tie = {"applicationName": "Syncline", "externalId": "copied", "displayName": "x"}
    other = {"applicationName": "Other", "externalId": "k1", "displayName": "y"}
    add(bench, "Call", linkedResources=[other, tie])
    item = only(read(None))
    assert item.link_key == "copied"
    bench.connect().marker.mark([order_for(item, "k1")])
    assert only(read(None)).link_key == "k1"


@pytest.mark.parametrize("status", [403, 404])
def test_a_mailbox_without_to_do_is_synchronized_otherwise(
    bench: Bench, read: Reader, status: int
) -> None:
    add(bench, "Call")
    bench.person("POST", "/contacts", {"surname": "Hopper"})
    bench.fault("status", "GET", "/todo/", status=status, times=20)
    found = read(None)
    assert [item.name for item in items_of(found)] == ["Hopper"]
    assert found.full_kinds == {Kind.EVENT, Kind.CONTACT}
    bench.control("DELETE", "/faults")
    later = read(found.watermark)
    assert tasks(later).keys() == {"Call"}
    assert later.full_kinds == {Kind.TASK}


def test_looks_at_tasks_that_are_no_ids_are_no_deletions(bench: Bench) -> None:
    source = bench.connect().changes
    source.read(None, WINDOW)
    (change,) = source.fetch(Kind.TASK, ["nothing"])
    assert change.presence is Presence.UNREADABLE


def test_a_mailbox_without_to_do_takes_other_creations(bench: Bench) -> None:
    """G02: what fails is the task alone."""
    bench.fault("status", "GET", "/todo/", status=403, times=5)
    wanted = [
        creation("k1", Kind.TASK, {"subject": "Call"}),
        creation("k2", Kind.CONTACT, {"family_name": "Hopper"}),
    ]
    task, contact = bench.connect().writer.write(wanted)
    assert task.fault is not None
    assert task.fault.fault_class is FaultClass.PERMISSION
    assert contact.is_done
