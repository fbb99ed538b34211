"""What every CrmDirectory promises."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

import pytest

from syncline.domain.ports import CrmDirectory
from syncline.domain.values.kinds import Kind
from syncline.domain.values.people import NewPerson, Person
from tests.contract.rigs.rig import DAY, TODAY, CrmRig


class DirectoryRig(CrmRig, Protocol):
    """An org in which people are known."""

    directory: CrmDirectory

    def add_lead(self, email: str) -> str:
        """Somebody makes a lead; answers its id."""

    def add_account(self, name: str, domain: str = "") -> str:
        """Somebody makes an account; answers its id."""

    def add_opportunity(self, account_id: str, closes_in: timedelta) -> str:
        """Somebody makes an open opportunity; answers its id."""


class DirectoryContract:
    """Inherited by each implementation; `rig` is an org without records."""

    def test_contacts_and_leads_are_known_by_address(self, rig: DirectoryRig) -> None:
        contact_id = rig.add_contact("Hopper", "Grace@acme.example")
        lead_id = rig.add_lead("grace@acme.example")
        rig.add_contact("Lovelace", "ada@acme.example")
        found = rig.directory.people(["GRACE@acme.example", "nobody@acme.example"])
        assert {(p.id, p.object_name) for p in found} == {
            (contact_id, "Contact"),
            (lead_id, "Lead"),
        }
        assert {p.emails for p in found} == {("grace@acme.example",)}

    def test_a_deleted_contact_is_not_known(self, rig: DirectoryRig) -> None:
        contact_id = rig.add_contact("Hopper", "grace@acme.example")
        rig.delete(Kind.CONTACT, contact_id)
        assert rig.directory.people(["grace@acme.example"]) == []

    def test_people_are_known_by_id_with_their_addresses(
        self, rig: DirectoryRig
    ) -> None:
        contact_id = rig.add_contact("Hopper", "Grace@acme.example")
        lead_id = rig.add_lead("leo@new.example")
        rig.add_contact("Lovelace", "ada@acme.example")
        found = rig.directory.people_by_id([lead_id, contact_id])
        assert {(p.id, p.object_name, p.emails) for p in found} == {
            (contact_id, "Contact", ("grace@acme.example",)),
            (lead_id, "Lead", ("leo@new.example",)),
        }
        assert rig.directory.people_by_id([]) == []

    def test_who_was_deleted_is_not_known_by_id(self, rig: DirectoryRig) -> None:
        contact_id = rig.add_contact("Hopper", "grace@acme.example")
        rig.delete(Kind.CONTACT, contact_id)
        assert rig.directory.people_by_id([contact_id]) == []

    def test_companies_are_known_by_domain_oldest_first(
        self, rig: DirectoryRig
    ) -> None:
        ids = [rig.add_account(name, "acme.example") for name in ("Acme", "Acme 2")]
        rig.add_account("Other", "acme.example.org")
        found = rig.directory.companies(["acme.example"])
        assert [company.id for company in found] == ids
        assert {company.domain for company in found} == {"acme.example"}

    def test_companies_are_known_by_a_part_of_their_name(
        self, rig: DirectoryRig
    ) -> None:
        wanted = rig.add_account("The ACME Company")
        rig.add_account("Northwind")
        found = rig.directory.companies_named(["acme"])
        assert [company.id for company in found] == [wanted]

    @pytest.mark.parametrize(
        ("closes_in", "is_offered"),
        [
            (timedelta(0), True),
            (-364 * DAY, True),
            (-367 * DAY, False),
            (179 * DAY, True),
            (182 * DAY, False),
        ],
    )
    def test_deals_are_those_of_the_year_past_and_half_a_year_ahead(
        self, rig: DirectoryRig, closes_in: timedelta, is_offered: bool
    ) -> None:
        account_id = rig.add_account("Acme")
        deal_id = rig.add_opportunity(account_id, closes_in)
        rig.add_opportunity(rig.add_account("Other"), closes_in)
        found = rig.directory.deals([account_id], TODAY)
        assert [deal.id for deal in found] == ([deal_id] if is_offered else [])

    def test_a_person_is_made_once(self, rig: DirectoryRig) -> None:
        wanted = NewPerson(
            email="grace@acme.example", name="Grace Hopper", account_name="Acme"
        )
        [first] = rig.directory.create_people([wanted])
        [second] = rig.directory.create_people([wanted])
        assert isinstance(first, Person)
        assert isinstance(second, Person)
        assert second.id == first.id
        [known] = rig.directory.people(["grace@acme.example"])
        assert (known.id, known.name) == (first.id, "Grace Hopper")
        [account] = rig.directory.companies_named(["Acme"])
        assert known.account_id == account.id

    def test_people_of_one_new_company_share_its_account(
        self, rig: DirectoryRig
    ) -> None:
        wanted = [
            NewPerson(email=f"{name}@acme.example", name=name, account_name="Acme")
            for name in ("Grace", "Ada")
        ]
        made = rig.directory.create_people(wanted)
        accounts = {p.account_id for p in made if isinstance(p, Person)}
        assert len(accounts) == 1
        assert len(rig.directory.companies_named(["Acme"])) == 1

    def test_a_lead_is_made_without_an_account(self, rig: DirectoryRig) -> None:
        wanted = NewPerson(
            email="grace@acme.example", name="Grace Hopper", object_name="Lead"
        )
        [made] = rig.directory.create_people([wanted])
        assert isinstance(made, Person)
        assert (made.object_name, made.account_id) == ("Lead", "")
        assert [p.id for p in rig.directory.people([wanted.email])] == [made.id]

    def test_the_statuses_of_tasks_are_told(self, rig: DirectoryRig) -> None:
        traits = rig.directory.traits()
        assert traits.default_task_status in traits.task_statuses
        assert set(traits.closed_task_statuses) < set(traits.task_statuses)
        assert traits.closed_task_statuses

    def test_asking_for_nobody_finds_nobody(self, rig: DirectoryRig) -> None:
        rig.add_contact("Hopper", "grace@acme.example")
        assert rig.directory.people([]) == []
        assert rig.directory.companies([]) == []
        assert rig.directory.deals([], TODAY) == []
        assert rig.directory.create_people([]) == []
