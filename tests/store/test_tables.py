"""The tables are as the models say, and the database itself guards them."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from syncline.domain.access.mailbox import Standing
from syncline.domain.values.ids import MailboxId
from syncline.store.models import ActivityRow, MailboxRow


@pytest.mark.django_db
def test_every_change_of_a_model_has_a_migration() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_activity_cannot_be_rewritten_or_deleted(mailbox_id: MailboxId) -> None:
    row = ActivityRow.objects.create(mailbox_id=mailbox_id, who="ada", what="pause")
    rows = ActivityRow.objects.filter(pk=row.pk)
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        rows.update(who="mallory")
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        rows.delete()
    assert rows.get().who == "ada"


def test_activity_outlives_its_mailbox(mailbox_id: MailboxId) -> None:
    ActivityRow.objects.create(mailbox_id=mailbox_id, who="ada", what="pause")
    MailboxRow.objects.all().delete()
    assert ActivityRow.objects.get().mailbox_id is None


@pytest.mark.django_db
def test_due_mailboxes_are_found_by_an_index() -> None:
    syncing = [standing for standing in Standing if standing.may_sync]
    due = MailboxRow.objects.filter(
        next_run_at__lte="2026-11-24T09:00Z", standing__in=syncing
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "mailbox_due" in due.order_by("next_run_at").explain()
