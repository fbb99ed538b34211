"""Builds the demo company for a day: what the two sandbox servers load."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from syncline.sandbox.company import address_book, awkward, calendar
from syncline.sandbox.company.causes import Misfit, misfits
from syncline.sandbox.company.people import DORA, STAFF, Colleague, Crowd, Person
from syncline.sandbox.company.period import Period
from syncline.sandbox.company.shapes import Json

#: Per colleague.
MAILBOX_CONTACTS = 68
CRM_CONTACTS = 27
SHARED_CONTACTS = 14


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
        self.records: dict[str, list[Json]] = {
            "Account": address_book.accounts(),
            "Contact": [],
            "Event": [],
        }

    def put(self, owner: Colleague, shelf: str, *items: Json) -> None:
        """Add items to a mailbox."""
        self.items[owner.address][shelf].extend(items)


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
    for owner in STAFF:
        known = _fill_address_book(random, crowd, owner, shelves)
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
    return Company(
        microsoft365={"mailboxes": _mailboxes(), "items": shelves.items},
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
