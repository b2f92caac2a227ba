"""What is in the database that is measured: 24 courses, and few or many learners who have begun and answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from academy.accounts import api as accounts
from academy.accounts.api import Role
from academy.accounts.models import Account, Device
from academy.catalog import api as catalog
from academy.catalog import disk, service
from academy.catalog.api import MediaStore
from academy.catalog.service import Checked
from academy.document import model
from academy.kernel.crypto import keyring
from academy.kernel.db import Database
from academy.progress.models import Attempt, LessonState

COURSES = 24
LESSON = ("rights-at-work", "contract")
"""The lesson that is measured."""
PASSWORD = "우산 등불 솔방울 여섯"
NEWCOMERS = 64
"""Accounts beside the learners, with nothing begun: they look at the catalogue and sign in."""

_LESSONS_BEGUN = 10
_ANSWERS_A_LESSON = 2
_BATCH = 2_000


@dataclass(frozen=True)
class Question:
    block: str
    option: str


def learner_token(number: int) -> str:
    return f"learner-{number:06d}-of-the-bench"


def newcomer_token(number: int) -> str:
    return f"newcomer-{number:06d}-of-the-bench"


def newcomer_name(number: int) -> str:
    return f"새내기 {number}"


def publish_courses(database: Database, courses: Path, media: Path, *, now: datetime) -> None:
    """The courses the product ships with, and copies under other keys until there are 24."""
    folders = sorted(path for path in courses.iterdir() if (path / "course.yaml").is_file())
    checked = [service.check_folder(disk.read(path), today=now.date()) for path in folders]
    whole = [item for item in checked if item.course is not None and item.publishable]
    for number in range(COURSES):
        item = whole[number % len(whole)]
        course = item.course
        if course is None:
            continue
        if number >= len(whole):
            course = course.model_copy(
                update={"key": f"{course.key}-{number}", "prerequisites": ()}
            )
        with database.writing() as session:
            service.publish(
                session,
                Checked(course, item.media, ()),
                origin="files",
                store=MediaStore(media),
                lexicon=catalog.lexicon(),
                by=None,
                now=now,
            )


def question_of(database: Database) -> Question:
    """The first question of the measured lesson with one right answer to choose, and its right answer."""
    with database.reading() as session:
        lesson = catalog.lesson(session, *LESSON, language="ko", audiences=("learner",))
    for key, question in lesson.questions.items():
        if isinstance(question, model.Choice | model.TrueFalse):
            return Question(key, next(option.key for option in question.options if option.right))
    message = "the measured lesson has no question with options"
    raise LookupError(message)


def _lessons(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        cards = catalog.courses(session, language="ko", audiences=("learner",))
    found = [(card.key, lesson) for card in cards for lesson in card.lessons]
    return [LESSON, *(place for place in found if place != LESSON)]


def _people(first: int, last: int, *, newcomers: bool, hashed: str) -> list[dict[str, Any]]:
    return [
        {
            "public_id": f"{'n' if newcomers else 'l'}{number:021d}",
            "nickname": newcomer_name(number) if newcomers else f"배우는 이 {number}",
            "nickname_key": (newcomer_name(number) if newcomers else f"배우는 이 {number}").replace(
                " ", ""
            ),
            "password_hash": hashed,
            "roles": [Role.LEARNER.value],
            "language": "ko",
        }
        for number in range(first, last)
    ]


def _answer(now: datetime, option: str) -> dict[str, Any]:
    return {
        "verdict": "right",
        "last": "right",
        "points": 1,
        "tries": 1,
        "answer": {"fields": {"answer": [option]}, "feedback": [], "note": "", "meant": ""},
        "parts": {},
        "at": now.isoformat(),
    }


def _states(
    ids: list[int], places: list[tuple[str, str]], question: Question, now: datetime
) -> Iterator[tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
    """For a batch of learners at a time: rows of lesson states and rows of attempts."""
    for start in range(0, len(ids), _BATCH):
        states, attempts = [], []
        for account_id in ids[start : start + _BATCH]:
            mine = [
                LESSON,
                *(places[1 + (account_id * 7 + n) % (len(places) - 1)] for n in range(_LESSONS_BEGUN - 1)),
            ]  # fmt: skip
            for number, (course, lesson) in enumerate(dict.fromkeys(mine)):
                at = now - timedelta(hours=number)
                measured = (course, lesson) == LESSON
                states.append(
                    {
                        "account_id": account_id,
                        "course_key": course,
                        "lesson_key": lesson,
                        "seen": [question.block] if measured else ["start~1"],
                        "answers": {question.block: _answer(at, question.option)}
                        if measured
                        else {},
                        "bookmarks": [],
                        "last_block": question.block if measured else "start~1",
                        "started_at": at,
                        "last_at": at,
                        "completed_at": None if number < _LESSONS_BEGUN // 2 else at,
                    }
                )
                attempts += [
                    {
                        "account_id": account_id,
                        "course_key": course,
                        "lesson_key": lesson,
                        "block_key": question.block,
                        "client_id": f"seed-{account_id}-{turn}",
                        "verdict": "right",
                        "misconceptions": [],
                        "at": at,
                    }
                    for turn in range(_ANSWERS_A_LESSON)
                ]
        yield states, attempts


def add_learners(
    database: Database, first: int, last: int, *, now: datetime, newcomers: bool = False
) -> None:
    """Learners number `first` to `last` (exclusive) with a visit each; unless newcomers, with lessons begun and answers."""
    hashed = accounts.hash_password(PASSWORD)
    token = newcomer_token if newcomers else learner_token
    with database.writing() as session:
        ids: list[int] = []
        rows = _people(first, last, newcomers=newcomers, hashed=hashed)
        for start in range(0, len(rows), _BATCH):
            ids += session.scalars(
                insert(Account).returning(Account.id, sort_by_parameter_order=True),
                rows[start : start + _BATCH],
            )
        visits = [
            {
                "public_id": f"{'n' if newcomers else 'l'}{number:021d}",
                "account_id": account_id,
                "token_hash": keyring.fingerprint("device", token(number)),
                "name": "Android · Chrome",
                "shared": False,
                "acknowledged": True,
                "signed_in_at": now,
                "last_seen_at": now,
            }
            for number, account_id in zip(range(first, last), ids, strict=True)
        ]
        session.execute(insert(Device), visits)
    if newcomers:
        return
    question = question_of(database)
    for states, attempts in _states(ids, _lessons(database), question, now):
        with database.writing() as session:
            session.execute(insert(LessonState), states)
            session.execute(insert(Attempt), attempts)
