"""Going on where one stopped, also after the course was changed."""

from datetime import timedelta
from pathlib import Path

import pytest

from academy.document import model
from academy.kernel.clock import utc_now
from academy.learning import queries
from academy.progress import api as progress
from academy.progress.api import CourseGoal, LessonGoal, Place
from tests.builders.catalog import a_choice, a_course, a_lesson, a_text, published
from tests.conftest import NOON
from tests.learning.conftest import Learner

COURSE = "/learning/courses/contracts"
FOUR = ("one", "two", "three", "four")


def publish(
    learner: Learner, folder: Path, *keys: str, **blocks: tuple[model.AnyBlock, ...]
) -> None:
    lessons = [a_lesson(key, *blocks.get(key, ())) for key in keys or FOUR]
    published(learner.database, a_course("contracts", *lessons), folder=folder, now=NOON)


def step(
    learner: Learner, lesson: str, *, at: str = "", done: bool = False, hours: int = 0
) -> None:
    goal = LessonGoal(() if done else ("never",), {}, None)
    with learner.database.writing() as session:
        progress.record_seen(
            session,
            learner.person.account_id,
            Place("contracts", lesson),
            (),
            at_block=at,
            goal=goal,
            course=CourseGoal((), {}, a_course().hours, ""),
            now=NOON + timedelta(hours=hours),
        )


def where(learner: Learner) -> str:
    """Where the course page leads on; the first page must say the same."""
    page = learner.open(COURSE)
    (there,) = page.hrefs("이어서 하기") or page.hrefs("시작하기")
    home = learner.open("/learning/").hrefs("이어서 하기")
    if home:
        assert home == [there]
    assert learner.open(there.partition("#")[0]).text
    return there.removeprefix(f"{COURSE}/")


def test_somebody_new_begins_at_the_first_lesson(any_learner: Learner, tmp_path: Path) -> None:
    publish(any_learner, tmp_path)
    assert where(any_learner) == "one"
    assert not any_learner.open("/learning/").hrefs("이어서 하기")


def test_a_lesson_goes_on_at_the_very_block(any_learner: Learner, tmp_path: Path) -> None:
    publish(any_learner, tmp_path)
    page = any_learner.open(f"{COURSE}/two")
    form = next(form for form in page.forms if form.action == f"{COURSE}/two/seen")
    assert form.send(any_learner.client).status_code == 303
    assert where(any_learner) == "two#b-q-one"
    lesson = any_learner.open(f"{COURSE}/two")
    assert "b-q-one" in lesson.ids
    assert 'data-last="q-one"' in any_learner.client.get(f"{COURSE}/two").text


def test_an_answer_is_where_one_goes_on(any_learner: Learner, tmp_path: Path) -> None:
    publish(any_learner, tmp_path)
    form = any_learner.question("contracts", "three", "q-one")
    form.choose("answer", "right")
    form.send(any_learner.client)
    assert where(any_learner) == "three#b-q-one"


@pytest.mark.parametrize(
    ("done", "latest", "there"),
    [
        (("one",), "one", "two"),
        (("one", "two"), "one", "three"),
        (("three",), "three", "four"),
        (("four",), "four", "one"),
        (("one", "two", "four"), "four", "three"),
    ],
)
def test_after_a_finished_lesson_the_next_open_one_follows(
    any_learner: Learner, tmp_path: Path, done: tuple[str, ...], latest: str, there: str
) -> None:
    publish(any_learner, tmp_path)
    for lesson in done:
        step(any_learner, lesson, done=True)
    step(any_learner, latest, done=True, hours=1)
    assert where(any_learner) == there


def test_nothing_leads_on_when_all_is_done(any_learner: Learner, tmp_path: Path) -> None:
    publish(any_learner, tmp_path, "one")
    step(any_learner, "one", done=True)
    assert not any_learner.open(COURSE).hrefs("이어서 하기")
    assert not any_learner.open("/learning/").hrefs("이어서 하기")


def test_a_lesson_that_is_gone_leads_to_the_latest_that_is_there(
    any_learner: Learner, tmp_path: Path
) -> None:
    publish(any_learner, tmp_path)
    step(any_learner, "one", done=True)
    step(any_learner, "two", at="q-one", hours=1)
    step(any_learner, "four", at="q-one", hours=2)
    publish(any_learner, tmp_path, "one", "two", "three")
    assert where(any_learner) == "two#b-q-one"
    publish(any_learner, tmp_path, "one", "three")
    assert where(any_learner) == "three"


def test_a_course_of_which_everything_known_is_gone_begins_anew(
    any_learner: Learner, tmp_path: Path
) -> None:
    publish(any_learner, tmp_path)
    step(any_learner, "two", at="q-one")
    publish(any_learner, tmp_path, "five", "six")
    assert where(any_learner) == "five"
    assert any_learner.client.get(f"{COURSE}/two").status_code == 404


def test_a_block_that_is_gone_leaves_the_lesson_readable(
    any_learner: Learner, tmp_path: Path
) -> None:
    publish(any_learner, tmp_path)
    step(any_learner, "one", at="q-one")
    publish(any_learner, tmp_path, one=(a_text(), a_choice("q-other")))
    assert where(any_learner).startswith("one")
    page = any_learner.open(f"{COURSE}/one")
    assert "b-q-other" in page.ids


def test_the_latest_course_stands_first(any_learner: Learner, tmp_path: Path) -> None:
    publish(any_learner, tmp_path)
    other = a_course("other", a_lesson("one"), title="다른 과정")
    published(any_learner.database, other, folder=tmp_path, now=NOON)
    step(any_learner, "one", at="q-one")
    with any_learner.database.writing() as session:
        progress.record_seen(
            session,
            any_learner.person.account_id,
            Place("other", "one"),
            (),
            at_block="",
            goal=LessonGoal(("never",), {}, None),
            course=CourseGoal((), {}, other.hours, ""),
            now=utc_now(),
        )
    with any_learner.database.reading() as session:
        home = queries.home(session, any_learner.person)
    assert [tile.card.key for tile in home.going] == ["other", "contracts"]
