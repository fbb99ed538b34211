"""Two mailboxes of one organization at the same time: one record for both.

The same messages came to both, and one invited the other. Whoever comes first
makes the record, wherever the other one is with its own session just then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from syncline.domain.sessions import Session
from syncline.domain.values.ids import MailboxId
from syncline.store.models import IssueRow, LinkRow
from tests.scenario.effects import Effects
from tests.scenario.engine import run_session
from tests.scenario.people import Json, Outlook, timed
from tests.scenario.sampling import sampled
from tests.scenario.world import LOOK_BACK, Driver, Saved, World, is_quiet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

MARKED = ["Salesforce"]
STRANGER = "Sender <sender@nowhere.example>"
OFFER = ("offer.pdf", b"%PDF-1.7 an offer")
MESSAGES = ("To both", "To both with a file", "From one to the other")
MEETINGS = ("Together", "Together again")
_SESSIONS_TO_REST = 5


@dataclass(frozen=True)
class Two:
    """Two connected mailboxes that saw nothing yet."""

    saved: Saved
    ada: MailboxId
    bruno: MailboxId
    #: What both own programs show.
    outlooks: tuple[Outlook, Outlook]


@pytest.fixture(scope="module")
def two(world: World) -> Iterator[Two]:
    """The same messages in both mailboxes, and meetings of one with the other."""
    posts = world.post(0), world.post(1)
    for post in posts:
        post.deliver("To both", STRANGER, to="team@x.example", categories=MARKED)
        files = [OFFER]
        post.deliver("To both with a file", STRANGER, files=files, categories=MARKED)
    ada, bruno = posts[0].address, posts[1].address
    letter = "From one to the other"
    posts[0].send(letter, bruno, categories=MARKED)
    posts[1].deliver(letter, ada, categories=MARKED)
    guests = [_guest(bruno), _guest("guest@acme.example")]
    world.outlook.add_event("Together", timed(3), attendees=guests)
    world.outlook.add_series("Together again", 4, 3, attendees=guests)
    other = Outlook(
        world.described["microsoft365"]["base_url"],
        world.account("microsoft365", 1)["access_token"],
        world.server_clock,
    )
    for row in other.call("GET", "/v1.0/me/events?$top=9")["value"]:
        path = f"/v1.0/me/events/{row['id']}/accept"
        other.call("POST", path, {"sendResponse": False})
    world.connect()
    second = world.pair_accounts(1)
    yield Two(
        saved=world.save("two_mailboxes"),
        ada=world.mailbox_id,
        bruno=second,
        outlooks=(world.outlook, other),
    )
    other.http.close()


def _guest(address: str) -> Json:
    return {"emailAddress": {"address": address}, "type": "required"}


def _sync(
    world: World, mailbox_id: MailboxId, effects: Effects | None = None
) -> Session:
    session = run_session(mailbox_id, world.clock, effects=effects)
    assert not session.error_code, session
    return session


def _rest(world: World, two: Two) -> None:
    """Both in turn, until neither finds anything to do."""
    for _ in range(_SESSIONS_TO_REST):
        # Who waits for a colleague looks again when it is due.
        world.clock.advance(LOOK_BACK * 24)
        world.server_clock.ahead += LOOK_BACK
        sessions = [_sync(world, each) for each in (two.ada, two.bruno)]
        if all(map(is_quiet, sessions)):
            return
    raise AssertionError(f"never quiet: {sessions}")


def _troubles(world: World, two: Two) -> list[str]:
    """What is not as it should be once both are at rest."""
    tables = world.ask("salesforce", "GET", "/state")["tables"]
    held = {
        name: [
            r["values"]
            for r in tables[name]["records"]
            if not r["values"].get("IsDeleted")
        ]
        for name in ("EmailMessage", "Event", "ContentVersion")
    }
    found = []
    messages = Counter(row["Subject"] for row in held["EmailMessage"])
    if messages != Counter(MESSAGES):
        found.append(f"messages: {messages}")
    own = [row for row in held["Event"] if not row["IsChild"]]
    events = Counter(row["Subject"] for row in own)
    if events != {"Together": 1, "Together again": 3}:
        found.append(f"events: {events}")
    if len(held["ContentVersion"]) != 1:
        found.append(f"{len(held['ContentVersion'])} files")
    for row in held["EmailMessage"]:
        linked = LinkRow.objects.filter(record_id=row["Id"], state="linked")
        if {link.mailbox_id for link in linked} != {two.ada, two.bruno}:
            found.append(f"{row['Subject']} is not linked to both")
    told = IssueRow.objects.filter(state="open").values_list("code", "name")
    found += [f"told: {issue}" for issue in told]
    found += [f"marked: {name}" for name in _marked(two)]
    if world.guest_mails():
        found.append("guests were mailed")
    return found


def _marked(two: Two) -> list[str]:
    return [
        row["subject"]
        for outlook in two.outlooks
        for kind in ("events", "messages")
        for row in outlook.call("GET", f"/v1.0/me/{kind}?$top=99")["value"]
        if "Sync Error" in row["categories"]
    ]


def _points(world: World, two: Two, mailbox_id: MailboxId) -> int:
    world.restore(two.saved)
    effects = Effects()
    _sync(world, mailbox_id, effects)
    return len(effects.names)


@pytest.mark.parametrize("is_first", [True, False], ids=["organizer", "guest"])
def test_a_colleagues_whole_session_may_fall_into_any_moment_of_ones_own(
    is_first: bool, world: World, two: Two
) -> None:
    """C05, C08, F04, F16: messages and meetings are saved once for both."""
    own, other = (two.ada, two.bruno) if is_first else (two.bruno, two.ada)
    count = _points(world, two, own)
    assert count >= 15
    troubles = []
    for point in sampled(count, 20, offset=int(is_first)):
        world.restore(two.saved)

        def meet(now: int, point: int = point) -> None:
            if now == point:
                _sync(world, other)

        _sync(world, own, Effects(at_point=meet))
        _rest(world, two)
        troubles += [f"at {point}: {line}" for line in _troubles(world, two)]
    assert not troubles, "\n".join(troubles)


def test_two_processes_at_once_save_everything_once(world: World, two: Two) -> None:
    """F04, F16: nobody orders their steps."""
    drivers = Driver(), Driver()
    troubles = []
    try:
        for _ in range(5):
            world.restore(two.saved)
            for driver, mailbox_id in zip(drivers, (two.ada, two.bruno), strict=True):
                driver.begin(mailbox_id, world)
            assert [driver.end() for driver in drivers] == [{"exit": 0}] * 2
            _rest(world, two)
            troubles += _troubles(world, two)
    finally:
        for driver in drivers:
            driver.close()
    assert not troubles, "\n".join(troubles)


def test_a_session_killed_beside_a_colleagues_is_finished_by_the_next(
    world: World, two: Two
) -> None:
    """F16: what one left half done, both find."""
    driver = Driver()
    troubles, killed = [], 0
    try:
        for point in range(5, _points(world, two, two.ada), 6):
            world.restore(two.saved)
            driver.begin(two.ada, world, point=point)
            _sync(world, two.bruno)
            # What the colleague did already, it need not do: it may end earlier.
            killed += driver.end() == {"signal": 9}
            world.bury_the_dead()
            _rest(world, two)
            troubles += [f"at {point}: {line}" for line in _troubles(world, two)]
    finally:
        driver.close()
    assert killed >= 4
    assert not troubles, "\n".join(troubles)
