"""One person's data across all rooms. A room that holds something about people is named here, or a test fails."""

from typing import Any

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.learning import api as learning
from academy.progress import api as progress


def everything_about(session: Session, account_id: int) -> dict[str, Any]:
    """All that is held about one person, by room, as JSON-able values."""
    return {
        "account": accounts.everything_about(session, account_id),
        "progress": progress.everything_about(session, account_id),
        "learning": learning.everything_about(session, account_id),
    }


def erase(session: Session, account_id: int) -> None:
    """Delete everything about one person, at once and for good.

    Raises:
        LastAdministrator: nobody would be left who can let others in.
    """
    learning.erase(session, account_id)
    progress.erase(session, account_id)
    accounts.erase(session, account_id)
