"""The demo company goes through the real connectors as it must.

What stands in `expected_causes` meets its obstacle; everything else is read,
written and read back equal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from syncline.connectors.microsoft365 import Microsoft365
from syncline.connectors.microsoft365 import build as build_graph
from syncline.connectors.microsoft365.faults import read_fault as read_graph_fault
from syncline.connectors.salesforce import Salesforce
from syncline.connectors.salesforce import build as build_salesforce
from syncline.connectors.salesforce import read_fault as read_salesforce_fault
from syncline.domain.access.policy import Policy
from syncline.domain.engine.window import window_at
from syncline.domain.issues.catalog import entry
from syncline.domain.issues.classify import classify
from syncline.domain.mapping import MAPPINGS
from syncline.domain.values.changes import Presence
from syncline.domain.values.items import Item, Record, Role
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.operations import Operation, Outcome, Verb
from syncline.sandbox.company.build import Company, build
from syncline.sandbox.company.people import STAFF
from syncline.sandbox.microsoft365.app import build as build_tenant
from syncline.sandbox.salesforce.app import build as build_org
from tests.contract.rigs.rig import operation
from tests.contract.rigs.served import Door, open_door

#: Causes that the connector finds when it reads.
READ_CAUSES = {"unknown_time_zone", "all_day_too_long"}
#: Causes that Salesforce names when an item is to be made there.
CREATE_CAUSES = {
    "required_field_missing",
    "validation_rule",
    "value_too_long",
    "picklist_value",
    "invalid_email",
    "duplicate_rule",
}


@dataclass(frozen=True)
class Desk:
    """One colleague's two sides."""

    address: str
    mailbox: Microsoft365
    crm: Salesforce

    def items(self) -> list[Item]:
        found = self.mailbox.changes.read(None, WINDOW).changes
        assert {c.presence for c in found} == {Presence.SEEN}
        return [c.thing for c in found if isinstance(c.thing, Item)]

    def records(self) -> list[Record]:
        found = self.crm.changes.read(None, WINDOW).changes
        assert {c.presence for c in found} == {Presence.SEEN}
        return [c.thing for c in found if isinstance(c.thing, Record)]


NOW = datetime.now(UTC)
WINDOW = window_at(NOW, Policy())


@pytest.fixture(scope="module")
def company() -> Company:
    return build(NOW)


@pytest.fixture(scope="module", params=STAFF, ids=lambda colleague: colleague.name)
def doors(
    request: pytest.FixtureRequest, company: Company
) -> Iterator[tuple[Door, Door]]:
    colleague = request.param
    tenant, org = build_tenant(), build_org()
    tenant.seed(company.microsoft365)
    org.seed(company.salesforce)
    mine = next(a for a in tenant.accounts() if a["address"] == colleague.address)
    user = next(a for a in org.accounts() if a["username"] == colleague.username)
    with (
        open_door(tenant.app, "microsoft365", mine, read_graph_fault) as graph,
        open_door(org.app, "salesforce", user, read_salesforce_fault) as salesforce,
    ):
        yield graph, salesforce
        assert tenant.counters.guest_mails == 0


@pytest.fixture
def desk(doors: tuple[Door, Door]) -> Desk:
    graph, salesforce = doors
    for door in doors:
        door.reset()
    address = graph.account["address"]
    return Desk(
        address=address,
        mailbox=build_graph(graph.http, address),
        crm=build_salesforce(salesforce.http, salesforce.account["user_id"]),
    )


def expected(company: Company, desk: Desk, causes: set[str]) -> set[tuple[str, str]]:
    return {
        (cause, name)
        for cause in causes
        for address, name in company.expected_causes.get(cause, [])
        if address == desk.address
    }


def upload(desk: Desk) -> list[Outcome]:
    """Make a record of every item that has none yet and may go up."""
    going = [i for i in desk.items() if may_go_up(i)]
    known = known_addresses(desk, going)
    creates = [
        operation(
            Side.CRM,
            Verb.CREATE,
            item.kind,
            name="",
            key=f"{desk.address}-{item.id}"[-100:],
            item=item,
            **MAPPINGS[item.kind].to_record(item.content),
        )
        for item in going
        if first_address(item) not in known
    ]
    size = desk.crm.writer.batch_size
    chunks = (creates[n : n + size] for n in range(0, len(creates), size))
    return [outcome for chunk in chunks for outcome in desk.crm.writer.write(chunk)]


def may_go_up(item: Item) -> bool:
    """Whether an item becomes a record by its field table alone."""
    is_own = not item.unsupported and item.is_organizer
    return is_own and item.kind in MAPPINGS and item.role is not Role.MASTER


def first_address(item: Item) -> str:
    addresses = item.content.get("emails") or ()
    assert isinstance(addresses, tuple)
    return str(addresses[0]) if addresses else ""


def known_addresses(desk: Desk, items: list[Item]) -> set[str]:
    addresses = sorted({first_address(item) for item in items} - {""})
    found = desk.crm.finder.find(Kind.CONTACT, [], addresses)
    return {str(record.fields["Email"]).lower() for record in found}


def cause_of(outcome: Outcome) -> str:
    assert outcome.fault is not None
    wanted = outcome.operation
    cause = classify(
        outcome.fault, kind=wanted.kind, side=Side.CRM, verb=wanted.verb.value
    )
    return entry(cause.code).slug


def name_of(wanted: Operation) -> str:
    assert wanted.item is not None
    return wanted.item.name


def test_only_the_expected_items_cannot_be_read_into_a_record(
    desk: Desk, company: Company
) -> None:
    found = {(i.unsupported, i.name) for i in desk.items() if i.unsupported}
    assert found == expected(company, desk, READ_CAUSES)


def test_every_kind_of_item_is_read(desk: Desk) -> None:
    items = desk.items()
    counts = Counter(item.kind for item in items)
    assert set(counts) == {Kind.EVENT, Kind.CONTACT, Kind.TASK, Kind.MESSAGE}
    roles = Counter(item.role for item in items if item.kind is Kind.EVENT)
    assert roles[Role.MASTER] >= 5
    assert roles[Role.OCCURRENCE] > 30
    filed = Counter(item.kind for item in items if item.is_filed)
    assert filed == {Kind.TASK: 15, Kind.MESSAGE: 2}


def test_going_up_only_the_expected_items_are_refused(
    desk: Desk, company: Company
) -> None:
    outcomes = upload(desk)
    refused = {(cause_of(o), name_of(o.operation)) for o in outcomes if o.fault}
    assert refused == expected(company, desk, CREATE_CAUSES)


def test_going_up_nothing_is_altered(desk: Desk) -> None:
    done = [outcome for outcome in upload(desk) if outcome.is_done]
    assert len(done) > 150
    stored = {record.id: record for record in desk.records()}
    for outcome in done:
        kept = stored[outcome.id].fields
        sent = outcome.operation.fields
        assert {name: kept[name] for name in sent} == sent


def test_going_down_nothing_is_refused_or_altered(desk: Desk) -> None:
    creates = [
        operation(
            Side.MAILBOX,
            Verb.CREATE,
            record.kind,
            key=f"{desk.address}-{record.id}",
            **MAPPINGS[record.kind].to_item(record.fields),
        )
        for record in desk.records()
    ]
    size = desk.mailbox.writer.batch_size
    for n in range(0, len(creates), size):
        for outcome in desk.mailbox.writer.write(creates[n : n + size]):
            assert outcome.fault is None
            assert outcome.item is not None
            again = MAPPINGS[outcome.item.kind].to_record(outcome.item.content)
            sent = MAPPINGS[outcome.item.kind].to_record(outcome.operation.fields)
            assert again == sent
