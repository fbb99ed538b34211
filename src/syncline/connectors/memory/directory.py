"""CrmDirectory of the Salesforce side: people, companies and deals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from syncline.connectors.memory.blanks import BLANK_FIELDS
from syncline.connectors.memory.faults import Call, Desk
from syncline.connectors.memory.records import RecordStore
from syncline.domain.values.faults import Fault
from syncline.domain.values.ids import RecordId
from syncline.domain.values.items import Record
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import Verb
from syncline.domain.values.people import Company, Deal, NewPerson, Person, Traits

_CLOSED_WITHIN = timedelta(days=365)
_CLOSES_WITHIN = timedelta(days=180)
_EARLIEST = datetime.min.replace(tzinfo=UTC)


class MemoryDirectory:
    """Knows everybody; contacts are the records that the org holds.

    `people_apart` are leads and users, `companies_known` and `deals_known` all
    accounts and opportunities.
    """

    def __init__(self, store: RecordStore, desk: Desk, user_id: str) -> None:
        """Prepare; nobody but the stored contacts is known."""
        self._store = store
        self._desk = desk
        self._user_id = user_id
        self.people_apart: list[Person] = []
        self.companies_known: list[Company] = []
        self.deals_known: list[Deal] = []

    # --- ports.CrmDirectory ---

    def traits(self) -> Traits:
        """What the org can do; see `ports.CrmDirectory`."""
        self._desk.arrive(Call.FIND)
        self._desk.leave(Call.FIND)
        return self._store.traits

    def people(self, emails: Sequence[str]) -> list[Person]:
        """Everybody with one of the addresses; see `ports.CrmDirectory`."""
        if not emails:
            return []
        self._desk.arrive(Call.FIND)
        wanted = {email.casefold() for email in emails}
        found = [p for p in self._everybody() if wanted & set(p.emails)]
        self._desk.leave(Call.FIND)
        return found

    def people_by_id(self, ids: Sequence[str]) -> list[Person]:
        """Everybody with one of the ids; see `ports.CrmDirectory`."""
        if not ids:
            return []
        self._desk.arrive(Call.FIND)
        found = [p for p in self._everybody() if p.id in ids]
        self._desk.leave(Call.FIND)
        return found

    def companies(self, domains: Sequence[str]) -> list[Company]:
        """Accounts of the domains; see `ports.CrmDirectory`."""
        if not domains:
            return []
        self._desk.arrive(Call.FIND)
        wanted = {domain.casefold() for domain in domains}
        found = [c for c in self.companies_known if c.domain in wanted]
        self._desk.leave(Call.FIND)
        return _oldest_first(found)

    def companies_named(self, names: Sequence[str]) -> list[Company]:
        """Accounts whose name contains one; see `ports.CrmDirectory`."""
        if not names:
            return []
        self._desk.arrive(Call.FIND)
        wanted = [name.casefold() for name in names]
        found = [
            company
            for company in self.companies_known
            if any(name in company.name.casefold() for name in wanted)
        ]
        self._desk.leave(Call.FIND)
        return _oldest_first(found)

    def deals(self, account_ids: Sequence[str], now: datetime) -> list[Deal]:
        """Opportunities of the accounts; see `ports.CrmDirectory`."""
        if not account_ids:
            return []
        self._desk.arrive(Call.FIND)
        first, last = (now - _CLOSED_WITHIN).date(), (now + _CLOSES_WITHIN).date()
        found = [
            deal
            for deal in self.deals_known
            if deal.account_id in account_ids and first <= deal.closes_on <= last
        ]
        self._desk.leave(Call.FIND)
        return found

    def create_people(self, people: Sequence[NewPerson]) -> list[Person | Fault]:
        """Make persons and their accounts; see `ports.CrmDirectory`."""
        if not people:
            return []
        self._desk.arrive(Call.WRITE)
        answers = [self._create(person) for person in people]
        self._desk.leave(Call.WRITE)
        return answers

    # --- what people do ---

    def add_person(self, object_name: str, *emails: str, name: str = "") -> Person:
        """Somebody makes a lead or a user; contacts are made as records."""
        person = Person(
            id=RecordId(self._store.new_id()),
            object_name=object_name,
            emails=tuple(email.casefold() for email in emails),
            name=name or emails[0],
            owner_id=self._user_id,
            created_at=self._store.now(),
        )
        self.people_apart.append(person)
        return person

    def add_company(self, name: str, domain: str = "") -> Company:
        """Somebody makes an account."""
        company = Company(
            id=RecordId(self._store.new_id()),
            name=name,
            domain=domain.casefold(),
            created_at=self._store.now(),
        )
        self.companies_known.append(company)
        return company

    def add_deal(self, deal: Deal) -> Deal:
        """Somebody makes an opportunity; it gets its id here."""
        stored = replace(deal, id=RecordId(self._store.new_id()))
        self.deals_known.append(stored)
        return stored

    # --- inside ---

    def _everybody(self) -> Iterator[Person]:
        for record in self._store.of_kind(Kind.CONTACT):
            if record.id not in self._store.hidden:
                yield self._person(record)
        yield from self.people_apart

    def _person(self, record: Record) -> Person:
        email = str(record.fields.get("Email") or "").casefold()
        return Person(
            id=record.id,
            object_name="Contact",
            emails=(email,) if email else (),
            name=record.name,
            account_id=str(record.fields.get("AccountId") or ""),
            owner_id=record.owner_id,
            created_at=self._store.made_at[record.id],
        )

    def _create(self, wanted: NewPerson) -> Person | Fault:
        known = (
            p
            for p in self._everybody()
            if p.object_name == wanted.object_name
            and wanted.email.casefold() in p.emails
        )
        person = next(known, None)
        return person or self._make(wanted)

    def _make(self, wanted: NewPerson) -> Person | Fault:
        given, _, family = wanted.name.rpartition(" ")
        record = Record(
            kind=Kind.CONTACT,
            id=RecordId(""),
            version="",
            fields={
                **BLANK_FIELDS[Kind.CONTACT],
                "FirstName": given or None,
                "LastName": family or wanted.email,
                "Email": wanted.email,
            },
            owner_id=self._user_id,
        )
        refusal = self._desk.refusal(Verb.CREATE, record)
        if refusal is not None:
            return refusal
        self._desk.writes += 1
        if wanted.object_name != "Contact":
            return self.add_person(wanted.object_name, wanted.email, name=wanted.name)
        fields = {**record.fields, "AccountId": self._account_of(wanted)}
        new_id = RecordId(self._store.new_id())
        return self._person(self._store.put(replace(record, id=new_id, fields=fields)))

    def _account_of(self, wanted: NewPerson) -> str | None:
        if wanted.account_id or not wanted.account_name:
            return wanted.account_id or None
        named = (c for c in self.companies_known if c.name == wanted.account_name)
        return (next(named, None) or self.add_company(wanted.account_name)).id


def _oldest_first(companies: Iterable[Company]) -> list[Company]:
    return sorted(companies, key=lambda company: company.created_at or _EARLIEST)
