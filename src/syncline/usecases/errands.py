"""A person's request that a worker carries out: preview a session, or undo one.

    asked --a worker finds it within a second--> carried out, with an answer

Pages call no provider, so they leave an errand and show its answer. A worker that
is killed leaves it open, and the next one begins it again: a preview changes
nothing, and an undo goes on where it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from syncline.domain.access.mailbox import Standing
from syncline.domain.values.content import encode
from syncline.domain.values.ids import MailboxId, SessionId
from syncline.domain.values.kinds import Side
from syncline.domain.values.operations import Verb
from syncline.usecases.plan_mailbox import Forecast, Intended

#: Writes of a preview that are shown one by one.
SHOWN_WRITES = 500


class ErrandVerb(StrEnum):
    """What is to be done."""

    PLAN = "plan"
    UNDO = "undo"


class ErrandVerdict(StrEnum):
    """What became of asking."""

    ASKED = "asked"
    #: One of the sort is on its way.
    WAITING = "waiting"
    #: An admin switched the mailbox off.
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One request. `answer` is there when it is finished.

    An answer with `failed` names the code of why it could not be done.
    """

    id: int
    mailbox_id: MailboxId
    verb: ErrandVerb
    who: str
    asked_at: datetime
    session_id: SessionId | None = None
    finished_at: datetime | None = None
    answer: dict[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether nobody has finished it."""
        return self.finished_at is None


class ErrandDesk(Protocol):
    """Takes requests."""

    def standing(self, mailbox_id: MailboxId) -> Standing:
        """How the mailbox stands.

        Raises:
            KeyError: There is no such mailbox.
        """

    def ask(
        self,
        mailbox_id: MailboxId,
        verb: ErrandVerb,
        *,
        session_id: SessionId | None,
        now: datetime,
        who: str,
    ) -> bool:
        """Leave a request, unless one of the sort is open; whether it was left."""


def ask_errand(
    desk: ErrandDesk,
    mailbox_id: MailboxId,
    verb: ErrandVerb,
    *,
    session_id: SessionId | None = None,
    now: datetime,
    who: str,
) -> ErrandVerdict:
    """Ask for an errand on a person's word; also for a paused mailbox.

    Args:
        desk: Takes the request.
        mailbox_id: Whose.
        verb: What is to be done.
        session_id: Which session is to be undone.
        now: The present instant.
        who: Name of the person, for the activity log.

    Raises:
        KeyError: There is no such mailbox.
    """
    if desk.standing(mailbox_id) is Standing.DISABLED:
        return ErrandVerdict.DISABLED
    if desk.ask(mailbox_id, verb, session_id=session_id, now=now, who=who):
        return ErrandVerdict.ASKED
    return ErrandVerdict.WAITING


def answer_of(forecast: Forecast) -> dict[str, Any]:
    """A forecast as it is kept for the page."""
    writes = [w for w in forecast.writes if not w.write.is_mark]
    return {
        "count": len(writes),
        "marks": len(forecast.writes) - len(writes),
        "writes": [_write(w) for w in writes[:SHOWN_WRITES]],
        "people": [p.email for p in forecast.people],
        "issues": [
            {"code": i.code, "name": i.name, "params": dict(i.params)}
            for i in forecast.issues
        ],
        "waiting": list(forecast.waiting),
    }


def _write(intended: Intended) -> dict[str, Any]:
    write = intended.write
    return {
        "side": write.side,
        "verb": write.verb,
        "kind": write.kind,
        "name": write.name,
        "before": dict(write.before),
        "after": new_values(intended),
    }


def new_values(intended: Intended) -> dict[str, Any]:
    """What would be written, whole: the copy has long texts shortened."""
    write, operation = intended.write, intended.operation
    if operation is None or write.verb in (Verb.ATTACH, Verb.DELETE):
        return dict(write.after)
    fields = operation.fields
    return encode(fields) if write.side is Side.MAILBOX else dict(fields)
