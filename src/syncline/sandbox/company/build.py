"""Builds the demo company for a day: what the two sandbox servers load."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from syncline.sandbox.company import (
    address_book,
    awkward,
    calendar,
    correspondence,
    errands,
    series,
    visits,
)
from syncline.sandbox.company.causes import Misfit, misfits
from syncline.sandbox.company.people import BRUNO, DORA, STAFF, Colleague, Crowd, Person
from syncline.sandbox.company.period import Period
from syncline.sandbox.company.shapes import Json

#: Per colleague.
MAILBOX_CONTACTS = 68
CRM_CONTACTS = 27
SHARED_CONTACTS = 14
#: Persons that a colleague writes with and works for.
CORRESPONDENTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The seed data of both servers.

    `expected_causes` names, for each cause of an issue, the mailbox and the
    item that must show it; all other items must sync.
    """

    microsoft365: Json
    salesforce: Json
    expected_causes: dict[str, list[tuple[str, str]]]


class _Shelves:
    """Where finished items are put, by mailbox and by object."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, list[Json]]] = {
            c.address: {"events": [], "contacts": [], "messages": []} for c in STAFF
        }
        self.lists: dict[str, dict[str, list[Json]]] = {}
        self.records: dict[str, list[Json]] = {
            "Account": address_book.accounts(),
            "Contact": [],
            "Lead": [],
            "Opportunity": [],
            "Event": [],
            "Task": [],
            "Site_Visit__c": [],
            "Contract_Renewal__c": [],
        }

    def put(self, owner: Colleague, shelf: str, *items: Json) -> None:
        """Add items to a mailbox."""
        self.items[owner.address][shelf].extend(items)

    def mailbox_items(self) -> Json:
        """All items by mailbox, as the server loads them."""
        return {
            address: {**shelves, "tasks": self.lists.get(address, {})}
            for address, shelves in self.items.items()
        }


def build(now: datetime, seed: int = 20261123) -> Company:
    """The company on the UTC day of `now`; equal days and seeds are equal.

    Args:
        now: An aware instant; calendars reach from 14 days before its day to 60
            days after.
        seed: Of everything that is not written by hand.
    """
    random = Random(seed)
    period = Period(now.astimezone(UTC).date())
    crowd = Crowd(random)
    shelves = _Shelves()
    circles: dict[Colleague, list[Person]] = {}
    for owner in STAFF:
        known = circles[owner] = _fill_address_book(random, crowd, owner, shelves)
        diary = calendar.Diary(random, owner, period, known)
        shelves.put(owner, "events", *diary.mailbox_events())
        shelves.records["Event"] += diary.crm_events()
    organizer = STAFF[0]
    shelves.put(organizer, "events", *calendar.internal_meetings(period))
    for owner, item in awkward.events(period):
        shelves.put(owner, "events", item)
    for owner, item in awkward.contacts():
        shelves.put(owner, "contacts", item)
    expected = _place_misfits(misfits(period, crowd), shelves)
    for number, (owner, known) in enumerate(circles.items()):
        # A source of its own: what was there before stays as it was.
        _fill_other_kinds(
            Random(seed + 1 + number), crowd, owner, period, known, shelves
        )
    _fill_own_objects(Random(seed), period, circles[BRUNO], shelves)
    return Company(
        microsoft365={"mailboxes": _mailboxes(), "items": shelves.mailbox_items()},
        salesforce={"users": _users(), "records": shelves.records},
        expected_causes=expected,
    )


def _fill_address_book(
    random: Random, crowd: Crowd, owner: Colleague, shelves: _Shelves
) -> list[Person]:
    here = [crowd.next() for _ in range(MAILBOX_CONTACTS)]
    there = [crowd.next() for _ in range(CRM_CONTACTS)]
    shared = [crowd.next() for _ in range(SHARED_CONTACTS)]
    contacts = [address_book.mailbox_contact(random, person) for person in here]
    records = [address_book.crm_contact(random, person, owner) for person in there]
    for number, person in enumerate(shared):
        pair = address_book.both_sides(random, person, owner, number)
        contacts.append(pair[0])
        records.append(pair[1])
    shelves.put(owner, "contacts", *contacts)
    shelves.records["Contact"] += records
    return here + shared


def _fill_other_kinds(
    random: Random,
    crowd: Crowd,
    owner: Colleague,
    period: Period,
    known: list[Person],
    shelves: _Shelves,
) -> None:
    """Series, tasks, e-mails, leads and opportunities of one colleague."""
    # Those at the end are contacts in Salesforce as well.
    circle = known[-CORRESPONDENTS:]
    shelves.put(owner, "events", *series.series(period, owner, random.choice(circle)))
    shelves.lists[owner.address] = errands.lists(random, owner, period, circle)
    shelves.records["Task"] += errands.crm_tasks(random, owner, period, circle)
    prospects = [crowd.next() for _ in range(errands.LEAD_COUNT)]
    shelves.records["Lead"] += errands.leads(random, owner, prospects)
    shelves.records["Opportunity"] += [
        errands.opportunity(random, owner, period, person) for person in circle[-4:]
    ]
    desk = correspondence.Desk(random, owner, period, circle + prospects)
    shelves.put(owner, "messages", *desk.messages())
    for reader, message in [*desk.internal(), *desk.to_all()]:
        shelves.put(reader, "messages", message)


def _fill_own_objects(
    random: Random, period: Period, known: list[Person], shelves: _Shelves
) -> None:
    """One colleague travels a lot."""
    records = shelves.records
    records["Site_Visit__c"] = visits.site_visits(random, BRUNO, period, known)
    records["Contract_Renewal__c"] = visits.contract_renewals(
        random, BRUNO, period, known
    )


def _place_misfits(
    found: list[Misfit], shelves: _Shelves
) -> dict[str, list[tuple[str, str]]]:
    expected: dict[str, list[tuple[str, str]]] = {}
    for misfit in found:
        if misfit.event is not None:
            shelves.put(misfit.owner, "events", misfit.event)
        if misfit.contact is not None:
            shelves.put(misfit.owner, "contacts", misfit.contact)
        shelves.records["Contact"] += misfit.records
        entry = (misfit.owner.address, misfit.name)
        expected.setdefault(misfit.cause, []).append(entry)
    return expected


def _mailboxes() -> list[Json]:
    return [
        {"address": c.address, "name": c.name, "time_zone": c.mailbox_zone}
        for c in STAFF
    ]


def _users() -> list[Json]:
    return [
        {
            "username": c.username,
            "name": c.name,
            "email": c.address,
            "is_active": c.is_active,
            "syncing": c.is_active,
            "timezone": c.zone,
        }
        for c in (*STAFF, DORA)
    ]
