"""Make the database ready: server, Django, tables. Quick when nothing is to do."""

from __future__ import annotations

import os

from syncline.conf.home import home
from syncline.domain.errors import ConfigurationError
from syncline.store import embedded

OLDEST_SERVER = 140000

#: Any number; whoever holds this lock migrates.
_MIGRATION_LOCK = 7_315_001


def prepare() -> None:
    """Connect to the database and bring its tables up to date.

    Raises:
        ConfigurationError: The database cannot be used; the text says why.
    """
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = embedded.start(home())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "syncline.conf.settings")
    import django  # noqa: PLC0415  # reads DATABASE_URL

    django.setup()
    _check_server()
    _migrate()


def _check_server() -> None:
    from django.db import connection  # noqa: PLC0415  # needs the settings
    from django.db.utils import OperationalError  # noqa: PLC0415

    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise ConfigurationError(
            "database.unreachable",
            f"The database of DATABASE_URL cannot be reached ({reason}).",
            "Start it or correct DATABASE_URL.",
        ) from error
    raw = connection.connection
    assert raw is not None
    version = raw.info.server_version
    if version < OLDEST_SERVER:
        raise ConfigurationError(
            "database.version",
            f"The database is PostgreSQL {version // 10000}.",
            "Syncline needs PostgreSQL 14 or newer.",
        )


def _migrate() -> None:
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATION_LOCK])
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATION_LOCK])
