"""The shapes and exit codes of commands that scripts rely on.

From outside, as a script calls them: no internals are imported.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

pytestmark = pytest.mark.timeout(300)

ROOT = Path(__file__).parents[2]
COUNTERS = {"requests", "writes", "guest_mails", "by_call"}
SESSION = {"session", "result", "requests", "writes", "issues_open"}
ISSUE = {
    *("code", "severity", "kind", "name", "direction", "operation", "cause"),
    *("remedy", "state", "first_seen", "last_seen", "occurrences"),
    *("mailbox_item_id", "salesforce_id"),
}
SIDES = {"mailbox", "salesforce"}


def _environment(home: Path) -> dict[str, str]:
    hidden = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "SYNCLINE_")
    kept = {n: v for n, v in os.environ.items() if not n.startswith(hidden)}
    return {**kept, "SYNCLINE_HOME": str(home), "PYTHONPATH": str(ROOT / "src")}


@dataclass
class Home:
    """One installation, used through its commands only."""

    folder: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "syncline", *arguments],
            env=_environment(self.folder),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def ask(self, *arguments: str) -> Any:
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("\n") == 1, "one line of JSON"
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def homes() -> Iterator[tuple[Home, Home]]:
    with tempfile.TemporaryDirectory(prefix="syncline-cli-") as place:
        yield Home(Path(place, "one")), Home(Path(place, "two"))


@pytest.fixture(scope="module")
def sandbox(homes: tuple[Home, Home]) -> Iterator[dict[str, Any]]:
    """What `sandbox --empty --json` prints, while it stays."""
    with subprocess.Popen(
        [sys.executable, "-m", "syncline", "sandbox", "--empty", "--json"],
        env=_environment(homes[0].folder),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        yield json.loads(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def _connect(sandbox: dict[str, Any], number: int, **changed: str) -> list[str]:
    graph, org = (sandbox[name] for name in ("microsoft365", "salesforce"))
    mail, crm = graph["accounts"][number], org["accounts"][number]
    options = {
        "address": mail["address"],
        "mailbox-kind": "microsoft365",
        "mailbox-url": graph["base_url"],
        "mailbox-token": mail["access_token"],
        "mailbox-refresh-token": mail["refresh_token"],
        "salesforce-url": org["base_url"],
        "salesforce-token": crm["access_token"],
        "salesforce-refresh-token": crm["refresh_token"],
        **changed,
    }
    pairs = ((f"--{name}", value) for name, value in options.items())
    return ["connect", *(each for pair in pairs for each in pair)]


def _call(url: str, token: str, method: str, body: object = None) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with httpx2.Client(verify=False, trust_env=False, headers=headers) as client:
        answer = client.request(method, url, json=body)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


def _add_event(sandbox: dict[str, Any], number: int, subject: str) -> None:
    graph = sandbox["microsoft365"]
    start = datetime.now(UTC) + timedelta(days=2)
    body = {
        "subject": subject,
        "categories": ["Salesforce"],
        "start": {"dateTime": f"{start:%Y-%m-%dT10:00:00}", "timeZone": "UTC"},
        "end": {"dateTime": f"{start:%Y-%m-%dT11:00:00}", "timeZone": "UTC"},
    }
    token = graph["accounts"][number]["access_token"]
    _call(f"{graph['base_url']}/v1.0/me/events", token, "POST", body)


def _counters(sandbox: dict[str, Any], provider: str) -> Any:
    return _call(f"{sandbox[provider]['control_url']}/counters", "", "GET")


def _one_line(done: subprocess.CompletedProcess[str]) -> bool:
    return done.stderr.startswith("syncline: ") and done.stderr.count("\n") == 1


def test_sandbox_says_where_it_is_and_who_may_use_it(sandbox: dict[str, Any]) -> None:
    for provider, person in (("salesforce", "username"), ("microsoft365", "address")):
        told = sandbox[provider]
        assert told["base_url"].startswith("http://127.0.0.1:")
        assert len(told["accounts"]) == 2
        for account in told["accounts"]:
            assert {person, "access_token", "refresh_token"} <= account.keys()
        assert _counters(sandbox, provider).keys() >= COUNTERS
    assert all(a["user_id"] for a in sandbox["salesforce"]["accounts"])


def test_two_homes_connect_sync_and_list_without_disturbing_each_other(
    sandbox: dict[str, Any], homes: tuple[Home, Home]
) -> None:
    one, two = homes
    first = one.ask(*_connect(sandbox, 0))["mailbox"]
    second = two.ask(*_connect(sandbox, 1))["mailbox"]
    _add_event(sandbox, 0, "Demo at Acme")
    _add_event(sandbox, 0, "TBD")
    _add_event(sandbox, 1, "Lunch")

    done = one.ask("sync", str(first))
    assert done.keys() >= SESSION
    assert (done["result"][:4], done["issues_open"]) == ("SW00", 1)
    assert done["requests"].keys() == done["writes"].keys() == SIDES
    assert done["writes"]["salesforce"] == 2

    (issue,) = one.ask("issues", str(first))
    assert issue.keys() >= ISSUE
    assert (issue["name"], issue["kind"], issue["state"]) == ("TBD", "event", "open")
    assert issue["mailbox_item_id"]
    assert issue["salesforce_id"] is None
    assert datetime.fromisoformat(issue["first_seen"]).tzinfo
    assert "subject" in issue["cause"].lower()
    assert issue["remedy"]

    assert two.ask("issues", str(second)) == []
    assert two.ask("sync", str(second))["writes"]["salesforce"] == 1
    quiet = one.ask("sync", str(first))
    assert quiet["requests"] == {"mailbox": 1, "salesforce": 1}
    assert quiet["writes"] == {"mailbox": 0, "salesforce": 0}
    assert _counters(sandbox, "microsoft365")["guest_mails"] == 0

    assert one.ask(*_connect(sandbox, 0))["mailbox"] == first


def test_wrong_use_leaves_with_2(
    sandbox: dict[str, Any], homes: tuple[Home, Home]
) -> None:
    home = homes[0]
    assert home.run("nonsense").returncode == 2
    assert home.run("sync").returncode == 2
    assert home.run("sync", "first").returncode == 2
    assert home.run("connect", "--json").returncode == 2
    for arguments in (
        ["sync", "9999", "--json"],
        ["issues", "9999", "--json"],
        _connect(sandbox, 0, address="nobody"),
        _connect(sandbox, 0, **{"mailbox-kind": "pigeon"}),
        _connect(sandbox, 0, **{"salesforce-url": "acme"}),
    ):
        done = home.run(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert _one_line(done), done.stderr


def test_failure_leaves_with_1_and_one_line(
    sandbox: dict[str, Any], homes: tuple[Home, Home]
) -> None:
    wrong = {"salesforce-token": "x", "salesforce-refresh-token": "y"}
    done = homes[0].run(*_connect(sandbox, 0, **wrong))
    assert (done.returncode, done.stdout) == (1, "")
    assert _one_line(done), done.stderr


def test_sign_in_of_another_mailbox_is_refused_and_nothing_is_replaced(
    homes: tuple[Home, Home], sandbox: dict[str, Any]
) -> None:
    """Another person's token would delete records that its mailbox does not know."""
    somebody = sandbox["microsoft365"]["accounts"][1]
    done = homes[0].run(
        *_connect(
            sandbox,
            0,
            **{
                "mailbox-token": somebody["access_token"],
                "mailbox-refresh-token": somebody["refresh_token"],
            },
        )
    )
    assert done.returncode == 1
    assert _one_line(done)
    assert somebody["address"] in done.stderr


def test_mailbox_that_does_not_answer_is_refused(
    homes: tuple[Home, Home], sandbox: dict[str, Any]
) -> None:
    changed = {"mailbox-url": "http://127.0.0.1:9"}
    done = homes[0].run(*_connect(sandbox, 0, **changed))
    assert done.returncode == 1
    assert _one_line(done)
    assert "--mailbox-url" in done.stderr


def test_tokens_are_never_printed_or_stored_in_the_clear(
    sandbox: dict[str, Any], homes: tuple[Home, Home]
) -> None:
    done = homes[0].run(*_connect(sandbox, 0))
    assert done.returncode == 0
    tokens = [
        account[name].encode()
        for provider in ("salesforce", "microsoft365")
        for account in sandbox[provider]["accounts"]
        for name in ("access_token", "refresh_token")
    ]
    said = (done.stdout + done.stderr).encode()
    files = [path for path in homes[0].folder.rglob("*") if path.is_file()]
    assert files
    for token in tokens:
        assert token not in said
        assert not [path for path in files if token in path.read_bytes()]


def test_notice_of_lost_access_does_not_spoil_the_json(
    sandbox: dict[str, Any], tmp_path: Path
) -> None:
    home = Home(tmp_path / "home")
    mailbox = home.ask(*_connect(sandbox, 1))["mailbox"]
    faults = f"{sandbox['microsoft365']['control_url']}/faults"
    match = {"method": "POST", "path_contains": "/v1.0"}
    refusal = {"match": match, "kind": "status", "status": 401, "times": 50}
    _call(faults, "", "POST", refusal | {"when": "before"})
    try:
        done = home.run("sync", str(mailbox), "--json")
    finally:
        _call(faults, "", "DELETE")
    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(done.stdout)["error_code"].startswith("SA")
