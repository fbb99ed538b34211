"""A forecast is what the session right after it keeps of its writes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from syncline.connectors.memory.faults import Call, Planned, make_fault
from syncline.domain.access.mailbox import Standing
from syncline.domain.errors import ProviderError
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.history import KeptWrite
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.operations import Verb
from tests.unit.usecases.remembering import World

Fact = tuple[Any, ...]


@pytest.fixture
def world() -> World:
    return World()


def _fact(write: KeptWrite) -> Fact:
    """Everything but ids of what is new and versions, which nobody can foresee."""
    target = "" if write.verb is Verb.CREATE or write.is_mark else write.target_id
    return (
        *(write.key, write.side, write.verb, write.kind, write.is_mark),
        *(write.name, dict(write.before), dict(write.after), target),
    )


def _kept(world: World, session_id: int | None) -> list[Fact]:
    return [_fact(w.write) for w in world.shelf.writes(session_id)]  # type: ignore[arg-type] # a number


def _a_day_of_work(world: World) -> None:
    """Creates, updates and deletions on both sides, conflicts and marks."""
    kept, gone = world.event(), world.event(subject="Gone", location="Rome")
    contact = world.contact_record()
    lost = world.contact_record(LastName="Lost", Email="lost@acme.example")
    world.settle()
    world.mailbox.edit(kept.id, subject="Demo for Acme", body="long " * 90)
    [record] = [r for r in world.records if r.fields.get("Subject") == "Demo"]
    world.crm.edit(record.id, Location="Bergen", Subject="Theirs")
    world.mailbox.delete(gone.id)
    world.crm.edit(contact.id, Title="Admiral")
    world.crm.delete(lost.id)
    world.event(subject="New", location="Paris")
    world.contact_record(LastName="Lovelace", Email="ada@acme.example")
    world.mailbox.add(Kind.CONTACT, emails=("grace@acme.example",), family_name="Same")


def test_a_forecast_is_exactly_what_the_session_writes(world: World) -> None:
    _a_day_of_work(world)
    forecast = [_fact(w.write) for w in world.plan().writes]
    session = world.sync()
    kept = _kept(world, session.id)
    assert sorted(forecast, key=repr) == sorted(kept, key=repr)
    verbs = {(side, verb, is_mark) for _, side, verb, _, is_mark, *_ in kept}
    assert verbs >= {(side, verb, False) for side in Side for verb in Verb} - {
        (side, Verb.ATTACH, False) for side in Side
    }
    assert (Side.MAILBOX, Verb.UPDATE, True) in verbs


def test_a_forecast_writes_and_stores_nothing(world: World) -> None:
    _a_day_of_work(world)
    shelf = world.shelf
    before = (world.writes, dict(shelf.links), dict(shelf.marks), dict(shelf.past))
    issues, sessions = dict(shelf.issues), len(shelf.begun)
    world.plan()
    assert before == (world.writes, shelf.links, shelf.marks, shelf.past)
    assert (issues, sessions, shelf.is_leased) == (
        shelf.issues,
        len(shelf.begun),
        False,
    )


def test_an_update_is_told_with_old_and_new_values(world: World) -> None:
    item = world.event()
    world.settle()
    world.mailbox.edit(item.id, subject="Demo for Acme")
    [intended] = world.plan().writes
    assert intended.write.before == {"Subject": "Demo"}
    assert intended.write.after == {"Subject": "Demo for Acme"}
    assert intended.operation is not None
    assert intended.operation.fields == {"Subject": "Demo for Acme"}


def test_a_quiet_mailbox_has_an_empty_forecast(world: World) -> None:
    world.event()
    world.settle()
    forecast = world.plan()
    assert (forecast.writes, forecast.issues, forecast.waiting) == ((), (), ())


def test_deletions_that_would_wait_are_told_apart(world: World) -> None:
    items = [world.event(subject=f"Visit {n}", location=f"Room {n}") for n in range(30)]
    world.settle()
    for item in items:
        world.mailbox.delete(item.id)
    forecast = world.plan()
    assert len(forecast.waiting) == 30
    assert forecast.operations == ()


def test_a_side_that_cannot_be_read_is_said(world: World) -> None:
    lost = make_fault(FaultClass.UNAVAILABLE, "DOWN")
    world.crm.desk.planned.append(Planned(call=Call.READ, fault=lost))
    with pytest.raises(ProviderError):
        world.plan()


def test_a_paused_mailbox_can_be_planned(world: World) -> None:
    world.event()
    world.shelf.mailbox = replace(world.shelf.mailbox, standing=Standing.PAUSED)
    assert [o.verb for o in world.plan().operations] == [Verb.CREATE]


def test_what_would_become_an_issue_is_told(world: World) -> None:
    item = world.event()
    unsupported = replace(item, unsupported="unreadable_item")
    world.mailbox.store.put(unsupported)
    forecast = world.plan()
    assert forecast.operations == ()
    assert [i.name for i in forecast.issues] == ["Demo"]
