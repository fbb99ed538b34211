"""Rows that most tests of the store need."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from syncline.domain.ports import Lease
from syncline.domain.values.ids import MailboxId
from syncline.store.leases import SqlLeases
from syncline.store.vault import Vault
from tests.store.rows import make_mailbox


@pytest.fixture
def mailbox_id(db: None) -> MailboxId:
    """Ada's mailbox."""
    return make_mailbox("ada@northwind.example")


@pytest.fixture
def committed_mailbox_id(transactional_db: None) -> MailboxId:
    """Ada's mailbox, where other threads and processes see it too."""
    return make_mailbox("ada@northwind.example")


@pytest.fixture
def lease(mailbox_id: MailboxId) -> Iterator[Lease]:
    """The right to work on Ada's mailbox, for as long as the test lasts."""
    leases = SqlLeases(renew_every=timedelta(hours=1))
    held = leases.acquire(mailbox_id)
    assert held is not None
    yield held
    leases.release(held)


@pytest.fixture
def vault() -> Vault:
    """A vault with one key."""
    return Vault([Fernet.generate_key().decode()])
