"""The settings of one running academy, read once from the environment.

Everything has a safe default. What must be secret is made on first use and kept in the instance folder, readable by its
owner only; that folder (database, secrets, media) can be copied away as a whole.
"""

import json
import os
import re
import secrets as random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from academy.kernel import crypto

ROOT = Path(__file__).resolve().parents[2]

# A page that nobody wonders about on a screen: the weather, from the national service.
HARMLESS_PAGE = "https://www.weather.go.kr/"


class BadSetting(Exception):
    """A variable of the environment has a value that cannot be used."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__(f"{name}={value!r}")
        self.name = name
        self.value = value


class BadInstance(Exception):
    """The instance folder cannot be made or written, or its secrets cannot be read."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


@dataclass(frozen=True)
class Settings:
    """`database_url` as SQLAlchemy writes it; `trusted_proxies` counts the reverse proxies in front."""

    instance: Path
    database_url: str
    secret_key: str
    encryption_keys: tuple[str, ...]
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 4
    public_url: str = ""
    https: bool = False
    trusted_proxies: int = 0
    exit_url: str = HARMLESS_PAGE
    log_level: str = "INFO"
    debug: bool = False
    translations: str = str(ROOT / "translations")
    courses: Path = ROOT / "courses"

    @property
    def media(self) -> Path:
        return self.instance / "media"


def _number(
    environment: Mapping[str, str], name: str, default: int, *, least: int, most: int
) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal() or not least <= int(text) <= most:
        raise BadSetting(name, text)
    return int(text)


def _switch(environment: Mapping[str, str], name: str) -> bool:
    text = environment.get(name, "").strip().lower()
    if text in {"", "0", "no", "false", "off"}:
        return False
    if text in {"1", "yes", "true", "on"}:
        return True
    raise BadSetting(name, text)


def _web_address(environment: Mapping[str, str], name: str, default: str = "") -> str:
    text = environment.get(name, "").strip()
    if text and not re.fullmatch(r"https?://[^\s/?#\\;,]+(?:[/?#]\S*)?", text):
        raise BadSetting(name, text)
    return text or default


def _checked_keys(keys: tuple[str, ...]) -> tuple[str, ...]:
    try:
        crypto.Keyring().load(keys, hash_key="")
    except ValueError as error:
        # The value itself is a secret and is not repeated.
        raise BadSetting("ACADEMY_ENCRYPTION_KEYS", "…") from error
    return keys


def _database_url(environment: Mapping[str, str], instance: Path) -> str:
    url = environment.get("ACADEMY_DATABASE_URL") or f"sqlite:///{instance / 'academy.sqlite'}"
    try:
        backend = make_url(url).get_backend_name()
    except ArgumentError as error:
        # It may hold a password.
        raise BadSetting("ACADEMY_DATABASE_URL", "…") from error
    if backend not in {"sqlite", "postgresql"}:
        raise BadSetting("ACADEMY_DATABASE_URL", f"{backend}://…")
    return url


def _kept_secrets(instance: Path) -> tuple[str, tuple[str, ...]]:
    """The secrets of this instance, made when they are missing.

    Raises:
        BadInstance: the folder cannot be used, or the file holds no secrets. It is never made anew: then sealed texts
            would be lost.
    """
    path = instance / "secrets.json"
    try:
        _make_secrets(instance, path)
        text = path.read_text("utf-8")
    except OSError as error:
        raise BadInstance(instance) from error
    try:
        kept = json.loads(text)
        secret_key, keys = kept["secret_key"], kept["encryption_keys"]
    except (ValueError, KeyError, TypeError) as error:
        raise BadInstance(path) from error
    if not isinstance(secret_key, str) or not isinstance(keys, list):
        raise BadInstance(path)
    return secret_key, tuple(map(str, keys))


def _make_secrets(instance: Path, path: Path) -> None:
    if not path.exists():
        made = {"secret_key": random.token_urlsafe(48), "encryption_keys": [crypto.new_key()]}
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Written beside and linked into place: two processes that start together agree on one file.
        draft = path.with_suffix(f".{random.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(made, file)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the environment.

    Raises:
        BadSetting: a value cannot be used.
        BadInstance: the instance folder cannot.
    """
    environment = os.environ if environment is None else environment
    instance = Path(environment.get("ACADEMY_INSTANCE") or ROOT / "instance").resolve()
    secret_key = environment.get("ACADEMY_SECRET_KEY", "")
    keys = tuple(environment.get("ACADEMY_ENCRYPTION_KEYS", "").split())
    if not (secret_key and keys):
        kept_secret, kept_keys = _kept_secrets(instance)
        secret_key, keys = secret_key or kept_secret, keys or kept_keys
    level = environment.get("ACADEMY_LOG_LEVEL", "").upper() or "INFO"
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise BadSetting("ACADEMY_LOG_LEVEL", level)
    public_url = _web_address(environment, "ACADEMY_PUBLIC_URL").rstrip("/")
    return Settings(
        instance=instance,
        database_url=_database_url(environment, instance),
        secret_key=secret_key,
        encryption_keys=_checked_keys(keys),
        host=environment.get("ACADEMY_HOST") or "127.0.0.1",
        port=_number(environment, "PORT", 8000, least=1, most=65535),
        workers=_number(environment, "ACADEMY_WORKERS", 2, least=1, most=64),
        threads=_number(environment, "ACADEMY_THREADS", 4, least=1, most=64),
        public_url=public_url,
        https=public_url.startswith("https://"),
        trusted_proxies=_number(environment, "ACADEMY_TRUSTED_PROXIES", 0, least=0, most=5),
        exit_url=_web_address(environment, "ACADEMY_EXIT_URL", HARMLESS_PAGE),
        log_level=level,
        debug=_switch(environment, "ACADEMY_DEBUG"),
        translations=environment.get("ACADEMY_TRANSLATIONS") or str(ROOT / "translations"),
        courses=Path(environment.get("ACADEMY_COURSES") or ROOT / "courses"),
    )


@dataclass(frozen=True)
class Risk:
    """Something that is unsafe on a public server: a code, and the value or file it is about."""

    code: str
    about: str


def risks(settings: Settings) -> list[Risk]:
    """Everything that is unsafe for a public server."""
    found: list[Risk] = []
    if not settings.public_url:
        found.append(Risk("no-public-url", "ACADEMY_PUBLIC_URL"))
    elif not settings.https:
        found.append(Risk("no-https", settings.public_url))
    if settings.debug:
        found.append(Risk("debug", "ACADEMY_DEBUG"))
    if settings.log_level == "DEBUG":
        found.append(Risk("chatty-log", "ACADEMY_LOG_LEVEL"))
    if settings.host not in {"127.0.0.1", "::1", "localhost"} and not settings.trusted_proxies:
        found.append(Risk("open-host", settings.host))
    if len(settings.secret_key) < 32:  # noqa: PLR2004  256 bits in base64
        found.append(Risk("short-secret", "ACADEMY_SECRET_KEY"))
    if settings.database_url.startswith("postgresql") and "sslmode=" not in settings.database_url:
        found.append(Risk("database-without-tls", "ACADEMY_DATABASE_URL"))
    kept = (
        settings.instance,
        settings.instance / "secrets.json",
        settings.instance / "academy.sqlite",
    )
    found += [
        Risk("open-file", str(path))
        for path in kept
        if path.exists() and path.stat().st_mode & 0o077
    ]
    return found
