"""Previewing and undoing in a browser, also on a phone and by keyboard."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from syncline.store.models import ErrandRow, SessionWriteRow
from tests.web.history_rows import plan_answer, write_row
from tests.web.people import Home
from tests.web.rows import session_row

pytestmark = pytest.mark.browser

#: As wide as a small phone.
NARROW = {"width": 360, "height": 740}


def _finish(**answer: object) -> None:
    """Do what a worker does."""
    ErrandRow.objects.update(finished_at=datetime.now(UTC), answer=answer)


def test_a_preview_appears_by_itself(signed_in: Page, home: Home) -> None:
    signed_in.goto("/sync-settings/")
    signed_in.get_by_role("button", name="Preview next session").click()
    expect(signed_in.get_by_text("Looking at your mailbox")).to_be_visible()
    _finish(**plan_answer())
    expect(signed_in.get_by_text("3 things would be written")).to_be_visible()
    shown = signed_in.get_by_role("listitem").filter(has_text="Demo at Acme")
    expect(shown.locator("ins").first).to_be_hidden()
    shown.get_by_text("Show fields").click()
    expect(shown.locator("ins").first).to_be_visible()


def test_an_undo_is_asked_for_by_keyboard_and_its_result_appears_by_itself(
    signed_in: Page, home: Home
) -> None:
    session = session_row(home.mailbox)
    write_row(session)
    write_row(session, "Edited since")
    signed_in.goto("/sync-settings/")
    signed_in.get_by_role("link", name="Sessions").press("Enter")
    signed_in.locator(".past-link").press("Enter")
    signed_in.get_by_role("link", name="Undo this session").press("Enter")
    expect(signed_in.get_by_role("heading", name="Undo this session?")).to_be_visible()
    signed_in.get_by_role("button", name="Undo this session").press("Enter")
    expect(signed_in.get_by_text("This session is being undone")).to_be_visible()
    rows = SessionWriteRow.objects.filter(session=session)
    rows.filter(name="Edited since").update(refusal="changed", detail="Subject")
    rows.exclude(name="Edited since").update(is_undone=True)
    _finish(session=None, failed="")
    expect(signed_in.get_by_text("The undo is done.")).to_be_visible()
    expect(signed_in.get_by_text("It was changed since")).to_be_visible()


@pytest.mark.parametrize("place", ["preview", "sessions", "session", "undo"])
def test_nothing_is_cut_off_on_a_phone(place: str, signed_in: Page, home: Home) -> None:
    session = session_row(home.mailbox)
    write_row(session, "A very long name " * 8)
    write_row(session, "x" * 120, refusal="failed", detail="y" * 200)
    ErrandRow.objects.create(
        mailbox=home.mailbox,
        verb="plan",
        who="a",
        asked_at=datetime.now(UTC),
        finished_at=datetime.now(UTC),
        answer=plan_answer(),
    )
    addresses = {
        "preview": "/sync-settings/preview/",
        "sessions": "/sync-settings/sessions/",
        "session": f"/sync-settings/sessions/{session.pk}/",
        "undo": f"/sync-settings/sessions/{session.pk}/undo/",
    }
    signed_in.set_viewport_size(NARROW)  # type: ignore[arg-type] # a size
    signed_in.goto(addresses[place])
    for toggle in signed_in.get_by_text("Show fields").all():
        toggle.click()
    width = signed_in.evaluate("document.documentElement.scrollWidth")
    assert width <= NARROW["width"]
