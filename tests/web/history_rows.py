"""Rows of what sessions wrote, and of what people asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from syncline.store.models import ErrandRow, MailboxRow, SessionRow, SessionWriteRow


def write_row(session: SessionRow, name: str = "Demo at Acme", **facts: Any) -> Any:
    """A subject that was changed in Salesforce."""
    given: dict[str, Any] = {
        "link_key": f"key-{name}"[:64],
        "side": "crm",
        "verb": "update",
        "kind": "event",
        "target_id": "00U000000000001AAA",
        "name": name,
        "before": {"Subject": "Demo"},
        "after": {"Subject": name},
        **facts,
    }
    return SessionWriteRow.objects.create(session=session, **given)


def errand_row(mailbox: MailboxRow, verb: str, **facts: Any) -> Any:
    """An open request."""
    given: dict[str, Any] = {
        "who": "alice@northwind.example",
        "asked_at": datetime.now(UTC),
        **facts,
    }
    return ErrandRow.objects.create(mailbox=mailbox, verb=verb, **given)


def plan_answer() -> dict[str, Any]:
    """What a worker answers to a wish for a preview."""
    when = {"timed": ["2026-11-25T09:00:00Z", "2026-11-25T10:00:00Z"], "zone": "UTC"}
    return {
        "count": 3,
        "marks": 2,
        "people": ["new@acme.example"],
        "waiting": ["Delete event “Visit 1” in Salesforce"],
        "issues": [{"code": "SE0104", "name": "Grace", "params": {"field": "Email"}}],
        "writes": [
            {
                "side": "crm",
                "verb": "update",
                "kind": "event",
                "name": "Demo at Acme",
                "before": {"Subject": "Demo", "StartDateTime": "2026-11-25T08:00:00Z"},
                "after": {
                    "Subject": "Demo at Acme",
                    "StartDateTime": "2026-11-25T09:00:00Z",
                },
            },
            {
                "side": "mailbox",
                "verb": "create",
                "kind": "event",
                "name": "Visit",
                "before": {},
                "after": {"subject": "Visit", "when": when, "private": False},
            },
            {
                "side": "crm",
                "verb": "delete",
                "kind": "contact",
                "name": "Grace Hopper",
                "before": {"LastName": "Hopper", "Email": "grace@acme.example"},
                "after": {},
            },
        ],
    }
