"""The people of the tests: whose pages they are, and whose they are not."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.contrib.auth.models import User
from django.test import Client

from syncline.store.models import (
    ConnectionRow,
    MailboxRow,
    OrganizationRow,
    ProfileRow,
)
from syncline.web.authorization.people import Person

NORTHWIND = "00D000000000001AAA"
ELSEWHERE = "00D000000000002AAA"

ALICE = Person(
    user_id="005000000000001AAA",
    organization_id=NORTHWIND,
    username="alice@northwind.example",
    name="Alice Ahlberg",
)
BOB = Person(
    user_id="005000000000002AAA",
    organization_id=NORTHWIND,
    username="bob@northwind.example",
    name="Bob Brandt",
)
#: Has no mailbox.
ADA = Person(
    user_id="005000000000003AAA",
    organization_id=NORTHWIND,
    username="ada@northwind.example",
    name="Ada Admin",
)
#: A copy of Alice's org has the same user ids.
MALLORY = Person(
    user_id=ALICE.user_id,
    organization_id=ELSEWHERE,
    username="mallory@elsewhere.example",
    name="Mallory",
)


@dataclass(frozen=True, slots=True)
class Home:
    """One person's mailbox and a browser in which the person is signed in."""

    person: Person
    mailbox: MailboxRow
    client: Client


def sign_in(person: Person) -> Client:
    """A browser that has come back from Salesforce."""
    user, _ = User.objects.get_or_create(username=person.username)
    client = Client()
    client.force_login(
        user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    session = client.session
    session["syncline.person"] = asdict(person)
    session.save()
    return client


def mailbox_of(person: Person) -> MailboxRow:
    """The person's mailbox, connected on both sides."""
    organization, _ = OrganizationRow.objects.get_or_create(
        crm_org_id=person.organization_id, defaults={"name": "Northwind"}
    )
    profile, _ = ProfileRow.objects.get_or_create(
        organization=organization, name="Default"
    )
    mailbox = MailboxRow.objects.create(
        organization=organization,
        profile=profile,
        address=person.username,
        provider="microsoft365",
        crm_user_id=person.user_id,
        crm_username=person.username,
        crm_instance_url="https://northwind.my.salesforce.com",
    )
    for side, provider in (("mailbox", "microsoft365"), ("crm", "salesforce")):
        ConnectionRow.objects.create(
            mailbox=mailbox,
            side=side,
            provider=provider,
            base_url="https://api.example",
            token_url="https://api.example/token",
            account=person.username,
        )
    return mailbox


def at_home(person: Person) -> Home:
    """The person with a mailbox, signed in."""
    return Home(person, mailbox_of(person), sign_in(person))
