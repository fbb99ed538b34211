"""What a page may load, and who may keep it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

import syncline.web
from tests.web.people import Home
from tests.web.rows import issue_row, session_row

PAGES = (
    "/sign-in/",
    "/sync-settings/",
    "/sync-settings/issues/",
    "/sync-settings/codes/",
    "/sync-settings/codes/SD0101/",
    "/nowhere/",
)
TEMPLATES = sorted(Path(syncline.web.__path__[0]).rglob("*.html"))


@pytest.mark.parametrize("page", PAGES)
def test_pages_load_nothing_but_our_own(page: str, alice: Home) -> None:
    answer = alice.client.get(page)
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


def test_forms_lead_to_other_hosts_from_the_sign_in_page_only(alice: Home) -> None:
    sign_in = Client().get("/sign-in/")["Content-Security-Policy"]
    settings = alice.client.get("/sync-settings/")["Content-Security-Policy"]
    assert "form-action 'self' https: " in sign_in
    assert settings.endswith("form-action 'self'")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_inline_script_or_style(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:|hx-on", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


def test_cookies_are_out_of_reach_for_scripts_and_other_sites(alice: Home) -> None:
    issue_row(alice.mailbox)
    session_row(alice.mailbox)
    answer = alice.client.get("/sync-settings/")
    cookie = answer.cookies["csrftoken"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_own_files_and_htmx_are_served(db: None) -> None:
    page = Client().get("/sign-in/").text
    addresses = re.findall(r'(?:src|href)="(/static/[^"#]+)', page)
    assert any("htmx" in address for address in addresses)
    for address in addresses:
        answer = Client().get(address)
        answer.close()
        assert answer.status_code == 200, address


def test_healthz_says_that_the_database_answers(db: None) -> None:
    answer = Client().get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["database"] is True
