"""The data folder and the secrets in it."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from syncline.conf import home as place


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SYNCLINE_HOME", str(tmp_path / "a" / "home"))
    monkeypatch.delenv("SYNCLINE_SECRET_KEY", raising=False)
    monkeypatch.delenv("SYNCLINE_VAULT_KEYS", raising=False)
    return tmp_path / "a" / "home"


def test_it_is_made_for_its_owner_only(folder: Path) -> None:
    assert place.home() == folder.resolve()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_without_a_name_it_lies_in_the_users_data_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SYNCLINE_HOME")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert place.home() == (tmp_path / "data" / "syncline").resolve()


@pytest.mark.parametrize("name", ["secret-key", "vault-keys"])
def test_secrets_are_made_once_and_read_by_nobody_else(folder: Path, name: str) -> None:
    read = {"secret-key": place.secret_key, "vault-keys": place.vault_keys}[name]
    first = read()
    assert first
    assert read() == first
    assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert [p.name for p in folder.iterdir()] == [name]


def test_many_at_once_agree_on_the_secret() -> None:
    with ThreadPoolExecutor(16) as threads:
        asked = [threads.submit(place.secret_key) for _ in range(16)]
        more = [threads.submit(place.vault_keys) for _ in range(16)]
        found = {f.result() for f in asked}
        keys = {tuple(f.result()) for f in more}
    assert len(found) == len(keys) == 1


def test_two_folders_have_different_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    first = place.secret_key(), place.vault_keys()
    monkeypatch.setenv("SYNCLINE_HOME", f"{place.home()}-2")
    assert place.secret_key() != first[0]
    assert place.vault_keys() != first[1]


def test_the_environment_overrides_the_files(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNCLINE_SECRET_KEY", "from-outside")
    monkeypatch.setenv("SYNCLINE_VAULT_KEYS", "new, old,")
    assert place.secret_key() == "from-outside"
    assert place.vault_keys() == ["new", "old"]
    assert not folder.exists()


def test_a_made_vault_key_is_a_fernet_key() -> None:
    [key] = place.vault_keys()
    assert Fernet(key)


def test_a_socket_lies_in_the_cluster_unless_the_path_is_too_long() -> None:
    assert place.socket_folder(Path("/srv/x")) == Path("/srv/x/postgres")
    long = Path("/srv") / ("x" * 100)
    other = Path("/srv") / ("y" * 100)
    assert len(str(place.socket_folder(long))) < 60
    assert place.socket_folder(long) != place.socket_folder(other)
