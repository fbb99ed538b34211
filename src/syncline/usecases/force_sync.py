"""Ask for a session now, on a person's word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from syncline.domain.access.mailbox import Standing
from syncline.domain.cadence.schedule import FORCE_SPACING
from syncline.domain.values.ids import MailboxId


class ForceVerdict(StrEnum):
    """What became of the wish."""

    #: A session will start within seconds.
    ASKED = "asked"
    #: The last one was asked for less than a minute ago.
    TOO_SOON = "too_soon"
    #: A session is running.
    RUNNING = "running"
    #: The user paused the mailbox.
    PAUSED = "paused"
    #: An admin switched the mailbox off.
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceAnswer:
    """The verdict; `wait` is the time left when it was too soon."""

    verdict: ForceVerdict
    wait: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What decides whether a mailbox may be asked for a session."""

    standing: Standing
    is_running: bool
    last_asked_at: datetime | None


class SessionDesk(Protocol):
    """Takes wishes for sessions."""

    def readiness(self, mailbox_id: MailboxId) -> Readiness:
        """How things stand now.

        Raises:
            KeyError: There is no such mailbox.
        """

    def ask(self, mailbox_id: MailboxId, now: datetime, who: str) -> None:
        """Make a session due at once, and remember that a person asked."""


def force_sync(
    desk: SessionDesk, mailbox_id: MailboxId, *, now: datetime, who: str
) -> ForceAnswer:
    """Ask for a session unless one runs, was just asked for, or none may run.

    Args:
        desk: Takes the wish.
        mailbox_id: Whose.
        now: The present instant.
        who: Name of the person, for the activity log.

    Raises:
        KeyError: There is no such mailbox.
    """
    ready = desk.readiness(mailbox_id)
    if ready.standing is Standing.DISABLED:
        return ForceAnswer(verdict=ForceVerdict.DISABLED)
    if ready.standing is Standing.PAUSED:
        return ForceAnswer(verdict=ForceVerdict.PAUSED)
    if ready.is_running:
        return ForceAnswer(verdict=ForceVerdict.RUNNING)
    if ready.last_asked_at is not None:
        wait = ready.last_asked_at + FORCE_SPACING - now
        if wait > timedelta(0):
            return ForceAnswer(verdict=ForceVerdict.TOO_SOON, wait=wait)
    desk.ask(mailbox_id, now, who)
    return ForceAnswer(verdict=ForceVerdict.ASKED)
