"""Answers, notes and words, as the learning room keeps them; on both databases."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from academy.accounts.api import Person
from academy.catalog.api import PublishedLesson, lexicon
from academy.document import model
from academy.document.grade import Verdict
from academy.kernel.db import Database
from academy.kernel.errors import NotFound
from academy.learning import queries, service
from academy.learning.models import KeptWord
from academy.learning.service import Answered, AnswerIncomplete, AnswerTooLong, AnswerUnknown
from academy.progress import api as progress
from academy.progress.models import Attempt, Completion, LessonState, Reflection
from tests.builders.accounts import a_person
from tests.builders.catalog import a_choice, a_course, a_lesson, a_text, published
from tests.builders.threads import at_once
from tests.conftest import NOON

THINK = model.Reflection(key="think", prompt="적어요.")
PAIRS = model.Match(
    key="pairs",
    prompt="이어요.",
    left_title="왼쪽",
    right_title="오른쪽",
    pairs=(
        model.Pair(key="a", left="하나", right="일"),
        model.Pair(key="b", left="두울", right="이"),
    ),
)
SHORT = model.ShortText(key="short", prompt="적어요.", accepted=("계약서",))

Answer = Callable[..., Answered]


@pytest.fixture
def person(database: Database) -> Person:
    return a_person(database, now=NOON)


@pytest.fixture
def course(database: Database, tmp_path: Path) -> model.Course:
    made = a_course("c", a_lesson("one", a_text(), a_choice("q"), PAIRS, SHORT, THINK))
    published(database, made, folder=tmp_path, now=NOON)
    return made


def lesson(database: Database, person: Person, key: str = "one") -> PublishedLesson:
    with database.reading() as session:
        return queries.published_lesson(session, "c", key, person)


@pytest.fixture
def answer(database: Database, person: Person, course: model.Course) -> Answer:
    def give(
        block: str, fields: dict[str, list[str]], client_id: str = "first-id", at: str = "one"
    ) -> Answered:
        with database.writing() as session:
            found = queries.published_lesson(session, course.key, at, person)
            return service.answer(
                session, found, block, fields, client_id=client_id, by=person, now=NOON
            )

    return give


def state(database: Database, person: Person, key: str = "one") -> progress.LessonProgress:
    with database.reading() as session:
        return progress.lesson_progress(session, person.account_id, "c", key)


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_an_answer_keeps_what_is_needed_to_show_it_again(
    database: Database, person: Person, answer: Answer
) -> None:
    given = answer("q", {"answer": ["wrong"], "csrf": ["x"]})
    assert given.result.verdict is Verdict.WRONG
    entry = state(database, person).answers["q"]
    assert entry["answer"]["fields"]["answer"] == ["wrong"]
    assert len(entry["answer"]["feedback"]) == 1
    with database.reading() as session:
        (attempt,) = session.scalars(select(Attempt))
    assert (attempt.verdict, attempt.misconceptions) == ("wrong", ["한 장"])


@pytest.mark.parametrize(
    ("block", "fields", "refusal"),
    [
        ("q", {}, AnswerIncomplete),
        ("q", {"answer": [""]}, AnswerIncomplete),
        ("q", {"answer": ["strange"]}, AnswerUnknown),
        ("pairs", {"pair-a": [""], "pair-b": [""]}, AnswerIncomplete),
        ("pairs", {"pair-a": ["b"], "pair-b": ["a"]}, AnswerUnknown),
        ("short", {"answer": ["  \n "]}, AnswerIncomplete),
        ("short", {"answer": ["가" * 501]}, AnswerTooLong),
        ("think", {"answer": [" "]}, AnswerIncomplete),
        ("think", {"answer": ["가" * 4001]}, AnswerTooLong),
        ("think", {"answer": ["가" * 10_001]}, AnswerTooLong),
        ("start~1", {"answer": ["x"]}, NotFound),
    ],
)
def test_what_is_refused_leaves_nothing(
    database: Database,
    answer: Answer,
    block: str,
    fields: dict[str, list[str]],
    refusal: type[Exception],
) -> None:
    with pytest.raises(refusal):
        answer(block, fields)
    assert [count(database, table) for table in (Attempt, LessonState, Reflection)] == [0, 0, 0]


def test_right_sides_are_given_back_to_their_pairs(
    database: Database, person: Person, answer: Answer
) -> None:
    rights = lesson(database, person).rendered.rights["pairs"]
    assert set(rights) == {"a", "b"}
    swapped = {"pair-a": [rights["b"]], "pair-b": [rights["a"]]}
    assert answer("pairs", swapped, "first-id").result.parts == {"a": False, "b": False}
    right = {"pair-a": [rights["a"]], "pair-b": [rights["b"]]}
    assert answer("pairs", right, "second-id").result.verdict is Verdict.RIGHT
    # What is shown again are the keys of the page, not those of the pairs.
    assert state(database, person).answers["pairs"]["answer"]["fields"] == right


def test_a_private_text_is_sealed_and_stands_nowhere_else(
    database: Database, person: Person, answer: Answer
) -> None:
    secret = "아무에게도 말하지 않은 이야기"
    answer("think", {"answer": [secret]})
    with database.reading() as session:
        sealed = bytes(session.execute(text("SELECT text FROM progress_reflection")).scalar_one())
        rest = "".join(
            str(row)
            for table in ("progress_attempt", "progress_lesson_state")
            for row in session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608  names of our own
        )
        notes = progress.reflections(session, person.account_id, "c", "one")
    assert secret.encode() not in sealed
    assert secret not in rest
    assert secret.encode("unicode_escape").decode() not in rest
    assert notes["think"].text == secret


def test_an_old_private_text_that_arrives_again_does_not_replace_the_new_one(
    database: Database, person: Person, answer: Answer
) -> None:
    answer("think", {"answer": ["처음 글"]}, "first-id")
    answer("think", {"answer": ["고친 글"]}, "second-id")
    assert answer("think", {"answer": ["처음 글"]}, "first-id").recorded.repeated
    with database.reading() as session:
        notes = progress.reflections(session, person.account_id, "c", "one")
    assert notes["think"].text == "고친 글"


@pytest.mark.parametrize("block", ["think", "short"])
def test_two_tabs_that_answer_at_once_are_both_kept(
    database: Database, person: Person, answer: Answer, block: str
) -> None:
    found = at_once(
        *(partial(answer, block, {"answer": [f"글 {n}"]}, f"from-tab-{n}") for n in range(4))
    )
    assert all(isinstance(item, Answered) for item in found), found
    assert state(database, person).answers[block]["tries"] == 4


def test_letters_a_database_cannot_hold_do_not_break_an_answer(
    database: Database, person: Person, answer: Answer
) -> None:
    answer("short", {"answer": ["계약\0서"], "ex\0tra": ["\0"]})
    answer("think", {"answer": ["말\0말"]})
    assert state(database, person).answers["short"]["verdict"] == "right"
    assert "\0" not in repr(state(database, person).answers)


def test_fields_that_are_kept_are_bounded(
    database: Database, person: Person, answer: Answer
) -> None:
    many = {f"x{n}" * 100: ["y"] for n in range(300)} | {"long": ["y" * 5000] * 300}
    answer("q", {"answer": ["right"], "long": many.pop("long"), **many})
    fields = state(database, person).answers["q"]["answer"]["fields"]
    assert len(fields) <= service.FIELDS_MAX
    assert max(map(len, fields)) <= 80
    assert len(fields["long"]) == service.FIELDS_MAX
    assert max(map(len, fields["long"])) == service.FIELD_MAX


def see(database: Database, person: Person, *blocks: str, at: str = "", key: str = "one") -> None:
    with database.writing() as session:
        found = queries.published_lesson(session, "c", key, person)
        service.see(session, found, blocks, at_block=at, by=person, now=NOON)


@pytest.mark.usefixtures("course")
def test_only_blocks_of_the_lesson_are_seen(database: Database, person: Person) -> None:
    see(database, person, "q", "strange", "start~1", at="also-strange")
    found = state(database, person)
    assert found.seen == ("q", "start~1")
    assert found.last_block == ""
    see(database, person, at="pairs")
    assert state(database, person).last_block == "pairs"


def test_the_gentler_way_completes_the_lesson_and_the_course(
    database: Database, person: Person, tmp_path: Path
) -> None:
    gentle = a_lesson("one", a_text(), a_choice("q"), notice="fraud", alternative="다른 길")
    made = a_course("c", gentle, a_lesson("two", required=False))
    published(database, made, folder=tmp_path, now=NOON)
    with database.writing() as session:
        found = queries.published_lesson(session, "c", "one", person)
        recorded = service.take_alternative(session, found, by=person, now=NOON)
        assert recorded.lesson_done
        assert recorded.course_done
        other = queries.published_lesson(session, "c", "two", person)
        with pytest.raises(NotFound):
            service.take_alternative(session, other, by=person, now=NOON)


def test_a_completion_is_never_taken_back_by_a_course_that_asks_for_more(
    database: Database, person: Person, tmp_path: Path
) -> None:
    published(database, a_course("c", a_lesson("one")), folder=tmp_path, now=NOON)
    see(database, person, "start~1")
    with database.writing() as session:
        found = queries.published_lesson(session, "c", "one", person)
        fields = {"answer": ["wrong"]}
        service.answer(session, found, "q-one", fields, client_id="first-id", by=person, now=NOON)
    with database.reading() as session:
        before = progress.completion(session, person.account_id, "c")
    assert before is not None

    longer = a_lesson("one", a_text(), a_choice(), a_choice("q-new"), min_score=100)
    published(
        database, a_course("c", longer, a_lesson("two"), title="새 이름"), folder=tmp_path, now=NOON
    )

    see(database, person, "start~1")
    with database.reading() as session:
        assert progress.completion(session, person.account_id, "c") == before
        page = queries.course_page(session, "c", person)
        home = queries.home(session, person)
    assert state(database, person).completed_at == NOON
    assert page.completion == before
    assert (page.done, page.total) == (1, 2)
    assert page.next is not None
    assert page.next.lesson.key == "two"
    assert home.tracks["work"][0].finished
    assert not home.going
    assert count(database, Completion) == 1


@pytest.mark.usefixtures("course")
def test_a_note_is_kept_changed_removed_and_bounded(database: Database, person: Person) -> None:
    def keep(words: str) -> None:
        with database.writing() as session:
            found = queries.published_lesson(session, "c", "one", person)
            service.keep_note(session, found, words, by=person, now=NOON)

    def kept() -> str | None:
        with database.reading() as session:
            found = progress.reflections(session, person.account_id, "c", "one")
        return found["practice"].text if "practice" in found else None

    keep("하나")
    keep("두울\r\n세엣")
    assert kept() == "두울\n세엣"
    with pytest.raises(AnswerTooLong) as refused:
        keep("가" * 4001)
    assert refused.value.most == 4000
    assert kept() == "두울\n세엣"
    keep("가\r\n" * 1999 + "가나")
    keep("  ")
    assert kept() is None


@pytest.mark.usefixtures("course")
def test_a_bookmark_needs_a_block_of_the_lesson(database: Database, person: Person) -> None:
    found = lesson(database, person)
    with pytest.raises(NotFound), database.writing() as session:
        service.bookmark(session, found, "strange", on=True, by=person, now=NOON)
    assert count(database, LessonState) == 0


def test_a_word_is_kept_once_marked_and_dropped(database: Database, person: Person) -> None:
    word_id = lexicon().words[0].id
    steps = at_once(*[partial(keep_word, database, person, word_id)] * 3)
    assert steps == [None] * 3
    assert count(database, KeptWord) == 1
    with database.writing() as session:
        service.set_unused(session, word_id, unused=True, by=person)
    with database.reading() as session:
        (kept,) = queries.my_words(session, person)
    assert kept.unused
    with database.writing() as session:
        service.drop_word(session, word_id, by=person)
        service.drop_word(session, word_id, by=person)
    assert count(database, KeptWord) == 0
    with pytest.raises(NotFound), database.writing() as session:
        service.set_unused(session, word_id, unused=True, by=person)
    with pytest.raises(NotFound):
        keep_word(database, person, "no-such-word")


def keep_word(database: Database, person: Person, word_id: str) -> None:
    with database.writing() as session:
        service.keep_word(session, word_id, by=person, now=NOON)


def test_a_word_that_left_the_lexicon_is_passed_over(database: Database, person: Person) -> None:
    with database.writing() as session:
        session.add(
            KeptWord(account_id=person.account_id, word_id="gone", unused=False, kept_at=NOON)
        )
    with database.reading() as session:
        assert queries.my_words(session, person) == []
        assert queries.everything_about(session, person.account_id)["words"][0]["word"] == "gone"
    with database.writing() as session:
        service.erase(session, person.account_id)
    assert count(database, KeptWord) == 0
