"""Rounds of changes, and what makes a client start again."""

import time

import pytest

WINDOW = "startDateTime=2026-11-20T00:00:00Z&endDateTime=2026-12-20T00:00:00Z"
VIEW = f"/me/calendarView/delta?{WINDOW}"


def removed(told):
    return [one["id"] for one in told if "@removed" in one]


@pytest.mark.parametrize("name", ["delta", "delta()", "microsoft.graph.delta()"])
def test_delta_is_known_by_all_its_names(ada, name):
    ada.make_event()
    told, link = ada.round(f"/me/calendarView/{name}?{WINDOW}")
    assert [one["subject"] for one in told] == ["Review"]
    assert link.startswith(f"{ada.url}/v1.0/me/calendarView/")
    assert ada.round(link)[0] == []


def test_round_comes_in_pages_of_the_preferred_size(ada):
    for number in range(5):
        ada.make_event(str(number))
    headers = {"Prefer": "odata.maxpagesize=2"}
    first = ada.get(VIEW, headers=headers)
    assert (len(first["value"]), "@odata.nextLink" in first) == (2, True)
    told, _ = ada.round(VIEW, headers=headers)
    assert [one["subject"] for one in told] == ["0", "1", "2", "3", "4"]


def test_change_in_the_middle_of_a_round_is_not_lost(ada):
    made = [ada.make_event(str(number)) for number in range(4)]
    headers = {"Prefer": "odata.maxpagesize=2"}
    first = ada.get(VIEW, headers=headers)
    ada.patch(f"/me/events/{made[0]['id']}", {"subject": "again"})
    ada.delete(f"/me/events/{made[1]['id']}")
    rest, _ = ada.round(first["@odata.nextLink"], headers=headers)
    assert [one.get("subject") for one in rest] == ["2", "3", "again", None]
    assert removed(rest) == [made[1]["id"]]


def test_event_changed_often_appears_once_and_in_full(ada):
    made = ada.make_event()
    _, link = ada.round(VIEW)
    for number in range(3):
        ada.patch(f"/me/events/{made['id']}", {"subject": str(number)})
    told, _ = ada.round(link)
    assert [one["subject"] for one in told] == ["2"]
    assert told[0]["organizer"]["emailAddress"]["name"] == "Ada Lindqvist"


def test_deleted_event_is_told_as_removed_in_the_preferred_id(ada):
    made = ada.make_event()
    headers = {"Prefer": 'IdType="ImmutableId"'}
    lasting = ada.get(f"/me/events/{made['id']}", headers=headers)["id"]
    _, link = ada.round(VIEW)
    ada.delete(f"/me/events/{made['id']}")
    expected = {"reason": "deleted"}
    assert ada.round(link)[0][0]["@removed"] == expected
    assert removed(ada.round(link)[0]) == [made["id"]]
    assert removed(ada.round(link, headers=headers)[0]) == [lasting]


def test_event_moved_out_of_the_window_is_told_as_removed_but_exists(ada):
    made = ada.make_event()
    _, link = ada.round(VIEW)
    later = ada.event_body()
    for side in ("start", "end"):
        later[side]["dateTime"] = later[side]["dateTime"].replace("2026", "2027")
    ada.patch(f"/me/events/{made['id']}", later)
    assert removed(ada.round(link)[0]) == [made["id"]]
    assert ada.get(f"/me/events/{made['id']}")["start"]["dateTime"][:4] == "2027"


def test_first_round_tells_neither_removals_nor_what_lies_outside(ada):
    gone = ada.make_event("gone")
    ada.delete(f"/me/events/{gone['id']}")
    outside = ada.event_body("outside", 24)
    for side in ("start", "end"):
        outside[side]["dateTime"] = outside[side]["dateTime"].replace("2026", "2028")
    ada.post("/me/events", outside)
    assert ada.round(VIEW)[0] == []


def test_link_can_be_used_again(ada):
    _, link = ada.round(VIEW)
    ada.make_event()
    first, after = ada.round(link)
    again, _ = ada.round(link)
    assert first == again
    assert ada.round(after)[0] == []


@pytest.mark.parametrize("option", ["$select=subject", "$filter=a eq 1", "$expand=x"])
def test_calendar_view_delta_refuses_options(ada, option):
    status, body = ada.call("GET", f"{VIEW}&{option}")
    assert (status, body["error"]["code"]) == (400, "ErrorInvalidUrlQuery")


def test_contacts_delta_honors_select(ada):
    ada.post("/me/contacts", {"givenName": "Kim", "jobTitle": "CEO"})
    told, link = ada.round("/me/contacts/delta?$select=givenName")
    assert [(one["givenName"], "jobTitle" in one) for one in told] == [("Kim", False)]
    ada.post("/me/contacts", {"givenName": "Lee", "jobTitle": "CFO"})
    assert "jobTitle" not in ada.round(link)[0][0]


def test_lost_and_foreign_tokens_are_gone_with_a_way_to_start_again(
    ada, bruno, sandbox
):
    ada.make_event()
    _, link = ada.round(VIEW)
    assert ada.call("GET", link)[0] == 200
    for _ in range(3):
        bruno.make_event()
    assert bruno.call("GET", link)[1]["error"]["code"] == "syncStateNotFound"
    sandbox.lose_delta_tokens()
    answer = ada.raw("GET", link)
    assert answer.status_code == 410
    assert answer.json()["error"]["code"] == "syncStateNotFound"
    told, _ = ada.round(answer.headers["location"])
    assert [one["subject"] for one in told] == ["Review"]
    nonsense = "/me/contacts/delta?$deltatoken=nonsense"
    assert ada.call("GET", nonsense)[0] == 410


def test_message_that_moves_is_removed_here_and_new_there(ada):
    inbox = "/me/mailFolders/inbox/messages"
    made = ada.post(inbox, {"subject": "Hi"})
    _, here = ada.round(f"{inbox}/delta")
    _, there = ada.round("/me/mailFolders('archive')/messages/delta")
    ada.post(f"/me/messages/{made['id']}/move", {"destinationId": "archive"})
    assert removed(ada.round(here)[0]) == [made["id"]]
    assert [one["subject"] for one in ada.round(there)[0]] == ["Hi"]


def test_series_is_told_with_its_occurrences(ada):
    made = ada.make_event(
        recurrence={
            "pattern": {"type": "daily", "interval": 1},
            "range": {"type": "numbered", "numberOfOccurrences": 5},
        }
    )
    headers = {"Prefer": "odata.maxpagesize=2"}
    told, link = ada.round(VIEW, headers=headers)
    kinds = [one["type"] for one in told]
    assert kinds == ["seriesMaster", *["occurrence"] * 5]
    ada.delete(f"/me/events/{told[3]['id']}")
    assert removed(ada.round(link)[0]) == [told[3]["id"]]
    _, link = ada.round(link)
    span = {"type": "numbered", "numberOfOccurrences": 1}
    recurrence = {"pattern": {"type": "daily", "interval": 1}, "range": span}
    ada.patch(f"/me/events/{made['id']}", {"recurrence": recurrence})
    gone = {told[2]["id"], told[4]["id"], told[5]["id"]}
    assert set(removed(ada.round(link)[0])) == gone
    _, link = ada.round(link)
    ada.delete(f"/me/events/{made['id']}")
    assert set(removed(ada.round(link)[0])) == {made["id"], told[1]["id"]}


def test_folder_tree_and_lists_can_be_followed(ada):
    told, link = ada.round("/me/mailFolders/delta")
    assert "Inbox" in {one["displayName"] for one in told}
    made = ada.post("/me/mailFolders/inbox/childFolders", {"displayName": "Deals"})
    assert [one["id"] for one in ada.round(link)[0]] == [made["id"]]
    _, link = ada.round("/me/todo/lists/delta")
    ada.post("/me/todo/lists", {"displayName": "Calls"})
    assert [one["displayName"] for one in ada.round(link)[0]] == ["Calls"]


def test_quiet_round_does_not_depend_on_the_size_of_the_calendar(ada, sandbox):
    events = [ada.event_body(str(number)) for number in range(20_000)]
    sandbox.seed({"items": {"ada.lindqvist@northwind.example": {"events": events}}})
    headers = {"Prefer": "odata.maxpagesize=1000"}
    started = time.perf_counter()
    told, link = ada.round(VIEW, headers=headers)
    whole = time.perf_counter() - started
    assert len(told) == 20_000
    started = time.perf_counter()
    assert ada.round(link)[0] == []
    assert time.perf_counter() - started < whole / 20


def test_first_round_of_contacts_tells_no_removals(ada):
    made = ada.post("/me/contacts", {"givenName": "Kim"})
    ada.delete(f"/me/contacts/{made['id']}")
    assert ada.round("/me/contacts/delta")[0] == []


def test_link_of_one_collection_is_useless_for_another(ada):
    _, link = ada.round("/me/contacts/delta")
    token = link.partition("?")[2]
    assert ada.call("GET", f"/me/calendarView/delta?{token}")[0] == 410
    assert ada.call("GET", f"/me/mailFolders/inbox/messages/delta?{token}")[0] == 410


def test_messages_can_be_followed_by_kind_of_change_and_by_date(ada):
    root = "/me/mailFolders/inbox/messages"
    old = ada.post(root, {"subject": "old", "receivedDateTime": "2026-01-01T00:00:00Z"})
    ada.post(root, {"subject": "new", "receivedDateTime": "2026-11-20T00:00:00Z"})
    since = "$filter=receivedDateTime ge 2026-06-01T00:00:00Z"
    assert [m["subject"] for m in ada.round(f"{root}/delta?{since}")[0]] == ["new"]
    assert ada.call("GET", f"{root}/delta?$filter=subject eq 'x'")[0] == 400
    _, link = ada.round(f"{root}/delta?changeType=updated")
    ada.post(root, {"subject": "newer"})
    ada.patch(f"/me/messages/{old['id']}", {"isRead": True})
    assert [m["subject"] for m in ada.round(link)[0]] == ["old"]
