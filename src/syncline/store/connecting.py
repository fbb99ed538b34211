"""Stores a new mailbox with its two connections, or renews a known one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from syncline.domain.access.grant import Connection, Grant
from syncline.domain.access.mailbox import Standing
from syncline.domain.errors import ConfigurationError
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


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMailbox:
    """A mailbox as it was just authorized."""

    address: str
    organization_name: str
    crm_org_id: str
    crm_user_id: str
    crm_username: str
    auto_save: frozenset[Kind]
    connections: Mapping[Side, tuple[Connection, Grant]]


def store_mailbox(new: NewMailbox, vault: Vault) -> MailboxId:
    """Store everything or nothing; the same address keeps its id.

    Raises:
        ConfigurationError: The Salesforce user belongs to another mailbox.
    """
    with transaction.atomic():
        organization, _ = OrganizationRow.objects.get_or_create(
            crm_org_id=new.crm_org_id, defaults={"name": new.organization_name}
        )
        _check_user(new, organization)
        profile = _profile(organization, new.auto_save)
        row, is_new = MailboxRow.objects.update_or_create(
            organization=organization,
            address=new.address,
            defaults={
                "profile": profile,
                "provider": new.connections[Side.MAILBOX][0].provider,
                "crm_user_id": new.crm_user_id,
                "crm_username": new.crm_username,
                "crm_instance_url": new.connections[Side.CRM][0].base_url,
            },
        )
        if is_new or row.standing == Standing.NEEDS_RENEWAL:
            row.standing = Standing.ACTIVE
            row.next_run_at = datetime.now(UTC)
            row.save(update_fields=["standing", "next_run_at"])
        for side, (connection, grant) in new.connections.items():
            _store_connection(row, side, connection, grant, vault)
    return MailboxId(row.pk)


def _check_user(new: NewMailbox, organization: OrganizationRow) -> None:
    other = (
        MailboxRow.objects.filter(
            organization=organization, crm_user_id=new.crm_user_id
        )
        .exclude(address=new.address)
        .first()
    )
    if other is not None:
        raise ConfigurationError(
            "connect.user_taken",
            f"The Salesforce user {new.crm_username} is paired with {other.address}.",
            "A mailbox needs a Salesforce account of its own; sign in as another user.",
        )


def _profile(organization: OrganizationRow, auto_save: frozenset[Kind]) -> ProfileRow:
    name = "Automatic saving" if auto_save else "Default"
    kinds = sorted(kind.value for kind in auto_save)
    # Who saves everything means appointments with nobody, too.
    policy = {"auto_save": kinds, "save_unrelated_events": True} if kinds else {}
    profile, _ = ProfileRow.objects.get_or_create(
        organization=organization,
        name=name,
        defaults={"policy": policy},
    )
    return profile


def _store_connection(
    row: MailboxRow, side: Side, connection: Connection, grant: Grant, vault: Vault
) -> None:
    stored, _ = ConnectionRow.objects.update_or_create(
        mailbox=row,
        side=side,
        defaults={
            "provider": connection.provider,
            "base_url": connection.base_url,
            "token_url": connection.token_url,
            "account": connection.account,
            "client_id": connection.client_id,
            "client_secret_sealed": vault.seal(connection.client_secret),
        },
    )
    store_grant(stored.pk, grant, vault)
