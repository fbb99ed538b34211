"""Say why an item of the mailbox is not saved to Salesforce; nothing said, it is."""

from __future__ import annotations

from syncline.domain.engine.decisions import Scene
from syncline.domain.engine.keys import is_mirrored_key
from syncline.domain.engine.tie_ins import (
    TieIn,
    addresses_of_event,
    addresses_of_message,
    tie_in,
)
from syncline.domain.engine.window import is_inside
from syncline.domain.issues.marking import SAVED_MARK, UNSYNC_MARK
from syncline.domain.values.content import Attendee
from syncline.domain.values.items import Item, Role
from syncline.domain.values.kinds import Direction, Kind

#: What came down from a record of another object never goes up as an event.
SHOWN_ONLY = "it shows a record of another object"


def has_mark(item: Item, name: str) -> bool:
    """Whether an item carries a category, whatever its case."""
    return any(c.casefold() == name.casefold() for c in item.categories)


def is_marked(item: Item) -> bool:
    """Whether the user said that this item is to be saved (reference 3.3)."""
    return item.is_filed or has_mark(item, SAVED_MARK)


def is_taken_out(item: Item) -> bool:
    """Whether the user said that this item is to leave Salesforce."""
    return item.kind is Kind.EVENT and has_mark(item, UNSYNC_MARK)


def reason_not_to_save(item: Item, scene: Scene) -> str:
    """Why an item is left alone, whoever is on it; empty when it may be saved."""
    policy = scene.mailbox.policy
    if is_mirrored_key(item.link_key):
        return SHOWN_ONLY
    if item.kind not in policy.kinds:
        return "kind is switched off"
    if policy.direction(item.kind) is Direction.DOWN:
        return "this kind does not go to Salesforce"
    if is_taken_out(item):
        return "taken out of Salesforce by its owner"
    match item.kind:
        case Kind.EVENT:
            why_not = _reason_about_event(item, scene)
        case Kind.TASK:
            why_not = _reason_about_task(item)
        case Kind.MESSAGE:
            why_not = _reason_about_message(item, scene)
        case Kind.CONTACT:
            why_not = ""
    return why_not or ("" if _is_wanted(item, scene) else "not marked for Salesforce")


def _reason_about_event(item: Item, scene: Scene) -> str:
    if item.is_cancelled:
        return "meeting was cancelled"
    is_series = item.role is Role.MASTER
    if not is_series and not is_inside(item.content.get("when"), scene.window):
        return "outside of the time window"
    if not item.is_organizer and item.organizer in scene.mailbox.members:
        uid = item.series_uid or item.uid
        if uid in scene.synced_uids or item.uid in scene.synced_uids:
            return "synchronized from its organizer's calendar"
    return ""


def _reason_about_task(item: Item) -> str:
    if item.content.get("status") == "completed" and not is_marked(item):
        return "completed before it was saved"
    return ""


_NOT_MAIL = {
    "draft": "a draft",
    "receipt": "a read receipt",
    "report": "a delivery report",
    "meeting": "a meeting message",
}


def _reason_about_message(item: Item, scene: Scene) -> str:
    sort = str(item.content.get("sort") or "mail")
    if sort in _NOT_MAIL:
        return f"not an e-mail: {_NOT_MAIL[sort]}"
    way = str(item.content.get("direction") or "in")
    if not is_marked(item) and way not in scene.mailbox.policy.message_directions:
        return "this direction is not saved automatically"
    return ""


def _is_wanted(item: Item, scene: Scene) -> bool:
    if is_marked(item):
        return True
    policy = scene.mailbox.policy
    if item.kind not in policy.auto_save:
        return False
    if not item.content.get("private"):
        return True
    return item.kind is Kind.EVENT and policy.auto_save_private


def is_unanswered(item: Item, scene: Scene) -> bool:
    """Whether it is an invitation that its owner has not accepted (3.5-3)."""
    if item.kind is not Kind.EVENT or item.is_organizer:
        return False
    return item.response in ("none", "declined") and not (
        scene.mailbox.policy.save_unanswered
    )


def tie_in_of(item: Item, scene: Scene) -> TieIn:
    """Whom a new record of this item is tied to, or why it is not saved."""
    policy = scene.mailbox.policy
    if item.kind is Kind.MESSAGE:
        addresses = addresses_of_message(item.content)
        takes_unrelated = policy.save_unrelated_messages
    else:
        addresses = addresses_of_event(item.content, item.organizer)
        takes_unrelated = policy.save_unrelated_events
    return tie_in(
        addresses,
        mailbox=scene.mailbox,
        known=scene.known,
        names=_names(item),
        is_forced=is_marked(item),
        takes_unrelated=takes_unrelated,
        text=str(item.content.get("body") or ""),
    )


def _names(item: Item) -> dict[str, str]:
    names: dict[str, str] = {}
    for field in ("attendees", "recipients"):
        people = item.content.get(field)
        for person in people if isinstance(people, tuple) else ():
            if isinstance(person, Attendee) and person.name:
                names[person.email.lower()] = person.name
    sender = str(item.content.get("sender_email") or "").lower()
    if sender and item.content.get("sender_name"):
        names[sender] = str(item.content["sender_name"])
    return names
