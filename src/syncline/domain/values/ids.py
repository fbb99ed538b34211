"""Ids that must not be mixed up, each its own type."""

from typing import NewType

MailboxId = NewType("MailboxId", int)
SessionId = NewType("SessionId", int)

ItemId = NewType("ItemId", str)
"""Provider id of an item in a mailbox; case-sensitive, opaque."""

RecordId = NewType("RecordId", str)
"""18-character Salesforce id of a record."""

LinkKey = NewType("LinkKey", str)
"""Client-made key of a link: the same item always yields the same key, so a
repeated create finds what the first one made."""
