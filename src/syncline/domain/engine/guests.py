"""Invitees of a Salesforce event as guests of its meeting (reference 3.5).

The provider mails guests who are added or removed, so that the profile must allow
it. Statuses never come down. The other way round is in `invitees`.
"""

from __future__ import annotations

from collections.abc import Iterable

from syncline.domain.access.policy import Policy
from syncline.domain.engine.decisions import Scene
from syncline.domain.engine.invitees import FIELD, are_agreed, guests_of, read, write
from syncline.domain.engine.pair import Pair
from syncline.domain.values.content import Attendee, RecordFields
from syncline.domain.values.items import Item
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Base, Link
from syncline.domain.values.operations import Operation, Outcome, Verb
from syncline.domain.values.people import Person

GUESTS = "attendees"
#: Fields of an event that are the user's own: writing them mails nobody.
OWN_STATE = frozenset({"show_as", "reminder_minutes"})


def whom_to_ask(
    record: RecordFields, base: Base | None, policy: Policy
) -> frozenset[str]:
    """Ids of people whose addresses decide what changes of the guests."""
    if base is None or not are_agreed(base) or FIELD not in record:
        return frozenset()
    now, before = read(record[FIELD]).keys(), read(base.record[FIELD]).keys()
    if policy.track_deleted_attendees and before - now:
        return frozenset(before | now)
    return frozenset(now - before)


def guest_changes(
    item: Item, record: RecordFields, base: Base | None, scene: Scene
) -> dict[str, tuple[Attendee, ...]]:
    """What to write into a meeting's guests: who was invited in Salesforce comes.

    Who was taken off there goes only where the profile says so.
    """
    if base is None or not item.is_organizer:
        return {}
    if not whom_to_ask(record, base, scene.mailbox.policy):
        return {}
    now, before = read(record[FIELD]), read(base.record[FIELD])
    guests = guests_of(item.content)
    gone: set[str] = set()
    if scene.mailbox.policy.track_deleted_attendees:
        gone = _addresses((p for p in before if p not in now), scene)
        gone -= _addresses(now, scene)
    stay = [g for g in guests if g.email not in gone]
    come = _new_guests((p for p in now if p not in before), guests, scene)
    if len(stay) == len(guests) and not come:
        return {}
    return {GUESTS: _in_order(*stay, *come)}


def invited(record: RecordFields, scene: Scene) -> tuple[Attendee, ...]:
    """Guests for the item of a new event, where guests may be mailed."""
    if not scene.mailbox.policy.mail_guests:
        return ()
    return _in_order(*_new_guests(read(record.get(FIELD)), (), scene))


def agreed_at_first(record: RecordFields, scene: Scene) -> dict[str, str | None]:
    """Whom both sides agree on once the item of a new event was made.

    The others are left open, so that they are told, or invited later.
    """
    if FIELD not in record:
        return {}
    known = scene.known.by_id if scene.mailbox.policy.mail_guests else {}
    now = read(record[FIELD])
    return {FIELD: write({p: s for p, s in now.items() if p in known})}


def leaves_open(link: Link, outcome: Outcome, pair: Pair | None) -> bool:
    """Whether people changed the invitees in a way that this write did not settle."""
    if link.kind is not Kind.EVENT or link.base is None:
        return False
    record = outcome.record or (pair.record if pair else None)
    if record is None or FIELD not in record.fields:
        return False
    now = record.fields[FIELD]
    if outcome.record is None and outcome.operation.side is Side.CRM:
        now = outcome.operation.fields.get(FIELD, now)
    return link.base.record.get(FIELD) != now


def mailed(operation: Operation) -> int:
    """How many guests the provider mails because of a write that allows it."""
    if not operation.may_mail_guests:
        return 0
    if operation.verb is Verb.UPDATE and operation.fields.keys() <= OWN_STATE:
        return 0
    before = guests_of(operation.item.content) if operation.item else ()
    return len({g.email for g in (*before, *guests_of(operation.fields))})


def _people(ids: Iterable[str], scene: Scene) -> list[Person]:
    known = (scene.known.by_id.get(i) for i in ids)
    return [person for person in known if person is not None]


def _addresses(ids: Iterable[str], scene: Scene) -> set[str]:
    return {email for person in _people(ids, scene) for email in person.emails}


def _new_guests(
    ids: Iterable[str], guests: tuple[Attendee, ...], scene: Scene
) -> list[Attendee]:
    """Those who have an address and are not guests yet; nobody twice."""
    here = {guest.email for guest in guests}
    new: list[Attendee] = []
    for person in _people(sorted(ids), scene):
        if not person.emails or _is_owner(person, scene):
            continue
        if here.isdisjoint(person.emails):
            new.append(Attendee(email=person.emails[0], name=person.name))
            here.update(person.emails)
    return new


def _in_order(*guests: Attendee) -> tuple[Attendee, ...]:
    return tuple(sorted(guests, key=lambda guest: guest.email))


def _is_owner(person: Person, scene: Scene) -> bool:
    mailbox = scene.mailbox
    return person.id == mailbox.crm_user_id or mailbox.address.lower() in person.emails
