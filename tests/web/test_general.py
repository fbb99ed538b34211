"""The General tab."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from syncline.store.models import ActivityRow, LinkRow, MailboxRow
from tests.web.people import Home
from tests.web.rows import issue_row, plan_row, running, session_row

PAGE = "/sync-settings/"
POLLS = 'hx-trigger="every 2s"'


@pytest.mark.parametrize(
    ("standing", "word", "reason"),
    [
        ("active", "Active", "kept in step"),
        ("paused", "Paused", "Press Start"),
        ("needs_renewal", "Needs renewal", "can no longer access"),
        ("suspended", "Suspended", "every hour"),
        ("disabled", "Disabled", "Only your admin"),
    ],
)
def test_the_standing_is_said_in_words_with_its_reason(
    standing: str, word: str, reason: str, alice: Home
) -> None:
    alice.mailbox.standing = standing
    alice.mailbox.save()
    page = alice.client.get(PAGE).text
    assert f"{word}</h2>" in page
    assert reason in page


@pytest.mark.parametrize(
    ("standing", "labels", "absent"),
    [
        ("active", {"Force sync", "Pause"}, {"Start"}),
        ("paused", {"Start"}, {"Force sync", "Pause"}),
        ("suspended", {"Force sync", "Pause"}, {"Start"}),
        ("disabled", set(), {"Force sync", "Pause", "Start"}),
    ],
)
def test_only_buttons_that_can_work_are_there(
    standing: str, labels: set[str], absent: set[str], alice: Home
) -> None:
    alice.mailbox.standing = standing
    alice.mailbox.save()
    page = alice.client.get(PAGE).text
    assert all(f"{label}</button>" in page for label in labels)
    assert not any(f"{label}</button>" in page for label in absent)


def test_last_session_details_count_by_kind_and_direction(alice: Home) -> None:
    session_row(alice.mailbox)
    page = alice.client.get(PAGE).text
    assert "Last session details" in page
    assert "Mailbox to Salesforce" in page
    assert '<td role="cell" class="number" data-label="Created">3</td>' in page
    assert "before or after the days that are synchronized" in page
    assert "4.0 seconds" in page
    assert "SW0002" in page
    assert "Sync finished with issues" in page


def test_records_in_scope_are_counted_by_kind(alice: Home) -> None:
    for number in range(3):
        LinkRow.objects.create(
            mailbox=alice.mailbox,
            key=f"k{number}",
            kind="event",
            state="linked",
            origin="mailbox",
            item_id=f"i{number}",
        )
    page = alice.client.get(PAGE).text
    assert '<span class="scope-count">3</span>' in page
    assert "Calendar events" in page


def test_a_lost_connection_is_a_message_with_details(alice: Home) -> None:
    issue_row(
        alice.mailbox,
        "",
        code="SA0101",
        subject="connection:crm",
        kind="",
        operation="read",
    )
    page = alice.client.get(PAGE).text
    assert "Account credentials changed: Salesforce" in page
    assert "Show details" in page
    assert "can no longer open Salesforce for you" in page
    assert "You can fix this" in page


def test_a_failed_session_says_so_before_there_is_an_issue(alice: Home) -> None:
    session_row(alice.mailbox, result="SW0003", error_code="SE0112")
    page = alice.client.get(PAGE).text
    assert "The last session could not do its work" in page
    assert "/sync-settings/codes/SE0112/" in page


def test_a_failed_session_is_called_by_its_cause(alice: Home) -> None:
    session_row(alice.mailbox, result="SW0003", error_code="SA0101")
    page = alice.client.get(PAGE).text
    assert ">Account credentials changed: Salesforce</span>" in page
    assert "went wrong inside" not in page


def test_a_mailbox_in_step_shows_no_message(alice: Home) -> None:
    session_row(alice.mailbox, result="SW0000")
    issue_row(alice.mailbox)
    assert 'class="card error"' not in alice.client.get(PAGE).text


def test_green_is_only_said_when_nothing_waits_for_a_person(alice: Home) -> None:
    good = 'class="standing-title good"'
    assert good in alice.client.get(PAGE).text
    plan_row(alice.mailbox)
    page = alice.client.get(PAGE).text
    assert good not in page
    assert "needs attention first" in page


def test_force_sync_asks_for_a_session_and_then_the_page_watches(alice: Home) -> None:
    assert POLLS not in alice.client.get(PAGE).text
    answer = alice.client.post(
        "/sync-settings/force-sync/", headers={"hx-request": "true"}
    )
    alice.mailbox.refresh_from_db()
    assert alice.mailbox.force_asked_at is not None
    assert alice.mailbox.next_run_at <= datetime.now(UTC)
    assert POLLS in answer.text
    assert "A session starts within seconds" in answer.text
    assert 'hx-swap-oob="true"' in answer.text
    assert "<html" not in answer.text


def test_without_scripts_force_sync_leads_back_to_the_page(alice: Home) -> None:
    answer = alice.client.post("/sync-settings/force-sync/", follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "A session starts within seconds" in answer.text


def test_a_session_that_does_not_start_is_not_promised_for_ever(alice: Home) -> None:
    alice.mailbox.force_asked_at = datetime.now(UTC) - timedelta(minutes=5)
    alice.mailbox.save()
    page = alice.client.get(PAGE).text
    assert "none has started yet" in page
    assert "within seconds" not in page


def test_the_page_stops_watching_when_the_session_is_over(alice: Home) -> None:
    alice.client.post("/sync-settings/force-sync/")
    session_row(
        alice.mailbox,
        started_at=datetime.now(UTC),
        finished_at=datetime.now(UTC) + timedelta(seconds=1),
    )
    assert POLLS not in alice.client.get("/sync-settings/live/").text


def test_a_second_press_within_a_minute_says_how_long_to_wait(alice: Home) -> None:
    alice.client.post("/sync-settings/force-sync/")
    alice.mailbox.refresh_from_db()
    asked_at = alice.mailbox.force_asked_at
    answer = alice.client.post("/sync-settings/force-sync/", follow=True)
    assert "Please try again in" in answer.text
    assert "seconds" in answer.text
    alice.mailbox.refresh_from_db()
    assert alice.mailbox.force_asked_at == asked_at


def test_a_running_session_is_told_politely(alice: Home) -> None:
    running(alice.mailbox)
    answer = alice.client.post("/sync-settings/force-sync/", follow=True)
    assert "A session is running right now" in answer.text
    assert POLLS in answer.text
    alice.mailbox.refresh_from_db()
    assert alice.mailbox.force_asked_at is None


def test_pause_and_start_change_the_standing(alice: Home) -> None:
    alice.client.post("/sync-settings/pause/")
    alice.mailbox.refresh_from_db()
    assert (alice.mailbox.standing, alice.mailbox.next_run_at) == ("paused", None)
    alice.client.post("/sync-settings/start/")
    alice.mailbox.refresh_from_db()
    assert alice.mailbox.standing == "active"
    assert alice.mailbox.next_run_at is not None


def test_nobody_starts_what_an_admin_switched_off(alice: Home) -> None:
    alice.mailbox.standing = "disabled"
    alice.mailbox.save()
    for action in ("start", "pause", "force-sync"):
        alice.client.post(f"/sync-settings/{action}/")
    alice.mailbox.refresh_from_db()
    assert alice.mailbox.standing == "disabled"
    assert alice.mailbox.force_asked_at is None


def test_every_action_is_in_the_activity_log(alice: Home) -> None:
    issue = issue_row(alice.mailbox)
    plan = plan_row(alice.mailbox)
    alice.client.post("/sync-settings/force-sync/")
    alice.client.post(f"/sync-settings/issues/{issue.pk}/dismiss/")
    alice.client.post(f"/sync-settings/issues/{plan.pk}/confirm/", {"digest": "d1"})
    alice.client.post("/sync-settings/pause/")
    alice.client.post("/sync-settings/start/")
    lines = ActivityRow.objects.filter(mailbox=alice.mailbox).order_by("pk")
    assert {line.who for line in lines} == {alice.person.username}
    assert [line.what for line in lines] == [
        "sync forced",
        "issue dismissed",
        "plan confirmed",
        "sync forced",
        "standing set to paused",
        "standing set to active",
    ]


def test_every_type_has_a_box_even_without_items(alice: Home) -> None:
    page = alice.client.get(PAGE).text
    labels = re.findall(r'<span class="scope-kind">(.*?)</span>', page)
    assert labels == ["Calendar events", "Contacts", "Tasks", "E-mails"]
    assert "not synchronized yet" not in page


def test_the_choices_of_the_profile_are_shown_with_who_can_change_them(
    alice: Home,
) -> None:
    choose(
        alice.mailbox,
        auto_save=["event", "message"],
        message_directions=["out"],
        down_sync=["event"],
        forbid_to_remove=["task"],
        directions={"contact": "up"},
        days_back=7,
        attachments=False,
    )
    page = alice.client.get(PAGE).text
    events, contacts, tasks, messages = boxes(page)
    assert events["Saved to Salesforce"] == "automatically"
    assert events["Sync my Salesforce calendar"] == "On"
    assert events["Days"] == "7 back, 60 ahead"
    assert contacts["Saved to Salesforce"] == "when you mark it"
    assert contacts["Sync my Salesforce contacts"] == "Off"
    assert contacts["Changes travel"] == "only to Salesforce"
    assert "Which contacts" not in contacts
    assert (contacts["Forbid to remove"], tasks["Forbid to remove"]) == ("Off", "On")
    assert messages["Saved to Salesforce"] == "automatically, sent ones"
    assert messages["Attached files"] == "Off"
    assert "belong to your profile, Default; your admin can change them" in page


def test_the_scope_of_contacts_names_the_view(alice: Home) -> None:
    choose(alice.mailbox, contact_scope="view", contact_view="My VIPs")
    _, contacts, _, _ = boxes(alice.client.get(PAGE).text)
    assert contacts["Which contacts"] == "Custom Salesforce view: My VIPs"


def test_objects_that_appear_in_the_calendar_are_named(alice: Home) -> None:
    shift = {
        "object_name": "Shift__c",
        "subject_field": "Name",
        "start_field": "Start__c",
        "name": "Shift",
    }
    choose(alice.mailbox, mirrored=[shift])
    events, *_ = boxes(alice.client.get(PAGE).text)
    assert events["Also shown from Salesforce"] == "Shift"


@pytest.mark.parametrize(
    "policy",
    [{"winner": "nobody"}, {"kinds": 7}, {"mirrored": [{}]}, {"kinds": ["note"]}],
    ids=str,
)
def test_settings_that_make_no_sense_break_no_page(
    policy: dict[str, Any], alice: Home
) -> None:
    choose(alice.mailbox, **policy)
    page = alice.client.get(PAGE)
    assert page.status_code == 200
    assert "The settings of your profile contain a mistake" in page.text
    assert boxes(page.text) == []
    assert page.text.count('class="scope-count"') == 4
    blocklist = alice.client.post("/sync-settings/blocklist/block/", {"entry": "a.eu"})
    assert "until your admin has corrected the settings" in blocklist.text
    alice.mailbox.refresh_from_db()
    assert alice.mailbox.blocklist == []


def test_a_type_that_is_switched_off_says_only_that(alice: Home) -> None:
    choose(alice.mailbox, kinds=["event", "contact", "message"])
    _, _, tasks, _ = boxes(alice.client.get(PAGE).text)
    assert tasks == {"Synchronized": "Off"}


def choose(mailbox: MailboxRow, **policy: Any) -> None:
    mailbox.profile.policy = policy
    mailbox.profile.save()


def boxes(page: str) -> list[dict[str, str]]:
    """The choices of each box, by label."""
    found = []
    for part in page.split('<dl class="choices">')[1:]:
        pairs = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", part.split("</dl>")[0])
        found.append({k: re.sub("<.*?>", "", v) for k, v in pairs})
    return found
