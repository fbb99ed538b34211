"""Guests of a meeting as invitees of its Salesforce event (reference 3.5).

Only guests who are known persons can be invitees; all of them are listed by
name in the text field. Canonical form: JSON of `[[id, status], ...]`, sorted by
id, or None for nobody.
"""

from __future__ import annotations

import json

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


def wanted_invitees(content: Content, scene: Scene) -> str | None:
    """Invitees for the guests of an item, as far as they are known persons."""
    wanted: dict[str, str] = {}
    guests = content.get("attendees")
    for guest in guests if isinstance(guests, tuple) else ():
        if not isinstance(guest, Attendee):
            continue
        is_member = guest.email in scene.mailbox.members
        if scene.mailbox.policy.invite_members_only and not is_member:
            continue
        person_id = _person_of(guest.email, scene, is_member=is_member)
        if person_id:
            wanted.setdefault(person_id, _STATUS.get(guest.response, _UNDECIDED))
    return write(wanted)


def _person_of(email: str, scene: Scene, *, is_member: bool) -> str:
    """A colleague is a user; everybody else a contact, or else a lead."""
    ranks = ("User", "Contact", "Lead") if is_member else ("Contact", "Lead", "User")
    candidates = [
        p
        for p in scene.known.people.get(email, ())
        if p.id != scene.mailbox.crm_user_id
    ]
    ranked = sorted(candidates, key=lambda p: (ranks.index(p.object_name), p.id))
    return ranked[0].id if ranked else ""


def read(value: object) -> dict[str, str]:
    """Status by id, from the canonical form."""
    if not isinstance(value, str) or not value:
        return {}
    return {str(person): str(status) for person, status in json.loads(value)}


def write(invitees: dict[str, str]) -> str | None:
    """The canonical form."""
    pairs = [[person, invitees[person]] for person in sorted(invitees)]
    return json.dumps(pairs) if pairs else None


def has_new_guests(item: Item, base: Base | None) -> bool:
    """Whether the guests of an item are not those that were last agreed on."""
    before = base.item.get("attendees") if base else None
    return item.content.get("attendees") != before and item.is_organizer


def invitee_changes(
    item: Item, record: RecordFields, base: Base | None, scene: Scene
) -> dict[str, str | None]:
    """What to write into a record's invitees.

    Who was added in Salesforce stays, who left in the mailbox goes.
    """
    if FIELD not in record or not has_new_guests(item, base):
        return {}
    now = read(record[FIELD])
    before = read(base.record.get(FIELD)) if base else {}
    added_there = {p: s for p, s in now.items() if p not in before}
    wanted = {**added_there, **read(wanted_invitees(item.content, scene))}
    return {} if wanted == now else {FIELD: write(wanted)}
