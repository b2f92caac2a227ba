"""Two learners and an author do anything in any order: nothing breaks, and what was finished stays finished."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count, zip_longest
from pathlib import Path

from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from academy.catalog import service as catalog
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from academy.privacy import service as privacy
from tests.builders.accounts import signed_in
from tests.builders.catalog import a_choice, a_course, a_lesson, a_text, published
from tests.conftest import NOON
from tests.learning.conftest import Learner

AT = "/learning/courses/c"
LESSONS = ("one", "two", "gone")
BLOCKS = ("start~1", "q", "r", "nothing")
ANSWERS = ("right", "wrong", "", "made-up")

EDITIONS = (
    a_course("c", a_lesson("one", a_text(), a_choice("q")), a_lesson("two", a_text(), a_choice("r"))),
    a_course("c", a_lesson("one", a_text(), a_choice("q"), alternative="글로만 읽어도 돼요.", notice="fraud")),
    a_course("c", a_lesson("two", a_choice("r"), min_score=60), a_lesson("one", a_text(), a_choice("q", points=3))),
)  # fmt: skip

_number = count(1)

Step = tuple[str, str, str, str, int]
steps = st.lists(
    st.tuples(
        st.sampled_from(
            (*("answer", "seen") * 3, "get", "post", "words", "search", "edit", "retire", "take along")
        ),
        st.sampled_from(LESSONS),
        st.sampled_from(BLOCKS),
        st.sampled_from(ANSWERS),
        st.integers(0, 5),
    ),
    max_size=30,
)  # fmt: skip


@dataclass(frozen=True)
class Held:
    """What must never shrink."""

    lessons: frozenset[tuple[str, str]]
    certificates: frozenset[str]
    best: dict[tuple[str, str, str], int]


def _held(learner: Learner) -> Held:
    with learner.database.reading() as session:
        everything = privacy.everything_about(session, learner.person.account_id)
    rows = everything["progress"]["lessons"]
    return Held(
        frozenset((row["course"], row["lesson"]) for row in rows if row["completed_at"]),
        frozenset(row["code"] for row in everything["progress"]["completions"]),
        {
            (row["course"], row["lesson"], block): entry["points"]
            for row in rows
            for block, entry in row["answers"].items()
        },
    )


def _do(learner: Learner, step: Step, publish: Callable[[int], None]) -> int:
    """One step; its status."""
    what, lesson, block, answer, number = step
    at = f"{AT}/{lesson}"
    part = {"X-Part": "1"} if number % 2 else {}
    browser = learner.client
    if what == "edit":
        publish(number % len(EDITIONS))
    elif what == "retire":
        with learner.database.writing() as session:
            catalog.retire(session, "c", now=NOON)
    elif what == "answer":
        data = {"answer": answer, "id": f"same-{number // 2:04d}"}
        return browser.post(f"{at}/answer/{block}", data=data, headers=part).status_code
    elif what == "seen":
        seen = {"block": list(BLOCKS[: number + 1]), "next": block, answer: "1"}
        return browser.post(f"{at}/seen", data=seen, headers=part).status_code
    elif what == "get":
        places = ("/learning/", AT, at, f"{at}/end", f"{AT}/certificate", "/learning/done")
        return browser.get(places[number]).status_code
    elif what == "post":
        places = (
            "alternative",
            "note",
            f"bookmark/{block}",
            f"show/{block}",
            "note",
            "alternative",
        )
        data = {"note": answer, "on": "yes", "show": "yes"}
        return browser.post(f"{at}/{places[number]}", data=data, headers=part).status_code
    elif what == "words":
        return browser.post(
            f"/learning/words/{answer or 'x'}{('', '/drop', '/unused')[number % 3]}"
        ).status_code
    elif what == "search":
        return browser.get("/learning/search", query_string={"q": f'{answer}"*계약'}).status_code
    elif what == "take along":
        return browser.get("/privacy/download").status_code
    return 200


def _same_or_more(before: Held, after: Held) -> bool:
    return (
        before.lessons <= after.lessons
        and before.certificates <= after.certificates
        and all(after.best.get(place, -1) >= points for place, points in before.best.items())
    )


@settings(max_examples=25)
@given(mine=steps, theirs=steps)
def test_nothing_breaks_and_what_was_finished_stays_finished(
    house: Flask, sqlite_template: Path, tmp_path: Path, mine: list[Step], theirs: list[Step]
) -> None:
    path = tmp_path / f"{next(_number)}.sqlite"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    house.extensions["academy-db"] = database

    def publish(edition: int) -> None:
        published(database, EDITIONS[edition], folder=tmp_path / "media", now=NOON)

    publish(0)
    clients = [house.test_client() for _ in range(2)]
    one, two = (
        Learner(client, database, signed_in(client, database, now=utc_now())) for client in clients
    )
    for pair in zip_longest(mine, theirs):
        for learner, bystander, step in ((one, two, pair[0]), (two, one, pair[1])):
            if step is None:
                continue
            before, aside = _held(learner), _held(bystander)
            status = _do(learner, step, publish)
            assert status in {200, 204, 302, 303, 404, 422}, step
            assert _same_or_more(before, _held(learner)), step
            assert _held(bystander) == aside, step
    database.engine.dispose()


def test_the_walks_can_finish_a_course(house: Flask, sqlite_template: Path, tmp_path: Path) -> None:
    """Otherwise the test above would watch over nothing."""
    path = tmp_path / "academy.sqlite"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    house.extensions["academy-db"] = database
    published(database, EDITIONS[0], folder=tmp_path / "media", now=NOON)
    client = house.test_client()
    learner = Learner(client, database, signed_in(client, database, now=utc_now()))
    for lesson, block in (("one", "q"), ("two", "r")):
        _do(learner, ("answer", lesson, block, "right", 0), lambda _edition: None)
        _do(learner, ("seen", lesson, block, "", 3), lambda _edition: None)
    held = _held(learner)
    assert held.lessons == {("c", "one"), ("c", "two")}
    assert len(held.certificates) == 1
    assert held.best == {("c", "one", "q"): 1, ("c", "two", "r"): 1}
    database.engine.dispose()
