"""Alembic's way into the tables of all rooms. The connection is handed over by whoever calls (`academy.web.database`)."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON

from academy.kernel.crypto import EncryptedText
from academy.kernel.db import UtcDateTime
from academy.web.tables import metadata


def _render(kind: str, item: Any, _autogenerate: Any) -> str | Literal[False]:
    """A migration says what the database holds; our types around it may move or change their names."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, EncryptedText):
        return "sa.LargeBinary()"
    return "JSON" if isinstance(item, JSON) else False


def run() -> None:
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        # SQLite cannot alter a table in place; Alembic copies it.
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=_render,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
