"""Choose the people and companies that a new record is tied to (reference 3.8).

A tie-in is WhoId (a person) and WhatId (a company or a deal). A lead stands
alone: with one as the person there is no company.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from syncline.domain.access.mailbox import Mailbox
from syncline.domain.access.policy import NewCompanies, NewPeople, Policy, SavingMode
from syncline.domain.engine.addresses import company_domain, outside
from syncline.domain.engine.decisions import Known
from syncline.domain.engine.record_links import related_record
from syncline.domain.values.content import Attendee, Content
from syncline.domain.values.people import Company, Deal, NewPerson, Person

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class TieIn:
    """What a record is tied to.

    `people` are all known persons among the addresses, by address and in order;
    `missing` must be made first. `reason` says why the item is not saved
    automatically; it is empty when it may be.
    """

    who_id: str = ""
    what_id: str = ""
    people: tuple[tuple[str, Person], ...] = ()
    missing: tuple[NewPerson, ...] = ()
    reason: str = ""


def addresses_of_message(content: Content) -> tuple[str, ...]:
    """Sender first, then the recipients in their order."""
    sender = str(content.get("sender_email") or "")
    recipients = content.get("recipients") or ()
    others = _emails(recipients) if isinstance(recipients, tuple) else ()
    return tuple(e for e in (sender, *others) if e)


def addresses_of_event(content: Content, organizer: str) -> tuple[str, ...]:
    """Organizer first, then the guests."""
    guests = content.get("attendees") or ()
    others = _emails(guests) if isinstance(guests, tuple) else ()
    return tuple(e for e in (organizer, *others) if e)


def _emails(guests: Iterable[object]) -> tuple[str, ...]:
    return tuple(g.email for g in guests if isinstance(g, Attendee))


def tie_in(
    addresses: Sequence[str],
    *,
    mailbox: Mailbox,
    known: Known,
    names: dict[str, str],
    is_forced: bool,
    takes_unrelated: bool,
    text: str = "",
) -> TieIn:
    """Choose the tie-in of a new message or event.

    Args:
        addresses: Everybody on it, the most important first.
        mailbox: Whose, with the policy.
        known: What Salesforce says about them.
        names: Display names by lower-case address, for persons to be made.
        is_forced: The user marked it: saved whoever is on it.
        takes_unrelated: Saved although nobody in Salesforce has to do with it.
        text: The body; a link to a record in it names what it is about.
    """
    pointed = related_record(text, mailbox.crm_instance_url)
    strangers = outside(addresses, mailbox)
    people = tuple(
        (e, person) for e in strangers if (person := _best(known.people.get(e, ())))
    )
    missing = _to_be_made(strangers, people, mailbox, known, names)
    reason = ""
    if not is_forced:
        reason = _reason_against(
            strangers,
            people,
            mailbox,
            known,
            takes_unrelated=takes_unrelated,
            is_pointed=bool(pointed),
        )
        if reason:
            return TieIn(people=people, reason=reason)
    who = _first_person(people)
    what = (
        ""
        if who and who.object_name == "Lead"
        else pointed or _what(who, people, strangers, mailbox, known)
    )
    return TieIn(
        who_id=who.id if who else "",
        what_id=what,
        people=people,
        missing=tuple(p for p in missing if p.email not in known.refused),
    )


def _best(candidates: Sequence[Person]) -> Person | None:
    """The person an address stands for: contact before lead, the oldest first."""
    ranked = sorted(
        (p for p in candidates if p.object_name != "User"),
        key=lambda p: (p.object_name != "Contact", p.created_at or _LONG_AGO, p.id),
    )
    return ranked[0] if ranked else None


def _first_person(people: Sequence[tuple[str, Person]]) -> Person | None:
    contacts = [p for _, p in people if p.object_name == "Contact"]
    return contacts[0] if contacts else (people[0][1] if people else None)


def _reason_against(
    strangers: Sequence[str],
    people: Sequence[tuple[str, Person]],
    mailbox: Mailbox,
    known: Known,
    *,
    takes_unrelated: bool,
    is_pointed: bool,
) -> str:
    """Why it is not saved automatically; empty when it is (reference 3.9-4)."""
    if takes_unrelated:
        return ""
    if not strangers:
        return "only colleagues or blocked addresses are on it"
    if people or is_pointed:
        return ""
    mode = mailbox.policy.saving_mode
    if mode is SavingMode.FORCED:
        return ""
    if mode in (SavingMode.SMART, SavingMode.FLEXIBLE) and any(
        known.companies.get(company_domain(e, mailbox)) for e in strangers
    ):
        return ""
    return "nobody in Salesforce has to do with it"


def _to_be_made(
    strangers: Sequence[str],
    people: Sequence[tuple[str, Person]],
    mailbox: Mailbox,
    known: Known,
    names: dict[str, str],
) -> tuple[NewPerson, ...]:
    """Persons whom the profile wants made for addresses that nobody knows."""
    policy = mailbox.policy
    if policy.new_people is NewPeople.NONE:
        return ()
    have = {e for e, _ in people}
    needs_company = policy.saving_mode in (SavingMode.SMART, SavingMode.FLEXIBLE)
    if policy.saving_mode is SavingMode.FORCED and have:
        return ()
    if not needs_company and policy.saving_mode is not SavingMode.FORCED:
        return ()
    made = []
    for email in strangers:
        domain = company_domain(email, mailbox)
        companies = known.companies.get(domain, ()) if domain else ()
        if email in have or not domain or (needs_company and not companies):
            continue
        made.append(_new_person(email, names.get(email, ""), domain, companies, policy))
        if policy.saving_mode is SavingMode.FORCED:
            break
    return tuple(made)


def _new_person(
    email: str,
    name: str,
    domain: str,
    companies: Sequence[Company],
    policy: Policy,
) -> NewPerson:
    object_name = "Lead" if policy.new_people is NewPeople.LEAD else "Contact"
    account_id = companies[0].id if companies else ""
    account_name = ""
    if not account_id and policy.new_companies is NewCompanies.FIXED:
        account_id = policy.account_id
    elif not account_id and policy.new_companies is NewCompanies.BY_DOMAIN:
        account_name = domain.split(".", maxsplit=1)[0].capitalize()
    return NewPerson(
        email=email,
        name=name or email.partition("@")[0],
        object_name=object_name,
        account_id=account_id,
        account_name=account_name,
    )


def _what(
    who: Person | None,
    people: Sequence[tuple[str, Person]],
    strangers: Sequence[str],
    mailbox: Mailbox,
    known: Known,
) -> str:
    """The deal or the company (reference 3.8-2, 3.8-5)."""
    accounts = [p.account_id for _, p in people if p.account_id]
    if mailbox.policy.link_opportunities:
        deal = _newest_deal(accounts, mailbox, known)
        if deal is not None:
            return deal.id
    if who is not None and who.account_id:
        return who.account_id
    if accounts:
        return accounts[0]
    if mailbox.policy.saving_mode is SavingMode.USEFUL and not people:
        return ""
    for email in strangers:
        companies = known.companies.get(company_domain(email, mailbox), ())
        if companies:
            return companies[0].id
    return ""


def _newest_deal(
    accounts: Iterable[str], mailbox: Mailbox, known: Known
) -> Deal | None:
    """The user's own latest deal with one of the companies."""
    own = [
        deal
        for account in dict.fromkeys(accounts)
        for deal in known.deals.get(account, ())
        if deal.owner_id == mailbox.crm_user_id
    ]
    return max(own, key=lambda d: (d.created_at or _LONG_AGO, d.id), default=None)


def account_for(company: str, known: Known) -> str:
    """The account of a new contact, by its company's name (reference 3.8-8).

    The oldest of that exact name, else the only one whose name contains it.
    """
    wanted = company.strip().casefold()
    candidates = known.named.get(wanted, ())
    exact = [c for c in candidates if c.name.strip().casefold() == wanted]
    if exact:
        return min(exact, key=lambda c: (c.created_at or _LONG_AGO, c.id)).id
    return candidates[0].id if len(candidates) == 1 else ""
