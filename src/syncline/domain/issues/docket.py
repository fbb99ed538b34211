"""What one session raises and what it proves to be gone.

Whatever raises also resolves: an issue is resolved when its subject was proven
good in a round that did not raise it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from syncline.domain.issues.catalog import known
from syncline.domain.issues.issue import (
    Issue,
    IssueState,
    raise_again,
    resolve,
)
from syncline.domain.values.ids import LinkKey, MailboxId
from syncline.domain.values.kinds import Kind, Side

MAILBOX_SUBJECT = "mailbox"


def link_subject(key: LinkKey) -> str:
    """The subject of issues about one link."""
    return f"link:{key}"


def connection_subject(side: Side) -> str:
    """The subject of issues about one connection."""
    return f"connection:{side}"


class Docket:
    """The issues of one mailbox while a session works on them."""

    def __init__(self, mailbox_id: MailboxId, unresolved: Iterable[Issue]) -> None:
        """Begin with the issues that earlier sessions left."""
        self.mailbox_id = mailbox_id
        self._issues: dict[str, Issue] = {}
        self._by_subject: dict[str, list[str]] = {}
        for issue in unresolved:
            self._put(issue)
        self._raised: set[str] = set()
        self._raised_now: set[str] = set()
        self._changed: set[str] = set()

    def _put(self, issue: Issue) -> None:
        fingerprint = issue.fingerprint
        if fingerprint not in self._issues:
            self._by_subject.setdefault(issue.subject, []).append(fingerprint)
        self._issues[fingerprint] = issue

    def _about(self, subject: str) -> list[Issue]:
        """Issues about a subject that are not resolved."""
        found = (self._issues[f] for f in self._by_subject.get(subject, ()))
        return [i for i in found if i.state is not IssueState.RESOLVED]

    def begin_round(self) -> None:
        """What was raised until now may be proven to be over from here on."""
        self._raised_now.clear()

    def raise_issue(self, found: Issue) -> None:
        """Count a cause that was met; within one session it counts once."""
        fingerprint = found.fingerprint
        before = self._issues.get(fingerprint)
        if fingerprint in self._raised and before is not None:
            found = replace(
                found, first_seen=before.first_seen, occurrences=before.occurrences
            )
            self._put(replace(found, state=before.state))
        else:
            self._put(raise_again(before, found))
        self._raised.add(fingerprint)
        self._raised_now.add(fingerprint)
        self._changed.add(fingerprint)

    def prove(self, subject: str, now: datetime, *, only: str = "") -> None:
        """Resolve what is open about a subject, now that it was seen to be good.

        Args:
            subject: What was proven.
            now: When.
            only: The code that was disproved, when the rest still stands.
        """
        for issue in self._about(subject):
            # What is only told was no obstacle: a write in a later round of the
            # same session proves nothing about it.
            is_quiet = known(issue.code).is_quiet
            raised = self._raised if is_quiet else self._raised_now
            if only in ("", issue.code) and issue.fingerprint not in raised:
                self._put(resolve(issue, now))
                self._changed.add(issue.fingerprint)

    def cause_of(self, key: LinkKey) -> tuple[str, Mapping[str, str]] | None:
        """Code and parameters of what to show on a link's item.

        The first cause is the true one; but what is only told never hides what
        holds the item back.
        """
        live = self._about(link_subject(key))
        if not live:
            return None
        first = min(live, key=lambda i: (known(i.code).is_quiet, i.first_seen, i.code))
        return first.code, first.params

    def subjects(self) -> frozenset[str]:
        """Everything that has an issue which is not resolved."""
        return frozenset(
            i.subject
            for i in self._issues.values()
            if i.state is not IssueState.RESOLVED
        )

    def take_changed(self) -> tuple[Issue, ...]:
        """Issues that changed since the last call, for the next commit."""
        changed = tuple(self._issues[f] for f in self._changed)
        self._changed.clear()
        return changed

    def open_count(self) -> int:
        """Issues that a person still sees as open."""
        return sum(i.state is IssueState.OPEN for i in self._issues.values())


def issue_about(
    *,
    mailbox_id: MailboxId,
    code: str,
    subject: str,
    now: datetime,
    params: Mapping[str, str],
    kind: Kind | None = None,
    side: Side | None = None,
    operation: str = "",
) -> Issue:
    """A new occurrence of a cause, not yet about a certain item."""
    return Issue(
        mailbox_id=mailbox_id,
        code=code,
        subject=subject,
        params=dict(params),
        kind=kind,
        side=side,
        operation=operation,
        first_seen=now,
        last_seen=now,
    )
