"""The data folder, and the secrets that are made in it once.

`SYNCLINE_HOME` names it; otherwise it lies in the user's data directory. Two
folders are two installations that do not know of each other.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet

#: Longest path of a socket that every system takes (sun_path of macOS, less 1).
_LONGEST_SOCKET_PATH = 103


class UnusableHomeError(Exception):
    """The data folder cannot be made; the text says what to do."""


def home() -> Path:
    """The data folder; made when it does not exist, readable by its owner only."""
    named = os.environ.get("SYNCLINE_HOME")
    folder = Path(named).expanduser() if named else _default_home()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise UnusableHomeError(
            f"The data folder {folder} cannot be used ({error.strerror}). "
            "Set SYNCLINE_HOME to another one."
        ) from error
    return folder.resolve()


def _default_home() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "syncline"
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "syncline"


def socket_folder(folder: Path) -> Path:
    """Where the embedded PostgreSQL of a data folder puts its socket.

    Inside the cluster, unless that path is too long for a socket.
    """
    inside = folder / "postgres"
    if len(os.fsencode(inside / ".s.PGSQL.5432")) <= _LONGEST_SOCKET_PATH:
        return inside
    digest = hashlib.sha256(os.fsencode(inside)).hexdigest()[:16]
    return Path("/tmp") / f"syncline-{digest}"


def secret_key() -> str:
    """The key that signs sessions; `SYNCLINE_SECRET_KEY` overrides the file."""
    return os.environ.get("SYNCLINE_SECRET_KEY") or _kept_secret(
        "secret-key", lambda: secrets.token_urlsafe(50)
    )


def vault_keys() -> list[str]:
    """Keys that encrypt grants, newest first.

    `SYNCLINE_VAULT_KEYS` (separated by commas) overrides the file, which holds
    one key a line.
    """
    named = os.environ.get("SYNCLINE_VAULT_KEYS")
    text = named or _kept_secret("vault-keys", lambda: Fernet.generate_key().decode())
    return [key.strip() for key in text.replace("\n", ",").split(",") if key.strip()]


def _kept_secret(name: str, make: Callable[[], str]) -> str:
    """Read a secret; the first of several processes makes it, whole or not at all."""
    path = home() / name
    if not path.exists():
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{name}-")
        with os.fdopen(handle, "w") as file:
            file.write(make() + "\n")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return path.read_text().strip()
