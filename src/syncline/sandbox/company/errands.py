"""Things to do: in the mailboxes' lists, and in Salesforce."""

from __future__ import annotations

from datetime import date, datetime, time
from random import Random

from syncline.sandbox.company import shapes
from syncline.sandbox.company.people import Colleague, Person
from syncline.sandbox.company.period import DAY, Period
from syncline.sandbox.company.phrases import PRODUCTS
from syncline.sandbox.company.shapes import Json

#: To Do lists: the one that is synchronized by its name, and the default one.
FILED_LIST = "Salesforce Tasks"
DEFAULT_LIST = "Tasks"
FILED_COUNT = 15
DEFAULT_COUNT = 10
CRM_COUNT = 8
LEAD_COUNT = 3

_TITLES = (
    "Send offer for {product} to {name}",
    "Call {name} back about {product}",
    "Check delivery date, {customer}",
    "Ask {name} for the signed contract",
    "Order spare parts: {product}",
    "Angebot {product} nachfassen ({customer})",
    "Förbered demo av {product}",
    "Preparare il certificato, {customer}",
    "Update price list for {customer}",
)
_PRIVATE_TITLES = (
    "Renew parking permit",
    "Book train to the fair",
    "Expense report",
    "Order business cards",
    "Return the loan laptop 💻",
    "Read the new travel policy",
    "Choose a birthday present for the team",
    "Backup of the measuring van",
    "Water the plants 🪴",
    "Flu shot",
)
_NOTES = (
    "Last offer: NI-2026-118.\nAsk for the volume.",
    "He is away on Fridays.",
    "",
    "",
)
_OPEN = ("notStarted", "notStarted", "inProgress", "waitingOnOthers", "deferred")
_CRM_OPEN = ("Not Started", "In Progress", "Waiting on someone else", "Deferred")


def lists(
    random: Random, owner: Colleague, period: Period, known: list[Person]
) -> dict[str, list[Json]]:
    """The To Do lists of one colleague: open, done and overdue tasks."""
    private = list(_PRIVATE_TITLES)
    random.shuffle(private)
    return {
        FILED_LIST: [
            _task(random, owner, period, n, _title(random, known))
            for n in range(FILED_COUNT)
        ],
        DEFAULT_LIST: [
            _task(random, owner, period, n, private[n]) for n in range(DEFAULT_COUNT)
        ],
    }


def _title(random: Random, known: list[Person]) -> str:
    person = random.choice(known)
    return random.choice(_TITLES).format(
        product=random.choice(PRODUCTS),
        name=person.name,
        customer=person.customer.name,
    )


def _task(
    random: Random, owner: Colleague, period: Period, number: int, title: str
) -> Json:
    """A task; by its number it is done, overdue, due later, or without a date."""
    task: Json = {
        "title": title,
        "body": shapes.text_body(random.choice(_NOTES)),
        "importance": random.choice(("normal", "normal", "high", "low")),
        "status": random.choice(_OPEN),
    }
    match number % 5:
        case 0:
            done = period.today - random.randint(1, 9) * DAY
            task |= {"status": "completed", "completedDateTime": _midnight(done)}
            task["dueDateTime"] = _midnight(done)
        case 1:
            overdue = period.today - random.randint(2, 20) * DAY
            task["dueDateTime"] = _midnight(overdue)
        case 2 | 3:
            due = period.today + random.randint(1, 40) * DAY
            reminder = datetime.combine(due - DAY, time(8, 30))
            task |= {
                "dueDateTime": _midnight(due),
                "isReminderOn": True,
                "reminderDateTime": shapes.moment(reminder, owner.mailbox_zone),
            }
        case _:
            pass
    return task


def _midnight(day: date) -> Json:
    """To Do keeps dates as midnights in UTC."""
    return shapes.moment(datetime.combine(day, time()), "UTC")


def crm_tasks(
    random: Random, owner: Colleague, period: Period, known: list[Person]
) -> list[Json]:
    """What one colleague has to do in Salesforce only."""
    found: list[Json] = []
    for number in range(CRM_COUNT):
        person = random.choice(known)
        is_done = number % 4 == 3
        days = -random.randint(1, 9) if is_done else random.randint(-6, 30)
        found.append(
            {
                "Subject": _title(random, [person]),
                "Description": random.choice(_NOTES) or None,
                "ActivityDate": (period.today + days * DAY).isoformat(),
                "Status": "Completed" if is_done else random.choice(_CRM_OPEN),
                "Priority": random.choice(("Normal", "Normal", "High", "Low")),
                "WhatId": f"@ref:{person.customer.ref}",
                "_owner": owner.username,
            }
        )
    return found


def leads(random: Random, owner: Colleague, people: list[Person]) -> list[Json]:
    """People who may become customers."""
    return [
        {
            "FirstName": person.given,
            "LastName": person.family,
            "Company": f"{person.customer.name} ({person.customer.city})",
            "Email": person.email,
            "Phone": person.phone,
            "Title": person.title,
            "Status": random.choice(("Open - Not Contacted", "Qualified")),
            "_owner": owner.username,
        }
        for person in people
    ]


def opportunity(
    random: Random, owner: Colleague, period: Period, person: Person
) -> Json:
    """Something that a customer may buy."""
    product = random.choice(PRODUCTS)
    return {
        "Name": f"{person.customer.name}: {product}"[:120],
        "AccountId": f"@ref:{person.customer.ref}",
        "StageName": random.choice(("Prospecting", "Proposal")),
        "CloseDate": (period.today + random.randint(20, 120) * DAY).isoformat(),
        "Amount": random.randint(8, 400) * 500,
        "_owner": owner.username,
    }
