"""Access that ends is renewed without a person, or asks for one; nothing is lost.

"Loss of access: standing `needs renewal` at once" (product decision 6), and "At
most one partner per item, after … re-authorisation" (promise 2).
"""

from __future__ import annotations

import pytest

from syncline.domain.access.mailbox import Standing
from syncline.domain.issues.catalog import known
from syncline.domain.sessions import Session
from syncline.store.models import IssueRow, MailboxRow
from tests.scenario.differences import differences
from tests.scenario.effects import Effects
from tests.scenario.facts import Facts
from tests.scenario.networks import Interrupted
from tests.scenario.sampling import sampled
from tests.scenario.signing_in import sign_in, withdraw
from tests.scenario.world import PROVIDERS, Saved, World, is_quiet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

#: Calls at which one test run lets access expire; the nightly one tries all.
TRIED = 8
SIDES = {"salesforce": "crm", "microsoft365": "mailbox"}


@pytest.fixture(scope="module")
def expected(world: World, second: Saved) -> Facts:
    """How the second day ends when access lasts."""
    world.restore(second)
    world.sync()
    world.settle()
    return world.facts()


def _connection_issues() -> list[tuple[str, str]]:
    rows = IssueRow.objects.filter(subject__startswith="connection:")
    return [(row.subject, row.state) for row in rows]


def _standing() -> str:
    return MailboxRow.objects.get().standing


def test_expired_access_is_renewed_in_the_middle_of_any_work(
    world: World, second: Saved, expected: Facts
) -> None:
    """G09: renewed, and the same work goes on."""
    world.restore(second)
    effects = Effects()
    world.sync(effects=effects)
    calls = sum("/" in name for name in effects.names)

    def expire() -> None:
        for provider in PROVIDERS:
            world.ask(provider, "POST", "/faults", {"kind": "expire_tokens"})

    troubles = []
    for number in sampled(calls, TRIED, offset=1):
        world.restore(second)
        session = world.sync(transport=Interrupted(number, expire))
        if session.error_code:
            troubles.append(f"call {number}: {session.error_code}")
        world.outlook.use(sign_in(world, "microsoft365")["access_token"])
        assert is_quiet(world.settle())
        found = differences(expected, world.facts())
        troubles += [f"call {number}: {line}" for line in found]
    assert not troubles, "\n".join(troubles)
    assert _connection_issues() == []


@pytest.mark.parametrize("provider", PROVIDERS)
def test_withdrawn_access_stops_the_mailbox_with_one_issue_and_comes_back(
    provider: str, world: World, second: Saved, expected: Facts
) -> None:
    """J01, J03, J05: told at once, tried in each session, whole again after renewal."""
    world.restore(second)
    withdraw(world, provider)
    session = world.sync()

    _stopped(session)
    side = SIDES[provider]
    assert _connection_issues() == [(f"connection:{side}", "open")]
    _stopped(world.sync())
    assert _connection_issues() == [(f"connection:{side}", "open")]

    renewed = sign_in(world, provider)
    world.connect(**{provider: renewed})
    assert _standing() == Standing.ACTIVE
    world.outlook.use(
        renewed["access_token"]
        if provider == "microsoft365"
        else world.account("microsoft365")["access_token"]
    )
    assert not world.sync().error_code
    assert _connection_issues() == [(f"connection:{side}", "resolved")]
    assert is_quiet(world.settle())
    found = world.facts()
    found["issues"] = [
        issue
        for issue in found["issues"]
        if not str(issue["subject"]).startswith("connection:")
    ]
    assert differences(expected, found) == []
    assert world.guest_mails() == 0


def _stopped(session: Session) -> None:
    assert session.error_code.startswith("SA")
    assert known(session.error_code).code == session.error_code
    assert _standing() == Standing.NEEDS_RENEWAL


def test_a_token_endpoint_that_is_down_asks_nobody(
    world: World, second: Saved, expected: Facts
) -> None:
    """J01: only a refusal asks for a person."""
    world.restore(second)
    fault = {
        "match": {"method": "POST", "path_contains": "/services/oauth2/token"},
        "kind": "status",
        "status": 503,
        "times": 50,
    }
    world.ask("salesforce", "POST", "/faults", {"kind": "expire_tokens"})
    world.ask("salesforce", "POST", "/faults", fault)
    session = world.sync()
    assert session.error_code
    assert not session.error_code.startswith("SA")
    assert _standing() == Standing.ACTIVE
    world.ask("salesforce", "DELETE", "/faults")
    world.outlook.use(world.account("microsoft365")["access_token"])
    assert is_quiet(world.settle())
    assert differences(expected, world.facts()) == []
