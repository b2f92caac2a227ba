"""Settings: safe defaults, secrets that are made once, bad values refused, every risk named."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from academy.kernel import crypto
from academy.web.settings import ROOT, BadSetting, Settings, from_environment, risks


def _read(tmp_path: Path, **environment: str) -> Settings:
    return from_environment({"ACADEMY_INSTANCE": str(tmp_path / "instance"), **environment})


def test_an_empty_environment_gives_settings_that_serve_this_machine_only(tmp_path: Path) -> None:
    settings = _read(tmp_path)
    assert (settings.host, settings.port, settings.debug, settings.https) == (
        "127.0.0.1",
        8000,
        False,
        False,
    )
    assert settings.database_url == f"sqlite:///{tmp_path}/instance/academy.sqlite"
    assert settings.courses == ROOT / "courses"
    assert len(settings.secret_key) >= 32
    crypto.Keyring().load(settings.encryption_keys, hash_key=settings.secret_key)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "eighty"),
        ("PORT", "-1"),
        ("PORT", "8000.5"),
        ("ACADEMY_WORKERS", "0"),
        ("ACADEMY_THREADS", "65"),
        ("ACADEMY_TRUSTED_PROXIES", "6"),
        ("ACADEMY_TRUSTED_PROXIES", "-1"),
        ("ACADEMY_DEBUG", "maybe"),
        ("ACADEMY_LOG_LEVEL", "LOUD"),
        ("ACADEMY_ENCRYPTION_KEYS", "short"),
        ("ACADEMY_PUBLIC_URL", "academy.example"),
        ("ACADEMY_PUBLIC_URL", "ftp://academy.example"),
        ("ACADEMY_EXIT_URL", "javascript:alert(1)"),
        ("ACADEMY_EXIT_URL", "https://"),
        ("ACADEMY_EXIT_URL", "https://weather.example; script-src *"),
        ("ACADEMY_DATABASE_URL", "not an address"),
        ("ACADEMY_DATABASE_URL", "mysql://host/academy"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(BadSetting) as refusal:
        _read(tmp_path, **{name: value})
    assert refusal.value.name == name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ACADEMY_ENCRYPTION_KEYS", "verysecretkey"),
        ("ACADEMY_DATABASE_URL", "verysecretkey@host"),
    ],
)
def test_a_refusal_does_not_repeat_a_secret(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSetting) as refusal:
        _read(tmp_path, **{name: value})
    assert "verysecretkey" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "on"),
    [("1", True), ("Yes", True), ("on", True), ("0", False), ("", False), ("OFF", False)],
)
def test_a_switch_is_written_in_several_ways(tmp_path: Path, text: str, *, on: bool) -> None:
    assert _read(tmp_path, ACADEMY_DEBUG=text).debug is on


def test_https_follows_from_the_public_address(tmp_path: Path) -> None:
    assert _read(tmp_path, ACADEMY_PUBLIC_URL="https://academy.example/").https
    assert (
        _read(tmp_path, ACADEMY_PUBLIC_URL="https://a.example/").public_url == "https://a.example"
    )
    assert not _read(tmp_path, ACADEMY_PUBLIC_URL="http://academy.example").https


def test_secrets_are_made_once_and_only_their_owner_can_read_them(tmp_path: Path) -> None:
    first = _read(tmp_path)
    again = _read(tmp_path)
    path = first.instance / "secrets.json"
    assert (first.secret_key, first.encryption_keys) == (again.secret_key, again.encryption_keys)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [item.name for item in path.parent.iterdir()] == ["secrets.json"]
    assert set(json.loads(path.read_text())) == {"secret_key", "encryption_keys"}


def test_secrets_of_the_environment_are_not_written_down(tmp_path: Path) -> None:
    key = crypto.new_key()
    settings = _read(tmp_path, ACADEMY_SECRET_KEY="x" * 40, ACADEMY_ENCRYPTION_KEYS=key)
    assert (settings.secret_key, settings.encryption_keys) == ("x" * 40, (key,))
    assert not settings.instance.exists()


def test_several_keys_are_taken_in_their_order(tmp_path: Path) -> None:
    fresh, old = crypto.new_key(), crypto.new_key()
    assert _read(tmp_path, ACADEMY_ENCRYPTION_KEYS=f"{fresh} {old}").encryption_keys == (fresh, old)


def test_processes_that_start_together_agree_on_the_secrets(tmp_path: Path) -> None:
    code = (
        "import sys; from academy.web.settings import from_environment as read;"
        "s = read({'ACADEMY_INSTANCE': sys.argv[1]}); print(s.secret_key, *s.encryption_keys)"
    )

    def start(_turn: int) -> str:
        return subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "instance")],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        ).stdout

    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(start, range(3)))) == 1


def test_threads_that_start_together_agree_on_the_secrets(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _turn: _read(tmp_path).secret_key, range(16)))
    assert len(found) == 1


# Risks


@pytest.fixture
def safe(tmp_path: Path) -> Settings:
    """Settings of a public server in which there is nothing to find."""
    settings = _read(
        tmp_path,
        ACADEMY_PUBLIC_URL="https://academy.example",
        ACADEMY_DATABASE_URL="postgresql+psycopg://academy@db/academy?sslmode=verify-full",
    )
    assert (settings.instance / "secrets.json").exists()
    return settings


def test_a_safe_server_has_no_risks(safe: Settings) -> None:
    assert risks(safe) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"public_url": "", "https": False}, "no-public-url"),
        ({"public_url": "http://academy.example", "https": False}, "no-https"),
        ({"debug": True}, "debug"),
        ({"log_level": "DEBUG"}, "chatty-log"),
        ({"host": "0.0.0.0"}, "open-host"),  # noqa: S104  the risk itself
        ({"host": "::"}, "open-host"),
        ({"secret_key": "short"}, "short-secret"),
        ({"database_url": "postgresql+psycopg://academy@db/academy"}, "database-without-tls"),
    ],
)
def test_each_risk_is_found_by_itself(safe: Settings, change: dict[str, object], code: str) -> None:
    assert [risk.code for risk in risks(replace(safe, **change))] == [code]  # type: ignore[arg-type]  # any field


def test_behind_a_proxy_an_open_host_is_no_risk(safe: Settings) -> None:
    assert risks(replace(safe, host="0.0.0.0", trusted_proxies=1)) == []  # noqa: S104  as in a container


@pytest.mark.parametrize("name", ["", "secrets.json", "academy.sqlite"])
def test_a_file_that_others_can_read_is_a_risk(safe: Settings, name: str) -> None:
    path = safe.instance / name
    if name == "academy.sqlite":
        path.touch(mode=0o600)
    assert risks(safe) == []
    path.chmod(0o740)
    assert [(risk.code, risk.about) for risk in risks(safe)] == [("open-file", str(path))]


def test_all_risks_are_told_at_once(safe: Settings) -> None:
    assert len(risks(replace(safe, debug=True, log_level="DEBUG", secret_key="short"))) == 3
