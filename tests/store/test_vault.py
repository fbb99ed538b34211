"""Secrets are sealed, keys can be rotated, and a lost key is said plainly."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet

from syncline.domain.errors import ConfigurationError
from syncline.store.vault import Vault

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


def test_what_is_sealed_opens_again_and_hides_the_secret() -> None:
    sealed = Vault([OLD]).seal("tökén")
    assert "tökén".encode() not in sealed
    assert Vault([OLD]).unseal(sealed) == "tökén"
    assert Vault([OLD]).unseal(memoryview(sealed)) == "tökén"


def test_nothing_stays_nothing() -> None:
    assert Vault([OLD]).seal("") == b""
    assert Vault([OLD]).unseal(b"") == ""
    assert Vault([OLD]).rotate(b"") == b""


def test_an_older_key_still_opens() -> None:
    assert Vault([NEW, OLD]).unseal(Vault([OLD]).seal("secret")) == "secret"


def test_the_newest_key_seals() -> None:
    assert Vault([NEW]).unseal(Vault([NEW, OLD]).seal("secret")) == "secret"


def test_after_rotation_the_old_key_is_not_needed() -> None:
    rotated = Vault([NEW, OLD]).rotate(Vault([OLD]).seal("secret"))
    assert Vault([NEW]).unseal(rotated) == "secret"


def test_a_secret_under_a_lost_key_is_a_configuration_problem() -> None:
    sealed = Vault([OLD]).seal("secret")
    with pytest.raises(ConfigurationError) as caught:
        Vault([NEW]).unseal(sealed)
    assert caught.value.problem_id == "vault.key"
    assert "secret" not in str(caught.value).replace("secrets", "")


def test_a_key_that_is_none_is_a_configuration_problem() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Vault(["not-a-key"])
    assert "not-a-key" not in str(caught.value)
