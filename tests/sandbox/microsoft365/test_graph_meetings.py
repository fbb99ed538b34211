"""Meetings: the copies of guests, and the mail that guests get."""

import pytest

BRUNO = "bruno.okafor@northwind.example"
OUTSIDE = "guest@elsewhere.example"


@pytest.fixture
def meeting(ada, sandbox):
    made = ada.make_event(attendees=[ada.guest(BRUNO), ada.guest(OUTSIDE)])
    assert sandbox.counters.guest_mails == 2
    sandbox.counters.reset()
    return made


def test_guest_with_a_mailbox_gets_a_copy_of_the_same_meeting(meeting, bruno):
    (held,) = bruno.get("/me/events")["value"]
    assert held["id"] != meeting["id"]
    assert (held["uid"], held["iCalUId"]) == (meeting["uid"], meeting["iCalUId"])
    assert held["isOrganizer"] is False
    assert held["organizer"] == meeting["organizer"]
    assert held["responseStatus"]["response"] == "notResponded"


@pytest.mark.parametrize(
    ("change", "mails"),
    [
        ({"categories": ["Sync Error"]}, 0),
        ({"isReminderOn": False, "reminderMinutesBeforeStart": 5}, 0),
        ({"showAs": "free"}, 0),
        (
            {
                "singleValueExtendedProperties": [
                    {
                        "id": "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name X",
                        "value": "1",
                    }
                ]
            },
            0,
        ),
        ({"subject": "Other"}, 2),
        ({"subject": "Other", "categories": ["A"]}, 2),
        ({"attendees": []}, 2),
    ],
)
def test_guests_are_mailed_about_what_concerns_them(
    ada, meeting, sandbox, change, mails
):
    ada.patch(f"/me/events/{meeting['id']}", change)
    assert sandbox.counters.guest_mails == mails


def test_copy_follows_the_organizer_and_keeps_the_own_state(ada, bruno, meeting):
    (held,) = bruno.get("/me/events")["value"]
    path = f"/me/events/{held['id']}"
    bruno.patch(path, {"categories": ["Mine"], "showAs": "busy"})
    ada.patch(f"/me/events/{meeting['id']}", {"subject": "Other"})
    seen = bruno.get(path)
    assert (seen["subject"], seen["categories"]) == ("Other", ["Mine"])
    assert seen["showAs"] == "busy"


def test_change_by_a_guest_mails_nobody(bruno, meeting, sandbox, ada):
    (held,) = bruno.get("/me/events")["value"]
    bruno.patch(f"/me/events/{held['id']}", {"subject": "Mine"})
    bruno.delete(f"/me/events/{held['id']}")
    assert sandbox.counters.guest_mails == 0
    assert ada.get(f"/me/events/{meeting['id']}")["subject"] == "Review"


@pytest.mark.parametrize("how", ["delete", "cancel"])
def test_deleted_meeting_is_cancelled_for_guests(ada, bruno, meeting, sandbox, how):
    path = f"/me/events/{meeting['id']}"
    if how == "delete":
        ada.delete(path)
    else:
        assert ada.call("POST", f"{path}/cancel", json={"comment": "x"})[0] == 202
    assert sandbox.counters.guest_mails == 2
    (held,) = bruno.get("/me/events")["value"]
    assert held["isCancelled"] is True
    assert ada.call("GET", path)[0] == 404


@pytest.mark.parametrize(
    ("action", "response", "left"),
    [
        ("accept", "accepted", 1),
        ("tentativelyAccept", "tentativelyAccepted", 1),
        ("decline", "declined", 0),
    ],
)
@pytest.mark.parametrize("is_sent", [True, False])
def test_answer_reaches_the_organizer(
    ada, bruno, meeting, sandbox, action, response, left, is_sent
):
    (held,) = bruno.get("/me/events")["value"]
    path = f"/me/events/{held['id']}/{action}"
    assert bruno.call("POST", path, json={"sendResponse": is_sent})[0] == 202
    assert sandbox.counters.guest_mails == int(is_sent)
    assert len(bruno.get("/me/events")["value"]) == left
    attendees = ada.get(f"/me/events/{meeting['id']}")["attendees"]
    assert attendees[0]["status"]["response"] == response


def test_organizer_cannot_answer_the_own_meeting(ada, meeting):
    status, _ = ada.call("POST", f"/me/events/{meeting['id']}/accept", json={})
    assert status == 400


def test_event_without_guests_mails_nobody(ada, sandbox):
    owner = ada.guest("ada.lindqvist@northwind.example")
    made = ada.make_event(attendees=[owner])
    ada.patch(f"/me/events/{made['id']}", {"subject": "Other"})
    ada.delete(f"/me/events/{made['id']}")
    assert (sandbox.counters.guest_mails, sandbox.counters.writes) == (0, 3)


def test_seeded_meeting_has_copies_and_mails_nobody(sandbox, ada, bruno):
    organizer = {"emailAddress": {"name": "Eve", "address": OUTSIDE}}
    sandbox.seed(
        {
            "mailboxes": [
                {"address": "chiara.rossi@northwind.example", "name": "Chiara Rossi"}
            ],
            "items": {
                "ada.lindqvist@northwind.example": {
                    "events": [
                        ada.event_body("Mine", attendees=[ada.guest(BRUNO)]),
                        ada.event_body("Theirs", 25, organizer=organizer),
                        ada.event_body(
                            "Odd",
                            26,
                            start={
                                "dateTime": "2026-11-26T10:00:00",
                                "timeZone": "Customized Time Zone",
                            },
                        ),
                    ],
                    "contacts": [{"givenName": "Kim", "surname": "Lee"}],
                    "messages": [{"subject": "Hello"}],
                }
            },
        }
    )
    assert sandbox.counters.guest_mails == sandbox.counters.writes == 0
    assert len(sandbox.accounts()) == 3
    seen = {one["subject"]: one for one in ada.get("/me/events")["value"]}
    assert seen["Theirs"]["isOrganizer"] is False
    assert seen["Odd"]["originalStartTimeZone"] == "Customized Time Zone"
    assert bruno.get("/me/events")["value"][0]["subject"] == "Mine"
    assert ada.get("/me/contacts")["value"][0]["displayName"] == "Kim Lee"
    inbox = ada.get("/me/mailFolders/inbox/messages")["value"]
    assert inbox[0]["subject"] == "Hello"
