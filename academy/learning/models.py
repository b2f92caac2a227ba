"""Tables of the learning room."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import NONE, PSEUDONYM, Base


class KeptWord(Base):
    """A word that somebody put into their own list (내 낱말장)."""

    __tablename__ = "learning_kept_word"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, info=PSEUDONYM
    )
    word_id: Mapped[str] = mapped_column(primary_key=True, info=NONE)
    unused: Mapped[bool] = mapped_column(default=False, info=NONE)
    """The person marked "나는 이 말을 안 썼어요" on the northern form."""
    kept_at: Mapped[datetime] = mapped_column(info=PSEUDONYM)
