"""What people ask for on pages reaches a worker, also of a paused mailbox."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from syncline.jobs import schedule
from syncline.store.models import ErrandRow
from tests.jobs.rows import make_mailbox, queued

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def _errand(mailbox_id: int) -> ErrandRow:
    return ErrandRow.objects.create(
        mailbox_id=mailbox_id, verb="undo", who="ada", asked_at=NOW
    )


@pytest.mark.usefixtures("jobs")
def test_an_open_errand_gets_its_mailbox_a_job() -> None:
    paused = make_mailbox("ada@northwind.example", standing="paused")
    make_mailbox("bob@northwind.example")
    _errand(paused)
    schedule.tick(NOW)
    schedule.tick(NOW)
    assert [job[0] for job in queued()] == [paused]


@pytest.mark.usefixtures("jobs")
def test_a_finished_errand_gets_none() -> None:
    errand = _errand(make_mailbox("ada@northwind.example"))
    ErrandRow.objects.filter(pk=errand.pk).update(finished_at=NOW)
    schedule.tick(NOW)
    assert queued() == []


@pytest.mark.usefixtures("jobs")
def test_pruning_forgets_old_answers() -> None:
    _errand(make_mailbox("ada@northwind.example"))
    schedule.prune(NOW.replace(year=2027))
    assert not ErrandRow.objects.exists()
