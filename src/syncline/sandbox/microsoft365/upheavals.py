"""What administrators and desktop programs do to a mailbox behind its clients."""

from __future__ import annotations

import copy
import uuid

from syncline.sandbox.microsoft365.entities import Item, Mailbox
from syncline.sandbox.microsoft365.identifiers import MalformedIdError, parse_id
from syncline.sandbox.microsoft365.routes.events import UID_PREFIX
from syncline.sandbox.microsoft365.store import Tenant


def migrate(mailbox: Mailbox) -> None:
    """Move a mailbox to another store: all ids are new, resume points are lost.

    Contents, `uid`s, message ids and extended properties stay.
    """
    mailbox.mailbox_id = str(uuid.uuid4())


def find(mailbox: Mailbox, item_id: str) -> Item | None:
    """The item of an id in either form; None for occurrences and unknown ids."""
    try:
        reference = parse_id(item_id)
    except MalformedIdError:
        return None
    if reference.day is not None or reference.mailbox_id != mailbox.mailbox_id:
        return None
    return mailbox.items.get(reference.key)


def change_id(tenant: Tenant, mailbox: Mailbox, item: Item) -> Item:
    """Give an item another id, even in the immutable form.

    Deltas tell it as removed and as new.
    """
    moved = copy.copy(item)
    tenant.remove(mailbox, item)
    moved.former = []
    moved.generation = 0
    tenant.create(mailbox, moved)
    if item.kind == "event":
        mailbox.meetings[moved.fields["uid"]] = moved.key
    for transaction, key in mailbox.transactions.items():
        if key == item.key:
            mailbox.transactions[transaction] = moved.key
    return moved


def duplicate(tenant: Tenant, mailbox: Mailbox, item: Item) -> Item:
    """Copy and paste an item: all but its identity, extended properties too."""
    made = Item(
        0,
        item.kind,
        item.parent,
        copy.deepcopy(item.fields),
        properties=dict(item.properties),
        span=item.span,
        series=copy.deepcopy(item.series),
    )
    made.fields.pop("transactionId", None)
    if item.kind == "event":
        made.fields["uid"] = UID_PREFIX + uuid.uuid4().hex.upper()
    tenant.create(mailbox, made)
    if item.kind == "event":
        mailbox.meetings[made.fields["uid"]] = made.key
    return made
