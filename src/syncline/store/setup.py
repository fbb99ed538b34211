"""Make the database ready for use: server, database, tables."""

from __future__ import annotations

import atexit
import os
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection, connections
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
        django.setup()
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
    return embedded.Server(
        folder=Path(settings.EMBEDDED_HOME),
        socket=Path(settings.DATABASES["default"]["HOST"]),
    )


def check_server() -> None:
    """Refuse a server that cannot be reached or is too old.

    Raises:
        ConfigurationError: With what to do.
    """
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).strip().splitlines()[-1] if str(error) else "no answer"
        raise ConfigurationError(
            "database.unreachable", f"The database cannot be reached: {reason}.", _HINT
        ) from error
    version = connection.pg_version
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
        each.close_pool()
