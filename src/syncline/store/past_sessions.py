"""The read side of past sessions: what pages show of them. Nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from syncline.domain.sessions import Session
from syncline.domain.values.history import PastWrite
from syncline.domain.values.ids import MailboxId, SessionId
from syncline.store.history import to_past_write
from syncline.store.ledger import to_session
from syncline.store.models import SessionRow, SessionWriteRow

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteCounts:
    """How many writes of a session there are, marks apart."""

    total: int = 0
    undone: int = 0
    refused: int = 0
    marks: int = 0

    @property
    def left(self) -> int:
        """How many could still be taken back."""
        return self.total - self.undone


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """A session in a list."""

    session: Session
    counts: WriteCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    """Which page of how many."""

    number: int
    page_count: int
    total: int

    @staticmethod
    def at(number: int, total: int) -> Paged:
        """The page of that number; one beyond the end gives the last."""
        page_count = max(1, -(-total // PAGE_SIZE))
        return Paged(
            number=min(max(number, 1), page_count), page_count=page_count, total=total
        )

    @property
    def first(self) -> int:
        """Where its rows begin."""
        return (self.number - 1) * PAGE_SIZE


def past_sessions(
    mailbox_id: MailboxId, number: int
) -> tuple[tuple[SessionLine, ...], Paged]:
    """A page of sessions that are over and wrote something, newest first."""
    rows = (
        _over(mailbox_id)
        .annotate(**_COUNTS)
        .filter(Q(total__gt=0) | Q(marks__gt=0))
        .order_by("-started_at", "-pk")
    )
    page = Paged.at(number, rows.count())
    lines = tuple(
        SessionLine(session=to_session(row), counts=_counts(row))
        for row in rows[page.first : page.first + PAGE_SIZE]
    )
    return lines, page


def _over(mailbox_id: MailboxId) -> QuerySet[SessionRow]:
    """Sessions that finished, or were killed: another one has begun since."""
    mine = SessionRow.objects.filter(mailbox_id=mailbox_id)
    has_later = Exists(mine.filter(pk__gt=OuterRef("pk")))
    return mine.filter(Q(finished_at__isnull=False) | has_later)


def one_session(mailbox_id: MailboxId, session_id: int) -> SessionLine | None:
    """A session of this mailbox that is over; None for any other mailbox's."""
    row = _over(mailbox_id).filter(pk=session_id).annotate(**_COUNTS).first()
    if row is None:
        return None
    return SessionLine(session=to_session(row), counts=_counts(row))


def writes_of(
    mailbox_id: MailboxId, session_id: SessionId, number: int
) -> tuple[tuple[PastWrite, ...], Paged]:
    """A page of what a session wrote, marks apart: refused ones, then the newest."""
    rows = SessionWriteRow.objects.filter(
        session_id=session_id, session__mailbox_id=mailbox_id, is_mark=False
    )
    page = Paged.at(number, rows.count())
    # What was not taken back comes first: a person may want to look at it.
    found = rows.order_by("-refusal", "-pk")[page.first : page.first + PAGE_SIZE]
    return tuple(map(to_past_write, found)), page


_COUNTS = {
    "total": Count("sessionwriterow", filter=Q(sessionwriterow__is_mark=False)),
    "marks": Count("sessionwriterow", filter=Q(sessionwriterow__is_mark=True)),
    "undone_count": Count("sessionwriterow", filter=Q(sessionwriterow__is_undone=True)),
    "refused_count": Count("sessionwriterow", filter=~Q(sessionwriterow__refusal="")),
}


def _counts(row: SessionRow) -> WriteCounts:
    facts = vars(row)
    return WriteCounts(
        total=facts["total"],
        undone=facts["undone_count"],
        refused=facts["refused_count"],
        marks=facts["marks"],
    )
