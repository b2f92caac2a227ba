"""The worker: periodic work and, later rooms' jobs, through huey (SQLite out of the box, PostgreSQL for a pool)."""

from datetime import datetime

from flask import Flask
from huey import Huey, PostgresHuey, SqliteHuey, crontab
from sqlalchemy.engine import make_url

from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from academy.kernel.log import log
from academy.web.settings import Settings
from academy.web.wiring import NIGHTLY

# 03:30 in Seoul, when nobody learns; huey's clock is UTC.
_NIGHT = {"hour": "18", "minute": "30"}


def make_huey(settings: Settings) -> Huey:
    """The queue that belongs to these settings' database."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "postgresql":
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        return PostgresHuey("academy", dsn=plain, utc=True)
    return SqliteHuey("academy", filename=str(settings.instance / "jobs.sqlite"), utc=True)


def run_nightly(database: Database, *, now: datetime) -> dict[str, int]:
    """Every room's nightly work, each in its own commit; how much each did."""
    done = {}
    for room, work in NIGHTLY.items():
        with database.writing() as session:
            done[room] = work(session, now)
        log.info("nightly", job=room, count=done[room])
    database.tidy()
    return done


def run_worker(app: Flask) -> None:
    """Work until a signal says stop."""
    huey = make_huey(app.config["ACADEMY"])

    def nightly() -> None:
        with app.app_context():
            run_nightly(app.extensions["academy-db"], now=utc_now())

    huey.periodic_task(crontab(**_NIGHT))(nightly)
    consumer = huey.create_consumer(workers=1, check_worker_health=True)
    consumer.run()
