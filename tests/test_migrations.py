"""The migrations make the tables that the models describe, and keys can be changed under a living database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, Table, inspect

from academy.accounts.models import Account
from academy.kernel import crypto
from academy.kernel.crypto import Undecryptable, keyring
from academy.kernel.db import Database
from academy.progress import api as progress
from academy.progress.api import Place
from academy.web import database as tables
from academy.web.tables import metadata
from tests.builders.accounts import an_account
from tests.conftest import NOON, SECRET

PLACE = Place("contracts", "one")


@pytest.fixture
def empty_postgres(postgres_url: str) -> Iterator[Database]:
    """A database of its own on the test server, so that the migrated one stays as it is."""
    server = Database(postgres_url)
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CREATE DATABASE migrations")
    database = Database(
        server.engine.url.set(database="migrations").render_as_string(hide_password=False)
    )
    yield database
    database.engine.dispose()
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("DROP DATABASE migrations")
    server.engine.dispose()


@pytest.fixture
def empty_sqlite(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'new.sqlite'}")
    yield database
    database.engine.dispose()


@pytest.fixture(params=["empty_sqlite", "empty_postgres"])
def empty(request: pytest.FixtureRequest) -> Database:
    """A database with nothing in it, of either kind."""
    database: Database = request.getfixturevalue(request.param)
    return database


def _tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def test_upgrading_from_nothing_makes_what_the_models_describe(empty: Database) -> None:
    assert not tables.is_current(empty)
    tables.upgrade(empty)
    assert tables.is_current(empty)
    assert tables.differences(empty) == []
    assert _tables(empty) == set(metadata.tables) | {"alembic_version"}


def test_upgrading_again_changes_nothing(empty: Database) -> None:
    tables.upgrade(empty)
    account_id = an_account(empty)
    tables.upgrade(empty)
    assert tables.differences(empty) == []
    with empty.reading() as session:
        assert session.get_one(Account, account_id)


def test_everything_can_be_taken_down_and_put_up_again(empty: Database) -> None:
    tables.upgrade(empty)
    tables.downgrade(empty, "base")
    assert _tables(empty) == {"alembic_version"}
    assert not tables.is_current(empty)
    tables.upgrade(empty)
    assert tables.is_current(empty)
    assert tables.differences(empty) == []


def test_a_model_without_a_migration_is_found(empty: Database) -> None:
    tables.upgrade(empty)
    planted = Table("planted_diary", metadata, Column("id", Integer, primary_key=True))
    try:
        assert len(tables.differences(empty)) == 1
    finally:
        metadata.remove(planted)


def test_ties_between_rooms_hold_on_both_databases(empty: Database) -> None:
    tables.upgrade(empty)
    found = {
        (
            table,
            key["constrained_columns"][0],
            key["referred_table"],
            key["options"].get("ondelete"),
        )
        for table in _tables(empty)
        for key in inspect(empty.engine).get_foreign_keys(table)
    }
    expected = {
        (table.name, key.parent.name, key.column.table.name, key.ondelete)
        for table in metadata.sorted_tables
        for key in table.foreign_keys
    }
    assert found == expected


# Keys


def _texts(database: Database, account_id: int) -> list[str]:
    with database.reading() as session:
        return [
            row["text"] for row in progress.everything_about(session, account_id)["reflections"]
        ]


def _write(database: Database, account_id: int, block: str, text: str) -> None:
    with database.writing() as session:
        progress.keep_reflection(session, account_id, PLACE, block, text, now=NOON)


def test_after_a_change_of_keys_everything_is_readable_without_the_old_one(
    database: Database, encryption_key: str
) -> None:
    account_id = an_account(database)
    _write(database, account_id, "a", "옛 열쇠로 잠근 말")
    fresh = crypto.new_key()
    keyring.load([fresh, encryption_key], hash_key=SECRET)
    _write(database, account_id, "b", "새 열쇠로 잠근 말")
    with database.writing() as session:
        assert tables.rotate_keys(session) == 2
    keyring.load([fresh], hash_key=SECRET)
    assert sorted(_texts(database, account_id)) == ["새 열쇠로 잠근 말", "옛 열쇠로 잠근 말"]


def test_dropping_the_old_key_too_early_is_an_error_and_never_wrong_text(
    database: Database,
) -> None:
    account_id = an_account(database)
    _write(database, account_id, "a", "옛 열쇠로 잠근 말")
    keyring.load([crypto.new_key()], hash_key=SECRET)
    with pytest.raises(Undecryptable):
        _texts(database, account_id)
    with database.writing() as session, pytest.raises(Undecryptable):
        tables.rotate_keys(session)


def test_rotating_an_empty_database_seals_nothing(database: Database) -> None:
    with database.writing() as session:
        assert tables.rotate_keys(session) == 0
