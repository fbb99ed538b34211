"""Make the database ready for use: server, database, tables."""

from __future__ import annotations

import atexit
import os
from pathlib import Path

import django
import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from syncline.domain.errors import ConfigurationError
from syncline.store import embedded

#: Of all installations, so that two processes never migrate at the same time.
_MIGRATION_LOCK = 5_915_587_277
_OLDEST_VERSION = 140_000
_HINT = "Check DATABASE_URL; without it Syncline runs a PostgreSQL of its own."


def prepare() -> None:
    """Start what has to be started and bring the tables up to date.

    Every process calls this before it touches the store. Quick when nothing is
    to be done. Afterwards `DATABASE_URL` names the database.

    Raises:
        ConfigurationError: The database cannot be used, with what to do.
    """
    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "syncline.conf.settings")
        try:
            django.setup()
        except psycopg.ProgrammingError as error:
            raise ConfigurationError(
                "database.url", "DATABASE_URL is no address of a PostgreSQL.", _HINT
            ) from error
    if settings.EMBEDDED_HOME is not None:
        server = embedded_server()
        embedded.start(server)
        # For drivers that know nothing of Django, here and in our children.
        os.environ["DATABASE_URL"] = server.address()
    atexit.register(close_connections)
    check_server()
    migrate()


def embedded_server() -> embedded.Server:
    """The server of this installation's data folder."""
    folder = settings.EMBEDDED_HOME
    if folder is None:
        raise RuntimeError("DATABASE_URL names the database of this installation")
    return embedded.Server(
        folder=folder, socket=Path(settings.DATABASES["default"]["HOST"])
    )


def check_server() -> None:
    """Refuse a server that cannot be reached or is too old.

    Raises:
        ConfigurationError: With what to do.
    """
    wrapper = _postgres(connections["default"])
    # Not from the pool, which waits and tries again for half a minute.
    where = {**wrapper.get_connection_params(), "connect_timeout": 5}
    try:
        with psycopg.connect(**where) as probe:
            version = probe.info.server_version
    except psycopg.OperationalError as error:
        reason = (str(error).strip() or "no answer").splitlines()[0]
        raise ConfigurationError(
            "database.unreachable", f"The database cannot be reached: {reason}.", _HINT
        ) from error
    if version < _OLDEST_VERSION:
        raise ConfigurationError(
            "database.too-old",
            f"The database is PostgreSQL {version // 10_000}; 14 is the oldest "
            "that works.",
            _HINT,
        )


def migrate() -> None:
    """Bring the tables up to date; harmless in several processes at once."""
    if not _is_behind():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATION_LOCK])
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATION_LOCK])


def _is_behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def close_connections() -> None:
    """Give back all of this process's connections, pools included."""
    connections.close_all()
    for each in connections.all(initialized_only=True):
        _postgres(each).close_pool()


def _postgres(wrapper: object) -> DatabaseWrapper:
    assert isinstance(wrapper, DatabaseWrapper), "only PostgreSQL is supported"
    return wrapper
