"""Misbehavior of the real service that can be switched on."""

import pytest

from tests.sandbox.microsoft365.conftest import ADA, BRUNO

WINDOW = "startDateTime=2026-11-01T00:00:00Z&endDateTime=2027-04-01T00:00:00Z"
VIEW = f"/me/calendarView/delta?{WINDOW}"
PROPERTY = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name SynclineId"
IMMUTABLE = {"Prefer": 'IdType="ImmutableId"'}
DAILY = {
    "pattern": {"type": "daily", "interval": 1},
    "range": {"type": "numbered", "numberOfOccurrences": 3},
}


@pytest.fixture
def control(ada, url):
    def call(where, body=None, status=200):
        method = "GET" if body is None else "POST"
        answer = ada.http.request(method, f"{url}/_control/{where}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else {}

    return call


def linked(graph, **more):
    properties = [{"id": PROPERTY, "value": "003"}]
    return graph.make_event(singleValueExtendedProperties=properties, **more)


def property_of(graph, item_id):
    path = f"/me/events/{item_id}?$expand=singleValueExtendedProperties"
    shown = graph.get(f"{path}($filter=id eq '{PROPERTY}')")
    return [one["value"] for one in shown.get("singleValueExtendedProperties", [])]


def test_switches_are_told_and_unknown_ones_refused(control):
    assert set(control("quirks").values()) == {False, ""}
    assert control("quirks", {"silent_deletions": True})["silent_deletions"] is True
    control("quirks", {"no_such": True}, 400)
    control("quirks", {"dying_next_links": "two", "silent_deletions": False}, 400)
    assert control("quirks")["silent_deletions"] is True


def test_deleted_occurrence_can_be_silent_in_delta(ada, control):
    """A13: only the expanded instances show it."""
    control("quirks", {"silent_occurrence_deletions": True})
    made = ada.make_event(recurrence=DAILY)
    path = f"/me/events/{made['id']}/instances?{WINDOW}"
    second = ada.get(path)["value"][1]
    _, link = ada.round(VIEW)
    ada.delete(f"/me/events/{second['id']}")
    assert ada.round(link)[0] == []
    ada.patch(f"/me/events/{made['id']}", {"subject": "Other"})
    assert [one["id"] for one in ada.round(link)[0] if "@removed" in one] == []
    assert len(ada.get(path)["value"]) == 2


def test_deletions_can_be_silent_in_delta(ada, control):
    """A16: only a fresh listing shows it."""
    control("quirks", {"silent_deletions": True})
    made = ada.make_event()
    _, link = ada.round(VIEW)
    ada.delete(f"/me/events/{made['id']}")
    assert ada.round(link)[0] == []
    assert ada.call("GET", f"/me/events/{made['id']}")[0] == 404
    assert ada.round(VIEW)[0] == []


def test_own_series_can_be_missing_from_delta(ada, bruno, control):
    """A17: the plain view still has them."""
    control("quirks", {"missing_own_series": True})
    _, link = ada.round(VIEW)
    ada.make_event("series", recurrence=DAILY, attendees=[ada.guest(BRUNO)])
    ada.make_event("single")
    assert [one["subject"] for one in ada.round(link)[0]] == ["single"]
    assert [one["subject"] for one in ada.round(VIEW)[0]] == ["single"]
    assert len(ada.get(f"/me/calendarView?{WINDOW}")["value"]) == 4
    assert {one["type"] for one in bruno.round(VIEW)[0]} == {
        "seriesMaster",
        "occurrence",
    }


def test_next_links_can_die_during_paging(ada, control):
    """E02: the round starts again from where the answer points."""
    for number in range(5):
        ada.make_event(str(number))
    prefer = {"Prefer": "odata.maxpagesize=2"}
    first = ada.get(VIEW, headers=prefer)
    control("quirks", {"dying_next_links": 1})
    answer = ada.raw("GET", first["@odata.nextLink"], headers=prefer)
    assert answer.status_code == 410
    assert answer.json()["error"]["code"] == "syncStateNotFound"
    told, _ = ada.round(answer.headers["location"], headers=prefer)
    assert [one["subject"] for one in told] == ["0", "1", "2", "3", "4"]
    assert control("quirks")["dying_next_links"] == 0


@pytest.mark.parametrize("path", [VIEW, f"/me/calendarView?{WINDOW}", "/me/events"])
def test_listing_can_answer_empty_once(ada, control, path):
    """D08: an empty listing is no proof that all is gone."""
    ada.make_event()
    control("quirks", {"empty_listings": 1, "empty_path": path.partition("?")[0]})
    assert ada.get("/me/calendars")["value"] != []
    assert ada.get(path)["value"] == []
    assert [one["subject"] for one in ada.get(path)["value"]] == ["Review"]


def test_migrated_mailbox_has_new_ids_and_the_same_content(ada, control):
    """D05: nothing but uids and properties ties old items to new ones."""
    made = linked(ada)
    inbox = ada.get("/me/mailFolders/inbox")["id"]
    me = ada.get("/me")["id"]
    _, link = ada.round(VIEW)
    control("migrate", {"address": ADA})
    assert ada.call("GET", f"/me/events/{made['id']}")[0] == 404
    assert ada.call("GET", link)[0] == 410
    (seen,) = ada.get("/me/events")["value"]
    assert seen["id"] != made["id"]
    assert (seen["uid"], seen["subject"]) == (made["uid"], "Review")
    assert property_of(ada, seen["id"]) == ["003"]
    assert ada.get("/me/mailFolders/inbox")["id"] != inbox
    assert ada.get("/me")["id"] == me
    control("migrate", {"address": "nobody@northwind.example"}, 404)


def test_even_an_immutable_id_can_change(ada, control):
    """D03: told as removed and as new, with the same uid."""
    made = linked(ada, transactionId="t1")
    lasting = ada.get(f"/me/events/{made['id']}", headers=IMMUTABLE)["id"]
    _, link = ada.round(VIEW, headers=IMMUTABLE)
    fresh = control("new-id", {"address": ADA, "id": lasting})
    assert fresh["immutable_id"] != lasting
    told = ada.round(link, headers=IMMUTABLE)[0]
    assert {one["id"]: one.get("uid") for one in told} == {
        lasting: None,
        fresh["immutable_id"]: made["uid"],
    }
    assert property_of(ada, fresh["id"]) == ["003"]
    again = ada.make_event(transactionId="t1")
    assert again["id"] == fresh["id"]
    control("new-id", {"address": ADA, "id": lasting}, 404)


def test_copied_item_carries_its_extended_properties(ada, control, sandbox):
    """A copy has the link of the original and an identity of its own."""
    made = linked(ada, recurrence=DAILY)
    fresh = control("copy", {"address": ADA, "id": made["id"]})
    assert property_of(ada, fresh["id"]) == ["003"]
    twins = ada.get("/me/events")["value"]
    assert len({one["uid"] for one in twins}) == 2
    assert {one["type"] for one in twins} == {"seriesMaster"}
    assert sandbox.counters.writes == 1


def test_quirks_are_saved_with_the_state(control, sandbox):
    control("quirks", {"silent_deletions": True, "dying_next_links": 2})
    state = sandbox.dump()
    control("quirks", {"silent_deletions": False, "dying_next_links": 0})
    sandbox.load(state)
    assert control("quirks")["silent_deletions"] is True


def test_undocumented_names_of_a_series_can_be_missing(ada, control):
    made = ada.make_event(recurrence=DAILY)
    path = f"/me/events/{made['id']}/instances?{WINDOW}"
    known = [one["iCalUId"] for one in ada.get(path)["value"]]
    assert known[0].replace("07EA0B18", "00000000") == made["uid"]
    control("quirks", {"documented_only": True})
    found = ada.get(path)["value"]
    assert [one["iCalUId"] for one in found] == known
    assert not {"uid", "occurrenceId"} & found[0].keys()


def test_deletion_of_an_occurrence_can_be_ignored(ada, control, sandbox):
    """A19: the answer is no proof of the effect."""
    control("quirks", {"ignored_occurrence_deletions": True})
    made = ada.make_event(recurrence=DAILY)
    path = f"/me/events/{made['id']}/instances?{WINDOW}"
    second = ada.get(path)["value"][1]
    ada.delete(f"/me/events/{second['id']}")
    assert ada.get(path)["value"][1] == second
    assert sandbox.counters.writes == 1


def test_copies_of_guests_can_carry_the_organizers_properties(ada, bruno, control):
    """C08: a link on a copy does not make it the organizer's item."""
    control("quirks", {"properties_reach_guests": True})
    linked(ada, attendees=[ada.guest(BRUNO)])
    (held,) = bruno.get("/me/events")["value"]
    assert property_of(bruno, held["id"]) == ["003"]


def test_series_in_a_zone_of_its_own_shows_the_name(ada, sandbox):
    """B07: the zone's definition is nobody's business but Exchange's."""
    custom = "tzone://Microsoft/Custom"
    span = DAILY["range"] | {"recurrenceTimeZone": custom}
    series = ada.event_body(
        start={"dateTime": "2026-11-24T10:00:00", "timeZone": custom},
        recurrence={**DAILY, "range": span},
    )
    sandbox.seed({"items": {ADA: {"events": [series]}}})
    (seen,) = ada.get("/me/events")["value"]
    assert seen["recurrence"]["range"]["recurrenceTimeZone"] == custom
    assert seen["originalStartTimeZone"] == custom
    assert len(ada.get(f"/me/calendarView?{WINDOW}")["value"]) == 3
    path = f"/me/events/{seen['id']}"
    assert ada.patch(path, {"subject": "Other"})["recurrence"] == seen["recurrence"]
    changed = ada.patch(path, {"recurrence": DAILY})
    assert changed["recurrence"]["range"]["recurrenceTimeZone"] == "UTC"


def test_state_of_another_version_is_refused(sandbox):
    state = sandbox.dump() | {"format": 1}
    with pytest.raises(ValueError, match="another version"):
        sandbox.load(state)
