"""An installation for the tests: its own data folder, its own PostgreSQL.

Fixed before Django reads its settings. The server starts when the first test
asks for the database and is thrown away with the folder.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest

_HOME = Path(tempfile.mkdtemp(prefix="syncline-tests-"))
os.environ.pop("DATABASE_URL", None)
os.environ["SYNCLINE_HOME"] = str(_HOME)
# Processes that tests start find the code as pytest does.
_ROOT = Path(__file__).parent.parent
_PATHS = [str(_ROOT / "src"), str(_ROOT), os.environ.get("PYTHONPATH", "")]
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, _PATHS))
os.environ["DJANGO_SETTINGS_MODULE"] = "syncline.conf.settings"
# Django's test client and live_server call themselves so.
os.environ["SYNCLINE_HOSTS"] = "localhost,127.0.0.1,testserver"

# Before any test module imports models.
django.setup()

from syncline.store import embedded
from syncline.store.setup import embedded_server

_SERVER = embedded_server()

_IS_NIGHTLY = os.environ.get("SYNCLINE_NIGHTLY") == "1"


@pytest.fixture(scope="session")
def database_server() -> Iterator[embedded.Server]:
    """The PostgreSQL of the tests."""
    embedded.start(_SERVER, durable=False)
    yield _SERVER
    embedded.stop(_SERVER)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_server: embedded.Server) -> None:
    """Have the server run before pytest-django makes its databases."""


@pytest.fixture
def database_url(transactional_db: None, database_server: embedded.Server) -> str:
    """URL of the test database, for other drivers and other processes."""
    from django.db import connection

    return database_server.address(str(connection.settings_dict["NAME"]))


def pytest_report_header() -> str:
    """Say whether the long proofs run."""
    if _IS_NIGHTLY:
        return "nightly proofs: included"
    return "nightly proofs: left out; SYNCLINE_NIGHTLY=1 includes them"


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Leave out what is marked as nightly, unless it is asked for."""
    if _IS_NIGHTLY:
        return
    nightly = [item for item in items if item.get_closest_marker("nightly")]
    if nightly:
        config.hook.pytest_deselected(items=nightly)
        items[:] = [item for item in items if item not in nightly]


def pytest_unconfigure() -> None:
    """Remove the data folder."""
    embedded.stop(_SERVER)
    shutil.rmtree(_HOME, ignore_errors=True)
