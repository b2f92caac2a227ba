"""Text that is encrypted in the database, and the keys for it.

Fernet (AES-128-CBC with HMAC-SHA-256) from the `cryptography` package. The first key encrypts; all of them decrypt, so a
new key is put first, `rotate` is run over every encrypted column, and the old key is dropped.
"""

import hmac
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import LargeBinary
from sqlalchemy.types import TypeDecorator


class Undecryptable(Exception):
    """No key of the ring opens this value: the key file does not belong to this database."""


class Keyring:
    """The keys of this process, newest first."""

    def __init__(self) -> None:
        self._fernet: MultiFernet | None = None
        self._hash_key = b""

    def load(self, keys: Sequence[str], *, hash_key: str) -> None:
        """Take `keys` (url-safe base64, 32 bytes each), newest first, and the key for `fingerprint`.

        Raises:
            ValueError: a key does not have that form, or there is none.
        """
        if not keys:
            message = "an encryption key is needed"
            raise ValueError(message)
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._hash_key = hash_key.encode()

    def seal(self, text: str) -> bytes:
        return self._loaded().encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """Raises:
        Undecryptable: none of the keys opens it.
        """
        try:
            return self._loaded().decrypt(sealed).decode()
        except InvalidToken as wrong:
            raise Undecryptable from wrong

    def rotate(self, sealed: bytes) -> bytes:
        """The same text, sealed with the newest key.

        Raises:
            Undecryptable
        """
        try:
            return self._loaded().rotate(sealed)
        except InvalidToken as wrong:
            raise Undecryptable from wrong

    def fingerprint(self, purpose: str, text: str) -> str:
        """A keyed hash (HMAC-SHA-256, hex) by which a long random value is found again without being kept.

        Without the key nobody can try values against the database, not even short ones such as addresses.
        """
        self._loaded()
        return hmac.new(self._hash_key, f"{purpose}\0{text}".encode(), sha256).hexdigest()

    def _loaded(self) -> MultiFernet:
        if self._fernet is None:
            message = "the keyring is empty: load the keys first"
            raise RuntimeError(message)
        return self._fernet


keyring = Keyring()


def new_key() -> str:
    return Fernet.generate_key().decode()


class EncryptedText(TypeDecorator[str]):
    """Text in Python, sealed bytes in the database. Cannot be searched or compared there."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Any) -> bytes | None:
        return None if value is None else keyring.seal(value)

    def process_result_value(self, value: bytes | None, _dialect: Any) -> str | None:
        return None if value is None else keyring.open(bytes(value))
