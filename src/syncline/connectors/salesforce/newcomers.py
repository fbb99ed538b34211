"""Makes people, and the accounts they belong to, once.

known by address --yes--> that person
    | no
    v
account by name, made if there is none
    |
    v
insert with a key made of the address
    +-- key is taken ------------> the person who has it
    +-- duplicate rule, 1 match -> that person
    +-- any other refusal -------> a fault
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from syncline.connectors.salesforce import soql, wire
from syncline.connectors.salesforce.client import SalesforceClient
from syncline.connectors.salesforce.describe import Describes
from syncline.connectors.salesforce.faults import read_record_fault, unanswered_fault
from syncline.connectors.salesforce.ids import long_id
from syncline.connectors.salesforce.manifest import KEY_FIELD, WRITE_LIMIT
from syncline.connectors.salesforce.people import new_fields, person_key
from syncline.domain.errors import PassingError
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.ids import RecordId
from syncline.domain.values.people import NewPerson, Person

_OPERATION = "create person"
_DUPLICATES = "DUPLICATES_DETECTED"
_ACCOUNT_NAME_LENGTH = 255

T = TypeVar("T")
Finding = Callable[[Sequence[str]], list[Person]]


class Newcomers:
    """Makes contacts and leads."""

    def __init__(
        self, client: SalesforceClient, describes: Describes, find: Finding
    ) -> None:
        """Prepare; `find` knows people by address."""
        self._client = client
        self._describes = describes
        self._find = find

    def create(self, people: Sequence[NewPerson]) -> list[Person | Fault]:
        """One answer each, in order.

        Raises:
            ProviderError: The side is closed to us.
        """
        attempt = 1
        while True:
            try:
                return self._try(people)
            except PassingError as error:
                # What was made before the answer was lost is found by address.
                if not self._client.http.pause(error.fault, attempt):
                    raise
                attempt += 1

    def _try(self, people: Sequence[NewPerson]) -> list[Person | Fault]:
        known = self._known(people)
        wanted = {_address(p): p for p in people if _address(p) not in known}
        accounts = self._accounts(list(wanted.values()))
        made: dict[str, Person | Fault] = dict(known)
        for name in ("Contact", "Lead"):
            newcomers = []
            for person in wanted.values():
                account = accounts.get(_account_name(person))
                if person.object_name != name:
                    continue
                if isinstance(account, Fault):
                    made[_address(person)] = account
                else:
                    account_id = person.account_id or account or ""
                    newcomers.append(replace(person, account_id=account_id))
            for portion in _portions(newcomers):
                results = self._insert(name, portion)
                for person, result in zip(portion, results, strict=True):
                    made[_address(person)] = self._answer(person, result)
        return [made[_address(person)] for person in people]

    def _known(self, people: Sequence[NewPerson]) -> dict[str, Person]:
        """Contacts and leads that have one of the addresses; contacts first."""
        addresses = {_address(person) for person in people}
        found = [p for p in self._find(sorted(addresses)) if p.object_name != "User"]
        known: dict[str, Person] = {}
        for person in sorted(found, key=lambda p: p.object_name):
            for address in addresses.intersection(person.emails):
                known.setdefault(address, person)
        return known

    def _accounts(self, people: Sequence[NewPerson]) -> dict[str, str | Fault]:
        """Accounts by lower-case name, made where there is none."""
        names = {_account_name(p): p.account_name for p in people if _account_name(p)}
        found: dict[str, str | Fault] = dict(self._named(list(names)))
        missing = [key for key in names if key not in found]
        for portion in _portions(missing):
            bodies = [{"Name": names[key][:_ACCOUNT_NAME_LENGTH]} for key in portion]
            results = self._client.insert("Account", bodies)
            for key, result in zip(portion, results, strict=True):
                found[key] = _account(result)
        return found

    def _named(self, names: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Accounts of exactly that name, whatever its case; the oldest counts."""
        for portion in soql.in_portions(names):
            query = soql.select(
                ("Id", "Name"),
                "Account",
                [soql.any_of("Name", portion)],
                "CreatedDate DESC, Id DESC",
            )
            for row in self._client.query(query, operation=_OPERATION):
                yield str(row.get("Name")).lower(), long_id(str(row.get("Id")))

    def _insert(
        self, object_name: str, people: Sequence[NewPerson]
    ) -> list[wire.SaveResult]:
        has_key = KEY_FIELD in self._describes.of(object_name).fields
        bodies = []
        for person in people:
            body = {**new_fields(person), "OwnerId": self._client.user_id}
            if has_key:
                body[KEY_FIELD] = person_key(person.email)
            bodies.append(body)
        return self._client.insert(object_name, bodies)

    def _answer(self, person: NewPerson, result: wire.SaveResult) -> Person | Fault:
        if result.success and result.id:
            return self._made(person, result.id)
        if result.success:
            return unanswered_fault(_OPERATION, "BadResponse", "saved under no id")
        fault = read_record_fault(result.errors, _OPERATION)
        is_taken = fault.fault_class is FaultClass.EXISTS and KEY_FIELD in fault.fields
        if (is_taken or fault.code == _DUPLICATES) and len(fault.matches) == 1:
            return self._made(person, fault.matches[0])
        return fault

    def _made(self, person: NewPerson, record_id: str) -> Person:
        return Person(
            id=RecordId(long_id(record_id)),
            object_name=person.object_name,
            emails=(_address(person),),
            name=" ".join(person.name.split()),
            account_id=person.account_id if person.object_name == "Contact" else "",
            owner_id=self._client.user_id,
        )


def _address(person: NewPerson) -> str:
    return person.email.strip().lower()


def _account_name(person: NewPerson) -> str:
    """Of the account that a contact needs; empty when none is to be made."""
    is_needed = person.object_name == "Contact" and not person.account_id
    return person.account_name.strip().lower() if is_needed else ""


def _account(result: wire.SaveResult) -> str | Fault:
    if result.success and result.id:
        return long_id(result.id)
    fault = read_record_fault(result.errors, _OPERATION)
    if fault.code == _DUPLICATES and len(fault.matches) == 1:
        return fault.matches[0]
    return fault


def _portions(things: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(things), WRITE_LIMIT):
        yield things[start : start + WRITE_LIMIT]
