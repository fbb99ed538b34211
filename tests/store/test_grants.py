"""A grant is renewed once for all who need it, and is durable before use."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.db import connections

from syncline.domain.access.grant import Connection, Grant
from syncline.domain.errors import GrantError, PassingError, ProviderError
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.ids import MailboxId
from syncline.domain.values.kinds import Side
from syncline.store.grants import SqlGrantKeeper, store_grant
from syncline.store.models import ConnectionRow, GrantRow
from syncline.store.vault import Vault
from tests.store.rows import make_connection


class Endpoint:
    """A token endpoint that counts, and refuses when it has a fault."""

    def __init__(self, fault: FaultClass | None = None) -> None:
        self.used: list[str] = []
        self.fault = fault

    def __call__(self, connection: Connection, grant: Grant) -> Grant:
        assert connection.client_secret == "shh"
        self.used.append(grant.refresh_token)
        if self.fault is not None:
            raise ProviderError.of(Fault(fault_class=self.fault, provider="entra"))
        number = grant.generation + 1
        return Grant(
            access_token=f"access-{number}",
            refresh_token=f"refresh-{number}",
            generation=number,
        )


@pytest.fixture
def connection_id(mailbox_id: MailboxId, vault: Vault) -> int:
    return make_connection(mailbox_id, vault, Side.MAILBOX)


def test_the_stored_grant_is_current(connection_id: int, vault: Vault) -> None:
    keeper = SqlGrantKeeper(connection_id, vault, Endpoint())
    assert keeper.current().access_token == "access-1"
    assert keeper.connection.account == "ada@northwind.example"


def test_no_token_is_stored_in_the_clear(connection_id: int) -> None:
    row = GrantRow.objects.get(connection_id=connection_id)
    kept = bytes(row.access_token_sealed) + bytes(row.refresh_token_sealed)
    kept += bytes(ConnectionRow.objects.get().client_secret_sealed)
    for secret in (b"access-1", b"refresh-1", b"shh"):
        assert secret not in kept


def test_a_renewed_grant_is_stored_before_it_is_answered(
    connection_id: int, vault: Vault
) -> None:
    """J02: the new token is durable before anybody uses it."""
    endpoint = Endpoint()
    keeper = SqlGrantKeeper(connection_id, vault, endpoint)
    renewed = keeper.renew(keeper.current())
    assert renewed.access_token == "access-2"
    assert keeper.current() == renewed
    assert SqlGrantKeeper(connection_id, vault, endpoint).current() == renewed
    assert endpoint.used == ["refresh-1"]


def test_one_who_comes_late_gets_what_another_renewed(
    connection_id: int, vault: Vault
) -> None:
    endpoint = Endpoint()
    early = SqlGrantKeeper(connection_id, vault, endpoint)
    late = SqlGrantKeeper(connection_id, vault, endpoint)
    used = late.current()
    renewed = early.renew(early.current())
    assert late.renew(used) == renewed
    assert late.current() == renewed
    assert len(endpoint.used) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [(FaultClass.ACCESS, GrantError), (FaultClass.UNAVAILABLE, PassingError)],
)
def test_a_refusal_changes_nothing(
    connection_id: int,
    vault: Vault,
    fault: FaultClass,
    error: type[ProviderError],
) -> None:
    keeper = SqlGrantKeeper(connection_id, vault, Endpoint(fault))
    before = keeper.current()
    with pytest.raises(error):
        keeper.renew(before)
    fresh = SqlGrantKeeper(connection_id, vault, Endpoint())
    assert fresh.current() == keeper.current() == before


def test_a_new_sign_in_outdates_what_is_in_use(
    connection_id: int, vault: Vault
) -> None:
    keeper = SqlGrantKeeper(connection_id, vault, Endpoint(FaultClass.ACCESS))
    used = keeper.current()
    store_grant(connection_id, replace(used, access_token="signed-in"), vault)
    assert keeper.renew(used).access_token == "signed-in"


def test_threads_that_need_a_grant_at_once_renew_it_once(
    committed_mailbox_id: MailboxId, vault: Vault
) -> None:
    connection_id = make_connection(committed_mailbox_id, vault, Side.CRM)
    endpoint = Endpoint()
    start = threading.Barrier(8)

    def need() -> Grant:
        keeper = SqlGrantKeeper(connection_id, vault, endpoint)
        used = keeper.current()
        start.wait(30)
        renewed = keeper.renew(used)
        connections.close_all()
        return renewed

    with ThreadPoolExecutor(8) as threads:
        grants = [f.result() for f in [threads.submit(need) for _ in range(8)]]
    assert {g.access_token for g in grants} == {"access-2"}
    assert endpoint.used == ["refresh-1"]


def test_processes_that_need_a_grant_at_once_renew_it_once(
    committed_mailbox_id: MailboxId, database_url: str, tmp_path: Path
) -> None:
    """J02: one renewal for all who need it."""
    key, calls = Fernet.generate_key().decode(), tmp_path / "calls"
    number = make_connection(committed_mailbox_id, Vault([key]), Side.CRM)
    command = [sys.executable, "-m", "tests.store.renewing", str(number), key, calls]
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    env={**os.environ, "DATABASE_URL": database_url},
                )
            )
            for _ in range(5)
        ]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        answers = [process.communicate("now\n", timeout=60)[0] for process in processes]
    assert answers == ["renewed\n"] * 5
    assert calls.read_text() == "called\n"
