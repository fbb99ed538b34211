"""Tasks keep their state in each side's own words."""

from __future__ import annotations

import pytest

from syncline.domain.access.policy import Policy
from syncline.domain.mapping import MAPPINGS, FieldRule
from syncline.domain.mapping.profile import mapping_for
from syncline.domain.mapping.task import closed_status
from syncline.domain.values.content import Value
from syncline.domain.values.kinds import Kind
from syncline.domain.values.people import Traits

ORG = Traits(
    task_statuses=("Open", "In Progress", "On Hold", "Done", "Won't Do"),
    closed_task_statuses=("Done", "Won't Do"),
    default_task_status="Open",
)


def task_content(**changes: Value) -> dict[str, Value]:
    return {
        "subject": "Send the offer",
        "body": "With prices",
        "due": "2026-11-27",
        "status": "in_progress",
        "importance": "high",
        "reminder_at": "2026-11-26T08:00:00Z",
        "completed_on": None,
        **changes,
    }


def rule(name: str, traits: Traits | None = None) -> FieldRule:
    mapping = mapping_for(Kind.TASK, Policy(), traits)
    return next(r for r in mapping.rules if r.name == name)


def test_task_fills_all_fields_of_a_new_record() -> None:
    assert MAPPINGS[Kind.TASK].to_record(task_content()) == {
        "Subject": "Send the offer",
        "Description": "With prices",
        "ActivityDate": "2026-11-27",
        "Status": "In Progress",
        "Priority": "High",
        "IsReminderSet": True,
        "ReminderDateTime": "2026-11-26T08:00:00Z",
    }


def test_task_comes_back_as_it_went() -> None:
    content = task_content()
    fields = MAPPINGS[Kind.TASK].to_record(content)
    del content["completed_on"]
    assert MAPPINGS[Kind.TASK].to_item(fields) == content


def test_what_is_only_told_is_never_written() -> None:
    fields = MAPPINGS[Kind.TASK].to_record(task_content(completed_on="2026-11-24"))
    assert not {"CompletedDateTime", "IsClosed"} & set(fields)


def test_reminder_that_is_off_has_no_time() -> None:
    off = {"IsReminderSet": False, "ReminderDateTime": "2026-11-26T08:00:00Z"}
    assert rule("reminder_at").to_item(off, {}) == {"reminder_at": None}
    assert rule("reminder_at").up({"reminder_at": None}) == {
        "IsReminderSet": False,
        "ReminderDateTime": None,
    }


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("not_started", "Open"),
        ("in_progress", "In Progress"),
        ("waiting", "Open"),
        ("deferred", "Open"),
        ("completed", "Done"),
    ],
)
def test_statuses_are_written_in_the_org_s_words(status: str, word: str) -> None:
    assert rule("status", ORG).up({"status": status}) == {"Status": word}


@pytest.mark.parametrize("word", ["Done", "Won't Do"])
def test_every_closed_status_means_completed(word: str) -> None:
    assert rule("status", ORG).to_item({"Status": word}, {}) == {"status": "completed"}


def test_what_salesforce_counts_as_closed_is_completed_whatever_its_name() -> None:
    record = {"Status": "Deferred", "IsClosed": True}
    assert rule("status").to_item(record, {}) == {"status": "completed"}
    record = {"Status": "Completed", "IsClosed": False}
    assert rule("status").to_item(record, {"status": "waiting"}) == {
        "status": "waiting"
    }


def test_own_word_that_means_the_same_is_kept() -> None:
    status = rule("status", ORG)
    assert status.agrees({"status": "completed"}, {"Status": "Won't Do"})
    assert status.agrees({"status": "waiting"}, {"Status": "Open"})
    assert not status.agrees({"status": "completed"}, {"Status": "Open"})
    assert not status.agrees({"status": "not_started"}, {"Status": "Done"})


def test_open_status_that_nobody_translates_leaves_an_open_task_alone() -> None:
    status = rule("status", ORG)
    record = {"Status": "On Hold"}
    assert status.to_item(record, {"status": "deferred"}) == {"status": "deferred"}
    assert status.to_item(record, {"status": "completed"}) == {"status": "in_progress"}
    assert status.to_item(record, {}) == {"status": "in_progress"}


def test_priority_that_nobody_translates_is_normal() -> None:
    assert rule("importance").to_item({"Priority": "Urgent"}, {}) == {
        "importance": "normal"
    }


@pytest.mark.parametrize(
    ("closed", "word"),
    [((), "Completed"), (("Done",), "Done"), (("Done", "Completed"), "Completed")],
)
def test_messages_get_a_closed_status_of_the_org(
    closed: tuple[str, ...], word: str
) -> None:
    assert closed_status(Traits(closed_task_statuses=closed)) == word
