"""The life of an issue.

        raise            proof
    ---------> OPEN --------------> RESOLVED
               |  ^  |                  |
       dismiss |  |  | snooze           | the cause comes back
               v  |  v                  v
        DISMISSED  SNOOZED            OPEN

Invariants: one issue per identity (mailbox + code + subject); raising an open
one only counts; a dismissed one stays quiet until item or cause changes; only
proof resolves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from syncline.domain.values.ids import MailboxId
from syncline.domain.values.kinds import Kind, Side

FINGERPRINT_VERSION = 1


class IssueState(StrEnum):
    """Where an issue stands."""

    OPEN = "open"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"
    SNOOZED = "snoozed"


class Scope(StrEnum):
    """What an issue is about."""

    ITEM = "item"
    MAILBOX = "mailbox"
    ORGANIZATION = "organization"


def fingerprint(mailbox_id: MailboxId, code: str, subject: str) -> str:
    """Identity of an issue, stable across sessions."""
    text = f"{FINGERPRINT_VERSION}:{mailbox_id}:{code}:{subject}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What a person sees until it is resolved.

    `subject` is `link:{key}`, `connection:{side}` or `mailbox`. `params` fill
    the placeholders of the catalog's texts. `evidence` holds redacted facts of
    the provider's answer.
    """

    mailbox_id: MailboxId
    code: str
    subject: str
    params: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    kind: Kind | None = None
    #: The side that was to be changed (or could not be read).
    side: Side | None = None
    #: create, update, delete or read.
    operation: str = ""
    name: str = ""
    item_id: str = ""
    record_id: str = ""
    web_link: str = ""
    state: IssueState = IssueState.OPEN
    first_seen: datetime
    last_seen: datetime
    occurrences: int = 1
    resolved_at: datetime | None = None
    snoozed_until: datetime | None = None
    #: Braked plans: what exactly would be done, one line each.
    details: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Identity of this issue."""
        return fingerprint(self.mailbox_id, self.code, self.subject)


def raise_again(known: Issue | None, found: Issue) -> Issue:
    """What to store when a cause is met: new, counted again, or reopened.

    The first cause's time is kept; a dismissed issue stays dismissed while the
    same facts come back.
    """
    if known is None:
        return found
    merged = replace(
        found,
        first_seen=known.first_seen,
        occurrences=known.occurrences + 1,
        state=known.state,
        snoozed_until=known.snoozed_until,
    )
    if known.state is IssueState.RESOLVED:
        return replace(merged, state=IssueState.OPEN, resolved_at=None)
    if known.state is IssueState.DISMISSED and dict(known.params) != dict(found.params):
        return replace(merged, state=IssueState.OPEN)
    if (
        known.state is IssueState.SNOOZED
        and known.snoozed_until is not None
        and found.last_seen >= known.snoozed_until
    ):
        return replace(merged, state=IssueState.OPEN, snoozed_until=None)
    return merged


def resolve(issue: Issue, now: datetime) -> Issue:
    """The issue after its cause was observed to be gone."""
    return replace(issue, state=IssueState.RESOLVED, resolved_at=now)
