"""Knows who is who in the org, and what the org can do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from syncline.connectors.salesforce import soql
from syncline.connectors.salesforce.client import Part, SalesforceClient
from syncline.connectors.salesforce.describe import (
    SERIES_FIELDS,
    Describes,
    TaskStatus,
)
from syncline.connectors.salesforce.ids import is_intact, long_id
from syncline.connectors.salesforce.manifest import (
    PERSON_PREFIXES,
    QUERY_LENGTH_LIMIT,
)
from syncline.connectors.salesforce.newcomers import Newcomers
from syncline.connectors.salesforce.people import (
    read_company,
    read_deal,
    read_person,
)
from syncline.connectors.salesforce.wire import QueryPage, Row
from syncline.domain.errors import ItemError, PermissionDeniedError
from syncline.domain.values.faults import Fault
from syncline.domain.values.people import Company, Deal, NewPerson, Person, Traits

CLOSED_SINCE = timedelta(days=365)
CLOSES_WITHIN = timedelta(days=180)
_OLDEST_FIRST = "CreatedDate, Id"
_COMPANY = ("Id", "Name", "Website", "CreatedDate")
_DEAL = ("Id", "AccountId", "OwnerId", "IsClosed", "CloseDate", "CreatedDate")
_CONVERTED = "ConvertedContactId"
_CONVERSION = ("IsConverted", _CONVERTED)
_ACTIVE = "IsActive = true"
#: What is read of a person besides addresses, by object.
_PERSON: Mapping[str, tuple[str, ...]] = {
    "Contact": ("Id", "Name", "AccountId", "OwnerId", "CreatedDate"),
    "Lead": ("Id", "Name", "OwnerId", "CreatedDate"),
    "User": ("Id", "Name", "CreatedDate"),
}
#: Who counts as a person.
_FILTERS: Mapping[str, tuple[str, ...]] = {
    "Lead": ("IsConverted = false",),
    "User": (_ACTIVE,),
}


class SalesforceDirectory:
    """See `ports.CrmDirectory`."""

    def __init__(self, client: SalesforceClient, describes: Describes) -> None:
        """Prepare; nothing is asked."""
        self._client = client
        self._describes = describes
        self._newcomers = Newcomers(client, describes, self.people)

    def traits(self) -> Traits:
        """See `ports.CrmDirectory`; a read has learned all of it already."""
        for name in ("Event", "EmailMessage"):
            self._describes.ensure(name)
        if self._describes.task_statuses is None:
            self._describes.ask_statuses()
        known = self._describes.task_statuses
        statuses = known if known is not None else self._listed_statuses()
        default = next((s for s in statuses if s.is_default), None)
        open_ones = [s.name for s in statuses if not s.is_closed]
        return Traits(
            has_email_message=self._describes.has_object("EmailMessage"),
            has_advanced_calendaring=all(
                self._describes.has("Event", name) for name in SERIES_FIELDS
            ),
            task_statuses=tuple(s.name for s in statuses),
            closed_task_statuses=tuple(s.name for s in statuses if s.is_closed),
            default_task_status=default.name if default else "".join(open_ones[:1]),
        )

    def people(self, emails: Sequence[str]) -> list[Person]:
        """See `ports.CrmDirectory`; a converted lead is the contact it became."""
        wanted = list(dict.fromkeys(e.strip().lower() for e in emails if e.strip()))
        if not wanted:
            return []
        fields = {name: self._address_fields(name) for name in _PERSON}
        fields = {name: names for name, names in fields.items() if names}
        most = max(len(names) for names in fields.values())
        limit = QUERY_LENGTH_LIMIT // max(1, most)
        found: dict[str, Person] = {}
        converted: list[str] = []
        for portion in soql.in_portions(wanted, limit):
            for name, rows in self._asked(portion, fields).items():
                for row in rows:
                    if name == "Lead" and row.get("IsConverted"):
                        converted.append(long_id(str(row.get(_CONVERTED) or "")))
                    else:
                        person = read_person(name, row, fields[name])
                        found[person.id] = person
        self._follow([i for i in converted if i], found, fields.get("Contact", ()))
        return list(found.values())

    def people_by_id(self, ids: Sequence[str]) -> list[Person]:
        """See `ports.CrmDirectory`; one call for contacts, leads and users."""
        wanted = [i for i in dict.fromkeys(map(long_id, ids)) if is_intact(i)]
        found: list[Person] = []
        for portion in soql.in_portions(wanted):
            fields: dict[str, list[str]] = {}
            queries: dict[str, str] = {}
            for name, prefix in PERSON_PREFIXES.items():
                those = [i for i in portion if i.startswith(prefix)]
                addresses = self._address_fields(name) if those else []
                if addresses:
                    fields[name] = addresses
                    conditions = (soql.any_of("Id", those), *_FILTERS.get(name, ()))
                    columns = (*_PERSON[name], *addresses)
                    queries[name] = soql.select(columns, name, conditions)
            for name, rows in self._ask(queries).items() if queries else ():
                found += [read_person(name, row, fields[name]) for row in rows]
        return found

    def companies(self, domains: Sequence[str]) -> list[Company]:
        """See `ports.CrmDirectory`."""
        wanted = {d.strip().lower().removeprefix("www.") for d in domains} - {""}
        found = self._companies("Website", sorted(wanted))
        return [company for company in found if company.domain in wanted]

    def companies_named(self, names: Sequence[str]) -> list[Company]:
        """See `ports.CrmDirectory`."""
        wanted = dict.fromkeys(name.strip() for name in names if name.strip())
        return self._companies("Name", list(wanted))

    def deals(self, account_ids: Sequence[str], now: datetime) -> list[Deal]:
        """See `ports.CrmDirectory`; roles that the user may not see count as none."""
        deals: list[Deal] = []
        span = (now - CLOSED_SINCE).date(), (now + CLOSES_WITHIN).date()
        for portion in soql.in_portions(list(dict.fromkeys(account_ids))):
            conditions = [
                soql.any_of("AccountId", portion),
                f"CloseDate >= {span[0].isoformat()}",
                f"CloseDate <= {span[1].isoformat()}",
            ]
            of_account = soql.any_of("Opportunity.AccountId", portion)
            pages = self._ask(
                {
                    "Opportunity": soql.select(
                        _DEAL, "Opportunity", conditions, _OLDEST_FIRST
                    ),
                    "OpportunityContactRole": soql.select(
                        ("OpportunityId", "ContactId"),
                        "OpportunityContactRole",
                        [of_account],
                    ),
                },
                optional=frozenset({"OpportunityContactRole"}),
            )
            roles = _roles(pages["OpportunityContactRole"])
            made = (
                read_deal(row, roles.get(long_id(str(row.get("Id"))), ()))
                for row in pages["Opportunity"]
            )
            deals += [deal for deal in made if deal is not None]
        return deals

    def create_people(self, people: Sequence[NewPerson]) -> list[Person | Fault]:
        """See `ports.CrmDirectory`."""
        return self._newcomers.create(people)

    def _asked(
        self, emails: Sequence[str], fields: Mapping[str, Sequence[str]]
    ) -> dict[str, list[Row]]:
        queries = {}
        for name, names in fields.items():
            columns = (
                (*_PERSON[name], *_CONVERSION) if name == "Lead" else _PERSON[name]
            )
            conditions = [soql.any_has(names, emails)]
            if name == "User":
                conditions.append(_ACTIVE)
            queries[name] = soql.select(
                (*columns, *names), name, conditions, _OLDEST_FIRST
            )
        return self._ask(queries)

    def _ask(
        self, queries: Mapping[str, str], optional: frozenset[str] = frozenset()
    ) -> dict[str, list[Row]]:
        """Several queries in one call, by object."""
        parts = [
            Part(reference=name, url=self._client.query_url(query))
            for name, query in queries.items()
        ]
        composite = self._client.composite_of_all(parts, "look up people", optional)
        found: dict[str, list[Row]] = {}
        for name in queries:
            part = composite.parts[name]
            if part.fault is not None:
                found[name] = []
                continue
            page = part.answer.decode(QueryPage)
            found[name] = self._client.rows(page, part.answer)
        return found

    def _follow(
        self, ids: Sequence[str], found: dict[str, Person], email_fields: Sequence[str]
    ) -> None:
        """Add contacts that leads were converted to."""
        lacking = [i for i in dict.fromkeys(ids) if i not in found]
        columns = (*_PERSON["Contact"], *email_fields)
        for portion in soql.in_portions(lacking):
            query = soql.select(columns, "Contact", [soql.any_of("Id", portion)])
            for row in self._client.query(query, operation="look up people"):
                person = read_person("Contact", row, email_fields)
                found[person.id] = person

    def _companies(self, field: str, values: Sequence[str]) -> list[Company]:
        found: dict[str, Company] = {}
        for portion in soql.in_portions(values):
            condition = soql.any_of_these([soql.contains(field, v) for v in portion])
            query = soql.select(_COMPANY, "Account", [condition], _OLDEST_FIRST)
            for row in self._client.query(query, operation="look up companies"):
                company = read_company(row)
                found[company.id] = company
        return sorted(found.values(), key=_age)

    def _address_fields(self, object_name: str) -> list[str]:
        return ["Email"] if object_name == "User" else self._email_fields(object_name)

    def _email_fields(self, object_name: str) -> list[str]:
        """All fields of type e-mail, the standard one first.

        None of an object that this user may not see.
        """
        try:
            fields = self._describes.of(object_name).fields.values()
        except (ItemError, PermissionDeniedError):
            return []
        names = [f.name for f in fields if f.type == "email" and f.filterable]
        return sorted(names, key=lambda name: (name != "Email", name))

    def _listed_statuses(self) -> tuple[TaskStatus, ...]:
        """From the picklist, where the org does not show which are closed."""
        values = self._describes.of("Task").picklist("Status")
        return tuple(
            TaskStatus(name=v, is_closed=v == "Completed", is_default=False)
            for v in values
        )


def _age(company: Company) -> tuple[bool, str, str]:
    made = company.created_at
    return made is None, made.isoformat() if made else "", company.id


def _roles(rows: Sequence[Row]) -> Mapping[str, list[str]]:
    roles: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        deal, contact = row.get("OpportunityId"), row.get("ContactId")
        if isinstance(deal, str) and isinstance(contact, str):
            roles[long_id(deal)].append(long_id(contact))
    return roles
