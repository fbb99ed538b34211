"""Client-made keys, so that a repeated create is not a second thing.

A key depends only on what survives a lost database, a move and a restart: the
organization, the address, and the identity of the thing on its first side.
"""

import hashlib

from syncline.domain.access.mailbox import Mailbox
from syncline.domain.values.ids import LinkKey
from syncline.domain.values.items import Item, Record
from syncline.domain.values.kinds import Kind


def item_key(mailbox: Mailbox, item: Item) -> LinkKey:
    """The key of a link that began with an item."""
    return _key(mailbox, item.kind, "i", item.uid or item.id)


def record_key(mailbox: Mailbox, record: Record) -> LinkKey:
    """The key of a link that began with a record."""
    return _key(mailbox, record.kind, "r", record.id)


def unread_key(mailbox: Mailbox, kind: Kind, provider_id: str) -> LinkKey:
    """The key for something that exists and could not be read."""
    return _key(mailbox, kind, "u", provider_id)


def _key(mailbox: Mailbox, kind: Kind, origin: str, identity: str) -> LinkKey:
    digest = hashlib.sha256(f"{kind}:{origin}:{identity}".encode()).hexdigest()
    return LinkKey(f"{mailbox.key}-{digest[:32]}")
