"""What this org counts beside every other sandbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from syncline.sandbox.base.control import Counters


@dataclass(slots=True)
class OrgCounters(Counters):
    """The counters, with the mails that the org itself sent to invitees."""

    #: Salesforce mails invitees only when a request asks for it.
    invitee_mails: int = 0

    def reset(self) -> None:
        """Start counting from zero."""
        Counters.reset(self)
        self.invitee_mails = 0

    def as_json(self) -> dict[str, Any]:
        """The answer of `GET /_control/counters`."""
        return Counters.as_json(self) | {"invitee_mails": self.invitee_mails}
