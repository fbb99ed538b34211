"""Makers and readers of rows."""

from __future__ import annotations

from typing import Any

from django.db import connection

from syncline.store.models import MailboxRow, OrganizationRow, ProfileRow


def make_mailbox(address: str, **changes: Any) -> int:
    """A mailbox of the one organization; answers its id."""
    organization, _ = OrganizationRow.objects.get_or_create(
        crm_org_id="00D000000000001AAA", defaults={"name": "Northwind"}
    )
    profile, _ = ProfileRow.objects.get_or_create(
        organization=organization, name="Standard"
    )
    facts: dict[str, Any] = {
        "address": address,
        "organization": organization,
        "profile": profile,
        "provider": "microsoft365",
        "crm_user_id": f"{MailboxRow.objects.count():018d}",
    }
    return MailboxRow.objects.create(**{**facts, **changes}).pk


def queued() -> list[tuple[int, str, int]]:
    """Mailbox, status and priority of each job, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload, status, priority FROM pgqueuer ORDER BY id")
        return [(int(bytes(p)), s, priority) for p, s, priority in cursor.fetchall()]


def row(mailbox_id: int) -> MailboxRow:
    """The mailbox as it is now."""
    return MailboxRow.objects.get(pk=mailbox_id)
