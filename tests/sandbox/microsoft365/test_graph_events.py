"""Events and contacts: writing, reading, versions, refusals, ids."""

from typing import Any

import pytest

PROPERTY = "String {66F5A359-4659-4830-9070-00047EC6AC6E} Name SynclineId"
EXPAND = f"$expand=singleValueExtendedProperties($filter=id eq '{PROPERTY}')"


def code(answer: tuple[int, dict[str, Any]]) -> tuple[int, str]:
    return answer[0], answer[1]["error"]["code"]


def test_event_comes_back_in_utc_with_seven_fraction_digits(ada):
    pacific = "Pacific Standard Time"
    made = ada.make_event(
        start={"dateTime": "2026-11-24T10:00:00", "timeZone": pacific},
        end={"dateTime": "2026-11-24T11:00:00", "timeZone": pacific},
    )
    assert made["start"] == {
        "dateTime": "2026-11-24T18:00:00.0000000",
        "timeZone": "UTC",
    }
    assert made["originalStartTimeZone"] == pacific


def test_preferred_time_zone_is_applied_and_named(ada):
    made = ada.make_event()
    prefer = {"Prefer": 'outlook.timezone="Asia/Kathmandu"'}
    answer = ada.raw("GET", f"/me/events/{made['id']}", headers=prefer)
    assert answer.json()["start"]["dateTime"] == "2026-11-24T15:45:00.0000000"
    applied = answer.headers["preference-applied"]
    assert applied == 'outlook.timezone="Asia/Kathmandu"'


def test_all_day_event_is_never_shifted(ada):
    midnight = {"dateTime": "2026-11-24T00:00:00", "timeZone": "Tokyo Standard Time"}
    next_day = {**midnight, "dateTime": "2026-11-25T00:00:00"}
    made = ada.make_event(isAllDay=True, start=midnight, end=next_day)
    assert made["start"]["dateTime"] == "2026-11-24T00:00:00.0000000"
    prefer = {"Prefer": 'outlook.timezone="Pacific Standard Time"'}
    seen = ada.get(f"/me/events/{made['id']}", headers=prefer)
    assert seen["end"]["dateTime"] == "2026-11-25T00:00:00.0000000"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (
            {"end": {"dateTime": "2026-11-24T09:00:00", "timeZone": "UTC"}},
            "ErrorCalendarEndDateIsEarlierThanStartDate",
        ),
        ({"colour": "red"}, "RequestBodyRead"),
        ({"subject": "x" * 256}, "ErrorPropertyValidationFailure"),
        ({"isAllDay": True}, "ErrorPropertyValidationFailure"),
        ({"sensitivity": "secret"}, "RequestBodyRead"),
        ({"categories": "red"}, "RequestBodyRead"),
        ({"attendees": [{"emailAddress": None}]}, "RequestBodyRead"),
        ({"attendees": [{"emailAddress": {"address": 5}}]}, "RequestBodyRead"),
        ({"start": {"dateTime": "tomorrow"}}, "RequestBodyRead"),
        (
            {"start": {"dateTime": "2026-11-24T09:00:00", "timeZone": "Mars"}},
            "TimeZoneNotSupportedException",
        ),
    ],
)
def test_unacceptable_event_is_refused_and_not_stored(ada, more, expected):
    answer = ada.call("POST", "/me/events", json=ada.event_body(**more))
    assert code(answer) == (400, expected)
    assert ada.get("/me/events")["value"] == []


def test_longest_subject_is_kept(ada):
    assert ada.make_event("é" * 255)["subject"] == "é" * 255


def test_refused_change_leaves_the_event_alone(ada):
    made = ada.make_event()
    end = {"dateTime": "2026-11-20T00:00:00", "timeZone": "UTC"}
    answer = ada.call("PATCH", f"/me/events/{made['id']}", json={"end": end})
    assert answer[0] == 400
    seen = ada.get(f"/me/events/{made['id']}")
    assert (seen["end"], seen["@odata.etag"]) == (made["end"], made["@odata.etag"])


def test_each_write_changes_the_etag_and_a_stale_one_is_refused(ada):
    made = ada.make_event()
    path = f"/me/events/{made['id']}"
    stale = {"If-Match": made["@odata.etag"]}
    changed = ada.patch(path, {"subject": "Two"}, headers=stale)
    assert changed["@odata.etag"] != made["@odata.etag"]
    assert changed["changeKey"] != made["changeKey"]
    for method, more in (("PATCH", {"json": {"subject": "Three"}}), ("DELETE", {})):
        answer = ada.call(method, path, headers=stale, **more)
        assert code(answer) == (412, "ErrorIrresolvableConflict")
    assert ada.get(path)["subject"] == "Two"


def test_repeated_transaction_makes_one_event(ada, sandbox):
    body = ada.event_body(transactionId="abc", attendees=[ada.guest("a@b.example")])
    first, second = ada.post("/me/events", body), ada.post("/me/events", body)
    assert first["id"] == second["id"]
    assert len(ada.get("/me/events")["value"]) == 1
    assert (sandbox.counters.writes, sandbox.counters.guest_mails) == (1, 1)


def test_garbage_id_is_malformed_and_unknown_id_is_not_found(ada):
    assert code(ada.call("GET", "/me/events/garbage!")) == (
        400,
        "ErrorInvalidIdMalformed",
    )
    made = ada.make_event()
    ada.delete(f"/me/events/{made['id']}")
    answer = ada.call("GET", f"/me/events/{made['id']}")
    assert code(answer) == (404, "ErrorItemNotFound")


def test_ids_are_case_sensitive(ada):
    made = ada.make_event()
    assert ada.call("GET", f"/me/events/{made['id'].swapcase()}")[0] in (400, 404)


@pytest.mark.parametrize("path", ["/me/events", "/me/contacts"])
def test_extended_property_is_written_shown_on_demand_and_found_by_value(ada, path):
    properties = [{"id": PROPERTY, "value": "003Ab"}]
    body = {"singleValueExtendedProperties": properties}
    body |= ada.event_body() if path.endswith("events") else {"givenName": "Kim"}
    made = ada.post(path, body)
    other = {**body, "singleValueExtendedProperties": [{"id": PROPERTY, "value": "x"}]}
    ada.post(path, other)
    assert "singleValueExtendedProperties" not in ada.get(f"{path}/{made['id']}")
    shown = ada.get(f"{path}/{made['id']}?{EXPAND}")
    assert shown["singleValueExtendedProperties"][0]["value"] == "003Ab"
    question = (
        "$filter=singleValueExtendedProperties/Any(ep: ep/id eq "
        f"'{PROPERTY.lower().replace('synclineid', 'SynclineId')}' and ep/value eq "
    )
    found = ada.get(f"{path}?{question}'003Ab')")["value"]
    assert [one["id"] for one in found] == [made["id"]]
    assert ada.get(f"{path}?{question}'003aB')")["value"] == []


def test_patch_of_a_property_keeps_the_others(ada):
    second = PROPERTY.replace("SynclineId", "Other")
    made = ada.make_event(
        singleValueExtendedProperties=[{"id": PROPERTY, "value": "1"}]
    )
    path = f"/me/events/{made['id']}"
    change = {"singleValueExtendedProperties": [{"id": second, "value": "2"}]}
    ada.patch(path, change)
    both = f"$filter=id eq '{PROPERTY}' or id eq '{second}'"
    shown = ada.get(f"{path}?$expand=singleValueExtendedProperties({both})")
    values = {one["value"] for one in shown["singleValueExtendedProperties"]}
    assert values == {"1", "2"}


def test_lists_are_selected_filtered_ordered_counted_and_paged(ada):
    for day, subject in ((24, "Alpha"), (25, "Beta"), (26, "Alpine"), (27, "Gamma")):
        ada.make_event(subject, day)
    found = ada.get(
        "/me/events?$filter=startswith(subject,'alp') and start/dateTime ge "
        "'2026-11-25T00:00:00Z'&$select=subject"
    )["value"]
    assert [(one["subject"], "body" in one) for one in found] == [("Alpine", False)]
    page = ada.get("/me/events?$orderby=subject desc&$top=3&$count=true")
    assert page["@odata.count"] == 4
    assert [one["subject"] for one in page["value"]] == ["Gamma", "Beta", "Alpine"]
    rest = ada.get(page["@odata.nextLink"])
    assert [one["subject"] for one in rest["value"]] == ["Alpha"]
    assert "@odata.nextLink" not in rest


def test_filter_by_ical_uid_finds_the_event(ada):
    made = ada.make_event()
    ada.make_event()
    found = ada.get(f"/me/events?$filter=iCalUId eq '{made['iCalUId']}'")["value"]
    assert [one["id"] for one in found] == [made["id"]]


@pytest.mark.parametrize("text", ["subject eq", "subject like 'x'", "nothing eq 1"])
def test_filter_that_makes_no_sense_is_refused(ada, text):
    ada.make_event()
    assert ada.call("GET", f"/me/events?$filter={text}")[0] == 400


def test_body_is_given_as_text_when_preferred(ada):
    content = (
        "<html><head><style>p{}</style></head><p>One &amp; two</p><p>three</p></html>"
    )
    made = ada.make_event(body={"contentType": "html", "content": content})
    prefer = {"Prefer": 'outlook.body-content-type="text"'}
    body = ada.get(f"/me/events/{made['id']}", headers=prefer)["body"]
    assert body == {"contentType": "text", "content": "One & two\nthree"}
    assert made["bodyPreview"] == "One & two\nthree"


def test_contact_gets_display_name_from_names_unless_one_is_given(ada):
    made = ada.post("/me/contacts", {"givenName": "Kim", "surname": "Lee"})
    assert (made["displayName"], made["fileAs"]) == ("Kim Lee", "Lee, Kim")
    path = f"/me/contacts/{made['id']}"
    assert ada.patch(path, {"surname": "Ray"})["displayName"] == "Kim Ray"
    named = {"surname": "May", "displayName": "K."}
    assert ada.patch(path, named)["displayName"] == "K."


def test_contact_takes_three_mail_addresses(ada):
    emails = [{"address": f"k{number}@b.example"} for number in range(4)]
    made = ada.post("/me/contacts", {"emailAddresses": emails[:3]})
    assert made["emailAddresses"][0] == {
        "address": "k0@b.example",
        "name": "k0@b.example",
    }
    assert ada.call("POST", "/me/contacts", json={"emailAddresses": emails})[0] == 400


def test_default_id_changes_on_a_move_and_immutable_id_stays(ada):
    immutable = {"Prefer": 'IdType="ImmutableId"'}
    made = ada.post("/me/messages", {"subject": "Hi"})
    lasting = ada.get(f"/me/messages/{made['id']}", headers=immutable)["id"]
    assert lasting != made["id"]
    moved = ada.post(f"/me/messages/{lasting}/move", {"destinationId": "archive"})
    assert moved["id"] not in (made["id"], lasting)
    assert ada.call("GET", f"/me/messages/{made['id']}")[0] == 404
    assert ada.get(f"/me/messages/{lasting}", headers=immutable)["id"] == lasting
    body = {
        "inputIds": [lasting],
        "sourceIdType": "restImmutableEntryId",
        "targetIdType": "restId",
    }
    translated = ada.post("/me/translateExchangeIds", body)["value"]
    assert translated == [{"sourceId": lasting, "targetId": moved["id"]}]


def test_master_category_names_are_unique_without_regard_to_case(ada, sandbox):
    body = {"displayName": "Sync Error", "color": "preset0"}
    made = ada.post("/me/outlook/masterCategories", body)
    again = {"displayName": "sync error", "color": "none"}
    answer = ada.call("POST", "/me/outlook/masterCategories", json=again)
    assert answer[0] == 409
    path = f"/me/outlook/masterCategories/{made['id']}"
    assert ada.call("PATCH", path, json={"displayName": "Other"})[0] == 400
    assert ada.patch(path, {"color": "preset3"})["color"] == "preset3"
    ada.delete(path)
    assert ada.get("/me/outlook/masterCategories")["value"] == []
    assert sandbox.counters.writes == 3


def test_recurring_event_is_expanded_with_exceptions_and_cancellations(ada):
    made = ada.make_event(
        recurrence={
            "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["tuesday"]},
            "range": {"type": "numbered", "numberOfOccurrences": 4},
        }
    )
    assert made["type"] == "seriesMaster"
    window = "startDateTime=2026-11-01T00:00:00Z&endDateTime=2027-01-01T00:00:00Z"
    found = ada.get(f"/me/calendarView?{window}")["value"]
    days = [one["start"]["dateTime"][:10] for one in found]
    assert days == ["2026-11-24", "2026-12-01", "2026-12-08", "2026-12-15"]
    assert {one["seriesMasterId"] for one in found} == {made["id"]}
    changed = ada.patch(f"/me/events/{found[1]['id']}", {"subject": "Moved room"})
    assert changed["type"] == "exception"
    ada.delete(f"/me/events/{found[2]['id']}")
    left = ada.get(f"/me/events/{made['id']}/instances?{window}")["value"]
    assert [one["subject"] for one in left] == ["Review", "Moved room", "Review"]
    master = ada.get(f"/me/events/{made['id']}?$select=cancelledOccurrences")
    assert master["cancelledOccurrences"] == [f"OID.{made['id']}.2026-12-08"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({"type": "daily", "interval": 2}, ["2026-11-24", "2026-11-26", "2026-11-28"]),
        (
            {"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31},
            ["2026-11-30", "2026-12-31", "2027-01-31"],
        ),
        (
            {"type": "relativeMonthly", "daysOfWeek": ["friday"], "index": "last"},
            ["2026-11-27", "2026-12-25", "2027-01-29"],
        ),
        (
            {"type": "absoluteYearly", "month": 11, "dayOfMonth": 24},
            ["2026-11-24", "2027-11-24", "2028-11-24"],
        ),
        (
            {
                "type": "relativeYearly",
                "month": 12,
                "daysOfWeek": ["monday"],
                "index": "first",
            },
            ["2026-12-07", "2027-12-06", "2028-12-04"],
        ),
        (
            {"type": "weekly", "interval": 2, "daysOfWeek": ["tuesday", "sunday"]},
            ["2026-11-24", "2026-12-06", "2026-12-08"],
        ),
    ],
)
def test_patterns_fall_on_the_days_that_outlook_shows(ada, pattern, expected):
    span = {"type": "numbered", "numberOfOccurrences": 3}
    ada.make_event(recurrence={"pattern": pattern, "range": span})
    window = "startDateTime=2026-11-01T00:00:00Z&endDateTime=2029-12-31T00:00:00Z"
    found = ada.get(f"/me/calendarView?{window}")["value"]
    assert [one["start"]["dateTime"][:10] for one in found] == expected


def test_tasks_and_linked_resources_come_and_go(ada):
    lists = ada.get("/me/todo/lists")["value"]
    assert lists[0]["wellknownListName"] == "defaultList"
    root = f"/me/todo/lists/{lists[0]['id']}/tasks"
    _, link = ada.round(f"{root}/delta")
    made = ada.post(root, {"title": "Call back"})
    link_body = {"webUrl": "https://crm.example/1", "externalId": "00T1"}
    part = ada.post(f"{root}/{made['id']}/linkedResources", link_body)
    done = ada.patch(f"{root}/{made['id']}", {"status": "completed"})
    assert done["completedDateTime"]["timeZone"] == "UTC"
    shown = ada.get(f"{root}/{made['id']}?$expand=linkedResources")
    assert shown["linkedResources"] == [link_body | {"id": part["id"]}]
    told, _ = ada.round(link)
    assert [one["title"] for one in told] == ["Call back"]


def test_folders_hold_messages_and_attachments(ada):
    folder = ada.post("/me/mailFolders", {"displayName": "Deals"})
    again = ada.call("POST", "/me/mailFolders", json={"displayName": "deals"})
    assert code(again) == (409, "ErrorFolderExists")
    root = f"/me/mailFolders/{folder['id']}/messages"
    made = ada.post(root, {"subject": "Offer", "body": {"content": "See file"}})
    ada.post(
        f"/me/messages/{made['id']}/attachments",
        {
            "@odata.type": "#microsoft.graph.fileAttachment",
            "name": "a.txt",
            "contentBytes": "aGk=",
        },
    )
    assert ada.get(f"/me/messages/{made['id']}")["hasAttachments"] is True
    mime = ada.raw("GET", f"/me/messages/{made['id']}/$value").text
    assert "Subject: Offer" in mime
    assert ada.get(f"/me/mailFolders/{folder['id']}")["totalItemCount"] == 1
    ada.delete(f"/me/messages/{made['id']}")
    assert ada.get("/me/mailFolders/deleteditems")["totalItemCount"] == 1


@pytest.mark.parametrize(
    "more",
    [
        {"body": {"contentType": "html", "content": "<p>Hi <![bad <<"}},
        {
            "start": {"dateTime": "0001-01-01T00:00:00", "timeZone": "Asia/Tokyo"},
            "end": {"dateTime": "9999-12-31T23:59:59", "timeZone": "Asia/Tokyo"},
        },
        {"attendees": None, "categories": None, "location": None},
    ],
)
def test_odd_but_acceptable_event_can_be_read_back(ada, more):
    made = ada.make_event(**more)
    prefer = {"Prefer": 'outlook.timezone="Asia/Tokyo"'}
    assert ada.get(f"/me/events/{made['id']}", headers=prefer)["subject"] == "Review"
