"""Northwind's own people, and the persons that they know at customers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, product
from random import Random

from syncline.sandbox.company.customers import CUSTOMERS, Customer
from syncline.sandbox.company.names import CULTURES, Name
from syncline.sandbox.company.phrases import DEPARTMENTS, TITLES

MAIL_DOMAIN = "northwind.example"
LOGIN_DOMAIN = "northwind-sandbox.example"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works, or worked, at Northwind."""

    local_part: str
    name: str
    #: IANA name.
    zone: str
    #: The name that the mailbox's calendar carries.
    mailbox_zone: str
    is_active: bool = True

    @property
    def address(self) -> str:
        """Address of the mailbox and of the Salesforce user."""
        return f"{self.local_part}@{MAIL_DOMAIN}"

    @property
    def username(self) -> str:
        """What they sign in to Salesforce with."""
        return f"{self.local_part}@{LOGIN_DOMAIN}"


ADA = Colleague(
    "ada.lindqvist", "Ada Lindqvist", "Europe/Stockholm", "W. Europe Standard Time"
)
BRUNO = Colleague("bruno.okafor", "Bruno Okafor", "Africa/Lagos", "Africa/Lagos")
CHIARA = Colleague("chiara.rossi", "Chiara Rossi", "Europe/Rome", "Europe/Rome")
DORA = Colleague("dora.gone", "Dora Gone", "Europe/Berlin", "Europe/Berlin", False)

STAFF = (ADA, BRUNO, CHIARA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody at a customer's; name, address and numbers are theirs alone."""

    given: str
    family: str
    email: str
    mobile: str
    phone: str
    title: str
    department: str
    customer: Customer

    @property
    def name(self) -> str:
        """Full name, given name first."""
        return f"{self.given} {self.family}"


class Crowd:
    """Yields persons, none twice, evenly over the customers."""

    def __init__(self, random: Random) -> None:
        """Deal the names; the same `random` gives the same crowd."""
        self._random = random
        self._numbers = 0
        self._addresses: set[str] = set()
        self._names = {
            culture: _deal(random, culture)
            for culture in sorted({customer.culture for customer in CUSTOMERS})
        }
        self._customers = cycle(CUSTOMERS)

    def next(self, customer: Customer | None = None) -> Person:
        """The next person, of the given customer if there is one."""
        where = customer or next(self._customers)
        given, family = next(self._names[where.culture])
        return Person(
            given=given.text,
            family=family.text,
            email=self._address(given, family, where.domain),
            mobile=self.number(where),
            phone=self.number(where),
            title=self._random.choice(TITLES),
            department=self._random.choice(DEPARTMENTS),
            customer=where,
        )

    def number(self, customer: Customer) -> str:
        """A telephone number that nobody else has, spelled in one of some ways."""
        self._numbers += 1
        head, tail = divmod(5_550_000 + self._numbers, 10_000)
        return self._random.choice(
            (
                f"{customer.dial} {head} {tail:04d}",
                f"{customer.dial}-{head}-{tail // 100:02d} {tail % 100:02d}",
                f"{customer.dial} ({head}) {tail:04d}",
            )
        )

    def _address(self, given: Name, family: Name, domain: str) -> str:
        plain = f"{given.latin}.{family.latin}"
        local, copies = plain, 1
        while f"{local}@{domain}" in self._addresses:
            copies += 1
            local = f"{plain}{copies}"
        self._addresses.add(f"{local}@{domain}")
        return f"{local}@{domain}"


def _deal(random: Random, culture: str) -> Iterator[tuple[Name, Name]]:
    names = CULTURES[culture]
    pairs = list(product(names.given, names.family))
    random.shuffle(pairs)
    return iter(pairs)
