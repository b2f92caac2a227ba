"""A learner in front of the sample course."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.accounts.api import Person
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from academy.progress import api as progress
from academy.progress.api import LessonProgress
from academy.web.app import create_app
from academy.web.settings import ROOT, Settings
from tests.builders.accounts import signed_in
from tests.builders.catalog import EVERY_KIND, published_folder
from tests.builders.pages import Form, Page
from tests.conftest import NOON, SECRET

SHIPPED = ROOT / "courses" / "digital-hygiene"


@dataclass
class Learner:
    """Somebody with a browser that runs no script."""

    client: FlaskClient
    database: Database
    person: Person

    def open(self, path: str) -> Page:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return Page(answer.text)

    def question(self, course: str, lesson: str, block: str) -> Form:
        page = self.open(f"/learning/courses/{course}/{lesson}")
        return page.form(f"/learning/courses/{course}/{lesson}/answer/{block}")

    def progress(self, course: str, lesson: str) -> LessonProgress:
        with self.database.reading() as session:
            return progress.lesson_progress(session, self.person.account_id, course, lesson)


@pytest.fixture(scope="session")
def stocked(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the sample and a course as it ships, published once for all tests."""
    folder = tmp_path_factory.mktemp("stocked")
    path = folder / "academy.sqlite"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    for course in (EVERY_KIND, SHIPPED):
        published_folder(database, course, folder=folder / "media", now=NOON)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.engine.dispose()
    return path


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, encryption_key: str) -> Flask:
    """One application for all tests of this room: reading its templates takes longer than a test."""
    settings = Settings(
        instance=tmp_path_factory.mktemp("house"),
        database_url="sqlite://",
        secret_key=SECRET,
        encryption_keys=(encryption_key,),
        log_level="ERROR",
    )
    app = create_app(settings)
    app.config["TESTING"] = True
    return app


@pytest.fixture
def learner(house: Flask, stocked: Path, tmp_path: Path) -> Iterator[Learner]:
    """Somebody new, with both courses to take."""
    path = tmp_path / "stocked.sqlite"
    shutil.copy(stocked, path)
    database = Database(f"sqlite:///{path}")
    house.extensions["academy-db"] = database
    client = house.test_client()
    yield Learner(client, database, signed_in(client, database, now=utc_now()))
    database.engine.dispose()


@pytest.fixture
def any_app(house: Flask, database: Database) -> Flask:
    """The application on either kind of database."""
    house.extensions["academy-db"] = database
    return house


@pytest.fixture
def any_learner(any_app: Flask, database: Database) -> Learner:
    client = any_app.test_client()
    return Learner(client, database, signed_in(client, database, now=utc_now()))
