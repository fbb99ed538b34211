"""Preparing the database: quick, repeatable, and plain about what is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command

from syncline.store import embedded

#: Prepares as `argv[1]` and says how, as JSON.
PROGRAM = """
import json, os, time
from syncline.domain.errors import ConfigurationError
from syncline.store import setup
started = time.perf_counter()
try:
    setup.prepare()
except ConfigurationError as error:
    print(json.dumps([error.problem_id, error.problem, error.hint]))
    raise SystemExit
setup.prepare()
from syncline.store.models import MailboxRow
print(json.dumps([MailboxRow.objects.count(), os.environ["DATABASE_URL"]]))
"""


def prepare(**environment: str) -> subprocess.Popen[str]:
    inherited = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**inherited, **environment},
    )


def answer(process: subprocess.Popen[str]) -> list[object]:
    said, complaints = process.communicate(timeout=90)
    assert complaints == ""
    found: list[object] = json.loads(said)
    return found


def test_a_fresh_data_folder_is_enough(tmp_path: Path) -> None:
    with prepare(SYNCLINE_HOME=str(tmp_path)) as process:
        count, url = answer(process)
    assert count == 0
    assert str(url).startswith("postgresql://postgres@/syncline?host=")
    assert not (tmp_path / "postgres" / "postmaster.pid").exists(), "it left"


def test_processes_that_prepare_at_once_make_the_tables_once(
    database_server: embedded.Server,
) -> None:
    name = "prepared_at_once"
    admin = database_server.address("postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = database_server.address(name)
    with ExitStack() as stack:
        processes = [stack.enter_context(prepare(DATABASE_URL=url)) for _ in range(3)]
        answers = [answer(p) for p in processes]
    assert answers == [[0, url]] * 3
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name}")


def test_an_absent_server_is_said_plainly() -> None:
    with prepare(DATABASE_URL="postgresql://ada:pw-1@127.0.0.1:1/none") as process:
        problem_id, problem, hint = map(str, answer(process))
    assert problem_id == "database.unreachable"
    assert "127.0.0.1" in problem
    assert "pw-1" not in problem + hint
    assert "DATABASE_URL" in hint


@pytest.mark.django_db
def test_an_old_server_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from syncline.domain.errors import ConfigurationError
    from syncline.store import setup

    monkeypatch.setattr(setup, "_OLDEST_VERSION", 990_000)
    with pytest.raises(ConfigurationError) as caught:
        setup.check_server()
    assert caught.value.problem_id == "database.too-old"
    assert "PostgreSQL 18" in caught.value.problem


@pytest.mark.django_db
def test_nothing_is_migrated_when_nothing_is_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from syncline.store import setup

    monkeypatch.setattr(setup, "call_command", pytest.fail)
    setup.migrate()
    assert call_command("migrate", check_unapplied=True, verbosity=0) is None


def test_a_connection_that_was_lost_meanwhile_is_replaced(
    transactional_db: None,
) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    connection.close()
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() != (pid,)
