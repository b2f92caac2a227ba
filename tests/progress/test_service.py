"""What the progress room records, on both databases, one at a time and all at once."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from sqlalchemy import func, select, text

from academy.kernel.db import Database
from academy.progress import queries, rules, service
from academy.progress.models import Attempt, Completion, LessonState, Reflection
from academy.progress.rules import Graded, LessonGoal
from academy.progress.service import CourseGoal, Place, Recorded
from tests.builders.accounts import an_account
from tests.builders.threads import at_once
from tests.conftest import NOON

GOAL = LessonGoal(blocks=("t", "q", "r"), counted={"q": 2}, min_score=None)
ONE, TWO = Place("c", "one"), Place("c", "two")


def course(*required: str) -> CourseGoal:
    return CourseGoal(required or ("one", "two"), {"ko": "과정"}, Decimal("1.5"), "digest")


def answer(
    database: Database,
    account: int,
    *,
    place: Place = ONE,
    block: str = "q",
    verdict: str = "right",
    client_id: str = "client-1",
    goal: LessonGoal = GOAL,
    of: CourseGoal | None = None,
    hours: int = 0,
) -> Recorded:
    points = 2 if verdict == "right" else 0
    graded = Graded(verdict, points, {"fields": {"answer": [client_id]}}, {}, ("오해",))
    with database.writing() as session:
        return service.record_answer(
            session,
            account,
            place,
            block,
            graded,
            client_id=client_id,
            goal=goal,
            course=of or course(),
            now=NOON + timedelta(hours=hours),
        )


def see(
    database: Database,
    account: int,
    *blocks: str,
    place: Place = ONE,
    at_block: str = "",
    goal: LessonGoal = GOAL,
    of: CourseGoal | None = None,
) -> Recorded:
    with database.writing() as session:
        return service.record_seen(
            session,
            account,
            place,
            blocks,
            at_block=at_block,
            goal=goal,
            course=of or course(),
            now=NOON,
        )


def finish(
    database: Database, account: int, place: Place, of: CourseGoal | None = None
) -> Recorded:
    return see(database, account, place=place, goal=LessonGoal((), {}, None), of=of)


def attempts(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Attempt)) or 0


def progress(database: Database, account: int, place: Place = ONE) -> queries.LessonProgress:
    with database.reading() as session:
        return queries.lesson_progress(session, account, place.course, place.lesson)


def test_the_same_answer_sent_twice_counts_once(database: Database) -> None:
    account = an_account(database)
    first = answer(database, account, verdict="wrong")
    again = answer(database, account, verdict="wrong", hours=1)
    assert not first.repeated
    assert again.repeated
    assert again.answers == first.answers
    assert attempts(database) == 1
    assert progress(database, account).answers["q"]["tries"] == 1


def test_the_same_id_on_another_question_lesson_or_person_is_another_answer(
    database: Database,
) -> None:
    account, other = an_account(database), an_account(database)
    for person, place, block in (
        (account, ONE, "q"),
        (account, ONE, "r"),
        (account, TWO, "q"),
        (other, ONE, "q"),
    ):
        assert not answer(database, person, place=place, block=block).repeated
    assert attempts(database) == 4


@pytest.mark.parametrize("ids", [("same-id",) * 6, ("tab-one", "tab-two") * 3], ids=["one", "two"])
def test_answers_sent_at_once_count_once_for_each_id(
    database: Database, ids: tuple[str, ...]
) -> None:
    account = an_account(database)
    found = at_once(*(partial(answer, database, account, client_id=id_) for id_ in ids))
    assert all(isinstance(item, Recorded) for item in found), found
    assert attempts(database) == len(set(ids))
    assert progress(database, account).answers["q"]["tries"] == len(set(ids))


def test_answers_to_different_questions_at_once_are_all_kept(database: Database) -> None:
    account = an_account(database)
    blocks = [f"q{number}" for number in range(6)]
    at_once(*(partial(answer, database, account, block=block) for block in blocks))
    found = progress(database, account)
    assert sorted(found.answers) == blocks
    assert sorted(found.seen) == blocks


def test_a_worse_answer_later_takes_nothing_away(database: Database) -> None:
    account = an_account(database)
    answer(database, account, verdict="right", client_id="first-id")
    answer(database, account, verdict="wrong", client_id="second-id")
    entry = progress(database, account).answers["q"]
    assert (entry["verdict"], entry["last"], entry["points"], entry["tries"]) == (
        "right",
        "wrong",
        2,
        2,
    )
    assert entry["answer"]["fields"] == {"answer": ["second-id"]}


def test_blocks_may_be_seen_in_any_order_and_strange_ones_are_not_kept(database: Database) -> None:
    account = an_account(database)
    see(database, account, "r", "strange")
    see(database, account, "t", "r")
    assert progress(database, account).seen == ("r", "t")
    assert not progress(database, account).completed_at
    done = answer(database, account)
    assert done.complete
    assert done.lesson_done
    assert progress(database, account).completed_at == NOON


def test_a_lesson_is_finished_once(database: Database) -> None:
    account = an_account(database)
    see(database, account, "t", "r")
    assert answer(database, account, client_id="first-id").lesson_done
    later = answer(database, account, client_id="second-id", hours=5)
    assert later.complete
    assert not later.lesson_done
    assert progress(database, account).completed_at == NOON


def test_a_finished_lesson_stays_finished_when_it_asks_for_more(database: Database) -> None:
    account = an_account(database)
    see(database, account, "t", "r")
    answer(database, account)
    more = LessonGoal((*GOAL.blocks, "new"), {"q": 2, "new": 5}, 100)
    assert see(database, account, "t", goal=more).complete
    assert progress(database, account).completed_at == NOON


def test_where_somebody_is_stays_when_nothing_new_is_said(database: Database) -> None:
    account = an_account(database)
    see(database, account, "t", at_block="q")
    see(database, account, "t")
    assert progress(database, account).last_block == "q"
    answer(database, account, block="r")
    assert progress(database, account).last_block == "r"


def test_a_course_is_completed_with_its_last_required_lesson(database: Database) -> None:
    account = an_account(database)
    assert not finish(database, account, ONE).course_done
    done = finish(database, account, TWO)
    assert done.course_done
    with database.reading() as session:
        completion = queries.completion(session, account, "c")
    assert completion is not None
    assert completion.title("ko") == completion.title("en") == "과정"
    assert completion.hours == Decimal("1.5")
    assert completion.completed_on == NOON.date()


def test_a_course_without_required_lessons_is_never_completed(database: Database) -> None:
    account = an_account(database)
    nothing = CourseGoal((), {"ko": "과정"}, Decimal(1), "digest")
    assert not finish(database, account, ONE, nothing).course_done


def test_lessons_of_others_and_of_other_courses_do_not_count(database: Database) -> None:
    account, other = an_account(database), an_account(database)
    finish(database, other, ONE)
    finish(database, account, Place("other", "one"))
    assert not finish(database, account, TWO).course_done


def test_a_completion_is_made_once_and_keeps_its_code(database: Database) -> None:
    account = an_account(database)
    finish(database, account, ONE)
    finish(database, account, TWO)
    with database.reading() as session:
        before = queries.completions(session, account)
    for place in (ONE, TWO, Place("c", "three")):
        assert not finish(database, account, place, course("one", "two", "three")).course_done
    with database.reading() as session:
        assert queries.completions(session, account) == before
        assert queries.completion_by_code(session, before[0].code) == before[0]
        assert queries.completion_by_code(session, "ZZZZ-ZZZZ-ZZZZ") is None


def test_two_tabs_that_finish_the_last_lessons_at_once_complete_the_course_once(
    database: Database,
) -> None:
    places = [Place("c", name) for name in ("one", "two", "three", "four")]
    of = course(*(place.lesson for place in places))
    for account in [an_account(database) for _ in range(3)]:
        found = at_once(*(partial(finish, database, account, place, of) for place in places))
        done = [item.course_done for item in found if isinstance(item, Recorded)]
        assert sorted(done) == [False, False, False, True], found
        with database.reading() as session:
            assert queries.completion(session, account, "c")


def test_a_course_that_asks_for_less_than_before_is_completed_at_the_next_step(
    database: Database,
) -> None:
    """Somebody who had finished all but a lesson that is gone now would wait for ever."""
    account = an_account(database)
    finish(database, account, ONE)
    assert see(database, account, "t", of=course("one")).course_done
    assert not see(database, account, "t", of=course("one")).course_done


def test_codes_are_different_for_everybody(database: Database) -> None:
    for _ in range(5):
        account = an_account(database)
        finish(database, account, ONE, course("one"))
    with database.reading() as session:
        codes = session.scalars(select(Completion.code)).all()
    assert len(set(codes)) == 5
    assert all(rules.clean_certificate_code(code) == code for code in codes)


def test_bookmarks_are_set_once_and_taken_away(database: Database) -> None:
    account = an_account(database)
    for block, on in (("t", True), ("q", True), ("t", True), ("q", False), ("x", False)):
        with database.writing() as session:
            service.set_bookmark(session, account, ONE, block, on=on, now=NOON)
    assert progress(database, account).bookmarks == ("t",)


def note(database: Database, account: int, words: str) -> None:
    with database.writing() as session:
        service.keep_reflection(session, account, ONE, "practice", words, now=NOON)


def notes(database: Database, account: int) -> dict[str, str]:
    with database.reading() as session:
        found = queries.reflections(session, account, "c", "one")
        return {key: row.text for key, row in found.items()}


def test_a_private_text_is_sealed_in_the_table(database: Database) -> None:
    account = an_account(database)
    note(database, account, "아무도 모르는 이야기")
    with database.reading() as session:
        raw = bytes(session.execute(text("SELECT text FROM progress_reflection")).scalar_one())
    assert "아무도 모르는 이야기".encode() not in raw
    assert raw
    assert notes(database, account) == {"practice": "아무도 모르는 이야기"}


def test_a_private_text_is_changed_and_removed(database: Database) -> None:
    account = an_account(database)
    note(database, account, "하나")
    with database.writing() as session:
        service.show_reflection(session, account, ONE, "practice", shown=True)
    note(database, account, "두울")
    with database.reading() as session:
        row = session.scalars(select(Reflection)).one()
        assert (row.text, row.shown) == ("두울", True)
    note(database, account, "")
    note(database, account, "")
    assert notes(database, account) == {}
    note(database, account, "다시")
    with database.reading() as session:
        assert not session.scalars(select(Reflection)).one().shown


def test_the_same_note_saved_twice_at_once_is_one_note(database: Database) -> None:
    account = an_account(database)
    found = at_once(*[lambda: note(database, account, "하나")] * 4)
    assert found == [None] * 4
    assert notes(database, account) == {"practice": "하나"}


def test_erasing_somebody_leaves_the_others(database: Database) -> None:
    account, other = an_account(database), an_account(database)
    for person in (account, other):
        answer(database, person)
        note(database, person, "글")
        finish(database, person, ONE, course("one"))
    with database.writing() as session:
        service.erase(session, account)
    with database.reading() as session:
        gone = queries.everything_about(session, account)
        left = queries.everything_about(session, other)
        for table in (LessonState, Attempt, Reflection, Completion):
            assert session.scalar(select(func.count()).select_from(table)) == 1
    assert gone == {"lessons": [], "attempts": [], "reflections": [], "completions": []}
    assert [len(rows) for rows in left.values()] == [1, 1, 1, 1]


def test_the_latest_lesson_is_the_first_mark(database: Database) -> None:
    account = an_account(database)
    answer(database, account, place=TWO, hours=1)
    answer(database, account, place=ONE, hours=2)
    answer(database, account, place=Place("other", "x"), hours=3)
    with database.reading() as session:
        assert [mark.lesson_key for mark in queries.marks(session, account)] == ["x", "one", "two"]
        assert [mark.lesson_key for mark in queries.marks(session, account, "c")] == ["one", "two"]


def test_nothing_begun_is_empty_progress(database: Database) -> None:
    assert progress(database, an_account(database)) == queries.LessonProgress()
