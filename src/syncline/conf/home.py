"""The data folder, and the secrets that are made in it once.

`SYNCLINE_HOME` names it; otherwise it lies in the user's data directory. Two
folders are two installations that do not know of each other.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet


def home() -> Path:
    """The data folder; made when it does not exist, readable by its owner only."""
    named = os.environ.get("SYNCLINE_HOME")
    folder = Path(named).expanduser() if named else _default_home()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder.resolve()


def _default_home() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "syncline"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "syncline"
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "syncline"


def secret_key() -> str:
    """The key that signs sessions; `SYNCLINE_SECRET_KEY` overrides the file."""
    return os.environ.get("SYNCLINE_SECRET_KEY") or _kept_secret(
        "secret-key", lambda: secrets.token_urlsafe(50)
    )


def vault_keys() -> list[str]:
    """Keys that encrypt grants, newest first.

    `SYNCLINE_VAULT_KEYS` (separated by commas) overrides the file.
    """
    named = os.environ.get("SYNCLINE_VAULT_KEYS")
    text = named or _kept_secret("vault-keys", lambda: Fernet.generate_key().decode())
    return [key.strip() for key in text.replace("\n", ",").split(",") if key.strip()]


def _kept_secret(name: str, make: Callable[[], str]) -> str:
    path = home() / name
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        secret = make()
        file.write(secret)
    return secret
