"""Guests of a meeting as invitees of its Salesforce event (reference 3.5).

Only guests who are known persons can be invitees; all of them are listed by
name in the text field. Canonical form: JSON of `[[id, status], ...]`, sorted by
id, or None for nobody. The other way round is in `guests`.

The base says whom both sides agreed on. A base without the field says that
nobody knows whether they were written; then they are compared anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from syncline.domain.engine.decisions import Scene
from syncline.domain.values.content import (
    Attendee,
    Content,
    RecordFields,
)
from syncline.domain.values.items import Item
from syncline.domain.values.links import Base

FIELD = "Invitees"
#: What is not said plainly is undecided (reference 3.5).
_STATUS = {"accepted": "Accepted", "declined": "Declined"}
_UNDECIDED = "New"
_NO_ANSWER = "none"


def guests_of(content: Content) -> tuple[Attendee, ...]:
    """The guests of a meeting."""
    found = content.get("attendees")
    listed = found if isinstance(found, tuple) else ()
    return tuple(g for g in listed if isinstance(g, Attendee))


def read(value: object) -> dict[str, str]:
    """Status by id, from the canonical form."""
    if not isinstance(value, str) or not value:
        return {}
    return {str(person): str(status) for person, status in json.loads(value)}


def write(invitees: Mapping[str, str]) -> str | None:
    """The canonical form."""
    pairs = [[person, invitees[person]] for person in sorted(invitees)]
    return json.dumps(pairs) if pairs else None


def wanted_invitees(content: Content, scene: Scene) -> str | None:
    """Invitees for the guests of a new event, as far as they are known persons."""
    wanted: dict[str, str] = {}
    for guest in guests_of(content):
        person_id = _person_of(guest.email, scene, {})
        if person_id:
            wanted.setdefault(person_id, _status(guest))
    return write(wanted)


def without_invitees(base: Base) -> Base:
    """The base of a write whose invitees may not have been written."""
    record = {name: value for name, value in base.record.items() if name != FIELD}
    return Base(item=base.item, record=record)


def are_agreed(base: Base | None) -> bool:
    """Whether it is known whom both sides agreed on."""
    return base is not None and FIELD in base.record


def must_compare(
    content: Content, record: RecordFields, base: Base | None, *, is_organizer: bool
) -> bool:
    """Whether guests may have to be written, so that one must know who they are."""
    if not is_organizer or FIELD not in record:
        return False
    guests = guests_of(content)
    if base is None or guests != guests_of(base.item):
        return True
    return bool(guests) and not are_agreed(base)


def invitee_changes(
    item: Item, record: RecordFields, base: Base | None, scene: Scene
) -> dict[str, str | None]:
    """What to write into a record's invitees.

    Who was added in Salesforce stays, who left in the mailbox goes, whatever the
    status. An answer in Salesforce stands until the guest answers in the mailbox.
    """
    is_organizer = item.is_organizer
    if not must_compare(item.content, record, base, is_organizer=is_organizer):
        return {}
    now = read(record[FIELD])
    agreed = read(base.record[FIELD]) if base and are_agreed(base) else None
    wanted = _kept(item, now, agreed, scene)
    before: dict[str, str] = {}
    if base and agreed is not None:
        before = {g.email: g.response for g in guests_of(base.item)}
    for guest in guests_of(item.content):
        person_id = _person_of(guest.email, scene, now)
        if not person_id:
            continue
        if guest.response != before.get(guest.email, _NO_ANSWER):
            wanted[person_id] = _status(guest)
        elif not agreed or person_id not in agreed or guest.email not in before:
            wanted.setdefault(person_id, _status(guest))
    return {} if wanted == now else {FIELD: write(wanted)}


def open_from(
    base: Base | None, record: RecordFields, changes: Mapping[str, str | None]
) -> str | None:
    """What is agreed on once changes are written, before the other way is gone.

    What people did to the invitees in Salesforce stays open.
    """
    before = read(base.record.get(FIELD)) if base else {}
    now, new = read(record.get(FIELD)), read(changes.get(FIELD))
    settled = {p: s for p, s in new.items() if p in before or p not in now}
    return write(settled | {p: s for p, s in before.items() if p not in now})


def _kept(
    item: Item, now: Mapping[str, str], agreed: Mapping[str, str] | None, scene: Scene
) -> dict[str, str]:
    """Invitees who stay: added in Salesforce, or guests still."""
    if agreed is None:
        return dict(now)
    people = scene.known.people
    here = {p.id for g in guests_of(item.content) for p in people.get(g.email, ())}
    return {p: s for p, s in now.items() if p not in agreed or p in here}


def _person_of(email: str, scene: Scene, now: Mapping[str, str]) -> str:
    """Who is invited already; or else of colleagues the user, of others the contact.

    Nobody from outside where the profile invites colleagues only.
    """
    is_member = email in scene.mailbox.members
    if scene.mailbox.policy.invite_members_only and not is_member:
        return ""
    ranks = ("User", "Contact", "Lead") if is_member else ("Contact", "Lead", "User")
    candidates = [
        p
        for p in scene.known.people.get(email, ())
        if p.id != scene.mailbox.crm_user_id
    ]
    ranked = sorted(
        candidates, key=lambda p: (p.id not in now, ranks.index(p.object_name), p.id)
    )
    return ranked[0].id if ranked else ""


def _status(guest: Attendee) -> str:
    return _STATUS.get(guest.response, _UNDECIDED)
