"""Bringing a database to the tables of this version."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, LargeBinary, literal, select, type_coerce, update
from sqlalchemy.orm import Session

from academy.kernel.crypto import EncryptedText, keyring
from academy.kernel.db import Database
from academy.web.tables import metadata

_FOLDER = Path(__file__).resolve().parents[1] / "migrations"


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Create or migrate the tables."""
    with database.engine.execution_options(writing=True).begin() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(database: Database, revision: str) -> None:
    with database.engine.execution_options(writing=True).begin() as connection:
        command.downgrade(_config(connection), revision)


def is_current(database: Database) -> bool:
    """Whether the database has the tables of this version."""
    with database.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    return found == ScriptDirectory.from_config(_config()).get_current_head()


def differences(database: Database) -> list[object]:
    """What the models say and the migrated tables do not; empty when they agree."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def new_revision(database: Database, message: str) -> None:
    """Write a migration for what the models say and the tables do not."""
    with database.engine.begin() as connection:
        command.revision(_config(connection), message=message, autogenerate=True)


def rotate_keys(session: Session) -> int:
    """Seal every encrypted value with the newest key; how many."""
    count = 0
    for table in metadata.sorted_tables:
        sealed = [column for column in table.columns if isinstance(column.type, EncryptedText)]
        keys = list(table.primary_key.columns)
        for column in sealed:
            raw = type_coerce(column, LargeBinary)
            for row in session.execute(
                select(*keys, raw.label("sealed")).where(column.is_not(None))
            ).all():
                where = [key == value for key, value in zip(keys, row, strict=False)]
                fresh = keyring.rotate(bytes(row.sealed))
                session.execute(
                    update(table)
                    .where(*where)
                    .values({column.name: type_coerce(literal(fresh, LargeBinary), LargeBinary)})
                )
                count += 1
    return count
