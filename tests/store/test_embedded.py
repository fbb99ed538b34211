"""The embedded server: shared by a folder's processes, stopped by the last."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from syncline.conf.home import socket_folder
from syncline.domain.errors import ConfigurationError
from syncline.store import embedded, postgres_programs
from syncline.store.processes import is_alive


class User:
    """A process that uses the server of a data folder."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._process = stack.enter_context(
            subprocess.Popen(
                [
                    sys.executable,
                    "-W",
                    "error",
                    "-m",
                    "tests.store.server_user",
                    folder,
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        stack.callback(self._process.kill)

    @property
    def server_process(self) -> int:
        """The server's process id, once it can be used."""
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())

    def leave(self) -> None:
        """End as a process should."""
        self._process.communicate(timeout=60)
        assert self._process.returncode == 0

    def die(self) -> None:
        """End without a chance to tidy up."""
        self._process.kill()
        self._process.wait(60)


@pytest.fixture
def users() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture(scope="module")
def used_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose cluster is made already."""
    folder = tmp_path_factory.mktemp("home")
    server = server_of(folder)
    embedded.start(server, durable=False)
    embedded.stop(server)
    return folder


@pytest.fixture
def folder(used_folder: Path, tmp_path: Path) -> Path:
    """A data folder of one's own, quick to start."""
    cluster = shutil.copytree(used_folder / "postgres", tmp_path / "postgres")
    cluster.chmod(0o700)
    owner = (used_folder / "postgres").stat()
    for path in (cluster, *cluster.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid)
    return tmp_path


def server_of(folder: Path) -> embedded.Server:
    return embedded.Server(folder=folder, socket=socket_folder(folder))


def test_the_last_process_to_leave_stops_the_server(
    folder: Path, users: ExitStack
) -> None:
    starter, second = User(folder, users), User(folder, users)
    process_id = starter.server_process
    assert second.server_process == process_id, "it joins the running one"
    starter.leave()
    assert is_alive(process_id)
    second.leave()
    assert not is_alive(process_id)


def test_a_killed_process_does_not_keep_the_server_up(
    folder: Path, users: ExitStack
) -> None:
    starter = User(folder, users)
    process_id = starter.server_process
    starter.die()
    assert is_alive(process_id)
    second = User(folder, users)
    assert second.server_process == process_id
    second.leave()
    assert not is_alive(process_id)


def test_a_server_that_was_killed_is_started_again(
    folder: Path, users: ExitStack
) -> None:
    starter = User(folder, users)
    process_id = starter.server_process
    with psycopg.connect(server_of(folder).address(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(process_id, signal.SIGKILL)
    starter.die()
    server = server_of(folder)
    embedded.start(server, durable=False)
    with psycopg.connect(server.address()) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    embedded.stop(server)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_strangers_process_id_does_not_keep_it_from_starting(folder: Path) -> None:
    server = server_of(folder)
    stale = server.cluster / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{server.cluster}\n1\n5432\n\n\n1 1\nready\n")
    embedded.start(server, durable=False)
    assert str(os.getpid()) not in stale.read_text().split()[0:1]
    embedded.stop(server)


def test_two_folders_do_not_disturb_each_other(folder: Path, used_folder: Path) -> None:
    ours, theirs = server_of(folder), server_of(used_folder)
    embedded.start(ours, durable=False)
    embedded.start(theirs, durable=False)
    with psycopg.connect(ours.address(), autocommit=True) as connection:
        connection.execute("CREATE TABLE ours (id int)")
    with psycopg.connect(theirs.address()) as connection:
        found = connection.execute("SELECT to_regclass('ours')").fetchone()
    assert found == (None,)
    embedded.stop(ours)
    with psycopg.connect(theirs.address()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    embedded.stop(theirs)


def test_a_long_or_odd_path_is_no_obstacle(used_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / ("a, 'long' path " + "é" * 60)
    folder.mkdir()
    server = server_of(folder)
    assert server.socket != server.cluster
    embedded.start(server, durable=False)
    with psycopg.connect(server.address()) as connection:
        version = connection.info.server_version
    embedded.stop(server)
    shutil.rmtree(server.socket)
    assert version >= 180000


def test_only_its_owner_reaches_the_server(folder: Path) -> None:
    server = server_of(folder)
    embedded.start(server, durable=False)
    with psycopg.connect(server.address()) as connection:
        row = connection.execute("SHOW listen_addresses").fetchone()
    assert row == ("",), "no network"
    assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700
    embedded.stop(server)


def test_a_cluster_that_was_left_half_made_is_made_anew(tmp_path: Path) -> None:
    draft = tmp_path / "postgres.draft"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18")
    server = server_of(tmp_path)
    embedded.start(server, durable=False)
    with psycopg.connect(server.address()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    embedded.stop(server)
    assert not draft.exists()


def test_stopping_what_was_not_started_is_harmless(tmp_path: Path) -> None:
    embedded.stop(server_of(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_program_that_fails_says_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no-such-folder") as caught:
        postgres_programs.run("pg_ctl", "-D", str(tmp_path / "no-such-folder"), "start")
    assert "DATABASE_URL" in caught.value.hint
