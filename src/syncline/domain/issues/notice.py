"""A notice: the e-mail that tells a person once that something must be done."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from syncline.domain.values.ids import MailboxId

#: Code of the notice that says that it is over.
ALL_CLEAR = "all-clear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message to one recipient about one change of state."""

    mailbox_id: MailboxId
    recipient: str
    #: Catalog code, or `ALL_CLEAR`.
    code: str
    #: Names the change of state; the same one is never announced twice.
    occasion: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def message_id(self) -> str:
        """The same for every attempt to send this notice."""
        text = f"{self.mailbox_id}:{self.recipient}:{self.code}:{self.occasion}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]
