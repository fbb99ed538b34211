"""Visits and renewals of the org in the owner's calendar, and nothing back (3.12-1)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syncline.domain.issues.catalog import by_slug
from syncline.store.models import IssueRow, LinkRow, ProfileRow, WatermarkRow
from tests.scenario.people import Json, at, timed
from tests.scenario.world import LONG, LOOK_BACK, PROVIDERS, Saved, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

VISIT, RENEWAL = "Site_Visit__c", "Contract_Renewal__c"
MIRRORED = [
    {
        "object_name": VISIT,
        "subject_field": "Name",
        "start_field": "Starts_At__c",
        "end_field": "Ends_At__c",
        "location_field": "Site__c",
        "name": "Site visit",
    },
    {
        "object_name": RENEWAL,
        "subject_field": "Name",
        "start_field": "Renewal_Date__c",
    },
]
_RECORDS = "/services/data/v68.0/sobjects"


@pytest.fixture(scope="module")
def shown(world: World) -> Saved:
    """A visit and a renewal are in the calendar, beside an event of each side."""
    world.outlook.add_event("Own", timed(3))
    world.crm.add_event("Event", 4)
    _add(world, VISIT, "Visit Acme", Site__c="Oslo", **_times(2))
    _add(world, RENEWAL, "Renew Acme", Renewal_Date__c=f"{at(5):%Y-%m-%d}")
    world.connect()
    policy = ProfileRow.objects.get().policy
    ProfileRow.objects.update(policy={**policy, "mirrored": MIRRORED})
    _settle(world)
    return world.save("mirrored")


@pytest.fixture(autouse=True)
def begin(world: World, shown: Saved) -> None:
    world.restore(shown)


def _settle(world: World) -> None:
    """Sessions until two in a row write nothing, holds being due meanwhile."""
    quiet = 0
    for _ in range(12):
        session = world.sync()
        assert not session.error_code, session
        quiet = 0 if session.writes else quiet + 1
        if quiet > 1:
            return
        world.clock.advance(LONG)
        world.server_clock.ahead += LOOK_BACK
    raise AssertionError("never quiet")


def _times(day: int) -> Json:
    ends = at(day) + timedelta(hours=2)
    return {"Starts_At__c": at(day).isoformat(), "Ends_At__c": ends.isoformat()}


def _add(world: World, name: str, title: str, **fields: str) -> None:
    world.crm.call("POST", f"{_RECORDS}/{name}", {"Name": title, **fields})


def _record(world: World, name: str = VISIT) -> Json:
    tables = world.ask("salesforce", "GET", "/state")["tables"]
    (record,) = tables[name]["records"]
    values: Json = record["values"]
    return values


def _path(world: World, name: str = VISIT) -> str:
    return f"{_RECORDS}/{name}/{_record(world, name)['Id']}"


def _calendar(world: World) -> dict[str, Json]:
    rows = world.outlook.call("GET", "/v1.0/me/events?$top=99")["value"]
    found = {row["subject"]: row for row in rows}
    assert len(found) == len(rows)
    return found


def _count(world: World, name: str) -> int:
    tables = world.ask("salesforce", "GET", "/state")["tables"]
    rows = tables[name]["records"]
    return sum(not row["values"].get("IsDeleted") for row in rows)


def test_they_appear_with_our_category_and_when_they_are(world: World) -> None:
    found = _calendar(world)
    assert sorted(found) == ["Event", "Own", "Renew Acme", "Visit Acme"]
    visit, renewal = found["Visit Acme"], found["Renew Acme"]
    assert "Salesforce" in visit["categories"]
    assert visit["location"]["displayName"] == "Oslo"
    assert visit["start"]["dateTime"].startswith(f"{at(2):%Y-%m-%dT%H:%M:%S}")
    assert visit["end"]["dateTime"].startswith(f"{at(2, 12):%Y-%m-%dT%H:%M:%S}")
    assert renewal["isAllDay"]
    assert renewal["start"]["dateTime"].startswith(f"{at(5):%Y-%m-%d}T00:00")
    linked = LinkRow.objects.filter(is_mirrored=True, state="linked")
    assert linked.count() == 2
    assert IssueRow.objects.filter(state="open").count() == 0


def test_a_quiet_session_costs_one_request_more(world: World) -> None:
    world.reset_counters()
    assert not world.sync().writes
    told = [world.ask(provider, "GET", "/counters") for provider in PROVIDERS]
    assert [(t["requests"], t["writes"]) for t in told] == [(2, 0), (1, 0)]


def test_a_day_of_both_peoples_work_leaves_salesforce_untouched(world: World) -> None:
    world.crm.call("PATCH", _path(world), {"Name": "Visit Acme again", **_times(6)})
    world.outlook.change_event("Renew Acme", subject="Mine", isAllDay=False, **timed(7))
    world.server_clock.ahead += LOOK_BACK
    before = _record(world, RENEWAL)
    world.reset_counters()
    _settle(world)
    assert sorted(_calendar(world)) == [
        "Event",
        "Own",
        "Renew Acme",
        "Visit Acme again",
    ]
    renewal = _calendar(world)["Renew Acme"]
    assert renewal["isAllDay"]
    moved = _calendar(world)["Visit Acme again"]["start"]["dateTime"]
    assert moved.startswith(f"{at(6):%Y-%m-%dT%H:%M:%S}")
    world.outlook.delete_event("Visit Acme again")
    _settle(world)
    assert "Visit Acme again" in _calendar(world)
    assert world.ask("salesforce", "GET", "/counters")["writes"] == 0
    assert _record(world, RENEWAL) == before


def test_deletion_and_leaving_the_window_take_the_item_away(world: World) -> None:
    world.crm.call("DELETE", _path(world))
    day = f"{at(200):%Y-%m-%d}"
    world.crm.call("PATCH", _path(world, RENEWAL), {"Renewal_Date__c": day})
    _settle(world)
    assert sorted(_calendar(world)) == ["Event", "Own"]
    assert _count(world, RENEWAL) == 1


def test_unsync_only_parts_them(world: World) -> None:
    world.outlook.change_event(
        "Visit Acme", categories=["Salesforce", "Salesforce Unsync"]
    )
    _settle(world)
    world.crm.call("PATCH", _path(world), {"Name": "Moved on"})
    _settle(world)
    assert "Visit Acme" in _calendar(world)
    assert (_count(world, VISIT), _count(world, "Event")) == (1, 2)


def test_after_a_lost_database_nothing_is_doubled(world: World) -> None:
    LinkRow.objects.all().delete()
    WatermarkRow.objects.all().delete()
    _settle(world)
    assert len(_calendar(world)) == 4
    assert (_count(world, VISIT), _count(world, "Event")) == (1, 2)
    assert LinkRow.objects.filter(is_mirrored=True, state="linked").count() == 2


def test_a_hidden_field_is_one_issue_until_it_is_back(world: World) -> None:
    hidden = f"{VISIT}.Site__c"
    change = {"field": hidden, "hidden": True}
    world.ask("salesforce", "POST", "/org/fields", change)
    world.crm.add_event("Later", 8)
    _settle(world)
    told = IssueRow.objects.filter(state="open")
    assert [i.code for i in told] == [by_slug("mirrored_object_hidden").code]
    assert told[0].params == {"value": "Site visit", "fields": "Site__c"}
    assert len(_calendar(world)) == 5
    change = {"field": hidden, "hidden": False}
    world.ask("salesforce", "POST", "/org/fields", change)
    _settle(world)
    assert not IssueRow.objects.filter(state="open").exists()
