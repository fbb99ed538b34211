"""A world per module, and the states that its tests begin from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from tests.scenario import story, story_of_mail, story_of_meetings, story_of_tasks
from tests.scenario.facts import Facts
from tests.scenario.world import Driver, Saved, World, open_world


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Served providers; rows are committed, and gone when the module ends."""
    with django_db_blocker.unblock(), open_world() as opened:
        opened.empty_tables()
        yield opened
        opened.empty_tables()
        connections.close_all()


@pytest.fixture(scope="module")
def first(world: World) -> Saved:
    """The first day, connected and not yet synchronized."""
    story.first_day(world.outlook, world.crm)
    story_of_meetings.first_day(world.outlook, world.crm)
    story_of_tasks.first_day(world.outlook, world.crm)
    story_of_mail.first_day(world.post())
    story_of_mail.day_of_a_colleague(world.post(1))
    world.let_colleague_come_and_go()
    world.connect()
    return world.save("first_day")


@pytest.fixture(scope="module")
def second(world: World, first: Saved) -> Saved:
    """In step after the first day, and then a day of people's work."""
    world.restore(first)
    world.settle()
    story.second_day(world.outlook, world.crm)
    story_of_meetings.second_day(world.outlook, world.crm)
    story_of_tasks.second_day(world.outlook, world.crm)
    story_of_mail.second_day(world.post(), world.outlook, world.crm)
    return world.save("second_day")


@dataclass(frozen=True)
class Reference:
    """How an uninterrupted run ends, and how many effects its first session has."""

    facts: Facts
    effects: list[str]


@pytest.fixture(scope="module")
def driver(world: World) -> Iterator[Driver]:
    """The process that dies."""
    opened = Driver()
    yield opened
    opened.close()
