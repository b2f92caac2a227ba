"""What the accounts room does by itself."""

from datetime import datetime

from sqlalchemy.orm import Session

from academy.accounts import service


def nightly(session: Session, *, now: datetime) -> int:
    """Forget visits that ended and counts that are over; how many visits."""
    return service.forget_old_visits(session, now=now)
