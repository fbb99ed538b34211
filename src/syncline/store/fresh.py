"""A database that begins empty, beside whatever else the server keeps."""

from __future__ import annotations

import os
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from syncline.conf.home import home, socket_folder
from syncline.domain.errors import ConfigurationError
from syncline.store import embedded


def fresh_database(name: str) -> str:
    """Drop and create a database; answers its URL.

    Raises:
        ConfigurationError: It is in use, or the server does not allow it.
    """
    server = os.environ.get("DATABASE_URL") or _embedded_address()
    quoted = sql.Identifier(name)
    try:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(quoted))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(quoted))
    except psycopg.errors.ObjectInUse as error:
        raise ConfigurationError(
            "database.in_use",
            f"The database {name} is in use by another demo.",
            "Stop that one first, or name another SYNCLINE_HOME.",
        ) from error
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise ConfigurationError(
            "database.fresh",
            f"The database {name} cannot be made ({reason}).",
            "Check DATABASE_URL; its user must be allowed to create databases.",
        ) from error
    parts = urlsplit(server)
    return urlunsplit(parts._replace(path=f"/{name}"))


def _embedded_address() -> str:
    folder = home()
    server = embedded.Server(folder=folder, socket=socket_folder(folder))
    embedded.start(server)
    return server.address("postgres")
