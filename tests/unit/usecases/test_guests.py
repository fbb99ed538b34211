"""Guests and invitees through whole sessions: every row of reference 3.5."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syncline.connectors.memory.faults import make_fault
from syncline.domain.access.policy import Policy
from syncline.domain.issues.catalog import by_slug
from syncline.domain.sessions import Counted
from syncline.domain.values.content import Attendee
from syncline.domain.values.faults import FaultClass
from syncline.domain.values.items import Role
from syncline.domain.values.kinds import Direction, Kind
from tests import factories as make
from tests.properties.world import World, span

GRACE, LINUS = "grace@acme.example", "linus@acme.example"
MAILED = by_slug("guests_would_be_mailed").code


class Meetings(World):
    """A world with people, that counts whom Salesforce is asked about."""

    def __init__(self, **choices) -> None:
        policy = Policy(
            auto_save=frozenset({Kind.EVENT}),
            kinds=frozenset({Kind.EVENT}),
            save_unrelated_events=True,
        )
        super().__init__(make.mailbox(policy=replace(policy, **choices)))
        self.people = {
            email: self.crm.add(
                Kind.CONTACT, LastName=email.partition("@")[0], Email=email
            ).id
            for email in (GRACE, LINUS)
        }
        self.asked = 0
        for name in ("people", "people_by_id"):
            self._count(name)

    def _count(self, name: str) -> None:
        inner = getattr(self.crm.directory, name)

        def counted(wanted):
            self.asked += 1
            return inner(wanted)

        setattr(self.crm.directory, name, counted)

    def meet(self, *guests: Attendee):
        return self.mailbox.add(
            Kind.EVENT, subject="Demo", when=span(1), attendees=guests
        ).id

    @property
    def record(self):
        (found,) = self.crm.store.of_kind(Kind.EVENT)
        return found

    @property
    def item(self):
        (found,) = self.mailbox.store.of_kind(Kind.EVENT)
        return found

    def invite(self, **statuses: str) -> None:
        """Somebody sets who is invited in Salesforce, by name."""
        pairs = [
            [self.people[email], statuses[name]]
            for email in self.people
            if (name := email.partition("@")[0]) in statuses
        ]
        text = json.dumps(sorted(pairs)) if pairs else None
        self.crm.edit(self.record.id, Invitees=text)

    def invited(self) -> dict[str, str]:
        names = {i: email.partition("@")[0] for email, i in self.people.items()}
        found = json.loads(self.record.fields["Invitees"] or "[]")
        return {names[person]: status for person, status in found}

    def guests(self) -> dict[str, str]:
        return {
            g.email.partition("@")[0]: g.response
            for g in self.item.content["attendees"]
        }

    def codes(self) -> list[str]:
        return [issue.code for issue in self.open_issues()]


def guest(email: str, response: str = "none") -> Attendee:
    return Attendee(email=email, name=email.partition("@")[0], response=response)


@pytest.fixture
def world() -> Meetings:
    """Guests may not be mailed."""
    return Meetings()


@pytest.fixture
def mailing() -> Meetings:
    """Guests may be mailed."""
    return Meetings(mail_guests=True)


# --- added and removed ------------------------------------------------------


def test_who_is_invited_in_salesforce_is_told_where_guests_may_not_be_mailed(
    world: Meetings,
) -> None:
    world.meet()
    world.sync()
    world.invite(grace="New")
    world.sync()
    assert world.guests() == {}
    assert world.codes() == [MAILED]
    (issue,) = world.open_issues()
    assert issue.params["field_labels"] == "attendees"
    assert world.mailbox.desk.guest_mails == 0


def test_other_changes_of_a_meeting_without_guests_come_all_the_same(
    world: Meetings,
) -> None:
    world.meet()
    world.sync()
    world.invite(grace="New")
    world.crm.edit(world.record.id, Location="Rome")
    world.sync()
    assert world.item.content["location"] == "Rome"
    assert world.codes() == [MAILED]


@pytest.mark.parametrize("way", ["taken back", "added by the owner"])
def test_the_issue_goes_when_both_sides_agree(world: Meetings, way: str) -> None:
    item_id = world.meet()
    world.sync()
    world.invite(grace="New")
    world.sync()
    if way == "taken back":
        world.invite()
    else:
        world.mailbox.edit(item_id, attendees=(guest(GRACE),))
    world.come_to_rest()
    assert world.codes() == []
    assert world.guests().keys() == world.invited().keys()


def test_who_is_invited_in_salesforce_becomes_a_guest_with_status_unknown(
    mailing: Meetings,
) -> None:
    mailing.meet(guest(LINUS, "accepted"))
    mailing.sync()
    mailing.invite(grace="Accepted", linus="Accepted")
    session = mailing.sync()
    assert mailing.guests() == {"grace": "none", "linus": "accepted"}
    assert mailing.invited() == {"grace": "Accepted", "linus": "Accepted"}
    assert GRACE in mailing.record.fields["Syncline_Attendees__c"]
    # One was there and one is new: the provider mails both.
    tally = [t for t in session.tallies if t.counted is Counted.MAILED]
    assert sum(t.count for t in tally) == 2
    assert mailing.codes() == []


def test_who_is_taken_off_in_salesforce_stays_a_guest(mailing: Meetings) -> None:
    mailing.meet(guest(GRACE), guest(LINUS))
    mailing.sync()
    mailing.invite(linus="New")
    mailing.come_to_rest()
    assert mailing.guests().keys() == {"grace", "linus"}
    assert mailing.invited().keys() == {"linus"}
    assert mailing.codes() == []


def test_who_is_taken_off_in_salesforce_goes_where_the_profile_says_so() -> None:
    world = Meetings(mail_guests=True, track_deleted_attendees=True)
    world.meet(guest(GRACE), guest(LINUS))
    world.sync()
    world.invite(linus="New")
    world.come_to_rest()
    assert world.guests().keys() == {"linus"}
    assert world.invited().keys() == {"linus"}


def test_taking_off_is_told_where_guests_may_not_be_mailed() -> None:
    world = Meetings(track_deleted_attendees=True)
    world.meet(guest(GRACE), guest(LINUS))
    world.sync()
    world.invite(linus="New")
    world.sync()
    assert world.guests().keys() == {"grace", "linus"}
    assert world.codes() == [MAILED]


def test_a_guest_of_the_mailbox_is_invited_with_the_status(world: Meetings) -> None:
    item_id = world.meet(guest(GRACE))
    world.sync()
    guests = (guest(GRACE), guest(LINUS, "declined"))
    world.mailbox.edit(item_id, attendees=guests)
    world.sync()
    assert world.invited() == {"grace": "New", "linus": "Declined"}


@pytest.mark.parametrize("status", ["New", "Accepted", "Declined"])
def test_who_leaves_in_the_mailbox_is_taken_off_whatever_the_status(
    world: Meetings, status: str
) -> None:
    item_id = world.meet(guest(GRACE))
    world.sync()
    world.invite(grace=status)
    world.sync()
    world.mailbox.edit(item_id, attendees=())
    world.sync()
    assert world.invited() == {}


def test_guests_and_invitees_that_come_at_once_all_arrive(mailing: Meetings) -> None:
    item_id = mailing.meet()
    mailing.sync()
    mailing.mailbox.edit(item_id, attendees=(guest(LINUS),))
    mailing.invite(grace="New")
    mailing.sync()
    assert mailing.guests().keys() == {"grace", "linus"}
    assert mailing.invited().keys() == {"grace", "linus"}


def test_invitees_that_come_with_new_guests_are_told(world: Meetings) -> None:
    item_id = world.meet()
    world.sync()
    world.mailbox.edit(item_id, attendees=(guest(LINUS),))
    world.invite(grace="New")
    world.sync()
    assert world.guests().keys() == {"linus"}
    assert world.invited().keys() == {"grace", "linus"}
    assert world.codes() == [MAILED]


# --- statuses ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("response", "status"),
    [
        ("accepted", "Accepted"),
        ("declined", "Declined"),
        ("tentative", "New"),
        ("none", "New"),
    ],
)
def test_statuses_go_up_as_they_are_mapped(
    world: Meetings, response: str, status: str
) -> None:
    item_id = world.meet(guest(GRACE, response))
    world.sync()
    assert world.invited() == {"grace": status}
    world.mailbox.edit(item_id, attendees=(guest(GRACE), guest(LINUS, response)))
    world.sync()
    assert world.invited() == {"grace": "New", "linus": status}


def test_an_answer_in_salesforce_stands_until_the_guest_answers(
    world: Meetings,
) -> None:
    item_id = world.meet(guest(GRACE), guest(LINUS))
    world.sync()
    world.invite(grace="Accepted", linus="New")
    world.sync()
    world.mailbox.edit(item_id, attendees=(guest(GRACE), guest(LINUS, "declined")))
    world.sync()
    assert world.invited() == {"grace": "Accepted", "linus": "Declined"}
    assert world.guests() == {"grace": "none", "linus": "declined"}


def test_an_event_of_salesforce_comes_with_guests_whose_status_is_unknown(
    mailing: Meetings,
) -> None:
    made = mailing.crm.add(Kind.EVENT, **make.record().fields)
    text = [[mailing.people[GRACE], "Declined"], [mailing.people[LINUS], "Accepted"]]
    mailing.crm.edit(made.id, Invitees=json.dumps(sorted(text)))
    mailing.come_to_rest()
    assert mailing.guests() == {"grace": "none", "linus": "none"}
    assert mailing.invited() == {"grace": "Declined", "linus": "Accepted"}
    assert mailing.codes() == []


def test_an_event_of_salesforce_comes_without_guests_and_that_is_told(
    world: Meetings,
) -> None:
    made = world.crm.add(Kind.EVENT, **make.record().fields)
    text = json.dumps([[world.people[GRACE], "New"]])
    world.crm.edit(made.id, Invitees=text)
    world.sync()
    assert world.guests() == {}
    assert world.invited() == {"grace": "New"}
    assert world.codes() == [MAILED]
    assert world.mailbox.desk.guest_mails == 0


def test_a_meeting_of_somebody_else_has_no_invitees(mailing: Meetings) -> None:
    mailing.mailbox.be_invited(
        "grace@acme.example",
        subject="Demo",
        when=span(1),
        attendees=(guest(LINUS, "accepted"),),
    )
    item = mailing.item
    mailing.mailbox.alter(item.id, response="accepted")
    mailing.sync()
    assert mailing.invited() == {}
    mailing.invite(linus="New")
    mailing.come_to_rest()
    assert mailing.guests() == {"linus": "accepted"}
    assert mailing.codes() == []


# --- who is who -------------------------------------------------------------


def test_the_owner_is_never_made_a_guest(mailing: Meetings) -> None:
    mailing.meet()
    mailing.sync()
    owner = mailing.crm.directory.add_person("User", mailing.whose.address)
    mailing.crm.edit(mailing.record.id, Invitees=json.dumps([[owner.id, "New"]]))
    mailing.come_to_rest()
    assert mailing.guests() == {}


def test_a_guest_is_not_added_again_under_another_record(mailing: Meetings) -> None:
    mailing.meet(guest(GRACE))
    mailing.sync()
    lead = mailing.crm.directory.add_person("Lead", GRACE)
    both = sorted([[lead.id, "New"], [mailing.people[GRACE], "New"]])
    mailing.crm.edit(mailing.record.id, Invitees=json.dumps(both))
    mailing.come_to_rest()
    assert list(mailing.guests()) == ["grace"]


def test_a_lead_that_was_invited_stays_who_is_invited(mailing: Meetings) -> None:
    item_id = mailing.meet()
    mailing.sync()
    lead = mailing.crm.directory.add_person("Lead", GRACE)
    text = json.dumps([[lead.id, "New"]])
    mailing.crm.edit(mailing.record.id, Invitees=text)
    mailing.come_to_rest()
    guests = mailing.item.content["attendees"]
    mailing.mailbox.edit(item_id, attendees=(*guests, guest(LINUS)))
    mailing.come_to_rest()
    found = dict(json.loads(mailing.record.fields["Invitees"]))
    assert found.keys() == {lead.id, mailing.people[LINUS]}


def test_where_only_colleagues_are_invited_others_stay_whom_people_invite() -> None:
    world = Meetings(mail_guests=True, invite_members_only=True)
    item_id = world.meet()
    world.sync()
    world.invite(grace="New")
    world.come_to_rest()
    guests = world.item.content["attendees"]
    world.mailbox.edit(item_id, attendees=(*guests, guest(LINUS)))
    world.come_to_rest()
    assert world.invited().keys() == {"grace"}


@pytest.mark.parametrize("direction", [Direction.UP, Direction.DOWN])
def test_guests_travel_the_way_of_their_kind(direction: Direction) -> None:
    world = Meetings(mail_guests=True)
    item_id = world.meet()
    world.sync()
    policy = replace(world.whose.policy, directions={Kind.EVENT: direction})
    world.shelf.mailbox = replace(world.whose, policy=policy)
    world.mailbox.edit(item_id, attendees=(guest(LINUS),))
    world.invite(grace="New")
    world.come_to_rest()
    is_up = direction is Direction.UP
    assert ("linus" in world.invited()) == is_up
    assert ("grace" in world.guests()) != is_up


# --- faults -----------------------------------------------------------------


def test_invitees_that_were_not_written_are_made_good(world: Meetings) -> None:
    """The event was made, and the side closed before the invitees were written."""
    world.crm.writer = Halving(world, FaultClass.ACCESS)
    world.meet(guest(GRACE))
    assert world.sync().error_code
    assert world.invited() == {}
    world.come_to_rest()
    assert world.invited() == {"grace": "New"}
    assert world.codes() == []


@pytest.mark.parametrize(
    "fault", [FaultClass.UNAVAILABLE, FaultClass.PERMISSION, FaultClass.REJECTED]
)
@pytest.mark.parametrize("is_there", [False, True])
def test_invitees_of_which_one_was_refused_are_made_good(
    world: Meetings, fault: FaultClass, is_there: bool
) -> None:
    item_id = world.meet(*([] if is_there else [guest(GRACE)]))
    if is_there:
        world.sync()
        world.mailbox.edit(item_id, subject="New", attendees=(guest(GRACE),))
    world.crm.writer = Halving(world, fault)
    world.sync()
    assert world.crm.writer.has_failed
    world.come_to_rest()
    assert world.invited() == {"grace": "New"}
    assert world.codes() == []


class Halving:
    """Writes events and, once, fails at their invitees, as Salesforce may."""

    def __init__(self, world: Meetings, fault: FaultClass) -> None:
        self._inner = world.crm.writer
        self.side, self.batch_size = self._inner.side, self._inner.batch_size
        self._fault = fault
        self.has_failed = False

    def write(self, operations):
        if self.has_failed or not any("Invitees" in o.fields for o in operations):
            return self._inner.write(operations)
        self.has_failed = True
        bare = [
            replace(o, fields={n: v for n, v in o.fields.items() if n != "Invitees"})
            for o in operations
        ]
        fault = make_fault(self._fault, "HALF")
        return [
            replace(done, operation=operation, fault=fault, record=None)
            for done, operation in zip(self._inner.write(bare), operations, strict=True)
        ]


# --- requests ---------------------------------------------------------------


def test_a_quiet_session_asks_about_nobody(mailing: Meetings) -> None:
    mailing.meet(guest(GRACE))
    mailing.sync()
    mailing.invite(grace="New", linus="New")
    mailing.come_to_rest()
    mailing.asked = 0
    mailing.sync()
    mailing.mailbox.edit(mailing.item.id, subject="Another")
    mailing.sync()
    mailing.crm.edit(mailing.record.id, Location="Rome")
    mailing.sync()
    assert mailing.asked == 0


def test_guests_that_changed_take_one_question(world: Meetings) -> None:
    item_id = world.meet(guest(GRACE))
    world.sync()
    world.asked = 0
    world.mailbox.edit(item_id, attendees=(guest(GRACE, "accepted"), guest(LINUS)))
    world.sync()
    assert world.asked == 1


@pytest.mark.parametrize(("may_mail", "count"), [(False, 1), (True, 2)])
def test_invitees_that_changed_take_one_question_more(
    may_mail: bool, count: int
) -> None:
    world = Meetings(mail_guests=may_mail)
    world.meet()
    world.sync()
    world.asked = 0
    world.invite(grace="New", linus="New")
    world.sync()
    assert world.asked == count


# --- participants -----------------------------------------------------------

SOMEBODY = st.sampled_from([GRACE, LINUS])
STEP = st.tuples(
    st.sampled_from(["add guest", "invite", "remove guest", "answer", "sync"]), SOMEBODY
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(STEP, max_size=8))
def test_participants_stay_the_same_on_both_sides(steps) -> None:
    """C06: after any number of sessions, organizer included."""
    world = Meetings(mail_guests=True)
    world.meet(guest(GRACE))
    world.sync()
    for step, email in steps:
        live(world, step, email)
    world.come_to_rest()
    before = (world.guests(), world.invited())
    assert world.guests().keys() == world.invited().keys()
    for _ in range(3):
        world.sync()
    assert (world.guests(), world.invited()) == before
    assert world.item.is_organizer
    assert world.record.owner_id == world.crm.user_id
    assert world.item.role is Role.SINGLE


def live(world: Meetings, step: str, email: str) -> None:
    guests = {g.email: g for g in world.item.content["attendees"]}
    name = email.partition("@")[0]
    match step:
        case "add guest":
            guests.setdefault(email, guest(email))
        case "remove guest":
            guests.pop(email, None)
        case "answer" if email in guests:
            guests[email] = guest(email, "accepted")
        case "invite":
            world.invite(**{**{name: "New"}, **world.invited()})
        case "sync":
            world.sync()
    if step not in ("invite", "sync"):
        ordered = tuple(guests[e] for e in sorted(guests))
        world.mailbox.edit(world.item.id, attendees=ordered)
