"""People's requests that workers carry out, in their table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from django.db import IntegrityError, transaction

from syncline.domain.access.mailbox import Standing
from syncline.domain.values.ids import MailboxId, SessionId
from syncline.store.desk import note_activity
from syncline.store.models import ErrandRow, MailboxRow
from syncline.store.storable import storable
from syncline.usecases.errands import Errand, ErrandVerb

_ACTIVITY = {
    ErrandVerb.PLAN: "preview asked for",
    ErrandVerb.UNDO: "session undo asked for",
}


class SqlErrands:
    """`ErrandDesk`, and what the worker needs, on PostgreSQL."""

    def standing(self, mailbox_id: MailboxId) -> Standing:
        """See `ErrandDesk`."""
        rows = MailboxRow.objects.filter(pk=mailbox_id)
        found = rows.values_list("standing", flat=True).first()
        if found is None:
            raise KeyError(mailbox_id)
        return Standing(found)

    def ask(
        self,
        mailbox_id: MailboxId,
        verb: ErrandVerb,
        *,
        session_id: SessionId | None,
        now: datetime,
        who: str,
    ) -> bool:
        """See `ErrandDesk`. An earlier preview is forgotten."""
        details = {"session": str(session_id)} if session_id is not None else {}
        try:
            with transaction.atomic():
                if verb is ErrandVerb.PLAN:
                    ErrandRow.objects.filter(
                        mailbox_id=mailbox_id, verb=verb, finished_at__isnull=False
                    ).delete()
                ErrandRow.objects.create(
                    mailbox_id=mailbox_id,
                    verb=verb,
                    session_id=session_id,
                    who=who[:320],
                    asked_at=now,
                )
                note_activity(mailbox_id, who, _ACTIVITY[verb], **details)
        except IntegrityError:
            return False
        return True

    def open(self, mailbox_id: MailboxId) -> list[Errand]:
        """What is still to be done, the oldest first."""
        rows = ErrandRow.objects.filter(mailbox_id=mailbox_id, finished_at=None)
        return [_to_errand(row) for row in rows.order_by("pk")]

    def finish(self, errand: Errand, answer: dict[str, Any], now: datetime) -> None:
        """Keep the answer."""
        ErrandRow.objects.filter(pk=errand.id).update(
            finished_at=now, answer=storable(msgspec.to_builtins(answer))
        )


def mailboxes_with_errands() -> list[int]:
    """Mailboxes for which something is to be done."""
    rows = ErrandRow.objects.filter(finished_at=None).order_by("mailbox_id")
    return list(rows.values_list("mailbox_id", flat=True).distinct())


def last_errand(
    mailbox_id: MailboxId, verb: ErrandVerb, session_id: SessionId | None = None
) -> Errand | None:
    """The last request of a sort, about a session if one is named."""
    rows = ErrandRow.objects.filter(mailbox_id=mailbox_id, verb=verb)
    if session_id is not None:
        rows = rows.filter(session_id=session_id)
    row = rows.order_by("-pk").first()
    return None if row is None else _to_errand(row)


def _to_errand(row: ErrandRow) -> Errand:
    return Errand(
        id=row.pk,
        mailbox_id=MailboxId(row.mailbox_id),
        verb=ErrandVerb(row.verb),
        who=row.who,
        asked_at=row.asked_at,
        session_id=SessionId(row.session_id) if row.session_id is not None else None,
        finished_at=row.finished_at,
        answer=row.answer,
    )
