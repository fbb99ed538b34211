"""Rows become records and fields become payloads, exactly."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from syncline.connectors.salesforce import soql
from syncline.connectors.salesforce.fields import FIELDS, INVITEES, TO_LOOK_UP
from syncline.connectors.salesforce.ids import is_id, is_intact, long_id
from syncline.connectors.salesforce.invitees import format_invitees, read_invitees
from syncline.connectors.salesforce.manifest import OBJECTS
from syncline.connectors.salesforce.translate import (
    UnreadableRowError,
    is_inside,
    object_of,
    read_record,
    row_id,
    row_stamp,
    write_fields,
)
from syncline.domain.engine import invitees as engine_invitees
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
        assert mapped <= set(FIELDS[OBJECTS[kind]])


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


@pytest.mark.parametrize(
    ("marks", "unsupported", "series"),
    [
        ({"IsRecurrence": True}, "classic_series", "00U000000000001AAA"),
        (
            {"IsRecurrence": False, "RecurrenceActivityId": "00U000000000009AAA"},
            "classic_series",
            "00U000000000009AAA",
        ),
        (
            {"IsRecurrence2": True, "RecurrenceActivityId": "00U000000000009AAA"},
            "lightning_series",
            "00U000000000009AAA",
        ),
        ({"IsRecurrence2": True, "Syncline_Id__c": "k"}, None, ""),
        ({}, None, ""),
    ],
)
def test_a_series_of_salesforce_is_told_apart_from_ours(
    marks: dict[str, object], unsupported: str | None, series: str
) -> None:
    row = ROW | {"Id": "00U000000000001AAA", "Syncline_Id__c": None} | marks
    record = read_record(Kind.EVENT, row)
    assert (record.unsupported, record.series_id) == (unsupported, series)


def test_invitees_of_a_group_event_are_to_be_looked_up() -> None:
    alone = read_record(Kind.EVENT, ROW | {"IsGroupEvent": False})
    group = read_record(Kind.EVENT, ROW | {"IsGroupEvent": True})
    assert alone.fields[INVITEES] is None
    assert group.fields[INVITEES] == TO_LOOK_UP
    assert INVITEES not in read_record(Kind.EVENT, ROW).fields


def test_invitees_read_back_as_they_were_written() -> None:
    people = {"005000000000002AAA": "New", "003000000000001AAA": "Accepted"}
    text = format_invitees(people)
    assert text == engine_invitees.write(people)
    assert read_invitees(text) == people
    assert format_invitees({}) is None
    assert read_invitees(None) == {}


def test_what_salesforce_fills_itself_is_never_sent() -> None:
    fields = {"Status": "Completed", "IsClosed": True, "CompletedDateTime": None}
    assert write_fields(Kind.TASK, fields, {}) == {"Status": "Completed"}
    invited = {"Subject": "A", INVITEES: '[["003000000000001AAA","New"]]'}
    assert write_fields(Kind.EVENT, invited, {}) == {"Subject": "A"}


def test_a_message_may_be_a_task() -> None:
    assert object_of(Kind.MESSAGE, "00T000000000001AAA") == "Task"
    assert object_of(Kind.MESSAGE, "02s000000000001AAA") == "EmailMessage"
    assert object_of(Kind.TASK, "00T000000000001AAA") == "Task"


def test_signs_that_mean_more_in_a_pattern_are_themselves() -> None:
    assert soql.contains("Name", "50%_o'x") == r"Name LIKE '%50\%\_o\'x%'"
