"""Ids that may be seen: random, so that nobody can count members or walk through them.

A time-ordered id (UUIDv7) would tell when a person joined, so ids of people and what they hold are plainly random.
"""

import re
import secrets

PUBLIC_ID_LENGTH = 22

_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def new_public_id() -> str:
    """22 URL-safe characters, 128 random bits."""
    return secrets.token_urlsafe(16)


def is_client_id(text: str) -> bool:
    """Whether `text` has the form of an id made by a browser for one answer."""
    return _CLIENT_ID.fullmatch(text) is not None
