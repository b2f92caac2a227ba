"""The commands of whoever runs the machine."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from academy.accounts import queries, secrets
from academy.accounts.models import Account, Device, Invitation
from academy.kernel import crypto
from academy.kernel.clock import utc_now
from academy.kernel.crypto import keyring
from academy.kernel.db import Database
from academy.progress import api as progress
from academy.progress.api import Place
from academy.web import cli as commands
from academy.web import worker
from academy.web.app import create_app
from academy.web.settings import ROOT, Settings, from_environment
from tests.builders.accounts import a_visit, an_account
from tests.conftest import NOON, SECRET

PASSWORD = "저녁마다 걷는 강가 길"


def _run(app: Flask, *words: str) -> Result:
    # The commands of the web room live on the group itself, those of the rooms on the application.
    if words[0] in commands.cli.commands:
        return app.test_cli_runner().invoke(commands.cli.commands[words[0]], list(words[1:]))
    return app.test_cli_runner().invoke(args=list(words))


@pytest.fixture
def new_app(tmp_path: Path) -> Flask:
    """An application of an instance in which nothing was made yet, with one course to publish."""
    courses = tmp_path / "courses"
    shutil.copytree(ROOT / "tests" / "courses" / "every-kind", courses / "every-kind")
    settings = from_environment(
        {
            "ACADEMY_INSTANCE": str(tmp_path / "instance"),
            "ACADEMY_LOG_LEVEL": "ERROR",
            "ACADEMY_COURSES": str(courses),
        }
    )
    return create_app(settings)


def _database(app: Flask) -> Database:
    found: Database = app.extensions["academy-db"]
    return found


def _close(app: Flask) -> None:
    _database(app).engine.dispose()


def test_init_makes_the_tables_and_closes_the_files_to_others(new_app: Flask) -> None:
    result = _run(new_app, "init", "--without-courses")
    assert result.exit_code == 0, result.output
    assert result.output.endswith("준비되었습니다.\n")
    settings: Settings = new_app.config["ACADEMY"]
    files = [settings.instance, *settings.instance.iterdir()]
    assert {path.name for path in files} >= {"academy.sqlite", "secrets.json"}
    assert [path for path in files if path.is_file() and path.stat().st_mode & 0o077] == []
    with _database(new_app).reading() as session:
        assert not queries.anybody(session)
    _close(new_app)


def test_init_a_second_time_changes_nothing(new_app: Flask) -> None:
    assert _run(new_app, "init", "--without-courses").exit_code == 0
    an_account(_database(new_app), "맑은 나무")
    assert _run(new_app, "init", "--without-courses").exit_code == 0
    with _database(new_app).reading() as session:
        assert queries.is_taken(session, "맑은 나무")
    _close(new_app)


def _rows(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Account, Invitation, Device)
        }


def test_the_demo_says_how_to_sign_in_and_a_second_time_changes_nothing(
    app: Flask, sqlite_database: Database
) -> None:
    first = _run(app, "demo")
    assert first.exit_code == 0, first.output
    before = _rows(sqlite_database)
    assert before == {"account": 4, "account_invitation": 1, "account_device": 0}
    again = _run(app, "demo")
    assert again.exit_code == 0
    assert _rows(sqlite_database) == before
    assert first.output.splitlines()[:4] == again.output.splitlines()[:4]


def test_the_people_of_the_demo_can_sign_in_and_the_code_is_good(app: Flask) -> None:
    lines = _run(app, "demo").output.splitlines()
    for line in lines[:4]:
        nickname, password = line.split("‘")[1].split("’")[0], line.split("‘")[2].split("’")[0]
        response = app.test_client().post(
            "/accounts/sign-in", data={"nickname": nickname, "password": password}
        )
        assert response.status_code == 303, line
    code = next(word for word in lines[4].split() if word.count("-") == 2)
    assert app.test_client().post("/accounts/join", data={"code": code}).status_code == 200


def test_invite_prints_a_code_that_opens(app: Flask, sqlite_database: Database) -> None:
    result = _run(
        app, "invite", "--role", "mentor", "--role", "learner", "--places", "3", "--days", "2"
    )
    assert result.exit_code == 0, result.output
    with sqlite_database.reading() as session:
        [view] = queries.invitations(session)
    assert (view.roles, view.places) == (("learner", "mentor"), 3)
    assert (
        app.test_client().post("/accounts/join", data={"code": result.output.strip()}).status_code
        == 200
    )


@pytest.mark.parametrize(
    "words",
    [("--places", "0"), ("--places", "501"), ("--days", "0"), ("--days", "366"), ("--role", "god")],
)
def test_invite_refuses_what_no_form_would_take(app: Flask, words: tuple[str, ...]) -> None:
    assert _run(app, "invite", *words).exit_code == 2


def test_a_user_is_added_and_asked_for_and_changed(app: Flask, sqlite_database: Database) -> None:
    added = _run(app, "user", "add", "맑은 나무", "--role", "author", "--password", PASSWORD)
    assert (added.exit_code, added.output) == (0, "맑은 나무: 계정을 만들었습니다.\n")
    assert _run(app, "user", "roles", "맑은나무").output == "맑은나무: author\n"
    changed = _run(app, "user", "roles", "맑은나무", "administrator", "learner")
    assert changed.output == "맑은나무: learner, administrator\n"
    with sqlite_database.reading() as session:
        known = queries.credentials(session, "맑은 나무")
    assert known is not None
    assert secrets.password_fits(PASSWORD, known.password_hash)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "나", "--password", PASSWORD), "별명은"),
        (("add", "맑은 나무", "--password", "12345678"), "비밀번호가 약합니다"),
        (("add", "이미 있음", "--password", PASSWORD), "이미 있는 별명입니다"),
        (("add", "이미있음", "--password", PASSWORD), "이미 있는 별명입니다"),
        (("roles", "아무도 아님"), "그런 별명이 없습니다"),
        (("password", "아무도 아님", "--password", PASSWORD), "그런 별명이 없습니다"),
        (("password", "이미 있음", "--password", "12345678"), "비밀번호가 약합니다"),
    ],
)
def test_a_refused_user_command_says_why_and_changes_nothing(
    app: Flask, sqlite_database: Database, words: tuple[str, ...], said: str
) -> None:
    an_account(sqlite_database, "이미 있음")
    before = _rows(sqlite_database)
    result = _run(app, "user", *words)
    assert result.exit_code == 1
    assert said in result.output
    assert _rows(sqlite_database) == before


def test_a_role_that_does_not_exist_is_refused(app: Flask, sqlite_database: Database) -> None:
    an_account(sqlite_database, "맑은 나무")
    assert _run(app, "user", "roles", "맑은 나무", "god").exit_code == 2
    assert _run(app, "user", "roles", "맑은 나무").output == "맑은 나무: learner\n"


def test_a_new_password_signs_every_device_out(app: Flask, sqlite_database: Database) -> None:
    a_visit(sqlite_database, an_account(sqlite_database, "맑은 나무"), now=utc_now())
    result = _run(app, "user", "password", "맑은 나무", "--password", PASSWORD)
    assert result.exit_code == 0
    assert _rows(sqlite_database)["account_device"] == 0


def test_check_config_tells_every_risk_in_korean_and_fails(app: Flask) -> None:
    result = _run(app, "check-config")
    assert result.exit_code == 1
    assert "ACADEMY_PUBLIC_URL이 없습니다." in result.output


def test_every_risk_has_words() -> None:
    codes = set(__import__("re").findall(r'Risk\("([a-z-]+)"', _source()))
    assert codes == set(commands.RISKS)


def _source() -> str:
    return (ROOT / "academy" / "web" / "settings.py").read_text("utf-8")


def test_check_config_finds_nothing_in_a_safe_configuration(
    app: Flask, app_settings: Settings
) -> None:
    app.config["ACADEMY"] = Settings(
        instance=app_settings.instance,
        database_url=app_settings.database_url,
        secret_key="x" * 40,
        encryption_keys=app_settings.encryption_keys,
        public_url="https://academy.example",
        https=True,
    )
    result = _run(app, "check-config")
    assert (result.exit_code, result.output) == (0, "안전하지 않은 설정을 찾지 못했습니다.\n")


def test_the_worker_does_the_nights_work_once(app: Flask, sqlite_database: Database) -> None:
    a_visit(sqlite_database, an_account(sqlite_database), now=NOON.replace(year=2020))
    a_visit(sqlite_database, an_account(sqlite_database), now=utc_now())
    result = _run(app, "worker", "--once")
    assert result.exit_code == 0, result.output
    assert "accounts: 1\n" in result.output
    assert _rows(sqlite_database)["account_device"] == 1


def test_the_worker_keeps_its_queue_beside_the_database(
    app_settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "instance").mkdir()
    assert type(worker.make_huey(app_settings)).__name__ == "SqliteHuey"
    assert (tmp_path / "instance" / "jobs.sqlite").exists()


def test_rotate_keys_says_how_much_it_sealed_again(
    app: Flask, sqlite_database: Database, encryption_key: str
) -> None:
    account_id = an_account(sqlite_database)
    with sqlite_database.writing() as session:
        progress.keep_reflection(session, account_id, Place("a", "b"), "c", "말", now=NOON)
    fresh = crypto.new_key()
    keyring.load([fresh, encryption_key], hash_key=SECRET)
    result = _run(app, "rotate-keys")
    assert (result.exit_code, result.output) == (0, "1개를 새 열쇠로 다시 잠갔습니다.\n")
    keyring.load([fresh], hash_key=SECRET)
    with sqlite_database.reading() as session:
        assert "말" in json.dumps(
            progress.everything_about(session, account_id), ensure_ascii=False
        )


def test_a_bad_setting_is_told_by_name_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORT", "eighty")
    with pytest.raises(Exception, match="PORT의 값 'eighty'"):
        commands._settings()


def test_every_command_explains_itself_in_korean(app: Flask) -> None:
    for name in (
        "init",
        "demo",
        "check-config",
        "serve",
        "worker",
        "rotate-keys",
        "invite",
        "user",
    ):
        result = _run(app, name, "--help")
        assert result.exit_code == 0, name
        assert any("가" <= char <= "힣" for char in result.output), name


def _told(tmp_path: Path, *words: str, **environment: str) -> str:
    """What the command says when it cannot go on."""
    named = {"ACADEMY_INSTANCE": str(tmp_path / "instance"), "ACADEMY_LOG_LEVEL": "ERROR"}
    result = CliRunner().invoke(commands.cli, list(words), env=named | environment)
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.output.startswith("Error: ")
    return result.output


@pytest.mark.parametrize("text", ["{not json", "[]", "{}", '{"secret_key": "x"}', "null", ""])
def test_secrets_that_cannot_be_read_are_never_made_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / "instance").mkdir()
    kept = tmp_path / "instance" / "secrets.json"
    kept.write_text(text)
    assert "secrets.json: 읽을 수 없습니다" in _told(tmp_path, "init")
    assert kept.read_text() == text


def test_an_instance_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "instance").write_text("a file")
    assert "이 폴더를 쓸 수 없습니다" in _told(tmp_path, "init")


def test_a_database_that_cannot_be_used_is_told_without_its_password(tmp_path: Path) -> None:
    url = "postgresql+psycopg://somebody:hidden-word@127.0.0.1:1/academy"
    told = _told(tmp_path, "init", ACADEMY_DATABASE_URL=url)
    assert "데이터베이스를 쓸 수 없습니다" in told
    assert "hidden-word" not in told
    (tmp_path / "instance" / "academy.sqlite").write_bytes(b"no database at all, but long enough")
    assert "데이터베이스를 쓸 수 없습니다" in _told(tmp_path, "init")


@pytest.mark.parametrize("words", [["serve"], ["demo"], ["courses", "list"], ["worker", "--once"]])
def test_what_needs_tables_asks_for_init_first(tmp_path: Path, words: list[str]) -> None:
    assert "먼저 academy init" in _told(tmp_path, *words)


@pytest.mark.parametrize("words", [["init"], ["courses", "check"], ["courses", "publish"]])
def test_a_folder_of_courses_that_is_missing_is_told(tmp_path: Path, words: list[str]) -> None:
    ready = CliRunner().invoke(
        commands.cli,
        ["init", "--without-courses"],
        env={"ACADEMY_INSTANCE": str(tmp_path / "instance")},
    )
    assert ready.exit_code == 0
    missing = str(tmp_path / "nowhere")
    assert "과정 폴더가 없습니다" in _told(tmp_path, *words, ACADEMY_COURSES=missing)


@pytest.mark.parametrize("host", ["999.1.1.1", "192.0.2.7", "no such host"])
def test_an_address_that_is_not_of_this_machine_is_told(tmp_path: Path, host: str) -> None:
    assert "이 기기의 주소가 아닙니다" in _told(tmp_path, "serve", ACADEMY_HOST=host)


def test_the_help_offers_no_other_application_and_no_debugger() -> None:
    told = CliRunner().invoke(commands.cli, ["--help"]).output
    assert "--app" not in told
    assert "--debug" not in told
    assert "--env-file" not in told
