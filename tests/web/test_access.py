"""One person sees only the own mailbox."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.web.people import ADA, ALICE, Home, mailbox_of, sign_in
from tests.web.rows import issue_row

PAGES = ("/sync-settings/", "/sync-settings/live/", "/sync-settings/issues/")
ACTIONS = ("retry", "dismiss", "confirm")


@pytest.mark.parametrize("page", PAGES)
def test_who_is_not_signed_in_goes_to_the_sign_in_page(page: str, db: None) -> None:
    answer = Client().get(page)
    assert answer.status_code == 302
    where = urlsplit(answer["Location"])
    assert where.path == "/sign-in/"
    assert parse_qs(where.query) == {"next": [page]}


def test_a_fragment_is_never_replaced_by_the_sign_in_page(db: None) -> None:
    answer = Client().get("/sync-settings/live/", headers={"hx-request": "true"})
    assert answer["HX-Redirect"] == "/sign-in/"
    assert answer.content == b""


@pytest.mark.parametrize("action", ACTIONS)
def test_nobody_acts_on_another_persons_issue(
    action: str, alice: Home, bob: Home, mallory: Home
) -> None:
    issue = issue_row(alice.mailbox)
    for stranger in (bob, mallory):
        path = f"/sync-settings/issues/{issue.pk}/{action}/"
        assert stranger.client.post(path, {"digest": "d1"}).status_code == 404
    issue.refresh_from_db()
    alice.mailbox.refresh_from_db()
    assert issue.state == "open"
    assert alice.mailbox.force_asked_at is None


def test_lists_hold_only_the_own_issues(alice: Home, bob: Home, mallory: Home) -> None:
    issue_row(alice.mailbox, "Secret merger")
    assert "Secret merger" in alice.client.get("/sync-settings/issues/").text
    for stranger in (bob, mallory):
        for query in ("", "?q=Secret", "?state=resolved", "?page=2"):
            page = stranger.client.get(f"/sync-settings/issues/{query}")
            assert "Secret merger" not in page.text


def test_the_same_user_id_of_another_org_is_another_person(
    alice: Home, mallory: Home
) -> None:
    page = mallory.client.get("/sync-settings/").text
    assert mallory.mailbox.address in page
    assert alice.mailbox.address not in page


def test_a_user_without_a_mailbox_reads_what_to_do(db: None) -> None:
    mailbox_of(ALICE)
    answer = sign_in(ADA).get("/sync-settings/")
    assert answer.status_code == 403
    assert "No mailbox is connected yet" in answer.text
    assert ADA.username in answer.text
    assert ALICE.username not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/sync-settings/force-sync/",
        "/sync-settings/pause/",
        "/sync-settings/start/",
        "/sync-settings/issues/1/dismiss/",
        "/sign-out/",
    ],
)
def test_a_mere_link_changes_nothing(path: str, alice: Home) -> None:
    assert alice.client.get(path).status_code == 405


def test_posts_without_our_token_are_refused(alice: Home) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = alice.client.cookies
    answer = strict.post("/sync-settings/pause/")
    assert answer.status_code == 403
    alice.mailbox.refresh_from_db()
    assert alice.mailbox.standing == "active"


def test_only_named_admins_have_the_admin_panel(
    alice: Home, bob: Home, mallory: Home, settings: LazySettings
) -> None:
    settings.ADMIN_USERNAMES = frozenset({ADA.username})
    issue_row(alice.mailbox, "Secret merger")
    assert alice.client.get("/admin-panel/").status_code == 404
    page = sign_in(ADA).get("/admin-panel/")
    assert page.status_code == 200
    assert alice.mailbox.address in page.text
    assert bob.mailbox.address in page.text
    assert mallory.mailbox.address not in page.text
    assert "Secret merger" not in page.text


def test_signing_out_ends_the_session(alice: Home) -> None:
    alice.client.post("/sign-out/")
    assert alice.client.get("/sync-settings/").status_code == 302
