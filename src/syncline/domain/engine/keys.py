"""Client-made keys, so that a repeated create is not a second thing.

A key depends only on what survives a lost database, a move and a restart: the
organization, the address, and the identity of the thing on its first side. The
key of a message leaves the address out: one message in two mailboxes is one
record.
"""

import hashlib

from syncline.domain.access.mailbox import Mailbox
from syncline.domain.values.ids import LinkKey
from syncline.domain.values.items import Item, Record, Role
from syncline.domain.values.kinds import Kind
from syncline.domain.values.links import Link

#: In place of a digest's first digit, which it is not.
_MIRRORED = "m"


def item_key(mailbox: Mailbox, item: Item) -> LinkKey:
    """The key of a link that began with an item."""
    if item.kind is Kind.MESSAGE:
        return message_key(mailbox, item.uid or item.id)
    return _key(mailbox, item.kind, "i", item.uid or item.id)


def series_key(mailbox: Mailbox, item: Item) -> LinkKey | None:
    """The key of the series that an occurrence belongs to."""
    return series_key_of(mailbox, item) if item.role is Role.OCCURRENCE else None


def series_key_of(mailbox: Mailbox, item: Item) -> LinkKey:
    """The key of a series, by its master or one of its occurrences."""
    return _key(mailbox, item.kind, "i", item.series_uid)


def record_series_key(mailbox: Mailbox, record: Record) -> LinkKey | None:
    """Names a series that Salesforce itself expands, for its issues."""
    if not record.unsupported or not record.series_id:
        return None
    return _key(mailbox, record.kind, "r", record.series_id)


def message_key(mailbox: Mailbox, message_id: str) -> LinkKey:
    """The key of a message, the same in all mailboxes of the organization."""
    org = hashlib.sha256(mailbox.organization_id.encode()).hexdigest()[:12]
    digest = hashlib.sha256(f"message:{message_id}".encode()).hexdigest()
    return LinkKey(f"{org}-{digest[:32]}")


def record_key(mailbox: Mailbox, record: Record) -> LinkKey:
    """The key of a link that began with a record.

    That of a mirrored record shows what it is, so that its item is never taken
    for one of the owner's, whatever else was lost.
    """
    key = _key(mailbox, record.kind, "r", record.id)
    return _mirrored(mailbox, key) if record.is_mirrored else key


def is_mirrored_key(key: LinkKey | None) -> bool:
    """Whether a key is that of a mirrored record."""
    return key is not None and key.rpartition("-")[2].startswith(_MIRRORED)


def _mirrored(mailbox: Mailbox, key: LinkKey) -> LinkKey:
    digest = key.removeprefix(f"{mailbox.key}-")
    return LinkKey(f"{mailbox.key}-{_MIRRORED}{digest[1:]}")


def unread_key(mailbox: Mailbox, kind: Kind, provider_id: str) -> LinkKey:
    """The key for something that exists and could not be read."""
    return _key(mailbox, kind, "u", provider_id)


def was_unread(mailbox: Mailbox, link: Link) -> bool:
    """Whether a link stands for something that could not be read when it was new.

    It has no partner and no true key; once its thing is readable it is begun anew.
    """
    if link.record_id is not None or link.base is not None or link.item_id is None:
        return False
    return link.key == unread_key(mailbox, link.kind, link.item_id)


def _key(mailbox: Mailbox, kind: Kind, origin: str, identity: str) -> LinkKey:
    digest = hashlib.sha256(f"{kind}:{origin}:{identity}".encode()).hexdigest()
    return LinkKey(f"{mailbox.key}-{digest[:32]}")
