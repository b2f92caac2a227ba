"""What every test can ask for: a database of either kind, an application, a client, somebody signed in."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import text

from academy.kernel import crypto
from academy.kernel.crypto import keyring
from academy.kernel.db import Database
from academy.web import database as tables
from academy.web.app import create_app
from academy.web.settings import ROOT, Settings
from academy.web.tables import metadata
from tests.postgres import start_postgres

NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
"""Noon in Seoul."""

SECRET = "for tests only, long enough to be taken"

hypothesis_settings.register_profile(
    "academy",
    deadline=None,  # a machine that is busy is not a failure
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    database=None,
)
hypothesis_settings.load_profile("academy")


@pytest.fixture(scope="session")
def encryption_key() -> str:
    return crypto.new_key()


@pytest.fixture(autouse=True)
def _keys(encryption_key: str) -> None:
    keyring.load([encryption_key], hash_key=SECRET)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file that tests copy."""
    path = tmp_path_factory.mktemp("template") / "academy.sqlite"
    database = Database(f"sqlite:///{path}")
    tables.upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.engine.dispose()
    return path


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "academy.sqlite"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.engine.dispose()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL server of this test run; stopped at its end."""
    with start_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_migrated(postgres_url: str) -> Iterator[Database]:
    database = Database(postgres_url)
    tables.upgrade(database)
    yield database
    database.engine.dispose()


@pytest.fixture
def postgres_database(postgres_migrated: Database) -> Iterator[Database]:
    yield postgres_migrated
    names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
    with postgres_migrated.engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty, migrated database; every test that asks for it runs on both kinds."""
    name = "sqlite_database" if request.param == "sqlite" else "postgres_database"
    found: Database = request.getfixturevalue(name)
    return found


@pytest.fixture
def app_settings(tmp_path: Path, encryption_key: str) -> Settings:
    return Settings(
        instance=tmp_path / "instance",
        database_url="sqlite://",
        secret_key=SECRET,
        encryption_keys=(encryption_key,),
        log_level="ERROR",
        courses=ROOT / "courses",
    )


@pytest.fixture
def app(app_settings: Settings, sqlite_database: Database) -> Flask:
    """The whole application on an empty SQLite database."""
    app = create_app(app_settings, database=sqlite_database)
    app.config["TESTING"] = True
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
