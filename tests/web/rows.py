"""Rows as sessions leave them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from syncline.domain.issues.issue import fingerprint
from syncline.domain.values.ids import MailboxId
from syncline.store.models import IssueRow, LeaseRow, MailboxRow, SessionRow


def issue_row(mailbox: MailboxRow, name: str = "Demo at Acme", **facts: Any) -> Any:
    """An open issue: a rule of the organization refuses an event."""
    now = datetime.now(UTC)
    given: dict[str, Any] = {
        "code": "SD0101",
        "subject": f"link:{name}",
        "params": {
            "thing": "event",
            "place": "Salesforce",
            "rule_message": "No, thanks.",
        },
        "kind": "event",
        "side": "crm",
        "operation": "create",
        "name": name,
        "item_id": "AAkALg==",
        "web_link": "https://outlook.office365.com/owa/?itemid=AAkALg",
        "state": "open",
        "first_seen": now - timedelta(days=2),
        "last_seen": now,
        **facts,
    }
    mark = fingerprint(MailboxId(mailbox.pk), given["code"], given["subject"])
    return IssueRow.objects.create(mailbox=mailbox, fingerprint=mark, **given)


def plan_row(mailbox: MailboxRow, **facts: Any) -> Any:
    """A plan that waits for a person."""
    lines = [f"Delete event “Visit {n}” in Salesforce" for n in range(30)]
    given: dict[str, Any] = {
        "code": "SE0106",
        "subject": "mailbox",
        "params": {"count": "30", "reason": "many deletions", "digest": "d1"},
        "kind": "",
        "side": "",
        "operation": "delete",
        "item_id": "",
        "web_link": "",
        "details": lines,
        **facts,
    }
    return issue_row(mailbox, "", **given)


def session_row(mailbox: MailboxRow, **facts: Any) -> SessionRow:
    """A finished session that created three events and left two alone."""
    now = datetime.now(UTC)
    tally = {"kind": "event", "side": "crm", "reason": ""}
    given: dict[str, Any] = {
        "started_at": now - timedelta(minutes=10),
        "finished_at": now - timedelta(minutes=10) + timedelta(seconds=4),
        "result": "SW0002",
        "tallies": [
            {**tally, "counted": "created", "count": 3},
            {
                **tally,
                "counted": "skipped",
                "count": 2,
                "reason": "outside of the time window",
            },
        ],
        "requests": {"mailbox": 7, "crm": 5},
        "writes": {"mailbox": 0, "crm": 3},
        **facts,
    }
    return SessionRow.objects.create(mailbox=mailbox, **given)


def running(mailbox: MailboxRow) -> None:
    """Let somebody alive work on the mailbox."""
    soon = datetime.now(UTC) + timedelta(minutes=1)
    LeaseRow.objects.update_or_create(
        mailbox=mailbox, defaults={"token": 1, "expires_at": soon}
    )
    SessionRow.objects.create(mailbox=mailbox, started_at=datetime.now(UTC))
