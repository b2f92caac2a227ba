"""Transactions, times and JSON behave the same on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError

from academy.accounts.models import Account, Device, Tally
from academy.kernel.db import Database, UtcDateTime, insert_on
from tests.builders.accounts import a_visit, an_account
from tests.conftest import NOON


def test_a_block_that_raises_leaves_nothing(database: Database) -> None:
    account_id = an_account(database, "맑은 나무")

    def change() -> None:
        with database.writing() as session:
            session.get_one(Account, account_id).nickname = "다른 나무"
            session.flush()
            message = "on second thoughts"
            raise RuntimeError(message)

    with pytest.raises(RuntimeError):
        change()
    with database.reading() as session:
        assert session.get_one(Account, account_id).nickname == "맑은 나무"


def test_times_come_back_as_they_went_in_aware_and_in_utc(database: Database) -> None:
    seoul = timezone(timedelta(hours=9))
    a_visit(database, an_account(database), now=NOON.astimezone(seoul))
    with database.reading() as session:
        seen = session.scalars(select(Device.last_seen_at)).one()
    assert seen == NOON
    assert seen.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    account_id = an_account(database)
    with pytest.raises(Exception, match="times need a time zone"):
        a_visit(database, account_id, now=NOON.replace(tzinfo=None))


@given(st.datetimes(timezones=st.timezones()))
def test_any_moment_survives_the_column_type(moment: datetime) -> None:
    try:
        expected = moment.astimezone(UTC)
    except OverflowError:
        return  # before the first or after the last year of the calendar
    bound = UtcDateTime().process_bind_param(moment, sqlite.dialect())
    assert bound is not None
    assert UtcDateTime().process_result_value(bound.replace(tzinfo=None), None) == expected


def test_a_row_of_nobody_is_refused_on_sqlite_too(database: Database) -> None:
    with pytest.raises(IntegrityError):
        a_visit(database, 987_654, now=NOON)


def test_changes_made_at_once_wait_for_each_other_and_none_is_lost(database: Database) -> None:
    with database.writing() as session:
        session.execute(insert_on(session, Tally).values(bucket="b", ends_at=NOON, count=0))
    start = Barrier(4)

    def add(_turn: int) -> None:
        start.wait(timeout=30)
        for _step in range(5):
            with database.writing() as session:
                session.execute(update(Tally).values(count=Tally.count + 1))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(4)))
    with database.reading() as session:
        assert session.scalars(select(Tally.count)).one() == 20


def test_reading_goes_on_while_somebody_writes(database: Database) -> None:
    account_id = an_account(database, "맑은 나무")
    with database.writing() as writer:
        writer.get_one(Account, account_id).nickname = "다른 나무"
        writer.flush()
        with database.reading() as reader:
            assert reader.get_one(Account, account_id).nickname == "맑은 나무"


def test_sqlite_keeps_what_was_confirmed_and_holds_ties(sqlite_database: Database) -> None:
    with sqlite_database.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10000,
    }


def test_a_database_in_memory_is_one_for_all_threads() -> None:
    database = Database("sqlite://")
    with database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x INTEGER)")
    with ThreadPoolExecutor(1) as pool:
        names = pool.submit(lambda: _tables(database)).result()
    assert names == ["t"]
    database.engine.dispose()


def _tables(database: Database) -> list[str]:
    with database.engine.connect() as connection:
        return list(
            connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
            ).scalars()
        )


def test_the_folder_of_a_new_file_must_be_there(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'nowhere' / 'a.sqlite'}")
    with pytest.raises(Exception, match="unable to open"):
        database.engine.connect()
    database.engine.dispose()
