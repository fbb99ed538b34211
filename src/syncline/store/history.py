"""What sessions wrote, in its table; kept for 90 days.

Written with the links of the same commit, in one statement: this is on the way of
every session.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from syncline.domain.sessions import Session
from syncline.domain.values.history import KeptWrite, PastWrite, Refusal, Undone
from syncline.domain.values.ids import LinkKey, MailboxId, SessionId
from syncline.domain.values.kinds import Kind, Side
from syncline.domain.values.links import LinkState
from syncline.domain.values.operations import Verb
from syncline.store.models import ErrandRow, LinkRow, SessionRow, SessionWriteRow
from syncline.store.storable import storable_json

#: How long copies and answers to errands are kept, like issues.
KEPT_FOR = timedelta(days=90)


class SqlHistoryBook:
    """`ports.HistoryBook` on PostgreSQL."""

    def session(self, session_id: SessionId) -> Session | None:
        """See the port."""
        from syncline.store.ledger import to_session

        row = SessionRow.objects.filter(pk=session_id).first()
        return None if row is None else to_session(row)

    def writes(self, session_id: SessionId) -> list[PastWrite]:
        """See the port."""
        rows = SessionWriteRow.objects.filter(session_id=session_id).order_by("pk")
        return [to_past_write(row) for row in rows.iterator()]

    def shared(
        self, mailbox_id: MailboxId, record_ids: Sequence[str]
    ) -> frozenset[str]:
        """See the port."""
        if not record_ids:
            return frozenset()
        rows = LinkRow.objects.filter(
            mailbox__organization__mailboxrow=mailbox_id,
            record_id__in=list(record_ids),
            state=LinkState.LINKED,
        ).exclude(mailbox_id=mailbox_id)
        found = rows.values_list("record_id", flat=True)
        return frozenset(i for i in found if i is not None)


_COLUMNS: tuple[tuple[str, str], ...] = (
    ("link_key", "text"),
    ("side", "text"),
    ("verb", "text"),
    ("kind", "text"),
    ("target_id", "text"),
    ("name", "text"),
    ("before", "jsonb"),
    ("after", "jsonb"),
    ("version_before", "text"),
    ("version_after", "text"),
    ("is_mark", "boolean"),
    ("was_there", "boolean"),
)
_NAMES = ", ".join(name for name, _ in _COLUMNS)
_DEFINITIONS = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS)
# Numbers follow the order of the writes, as an undo goes backward.
_INSERT = (
    f"INSERT INTO session_write "  # our own names
    f"(session_id, {_NAMES}, is_undone, refusal, detail) "
    f"SELECT %s, {_NAMES}, FALSE, '', '' "
    f"FROM ROWS FROM (jsonb_to_recordset(%s::jsonb) AS ({_DEFINITIONS})) "
    f"WITH ORDINALITY AS x({_NAMES}, place) ORDER BY place"
)


def save_writes(session_id: SessionId, writes: Iterable[KeptWrite]) -> None:
    """Add copies of writes, inside the caller's transaction."""
    rows = [_to_json(write) for write in writes]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, [session_id, storable_json(rows)])


def note_undone(mailbox_id: MailboxId, undone: Iterable[Undone]) -> None:
    """Remember what became of taking writes back, inside the caller's transaction."""
    for one in undone:
        SessionWriteRow.objects.filter(
            pk=one.number, session__mailbox_id=mailbox_id
        ).update(
            is_undone=one.refusal is None,
            refusal=one.refusal or "",
            detail=one.detail[:500],
        )


def prune_history(now: datetime) -> None:
    """Forget copies of writes, and answers to errands, that are too old."""
    oldest = now - KEPT_FOR
    SessionWriteRow.objects.filter(session__started_at__lt=oldest).delete()
    ErrandRow.objects.filter(asked_at__lt=oldest).delete()


def _to_json(write: KeptWrite) -> dict[str, Any]:
    return {
        "link_key": write.key,
        "side": write.side,
        "verb": write.verb,
        "kind": write.kind,
        "target_id": write.target_id,
        "name": write.name,
        "before": write.before,
        "after": write.after,
        "version_before": write.version_before,
        "version_after": write.version_after,
        "is_mark": write.is_mark,
        "was_there": write.was_there,
    }


def to_past_write(row: SessionWriteRow) -> PastWrite:
    """The write of a row."""
    return PastWrite(
        write=KeptWrite(
            key=LinkKey(row.link_key),
            side=Side(row.side),
            verb=Verb(row.verb),
            kind=Kind(row.kind),
            target_id=row.target_id,
            name=row.name,
            before=row.before,
            after=row.after,
            version_before=row.version_before,
            version_after=row.version_after,
            is_mark=row.is_mark,
            was_there=row.was_there,
            number=row.pk,
        ),
        is_undone=row.is_undone,
        refusal=Refusal(row.refusal) if row.refusal else None,
        detail=row.detail,
    )
