"""A real browser, a live server, and the sandbox org to sign in at."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

# Its plugin loads it at the end of the run otherwise, and after Playwright's
# greenlets CPython 3.11 cannot compile large modules any more.
import hypothesis  # noqa: F401
import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from syncline.sandbox.both import BothSandboxes
from syncline.web.authorization.people import Person
from tests.web.people import Home, mailbox_of, sign_in

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


@pytest.fixture(scope="module", autouse=True)
def _database_calls_beside_playwright() -> Iterator[None]:
    """Playwright's loop runs in our thread; Django takes that for a coroutine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The distribution's browser; its absence is a failure, never a skip.

    Not for the whole run: while Playwright is open, its loop runs in our thread
    and no other test can start one.
    """
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.fail(
            "The browser tests need Chromium; on Debian: apt-get install chromium"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def org() -> Iterator[BothSandboxes]:
    """The sandbox servers, empty: two accounts each."""
    with BothSandboxes(is_empty=True) as servers:
        yield servers


@pytest.fixture
def owner(
    transactional_db: None, org: BothSandboxes, settings: LazySettings
) -> tuple[Home, str]:
    """The first person of the sandbox org, with a mailbox; and the display name.

    The pages are set up to sign people in at that org.
    """
    del transactional_db
    server = org.describe()["salesforce"]
    account = server["accounts"][0]
    provider: dict[str, Any] = settings.SOCIALACCOUNT_PROVIDERS["salesforce"]
    app = {"client_id": "tests", "secret": "tests", "key": server["base_url"]}
    settings.SOCIALACCOUNT_PROVIDERS = {"salesforce": {**provider, "APPS": [app]}}
    settings.SALESFORCE_LOGIN_URL = server["base_url"]
    settings.SALESFORCE_IS_SET_UP = True
    user = org.salesforce.org.user(account["user_id"])
    person = Person(
        user_id=account["user_id"],
        organization_id=org.salesforce.org.org_id,
        username=account["username"],
        name=str(user["Name"]),
    )
    return Home(person, mailbox_of(person), sign_in(person)), person.name


@pytest.fixture
def home(owner: tuple[Home, str]) -> Home:
    """The owner's mailbox."""
    return owner[0]


@pytest.fixture
def window(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """An empty browser window; whatever our pages complain about fails the test."""
    context = chromium.new_context(base_url=live_server.url)
    page = context.new_page()
    page.set_default_timeout(15_000)
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        ours = message.location.get("url", "").startswith(live_server.url)
        if message.type in ("error", "warning") and ours:
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def signed_in(window: Page, home: Home, live_server: LiveServer) -> Page:
    """The owner's window, signed in without the detour over Salesforce."""
    key = home.client.cookies["sessionid"].value
    window.context.add_cookies(
        [{"name": "sessionid", "value": key, "url": live_server.url}]
    )
    return window
