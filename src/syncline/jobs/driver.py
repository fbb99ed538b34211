"""PgQueuer's own connection to the database that Django uses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlencode

import asyncpg  # type: ignore[import-untyped]  # ships no types
from django.db import connection
from pgqueuer.adapters.persistence.queries import Queries

#: What a database raises that is away, restarting or cut off.
DATABASE_TROUBLE: tuple[type[Exception], ...] = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
)

#: Parameters of a connection that asyncpg understands as libpq does. Others
#: would be sent to the server as settings, which it refuses.
_UNDERSTOOD = (
    *("host", "port", "dbname", "user", "password", "passfile"),
    *("sslmode", "sslrootcert", "sslcert", "sslkey", "sslpassword", "sslcrl"),
    *("target_session_attrs", "options"),
)


@asynccontextmanager
async def queries(*, command_seconds: float | None = None) -> AsyncIterator[Queries]:
    """PgQueuer's queries over a connection that closes with the block.

    Args:
        command_seconds: How long one statement may take; without it as long
            as it needs.

    Raises:
        DATABASE_TROUBLE: The database cannot be reached.
    """
    raw = await asyncpg.connect(_address(), command_timeout=command_seconds)
    try:
        yield Queries.from_asyncpg_connection(raw)
    finally:
        # Does not wait for a server that may be gone.
        raw.terminate()


def _address() -> str:
    """Where Django's own connections go, password included; not for logs."""
    known = connection.get_connection_params()
    chosen = {name: known[name] for name in _UNDERSTOOD if known.get(name)}
    return f"postgresql://?{urlencode(chosen)}"
