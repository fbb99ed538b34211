"""Items that cannot sync, each for a reason that the org or the format gives.

Nothing here is broken by the sandboxes on purpose: the org's rules, sharing and
field lengths refuse these items by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from syncline.sandbox.company import shapes
from syncline.sandbox.company.people import (
    ADA,
    BRUNO,
    CHIARA,
    DORA,
    STAFF,
    Colleague,
    Crowd,
    Person,
)
from syncline.sandbox.company.period import DAY, Period
from syncline.sandbox.company.shapes import Json

CUSTOM_ZONE = "tzone://Microsoft/Custom"
LONG_TITLE_LENGTH = 150
SABBATICAL_DAYS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """One mailbox item that must become an issue.

    `cause` is the slug of the reason, `name` what a person calls the item, and
    `records` are the Salesforce contacts that stand in its way.
    """

    cause: str
    owner: Colleague
    name: str
    event: Json | None = None
    contact: Json | None = None
    records: list[Json] = field(default_factory=list)


def misfits(period: Period, crowd: Crowd) -> list[Misfit]:
    """All of them; persons are taken from the crowd."""
    return [
        *_nameless(),
        *_against_validation(period, crowd),
        *_too_long(crowd),
        *_unusable_values(crowd),
        *_twins(crowd),
        *_unsupported(period),
    ]


def _event(cause: str, owner: Colleague, subject: str, when: Json, **more: object
           ) -> Misfit:  # fmt: skip
    item = shapes.event(subject, when, **more)
    return Misfit(cause=cause, owner=owner, name=subject, event=item)


def _contact(cause: str, owner: Colleague, person: Person, **more: object) -> Misfit:
    item = shapes.contact(
        person.given,
        person.family,
        emailAddresses=shapes.emails(person.email, name=person.name),
        companyName=person.customer.name,
    )
    return Misfit(cause=cause, owner=owner, name=person.name, contact=item | more)


def _record(person: Person, owner: Colleague, **more: object) -> Json:
    return {
        "FirstName": person.given,
        "LastName": person.family,
        "Email": person.email,
        "Phone": person.phone,
        "AccountId": f"@ref:{person.customer.ref}",
        "_owner": owner.username,
        **more,
    }


def _slot(period: Period, offset: int, zone: str) -> Json:
    start = datetime.combine(period.today + offset * DAY, time(7, 20))
    return shapes.timed(start, start + timedelta(minutes=40), zone)


def _nameless() -> list[Misfit]:
    """Salesforce wants a last name."""
    desk = "reception.desk@mazowieckiesieci.example"
    given_only = shapes.contact(
        "Fatoumata",
        None,
        emailAddresses=shapes.emails("fatoumata@dakar-mesures.example"),
    )
    company_only = {"companyName": "Harbour Pilots Apapa", "fileAs": "Harbour Pilots"}
    email_only = {"emailAddresses": shapes.emails(desk)}
    cause = "required_field_missing"
    return [
        Misfit(cause=cause, owner=ADA, name="Fatoumata", contact=given_only),
        Misfit(
            cause=cause,
            owner=BRUNO,
            name="Harbour Pilots Apapa",
            contact=company_only,
        ),
        Misfit(cause=cause, owner=CHIARA, name=desk, contact=email_only),
    ]


def _against_validation(period: Period, crowd: Crowd) -> list[Misfit]:
    """The org wants real subjects, and departments for executives."""
    cause = "validation_rule"
    chief = crowd.next()
    return [
        _event(cause, ADA, "TBD", _slot(period, 5, ADA.mailbox_zone)),
        _contact(cause, BRUNO, chief, jobTitle="Chief Metrology Officer"),
        _event(
            cause,
            CHIARA,
            "TBD: dinner with Dell'Acqua",
            _slot(period, 8, CHIARA.mailbox_zone),
        ),
    ]


def _too_long(crowd: Crowd) -> list[Misfit]:
    """Longer than Salesforce's fields: Title 128, phones 40."""
    title = "Interim Deputy Head of Calibration, Certification and Traceability, "
    number = "+234 1 903 4410 or +234 1 903 4411, after 17:00 +234 1 903 4499"
    cause = "value_too_long"
    return [
        _contact(cause, ADA, crowd.next(), jobTitle=(title * 3)[:LONG_TITLE_LENGTH]),
        _contact(cause, BRUNO, crowd.next(), mobilePhone=number),
    ]


def _unusable_values(crowd: Crowd) -> list[Misfit]:
    """A salutation that the org does not list, an address that is none."""
    broken = crowd.next()
    address = shapes.emails("see business card", name=broken.name)
    return [
        _contact("picklist_value", ADA, crowd.next(), title="Captain"),
        _contact("picklist_value", CHIARA, crowd.next(), title="Captain"),
        _contact("invalid_email", BRUNO, broken, emailAddresses=address),
    ]


def _twins(crowd: Crowd) -> list[Misfit]:
    """Contacts whose Salesforce counterpart stands in the way."""
    doubled = (
        _doubled(CHIARA, BRUNO, crowd.next()),
        _doubled(BRUNO, ADA, crowd.next()),
    )
    refused = (
        _outgrown("inactive_owner", ADA, crowd.next(), DORA),
        _outgrown("inactive_owner", CHIARA, crowd.next(), DORA),
        _outgrown("record_locked", BRUNO, crowd.next(), BRUNO, _locked=True),
        _outgrown("record_locked", ADA, crowd.next(), ADA, _locked=True),
        _outgrown("read_only_record", CHIARA, crowd.next(), CHIARA, _read_only=True),
    )
    disputed = [_disputed(owner, crowd.next()) for owner in STAFF]
    return [*doubled, *refused, *disputed]


def _doubled(owner: Colleague, colleague: Colleague, person: Person) -> Misfit:
    """Same name and telephone, other address than a colleague's contact."""
    item = _contact(
        "duplicate_rule",
        owner,
        person,
        emailAddresses=shapes.emails(f"private.{person.email}", name=person.name),
        businessPhones=[person.phone],
    )
    item.records.append(_record(person, colleague, Title=person.title))
    return item


def _outgrown(
    cause: str, keeper: Colleague, person: Person, owner: Colleague, **flags: bool
) -> Misfit:
    """Equal by e-mail; the title that only the mailbox knows may not go up."""
    item = _contact(cause, keeper, person, jobTitle=person.title)
    item.records.append(_record(person, owner, **flags))
    return item


def _disputed(owner: Colleague, person: Person) -> Misfit:
    """Equal by e-mail, with another title on each side."""
    item = _contact("conflict_mailbox_won", owner, person, jobTitle="Site Manager")
    item.records.append(_record(person, owner, Title="Deputy Site Manager"))
    return item


def _unsupported(period: Period) -> list[Misfit]:
    """What one of the sides cannot represent."""
    makers: tuple[Callable[[Period], list[Misfit]], ...] = (
        _in_custom_zone,
        _endless,
    )
    return [misfit for make in makers for misfit in make(period)]


def _in_custom_zone(period: Period) -> list[Misfit]:
    subjects = ((ADA, "Imported from an old organizer"), (CHIARA, "Board of the guild"))
    return [
        _event(
            "unknown_time_zone",
            owner,
            subject,
            _slot(period, 9 + n, "UTC"),
            originalStartTimeZone=CUSTOM_ZONE,
            originalEndTimeZone=CUSTOM_ZONE,
        )
        for n, (owner, subject) in enumerate(subjects)
    ]


def _endless(period: Period) -> list[Misfit]:
    first = period.monday(4)
    last = first + (SABBATICAL_DAYS - 1) * DAY
    when = shapes.whole_days(first, last, CHIARA.mailbox_zone)
    return [_event("all_day_too_long", CHIARA, "Sabbatical", when, showAs="oof")]
