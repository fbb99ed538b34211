"""Ordinary calendar items: some made in the mailboxes, some in Salesforce.

Every item of a person has a start of its own, in that person's working hours.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from syncline.sandbox.company import shapes
from syncline.sandbox.company.people import ADA, STAFF, Colleague, Person
from syncline.sandbox.company.period import DAY, SATURDAY, Period
from syncline.sandbox.company.phrases import (
    ALL_DAY,
    APPOINTMENTS,
    AWAY,
    INTERNAL,
    INVITATIONS,
    MARKUP,
    MEETINGS,
    MULTI_DAY,
    PRIVATE,
    PRODUCTS,
    ROOMS,
    TEXTS,
)
from syncline.sandbox.company.shapes import Json

#: Starts of working slots; an item fits into 75 minutes.
SLOTS = tuple(time(*clock) for clock in ((8, 0), (9, 15), (10, 30), (13, 0), (14, 15)))
LATE_SLOTS = (time(15, 30), time(16, 45))
LENGTHS = (15, 25, 30, 45, 50, 60, 75)
INTERNAL_SLOT = time(11, 45)
REMINDERS = (0, 5, 15, 15, 30, 60, 1440)

TIMED_COUNT = 112
ALL_DAY_COUNT = 6
MULTI_DAY_COUNT = 3
CRM_TIMED_COUNT = 19
CRM_ALL_DAY_COUNT = 2


class Diary:
    """Writes the calendar of one colleague."""

    def __init__(
        self, random: Random, owner: Colleague, period: Period, known: list[Person]
    ) -> None:
        """Begin with an empty calendar.

        Args:
            random: Decides everything; the same state gives the same diary.
            owner: Whose calendar it is.
            period: Where items may lie.
            known: Persons who can be guests or organizers.
        """
        self._random = random
        self._owner = owner
        self._period = period
        self._known = known
        self._free = [
            datetime.combine(day, slot)
            for day in period.workdays
            for slot in SLOTS + LATE_SLOTS
        ]
        random.shuffle(self._free)

    def mailbox_events(self) -> list[Json]:
        """What the person keeps in the mailbox, in no order."""
        events = [self._timed() for _ in range(TIMED_COUNT)]
        days = self._random.sample(self._period.workdays, ALL_DAY_COUNT)
        events += [self._all_day(day) for day in days]
        mondays = [d for d in self._period.workdays if d.weekday() == 0]
        weeks = self._random.sample(mondays[:-1], 2 * MULTI_DAY_COUNT)
        events += [self._multi_day(day) for day in weeks[:MULTI_DAY_COUNT]]
        events += [self._fair(day + DAY) for day in weeks[MULTI_DAY_COUNT:]]
        return events

    def crm_events(self) -> list[Json]:
        """What the person made in Salesforce only."""
        events = [self._crm_timed() for _ in range(CRM_TIMED_COUNT)]
        days = self._random.sample(self._period.workdays[:-2], CRM_ALL_DAY_COUNT)
        events += [
            {
                "Subject": self._phrase(ALL_DAY),
                **shapes.crm_whole_days(day, day + n * DAY),
                "ShowAs": "Free",
                "_owner": self._owner.username,
            }
            for n, day in enumerate(days)
        ]
        return events

    def _timed(self) -> Json:
        kinds = (self._meeting, self._appointment, self._invited, self._private)
        make = self._random.choices((*kinds, self._away), (9, 12, 4, 2, 2))[0]
        return {**self._when(), **self._reminder(), **make()}

    def _when(self) -> Json:
        start = self._free.pop()
        end = start + timedelta(minutes=self._random.choice(LENGTHS))
        return shapes.timed(start, end, self._owner.mailbox_zone)

    def _reminder(self) -> Json:
        minutes = self._random.choice((*REMINDERS, None))
        if minutes is None:
            return {"isReminderOn": False}
        return {"isReminderOn": True, "reminderMinutesBeforeStart": minutes}

    def _meeting(self) -> Json:
        guests = self._guests()
        return {
            "subject": self._phrase(MEETINGS, guests[0]),
            "body": self._body(guests[0]),
            "location": shapes.place(self._place(guests[0])),
            "attendees": [_invited(guest, n) for n, guest in enumerate(guests)],
            "showAs": self._random.choice(("busy", "busy", "busy", "tentative")),
        }

    def _appointment(self) -> Json:
        person = self._random.choice(self._known)
        place = self._random.choice((None, self._place(person)))
        return {
            "subject": self._phrase(APPOINTMENTS, person),
            "body": self._body(person),
            **({"location": shapes.place(place)} if place else {}),
            "showAs": self._random.choice(("busy", "busy", "free", "tentative")),
        }

    def _invited(self) -> Json:
        host, *others = self._guests()
        owner = shapes.attendee(self._owner.name, self._owner.address)
        return {
            "subject": self._phrase(INVITATIONS, host),
            "body": self._body(host),
            "location": shapes.place(self._place(host)),
            "organizer": shapes.address(host.name, host.email),
            "isOrganizer": False,
            "attendees": [owner, *(_invited(guest, 1) for guest in others)],
            "showAs": self._random.choice(("busy", "tentative")),
        }

    def _private(self) -> Json:
        return {
            "subject": self._random.choice(PRIVATE),
            "sensitivity": self._random.choice(("private", "private", "personal")),
            "showAs": "busy",
        }

    def _away(self) -> Json:
        shown = self._random.choice(("oof", "workingElsewhere"))
        return {"subject": self._random.choice(AWAY), "showAs": shown}

    def _all_day(self, day: date) -> Json:
        when = shapes.whole_days(day, day, self._owner.mailbox_zone)
        shown = self._random.choice(("free", "busy", "workingElsewhere"))
        return shapes.event(self._phrase(ALL_DAY), when, showAs=shown)

    def _multi_day(self, monday: date) -> Json:
        last = monday + self._random.randint(1, 4) * DAY
        when = shapes.whole_days(monday, last, self._owner.mailbox_zone)
        return shapes.event(self._phrase(MULTI_DAY), when, showAs="oof")

    def _fair(self, day: date) -> Json:
        start = datetime.combine(day, time(9, 30))
        end = datetime.combine(day + 2 * DAY, time(17, 0))
        when = shapes.timed(start, end, self._owner.mailbox_zone)
        return shapes.event(self._phrase(MULTI_DAY), when, showAs="busy")

    def _crm_timed(self) -> Json:
        person = self._random.choice(self._known)
        start = self._free.pop().replace(tzinfo=ZoneInfo(self._owner.zone))
        end = start + timedelta(minutes=self._random.choice(LENGTHS))
        kind = self._random.choice((MEETINGS, APPOINTMENTS))
        return {
            "Subject": self._phrase(kind, person),
            "Description": self._random.choice(TEXTS).format(ref=person.customer.ref)
            or None,
            "Location": self._place(person),
            **shapes.crm_timed(start, end),
            "ShowAs": self._random.choice(("Busy", "Busy", "Free", "OutOfOffice")),
            "IsPrivate": self._random.random() < 0.1,  # a tenth
            "WhatId": f"@ref:{person.customer.ref}",
            "_owner": self._owner.username,
        }

    def _guests(self) -> list[Person]:
        host = self._random.choice(self._known)
        same = [p for p in self._known if p.customer is host.customer and p != host]
        count = min(len(same), self._random.choice((0, 1, 1, 2, 3)))
        return [host, *self._random.sample(same, count)]

    def _phrase(self, phrases: tuple[str, ...], person: Person | None = None) -> str:
        about = person or self._random.choice(self._known)
        return self._random.choice(phrases).format(
            customer=about.customer.name,
            city=about.customer.city,
            product=self._random.choice(PRODUCTS),
        )

    def _place(self, person: Person) -> str:
        where = person.customer
        own = f"{where.name}, {where.street}, {where.city}"
        return self._random.choice((own, *ROOMS))

    def _body(self, person: Person) -> Json:
        filled = {
            "product": self._random.choice(PRODUCTS),
            "name": person.name,
            "ref": person.customer.ref,
        }
        if self._random.random() < 0.5:  # every other
            return shapes.text_body(self._random.choice(TEXTS).format(**filled))
        return shapes.html_body(self._random.choice(MARKUP).format(**filled))


def _invited(person: Person, place: int) -> Json:
    role = "required" if place <= 1 else "optional"
    return shapes.attendee(person.name, person.email, role)


def internal_meetings(period: Period) -> list[Json]:
    """Meetings of the whole team, as they stand in the organizer's calendar."""
    guests = [shapes.attendee(c.name, c.address) for c in STAFF if c is not ADA]
    wednesdays = [d for d in period.workdays if d.weekday() == SATURDAY - 3]
    return [
        shapes.event(
            f"{INTERNAL[n % len(INTERNAL)]}, week {day.isocalendar().week}",
            _team_hour(day),
            attendees=guests,
            location=shapes.place("Microsoft Teams Meeting"),
            body=shapes.html_body("<html><body><p>As every week.</p></body></html>"),
            showAs="busy",
        )
        for n, day in enumerate(wednesdays)
    ]


def _team_hour(day: date) -> Json:
    start = datetime.combine(day, INTERNAL_SLOT)
    return shapes.timed(start, start + timedelta(minutes=60), ADA.mailbox_zone)
