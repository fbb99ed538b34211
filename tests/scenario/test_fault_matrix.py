"""Every call of a session x every way in which a provider fails to answer it.

One call site fails for one whole session: the session ends with a result, tells
what its class of failure is to be told, goes on with everything else, and does not
hammer. Once the site works again everything comes into step and stays quiet.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

import pytest

from syncline.domain.access.mailbox import Standing
from syncline.domain.issues.catalog import entry, known
from syncline.domain.issues.docket import link_subject
from syncline.domain.issues.marking import ERROR_MARK
from syncline.domain.sessions import Session
from syncline.store.models import IssueRow, LinkRow, MailboxRow
from tests.scenario.call_sites import Site
from tests.scenario.differences import differences
from tests.scenario.facts import Facts, Json
from tests.scenario.faulty_sites import FaultySite, SeenSites
from tests.scenario.refusals import BY_NAME, REFUSALS, Refusal
from tests.scenario.world import PROVIDERS, Saved, World, is_quiet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

#: How many combinations of each provider one test run tries; nightly: all.
CHOSEN = 20
#: What did lasting harm once, and why; tried in each run.
ONCE_HARMFUL = {
    "a mark that could not be taken off stayed, and brought its record back": (
        "microsoft365 PATCH /me/messages/{id} (part) x 503"
    ),
    "a session that broke off left marks on what had left Salesforce": (
        "salesforce PATCH /composite/sobjects/Contact/Syncline_Id__c [Contact] x reset"
    ),
    "a message that could not be moved home stayed filed": (
        "microsoft365 POST /me/messages/{id}/move (part) x 412"
    ),
    "a message in the bin was taken for moved away": (
        "microsoft365 GET /me/mailFolders/deleteditems (part) x 410"
    ),
    "a folder that was refused once was never read again": (
        "microsoft365 GET /me/mailFolders/{id}/messages/delta $deltatoken (part)"
        " x 403 forbidden"
    ),
    "an item that was gone was marked again and again": (
        "salesforce DELETE /composite/sobjects allOrNone ids [00T] x 410"
    ),
    "a refused tie of a task held up the marks of all others": (
        "microsoft365 POST /$batch POST of todo/lists/{id}/tasks/{id}/{id}"
        " x 403 forbidden"
    ),
}
#: Four attempts of a call, and one more after its grant was renewed.
MOST_IN_A_ROW = 5
#: Categories are asked for before marks are set and again before they are tidied.
MOST_FOR_MARKS = 2 * MOST_IN_A_ROW
#: A faulty session makes at most so many times the calls of a good one.
MOST_CALLS = 4
#: The longest wait of a held item.
A_DAY = timedelta(days=1, hours=1)
#: What cannot sync anyway shows the first cause that was met, which may be the
#: refusal: first causes are kept (H07).
EXCUSED = ("Fax", "Desk", "TBD: new")
#: How tasks get our key.
TIE = "todo/lists/{id}/tasks/{id}/{id}"
#: A failing item is named on each of its two ends, which may differ.
NAMES_OF_ONE_ITEM = 2

#: What may be told after one session. All others pass: nobody is told.
TOLD = {
    "401": {"mailbox_access_lost", "crm_access_lost"},
    "403 quota": {"mailbox_full", "storage_full", "unreadable_item"},
    "403 forbidden": {
        *("permission_denied_mailbox", "permission_denied_crm"),
        *("no_access_to_record", "read_only_record", "unreadable_item"),
    },
    "404": {"record_gone"},
    "410": {"release_too_old", "unreadable_item"},
    "truncated page": {"unreadable_item"},
    "malformed body": {"unreadable_item"},
}


@dataclass(frozen=True)
class Place:
    """A call site, the state in which it is met, and how that state ends."""

    site: Site
    saved: Saved
    #: Calls of a good session.
    calls: int
    #: After one good session, and at rest.
    after: Facts
    rest: Facts


Matrix = list[tuple[Place, Refusal]]


@pytest.fixture(scope="module")
def matrix(world: World, first: Saved, second: Saved) -> Matrix:
    """Every combination, in an order that hangs on nothing but their names."""
    places: dict[Site, Place] = {}
    for saved in (second, first):
        world.restore(saved)
        seen = SeenSites()
        world.sync(transport=seen)
        after = world.facts()
        rest = _rested(world)
        for site in seen.sites:
            places.setdefault(site, Place(site, saved, seen.calls, after, rest))
    found = [
        (place, refusal)
        for place in places.values()
        for refusal in REFUSALS
        if _can_meet(place.site, refusal)
    ]
    return sorted(found, key=lambda pair: _rank(_name(*pair)))


def _name(place: Place, refusal: Refusal) -> str:
    return f"{place.site} x {refusal.name}"


def _rank(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def _can_meet(site: Site, refusal: Refusal) -> bool:
    """Leave out what is no failure but news that a provider alone can have.

    Graph's and Salesforce's own "not there", said of one item that is asked for
    or deleted, is their word that it is deleted, and is believed. So is what
    Salesforce says of an object that is asked for: it is hidden from the user.
    """
    if site.inside == "row" and not refusal.row:
        return False
    if site.shape.endswith("/describe") and refusal.name in ("403 forbidden", "404"):
        return False
    is_gone = refusal.name == "404"
    is_about_one = site.inside and ("{id}" in site.shape or "DELETE" in site.shape)
    return not (is_gone and is_about_one and site.shape.startswith(("GET", "DELETE")))


def _rested(world: World) -> Facts:
    """The end state, once every held item had its turn; solved issues left out."""
    world.settle()
    world.clock.advance(A_DAY)
    world.settle()
    facts = world.facts()
    return facts | {"issues": [i for i in facts["issues"] if i["state"] != "resolved"]}


def _is_marking(site: Site) -> bool:
    """Whether marks are set there, and nothing else."""
    only_patches = site.shape.startswith("POST /$batch PATCH of")
    return "masterCategories" in site.shape or only_patches or _is_tie(site)


def _is_tie(site: Site) -> bool:
    """Whether a task gets our key, which comes before its marks."""
    return site.shape.startswith("POST") and site.shape.endswith(TIE)


# --- what must hold after the faulty session ---


def _told(facts: Facts) -> Counter[str]:
    """Causes that people see, without those that are only for information."""
    return Counter(
        entry(i["code"]).slug
        for i in facts["issues"]
        if i["state"] != "resolved" and not known(i["code"]).is_quiet
    )


def _after_the_session(
    world: World, place: Place, refusal: Refusal, session: Session
) -> list[str]:
    found = world.facts()
    allowed = TOLD.get(refusal.name, set())
    if session.finished_at is None or not session.result:
        return ["the session has no result"]
    troubles = []
    more = _told(found) - _told(place.after)
    troubles += [f"told {slug}" for slug in more if slug not in allowed]
    if session.error_code and allowed and not more:
        disposition = entry(session.error_code).disposition
        if disposition != "retry":
            troubles.append(f"{session.error_code} was not told")
    standing = MailboxRow.objects.get().standing
    is_lost = bool(session.error_code) and refusal.name == "401"
    expected = Standing.NEEDS_RENEWAL if is_lost else Standing.ACTIVE
    if standing != expected:
        troubles.append(f"the mailbox is {standing}")
    if not session.error_code:
        troubles += _isolation(place, refusal, found)
    if not _is_marking(place.site) and not session.error_code:
        troubles += _marks(world)
    return troubles


def _isolation(place: Place, refusal: Refusal, found: Facts) -> list[str]:
    """Where one item was refused, all others are where they should be."""
    if not place.site.inside or _is_marking(place.site):
        return []
    if "/instances" in place.site.shape:
        return []  # One answer is about all occurrences of a series.
    if refusal.manner == "truncated" and place.site.shape.startswith("GET"):
        return []
    if refusal.name == "403 forbidden" and "/delta" in place.site.shape:
        return []  # A folder, or all mail, is none of our business then.
    names = _names_that_differ(place.after, found)
    if len(names) <= NAMES_OF_ONE_ITEM:
        return []
    return [f"others were held up: {sorted(names)}"]


def _names_that_differ(expected: Facts, found: Facts) -> set[str]:
    """What differs; a series is one thing, however many dates it has."""
    names: set[str] = set()
    for kind in ("items", "records"):
        before = [repr(thing) for thing in expected[kind]]
        after = [repr(thing) for thing in found[kind]]
        names |= {_title(t) for t in expected[kind] if repr(t) not in after}
        names |= {_title(t) for t in found[kind] if repr(t) not in before}
    # The dates of a series begin with its name.
    return {n for n in names if not any(n.startswith(f"{other} ") for other in names)}


def _title(thing: Json) -> str:
    fields = ("subject", "surname", "givenName", "title", "Subject", "LastName")
    name = str(next((thing[f] for f in fields if thing.get(f)), "?"))
    # Salesforce shows a saved e-mail as a task, too.
    return name.removeprefix("Email: ")


def _marks(world: World) -> list[str]:
    """An item is marked if and only if something open holds it back."""
    marked = {
        item["id"]: ERROR_MARK in item["categories"]
        for kind in ("events", "contacts")
        for item in world.outlook.call("GET", f"/v1.0/me/{kind}?$top=900")["value"]
    }
    troubles = []
    for link in LinkRow.objects.exclude(state="tombstone"):
        if link.item_id not in marked:
            continue
        about = IssueRow.objects.filter(subject=link_subject(link.key), state="open")
        is_told = any(not known(issue.code).is_quiet for issue in about)
        if marked[link.item_id] != is_told:
            word = "marked" if marked[link.item_id] else "not marked"
            troubles.append(f"{link.name} is {word}")
    return troubles


def _restraint(place: Place, refusal: Refusal, network: FaultySite) -> list[str]:
    troubles = []
    if not network.hits:
        troubles.append("the site was never met")
    most = MOST_FOR_MARKS if _is_marking(place.site) else MOST_IN_A_ROW
    if network.longest_run > most:
        troubles.append(f"repeated {network.longest_run} times")
    if network.calls > MOST_CALLS * place.calls:
        troubles.append(f"{network.calls} calls instead of {place.calls}")
    is_long = "long" in refusal.name
    if is_long and not place.site.inside and network.longest_run > 1:
        troubles.append("came back before it was asked to")
    return troubles


# --- what must hold once the site works again ---


def _after_the_fault(world: World, place: Place) -> list[str]:
    try:
        found = _rested(world)
    except AssertionError as error:
        return [f"no rest: {str(error)[:200]}"]
    troubles = differences(_without_excused(place.rest), _without_excused(found))
    if not is_quiet(world.sync()):
        troubles.append("not quiet at rest")
    if world.guest_mails():
        troubles.append("guests were mailed")
    return troubles


def _without_excused(facts: Facts) -> Facts:
    """Without what may differ: what was thrown away, when a task was done."""
    return {
        kind: [_timeless(x) for x in things if not _is_excused(x)]
        for kind, things in facts.items()
    }


def _is_excused(thing: Json) -> bool:
    is_away = thing.get("folder") == "Deleted Items"
    return is_away or any(name in repr(thing) for name in EXCUSED)


def _timeless(thing: Json) -> Json:
    base = thing.get("base_record")
    if not base:
        return thing
    kept = {name: v for name, v in base.items() if name != "CompletedDateTime"}
    return {**thing, "base_record": kept}


def _troubles(world: World, place: Place, refusal: Refusal) -> list[str]:
    world.restore(place.saved)
    network = FaultySite(place.site, refusal)
    session = world.sync(transport=network)
    return [
        *_restraint(place, refusal, network),
        *_after_the_session(world, place, refusal, session),
        *_after_the_fault(world, place),
    ]


def _report(world: World, tries: Matrix) -> str:
    lines = []
    for place, refusal in tries:
        try:
            found = _troubles(world, place, refusal)
        except Exception as error:
            found = [repr(error)]
        lines += [f"{_name(place, refusal)}: {line}" for line in found]
    return "\n".join(lines)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_refusal_at_one_call_site_does_no_lasting_harm(
    provider: str, world: World, matrix: Matrix
) -> None:
    """A11, G01, G02, H01, H03, L05: one failing part holds up nothing else."""
    tries = [pair for pair in matrix if pair[0].site.provider == provider]
    assert len(tries) > CHOSEN
    report = _report(world, tries[:CHOSEN])
    assert not report, report


@pytest.mark.parametrize("why", ONCE_HARMFUL)
def test_what_did_lasting_harm_once_does_none(
    why: str, world: World, matrix: Matrix
) -> None:
    tries = [pair for pair in matrix if _name(*pair) == ONCE_HARMFUL[why]]
    assert len(tries) == 1
    report = _report(world, tries)
    assert not report, report


@pytest.mark.nightly
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", BY_NAME)
def test_every_refusal_at_every_call_site_does_no_lasting_harm(
    name: str, world: World, matrix: Matrix
) -> None:
    tries = [pair for pair in matrix if pair[1].name == name]
    report = _report(world, tries)
    assert not report, report


def test_every_kind_of_call_is_in_the_matrix(matrix: Matrix) -> None:
    sites = {place.site for place, _ in matrix}
    for provider in PROVIDERS:
        insides = Counter(s.inside for s in sites if s.provider == provider)
        assert insides[""] >= 8
        assert insides["part"] >= 8
    assert any(site.inside == "row" for site in sites)
    verbs = {(s.provider, s.shape.split()[0]) for s in sites}
    for verb in ("GET", "POST", "PATCH", "DELETE"):
        assert verbs >= {(provider, verb) for provider in PROVIDERS}
