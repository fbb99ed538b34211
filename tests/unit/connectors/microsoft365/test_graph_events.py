"""Events of Graph in neutral words, and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from syncline.connectors.microsoft365.events import event_body
from syncline.connectors.microsoft365.times import find_zone, span_body
from syncline.connectors.microsoft365.translate import Translator
from syncline.domain.values.content import AllDaySpan, Attendee, TimedSpan
from syncline.domain.values.items import Item
from syncline.domain.values.kinds import Kind

OWNER = "ada@contoso.example"


def moment(text: str, zone: str = "UTC") -> dict[str, str]:
    return {"dateTime": f"{text}.0000000", "timeZone": zone}


def event(**changes: Any) -> dict[str, Any]:
    raw: dict[str, Any] = {
        "@odata.etag": 'W/"ZlnW4RIAV06KYYwlrfNZvQAAKGWwbw=="',
        "id": "AAMkAGI1-_=",
        "createdDateTime": "2026-11-20T08:00:00.1234567Z",
        "lastModifiedDateTime": "2026-11-21T09:30:00.7654321Z",
        "changeKey": "ZlnW4RIAV06KYYwlrfNZvQAAKGWwbw==",
        "categories": ["Family"],
        "originalStartTimeZone": "Pacific Standard Time",
        "iCalUId": "040000008200E00074C5B7101A82E008",
        "reminderMinutesBeforeStart": 15,
        "isReminderOn": True,
        "subject": " Plan summer company picnic\r\n",
        "importance": "normal",
        "sensitivity": "normal",
        "isAllDay": False,
        "isCancelled": False,
        "isOrganizer": True,
        "type": "singleInstance",
        "showAs": "busy",
        "webLink": "https://outlook.office365.com/owa/?itemid=AAMk",
        "body": {"contentType": "text", "content": "Line 1\r\nLine 2\r\n"},
        "start": moment("2026-11-24T10:00:00"),
        "end": moment("2026-11-24T11:00:00"),
        "location": {"displayName": "Conf Room 3", "locationType": "default"},
        "attendees": [],
        "organizer": {
            "emailAddress": {"name": "Ada", "address": "Ada@Contoso.example"}
        },
    }
    return raw | changes


def read(**changes: Any) -> Item:
    raw = msgspec.json.encode(event(**changes))
    return Translator(mailbox=OWNER).item(Kind.EVENT, raw, link_key_known=False)


def test_event_reads_as_neutral_content() -> None:
    item = read()
    assert item.content == {
        "subject": "Plan summer company picnic",
        "body": "Line 1\nLine 2",
        "location": "Conf Room 3",
        "when": TimedSpan(
            start=datetime(2026, 11, 24, 10, tzinfo=UTC),
            end=datetime(2026, 11, 24, 11, tzinfo=UTC),
            zone="Pacific Standard Time",
        ),
        "show_as": "busy",
        "private": False,
        "reminder_minutes": 15,
        "attendees": (),
        "recurrence": None,
    }
    assert item.version == 'W/"ZlnW4RIAV06KYYwlrfNZvQAAKGWwbw=="'
    assert item.uid == "040000008200E00074C5B7101A82E008"
    assert item.organizer == OWNER
    assert item.categories == ("Family",)
    assert item.unsupported is None
    assert item.changed_at == datetime(2026, 11, 21, 9, 30, 0, 765432, tzinfo=UTC)
    assert not item.link_key_known


def test_event_with_hardly_a_property_has_every_field() -> None:
    bare = {"id": "1", "start": moment("2026-01-01T00:00:00")}
    bare["end"] = bare["start"]
    raw = msgspec.json.encode(bare)
    item = Translator(mailbox=OWNER).item(Kind.EVENT, raw, link_key_known=True)
    assert item.content.keys() == read().content.keys()
    assert item.content["subject"] is None
    assert item.content["reminder_minutes"] is None
    assert (item.uid, item.version, item.is_organizer) == ("1", "", True)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("workingElsewhere", "elsewhere"),
        ("oof", "oof"),
        ("unknown", "busy"),
        ("aNewWord", "busy"),
        (None, "busy"),
    ],
)
def test_show_as_falls_back_to_busy(given: str | None, meant: str) -> None:
    assert read(showAs=given).content["show_as"] == meant


@pytest.mark.parametrize("given", ["private", "personal", "confidential", "aNewWord"])
def test_whatever_is_not_normal_is_private(given: str) -> None:
    assert read(sensitivity=given).content["private"] is True


def guest(address: str | None, kind: str = "required", response: str = "none") -> Any:
    return {
        "type": kind,
        "status": {"response": response, "time": "0001-01-01T00:00:00Z"},
        "emailAddress": {"name": "Some Name", "address": address},
    }


def test_guests_are_sorted_and_each_named_once_and_not_the_owner() -> None:
    item = read(
        attendees=[
            guest("Zoe@x.example", "optional", "tentativelyAccepted"),
            guest("bob@x.example", "aNewWord", "aNewWord"),
            guest("zoe@X.example", "resource"),
            guest(OWNER.upper()),
            guest(None),
            {"type": "required"},
        ]
    )
    assert item.content["attendees"] == (
        Attendee(email="bob@x.example", name="Some Name"),
        Attendee(email="some name", name="Some Name"),
        Attendee(
            email="zoe@x.example",
            name="Some Name",
            role="optional",
            response="tentative",
        ),
    )
    assert item.has_guests


def test_all_day_end_is_inclusive() -> None:
    item = read(
        isAllDay=True,
        start=moment("2026-11-24T00:00:00"),
        end=moment("2026-11-26T00:00:00"),
    )
    span = AllDaySpan(first=date(2026, 11, 24), last=date(2026, 11, 25))
    assert item.content["when"] == span


@pytest.mark.parametrize(
    ("changes", "reason", "params"),
    [
        (
            {"originalStartTimeZone": "Customized Time Zone 7"},
            "unknown_time_zone",
            (("zone", "Customized Time Zone 7"),),
        ),
        (
            {
                "isAllDay": True,
                "start": moment("2026-11-01T00:00:00"),
                "end": moment("2026-11-16T00:00:00"),
            },
            "all_day_too_long",
            (("days", "15"),),
        ),
        (
            {"end": moment("2026-12-09T10:00:00")},
            "meeting_too_long",
            (("days", "15"),),
        ),
    ],
)
def test_what_cannot_be_synchronized_says_why(
    changes: dict[str, Any], reason: str, params: tuple[tuple[str, str], ...]
) -> None:
    item = read(**changes)
    assert (item.unsupported, item.unsupported_params) == (reason, params)


@pytest.mark.parametrize(
    "changes",
    [
        {"end": moment("2026-12-08T10:00:00")},
        {
            "isAllDay": True,
            "start": moment("2026-11-01T00:00:00"),
            "end": moment("2026-11-15T00:00:00"),
        },
    ],
)
def test_14_days_are_synchronized(changes: dict[str, Any]) -> None:
    assert read(**changes).unsupported is None


@pytest.mark.parametrize(
    "changes",
    [
        {"start": None},
        {"end": moment("2026-11-24T09:59:00")},
        {"start": moment("2026-02-30T10:00:00")},
        {"start": moment("2026-11-24T10:00:00", "No Such Zone")},
        {"start": {"dateTime": ""}},
        {"start": {"dateTime": "0001-01-01T00:00:00", "timeZone": "Asia/Tokyo"}},
        {"isAllDay": True, "end": moment("2026-11-24T00:00:00")},
        {"subject": 7},
        {"attendees": "everybody"},
        {"isAllDay": "yes"},
    ],
)
def test_what_makes_no_sense_is_a_value_error(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(**changes)


@pytest.mark.parametrize(
    "name",
    [
        "UTC",
        "tzone://Microsoft/Utc",
        "Europe/Berlin",
        "W. Europe Standard Time",
        "pacific standard time",
        "Nepal Standard Time",
        "UTC+05:30",
        "(UTC-03:00)",
        "GMT+2",
        "+0545",
    ],
)
def test_known_zones_are_found(name: str) -> None:
    assert find_zone(name) is not None


@pytest.mark.parametrize(
    "name",
    [
        "",
        "tzone://Microsoft/Custom",
        "Customized Time Zone",
        "(UTC+01:00) Amsterdam, Berlin",
        "UTC+25",
        "../etc/passwd",
        "America",
        "x" * 300,
    ],
)
def test_unknown_zones_are_none(name: str) -> None:
    assert find_zone(name) is None


def test_a_bare_offset_is_a_zone_without_summer_time() -> None:
    """B07: what is unambiguous is understood."""
    zone = find_zone("UTC+05:30")
    for month in (1, 7):
        moment_there = datetime(2026, month, 1, tzinfo=zone)
        assert moment_there.utcoffset() == timedelta(hours=5, minutes=30)


def test_an_all_day_event_in_an_unknown_zone_is_read_by_its_dates() -> None:
    """B08: an unknown zone is no crash, and dates do not need one."""
    item = read(
        isAllDay=True,
        originalStartTimeZone="Customized Time Zone",
        start=moment("2026-11-24T00:00:00"),
        end=moment("2026-11-25T00:00:00"),
    )
    assert item.unsupported is None
    day = date(2026, 11, 24)
    assert item.content["when"] == AllDaySpan(first=day, last=day)


def test_times_in_a_zone_become_instants() -> None:
    item = read(
        start=moment("2026-07-01T10:00:00", "Pacific Standard Time"),
        end=moment("2026-07-01T11:00:00", "America/Los_Angeles"),
    )
    span = item.content["when"]
    assert isinstance(span, TimedSpan)
    assert span.start == datetime(2026, 7, 1, 17, tzinfo=UTC)
    assert span.end - span.start == timedelta(hours=1)


def test_html_body_becomes_text() -> None:
    html = (
        "<html><head><style>p {}</style></head><body><p>Hi &amp; bye</p>"
        "<div>one<br>two</div></body></html>"
    )
    item = read(body={"contentType": "html", "content": html})
    assert item.content["body"] == "Hi & bye\none\ntwo"


def test_link_key_is_found_in_any_letter_case() -> None:
    name = "String {7c9f1b0e-52a6-4c0b-9e52-5a1c53e0d7a4} Name SynclineId"
    item = read(singleValueExtendedProperties=[{"id": name, "value": "k1"}])
    assert (item.link_key, item.link_key_known) == ("k1", True)


def test_body_of_a_write_has_the_given_fields_alone() -> None:
    assert event_body({"subject": None, "reminder_minutes": None}, {}) == {
        "subject": "",
        "isReminderOn": False,
    }
    assert event_body({"show_as": "elsewhere", "private": True}, {}) == {
        "showAs": "workingElsewhere",
        "sensitivity": "private",
    }


def test_guests_are_in_a_body_only_when_they_are_to_be_written() -> None:
    guests = (Attendee(email="a@x.example", role="optional"),)
    assert event_body({"subject": "x"}, {"attendees": guests}) == {"subject": "x"}
    address = {"address": "a@x.example", "name": "a@x.example"}
    assert event_body({"attendees": guests}, {}) == {
        "attendees": [{"emailAddress": address, "type": "optional"}]
    }


@pytest.mark.parametrize(
    ("zone", "clock", "written"),
    [
        ("", "10:00:00", "UTC"),
        ("W. Europe Standard Time", "11:00:00", "W. Europe Standard Time"),
        ("tzone://Microsoft/Utc", "10:00:00", "UTC"),
        ("tzone://Microsoft/Custom", "10:00:00", "UTC"),
        ("UTC+05:30", "10:00:00", "UTC"),
    ],
)
def test_span_is_written_in_the_zone_of_the_event(
    zone: str, clock: str, written: str
) -> None:
    start = datetime(2026, 11, 24, 10, tzinfo=UTC)
    body = span_body(TimedSpan(start=start, end=start), zone)
    assert body["start"] == {"dateTime": f"2026-11-24T{clock}", "timeZone": written}
    assert body["isAllDay"] is False
