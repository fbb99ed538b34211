"""The preview page leaves an errand and shows its answer; it calls nobody itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from syncline.store.models import ActivityRow, ErrandRow
from tests.web.history_rows import errand_row, plan_answer
from tests.web.people import Home

GENERAL = "/sync-settings/"
PAGE = "/sync-settings/preview/"
ASK = "/sync-settings/preview/ask/"
POLLS = 'hx-trigger="every 2s"'


def _answered(home: Home, answer: dict[str, object]) -> None:
    errand_row(home.mailbox, "plan", finished_at=datetime.now(UTC), answer=answer)


def test_general_offers_a_preview(alice: Home) -> None:
    page = alice.client.get(GENERAL).text
    assert "Preview next session</button>" in page
    assert f'action="{ASK}"' in page


def test_asking_leaves_one_errand_and_a_line_in_the_activity_log(alice: Home) -> None:
    for _ in range(2):
        answer = alice.client.post(ASK)
        assert (answer.status_code, answer["Location"]) == (302, PAGE)
    [errand] = ErrandRow.objects.all()
    assert (errand.mailbox_id, errand.verb) == (alice.mailbox.pk, "plan")
    [line] = ActivityRow.objects.all()
    assert (line.who, line.what) == (alice.person.username, "preview asked for")


def test_while_a_worker_looks_the_page_follows(alice: Home) -> None:
    errand_row(alice.mailbox, "plan")
    page = alice.client.get(PAGE).text
    assert POLLS in page
    assert "Looking at your mailbox and Salesforce" in page
    assert "Preview again" not in page


def test_a_wish_that_nobody_carries_out_is_told(alice: Home) -> None:
    long_ago = datetime.now(UTC) - timedelta(minutes=5)
    errand_row(alice.mailbox, "plan", asked_at=long_ago)
    assert "nobody has made it yet" in alice.client.get(PAGE).text


def test_the_answer_is_told_with_old_and_new_values(alice: Home) -> None:
    _answered(alice, plan_answer())
    page = alice.client.get(PAGE).text
    assert POLLS not in page
    assert "3 things would be written" in page
    assert "<del>Demo</del>" in page
    assert "<ins>Demo at Acme</ins>" in page
    assert "<ins>25 Nov 2026, 09:00 UTC</ins>" in page
    assert "25 Nov 2026, 09:00 UTC – 25 Nov 2026, 10:00 UTC" in page
    assert "Start date time" in page
    assert "Delete in Salesforce" in page
    assert "1 deletion would wait for your word" in page
    assert "new@acme.example" in page
    assert "/codes/SE0104/" in page


def test_an_empty_preview_says_that_nothing_would_be_written(alice: Home) -> None:
    _answered(alice, {"count": 0, "marks": 0, "writes": []})
    page = alice.client.get(PAGE).text
    assert "Nothing would be written" in page
    assert "Both sides agree already" in page


def test_a_preview_that_failed_says_why(alice: Home) -> None:
    _answered(alice, {"failed": "SA0101"})
    page = alice.client.get(PAGE).text
    assert "The preview could not be made" in page
    assert "/codes/SA0101/" in page


def test_a_new_preview_replaces_the_former(alice: Home) -> None:
    _answered(alice, plan_answer())
    alice.client.post(ASK)
    [errand] = ErrandRow.objects.all()
    assert errand.finished_at is None


def test_a_disabled_mailbox_gets_no_preview(alice: Home) -> None:
    alice.mailbox.standing = "disabled"
    alice.mailbox.save()
    assert "Preview next session" not in alice.client.get(GENERAL).text
    alice.client.post(ASK)
    assert not ErrandRow.objects.exists()


def test_nobody_sees_the_preview_of_another(alice: Home, bob: Home) -> None:
    _answered(alice, plan_answer())
    assert "Demo at Acme" not in bob.client.get(PAGE).text
