"""Nothing is lost and nothing is doubled when the network fails a write.

"At most one partner per item, after crashes, lost responses, replays" (product
promise 2): whether the write took effect or not, the end is the same.
"""

from __future__ import annotations

import pytest

from tests.scenario.differences import differences
from tests.scenario.effects import Effects
from tests.scenario.facts import Facts
from tests.scenario.networks import (
    TROUBLES,
    FirstAnswersLost,
    Interrupted,
    Trouble,
    TroubledTransport,
    is_write,
    lose_answer,
)
from tests.scenario.sampling import IS_NIGHTLY, sampled
from tests.scenario.world import PROVIDERS, Saved, World, is_quiet

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(900 if IS_NIGHTLY else 300),
]

#: A session that writes less often proves nothing.
FEWEST_WRITES = 15
#: Writes at which one test run lets a trouble happen; the nightly one tries all.
TRIED = 5


@pytest.fixture(scope="module")
def expected(world: World, second: Saved) -> Facts:
    """How the second day ends when nothing goes wrong."""
    world.restore(second)
    world.sync()
    world.settle()
    return world.facts()


def _write_count(world: World, saved: Saved) -> int:
    world.restore(saved)
    counting = TroubledTransport(lose_answer, lambda number: False, is_write)
    world.sync(transport=counting)
    return counting.count


def _trouble_at(
    world: World, saved: Saved, trouble: Trouble, number: int, expected: Facts
) -> list[str]:
    world.restore(saved)
    network = TroubledTransport(trouble, lambda n: n == number, is_write)
    world.sync(transport=network)
    place = f"write {number} ({network.hits})"
    try:
        assert is_quiet(world.settle())
    except Exception as error:
        return [f"{place}: {error!r}"]
    found = differences(expected, world.facts())
    if world.guest_mails():
        found.append("guests were mailed")
    return [f"{place}: {line}" for line in found]


@pytest.mark.parametrize("name", TROUBLES)
def test_any_single_write_may_fail_or_go_unanswered(
    name: str, world: World, second: Saved, expected: Facts
) -> None:
    """F01, F02, F03: a repeated create finds what the first one made."""
    count = _write_count(world, second)
    assert count >= FEWEST_WRITES
    troubles = []
    # Together the troubles of one run meet every write.
    offset = sorted(TROUBLES).index(name)
    for number in sampled(count, TRIED, offset=offset):
        troubles += _trouble_at(world, second, TROUBLES[name], number, expected)
    assert not troubles, "\n".join(troubles)


@pytest.mark.parametrize("name", TROUBLES)
def test_a_whole_session_of_failing_writes_is_made_good(
    name: str, world: World, second: Saved, expected: Facts
) -> None:
    world.restore(second)
    network = TroubledTransport(TROUBLES[name], lambda n: True, is_write)
    world.sync(transport=network)
    assert network.hits
    assert is_quiet(world.settle())
    assert differences(expected, world.facts()) == []
    assert world.guest_mails() == 0


def test_the_first_answer_to_every_write_may_be_lost(
    world: World, second: Saved, expected: Facts
) -> None:
    """F01, F02, F03: none is repeated blindly."""
    world.restore(second)
    network = FirstAnswersLost()
    world.sync(transport=network)
    assert len(network.lost) >= FEWEST_WRITES
    assert is_quiet(world.settle())
    assert differences(expected, world.facts()) == []
    assert world.guest_mails() == 0


def test_resume_points_may_be_lost_in_the_middle_of_any_work(
    world: World, second: Saved, expected: Facts
) -> None:
    """E01, E02, E03: read anew, without duplicates and without a person."""
    world.restore(second)
    effects = Effects()
    world.sync(effects=effects)
    calls = sum("/" in name for name in effects.names)

    def forget() -> None:
        for provider in PROVIDERS:
            world.ask(provider, "POST", "/faults", {"kind": "lose_delta_tokens"})

    troubles = []
    for number in sampled(calls, 2 * TRIED):
        world.restore(second)
        session = world.sync(transport=Interrupted(number, forget))
        if session.error_code:
            troubles.append(f"call {number}: {session.error_code}")
        assert is_quiet(world.settle())
        found = differences(expected, world.facts())
        # What its owner threw away is told by a resume point alone.
        harm = [line for line in found if "Thrown away" not in line]
        troubles += [f"call {number}: {line}" for line in harm]
        assert world.guest_mails() == 0
    assert not troubles, "\n".join(troubles)
