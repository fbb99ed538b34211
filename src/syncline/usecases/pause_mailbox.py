"""Stop synchronizing a mailbox until its user starts it again."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from syncline.domain.access.mailbox import Standing
from syncline.domain.values.ids import MailboxId

#: Standings that a user may pause; an admin's word is left alone.
PAUSABLE = frozenset({Standing.ACTIVE, Standing.NEEDS_RENEWAL, Standing.SUSPENDED})


class StandingDesk(Protocol):
    """Changes what a mailbox may do, on a person's word."""

    def change(
        self,
        mailbox_id: MailboxId,
        *,
        allowed: frozenset[Standing],
        to: Standing,
        next_run_at: datetime | None,
        who: str,
    ) -> bool:
        """Change the standing if it is one of `allowed`; answers whether it was."""


def pause_mailbox(desk: StandingDesk, mailbox_id: MailboxId, *, who: str) -> bool:
    """Pause; a session in progress ends by itself.

    Returns:
        False when there was nothing to pause (paused already, or disabled).
    """
    return desk.change(
        mailbox_id, allowed=PAUSABLE, to=Standing.PAUSED, next_run_at=None, who=who
    )
