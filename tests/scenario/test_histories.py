"""Whatever people, admins, networks and crashes do, both sides agree in the end.

Histories over both sandbox servers and a real database: Hypothesis chooses what
happens, and prints the shortest history that breaks a promise. After the faults
end, within a few sessions, nothing is lost, nothing is doubled, no guest was mailed,
and a further session writes nothing.
"""

from __future__ import annotations

import contextlib
import os
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from syncline.domain.issues.catalog import known
from syncline.domain.issues.docket import link_subject
from syncline.domain.issues.marking import ERROR_MARK
from syncline.store.models import IssueRow, LinkRow
from tests.scenario.effects import Effects
from tests.scenario.networks import TROUBLES, TroubledTransport
from tests.scenario.people import RefusedError
from tests.scenario.recurring import Recurring
from tests.scenario.signing_in import sign_in, withdraw
from tests.scenario.tagged import Found, Tagged, by_tag
from tests.scenario.world import PROVIDERS, Saved, World, is_quiet

pytestmark = [pytest.mark.django_db(transaction=True)]

IS_NIGHTLY = os.environ.get("SYNCLINE_NIGHTLY") == "1"
#: Sessions until everything is in step, once nothing fails any longer.
SESSIONS_TO_REST = 3
A_DAY = timedelta(days=1, hours=1)

SORTS = st.sampled_from(["events", "contacts", "tasks", "messages"])
RECORD_SORTS = st.sampled_from(["events", "contacts", "tasks"])
WORDS = st.sampled_from(["Alder", "Birch", "Cedar", ""])
NAMES = st.sampled_from(["Alder", "Birch", "Cedar"])
DETAILS = st.sampled_from(["Oslo", "Rome", ""])
PICKS = st.integers(0, 9)
DAYS = st.integers(2, 9)


class Killed(BaseException):
    """The process died here."""


@pytest.fixture(scope="module")
def start(world: World) -> Saved:
    """Connected, with a little of everything in step on both sides."""
    people = Tagged(world.outlook, world.crm, world.post())
    people.add_item("events", "Early")
    people.add_item("events", "With guests", guests=True)
    people.add_item("contacts", "Early")
    people.add_record("events", "Early")
    people.add_item("tasks", "Early")
    people.add_item("messages", "Early")
    world.connect()
    world.settle()
    return world.save("histories_start")


class Histories(RuleBasedStateMachine):
    """People on both sides, an admin, a bad network, and an operator."""

    world: World
    start: Saved

    def __init__(self) -> None:
        super().__init__()
        self.world.restore(self.start)
        self.world.outlook.use(self.world.account("microsoft365")["access_token"])
        self.world.crm.use(self.world.account("salesforce")["access_token"])
        world = self.world
        self.people = Tagged(world.outlook, world.crm, world.post(), last=6)
        self.meeting = Recurring(world.outlook, world.crm)
        #: What Syncline knew was lost, all of it or the newest.
        self.has_forgotten = False
        #: Tags of which somebody deleted one end.
        self.deleted: set[int] = set()
        self.trouble: tuple[str, int, int] | None = None
        self.dies_at: int | None = None
        self.has_backup = False
        #: Providers at which the first account's own tokens are void.
        self.withdrawn: set[str] = set()

    @initialize()
    def begin(self) -> None:
        """Begin with a quiet mailbox."""

    def _item(self, pick: int) -> Found | None:
        found = self.people.items()
        return found[pick % len(found)] if found else None

    def _record(self, pick: int) -> Found | None:
        found = self.people.records()
        return found[pick % len(found)] if found else None

    @staticmethod
    def _by_the_org_s_rules() -> contextlib.AbstractContextManager[None]:
        """What an admin requires binds people, too."""
        return contextlib.suppress(RefusedError)

    # --- people in Outlook ---

    @rule(sort=SORTS, word=WORDS, day=DAYS)
    def add_item(self, sort: str, word: str, day: int) -> None:
        self.people.add_item(sort, word, day=day)

    @rule(day=DAYS)
    def invite_a_guest(self, day: int) -> None:
        self.people.add_item("events", "With guests", day=day, guests=True)

    @rule(pick=PICKS, word=NAMES)
    def rename_item(self, pick: int, word: str) -> None:
        if item := self._item(pick):
            self.people.rename_item(item, word)

    @rule(pick=PICKS, text=DETAILS)
    def detail_item(self, pick: int, text: str) -> None:
        if item := self._item(pick):
            self.people.detail_item(item, text)

    @rule(pick=PICKS, day=DAYS)
    def move_item(self, pick: int, day: int) -> None:
        if item := self._item(pick):
            self.people.move_item(item, day)

    @rule(pick=PICKS)
    def strip_categories(self, pick: int) -> None:
        item = self._item(pick)
        if item and item.sort != "messages":
            # A message would not be wanted any longer: it is saved by its mark.
            self.people.change_item(item, categories=["My own"])

    @rule(pick=PICKS)
    def delete_item(self, pick: int) -> None:
        if item := self._item(pick):
            self.deleted.add(item.tag)
            self.people.delete_item(item)

    @precondition(lambda self: not self.meeting.is_there)
    @rule()
    def add_series(self) -> None:
        self.meeting.add()

    @precondition(lambda self: self.meeting.is_there)
    @rule(pick=PICKS, text=DETAILS)
    def relocate_occurrence(self, pick: int, text: str) -> None:
        self.meeting.relocate(pick, text)

    @precondition(lambda self: self.meeting.is_there)
    @rule(pick=PICKS)
    def cancel_occurrence(self, pick: int) -> None:
        self.meeting.cancel(pick)

    # --- people in Salesforce ---

    @precondition(lambda self: self.meeting.is_there)
    @rule(pick=PICKS, text=DETAILS)
    def relocate_record_of_occurrence(self, pick: int, text: str) -> None:
        with self._by_the_org_s_rules():
            self.meeting.relocate_record(pick, text)

    @rule(sort=RECORD_SORTS, word=NAMES, day=DAYS)
    def add_record(self, sort: str, word: str, day: int) -> None:
        with self._by_the_org_s_rules():
            self.people.add_record(sort, word, day=day)
            return
        self.deleted.add(self.people.last)  # It never was.

    @rule(pick=PICKS, word=NAMES)
    def rename_record(self, pick: int, word: str) -> None:
        with self._by_the_org_s_rules():
            if record := self._record(pick):
                self.people.rename_record(record, word)

    @rule(pick=PICKS, text=DETAILS)
    def detail_record(self, pick: int, text: str) -> None:
        with self._by_the_org_s_rules():
            if record := self._record(pick):
                self.people.detail_record(record, text)

    @rule(pick=PICKS, day=DAYS)
    def move_record(self, pick: int, day: int) -> None:
        with self._by_the_org_s_rules():
            if record := self._record(pick):
                self.people.move_record(record, day)

    @rule(pick=PICKS)
    def delete_record(self, pick: int) -> None:
        if record := self._record(pick):
            self.deleted.add(record.tag)
            self.people.delete_record(record)

    # --- the admin ---

    @rule(is_active=st.booleans())
    def switch_the_rule(self, is_active: bool) -> None:
        self._set_rule(is_active)

    def _set_rule(self, is_active: bool) -> None:
        rule_ = {"name": "Meeting_Needs_Subject", "active": is_active}
        self.world.ask("salesforce", "POST", "/org/rules", rule_)

    @rule(field=st.sampled_from(["Event.Location", "Contact.Title"]))
    def require_a_field(self, field: str) -> None:
        change = {"field": field, "nillable": False}
        self.world.ask("salesforce", "POST", "/org/fields", change)

    @rule()
    def sync_while_the_user_is_inactive(self) -> None:
        self._set_user(False)
        self.sync(is_asked=False)
        self._set_user(True)

    def _set_user(self, is_active: bool) -> None:
        user = self.world.account("salesforce")["username"]
        change = {"username": user, "is_active": is_active}
        self.world.ask("salesforce", "POST", "/org/users", change)

    # --- trouble ---

    @rule(
        name=st.sampled_from(sorted(TROUBLES)),
        call=st.integers(0, 20),
        times=st.sampled_from([1, 1, 2, 100]),
    )
    def plan_trouble(self, name: str, call: int, times: int) -> None:
        self.trouble = (name, call, times)

    @rule(effect=st.integers(0, 30))
    def plan_a_crash(self, effect: int) -> None:
        self.dies_at = effect

    @rule(provider=st.sampled_from(PROVIDERS))
    def expire_access(self, provider: str) -> None:
        self.world.ask(provider, "POST", "/faults", {"kind": "expire_tokens"})
        self._sign_in_as_person(provider)

    @rule(provider=st.sampled_from(PROVIDERS))
    def withdraw_access(self, provider: str) -> None:
        if provider not in self.withdrawn:
            withdraw(self.world, provider)
            self.withdrawn.add(provider)
            self._sign_in_as_person(provider)

    @precondition(lambda self: self.withdrawn)
    @rule()
    def renew_access(self) -> None:
        self._renew()

    def _sign_in_as_person(self, provider: str) -> None:
        """The person's own program gets a token of its own."""
        world = self.world
        person = world.outlook if provider == "microsoft365" else world.crm
        person.use(sign_in(world, provider)["access_token"])

    @rule(provider=st.sampled_from(PROVIDERS))
    def lose_resume_points(self, provider: str) -> None:
        self.world.ask(provider, "POST", "/faults", {"kind": "lose_delta_tokens"})

    @rule(hours=st.sampled_from([-2, 1, 5, 30]))
    def let_time_jump(self, hours: int) -> None:
        self.world.clock.advance(timedelta(hours=hours))

    @rule()
    def back_up(self) -> None:
        self.world.back_up("histories_backup")
        self.has_backup = True

    @precondition(lambda self: self.has_backup)
    @rule()
    def restore_the_backup(self) -> None:
        self.world.bring_back("histories_backup")
        self.has_forgotten = True

    @rule()
    def lose_the_database(self) -> None:
        self.world.empty_tables()
        self.has_forgotten = True
        self._renew()

    # --- sessions ---

    @rule(is_asked=st.booleans())
    def sync(self, is_asked: bool) -> None:
        effects = Effects(at_point=self._die_when_planned)
        self.world.reset_counters()
        try:
            self.world.sync(
                transport=self._network(), effects=effects, is_asked=is_asked
            )
        except Killed:
            self.world.end_leases()
        self.trouble = self.dies_at = None
        assert self.world.guest_mails() == 0

    def _die_when_planned(self, point: int) -> None:
        if point == self.dies_at:
            raise Killed

    def _network(self) -> httpx2.BaseTransport | None:
        if self.trouble is None:
            return None
        name, call, times = self.trouble
        return TroubledTransport(TROUBLES[name], lambda n: call <= n < call + times)

    # --- what must hold ---

    def _renew(self) -> None:
        tokens: dict[str, Any] = {p: sign_in(self.world, p) for p in PROVIDERS}
        self.world.connect(**tokens)
        # Salesforce forgets the oldest of several sign-ins.
        self.world.outlook.use(tokens["microsoft365"]["access_token"])
        self.world.crm.use(tokens["salesforce"]["access_token"])

    def teardown(self) -> None:
        world = self.world
        self._set_rule(True)
        for field in ("Event.Location", "Contact.Title"):
            change = {"field": field, "nillable": True}
            world.ask("salesforce", "POST", "/org/fields", change)
        if self.withdrawn:
            self._renew()
        world.reset_counters()
        for _ in range(SESSIONS_TO_REST):
            world.clock.advance(A_DAY)
            session = world.sync()
            assert not session.error_code, session
        assert world.guest_mails() == 0
        world.reset_counters()
        assert is_quiet(world.sync())
        for provider in PROVIDERS:
            assert world.ask(provider, "GET", "/counters")["writes"] == 0
        self._check()
        self._check_series()

    def _check_series(self) -> None:
        """Every date is in Salesforce once, as it is in the calendar."""
        dates, records = self.meeting.occurrences(), self.meeting.records()
        if not self.has_forgotten:
            # A date that nobody remembers stays in Salesforce.
            assert records.keys() <= dates.keys(), "a cancelled date is left"
        held = _held_links()
        links = {x.item_id: x for x in LinkRow.objects.exclude(state="tombstone")}
        for day, (date, *doubles) in dates.items():
            assert not doubles, f"doubled in the calendar: {day}"
            link = links.get(date.id)
            assert link is not None, f"nobody knows {day}"
            if link.series_key in held or link.key in held:
                continue
            found = records.get(day, [])
            assert [x.location for x in found] == [date.location], day

    def _check(self) -> None:
        items, records = by_tag(self.people.items()), by_tag(self.people.records())
        held = _held_links()
        links = {x.item_id: x for x in LinkRow.objects.exclude(state="tombstone")}
        for tag in range(1, self.people.last + 1):
            ours, theirs = items.get(tag, []), records.get(tag, [])
            assert len(ours) <= 1, f"doubled in the mailbox: {ours}"
            assert len(theirs) <= 1, f"doubled in Salesforce: {theirs}"
            if not ours and not theirs:
                assert tag in self.deleted, f"#{tag} is lost"
                continue
            if tag in self.deleted and not (ours and theirs):
                # What was deleted on one side may stay on the other, on its own.
                left = ours[0].categories if ours else frozenset()
                assert not left & {ERROR_MARK, "Salesforce"}, ours
                continue
            if ours and not theirs:
                link = links.get(ours[0].id)
                assert link is not None, f"nobody knows {ours[0]}"
                assert link.key in held, f"{ours[0]} is not copied, and nobody is told"
                assert ERROR_MARK in ours[0].categories, ours[0]
                continue
            assert ours, f"{theirs[0]} never came down"
            link = links[ours[0].id]
            assert link.record_id == theirs[0].id, f"{ours[0]} and {theirs[0]}"
            if link.key in held:
                assert ERROR_MARK in ours[0].categories, ours[0]
                continue
            self._agree(ours[0], theirs[0])

    def _agree(self, item: Found, record: Found) -> None:
        assert item.name == record.name
        assert item.detail == record.detail, (item, record)
        assert ERROR_MARK not in item.categories, item
        assert "Salesforce" in item.categories, item
        assert not item.is_filed, item


def _held_links() -> set[str]:
    """Keys of links that an open issue holds back."""
    rows = IssueRow.objects.filter(state="open")
    found = {row.subject for row in rows if not known(row.code).is_quiet}
    links = LinkRow.objects.exclude(state="tombstone")
    return {link.key for link in links if link_subject(link.key) in found}


SETTINGS = settings(
    max_examples=2000 if IS_NIGHTLY else 100,
    stateful_step_count=20 if IS_NIGHTLY else 8,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


@pytest.mark.timeout(14400 if IS_NIGHTLY else 900)
def test_whatever_happens_both_sides_agree_in_the_end(
    world: World, start: Saved
) -> None:
    """D15, E01, F01, F07, J01: 100 histories; 2,000 in the nightly profile.

    One that fails is made short, printed, and tried first from then on.
    """
    Histories.world, Histories.start = world, start
    run_state_machine_as_test(Histories, settings=SETTINGS)
