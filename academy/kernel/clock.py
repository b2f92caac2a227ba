"""The time, asked for at the edges only and handed down as `now=`."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")


def utc_now() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)
