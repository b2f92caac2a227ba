"""A page costs few statements, and no more for many members, courses or attempts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, insert, select, text
from sqlalchemy.engine.cursor import CursorFetchStrategy
from werkzeug.test import TestResponse

from academy.document import model
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from academy.progress.models import Attempt, LessonState
from tests.builders.accounts import an_account, signed_in
from tests.builders.catalog import a_choice, a_course, a_lesson, a_text, published
from tests.conftest import NOON
from tests.learning.conftest import Learner

_NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")
LESSON = "/learning/courses/c1/one"


@dataclass
class Cost:
    statements: int = 0
    rows: int = 0


@contextmanager
def counted(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cost]:
    """What the block asks of the database: statements, and the rows it fetches."""
    cost = Cost()

    def statement(_connection: object, _cursor: object, sql: str, *_rest: object) -> None:
        cost.statements += not sql.lstrip().upper().startswith(_NOT_COUNTED)

    # Nothing public tells how many rows were fetched.
    with monkeypatch.context() as patch:
        for name in ("fetchall", "fetchmany", "fetchone"):
            real = getattr(CursorFetchStrategy, name)

            def fetched(
                *args: object, real: Callable[..., object] = real, **rest: object
            ) -> object:
                found = real(*args, **rest)
                cost.rows += len(found) if isinstance(found, list) else found is not None
                return found

            patch.setattr(CursorFetchStrategy, name, fetched)
        event.listen(database.engine, "before_cursor_execute", statement)
        try:
            yield cost
        finally:
            event.remove(database.engine, "before_cursor_execute", statement)


def a_shop(database: Database, folder: Path, courses: int) -> None:
    for number in range(1, courses + 1):
        lessons = [
            a_lesson(
                name,
                a_text(),
                a_choice("q"),
                a_choice("q-two"),
                model.Reflection(key="think", prompt="적어요."),
            )
            for name in ("one", "two")
        ]
        course = a_course(f"c{number}", *lessons, number=str(number), prerequisites=("c2",))
        published(database, course, folder=folder, now=NOON)


def members(database: Database, count: int) -> None:
    """Others, who have all begun the same lesson."""
    people = [an_account(database) for _ in range(count)]
    row: dict[str, object] = {
        "course_key": "c1",
        "lesson_key": "one",
        "seen": ["start~1"],
        "answers": {},
    }
    row |= {"bookmarks": [], "last_block": "", "started_at": NOON, "last_at": NOON}
    with database.writing() as session:
        session.execute(insert(LessonState), [{"account_id": id_, **row} for id_ in people])


def attempts(database: Database, account: int, count: int) -> None:
    row = {"account_id": account, "course_key": "c1", "lesson_key": "one", "block_key": "q"}
    row |= {"verdict": "wrong", "misconceptions": [], "at": NOON}
    with database.writing() as session:
        session.execute(insert(Attempt), [{**row, "client_id": f"old-{n}"} for n in range(count)])


def answer(block: str, *, part: bool = False, **fields: str) -> Callable[[Learner], TestResponse]:
    def send(learner: Learner) -> TestResponse:
        headers = {"X-Part": "1"} if part else {}
        return learner.client.post(f"{LESSON}/answer/{block}", data=fields, headers=headers)

    return send


def see(*, part: bool = False) -> Callable[[Learner], TestResponse]:
    def send(learner: Learner) -> TestResponse:
        headers = {"X-Part": "1"} if part else {}
        data = {"block": "start~1", "next": "q"}
        return learner.client.post(f"{LESSON}/seen", data=data, headers=headers)

    return send


def page(path: str) -> Callable[[Learner], TestResponse]:
    return lambda learner: learner.client.get(path)


VISITS: dict[str, tuple[int, Callable[[Learner], TestResponse]]] = {
    "lesson, not begun": (4, page(LESSON)),
    "home, nothing begun": (8, page("/learning/")),
    "course, nothing begun": (8, page("/learning/courses/c1")),
    "seen": (6, see()),
    "seen, part": (6, see(part=True)),
    "answer": (6, answer("q", answer="wrong", id="12345678")),
    "answer again": (6, answer("q", answer="right", id="23456789")),
    "answer twice": (6, answer("q", answer="right", id="23456789")),
    "answer, part": (6, answer("q", part=True, answer="right", id="34567890")),
    "answer, not whole": (6, answer("q")),
    "private answer": (6, answer("think", answer="글", id="12345678")),
    "answer that finishes the lesson": (6, answer("q-two", answer="right", id="12345678")),
    "answer in a finished lesson": (6, answer("q-two", answer="right", id="23456789")),
    "seen in a finished lesson": (6, see()),
    "lesson": (4, page(LESSON)),
    "end": (6, page(f"{LESSON}/end")),
    "home": (8, page("/learning/")),
    "course": (8, page("/learning/courses/c1")),
    "done": (8, page("/learning/done")),
    "words": (8, page("/learning/words")),
    "search": (4, page("/learning/search?q=%EA%B3%84%EC%95%BD%EC%84%9C")),
}
OF_ALL_COURSES = ("home, nothing begun", "home", "search")


def costs(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch, tries: int
) -> dict[str, Cost]:
    """What each visit of somebody new costs."""
    client = app.test_client()
    learner = Learner(client, database, signed_in(client, database, now=utc_now()))
    attempts(database, learner.person.account_id, tries)
    found = {}
    for name, (_, visit) in VISITS.items():
        with counted(database, monkeypatch) as cost:
            response = visit(learner)
        assert response.status_code == (422 if "not whole" in name else response.status_code)
        assert response.status_code < 400 or "not whole" in name, (name, response.status_code)
        found[name] = cost
    return found


def test_pages_stay_within_their_budget_whatever_has_grown(
    any_app: Flask, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_shop(database, tmp_path, 3)
    members(database, 1)
    small = costs(any_app, database, monkeypatch, tries=1)
    too_many = {
        name: (small[name].statements, budget)
        for name, (budget, _) in VISITS.items()
        if small[name].statements > budget
    }
    assert not too_many

    members(database, 40)
    a_shop(database, tmp_path, 24)
    large = costs(any_app, database, monkeypatch, tries=300)

    assert {name: cost.statements for name, cost in large.items()} == {
        name: cost.statements for name, cost in small.items()
    }
    for name, cost in large.items():
        # Lists of all courses hold a row a course (a search, one a lesson and course); nothing else grows.
        most = small[name].rows + (70 if name in OF_ALL_COURSES else 0)
        assert cost.rows <= most, (name, small[name], cost)


def test_the_count_sees_a_page_that_asks_once_for_every_row(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The measure itself can fail."""
    people = [an_account(database) for _ in range(5)]
    with counted(database, monkeypatch) as cost, database.reading() as session:
        for _ in people:
            session.execute(select(text("1"))).all()
    assert cost == Cost(statements=5, rows=5)
