"""One session at a time works on a mailbox, and who was replaced stores nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from syncline.domain.errors import (
    FencedError,
    MailboxBusyError,
    MailboxNotActiveError,
)
from syncline.store.models import LinkRow, MailboxRow, SessionRow, WatermarkRow
from tests.scenario.differences import differences
from tests.scenario.effects import Effects
from tests.scenario.facts import Facts
from tests.scenario.sampling import sampled
from tests.scenario.world import Saved, World, is_quiet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def expected(world: World, second: Saved) -> Facts:
    """How the second day ends with one worker."""
    world.restore(second)
    world.sync()
    world.settle()
    return world.facts()


def _once_at(point: int, act: Callable[[], None]) -> Effects:
    def look(now: int) -> None:
        if now == point:
            act()

    return Effects(at_point=look)


def _effects(world: World, saved: Saved) -> list[str]:
    world.restore(saved)
    effects = Effects()
    world.sync(effects=effects)
    return effects.names


def _stored() -> list[object]:
    """What a session may store, but not its own row."""
    return [
        *LinkRow.objects.order_by("key").values_list(),
        *WatermarkRow.objects.order_by("side").values_list(),
    ]


def test_a_second_session_is_refused_while_one_runs(
    world: World, second: Saved, expected: Facts
) -> None:
    middle = len(_effects(world, second)) // 2
    world.restore(second)
    refused: list[bool] = []

    def try_another() -> None:
        with pytest.raises(MailboxBusyError):
            world.sync()
        refused.append(True)

    session = world.sync(effects=_once_at(middle, try_another))
    assert refused == [True]
    assert not session.error_code
    assert is_quiet(world.settle())
    assert differences(expected, world.facts()) == []


def test_a_worker_that_was_replaced_stores_nothing_any_more(
    world: World, second: Saved, expected: Facts
) -> None:
    """F04, F05: a stale holder's writes are rejected."""
    names = _effects(world, second)
    before_commits = [at for at, name in enumerate(names) if name == "commit"]
    assert len(before_commits) >= 3
    for each in sampled(len(before_commits), 8):
        point = before_commits[each]
        world.restore(second)
        left: list[list[object]] = []

        def take_over(left: list[list[object]] = left) -> None:
            world.end_leases()
            world.sync()
            left.append(_stored())

        with pytest.raises(FencedError):
            world.sync(effects=_once_at(point, take_over))
        assert _stored() == left[0]
        assert is_quiet(world.settle())
        assert differences(expected, world.facts()) == []
        assert world.guest_mails() == 0


def test_a_dead_worker_is_replaced_when_its_lease_is_over(
    world: World, second: Saved, expected: Facts
) -> None:
    """F07, F08: no surgery is needed."""
    world.restore(second)

    def die() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        world.sync(effects=_once_at(12, die))
    world.end_leases()
    assert not world.sync().error_code
    assert is_quiet(world.settle())
    assert differences(expected, world.facts()) == []


def test_a_paused_mailbox_is_left_alone(world: World, second: Saved) -> None:
    world.restore(second)
    MailboxRow.objects.update(standing="paused")
    before = _stored(), SessionRow.objects.count()
    with pytest.raises(MailboxNotActiveError):
        world.sync(is_asked=True)
    assert (_stored(), SessionRow.objects.count()) == before
    assert world.ask("microsoft365", "GET", "/counters")["requests"] == 0


def test_a_pause_during_a_session_stands_when_it_ends(
    world: World, second: Saved
) -> None:
    world.restore(second)

    def pause() -> None:
        MailboxRow.objects.update(standing="paused")

    world.sync(effects=_once_at(5, pause))
    row = MailboxRow.objects.get()
    assert (row.standing, row.next_run_at) == ("paused", None)
