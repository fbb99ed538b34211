"""Rows become records and fields become payloads, exactly."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from syncline.connectors.salesforce import soql
from syncline.connectors.salesforce.ids import is_id, is_intact, long_id
from syncline.connectors.salesforce.translate import (
    FIELDS,
    UnreadableRowError,
    is_inside,
    read_record,
    row_id,
    row_stamp,
    write_fields,
)
from syncline.domain.mapping import MAPPINGS
from syncline.domain.values.items import Window
from syncline.domain.values.kinds import Kind

EVENT_ID = "00U000000000001EAA"
ROW = {
    "attributes": {"type": "Event", "url": f"/services/data/v68.0/x/{EVENT_ID}"},
    "Id": EVENT_ID,
    "OwnerId": "005000000000001",
    "SystemModstamp": "2026-11-24T10:00:00.000+0000",
    "Syncline_Id__c": "key",
    "Subject": "  Kickoff\r\n",
    "Location": "",
    "IsAllDayEvent": False,
    "StartDateTime": "2026-11-24T23:30:00.000+0000",
    "EndDateTime": "2026-11-25T00:30:00.000+0000",
    "ActivityDate": "2026-11-24",
    "EndDate": "2026-11-25",
    "IsPrivate": None,
}
ALL_DAY = ROW | {
    "IsAllDayEvent": True,
    "StartDateTime": "2026-11-24T00:00:00.000+0000",
    "EndDateTime": "2026-11-25T00:00:00.000+0000",
}


def test_every_mapped_field_is_read() -> None:
    for kind, mapping in MAPPINGS.items():
        mapped = {name for rule in mapping.rules for name in rule.record_fields}
        assert mapped == set(FIELDS[kind])


def test_a_timed_event_has_instants_and_no_days() -> None:
    record = read_record(Kind.EVENT, ROW)
    assert record.fields["StartDateTime"] == "2026-11-24T23:30:00Z"
    assert record.fields["EndDateTime"] == "2026-11-25T00:30:00Z"
    assert record.fields["ActivityDate"] is None
    assert record.fields["EndDate"] is None


def test_an_all_day_event_has_days_and_no_instants() -> None:
    record = read_record(Kind.EVENT, ALL_DAY)
    assert record.fields["StartDateTime"] is None
    assert record.fields["ActivityDate"] == "2026-11-24"
    assert record.fields["EndDate"] == "2026-11-25"


def test_days_are_taken_from_midnights_when_they_are_missing() -> None:
    row = ALL_DAY | {"ActivityDate": None, "EndDate": None}
    record = read_record(Kind.EVENT, row)
    assert record.fields["ActivityDate"] == "2026-11-24"
    assert record.fields["EndDate"] == "2026-11-25"


def test_texts_and_ids_are_canonical() -> None:
    record = read_record(Kind.EVENT, ROW)
    assert record.fields["Subject"] == "Kickoff"
    assert record.fields["Location"] is None
    assert record.fields["IsPrivate"] is False
    assert record.owner_id == "005000000000001AAA"
    assert record.link_key == "key"
    assert record.version == "2026-11-24T10:00:00.000Z"
    assert record.changed_at == datetime(2026, 11, 24, 10, tzinfo=UTC)


def test_a_field_that_was_not_selected_is_not_in_the_record() -> None:
    assert "ReminderDateTime" not in read_record(Kind.EVENT, ROW).fields


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("StartDateTime", "2026-13-24T10:00:00.000+0000"),
        ("StartDateTime", "2026-11-24T10:00:00"),
        ("StartDateTime", None),
        ("EndDateTime", 5),
        ("ActivityDate", "soon"),
        ("IsPrivate", "yes"),
        ("Subject", ["a"]),
        ("SystemModstamp", None),
        ("Id", None),
        ("Id", "00U0"),
    ],
)
def test_a_value_that_makes_no_sense_names_its_field(field: str, value: object) -> None:
    with pytest.raises(UnreadableRowError) as caught:
        read_record(Kind.EVENT, ROW | {field: value})
    assert caught.value.field == field


def test_the_id_of_a_row_without_one_is_in_its_address() -> None:
    assert row_id({**ROW, "Id": None}) == EVENT_ID
    assert row_id({}) == ""


def test_an_unreadable_stamp_is_empty() -> None:
    assert row_stamp({"SystemModstamp": "yesterday"}) == ""


@pytest.mark.parametrize(
    ("start", "end", "inside"),
    [
        ("2026-11-24T00:00:00Z", "2026-11-24T01:00:00Z", True),
        ("2026-11-19T23:00:00Z", "2026-11-20T00:00:00Z", True),
        ("2026-11-19T22:00:00Z", "2026-11-19T23:59:59Z", False),
        ("2026-11-30T00:00:00Z", "2026-11-30T01:00:00Z", False),
    ],
)
def test_the_window_takes_what_touches_it(start: str, end: str, inside: bool) -> None:
    window = Window(
        start=datetime(2026, 11, 20, tzinfo=UTC), end=datetime(2026, 11, 30, tzinfo=UTC)
    )
    timed = {"IsAllDayEvent": False, "StartDateTime": start, "EndDateTime": end}
    assert is_inside(timed, window) is inside


def test_the_window_takes_whole_days_by_their_dates() -> None:
    window = Window(
        start=datetime(2026, 11, 20, tzinfo=UTC), end=datetime(2026, 11, 30, tzinfo=UTC)
    )
    last = {"IsAllDayEvent": True, "ActivityDate": "2026-11-29"}
    assert is_inside({**last, "EndDate": "2026-12-02"}, window)
    past = {"IsAllDayEvent": True, "ActivityDate": "2026-11-18"}
    assert not is_inside({**past, "EndDate": "2026-11-19"}, window)


def test_when_an_event_happens_is_sent_whole() -> None:
    agreed = {
        "IsAllDayEvent": False,
        "StartDateTime": "2026-11-24T10:00:00Z",
        "EndDateTime": "2026-11-24T11:00:00Z",
        "ActivityDate": None,
        "EndDate": None,
    }
    changed = {"StartDateTime": "2026-11-24T10:00:00Z", "Subject": None}
    assert write_fields(Kind.EVENT, changed, agreed) == {
        "Subject": None,
        "IsAllDayEvent": False,
        "StartDateTime": "2026-11-24T10:00:00Z",
        "EndDateTime": "2026-11-24T11:00:00Z",
    }


def test_an_event_that_becomes_whole_days_sends_days_only() -> None:
    changed = {
        "IsAllDayEvent": True,
        "StartDateTime": None,
        "EndDateTime": None,
        "ActivityDate": "2026-11-24",
        "EndDate": "2026-11-24",
    }
    assert write_fields(Kind.EVENT, changed, {}) == {
        "IsAllDayEvent": True,
        "ActivityDate": "2026-11-24",
        "EndDate": "2026-11-24",
    }


def test_other_fields_are_sent_as_they_are() -> None:
    changed = {"Title": None}
    assert write_fields(Kind.CONTACT, changed, {"LastName": "x"}) == changed
    assert write_fields(Kind.EVENT, {"Subject": "x"}, ROW) == {"Subject": "x"}


def test_nothing_ends_a_literal_early() -> None:
    assert soql.text("O'Neil\\") == "'O\\'Neil\\\\'"
    assert soql.text('a\nb"c') == "'a\\nb\\\"c'"


def test_queries_are_built_from_quoted_parts() -> None:
    since = datetime(2026, 11, 24, 10, tzinfo=UTC)
    conditions = [soql.any_of("Id", ["a", "b'"]), f"X >= {soql.instant(since)}"]
    assert soql.select(("Id", "Name"), "Contact", conditions, "Id") == (
        "SELECT Id,Name FROM Contact WHERE Id IN ('a','b\\'') "
        "AND X >= 2026-11-24T10:00:00Z ORDER BY Id"
    )


def test_long_lists_are_cut_without_losing_any() -> None:
    values = [f"{n}@example.com" for n in range(1000)]
    portions = list(soql.in_portions(values))
    assert [v for portion in portions for v in portion] == values
    assert len(portions) > 1
    assert list(soql.in_portions([])) == []


def test_short_ids_become_long_ones() -> None:
    assert long_id("001D000000INjVe") == "001D000000INjVeIAL"
    assert long_id(EVENT_ID) == EVENT_ID
    assert is_intact("001D000000INjVeIAL")
    assert not is_intact("001D000000INjVeIAA")
    assert not is_id("x")
