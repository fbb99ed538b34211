"""Nothing is lost and nothing is doubled when a session's process is killed.

"After crashes, lost responses, replays" (product promises 1 and 2): the process
is killed with SIGKILL at every point between two effects of a session, other
processes go on, and everything must stand as if nothing had happened.
"""

from __future__ import annotations

import random

import pytest

from tests.scenario.differences import differences
from tests.scenario.effects import Effects
from tests.scenario.facts import Facts, Json
from tests.scenario.people import at
from tests.scenario.sampling import IS_NIGHTLY, sampled
from tests.scenario.world import Driver, Saved, World, is_quiet

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(1800 if IS_NIGHTLY else 300),
]

#: Point counts change with the code; a scenario with fewer proves nothing.
FEWEST_POINTS = 60
#: Points at which one test run kills; the nightly one tries all.
TRIED = 25


def _effects_of_a_session(world: World, saved: Saved) -> list[str]:
    world.restore(saved)
    effects = Effects()
    world.sync(effects=effects)
    return effects.names


def _after_crashes(
    world: World, saved: Saved, driver: Driver, points: list[list[int]]
) -> list[str]:
    """What differs from an uninterrupted run, for each list of crashes in a row."""
    names = _effects_of_a_session(world, saved)
    last = world.settle()
    assert is_quiet(last)
    expected, troubles = world.facts(), []
    for crashes in points:
        world.restore(saved)
        died = [driver.kill_at(world, point) for point in crashes]
        place = f"killed at {crashes} (before {names[crashes[0] : crashes[0] + 1]})"
        try:
            world.settle()
        except Exception as error:
            troubles.append(f"{place}: {error!r}")
            continue
        found = differences(expected, world.facts())
        if world.guest_mails():
            found.append("guests were mailed")
        if not died[0]:
            found.append("the session ended before it could be killed")
        troubles += [f"{place}: {line}" for line in found]
    return troubles


@pytest.mark.parametrize("state", ["first", "second"])
def test_a_session_killed_at_any_point_is_finished_by_the_next_ones(
    state: str, world: World, driver: Driver, request: pytest.FixtureRequest
) -> None:
    saved = request.getfixturevalue(state)
    count = len(_effects_of_a_session(world, saved))
    assert count >= FEWEST_POINTS
    points = [[point] for point in sampled(count, TRIED)]
    troubles = _after_crashes(world, saved, driver, points)
    assert not troubles, "\n".join(troubles)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(4))
def test_sessions_that_are_killed_again_and_again_get_done_in_the_end(
    seed: int, world: World, second: Saved, driver: Driver
) -> None:
    chance = random.Random(seed)
    count = len(_effects_of_a_session(world, second))
    points = [
        sorted((chance.randrange(count) for _ in range(3)), reverse=True)
        for _ in range(60)
    ]
    troubles = _after_crashes(world, second, driver, points)
    assert not troubles, "\n".join(troubles)


def test_what_people_do_after_a_crash_is_neither_lost_nor_doubled(
    world: World, second: Saved, driver: Driver
) -> None:
    names = _effects_of_a_session(world, second)
    for point in sampled(len(names), TRIED // 2, offset=2):
        world.restore(second)
        assert driver.kill_at(world, point)
        world.outlook.change_event("New in Outlook", location={"displayName": "Attic"})
        world.outlook.change_contact("Ruiz", jobTitle="Curator")
        world.crm.change("Event", "New in Salesforce", Description="Bring a map")
        world.crm.change("Contact", "Tamm", MobilePhone="+372 5555 0100")
        world.outlook.delete_event("Fair")
        world.crm.delete("Contact", "Rossi")
        world.outlook.change_task("New task", importance="high")
        world.crm.change("Task", "New task of Salesforce", Priority="High")
        world.outlook.change_occurrence("Training", 19, showAs="free")
        world.outlook.delete_task("Quiet task")
        assert is_quiet(world.settle())

        facts = world.facts()
        items, records = _by_name(facts["items"]), _by_name(facts["records"])
        place = f"killed before {names[point]}"
        assert items["New in Outlook"]["location"]["displayName"] == "Attic", place
        assert records["New in Outlook"]["Location"] == "Attic", place
        assert records["Ruiz"]["Title"] == "Curator", place
        assert "Bring a map" in items["New in Salesforce"]["body"]["content"], place
        assert items["Tamm"]["mobilePhone"] == "+372 5555 0100", place
        assert records["New task"]["Priority"] == "High", place
        assert items["New task of Salesforce"]["importance"] == "high", place
        days = {x["StartDateTime"][:10]: x for x in _series(facts, "Training")}
        assert len(days) == len(_series(facts, "Training")) == 2, place
        assert days[f"{at(19):%Y-%m-%d}"]["ShowAs"] == "Free", place
        for gone in ("Fair", "Rossi", "Quiet task"):
            assert gone not in items, place
            assert gone not in records, place
        assert world.guest_mails() == 0


def test_a_deletion_of_something_just_copied_survives_a_crash(
    world: World, second: Saved, driver: Driver
) -> None:
    names = _effects_of_a_session(world, second)
    made = next(i for i, name in enumerate(names) if "Event/Syncline_Id__c" in name)
    world.restore(second)
    assert driver.kill_at(world, made + 1)
    world.outlook.delete_event("New and marked")
    world.settle()
    facts = world.facts()
    assert "New and marked" not in _by_name(facts["records"])
    assert "New and marked" not in _by_name(facts["items"])


def _series(facts: Facts, name: str) -> list[Json]:
    """The records of a series' occurrences."""
    return [r for r in facts["records"] if r.get("ClientGuid") and r["Subject"] == name]


def _by_name(things: list[Json]) -> dict[str, Json]:
    """Things by their names, each of which is there once; no occurrences."""
    fields = ("subject", "surname", "title", "Subject", "LastName")
    named = [
        (next((t[f] for f in fields if t.get(f)), ""), t)
        for t in things
        if t.get("type") not in ("occurrence", "exception")
        and not t.get("ClientGuid")
        # Salesforce itself makes a task beside each message.
        and t.get("TaskSubtype") != "Email"
    ]
    found = {str(name): thing for name, thing in named if name}
    assert len(found) == sum(1 for name, _ in named if name), "something is doubled"
    return found
