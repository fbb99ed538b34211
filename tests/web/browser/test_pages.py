"""What a person does in a browser."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from syncline.store.models import SessionRow
from tests.web.people import Home
from tests.web.rows import issue_row, plan_row, session_row

pytestmark = pytest.mark.browser

ISSUES = "/sync-settings/issues/"


def test_a_person_signs_in_at_salesforce_and_sees_the_own_mailbox(
    window: Page, owner: tuple[Home, str], live_server: LiveServer
) -> None:
    home, name = owner
    window.goto(ISSUES)
    window.get_by_role("button", name="Sign in with Salesforce").click()
    window.get_by_role("button", name=name).click()
    expect(window).to_have_url(f"{live_server.url}{ISSUES}")
    expect(window.get_by_role("heading", name="Sync Settings")).to_be_visible()
    expect(window.get_by_text(home.mailbox.address).first).to_be_visible()
    expect(window.locator(".told")).to_have_count(0)
    window.get_by_role("button", name="Sign out").click()
    expect(window.get_by_text("You are signed out.")).to_be_visible()


def test_who_says_no_at_salesforce_is_back_with_a_sentence(
    window: Page, home: Home
) -> None:
    window.goto("/sign-in/")
    window.get_by_role("button", name="Sign in with Salesforce").click()
    window.get_by_role("button", name="Deny").click()
    expect(window.get_by_text("Sign-in was canceled")).to_be_visible()


def test_a_forged_return_signs_nobody_in(window: Page, home: Home) -> None:
    window.goto("/accounts/salesforce/login/callback/?code=made-up&state=made-up")
    expect(window.get_by_text("Salesforce did not sign you in")).to_be_visible()
    window.goto("/sync-settings/")
    expect(window).to_have_url(re.compile("/sign-in/"))


def test_show_details_unfolds_cause_and_steps(signed_in: Page, home: Home) -> None:
    issue_row(home.mailbox, "", code="SA0101", subject="connection:crm", kind="")
    signed_in.goto("/sync-settings/")
    message = signed_in.get_by_role("region", name=re.compile("credentials changed"))
    steps = message.get_by_role("list")
    expect(steps).to_be_hidden()
    message.get_by_text("Show details").click()
    expect(steps).to_be_visible()


def test_after_force_sync_the_result_appears_by_itself(
    signed_in: Page, home: Home
) -> None:
    session_row(home.mailbox, result="SW0002")
    signed_in.goto("/sync-settings/")
    signed_in.get_by_text("Last session details").click()
    signed_in.get_by_role("button", name="Force sync").click()
    expect(signed_in.get_by_text("starts within seconds").first).to_be_visible()
    now = datetime.now(UTC)
    SessionRow.objects.create(
        mailbox=home.mailbox,
        started_at=now,
        finished_at=now + timedelta(seconds=2),
        result="SW0000",
        is_forced=True,
    )
    done = signed_in.get_by_role("link", name="SW0000")
    expect(done).to_be_visible()  # Unfolded still, though the part was renewed.
    expect(signed_in.locator("#live[hx-trigger]")).to_have_count(0)


def test_refresh_shows_a_newer_session(signed_in: Page, home: Home) -> None:
    session_row(home.mailbox, result="SW0002")
    signed_in.goto("/sync-settings/")
    signed_in.get_by_text("Last session details").click()
    session_row(home.mailbox, result="SW0000", started_at=datetime.now(UTC))
    signed_in.get_by_role("link", name="Refresh").click()
    expect(signed_in.get_by_role("link", name="SW0000")).to_be_visible()


def test_an_issue_is_dismissed_with_the_keyboard_alone(
    signed_in: Page, home: Home
) -> None:
    issue = issue_row(home.mailbox)
    signed_in.goto(ISSUES)
    more = signed_in.locator(f"#issue-{issue.pk}-more")
    dismiss = signed_in.get_by_role("button", name="Dismiss")
    more.focus()
    more.press("Enter")
    expect(dismiss).to_be_visible()
    signed_in.keyboard.press("Escape")
    expect(dismiss).to_be_hidden()
    expect(more).to_be_focused()
    more.press("Enter")
    signed_in.keyboard.press("Tab")
    signed_in.keyboard.press("Tab")
    expect(dismiss).to_be_focused()
    signed_in.keyboard.press("Enter")
    expect(signed_in.get_by_text("The issue is dismissed")).to_be_visible()
    expect(signed_in.get_by_role("heading", name="All clear")).to_be_visible()
    issue.refresh_from_db()
    assert issue.state == "dismissed"


def test_the_search_narrows_the_list_while_typing(signed_in: Page, home: Home) -> None:
    issue_row(home.mailbox, "Demo at Acme")
    issue_row(home.mailbox, "Lunch with Grace")
    signed_in.goto(ISSUES)
    signed_in.get_by_label("Search the issues").press_sequentially("lunch")
    expect(signed_in.get_by_text("Demo at Acme")).to_have_count(0)
    expect(signed_in.get_by_text("Lunch with Grace").first).to_be_visible()
    expect(signed_in).to_have_url(re.compile(r"\?q=lunch$"))


def test_a_hostile_subject_runs_nothing(signed_in: Page, home: Home) -> None:
    subject = "<img src=x onerror=\"document.title='taken'\">"
    issue_row(home.mailbox, subject)
    signed_in.goto(ISSUES)
    expect(signed_in.locator("bdi")).to_have_text(subject)
    assert signed_in.title().startswith("Issues")


def test_a_domain_is_blocked_and_let_in_again(signed_in: Page, home: Home) -> None:
    signed_in.goto("/sync-settings/")
    signed_in.get_by_role("link", name="Blocklist").click()
    field = signed_in.get_by_label("E-mail address or domain")
    field.fill("*.acme.example")
    field.press("Enter")
    expect(signed_in.get_by_role("alert")).to_contain_text("no wildcards")
    expect(field).to_be_focused()
    field.fill("acme.example")
    signed_in.get_by_role("button", name="Block", exact=True).click()
    expect(signed_in.get_by_role("listitem").filter(has_text="acme")).to_be_visible()
    home.mailbox.refresh_from_db()
    assert home.mailbox.blocklist == ["acme.example"]
    signed_in.get_by_role("button", name="Remove acme.example").click()
    expect(signed_in.get_by_text("You have blocked nobody.")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_their_window(
    width: int,
    scheme: str,
    chromium: Browser,
    signed_in: Page,
    home: Home,
    tmp_path: Path,
) -> None:
    """Also leaves a picture of each page in the test's folder, for the eye."""
    issue_row(home.mailbox, "A very long subject without an end " * 7)
    issue_row(home.mailbox, "W" * 255, code="SD0102", record_id="003000000000001AAA")
    plan_row(home.mailbox)
    session_row(home.mailbox)
    home.mailbox.blocklist = [f"{'w' * 63}.{'m' * 63}.{'w' * 63}.example"]
    home.mailbox.save()
    signed_in.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # a literal
    signed_in.set_viewport_size({"width": width, "height": 900})
    for name, address in (
        ("general", "/sync-settings/"),
        ("issues", ISSUES),
        ("blocklist", "/sync-settings/blocklist/"),
        ("codes", "/sync-settings/codes/"),
    ):
        signed_in.goto(address)
        if name == "general":
            signed_in.get_by_text("Last session details").click()
        signed_in.screenshot(
            path=tmp_path / f"{name}-{scheme}-{width}.png", full_page=True
        )
        needed = signed_in.evaluate("document.documentElement.scrollWidth")
        assert needed <= width, address
