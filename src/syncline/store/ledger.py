"""Makes the effects of a session durable, if its lease still holds."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from syncline.domain.errors import FencedError
from syncline.domain.ports import Commit, Lease
from syncline.domain.sessions import Counted, Session, Tally
from syncline.domain.values.ids import MailboxId, SessionId
from syncline.domain.values.kinds import Kind, Side
from syncline.store.history import note_undone, save_writes
from syncline.store.issues import save_issues
from syncline.store.links import forget_links, save_links
from syncline.store.models import STOPPED, MailboxRow, SessionRow
from syncline.store.watermarks import save_watermarks


class SqlLedger:
    """`ports.Ledger` on PostgreSQL."""

    def begin(self, lease: Lease, session: Session) -> SessionId:
        """See the port."""
        with transaction.atomic():
            _check(lease)
            row = SessionRow.objects.create(
                mailbox_id=lease.mailbox_id,
                lease_token=lease.token,
                started_at=session.started_at,
                is_forced=session.is_forced,
                undoes_id=session.undoes,
            )
        return SessionId(row.pk)

    def commit(self, commit: Commit) -> None:
        """See the port."""
        mailbox_id = commit.lease.mailbox_id
        with transaction.atomic():
            _check(commit.lease)
            forget_links(mailbox_id, commit.forgotten)
            save_links(mailbox_id, commit.links)
            save_issues(commit.issues)
            if commit.session_id is not None:
                save_writes(commit.session_id, commit.writes)
            note_undone(mailbox_id, commit.undone)
            if commit.watermarks:
                save_watermarks(mailbox_id, commit.watermarks)
            if commit.session is not None:
                _save_session(commit.session)
            if commit.mailbox is not None:
                _save_mailbox(commit)


def _check(lease: Lease) -> None:
    """Hold the lease's row until the transaction ends, if it is still ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM lease WHERE mailbox_id = %s AND token = %s FOR SHARE",
            [lease.mailbox_id, lease.token],
        )
        if cursor.fetchone() is None:
            raise FencedError(f"lease {lease.token} of mailbox {lease.mailbox_id}")


def _save_session(session: Session) -> None:
    if session.id is None:
        raise ValueError("the session was never begun")
    SessionRow.objects.filter(pk=session.id).update(
        finished_at=session.finished_at,
        result=session.result,
        error_code=session.error_code,
        tallies=[_tally_to_json(t) for t in session.tallies],
        requests={side.value: n for side, n in session.requests.items()},
        writes={side.value: n for side, n in session.writes.items()},
        issues_open=session.issues_open,
        in_scope={kind.value: n for kind, n in session.in_scope.items()},
    )


def _save_mailbox(commit: Commit) -> None:
    update = commit.mailbox
    assert update is not None
    changes: dict[str, object] = {
        "standing": update.standing,
        "streak": update.streak,
        "idle_count": update.idle_count,
        "next_run_at": update.next_run_at,
        "confirmed_plan": update.confirmed_plan,
    }
    if update.swept_at is not None:
        changes["swept_at"] = update.swept_at
        changes["swept_policy"] = update.swept_policy
    session = commit.session
    if session is not None:
        changes["last_session_at"] = session.finished_at
        if any(session.writes.values()):
            changes["last_moved_at"] = session.finished_at
    # A person's Pause during the session stands.
    rows = MailboxRow.objects.filter(pk=commit.lease.mailbox_id)
    if rows.filter(standing__in=STOPPED).exists():
        changes.pop("standing")
        changes["next_run_at"] = None
    rows.update(**changes)


def _tally_to_json(tally: Tally) -> dict[str, object]:
    return {
        "kind": tally.kind.value,
        "side": tally.side.value,
        "counted": tally.counted.value,
        "count": tally.count,
        "reason": tally.reason,
    }


def _tally_from_json(raw: dict[str, Any]) -> Tally:
    return Tally(
        kind=Kind(raw["kind"]),
        side=Side(raw["side"]),
        counted=Counted(raw["counted"]),
        count=raw["count"],
        reason=raw["reason"],
    )


def to_session(row: SessionRow) -> Session:
    """The session of a row."""
    return Session(
        id=SessionId(row.pk),
        mailbox_id=MailboxId(row.mailbox_id),
        started_at=row.started_at,
        is_forced=row.is_forced,
        finished_at=row.finished_at,
        result=row.result,
        error_code=row.error_code,
        tallies=tuple(_tally_from_json(t) for t in row.tallies),
        requests={Side(s): n for s, n in row.requests.items()},
        writes={Side(s): n for s, n in row.writes.items()},
        issues_open=row.issues_open,
        in_scope={Kind(k): n for k, n in row.in_scope.items()},
        undoes=SessionId(row.undoes_id) if row.undoes_id is not None else None,
    )
