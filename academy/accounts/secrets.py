"""Passwords, tokens and codes: how they are made, hashed and compared.

Passwords: argon2id with the parameters OWASP gives for servers short of memory (19 MiB, 2 passes, 1 lane), at most two
at a time in one process, so that a storm of sign-ins cannot take the machine's memory. Tokens and codes are long random
values; `keyring.fingerprint` is enough for them.
"""

import secrets
from base64 import b64encode
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from academy.accounts.rules import typed_on_latin_keys

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_turns = BoundedSemaphore(2)

# No letters or digits that are mistaken for others when read from paper: 0 O 1 I L.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_GROUPS, CODE_GROUP_LENGTH = 3, 4

# What a wrong nickname is compared with, so that it takes as long as a wrong password.
# Put together rather than made: making one would hold every start up for as long as a sign-in.
_NOBODYS_HASH = "$argon2id$v=19$m={m},t={t},p={p}${salt}${hash}".format(
    m=_hasher.memory_cost,
    t=_hasher.time_cost,
    p=_hasher.parallelism,
    salt=b64encode(secrets.token_bytes(_hasher.salt_len)).decode().rstrip("="),
    hash=b64encode(secrets.token_bytes(_hasher.hash_len)).decode().rstrip("="),
)


def _as_keys(password: str) -> str:
    """The keys that are pressed for a password.

    A telephone takes Hangul in a hidden field, many computers switch it to Latin: the same person presses the same keys and sends
    솔방울 from one and thfqkddnf from the other. Both are the same password; composed and decomposed Hangul are too.
    """
    return typed_on_latin_keys(password)


def hash_password(password: str) -> str:
    with _turns:
        return _hasher.hash(_as_keys(password))


def password_fits(password: str, hashed: str | None) -> bool:
    """Whether `password` is the one behind `hashed`; with None the same work is done and the answer is no."""
    with _turns:
        try:
            _hasher.verify(hashed or _NOBODYS_HASH, _as_keys(password))
        except (VerificationError, InvalidHashError):
            return False
    return hashed is not None


def new_token() -> str:
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """A code to type from paper: three groups of four, 59 bits."""
    groups = (
        "".join(secrets.choice(_ALPHABET) for _ in range(CODE_GROUP_LENGTH))
        for _ in range(CODE_GROUPS)
    )
    return "-".join(groups)


def clean_code(typed: str) -> str:
    """The code as it was meant: case, spaces and hyphens do not count."""
    return "".join(char for char in typed.upper() if char.isalnum())
