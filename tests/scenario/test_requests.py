"""What a session costs in requests, with every kind switched on.

"A quiet session is one request a side", "many new messages cost batches, not
requests of their own" (product promise: few calls).
"""

from __future__ import annotations

import pytest

from tests.scenario.story_of_mail import MARKED, QUIST
from tests.scenario.world import PROVIDERS, Saved, World, is_quiet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

MANY = 200
PARTS_OF_A_BATCH = 20
#: Requests of a mailbox beside those that carry its parts.
MOST_BESIDE = 3


def _calls(world: World) -> dict[str, int]:
    """Requests to the mailbox by their sort; a batch is one."""
    found = world.ask("microsoft365", "GET", "/counters")["by_call"]
    return {name: n for name, n in found.items() if not name.startswith("batch: ")}


def _batches(calls: dict[str, int]) -> int:
    return sum(count for name, count in calls.items() if "$batch" in name)


def test_a_quiet_session_costs_one_request_a_side(world: World, second: Saved) -> None:
    world.restore(second)
    world.settle()
    for _ in range(3):
        world.reset_counters()
        session = world.sync()
        assert is_quiet(session)
        for provider in PROVIDERS:
            told = world.ask(provider, "GET", "/counters")
            assert (told["requests"], told["writes"]) == (1, 0), told


def test_many_new_messages_cost_batches_and_little_else(
    world: World, second: Saved
) -> None:
    """Each is one part of a batch: its mark."""
    world.restore(second)
    world.settle()
    post = world.post()
    for number in range(MANY):
        post.deliver(f"Letter {number}", QUIST, categories=MARKED)
    world.reset_counters()
    session = world.sync()
    assert not session.error_code
    calls = _calls(world)
    batches = _batches(calls)
    assert sum(calls.values()) - batches <= MOST_BESIDE, calls
    assert batches <= MANY / PARTS_OF_A_BATCH + MOST_BESIDE, calls
    saved = [x for x in world.facts()["records"] if "Letter " in str(x.get("Subject"))]
    assert len([x for x in saved if x["kind"] == "EmailMessage"]) == MANY
    assert is_quiet(world.settle())


def test_many_new_files_cost_one_request_each(world: World, second: Saved) -> None:
    """A file is read from the mailbox once."""
    world.restore(second)
    world.settle()
    post = world.post()
    for number in range(30):
        files = [(f"{number}.pdf", b"%PDF-1.7")]
        post.deliver(f"Letter {number}", QUIST, categories=MARKED, files=files)
    world.reset_counters()
    assert not world.sync().error_code
    calls = _calls(world)
    assert sum(calls.values()) - _batches(calls) <= 30 + MOST_BESIDE, calls
    assert is_quiet(world.settle())
