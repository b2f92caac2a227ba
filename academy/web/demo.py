"""Accounts for looking around: a learner, a mentor, an author and an administrator."""

from datetime import datetime

from academy.accounts import api as accounts
from academy.accounts.api import Role
from academy.kernel.db import Database

PASSWORD = "솔방울 우산 등불"  # noqa: S105  printed on purpose, for a machine nobody else reaches

PEOPLE = (
    ("보리밭 산책", (Role.LEARNER,), "학습자"),
    ("든든한 등불", (Role.MENTOR,), "멘토"),
    ("또렷한 연필", (Role.AUTHOR, Role.REVIEWER), "글쓴이"),
    ("너른 마당", (Role.ADMINISTRATOR, Role.COORDINATOR), "관리자"),
)


def make_demo(database: Database, *, now: datetime) -> list[str]:
    """Create the accounts that are missing; lines that say how to sign in. Running it again changes nothing."""
    lines = []
    made = False
    for nickname, roles, label in PEOPLE:
        with database.reading() as session:
            exists = accounts.account_id_by_nickname(session, nickname) is not None
        if not exists:
            hashed = accounts.hash_password(PASSWORD)
            with database.writing() as session:
                accounts.add_account(
                    session, nickname=nickname, password_hash=hashed, roles=roles, language="ko"
                )
            made = True
        lines.append(f"{label}: 별명 ‘{nickname}’ · 비밀번호 ‘{PASSWORD}’")
    if not made:
        # A code is shown once and not kept: the one of the first time cannot be shown again.
        return [*lines, "새로 들어와 보려면: academy invite로 초대 코드를 만들어 주세요."]
    with database.writing() as session:
        code = accounts.invite(session, roles=[Role.LEARNER], places=1, days=14, by=None, now=now)
    lines.append(f"새로 들어와 보려면: 초대 코드 {code} (14일 동안 한 사람)")
    return lines
