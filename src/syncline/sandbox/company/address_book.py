"""Ordinary contacts: in a mailbox, in Salesforce, or the same one in both."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from syncline.sandbox.company import shapes
from syncline.sandbox.company.customers import CUSTOMERS
from syncline.sandbox.company.people import Colleague, Person
from syncline.sandbox.company.phrases import NOTES, SALUTATIONS
from syncline.sandbox.company.shapes import Json

OLDEST_BIRTH = date(1957, 1, 1)
BIRTH_RANGE_DAYS = 16_000
#: How often a contact carries a detail that most lack.
SELDOM = 0.2
OFTEN = 0.7


def accounts() -> list[Json]:
    """The customers as Salesforce accounts, to be referred to by `@ref:`."""
    return [
        {
            "_ref": customer.ref,
            "Name": customer.name,
            "Industry": customer.industry,
            "Type": "Customer",
            "Phone": f"{customer.dial} 555 00 00",
            "Website": f"https://{customer.domain}",
            "BillingStreet": customer.street,
            "BillingCity": customer.city,
            "BillingPostalCode": customer.postal_code,
            "BillingCountry": customer.country,
        }
        for customer in CUSTOMERS
    ]


def mailbox_contact(random: Random, person: Person) -> Json:
    """A person as somebody keeps them in the mailbox."""
    return shapes.contact(
        person.given,
        person.family,
        emailAddresses=shapes.emails(person.email, name=person.name),
        companyName=person.customer.name,
        jobTitle=person.title,
        mobilePhone=person.mobile,
        **_work(random, person),
        **_extras(random, person),
    )


def _work(random: Random, person: Person) -> Json:
    if random.random() > OFTEN:
        return {}
    where = person.customer
    return {
        "department": person.department,
        "businessPhones": [person.phone],
        "businessAddress": {
            "street": where.street,
            "postalCode": where.postal_code,
            "city": where.city,
            "countryOrRegion": where.country,
        },
    }


def _extras(random: Random, person: Person) -> Json:
    extras: Json = {}
    if random.random() < SELDOM:
        extras["title"] = random.choice(SALUTATIONS)
    if random.random() < SELDOM:
        born = OLDEST_BIRTH + timedelta(days=random.randrange(BIRTH_RANGE_DAYS))
        extras["birthday"] = f"{born.isoformat()}T11:59:00Z"
    if random.random() < SELDOM:
        extras["personalNotes"] = random.choice(NOTES)
    if random.random() < SELDOM:
        extras["displayName"] = shapes.joined((person.family, person.given))
    return extras


def crm_contact(random: Random, person: Person, owner: Colleague) -> Json:
    """A person as a Salesforce contact of an account."""
    where = person.customer
    record: Json = {
        "FirstName": person.given,
        "LastName": person.family,
        "Email": person.email,
        "Title": person.title,
        "Department": person.department,
        "Phone": person.phone,
        "AccountId": f"@ref:{where.ref}",
        "_owner": owner.username,
    }
    if random.random() < OFTEN:
        record |= {
            "MailingStreet": where.street,
            "MailingCity": where.city,
            "MailingPostalCode": where.postal_code,
            "MailingCountry": where.country,
        }
    if random.random() < SELDOM:
        record["Description"] = random.choice(NOTES)
    return record


def both_sides(
    random: Random, person: Person, owner: Colleague, number: int
) -> tuple[Json, Json]:
    """One person in the mailbox and in Salesforce, equal by e-mail.

    Two of three pairs differ in a way that a merge settles alone: the address
    in case, or a number that only one side knows.
    """
    item = mailbox_contact(random, person)
    record = crm_contact(random, person, owner)
    record.pop("Description", None)
    match number % 6:
        case 1:
            shouted = person.email.replace(person.email[0], person.email[0].upper(), 1)
            item["emailAddresses"] = shapes.emails(shouted, name=person.name)
        case 3:
            del record["Title"]
        case 5:
            record["HomePhone"] = person.mobile
            del item["mobilePhone"]
        case _:
            record["MobilePhone"] = person.mobile
    return item, record
