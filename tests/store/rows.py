"""Makers of rows and of what is stored in them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from syncline.domain.access.grant import Grant
from syncline.domain.issues.issue import Issue
from syncline.domain.values.ids import MailboxId
from syncline.domain.values.kinds import Kind, Side
from syncline.store.grants import store_grant
from syncline.store.models import (
    ConnectionRow,
    MailboxRow,
    OrganizationRow,
    ProfileRow,
)
from syncline.store.vault import Vault
from tests.factories import NOW

NORTHWIND = "00D000000000001AAA"


def make_mailbox(address: str, *, org: str = NORTHWIND, **changes: Any) -> MailboxId:
    """A mailbox of an organization."""
    organization, _ = OrganizationRow.objects.get_or_create(
        crm_org_id=org, defaults={"name": "Northwind"}
    )
    profile, _ = ProfileRow.objects.get_or_create(
        organization=organization, name="Standard"
    )
    facts: dict[str, Any] = {
        "provider": "microsoft365",
        "crm_user_id": f"005{MailboxRow.objects.count():015d}",
        **changes,
    }
    row = MailboxRow.objects.create(
        organization=organization, profile=profile, address=address, **facts
    )
    return MailboxId(row.pk)


def make_connection(mailbox_id: MailboxId, vault: Vault, side: Side) -> int:
    """A connection with a grant of generation 1."""
    row = ConnectionRow.objects.create(
        mailbox_id=mailbox_id,
        side=side,
        provider="microsoft365",
        base_url="https://graph.example",
        token_url="https://login.example/token",
        account="ada@northwind.example",
        client_secret_sealed=vault.seal("shh"),
    )
    grant = Grant(access_token="access-1", refresh_token="refresh-1", generation=1)
    store_grant(row.pk, grant, vault)
    return row.pk


def issue(mailbox_id: MailboxId, **changes: Any) -> Issue:
    """A required field is missing on a contact."""
    facts: dict[str, Any] = {
        "mailbox_id": mailbox_id,
        "code": "SE0104",
        "subject": "link:key-1",
        "params": {"field": "LastName"},
        "evidence": {"code": "REQUIRED_FIELD_MISSING"},
        "kind": Kind.CONTACT,
        "side": Side.CRM,
        "operation": "create",
        "name": "Grace",
        "item_id": "AAMk=",
        "first_seen": NOW,
        "last_seen": NOW + timedelta(minutes=30),
    }
    return Issue(**{**facts, **changes})
