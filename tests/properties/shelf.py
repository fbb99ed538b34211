"""Books in memory, with the constraints of the real tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from syncline.domain.access.mailbox import Mailbox
from syncline.domain.errors import FencedError
from syncline.domain.issues.issue import Issue, IssueState
from syncline.domain.ports import Commit, Lease
from syncline.domain.sessions import Session
from syncline.domain.values.changes import Watermark
from syncline.domain.values.ids import LinkKey, MailboxId, SessionId
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import Link, LinkState


class Killed(BaseException):
    """The process died here."""


@dataclass
class Shelf:
    """All books of one mailbox; `die_at` counts commits down to a kill."""

    mailbox: Mailbox
    links: dict[LinkKey, Link] = field(default_factory=dict)
    marks: dict[Side, Watermark] = field(default_factory=dict)
    issues: dict[str, Issue] = field(default_factory=dict)
    sessions: list[Session] = field(default_factory=list)
    token: int = 0
    is_leased: bool = False
    die_at: int | None = None

    # MailboxBook, WatermarkBook
    def get(self, mailbox_id: MailboxId, side: Side | None = None):
        if side is None:
            return self.mailbox
        return self.marks.get(side)

    # LinkBook
    def find(self, mailbox_id, *, item_ids=(), record_ids=(), keys=()) -> list[Link]:
        items, records, wanted = set(item_ids), set(record_ids), set(keys)
        return [
            x
            for x in self.links.values()
            if x.item_id in items or x.record_id in records or x.key in wanted
        ]

    def held(self, mailbox_id: MailboxId) -> list[Link]:
        return [x for x in self.links.values() if x.hold]

    def of_kind(self, mailbox_id: MailboxId, kind: Kind) -> list[Link]:
        return [x for x in self.links.values() if x.kind is kind]

    def unmarked(self, mailbox_id: MailboxId, limit: int) -> list[Link]:
        return [x for x in self.links.values() if x.pending_marks][:limit]

    def of_series(self, mailbox_id, keys) -> list[Link]:
        wanted = set(keys)
        return [x for x in self.links.values() if x.subject_key in wanted]

    def count(self, mailbox_id: MailboxId) -> Mapping[Kind, int]:
        return Counter(
            x.kind
            for x in self.links.values()
            if x.state is LinkState.LINKED and not x.is_series
        )

    def marks_in_use(self, mailbox_id: MailboxId) -> frozenset[str]:
        return frozenset(m for x in self.links.values() for m in x.marks)

    def synced_uids(self, organization_id: str, uids: Sequence[str]) -> frozenset[str]:
        return frozenset()

    # IssueLog
    def unresolved(self, mailbox_id: MailboxId) -> list[Issue]:
        return [i for i in self.issues.values() if i.state is not IssueState.RESOLVED]

    # Leases
    def acquire(self, mailbox_id: MailboxId) -> Lease | None:
        if self.is_leased:
            return None
        self.is_leased = True
        self.token += 1
        return Lease(mailbox_id=mailbox_id, token=self.token)

    def release(self, lease: Lease) -> None:
        self.is_leased = False

    # Ledger
    def begin(self, lease: Lease, session: Session) -> SessionId:
        self._check(lease)
        return SessionId(len(self.sessions) + 1)

    def commit(self, commit: Commit) -> None:
        self._check(commit.lease)
        if self.die_at is not None:
            self.die_at -= 1
            if self.die_at < 0:
                self.die_at = None
                raise Killed
        for key in commit.forgotten:
            self.links.pop(key, None)
        self.links.update({x.key: x for x in commit.links})
        self._check_constraints()
        self.issues.update({i.fingerprint: i for i in commit.issues})
        self.marks.update(commit.watermarks)
        if commit.session is not None:
            self.sessions.append(commit.session)
        update = commit.mailbox
        if update is not None and update.swept_at is not None:
            self.mailbox = replace(
                self.mailbox,
                swept_at=update.swept_at,
                swept_policy=update.swept_policy,
            )

    def _check(self, lease: Lease) -> None:
        if lease.token != self.token:
            raise FencedError("stale")

    def _check_constraints(self) -> None:
        live = [x for x in self.links.values() if x.state is not LinkState.TOMBSTONE]
        for ends in ([x.item_id for x in live], [x.record_id for x in live]):
            doubled = [e for e, n in Counter(e for e in ends if e).items() if n > 1]
            assert not doubled, f"two live links share {doubled}"
