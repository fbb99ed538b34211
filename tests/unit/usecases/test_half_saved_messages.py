"""Messages whose sender could not be tied to them are saved to the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from syncline.connectors.memory.faults import make_fault
from syncline.domain.access.policy import Policy
from syncline.domain.cadence.streak import TELL_AT
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.kinds import Kind
from syncline.domain.values.people import Traits
from tests import factories as make
from tests.properties.world import START, World

GRACE = "grace@acme.example"


class FailingLate:
    """Saves messages and fails at what comes after, some times, as Salesforce may."""

    def __init__(self, world: World, *faults: FaultClass) -> None:
        self._inner = world.crm.writer
        self.side, self.batch_size = self._inner.side, self._inner.batch_size
        self._faults = [make_fault(fault, "LATE") for fault in faults]
        self.written = []

    def write(self, operations):
        self.written += operations
        done = self._inner.write(operations)
        if not self._faults:
            return done
        fault = self._faults.pop()
        return [replace(outcome, fault=fault, record=None) for outcome in done]


@pytest.fixture
def world() -> World:
    """Grace is known, and has written."""
    kinds = frozenset({Kind.MESSAGE})
    made = World(make.mailbox(policy=Policy(auto_save=kinds, kinds=kinds)))
    made.crm.traits = Traits(has_email_message=True)
    made.crm.add(Kind.CONTACT, LastName="Grace", Email=GRACE)
    came = START.isoformat().replace("+00:00", "Z")
    made.mailbox.receive({}, subject="Offer", sender_email=GRACE, received_at=came)
    return made


def saved(world: World) -> int:
    return len(list(world.crm.store.of_kind(Kind.MESSAGE)))


@pytest.mark.parametrize(
    "fault", [FaultClass.ACCESS, FaultClass.UNAVAILABLE, FaultClass.PERMISSION]
)
def test_a_message_without_its_sender_is_saved_again(
    world: World, fault: FaultClass
) -> None:
    late = world.crm.writer = FailingLate(world, fault)
    world.sync()
    world.come_to_rest()
    (grace,) = world.crm.store.of_kind(Kind.CONTACT)
    assert [o.fields["FromId"] for o in late.written] == [grace.id, grace.id]
    assert saved(world) == 1
    assert world.open_issues() == []


def test_a_sender_that_is_always_refused_is_left_out_in_the_end(world: World) -> None:
    late = world.crm.writer = FailingLate(world, *[FaultClass.PERMISSION] * 20)
    world.sync()
    for _ in range(8):
        world.clock.time += timedelta(days=2)
        world.sync()
    assert len(late.written) == TELL_AT
    assert saved(world) == 1
    assert world.open_issues() == []
