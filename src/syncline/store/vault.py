"""Seals secrets before they reach a table, and opens them again.

The first key seals, all keys open, so that keys can be rotated.
"""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from syncline.domain.errors import ConfigurationError


class Vault:
    """Encrypts and decrypts with the installation's keys."""

    def __init__(self, keys: list[str]) -> None:
        """Take the keys, newest first.

        Raises:
            ConfigurationError: A key is not a Fernet key.
        """
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise ConfigurationError(
                "vault.key",
                "A vault key is not valid.",
                "Set SYNCLINE_VAULT_KEYS to Fernet keys, newest first, "
                "or remove the variable to use the data folder's own.",
            ) from error

    def seal(self, secret: str) -> bytes:
        """Encrypt; an empty secret stays empty."""
        return self._fernet.encrypt(secret.encode()) if secret else b""

    def unseal(self, sealed: bytes | memoryview) -> str:
        """Decrypt what `seal` made.

        Raises:
            ConfigurationError: None of the keys opens it.
        """
        raw = bytes(sealed)
        if not raw:
            return ""
        try:
            return self._fernet.decrypt(raw).decode()
        except InvalidToken as error:
            raise ConfigurationError(
                "vault.key",
                "A stored grant was sealed with a key that is no longer here.",
                "Put the old key back behind the new one in SYNCLINE_VAULT_KEYS.",
            ) from error

    def rotate(self, sealed: bytes | memoryview) -> bytes:
        """The same secret, sealed with the newest key."""
        raw = bytes(sealed)
        return self._fernet.rotate(raw) if raw else b""
