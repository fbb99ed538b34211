"""Recurring series: occurrences, exceptions, moves, splits, and their guests."""

import pytest

BRUNO = "bruno.okafor@northwind.example"
OUTSIDE = "eve@customer.example"
WINDOW = "startDateTime=2026-11-01T00:00:00Z&endDateTime=2027-04-01T00:00:00Z"
VIEW = f"/me/calendarView/delta?{WINDOW}"


def weekly(count=4, **span):
    span = {"type": "numbered", "numberOfOccurrences": count, **span}
    pattern = {"type": "weekly", "interval": 1, "daysOfWeek": ["tuesday"]}
    return {"pattern": pattern, "range": span}


def at(day, clock="10:00:00", zone="UTC"):
    return {"dateTime": f"{day}T{clock}", "timeZone": zone}


def instances(graph, master):
    return graph.get(f"/me/events/{master['id']}/instances?{WINDOW}")["value"]


def occurrence_days(found):
    return [one["occurrenceId"].rpartition(".")[2] for one in found]


@pytest.fixture
def series(ada):
    return ada.make_event(recurrence=weekly(), categories=["Salesforce"])


@pytest.fixture
def meeting(ada):
    guests = [ada.guest(BRUNO), ada.guest(OUTSIDE)]
    return ada.make_event(recurrence=weekly(), attendees=guests)


@pytest.fixture
def copy_of(bruno, meeting):
    (held,) = bruno.get("/me/events")["value"]
    return held


def test_instances_are_told_in_full(ada, series):
    found = instances(ada, series)
    assert {one["type"] for one in found} == {"occurrence"}
    assert {one["uid"] for one in found} == {series["uid"]}
    assert len({one["iCalUId"] for one in found}) == 4
    assert {one["seriesMasterId"] for one in found} == {series["id"]}
    assert {tuple(one["categories"]) for one in found} == {("Salesforce",)}
    assert occurrence_days(found)[:2] == ["2026-11-24", "2026-12-01"]
    assert found[1]["originalStart"] == "2026-12-01T10:00:00.0000000Z"


def test_changed_occurrence_is_an_exception_that_keeps_its_original_start(ada, series):
    second = instances(ada, series)[1]
    times = {"start": at("2026-12-02", "14:00:00"), "end": at("2026-12-02", "15:00:00")}
    changed = ada.patch(f"/me/events/{second['id']}", times)
    assert changed["type"] == "exception"
    assert changed["originalStart"] == "2026-12-01T10:00:00.0000000Z"
    assert changed["start"]["dateTime"] == "2026-12-02T14:00:00.0000000"
    assert (changed["id"], changed["uid"]) == (second["id"], series["uid"])
    shown = ada.get(f"/me/events/{series['id']}?$expand=exceptionOccurrences")
    assert [one["id"] for one in shown["exceptionOccurrences"]] == [second["id"]]


def test_categories_of_the_master_show_on_every_occurrence(ada, series):
    second = instances(ada, series)[1]
    ada.patch(f"/me/events/{second['id']}", {"subject": "Other room"})
    etags = [one["@odata.etag"] for one in instances(ada, series)]
    ada.patch(f"/me/events/{series['id']}", {"categories": ["Sync Error"]})
    found = instances(ada, series)
    assert [one["categories"] for one in found] == [["Sync Error"]] * 4
    assert found[1]["subject"] == "Other room"
    assert all(a != b["@odata.etag"] for a, b in zip(etags, found, strict=True))


def test_categories_of_an_occurrence_make_it_an_exception(ada, series):
    second = instances(ada, series)[1]
    ada.patch(f"/me/events/{second['id']}", {"categories": ["Mine"]})
    found = instances(ada, series)
    assert [one["type"] for one in found].index("exception") == 1
    assert [one["categories"] for one in found][:2] == [["Salesforce"], ["Mine"]]


@pytest.mark.parametrize("prefer", [{}, {"Prefer": 'IdType="ImmutableId"'}])
def test_moved_series_has_new_occurrence_ids_and_the_same_uid(ada, series, prefer):
    """A07: the ids of occurrences do not survive, uid and rule days do."""
    path = f"/me/events/{series['id']}/instances?{WINDOW}"
    before = ada.get(path, headers=prefer)["value"]
    _, link = ada.round(VIEW, headers=prefer)
    times = {"start": at("2026-11-24", "12:00:00"), "end": at("2026-11-24", "13:00:00")}
    moved = ada.patch(f"/me/events/{series['id']}", times)
    after = ada.get(path, headers=prefer)["value"]
    assert (moved["id"], moved["uid"]) == (series["id"], series["uid"])
    assert occurrence_days(after) == occurrence_days(before)
    assert not {one["id"] for one in before} & {one["id"] for one in after}
    assert ada.call("GET", f"/me/events/{before[0]['id']}", headers=prefer)[0] == 404
    told, _ = ada.round(link, headers=prefer)
    gone = {one["id"] for one in told if "@removed" in one}
    assert gone == {one["id"] for one in before}
    kept = {one["id"] for one in told if one.get("type") == "occurrence"}
    assert kept == {one["id"] for one in after}


def test_unchanged_times_leave_exceptions_and_ids_alone(ada, series):
    """A21: a partial update leaves other occurrences equal."""
    second = instances(ada, series)[1]
    ada.patch(f"/me/events/{second['id']}", {"subject": "Other room"})
    same = {
        "start": at("2026-11-24", "11:00:00", "W. Europe Standard Time"),
        "end": at("2026-11-24", "12:00:00", "Europe/Stockholm"),
        "recurrence": series["recurrence"],
    }
    ada.patch(f"/me/events/{series['id']}", {"subject": "New title", **same})
    subjects = [one["subject"] for one in instances(ada, series)]
    assert subjects == ["New title", "Other room", "New title", "New title"]
    assert instances(ada, series)[1]["id"] == second["id"]


def test_series_dragged_to_another_day_starts_there(ada, series):
    times = {"start": at("2026-12-01"), "end": at("2026-12-01", "11:00:00")}
    moved = ada.patch(f"/me/events/{series['id']}", times)
    assert moved["recurrence"]["range"]["startDate"] == "2026-12-01"
    assert occurrence_days(instances(ada, series))[0] == "2026-12-01"


def test_split_series_keeps_its_first_half_as_it_was(ada, series):
    first, second, third, fourth = instances(ada, series)
    ada.patch(f"/me/events/{second['id']}", {"subject": "Other room"})
    ada.delete(f"/me/events/{third['id']}")
    _, link = ada.round(VIEW)
    half = weekly() | {"range": {"type": "endDate", "endDate": "2026-12-02"}}
    half["range"]["startDate"] = "2026-11-24"
    ada.patch(f"/me/events/{series['id']}", {"recurrence": half})
    left = instances(ada, series)
    assert [one["id"] for one in left] == [first["id"], second["id"]]
    assert left[1]["subject"] == "Other room"
    gone = [one["id"] for one in ada.round(link)[0] if "@removed" in one]
    assert gone == [fourth["id"]]
    shown = ada.get(f"/me/events/{series['id']}?$select=cancelledOccurrences")
    assert shown["cancelledOccurrences"] == []


def test_series_made_single_loses_its_occurrences_in_the_delta(ada, series):
    before = {one["id"] for one in instances(ada, series)}
    _, link = ada.round(VIEW)
    ada.patch(f"/me/events/{series['id']}", {"recurrence": None})
    told, _ = ada.round(link)
    assert [one["type"] for one in told if "type" in one] == ["singleInstance"]
    assert {one["id"] for one in told if "@removed" in one} == before


def test_all_day_series_falls_on_local_dates(ada):
    made = ada.post(
        "/me/events",
        {
            "subject": "Stocktaking",
            "isAllDay": True,
            "start": at("2026-12-31", "00:00:00", "Pacific/Auckland"),
            "end": at("2027-01-01", "00:00:00", "Pacific/Auckland"),
            "recurrence": {
                "pattern": {"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31},
                "range": {"type": "numbered", "numberOfOccurrences": 3},
            },
        },
    )
    found = instances(ada, made)
    days = ["2026-12-31", "2027-01-31", "2027-02-28"]
    assert [one["start"]["dateTime"][:10] for one in found] == days
    assert found[1]["originalStart"] == "2027-01-31T00:00:00.0000000Z"


@pytest.mark.parametrize("zone", ["Eastern Standard Time", "America/New_York"])
def test_series_keeps_its_wall_clock_over_the_change_of_clocks(ada, zone):
    made = ada.make_event(
        start=at("2027-03-09", "09:00:00", zone),
        end=at("2027-03-09", "10:00:00", zone),
        recurrence=weekly(2),
    )
    starts = [one["start"]["dateTime"][11:16] for one in instances(ada, made)]
    assert starts == ["14:00", "13:00"]
    assert made["recurrence"]["range"]["recurrenceTimeZone"] == zone
    assert made["originalStartTimeZone"] == zone


def test_recurrence_time_zone_decides_when_times_come_in_utc(ada):
    zone = "W. Europe Standard Time"
    made = ada.make_event(
        start=at("2027-03-23", "09:00:00"),
        end=at("2027-03-23", "10:00:00"),
        recurrence=weekly(2, recurrenceTimeZone=zone),
    )
    starts = [one["start"]["dateTime"][11:16] for one in instances(ada, made)]
    assert starts == ["09:00", "08:00"]
    again = {"start": at("2027-03-23", "09:00:00"), "subject": "Same times"}
    ada.patch(f"/me/events/{made['id']}", again)
    starts = [one["start"]["dateTime"][11:16] for one in instances(ada, made)]
    assert starts == ["09:00", "08:00"]
    odd = weekly(2, recurrenceTimeZone="Customized Time Zone")
    status, answer = ada.call(
        "PATCH", f"/me/events/{made['id']}", json={"recurrence": odd}
    )
    assert (status, answer["error"]["code"]) == (400, "TimeZoneNotSupportedException")


# --- guests ---


def test_each_write_to_a_series_mails_its_guests_once(ada, meeting, sandbox):
    counters = sandbox.counters
    assert counters.guest_mails == 2
    second = instances(ada, meeting)[1]
    path = f"/me/events/{second['id']}"
    ada.patch(path, {"categories": ["A"], "showAs": "free"})
    assert counters.guest_mails == 2
    ada.patch(path, {"subject": "Other room"})
    assert counters.guest_mails == 4
    ada.patch(path, {"attendees": [ada.guest(BRUNO)]})
    assert counters.guest_mails == 6
    ada.delete(path)
    assert counters.guest_mails == 7
    ada.delete(f"/me/events/{meeting['id']}")
    assert counters.guest_mails == 9


def test_copy_of_a_series_follows_its_days_and_keeps_the_own_state(
    ada, bruno, meeting, copy_of, sandbox
):
    second, third = instances(bruno, copy_of)[1:3]
    bruno.patch(f"/me/events/{second['id']}", {"categories": ["Mine"]})
    _, link = bruno.round(VIEW)
    theirs = instances(ada, meeting)
    change = {"subject": "Other room", "categories": ["Hers"]}
    ada.patch(f"/me/events/{theirs[1]['id']}", change)
    ada.delete(f"/me/events/{theirs[2]['id']}")
    seen = instances(bruno, copy_of)
    assert (seen[1]["subject"], seen[1]["categories"]) == ("Other room", ["Mine"])
    assert seen[2]["isCancelled"] is True
    told = {one["id"]: one for one in bruno.round(link)[0]}
    assert told[second["id"]]["subject"] == "Other room"
    assert told[third["id"]]["subject"] == "Canceled: Review"
    ada.patch(f"/me/events/{meeting['id']}", {"subject": "Reviewed"})
    again = instances(bruno, copy_of)
    assert [one["subject"] for one in again] == [
        "Reviewed",
        "Other room",
        "Canceled: Review",
        "Reviewed",
    ]


def test_guest_dropped_from_one_occurrence_keeps_the_others(
    ada, bruno, meeting, copy_of
):
    second = instances(ada, meeting)[1]
    ada.patch(f"/me/events/{second['id']}", {"attendees": [ada.guest(OUTSIDE)]})
    states = [one["isCancelled"] for one in instances(bruno, copy_of)]
    assert states == [False, True, False, False]


def test_answer_to_one_occurrence_leaves_the_others(ada, bruno, meeting, copy_of):
    """A21: an answer does not wipe exceptions."""
    theirs = instances(ada, meeting)
    ada.patch(f"/me/events/{theirs[0]['id']}", {"subject": "Other room"})
    second = instances(bruno, copy_of)[1]
    assert bruno.call("POST", f"/me/events/{second['id']}/decline", json={})[0] == 202
    assert len(instances(bruno, copy_of)) == 3
    answers = [
        one["attendees"][0]["status"]["response"] for one in instances(ada, meeting)
    ]
    assert answers == ["none", "declined", "none", "none"]
    path = f"/me/events/{copy_of['id']}/accept"
    assert bruno.call("POST", path, json={"sendResponse": False})[0] == 202
    assert instances(bruno, copy_of)[0]["subject"] == "Other room"
