"""The database: typed tables, one session a request for reading, one commit at the edge for writing.

SQLite runs in WAL mode with full synchronisation (an answer that was confirmed survives a power cut); a writing transaction
opens with BEGIN IMMEDIATE, so it waits for its turn instead of failing half-way. PostgreSQL is used through psycopg 3.
"""

import enum
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import current_app, g
from sqlalchemy import JSON, Connection, DateTime, Engine, MetaData, String, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import StaticPool
from sqlalchemy.types import TypeDecorator

JsonType = JSON().with_variant(JSONB(), "postgresql")


class Privacy(enum.StrEnum):
    """What a column tells about a person. Every column of every table names its class."""

    NONE = "none"
    PSEUDONYM = "pseudonym"
    PERSONAL = "personal"
    SECRET = "secret"  # noqa: S105  the name of a class of data


NONE: dict[str, Any] = {"privacy": Privacy.NONE}
"""Says nothing about a person."""
PSEUDONYM: dict[str, Any] = {"privacy": Privacy.PSEUDONYM}
"""Belongs to a person known here by a nickname only."""
PERSONAL: dict[str, Any] = {"privacy": Privacy.PERSONAL}
"""Written by or about a person; encrypted at rest unless the room says why not."""
SECRET: dict[str, Any] = {"privacy": Privacy.SECRET}
"""Lets somebody in: hashes of passwords, codes and tokens."""


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in UTC, on SQLite too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            message = "times need a time zone"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  read once by the base class
        datetime: UtcDateTime,
        dict[str, Any]: JsonType,
        list[str]: JsonType,
        str: String(),
    }


_PATIENCE = 10_000
"""How long a writer waits for its turn, in milliseconds."""


def _on_sqlite(engine: Engine) -> None:
    """Let SQLAlchemy, not the driver, begin transactions; set what a connection needs."""

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        # What was erased is overwritten, not only forgotten; some builds of SQLite leave it in free pages.
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writing", False):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            return
        # Every page begins one; it takes no lock and cannot fail, so it goes straight to the driver.
        connection.connection.cursor().execute("BEGIN")


def make_engine(url: str) -> Engine:
    """An engine for `url` (`sqlite:///…` or `postgresql+psycopg://…`)."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        in_memory = parsed.database in {None, "", ":memory:"}
        engine = (
            create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
            if in_memory
            else create_engine(url, pool_size=16, max_overflow=16)
        )
        _on_sqlite(engine)
        return engine
    return create_engine(url, pool_size=8, max_overflow=24, pool_pre_ping=True)


def insert_for(dialect: str, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, for the kind of database with this name."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def insert_on(session: Session, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, for the database the session speaks to."""
    return insert_for(session.get_bind().dialect.name, table)


class Database:
    """An engine and its two ways in."""

    def __init__(self, url: str, *, engine: Engine | None = None) -> None:
        self.engine = engine or make_engine(url)
        self._read = sessionmaker(self.engine, autoflush=False)
        self._write = sessionmaker(self.engine.execution_options(writing=True))

    def reading(self) -> Session:
        return self._read()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that commits when the block ends and rolls back when it raises."""
        with self._write.begin() as session:
            yield session

    def tidy(self) -> None:
        """Empty SQLite's write-ahead log, which keeps what was erased until it is written over. Others are not waited for."""
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA busy_timeout = 0")
                try:
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                finally:
                    connection.exec_driver_sql(f"PRAGMA busy_timeout = {_PATIENCE}")


def database() -> Database:
    """The database of the current application."""
    return current_app.extensions["academy-db"]  # type: ignore[no-any-return]


def reading() -> Session:
    """The request's session for reading; it is closed with the request."""
    session: Session | None = g.get("reading")
    if session is None:
        session = g.reading = database().reading()
    return session


def stop_reading() -> None:
    session: Session | None = g.pop("reading", None)
    if session is not None:
        session.close()


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """One change: everything in the block is committed together, or nothing is.

    The request's reading session gives its connection back first, so a request never holds two.
    """
    stop_reading()
    with database().writing() as session:
        yield session
