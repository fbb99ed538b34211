"""Grants: read, renewed once for all, durable before they are used."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from syncline.domain.access.grant import Connection, Grant
from syncline.store.models import ConnectionRow, GrantRow
from syncline.store.vault import Vault

Refresh = Callable[[Connection, Grant], Grant]


class SqlGrantKeeper:
    """`ports.GrantKeeper` on PostgreSQL, for one connection.

    Renewal takes the grant's row, so that of many processes one asks the
    provider and the others find the new grant. A rotated token is stored before
    anybody uses it.
    """

    def __init__(self, connection_id: int, vault: Vault, refresh: Refresh) -> None:
        """Load the connection; its grant is read when it is needed."""
        row = ConnectionRow.objects.get(pk=connection_id)
        self.connection = to_connection(row, vault)
        self._vault = vault
        self._refresh = refresh
        self._known: Grant | None = None

    def current(self) -> Grant:
        """See the port."""
        if self._known is None:
            row = GrantRow.objects.get(connection_id=self.connection.id)
            self._known = self._open(row)
        return self._known

    def renew(self, used: Grant) -> Grant:
        """See the port."""
        with transaction.atomic(durable=True):
            row = GrantRow.objects.select_for_update().get(
                connection_id=self.connection.id
            )
            stored = self._open(row)
            if stored.generation <= used.generation:
                stored = self._refresh(self.connection, stored)
                self._store(row, stored)
        self._known = stored
        return stored

    def _open(self, row: GrantRow) -> Grant:
        return Grant(
            access_token=self._vault.unseal(row.access_token_sealed),
            refresh_token=self._vault.unseal(row.refresh_token_sealed),
            expires_at=row.expires_at,
            generation=row.generation,
        )

    def _store(self, row: GrantRow, grant: Grant) -> None:
        row.access_token_sealed = self._vault.seal(grant.access_token)
        row.refresh_token_sealed = self._vault.seal(grant.refresh_token)
        row.expires_at = grant.expires_at
        row.generation = grant.generation
        row.save()


def to_connection(row: ConnectionRow, vault: Vault) -> Connection:
    """The connection of a row."""
    return Connection(
        id=row.pk,
        provider=row.provider,
        base_url=row.base_url,
        token_url=row.token_url,
        account=row.account,
        client_id=row.client_id,
        client_secret=vault.unseal(row.client_secret_sealed),
    )


def store_grant(connection_id: int, grant: Grant, vault: Vault) -> None:
    """Keep the grant of a new or renewed connection; its generation moves on."""
    with transaction.atomic():
        before = (
            GrantRow.objects.select_for_update()
            .filter(connection_id=connection_id)
            .first()
        )
        GrantRow.objects.update_or_create(
            connection_id=connection_id,
            defaults={
                "access_token_sealed": vault.seal(grant.access_token),
                "refresh_token_sealed": vault.seal(grant.refresh_token),
                "expires_at": grant.expires_at,
                "generation": before.generation + 1 if before else grant.generation,
            },
        )
