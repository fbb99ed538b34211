"""Sees to it that no write makes Exchange mail anybody.

Creating, changing or deleting an event with attendees mails them, and Graph
has no switch against it. Only a user's own state (show-as, reminder,
categories, our property) may be written on such events. Deciding needs the
guest list as it stands at the moment of the write: either what was read under
the version that guards the write, or a fresh look.

Where the profile allows that guests are mailed, the operation says so; meetings
of somebody else are left alone even then.
"""

from __future__ import annotations

from syncline.connectors.microsoft365.events import OWN_STATE
from syncline.connectors.microsoft365.manifest import (
    GUESTS_WOULD_BE_MAILED,
    MESSAGES_ARE_NOT_WRITTEN,
    NOT_THE_ORGANIZER,
    PROVIDER,
)
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.items import Item
from syncline.domain.values.kinds import Kind
from syncline.domain.values.operations import Operation, Verb


def is_harmless(operation: Operation) -> bool:
    """Whether a write can mail nobody, whoever is invited."""
    if operation.kind is not Kind.EVENT:
        return True
    if operation.verb is Verb.CREATE:
        return not operation.fields.get("attendees")
    return operation.verb is Verb.UPDATE and set(operation.fields) <= OWN_STATE


def must_look(operation: Operation) -> bool:
    """Whether the guest list must be read before the write."""
    if operation.verb is Verb.CREATE or is_harmless(operation):
        return False
    item = operation.item
    is_guarded = bool(operation.version) and item is not None
    return not (is_guarded and item is not None and item.version == operation.version)


def find_refusal(operation: Operation, item: Item | None) -> Fault | None:
    """The reason not to send a write, if there is one.

    Args:
        operation: The write.
        item: The event as it stands.
    """
    if operation.kind is Kind.MESSAGE:
        return _refusal(MESSAGES_ARE_NOT_WRITTEN, "write message")
    if is_harmless(operation):
        return None
    if item is not None and not item.is_organizer:
        return _refusal(NOT_THE_ORGANIZER)
    if operation.may_mail_guests:
        return None
    has_guests = item is not None and item.has_guests
    invites = bool(operation.fields.get("attendees"))
    if has_guests or invites:
        return _refusal(GUESTS_WOULD_BE_MAILED)
    return None


def _refusal(code: str, operation: str = "write event") -> Fault:
    return Fault(
        fault_class=FaultClass.REJECTED,
        provider=PROVIDER,
        operation=operation,
        code=code,
        fields=() if code == MESSAGES_ARE_NOT_WRITTEN else ("attendees",),
    )
