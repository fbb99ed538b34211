"""Whose records are read: mine, all, those of a list view; never "deleted" for gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from crm_org import WINDOW, Org, control, meeting, operation, person

from syncline.connectors.salesforce import Salesforce
from syncline.domain.access.policy import ContactScope
from syncline.domain.errors import ItemError
from syncline.domain.values.changes import ChangeSet, Presence
from syncline.domain.values.items import Record
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import Verb
from syncline.sandbox.salesforce.list_views import add_view


def people(found: ChangeSet) -> list[str]:
    return sorted(
        c.thing.name
        for c in found.changes
        if isinstance(c.thing, Record) and c.presence is Presence.SEEN
    )


def in_view(org: Org, name: str = "Buyers") -> Salesforce:
    return org.connect(contact_scope=ContactScope.VIEW, contact_view=name)


@pytest.fixture
def buyers(org: Org) -> str:
    """The id of a list view of all contacts that are buyers."""
    where = "Title = 'Buyer' OR Title = 'Head Buyer'"
    view = add_view(
        org.sandbox.org, "Contact", "Our Buyers", name="Buyers", where=where
    )
    return view.id


def seed_contacts(org: Org) -> None:
    """Two of mine and one of a colleague's, visible by its account."""
    other = org.sandbox.accounts()[1]["username"]
    org.seed("Account", [{"Name": "Acme"}])
    (account,) = org.sandbox.org.tables["Account"].records
    org.seed(
        "Contact",
        [
            person(1, Title="Buyer"),
            person(2),
            person(3, Title="Buyer", AccountId=account, _owner=other),
        ],
    )


def test_contacts_are_mine_unless_it_is_said_otherwise(
    org: Org, salesforce: Salesforce
) -> None:
    seed_contacts(org)
    assert people(salesforce.changes.read(None, WINDOW)) == [
        "Given1 Family1",
        "Given2 Family2",
    ]


def test_all_contacts_are_those_that_i_see(org: Org) -> None:
    seed_contacts(org)
    salesforce = org.connect(contact_scope=ContactScope.ALL)
    found = salesforce.changes.read(None, WINDOW)
    assert len(people(found)) == 3
    ids = [c.id for c in found.changes]
    looked = salesforce.changes.fetch(Kind.CONTACT, ids)
    assert {c.presence for c in looked} == {Presence.SEEN}


@pytest.mark.parametrize("name", ["Buyers", "Our Buyers", "id"])
def test_a_list_view_is_named_by_id_name_or_label(
    org: Org, buyers: str, name: str
) -> None:
    seed_contacts(org)
    salesforce = in_view(org, buyers if name == "id" else name)
    found = salesforce.changes.read(None, WINDOW)
    assert people(found) == ["Given1 Family1", "Given3 Family3"]


def test_a_view_of_mine_holds_mine(org: Org) -> None:
    seed_contacts(org)
    found = in_view(org, "MyContacts").changes.read(None, WINDOW)
    assert people(found) == ["Given1 Family1", "Given2 Family2"]


def test_a_quiet_read_of_a_view_is_one_request(org: Org, buyers: str) -> None:
    seed_contacts(org)
    first = in_view(org).changes.read(None, WINDOW)
    org.sandbox.counters.reset()
    found = in_view(org).changes.read(first.watermark, WINDOW)
    assert org.requests == 1
    assert (found.changes, found.full_kinds) == ((), frozenset())


def test_a_change_in_the_view_is_read(org: Org, buyers: str) -> None:
    seed_contacts(org)
    salesforce = in_view(org)
    first = salesforce.changes.read(None, WINDOW)
    inside, outside, _ = org.sandbox.org.tables["Contact"].records
    update = [
        operation(Verb.UPDATE, Kind.CONTACT, {"Department": "D"}, target=target)
        for target in (inside, outside)
    ]
    assert all(o.is_done for o in salesforce.writer.write(update))
    found = salesforce.changes.read(first.watermark, WINDOW)
    assert [c.id for c in found.changes] == [inside]


def test_who_is_not_in_the_view_is_out_of_scope(org: Org, buyers: str) -> None:
    seed_contacts(org)
    ids = list(org.sandbox.org.tables["Contact"].records)
    looked = in_view(org).changes.fetch(Kind.CONTACT, ids)
    assert [c.presence for c in looked] == [
        Presence.SEEN,
        Presence.OUT_OF_SCOPE,
        Presence.SEEN,
    ]


def test_a_view_that_changed_lists_everything_anew(org: Org, buyers: str) -> None:
    seed_contacts(org)
    first = in_view(org).changes.read(None, WINDOW)
    add_view(
        org.sandbox.org, "Contact", "Our Buyers", name="Buyers", where="Title = null"
    )
    found = in_view(org).changes.read(first.watermark, WINDOW)
    assert Kind.CONTACT in found.full_kinds
    assert people(found) == ["Given2 Family2"]
    assert in_view(org).changes.read(found.watermark, WINDOW).changes == ()


def test_a_view_that_was_made_anew_is_found_by_its_name(org: Org, buyers: str) -> None:
    seed_contacts(org)
    first = in_view(org).changes.read(None, WINDOW)
    org.sandbox.org.tables["ListView"].remove(buyers)
    add_view(org.sandbox.org, "Contact", "Again", name="Buyers", where="Title = null")
    found = in_view(org).changes.read(first.watermark, WINDOW)
    assert people(found) == ["Given2 Family2"]
    org.sandbox.org.tables["ListView"].remove(view_id(org, "Buyers"))
    with pytest.raises(ItemError) as caught:
        in_view(org).changes.read(found.watermark, WINDOW)
    assert caught.value.fault.code == "LIST_VIEW_GONE"


def view_id(org: Org, name: str) -> str:
    views = org.sandbox.org.tables["ListView"].records.values()
    return next(v.id for v in views if v.values["DeveloperName"] == name)


def test_another_scope_lists_everything_anew(org: Org, salesforce: Salesforce) -> None:
    seed_contacts(org)
    first = salesforce.changes.read(None, WINDOW)
    wider = org.connect(contact_scope=ContactScope.ALL)
    found = wider.changes.read(first.watermark, WINDOW)
    assert Kind.CONTACT in found.full_kinds
    assert len(people(found)) == 3


def test_a_view_that_is_not_there_fails_the_read(org: Org) -> None:
    with pytest.raises(ItemError) as caught:
        in_view(org, "Nobodys").changes.read(None, WINDOW)
    assert caught.value.fault.code == "LIST_VIEW_GONE"


@pytest.mark.parametrize(
    ("object_name", "kind"), [("Contact", Kind.CONTACT), ("Event", Kind.EVENT)]
)
def test_a_record_of_another_owner_is_out_of_scope_and_not_deleted(
    org: Org, salesforce: Salesforce, object_name: str, kind: Kind
) -> None:
    """D01: given to somebody else, and taken from sight."""
    org.seed("Account", [{"Name": "Acme"}])
    (account,) = org.sandbox.org.tables["Account"].records
    given = meeting(1) if kind is Kind.EVENT else person(1, AccountId=account)
    org.seed(object_name, [given])
    first = salesforce.changes.read(None, WINDOW)
    (record_id,) = org.sandbox.org.tables[object_name].records
    other = org.sandbox.accounts()[1]["username"]
    control(org, "records", {"id": record_id, "owner": other})
    found = salesforce.changes.read(first.watermark, WINDOW)
    assert found.changes == ()
    tomorrow = replace(WINDOW, end=WINDOW.end + timedelta(days=1))
    found = salesforce.changes.read(first.watermark, tomorrow)
    assert kind in found.full_kinds
    assert found.changes == ()
    (looked,) = salesforce.changes.fetch(kind, [record_id])
    assert looked.presence is Presence.OUT_OF_SCOPE
    control(org, "records", {"id": record_id, "hidden_from": [org.username]})
    (looked,) = salesforce.changes.fetch(kind, [record_id])
    assert (looked.presence, looked.thing) == (Presence.OUT_OF_SCOPE, None)


def test_a_merge_just_before_the_window_moved_is_followed(
    org: Org, salesforce: Salesforce
) -> None:
    org.seed("Contact", [person(1), person(2)])
    first = salesforce.changes.read(None, WINDOW)
    winner, loser = org.sandbox.org.tables["Contact"].records
    delete = operation(Verb.DELETE, Kind.CONTACT, {}, target=loser)
    assert salesforce.writer.write([delete])[0].is_done
    row = org.sandbox.org.tables["Contact"].records[loser]
    row.values["MasterRecordId"] = winner
    tomorrow = replace(WINDOW, end=WINDOW.end + timedelta(days=1))
    found = salesforce.changes.read(first.watermark, tomorrow)
    assert f"merged:{loser}:{winner}" in found.hints
    told = {c.id: c.presence for c in found.changes}
    assert told == {winner: Presence.SEEN, loser: Presence.DELETED}
