"""Messages whose sender could not be tied to them are saved to the end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from syncline.connectors.memory.faults import make_fault
from syncline.domain.access.policy import Policy
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.kinds import Kind
from syncline.domain.values.people import Traits
from tests import factories as make
from tests.properties.world import START, World

GRACE = "grace@acme.example"


class FailingLate:
    """Saves messages and, once, fails at what comes after, as Salesforce may."""

    def __init__(self, world: World, fault: FaultClass) -> None:
        self._inner = world.crm.writer
        self.side, self.batch_size = self._inner.side, self._inner.batch_size
        self._faults = [make_fault(fault, "LATE")]
        self.written = []

    def write(self, operations):
        self.written += operations
        done = self._inner.write(operations)
        if not self._faults:
            return done
        fault = self._faults.pop()
        return [replace(outcome, fault=fault, record=None) for outcome in done]


@pytest.mark.parametrize("fault", [FaultClass.ACCESS, FaultClass.UNAVAILABLE])
def test_a_message_without_its_sender_is_saved_again(fault: FaultClass) -> None:
    kinds = frozenset({Kind.MESSAGE})
    world = World(make.mailbox(policy=Policy(auto_save=kinds, kinds=kinds)))
    world.crm.traits = Traits(has_email_message=True)
    grace = world.crm.add(Kind.CONTACT, LastName="Grace", Email=GRACE)
    late = world.crm.writer = FailingLate(world, fault)
    world.mailbox.receive(
        {},
        subject="Offer",
        sender_email=GRACE,
        received_at=START.isoformat().replace("+00:00", "Z"),
    )
    world.sync()
    world.come_to_rest()
    assert [o.fields["FromId"] for o in late.written] == [grace.id, grace.id]
    assert len(list(world.crm.store.of_kind(Kind.MESSAGE))) == 1
    assert world.open_issues() == []
