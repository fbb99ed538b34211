"""Synchronize a paused mailbox again."""

from __future__ import annotations

from datetime import datetime

from syncline.domain.access.mailbox import Standing
from syncline.domain.values.ids import MailboxId
from syncline.usecases.pause_mailbox import StandingDesk


def start_mailbox(
    desk: StandingDesk, mailbox_id: MailboxId, *, now: datetime, who: str
) -> bool:
    """Start; a session is due at once.

    If access was lost meanwhile, that session finds out and says so.

    Returns:
        False when the mailbox was not paused.
    """
    return desk.change(
        mailbox_id,
        allowed=frozenset({Standing.PAUSED}),
        to=Standing.ACTIVE,
        next_run_at=now,
        who=who,
    )
