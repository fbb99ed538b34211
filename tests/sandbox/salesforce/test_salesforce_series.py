"""Series that Salesforce expands itself: Classic's and Lightning's."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import Any, TypeAlias

import pytest

from syncline.sandbox.salesforce.recurrence import (
    as_classic,
    days_of,
    read_classic,
    read_rule,
)

Fixture: TypeAlias = Any
FIRST = {
    "Subject": "Jour fixe",
    "StartDateTime": "2027-03-22T09:00:00Z",
    "EndDateTime": "2027-03-22T09:30:00Z",
}


def make(ada: Fixture, kind: str, rule: str) -> Fixture:
    """A series of the first user, made by a person."""
    body = {
        "kind": kind,
        "owner": "ada.lindqvist@northwind-sandbox.example",
        "event": FIRST,
        "rule": rule,
        "zone": "Europe/Stockholm",
    }
    answer = ada("POST", "/_control/org/series", body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def starts(ada: Fixture, condition: str) -> list[str]:
    """When the events begin that satisfy a condition."""
    query = f"SELECT StartDateTime FROM Event WHERE {condition} ORDER BY StartDateTime"
    return [row["StartDateTime"][:16] for row in ada.soql(query)["records"]]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=DAILY;INTERVAL=2;COUNT=3", ["02-01", "02-03", "02-05"]),
        ("FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20270208", ["02-01", "02-03", "02-08"]),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=2", ["02-01", "02-15"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=2", ["03-31", "05-31"]),
        ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", ["02-26", "03-26"]),
        ("FREQ=MONTHLY;BYDAY=2TU;COUNT=2", ["02-09", "03-09"]),
        ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=8;COUNT=1", ["03-08"]),
    ],
)
def test_rule_gives_its_days_by_both_spellings(rule: str, days: list[str]) -> None:
    first = date(2027, 2, 1)
    pattern = read_rule(rule)
    assert [f"{day:%m-%d}" for day in days_of(pattern, first)] == days
    classic = read_classic(as_classic(pattern, first))
    assert [f"{day:%m-%d}" for day in days_of(classic, first)] == days


def test_leap_day_comes_in_leap_years_only() -> None:
    leap = days_of(read_rule("FREQ=YEARLY"), date(2024, 2, 29))
    assert [day.year for day in islice(leap, 2)] == [2024, 2028]


def test_classic_series_is_a_master_and_occurrences_at_one_wall_time(
    ada: Fixture,
) -> None:
    made = make(ada, "classic", "FREQ=WEEKLY;COUNT=2")
    assert len(made["occurrences"]) == 2
    # Summer time begins between the two.
    shown = starts(ada, f"RecurrenceActivityId = '{made['series']}' "
                        "AND IsRecurrence = false")  # fmt: skip
    assert shown == ["2027-03-22T09:00", "2027-03-29T08:00"]
    master = ada("GET", f"/sobjects/Event/{made['series']}").json()
    assert (master["IsRecurrence"], master["RecurrenceType"]) == (True, "RecursWeekly")


def test_classic_series_is_created_by_its_fields(ada: Fixture) -> None:
    series = {
        "IsRecurrence": True,
        "RecurrenceType": "RecursEveryWeekday",
        "RecurrenceStartDateTime": "2026-11-27T10:00:00Z",
        "RecurrenceEndDateOnly": "2026-12-01",
        "RecurrenceTimeZoneSidKey": "UTC",
        "DurationInMinutes": 30,
    }
    master = ada.make("Event", Subject="Standup", **series)
    assert starts(ada, "IsRecurrence = false") == [
        "2026-11-27T10:00",
        "2026-11-30T10:00",
        "2026-12-01T10:00",
    ]
    ada("PATCH", f"/sobjects/Event/{master}", {"Location": "Hall"})
    found = ada.soql("SELECT Location FROM Event")["records"]
    assert {row["Location"] for row in found} == {"Hall"}
    ada("DELETE", f"/sobjects/Event/{master}")
    assert starts(ada, "Subject = 'Standup'") == []


def test_incomplete_classic_series_is_refused(ada: Fixture) -> None:
    _, error = ada.refused("POST", "/sobjects/Event", FIRST | {"IsRecurrence": True})
    assert error["errorCode"] == "REQUIRED_FIELD_MISSING"
    assert "RecurrenceType" in error["fields"]


def test_lightning_series_is_occurrences_with_the_pattern(ada: Fixture) -> None:
    made = make(ada, "lightning", "FREQ=DAILY;COUNT=3")
    query = (
        "SELECT Id, Recurrence2PatternText, RecurrenceActivityId FROM Event "
        "WHERE IsRecurrence2 = true"
    )
    found = ada.soql(query)["records"]
    assert [row["Id"] for row in found] == made["occurrences"]
    texts = {row["Recurrence2PatternText"] for row in found}
    assert texts == {"RRULE:FREQ=DAILY;COUNT=3"}
    assert {row["RecurrenceActivityId"] for row in found} == {made["series"]}


def test_lightning_fields_cannot_be_written(ada: Fixture) -> None:
    body = FIRST | {"IsRecurrence2": True}
    _, error = ada.refused("POST", "/sobjects/Event", body)
    assert error["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"


def test_changed_occurrence_is_an_exception(ada: Fixture) -> None:
    made = make(ada, "lightning", "FREQ=DAILY;COUNT=2")
    path = f"/sobjects/Event/{made['occurrences'][1]}"
    ada("PATCH", path, {"Subject": "Moved"})
    assert ada("GET", path).json()["IsRecurrence2Exception"] is True


def test_our_own_field_makes_no_exception(ada: Fixture) -> None:
    made = make(ada, "lightning", "FREQ=DAILY;COUNT=2")
    path = f"/sobjects/Event/{made['occurrences'][1]}"
    ada("PATCH", path, {"Syncline_Id__c": "k"})
    assert ada("GET", path).json()["IsRecurrence2Exception"] is False


def test_all_day_series_keeps_whole_days(ada: Fixture, sandbox: Fixture) -> None:
    series = {
        "kind": "classic",
        "owner": "ada.lindqvist@northwind-sandbox.example",
        "event": {
            "Subject": "Fair",
            "IsAllDayEvent": True,
            "ActivityDate": "2027-03-27",
            "EndDate": "2027-03-28",
        },
        "rule": "FREQ=WEEKLY;COUNT=2",
    }
    sandbox.seed({"series": [series]})
    query = (
        "SELECT ActivityDate, EndDate, IsAllDayEvent FROM Event "
        "WHERE IsRecurrence = false ORDER BY ActivityDate"
    )
    rows = [tuple(row.values())[1:] for row in ada.soql(query)["records"]]
    assert rows == [
        ("2027-03-27", "2027-03-28", True),
        ("2027-04-03", "2027-04-04", True),
    ]


def test_series_is_deleted_from_an_occurrence_onwards(ada: Fixture) -> None:
    made = make(ada, "lightning", "FREQ=DAILY;COUNT=3")
    path = "/sobjects/Event/{}/fromThisEventOnwards"
    answer = ada("DELETE", path.format(made["occurrences"][1]))
    assert answer.status_code == 204
    assert starts(ada, "IsRecurrence2 = true") == ["2027-03-22T09:00"]
    alone = ada.make_meeting()
    _, error = ada.refused("DELETE", path.format(alone))
    assert error["errorCode"] == "INVALID_OPERATION"


@pytest.mark.parametrize("wrong", [{"kind": "weekly"}, {"rule": "FREQ=HOURLY"}])
def test_unknown_kind_or_rule_is_told(ada: Fixture, wrong: Fixture) -> None:
    body = {
        "kind": "classic",
        "owner": "ada.lindqvist@northwind-sandbox.example",
        "event": FIRST,
        "rule": "FREQ=DAILY;COUNT=2",
    }
    assert ada("POST", "/_control/org/series", body | wrong).status_code == 400
