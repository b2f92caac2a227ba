"""What somebody sees, takes along and erases of themselves."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import Role
from academy.accounts.models import Account
from academy.catalog.search import lexicon
from academy.document import model
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from academy.learning.models import KeptWord
from academy.privacy import service
from academy.progress.models import Attempt, LessonState, Reflection
from academy.web.worker import run_nightly
from tests.builders.accounts import PASSWORD, an_account, signed_in
from tests.builders.catalog import EVERY_KIND, published_folder


def _people(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Account.nickname).order_by(Account.id)))


def test_everything_held_is_taken_along_as_a_file(
    client: FlaskClient, sqlite_database: Database
) -> None:
    signed_in(client, sqlite_database, "맑은 나무", now=utc_now())
    response = client.get("/privacy/download")
    held = json.loads(response.data)
    assert set(held) == {"account", "learning", "progress"}
    assert held["account"]["nickname"] == "맑은 나무"
    assert response.headers["Content-Disposition"] == "attachment; filename=data.json"
    assert "argon2" not in response.text


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        ({}, 422, "아래 칸에 표시해"),
        ({"sure": "yes"}, 422, "아무것도 지우지 않았"),
        ({"sure": "yes", "password": "틀린 것"}, 422, "아무것도 지우지 않았"),
        ({"password": PASSWORD}, 422, "아래 칸에 표시해"),
    ],
)
def test_nothing_is_erased_without_the_mark_and_the_password(
    client: FlaskClient, sqlite_database: Database, data: dict[str, str], status: int, said: str
) -> None:
    signed_in(client, sqlite_database, "맑은 나무", now=utc_now())
    response = client.post("/privacy/erase", data=data)
    assert response.status_code == status
    assert said in response.text
    assert _people(sqlite_database) == ["맑은 나무"]


def test_erasing_removes_the_account_and_empties_the_browser(
    app: Flask, sqlite_database: Database
) -> None:
    an_account(sqlite_database, "푸른 연필")
    client = app.test_client()
    signed_in(client, sqlite_database, "맑은 나무", now=utc_now())
    response = client.post("/privacy/erase", data={"sure": "yes", "password": PASSWORD})
    assert (response.status_code, response.headers["Location"]) == (303, "/privacy/erased")
    assert response.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert client.get("/privacy/erased").status_code == 200
    assert _people(sqlite_database) == ["푸른 연필"]
    assert client.get("/accounts/mine").status_code == 302


def test_the_password_cannot_be_guessed_here_either(
    client: FlaskClient, sqlite_database: Database
) -> None:
    signed_in(client, sqlite_database, "맑은 나무", now=utc_now())
    statuses = [
        client.post("/privacy/erase", data={"sure": "yes", "password": "틀린 것"}).status_code
        for _turn in range(22)
    ]
    # Ten in a quarter of an hour; the quarter may turn once while this runs.
    assert 429 in statuses
    assert _people(sqlite_database) == ["맑은 나무"]


def test_the_last_administrator_is_told_what_to_do_first(
    client: FlaskClient, sqlite_database: Database
) -> None:
    signed_in(client, sqlite_database, "너른 마당", Role.ADMINISTRATOR, now=utc_now())
    response = client.post("/privacy/erase", data={"sure": "yes", "password": PASSWORD})
    assert response.status_code == 409
    assert "마지막 관리자는 지울 수 없" in response.text
    assert _people(sqlite_database) == ["너른 마당"]


@pytest.mark.parametrize("part", [{}, {"X-Part": "1"}])
@pytest.mark.parametrize("what", ["answer", "seen", "note", "bookmark", "word"])
def test_what_another_tab_sends_while_the_account_is_erased_leaves_nothing(
    client: FlaskClient,
    sqlite_database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    part: dict[str, str],
    what: str,
) -> None:
    course = published_folder(sqlite_database, EVERY_KIND, folder=tmp_path, now=utc_now())
    lesson, question = next(
        (lesson, block)
        for lesson in course.lessons()
        for block in lesson.blocks
        if isinstance(block, model.Choice)
    )
    person = signed_in(client, sqlite_database, "맑은 나무", now=utc_now())
    at = f"/learning/courses/{course.key}/{lesson.key}"
    path, data = {
        "answer": (f"{at}/answer/{question.key}", {"answer": question.options[0].key}),
        "seen": (f"{at}/seen", {"block": question.key}),
        "note": (f"{at}/note", {"note": "글"}),
        "bookmark": (f"{at}/bookmark/{question.key}", {"on": "yes"}),
        "word": (f"/learning/words/{lexicon().words[0].id}", {}),
    }[what]
    begun = Database.writing

    @contextmanager
    def erased_meanwhile(self: Database) -> Iterator[Session]:
        with begun(self) as other:
            service.erase(other, person.account_id)
        with begun(self) as session:
            yield session

    monkeypatch.setattr(Database, "writing", erased_meanwhile)
    response = client.post(path, data=data, headers=part)
    monkeypatch.undo()
    assert response.status_code == 401
    assert "로그인이 풀렸어요" in response.text
    assert "맑은 나무" not in response.text
    with sqlite_database.reading() as session:
        for table in (LessonState, Attempt, Reflection, KeptWord):
            assert session.scalars(select(table)).all() == []


def test_after_the_night_no_file_of_the_database_holds_a_trace_of_who_was_erased(
    client: FlaskClient, sqlite_database: Database
) -> None:
    an_account(sqlite_database, "푸른 연필")
    person = signed_in(client, sqlite_database, "맑은 나무", now=utc_now())
    name = sqlite_database.engine.url.database
    assert name is not None
    files = [Path(name), Path(f"{name}-wal")]
    trace = person.public_id.encode()
    assert any(trace in path.read_bytes() for path in files)
    client.post("/privacy/erase", data={"sure": "yes", "password": PASSWORD})
    run_nightly(sqlite_database, now=utc_now())
    assert not any(trace in path.read_bytes() for path in files if path.exists())
