"""Learn from Salesforce who is on the items that are about to be saved.

Asked once a round, for all of them together, and only when something is new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from syncline.domain.access.policy import Policy
from syncline.domain.engine.addresses import company_domain, outside
from syncline.domain.engine.decisions import Known, Scene
from syncline.domain.engine.guests import whom_to_ask
from syncline.domain.engine.invitees import FIELD as INVITEES
from syncline.domain.engine.invitees import must_compare, read
from syncline.domain.engine.pair import Pair
from syncline.domain.engine.saving import reason_not_to_save
from syncline.domain.engine.tie_ins import addresses_of_event, addresses_of_message
from syncline.domain.mapping.profile import mappings_for
from syncline.domain.values.changes import Presence
from syncline.domain.values.content import Content, RecordFields
from syncline.domain.values.items import Item, Role
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import LinkState
from syncline.domain.values.people import Company, Deal, Person
from syncline.usecases.sync_mailbox.run import Run


def acquainted(run: Run, scene: Scene, pairs: Sequence[Pair]) -> Scene:
    """The scene with what the org can do and whom it knows, where that matters.

    Raises:
        ProviderError: Salesforce could not be asked.
    """
    run.failing_side = Side.CRM
    if any(_needs_traits(p) for p in pairs):
        if run.traits is None:
            run.traits = run.sides.directory.traits()
            run.mappings = mappings_for(run.mailbox.policy, run.traits)
        scene = replace(scene, traits=run.traits, mappings=run.mappings)
    newcomers = [p.item for p in pairs if p.item and _is_new(p, p.item, scene)]
    addresses = {e for item in newcomers for e in _addresses(item)}
    addresses |= {e for p in pairs for e in _guests_to_invite(p)}
    names = {n for item in newcomers if (n := _company(item))}
    if addresses or names:
        scene = replace(scene, known=_look_up(run, addresses, names))
    ids = {i for p in pairs for i in _invited(p, run.mailbox.policy)}
    if ids:
        known = replace(scene.known, by_id=_by_id(run, ids))
        scene = replace(scene, known=known)
    run.failing_side = None
    return scene


def _needs_traits(pair: Pair) -> bool:
    item = pair.item
    if item is None:
        return pair.link.kind is Kind.TASK and pair.record is not None
    is_serial = item.role is not Role.SINGLE
    is_new_message = (
        item.kind is Kind.MESSAGE and pair.link.state is not LinkState.LINKED
    )
    return is_serial or is_new_message or item.kind is Kind.TASK


def _is_new(pair: Pair, item: Item, scene: Scene) -> bool:
    """Whether who is on an item decides about it."""
    if pair.link.state is LinkState.LINKED and not pair.link.is_series:
        return False
    return not reason_not_to_save(item, scene)


def _guests_to_invite(pair: Pair) -> tuple[str, ...]:
    """Addresses of guests who may have to be written to the pair's record."""
    content, record = _content(pair), _fields(pair)
    is_organizer = (pair.item or pair.link).is_organizer
    if not _is_meeting(pair) or not must_compare(
        content, record, pair.link.base, is_organizer=is_organizer
    ):
        return ()
    return addresses_of_event(content, "")


def _invited(pair: Pair, policy: Policy) -> frozenset[str]:
    """Ids of people in Salesforce who may have to become guests."""
    link, record = pair.link, _fields(pair)
    if not _is_meeting(pair) or link.state is LinkState.TOMBSTONE:
        return frozenset()
    is_gone = link.item_id is None or pair.item_presence is Presence.DELETED
    if pair.item is None and is_gone:
        invitees = record.get(INVITEES) if policy.mail_guests else None
        return frozenset(read(invitees))
    if not (pair.item or link).is_organizer:
        return frozenset()
    return whom_to_ask(record, link.base, policy)


def _is_meeting(pair: Pair) -> bool:
    return pair.link.kind is Kind.EVENT and not pair.link.is_series


def _content(pair: Pair) -> Content:
    if pair.item is not None:
        return pair.item.content
    return pair.link.base.item if pair.link.base else {}


def _fields(pair: Pair) -> RecordFields:
    if pair.record is not None:
        return pair.record.fields
    return pair.link.base.record if pair.link.base else {}


def _by_id(run: Run, ids: Iterable[str]) -> dict[str, Person]:
    """People by id; nobody is asked about twice in a session."""
    lacking = sorted(set(ids) - run.people_by_id.keys())
    if lacking:
        run.people_by_id.update(dict.fromkeys(lacking))
        found = run.sides.directory.people_by_id(lacking)
        run.people_by_id.update({person.id: person for person in found})
    return {i: person for i, person in run.people_by_id.items() if person}


def _addresses(item: Item) -> tuple[str, ...]:
    if item.kind is Kind.MESSAGE:
        return addresses_of_message(item.content)
    if item.kind is Kind.EVENT:
        return addresses_of_event(item.content, item.organizer)
    return ()


def _company(item: Item) -> str:
    if item.kind is not Kind.CONTACT:
        return ""
    return str(item.content.get("company") or "").strip()


def _look_up(run: Run, addresses: Iterable[str], names: Iterable[str]) -> Known:
    directory, mailbox = run.sides.directory, run.mailbox
    everybody = sorted({a.strip().lower() for a in addresses if "@" in a})
    people = _by_address(directory.people(everybody)) if everybody else {}
    strangers = [e for e in outside(everybody, mailbox) if e not in people]
    domains = sorted({d for e in strangers if (d := company_domain(e, mailbox))})
    companies = _by_domain(directory.companies(domains)) if domains else {}
    wanted = sorted({n.casefold() for n in names})
    named = directory.companies_named(wanted) if wanted else []
    deals: dict[str, tuple[Deal, ...]] = {}
    accounts = sorted({p.account_id for ps in people.values() for p in ps} - {""})
    if mailbox.policy.link_opportunities and accounts:
        deals = _by_account(directory.deals(accounts, run.now))
    return Known(
        people=people,
        companies=companies,
        named={n: tuple(c for c in named if n in c.name.casefold()) for n in wanted},
        deals=deals,
        refused=frozenset(run.refused_people),
    )


def _by_address(people: Iterable[Person]) -> dict[str, tuple[Person, ...]]:
    found: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        for email in person.emails:
            found[email].append(person)
    return {email: tuple(those) for email, those in found.items()}


def _by_domain(companies: Iterable[Company]) -> dict[str, tuple[Company, ...]]:
    found: dict[str, list[Company]] = defaultdict(list)
    for company in companies:
        found[company.domain].append(company)
    return {domain: tuple(those) for domain, those in found.items()}


def _by_account(deals: Iterable[Deal]) -> dict[str, tuple[Deal, ...]]:
    found: dict[str, list[Deal]] = defaultdict(list)
    for deal in deals:
        found[deal.account_id].append(deal)
    return {account: tuple(those) for account, those in found.items()}
