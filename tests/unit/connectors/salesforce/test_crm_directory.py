"""Who is who in a served org, in few requests."""

from __future__ import annotations

import pytest
from crm_org import TODAY, WINDOW, Org, control, person

from syncline.connectors.salesforce import Salesforce
from syncline.connectors.salesforce.newcomers import Newcomers
from syncline.connectors.salesforce.people import domain_of, new_fields, person_key
from syncline.domain.values.faults import Fault
from syncline.domain.values.people import NewPerson, Person

ADA = "ada@acme.example"


def lead(**fields: object) -> dict[str, object]:
    return {"LastName": "Lovelace", "Company": "Acme", "Email": ADA} | fields


def made(answer: Person | Fault) -> Person:
    assert isinstance(answer, Person)
    return answer


def test_every_field_of_type_email_is_looked_at(
    org: Org, salesforce: Salesforce
) -> None:
    """Reference 3.8-2: the administrator's own fields count as well."""
    org.seed("Contact", [person(1, Second_Email__c="Ada@acme.example")])
    (found,) = salesforce.directory.people([ADA])
    assert found.emails == ("person1@example.com", ADA)


def test_users_are_known_while_they_are_active(
    org: Org, salesforce: Salesforce
) -> None:
    users = org.sandbox.org.tables["User"].records.values()
    active = {u.id for u in users if u.values["IsActive"]}
    emails = [u.values["Email"] for u in users]
    assert len(active) < len(emails)
    found = salesforce.directory.people(emails)
    assert {p.id for p in found if p.object_name == "User"} == active


def test_many_addresses_take_three_requests(org: Org, salesforce: Salesforce) -> None:
    org.seed("Contact", [person(n) for n in range(100)])
    emails = [f"person{n}@example.com" for n in range(100)]
    assert len(salesforce.directory.people(emails)) == 100
    # Two descriptions, and one composite of all three objects.
    assert org.requests == 3
    salesforce.directory.people(emails)
    assert org.requests == 4


def test_people_of_all_objects_are_found_by_id_in_one_request(
    org: Org, salesforce: Salesforce
) -> None:
    org.seed("Contact", [person(n) for n in range(3)])
    org.seed("Lead", [lead()])
    tables = org.sandbox.org.tables
    wanted = [*tables["Contact"].records, *tables["Lead"].records, org.user_id]
    unknown = ["003" + "9" * 12, "not an id"]
    salesforce.directory.people([ADA])
    org.sandbox.counters.reset()
    found = salesforce.directory.people_by_id([*wanted, *unknown])
    assert {p.id for p in found} == set(wanted)
    assert all(p.emails for p in found)
    assert org.requests == 1


def test_a_converted_lead_is_the_contact_that_it_became(
    org: Org, salesforce: Salesforce
) -> None:
    org.seed("Contact", [person(1, LastName="Lovelace")])
    org.seed("Lead", [lead()])
    (contact,) = org.sandbox.org.tables["Contact"].records
    (row,) = org.sandbox.org.tables["Lead"].records.values()
    row.values.update(IsConverted=True, ConvertedContactId=contact)
    (found,) = salesforce.directory.people([ADA])
    assert (found.id, found.object_name) == (contact, "Contact")


def test_an_open_lead_is_known(org: Org, salesforce: Salesforce) -> None:
    org.seed("Lead", [lead()])
    (found,) = salesforce.directory.people([ADA])
    assert (found.object_name, found.account_id) == ("Lead", "")


def test_deals_name_the_contacts_that_play_a_role(
    org: Org, salesforce: Salesforce
) -> None:
    org.seed("Account", [{"Name": "Acme"}])
    (account,) = org.sandbox.org.tables["Account"].records
    org.seed("Contact", [person(1, AccountId=account)])
    (contact,) = org.sandbox.org.tables["Contact"].records
    day = TODAY.date()
    offer = {"Name": "Offer", "AccountId": account, "CloseDate": day.isoformat()}
    org.seed(
        "Opportunity",
        [offer | {"StageName": "Proposal"}, offer | {"StageName": "Closed Lost"}],
    )
    deal = next(iter(org.sandbox.org.tables["Opportunity"].records))
    role = {"OpportunityId": deal, "ContactId": contact}
    org.seed("OpportunityContactRole", [role])
    org.sandbox.counters.reset()
    open_one, lost = salesforce.directory.deals([account], TODAY)
    assert org.requests == 1
    assert (open_one.closes_on, open_one.is_closed) == (day, False)
    assert open_one.contact_ids == (contact,)
    assert (lost.is_closed, lost.contact_ids) == (True, ())


def test_traits_cost_nothing_after_a_read(org: Org) -> None:
    first = org.connect().changes.read(None, WINDOW)
    salesforce = org.connect()
    org.sandbox.counters.reset()
    salesforce.changes.read(first.watermark, WINDOW)
    traits = salesforce.directory.traits()
    assert org.requests == 1
    assert traits.has_email_message
    assert traits.has_advanced_calendaring
    assert traits.default_task_status == "Not Started"
    assert traits.closed_task_statuses == ("Completed",)
    assert traits == org.connect().directory.traits()


def test_changed_task_statuses_are_noticed(org: Org) -> None:
    first = org.connect().changes.read(None, WINDOW)
    statuses: list[dict[str, object]] = [{"label": "Open"}]
    statuses += [{"label": x, "closed": True} for x in ("Fertig", "Abgelehnt")]
    control(org, "task_statuses", {"statuses": statuses})
    salesforce = org.connect()
    salesforce.changes.read(first.watermark, WINDOW)
    traits = salesforce.directory.traits()
    assert traits.task_statuses == ("Open", "Fertig", "Abgelehnt")
    assert traits.closed_task_statuses == ("Fertig", "Abgelehnt")
    assert traits.default_task_status == "Open"


def test_statuses_that_the_org_does_not_tell_come_from_the_picklist(
    org: Org,
) -> None:
    control(org, "settings", {"policy_blocks_queries_of": "TaskStatus"})
    first = org.connect().changes.read(None, WINDOW)
    salesforce = org.connect()
    org.sandbox.counters.reset()
    salesforce.changes.read(first.watermark, WINDOW)
    assert org.requests == 1
    traits = salesforce.directory.traits()
    assert traits.closed_task_statuses == ("Completed",)
    assert traits.default_task_status == "Not Started"


def test_who_may_not_see_leads_still_finds_contacts(org: Org) -> None:
    org.seed("Contact", [person(1, Email=ADA)])
    org.sandbox.org.hidden_objects = {"Lead"}
    (found,) = org.connect().directory.people([ADA])
    assert found.object_name == "Contact"


def test_an_org_without_advanced_calendaring_says_so(org: Org) -> None:
    control(org, "settings", {"advanced_calendaring": False})
    salesforce = org.connect()
    salesforce.changes.read(None, WINDOW)
    assert not salesforce.directory.traits().has_advanced_calendaring
    assert not org.connect().directory.traits().has_advanced_calendaring


def test_a_new_person_is_made_with_key_and_account(
    org: Org, salesforce: Salesforce
) -> None:
    wanted = NewPerson(email="Ada@acme.example", name="Ada Lovelace")
    answer = made(salesforce.directory.create_people([wanted])[0])
    row = org.sandbox.org.tables["Contact"].records[answer.id].values
    assert (row["FirstName"], row["LastName"]) == ("Ada", "Lovelace")
    assert row["Email"] == ADA
    assert row["Syncline_Id__c"] == person_key(ADA)
    assert row["OwnerId"] == org.user_id


@pytest.mark.parametrize("object_name", ["Contact", "Lead"])
def test_a_lost_answer_makes_no_second_person_or_account(
    org: Org, salesforce: Salesforce, object_name: str
) -> None:
    wanted = NewPerson(
        email=ADA, name="Ada Lovelace", object_name=object_name, account_name="Acme"
    )
    org.fail("drop_response", "POST", "/composite/sobjects", when="after")
    first = made(salesforce.directory.create_people([wanted])[0])
    again = made(org.connect().directory.create_people([wanted])[0])
    assert first.id == again.id
    assert org.count(object_name) == 1
    assert org.count("Account") == (1 if object_name == "Contact" else 0)


def test_a_person_that_a_duplicate_rule_finds_is_that_person(
    org: Org, salesforce: Salesforce
) -> None:
    """H02: linked to the match when there is exactly one."""
    org.seed("Contact", [person(1, FirstName="Ada", LastName="Lovelace", Email=ADA)])
    (there,) = org.sandbox.org.tables["Contact"].records
    newcomers = Newcomers(salesforce.client, salesforce.describes, lambda _: [])
    wanted = NewPerson(email=ADA, name="Ada Lovelace")
    assert made(newcomers.create([wanted])[0]).id == there
    assert org.count("Contact") == 1


def test_of_two_that_a_duplicate_rule_finds_none_is_taken(
    org: Org, salesforce: Salesforce
) -> None:
    """H02: a person decides, with both matches."""
    twin = person(1, FirstName="Ada", LastName="Lovelace", Email=ADA)
    org.seed("Contact", [twin, twin])
    newcomers = Newcomers(salesforce.client, salesforce.describes, lambda _: [])
    (refused,) = newcomers.create([NewPerson(email=ADA, name="Ada Lovelace")])
    assert isinstance(refused, Fault)
    assert refused.code == "DUPLICATES_DETECTED"
    assert len(refused.matches) == 2


def test_one_refused_person_fails_no_other(org: Org, salesforce: Salesforce) -> None:
    people = [
        NewPerson(email="no address", name="Nobody"),
        NewPerson(email=ADA, name="Ada Lovelace"),
    ]
    refused, answer = salesforce.directory.create_people(people)
    assert isinstance(refused, Fault)
    assert refused.code == "INVALID_EMAIL_ADDRESS"
    assert made(answer).emails == (ADA,)


@pytest.mark.parametrize(
    ("website", "domain"),
    [
        ("https://www.Acme.example/about", "acme.example"),
        ("acme.example", "acme.example"),
        ("www.acme.example:8080", "acme.example"),
        ("http://shop.acme.example", "shop.acme.example"),
        ("", ""),
        ("http://[broken", ""),
    ],
)
def test_the_domain_of_a_website_is_found_however_it_is_written(
    website: str, domain: str
) -> None:
    assert domain_of(website) == domain


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Ada Lovelace", "Ada", "Lovelace"),
        ("Augusta Ada  King", "Augusta Ada", "King"),
        ("Ada", None, "Ada"),
        ("", None, "ada"),
    ],
)
def test_a_name_is_split_at_its_last_word(
    name: str, first: str | None, last: str
) -> None:
    fields = new_fields(NewPerson(email=ADA, name=name))
    assert (fields.get("FirstName"), fields["LastName"]) == (first, last)
