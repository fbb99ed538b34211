"""Visits and renewals: what one colleague keeps in objects of the org's own."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from syncline.sandbox.company.people import Colleague, Person
from syncline.sandbox.company.period import DAY, Period
from syncline.sandbox.company.shapes import Json

VISIT_COUNT = 6
RENEWAL_COUNT = 4


def site_visits(
    random: Random, owner: Colleague, period: Period, known: list[Person]
) -> list[Json]:
    """One a week, two hours each."""
    return [
        _site_visit(random.choice(known), owner, period, week)
        for week in range(1, VISIT_COUNT + 1)
    ]


def _site_visit(person: Person, owner: Colleague, period: Period, week: int) -> Json:
    customer = person.customer
    day = period.monday(week) + 3 * DAY
    start = datetime.combine(day, time(13), ZoneInfo(owner.zone)).astimezone(UTC)
    return {
        "Name": f"Site visit {customer.name}"[:80],
        "Account__c": f"@ref:{customer.ref}",
        "Starts_At__c": _spelled(start),
        "Ends_At__c": _spelled(start + timedelta(hours=2)),
        "Site__c": customer.city,
        "Notes__c": f"Ask for {person.name} at the gate.",
        "_owner": owner.username,
    }


def _spelled(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def contract_renewals(
    random: Random, owner: Colleague, period: Period, known: list[Person]
) -> list[Json]:
    """One every other week, on a day."""
    return [
        {
            "Name": f"Renew contract with {person.customer.name}"[:80],
            "Account__c": f"@ref:{person.customer.ref}",
            "Renewal_Date__c": (period.monday(2 * number) + DAY).isoformat(),
            "_owner": owner.username,
        }
        for number, person in enumerate(random.sample(known, RENEWAL_COUNT), start=1)
    ]
