"""The Issues tab."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.web.people import Home
from tests.web.rows import issue_row, plan_row, running

PAGE = "/sync-settings/issues/"
HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'


def test_an_issue_says_what_why_who_and_what_to_press(alice: Home) -> None:
    issue = issue_row(alice.mailbox, record_id="00U000000000009AAA")
    page = alice.client.get(PAGE).text
    for text in (
        "Demo at Acme",
        "Calendar event",
        "Mailbox to Salesforce",
        "A rule of your organization refuses this event",
        "No, thanks.",
        "Moderate",
        "You can fix this",
        "What to do",
        "/sync-settings/codes/SD0101/",
        "Retry now",
        "Dismiss",
    ):
        assert text in page, text
    assert 'href="https://outlook.office365.com/owa/?itemid=AAkALg"' in page
    shown_at = "https://northwind.my.salesforce.com/lightning/r/Event/"
    assert f'href="{shown_at}00U000000000009AAA/view"' in page
    assert issue.first_seen.strftime("%Y-%m-%dT%H:%M:%SZ") in page


def test_a_missing_partner_is_greyed_with_the_reason(alice: Home) -> None:
    issue_row(alice.mailbox, item_id="", web_link="")
    page = alice.client.get(PAGE).text
    assert "This is not in the mailbox" in page
    assert "This is not in Salesforce" in page
    assert 'class="place"' not in page


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://"]
)
def test_only_web_addresses_become_links(link: str, alice: Home) -> None:
    issue_row(alice.mailbox, web_link=link)
    page = alice.client.get(PAGE).text
    assert f'href="{link}' not in page
    assert "gives no link to this item" in page


def test_what_providers_and_people_wrote_stays_text(alice: Home) -> None:
    issue_row(
        alice.mailbox,
        HOSTILE,
        params={"thing": "event", "place": "Salesforce", "rule_message": HOSTILE},
        evidence={"message": HOSTILE},
        details=[HOSTILE],
    )
    for page in (PAGE, f"{PAGE}?q=%3Cscript%3Ealert"):
        text = alice.client.get(page).text
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "&lt;script&gt;alert(1)" in text


def test_hostile_text_in_the_search_stays_text(alice: Home) -> None:
    page = alice.client.get(PAGE, {"q": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "query",
    ["?page=0", "?page=999999", "?page=x", "?state=odd", "?q=%00", "?state=&q=&page="],
)
def test_nonsense_in_the_address_is_no_failure(query: str, alice: Home) -> None:
    issue_row(alice.mailbox)
    assert "Demo at Acme" in alice.client.get(f"{PAGE}{query}").text


def test_states_are_listed_apart_with_their_counts(alice: Home) -> None:
    issue_row(alice.mailbox, "Still open")
    issue_row(alice.mailbox, "All well", state="resolved")
    issue_row(alice.mailbox, "Put aside", state="dismissed")
    for query, there in (
        ("", "Still open"),
        ("?state=resolved", "All well"),
        ("?state=dismissed", "Put aside"),
    ):
        page = alice.client.get(f"{PAGE}{query}").text
        names = re.findall(r"<bdi>(.*?)</bdi>", page)
        assert names == [there]


@pytest.mark.parametrize("search", ["acme", "sd0101", "RULE of your", "thanks"])
def test_search_looks_at_name_code_and_texts(search: str, alice: Home) -> None:
    issue_row(alice.mailbox)
    issue_row(alice.mailbox, "Other", code="SD0102", params={})
    page = alice.client.get(PAGE, {"q": search}).text
    assert re.findall(r"<bdi>(.*?)</bdi>", page) == ["Demo at Acme"]


def test_a_search_without_result_is_not_an_all_clear(alice: Home) -> None:
    issue_row(alice.mailbox)
    page = alice.client.get(PAGE, {"q": "zebra"}).text
    assert "Nothing matches your search" in page
    assert "All clear" not in page


def test_an_empty_list_is_an_all_clear(alice: Home) -> None:
    assert "All clear" in alice.client.get(PAGE).text


def test_fifty_are_on_a_page_the_newest_first(alice: Home) -> None:
    now = datetime.now(UTC)
    for number in range(53):
        seen_at = now - timedelta(minutes=number)
        issue_row(alice.mailbox, f"Item {number:02}", last_seen=seen_at)
    first = alice.client.get(PAGE, {"q": "Item"}).text
    assert len(re.findall("<bdi>", first)) == 50
    assert first.index("Item 00") < first.index("Item 49")
    assert "Page 1 of 2 (53 issues)" in first
    onward = re.search(r'rel="next" href="([^"]+)"', first)
    assert onward is not None
    second = alice.client.get(onward[1].replace("&amp;", "&")).text
    names = re.findall(r"<bdi>(.*?)</bdi>", second)
    assert names == ["Item 50", "Item 51", "Item 52"]


def test_dismiss_puts_the_issue_aside_and_leads_back(alice: Home) -> None:
    issue = issue_row(alice.mailbox)
    here = f"{PAGE}?q=acme"
    answer = alice.client.post(f"{PAGE}{issue.pk}/dismiss/", {"next": here})
    assert answer["Location"] == here
    issue.refresh_from_db()
    assert issue.state == "dismissed"
    assert "The issue is dismissed" in alice.client.get(here).text


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", ""])
def test_actions_never_lead_to_other_sites(onward: str, alice: Home) -> None:
    issue = issue_row(alice.mailbox)
    answer = alice.client.post(f"{PAGE}{issue.pk}/dismiss/", {"next": onward})
    assert answer["Location"] == PAGE


def test_what_stops_the_mailbox_cannot_be_put_out_of_sight(alice: Home) -> None:
    facts = {"code": "SA0101", "subject": "connection:crm", "kind": ""}
    issue = issue_row(alice.mailbox, "", **facts)
    assert "Dismiss</button>" not in alice.client.get(PAGE).text
    alice.client.post(f"{PAGE}{issue.pk}/dismiss/")
    issue.refresh_from_db()
    assert issue.state == "open"


def test_retry_asks_for_a_session(alice: Home) -> None:
    issue = issue_row(alice.mailbox)
    alice.client.post(f"{PAGE}{issue.pk}/retry/")
    alice.mailbox.refresh_from_db()
    assert alice.mailbox.force_asked_at is not None
    assert 'hx-trigger="every 2s"' in alice.client.get(PAGE).text


def test_a_braked_plan_shows_the_exact_list_and_is_confirmed(alice: Home) -> None:
    plan = plan_row(alice.mailbox)
    page = alice.client.get(PAGE).text
    assert page.count("Delete event “Visit") == 30
    assert "Confirm</button>" in page
    alice.client.post(f"{PAGE}{plan.pk}/confirm/", {"digest": "d1"})
    alice.mailbox.refresh_from_db()
    assert alice.mailbox.confirmed_plan == "d1"
    assert alice.mailbox.force_asked_at is not None


@pytest.mark.parametrize("digest", ["d0", "", "x" * 65])
def test_another_plan_than_the_one_read_is_not_confirmed(
    digest: str, alice: Home
) -> None:
    plan = plan_row(alice.mailbox)
    path = f"{PAGE}{plan.pk}/confirm/"
    answer = alice.client.post(path, {"digest": digest}, follow=True)
    assert "nothing was confirmed" in answer.text
    alice.mailbox.refresh_from_db()
    assert alice.mailbox.confirmed_plan == ""


def test_a_plan_is_not_confirmed_while_a_session_runs(alice: Home) -> None:
    plan = plan_row(alice.mailbox)
    running(alice.mailbox)
    path = f"{PAGE}{plan.pk}/confirm/"
    answer = alice.client.post(path, {"digest": "d1"}, follow=True)
    assert "A session is running right now" in answer.text
    alice.mailbox.refresh_from_db()
    assert alice.mailbox.confirmed_plan == ""


def test_an_issue_of_an_unknown_code_is_still_readable(alice: Home) -> None:
    issue_row(alice.mailbox, code="SX9999")
    page = alice.client.get(PAGE)
    assert page.status_code == 200
    assert "SX9999" in page.text


def test_a_resolved_issue_says_since_when_and_offers_nothing(alice: Home) -> None:
    resolved_at = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    issue_row(alice.mailbox, state="resolved", resolved_at=resolved_at)
    page = alice.client.get(PAGE, {"state": "resolved"}).text
    assert "2026-03-04T05:06:07Z" in page
    assert "Retry now" not in page


def test_records_in_question_are_one_press_away(alice: Home) -> None:
    issue_row(
        alice.mailbox,
        code="SD0013",
        kind="contact",
        params={
            "thing": "contact",
            "place": "Salesforce",
            "matches": "003000000000001AAA and 00Q000000000002AAA",
        },
    )
    page = alice.client.get(PAGE).text
    root = "https://northwind.my.salesforce.com/lightning/r"
    assert f'href="{root}/Contact/003000000000001AAA/view"' in page
    assert f'href="{root}/Lead/00Q000000000002AAA/view"' in page


def test_no_record_in_question_has_no_heading(alice: Home) -> None:
    issue_row(alice.mailbox)
    assert "Records in question" not in alice.client.get(PAGE).text


@pytest.mark.parametrize(
    ("code", "heading"),
    [
        ("SE0106", "What would be done"),
        ("SE0121", "What was put right"),
        ("SD0025", "The equal items"),
        ("SD0013", "Which ones"),
    ],
)
def test_a_list_is_called_by_what_is_on_it(
    code: str, heading: str, alice: Home
) -> None:
    issue_row(alice.mailbox, code=code, details=["update event “Visit” in Salesforce"])
    page = alice.client.get(PAGE).text
    assert f"<h3>{heading}</h3>" in page
    assert "<li>Update event “Visit” in Salesforce</li>" in page


def test_a_list_shows_no_ids_of_a_provider(alice: Home) -> None:
    line = "“Visit (Oslo)”, 2026-11-24 09:00 UTC"
    issue_row(
        alice.mailbox,
        code="SD0025",
        details=[f"{line} (AAkALgdERXjfDVT3ibQndnVnbeXVM2lj7vuh-AAAAAAAAA==)"],
    )
    assert f"<li>{line}</li>" in alice.client.get(PAGE).text


def test_technical_details_have_names(alice: Home) -> None:
    issue_row(alice.mailbox, evidence={"provider": "salesforce", "hint": "x"})
    page = alice.client.get(PAGE).text
    assert "<dt>Answered by</dt><dd>salesforce</dd>" in page
    assert "<dt>hint</dt><dd>x</dd>" in page


def test_an_e_mail_is_for_an_admin_to_let_in(alice: Home) -> None:
    issue_row(
        alice.mailbox,
        code="SD0100",
        kind="message",
        params={"thing": "e-mail", "place": "Salesforce", "field_labels": "Topic"},
    )
    page = alice.client.get(PAGE).text
    assert "Your admin can fix this" in page
    assert "An e-mail cannot be corrected" in page
    assert "and save." not in page
