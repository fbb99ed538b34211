"""To Do: lists, tasks, and what hangs on them."""

import pytest


@pytest.fixture
def tasks(ada):
    return f"/me/todo/lists/{ada.get('/me/todo/lists')['value'][0]['id']}/tasks"


def test_usual_lists_are_known_by_their_names(ada):
    made = ada.post("/me/todo/lists", {"displayName": "Salesforce Tasks"})
    lists = ada.get("/me/todo/lists")["value"]
    names = {one["displayName"]: one["wellknownListName"] for one in lists}
    assert names == {
        "Tasks": "defaultList",
        "Flagged Emails": "flaggedEmails",
        "Salesforce Tasks": "none",
    }
    flagged = next(one for one in lists if one["wellknownListName"] == "flaggedEmails")
    path = f"/me/todo/lists/{flagged['id']}"
    assert ada.call("POST", f"{path}/tasks", json={"title": "x"})[0] == 400
    assert ada.call("DELETE", path)[0] == 400
    ada.delete(f"/me/todo/lists/{made['id']}")


def test_linked_resources_come_with_the_task_that_is_made(ada, tasks):
    link = {"applicationName": "Syncline", "externalId": "k1", "webUrl": "https://a"}
    made = ada.post(tasks, {"title": "Call", "linkedResources": [link]})
    assert "linkedResources" not in ada.get(f"{tasks}/{made['id']}")
    shown = ada.get(f"{tasks}?$expand=linkedResources")["value"]
    assert shown[0]["linkedResources"][0]["externalId"] == "k1"
    told, _ = ada.round(f"{tasks}/delta?$expand=linkedResources")
    assert told[0]["linkedResources"][0]["externalId"] == "k1"
    bad = {"title": "Call", "linkedResources": [{"no": "such"}]}
    assert ada.call("POST", tasks, json=bad)[0] == 400


def test_changes_and_deletions_are_told_by_list(ada, tasks):
    made = ada.post(tasks, {"title": "Call"})
    _, link = ada.round(f"{tasks}/delta")
    ada.patch(f"{tasks}/{made['id']}", {"categories": ["Sync Error"]})
    told, link = ada.round(link)
    assert [one["categories"] for one in told] == [["Sync Error"]]
    assert told[0]["@odata.type"] == "#microsoft.graph.todoTask"
    ada.delete(f"{tasks}/{made['id']}")
    assert "@removed" in ada.round(link)[0][0]


def test_stale_etag_is_refused(ada, tasks):
    made = ada.post(tasks, {"title": "Call"})
    headers = {"If-Match": made["@odata.etag"]}
    path = f"{tasks}/{made['id']}"
    ada.patch(path, {"title": "Ring"}, headers=headers)
    assert ada.call("PATCH", path, json={"title": "x"}, headers=headers)[0] == 412
    assert ada.call("DELETE", path, headers=headers)[0] == 412


def test_completion_has_a_moment_that_ends_with_it(ada, tasks):
    made = ada.post(tasks, {"title": "Call", "status": "inProgress"})
    path = f"{tasks}/{made['id']}"
    done = ada.patch(path, {"status": "completed"})
    assert done["completedDateTime"] == {
        "dateTime": "2026-11-23T09:00:00.0000000",
        "timeZone": "UTC",
    }
    assert ada.patch(path, {"status": "waitingOnOthers"})["completedDateTime"] is None


def test_times_are_kept_in_utc(ada, tasks):
    due = {"dateTime": "2026-11-24T00:00:00", "timeZone": "Europe/Stockholm"}
    made = ada.post(tasks, {"title": "Call", "dueDateTime": due})
    assert made["dueDateTime"] == {
        "dateTime": "2026-11-23T23:00:00.0000000",
        "timeZone": "UTC",
    }


def test_recurrence_is_kept_when_there_is_a_due_date(ada, tasks):
    recurrence = {
        "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"]},
        "range": {"type": "noEnd", "startDate": "2026-11-23"},
    }
    body = {"title": "Water the plants", "recurrence": recurrence}
    assert ada.call("POST", tasks, json=body)[0] == 400
    body["dueDateTime"] = {"dateTime": "2026-11-23T00:00:00", "timeZone": "UTC"}
    made = ada.post(tasks, body)
    assert made["recurrence"]["pattern"]["type"] == "weekly"
    wrong = {"recurrence": {"pattern": {"type": "hourly"}, "range": {}}}
    assert ada.call("PATCH", f"{tasks}/{made['id']}", json=wrong)[0] == 400


def test_seed_fills_lists_folders_and_series(ada, sandbox):
    exception = {"subject": "Moved room"}
    series = ada.event_body(
        recurrence={
            "pattern": {"type": "daily", "interval": 1},
            "range": {"type": "numbered", "numberOfOccurrences": 3},
        },
        exceptions={"2026-11-25": exception},
        cancelled=["2026-11-26"],
    )
    items = {
        "tasks": {"Salesforce Tasks": [{"title": "a"}], "Tasks": [{"title": "b"}]},
        "messages": [{"subject": "m", "folder": "Salesforce Emails"}],
        "contacts": [{"givenName": "Kim", "folder": "Salesforce Contacts"}],
        "events": [series],
    }
    sandbox.seed({"items": {"ada.lindqvist@northwind.example": items}})
    lists = {
        one["displayName"]: one["id"] for one in ada.get("/me/todo/lists")["value"]
    }
    own = f"/me/todo/lists/{lists['Salesforce Tasks']}/tasks"
    assert [one["title"] for one in ada.get(own)["value"]] == ["a"]
    (folder,) = ada.get("/me/contactFolders")["value"]
    inside = ada.get(f"/me/contactFolders/{folder['id']}/contacts")["value"]
    assert [one["givenName"] for one in inside] == ["Kim"]
    window = "startDateTime=2026-11-01T00:00:00Z&endDateTime=2027-01-01T00:00:00Z"
    shown = ada.get(f"/me/calendarView?{window}")["value"]
    assert [one["subject"] for one in shown] == ["Review", "Moved room"]
    folders = [one["displayName"] for one in ada.get("/me/mailFolders")["value"]]
    assert "Salesforce Emails" in folders
