"""What somebody sees, takes along and erases of themselves."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.accounts.api import Role
from academy.accounts.models import Account
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from tests.builders.accounts import PASSWORD, an_account, signed_in


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
