"""Search: Korean as people type it, the same on both databases."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academy.catalog import search as index
from academy.catalog import service
from academy.catalog.models import Course
from academy.catalog.search import Found, search
from academy.document import model
from academy.document.hangul import fold, initials, is_initials
from academy.kernel.db import Database
from tests.builders.catalog import (
    EVERY_KIND,
    a_choice,
    a_course,
    a_lesson,
    a_text,
    published,
    published_folder,
)
from tests.conftest import NOON

Finder = Callable[..., list[str]]


@pytest.fixture
def find(database: Database) -> Finder:
    """The places a query finds, as `course` or `course/lesson`."""

    def places(query: str, *, language: str = "ko", mentors: bool = False) -> list[str]:
        found = look(database, query, language=language, mentors=mentors)
        return [f"{hit.course_key}/{hit.lesson_key}".rstrip("/") for hit in found.hits]

    return places


def look(database: Database, query: str, *, language: str = "ko", mentors: bool = False) -> Found:
    audiences = ("learner", "mentor") if mentors else ("learner",)
    with database.reading() as session:
        return search(session, query, language=language, audiences=audiences)


@pytest.fixture
def publish(database: Database, tmp_path: Path) -> Callable[..., None]:
    """Publish one course whose lessons have these texts."""

    def made(course: str = "c", /, *, title: str = "제목", **lessons: str) -> None:
        made_of = [a_lesson(key, a_text(markdown=text)) for key, text in lessons.items()]
        published(
            database,
            a_course(course, *made_of, title=title, summary="", outcomes=()),
            folder=tmp_path,
            now=NOON,
        )

    return made


@pytest.mark.parametrize(
    ("query", "text"),
    [
        pytest.param("임금", "일한 만큼 임금을 받아요.", id="a noun before its particle"),
        pytest.param(
            "근로계약서", "근로 계약서를 두 장 써요.", id="no space where the text has one"
        ),
        pytest.param(
            "근로 계약서", "근로계약서를 두 장 써요.", id="a space where the text has none"
        ),
        pytest.param("장", "두 장 써요.", id="one syllable"),
        pytest.param("ㄱㄹㄱㅇㅅ", "오늘은 근로계약서를 써요.", id="initials"),
        pytest.param("ㄱ ㄹ ㄱ", "오늘은 근로계약서를 써요.", id="initials with spaces"),
        pytest.param("ㄳ", "정말 감사해요.", id="initials that the keyboard joined"),
        pytest.param("ㅇ", "임금", id="one initial"),
        pytest.param(unicodedata.normalize("NFD", "임금"), "임금을 받아요.", id="NFD query"),
        pytest.param("임금", unicodedata.normalize("NFD", "임금을 받아요."), id="NFD text"),
        pytest.param("wifi", "WiFi를 켜요.", id="small letters"),
        pytest.param("WIFI", "wifi를 켜요.", id="capitals"),
        pytest.param("１１２", "112에 걸어요.", id="full-width digits"),
        pytest.param("010-1234-5678", "01012345678로 걸어요.", id="a number with hyphens"),
        pytest.param(
            "료리", "남쪽에서는 료리라는 말을 안 써요.", id="a northern word as it stands"
        ),
        pytest.param("요리", "북쪽에서는 료리라고 해요.", id="its southern spelling"),
        pytest.param("리론", "경제리론을 배웠어요.", id="the end of a northern compound"),
        pytest.param("50%", "50% 싸요.", id="per cent"),
    ],
)
def test_a_query_finds(find: Finder, publish: Callable[..., None], query: str, text: str) -> None:
    publish(one="다른 말", two=text)
    assert find(query) == ["c/two"]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        pytest.param("%", "오십 프로", id="per cent sign"),
        pytest.param("5%5", "5와 5", id="per cent sign inside"),
        pytest.param("임_금", "임대 금지", id="underscore"),
        pytest.param("__", "두 글자", id="only underscores"),
        pytest.param("\\", "역빗금", id="backslash"),
        pytest.param("'; DROP TABLE catalog_course; --", "값", id="SQL"),
        pytest.param("' OR 1=1 --", "값", id="more SQL"),
        pytest.param("\0", "값", id="NUL"),
        pytest.param("임\0대", "임금", id="NUL inside"),
        pytest.param("   ", "값", id="spaces"),
        pytest.param("", "값", id="nothing"),
        pytest.param("!?…", "값!?", id="only marks"),
        pytest.param("임금대장", "임금을 적은 대장", id="pieces that do not stand together"),
        pytest.param("가나가", "가나 나가", id="both pairs, but not in one run"),
        pytest.param("ㄱㄹㄱㅇㅅ", "근로자의 계약", id="other initials"),
        pytest.param("가" * 1000, "가나다", id="a thousand letters"),
    ],
)
def test_a_query_does_not_find(
    find: Finder, publish: Callable[..., None], query: str, text: str
) -> None:
    publish(one=text)
    assert find(query) == []
    assert find("제목") == ["c"]  # everything is still there


def test_a_thousand_letters_are_cut_and_the_beginning_is_looked_for(
    find: Finder, publish: Callable[..., None]
) -> None:
    publish(one="가" * 80)
    assert find("가" * 1000) == ["c/one"]
    assert find(unicodedata.normalize("NFD", "가" * 1000)) == ["c/one"]


def test_an_underscore_and_a_per_cent_sign_are_letters_like_others(
    find: Finder, publish: Callable[..., None]
) -> None:
    publish(one="할인 50%쯤", two="할인 50원쯤")
    assert find("50%쯤") == ["c/one"]


@pytest.mark.parametrize(
    ("query", "text", "also"),
    [
        ("손전화", "새 휴대전화를 샀어요.", "휴대전화"),
        ("휴대전화", "북쪽에서는 손전화라고 해요.", "손전화"),
    ],
)
def test_the_word_of_the_other_side_is_looked_for_as_well(
    database: Database, publish: Callable[..., None], query: str, text: str, also: str
) -> None:
    publish(one="다른 말", two=text)
    found = look(database, query)
    assert [hit.lesson_key for hit in found.hits] == ["two"]
    assert also in found.also
    assert found.hits[0].match == also


@pytest.mark.parametrize("query", ["금계", "ㄱㄱ", "약서ㄱ", "서임"])
def test_nothing_is_found_across_title_text_and_initials(
    database: Database, tmp_path: Path, query: str
) -> None:
    lesson = a_lesson("one", a_text(markdown="계약서"), title="임금")
    published(database, a_course("c", lesson, title="이름", summary=""), folder=tmp_path, now=NOON)
    assert [hit.lesson_key for hit in look(database, query).hits] == []


def test_titles_come_first(database: Database, tmp_path: Path) -> None:
    for query in ("임금", "임 금", "ㅇㄱ", unicodedata.normalize("NFD", "임금")):
        published(
            database,
            a_course(
                "c",
                a_lesson("one", a_text(markdown="임금")),
                a_lesson("two", a_text(markdown="말"), title="밀린 임금"),
                title="제목",
                summary="",
            ),
            folder=tmp_path,
            now=NOON,
        )
        assert [hit.lesson_key for hit in look(database, query).hits] == ["two", "one"]


def test_the_excerpt_shows_the_place_with_what_stands_around_it(
    database: Database, publish: Callable[..., None]
) -> None:
    publish(one=f"{'앞 ' * 60}임금{' 뒤' * 60}")
    (hit,) = look(database, "임금").hits
    assert hit.match == "임금"
    assert hit.before.startswith("…")
    assert hit.after.endswith("…")
    assert len(hit.before) <= 41
    assert len(hit.after) <= 41


def test_courses_that_were_retired_and_those_for_mentors_are_hidden(
    database: Database, find: Finder, tmp_path: Path
) -> None:
    for key, audience in (("a", "learner"), ("b", "mentor"), ("d", "learner")):
        course = a_course(key, audience=audience, title="같은 이름")
        published(database, course, folder=tmp_path, now=NOON)
    with database.writing() as session:
        service.retire(session, "d", now=NOON)
    assert find("같은 이름") == ["a"]
    assert find("같은 이름", mentors=True) == ["a", "b"]


def test_a_new_revision_forgets_the_old_words(find: Finder, publish: Callable[..., None]) -> None:
    publish(one="옛날 이야기")
    publish(one="새로운 이야기")
    assert find("옛날") == []
    assert find("새로운") == ["c/one"]


def test_english_readers_find_english_and_korean_but_each_lesson_once(
    database: Database, find: Finder, tmp_path: Path
) -> None:
    english = model.LessonText(title="Wages", blocks=(a_text(markdown="Wages 임금"),))
    course = a_course(
        "c",
        a_lesson("one", a_text(markdown="임금"), translations={"en": english}),
        a_lesson("two", a_text(markdown="임금")),
        title="제목",
    )
    published(database, course, folder=tmp_path, now=NOON)
    assert find("wages", language="en") == ["c/one"]
    assert find("wages") == []
    assert sorted(find("임금", language="en")) == ["c/one", "c/two"]


def test_right_answers_and_feedback_are_never_found(
    database: Database, find: Finder, tmp_path: Path
) -> None:
    published_folder(database, EVERY_KIND, folder=tmp_path, now=NOON)
    secret = (
        "한 장은 내가 가지고",  # feedback of an option
        "표준근로계약서",  # an accepted answer
        "82560",
        "권리입니다",  # the general explanation
        "급하다고 하는 전화일수록",
        "고용노동부 1350",  # the right side of a pair
        "신분증 사진",
    )
    assert {words: find(words) for words in secret} == {words: [] for words in secret}
    assert find("몇 장을 쓰나요") == ["every-kind/every-question"]


def test_options_and_hints_of_a_question_are_never_found(
    database: Database, find: Finder, tmp_path: Path
) -> None:
    question = a_choice().model_copy(update={"hint": "실마리에만 있는 말"})
    published(database, a_course("c", a_lesson("one", question)), folder=tmp_path, now=NOON)
    assert find("실마리에만") == []
    assert find("보여 줄 것이") == []


_WORDS = """
임금 을 계약서 근로 로동 료리 바닷가 휴대전화 손전화 WiFi 50% _ \\ ㄱㄹ ㄳ ㅏ 1,000 1.5 - 3~5 가 나 다 é 😀
ß 되였 리자 관리 률 렬 ﬁ ① İ Σ
"""
_SPACES = [" ", "  ", "\n\n", unicodedata.normalize("NFD", "한글")]
_pieces = st.sampled_from([*_WORDS.split(), *_SPACES])
_texts = st.lists(_pieces, min_size=1, max_size=8).map("".join)


def words_folded(text: str) -> str:
    return "".join(fold(word) for word in text.split())


def naive(query: str, title: str, text: str) -> bool:
    """Whether the query stands in the title or the text, read letter by letter."""
    query = unicodedata.normalize("NFC", query).strip()[: index.LONGEST_QUERY]
    if is_initials(query):
        places = (initials(title), initials(text), words_folded(title), words_folded(text))
        return any(initials(query) in place for place in places)
    needles, _ = index._needles(query)
    places = (words_folded(title), words_folded(text), initials(title), initials(text))
    return any(needle in place for needle in needles for place in places)


@settings(max_examples=60)
@given(
    entries=st.lists(st.tuples(_texts, _texts), min_size=1, max_size=4),
    others=st.lists(_texts, max_size=4),
    cut=st.tuples(st.integers(0, 5), st.integers(1, 6)),
)
def test_search_finds_what_reading_letter_by_letter_finds(
    database: Database,
    entries: list[tuple[str, str]],
    others: list[str],
    cut: tuple[int, int],
) -> None:
    start, length = cut
    queries = [*others, *(text[start : start + length] for _, text in entries), entries[0][0]]
    with database.reading() as session:  # rolled back: every example begins with nothing
        course = Course(
            key="c", origin="files", audience="learner", track="work", number="1", level=1, hours=1
        )
        course.card = {"titles": {"ko": "제목"}}
        session.add(course)
        session.flush()
        numbered = [(str(n), "ko", title, text) for n, (title, text) in enumerate(entries)]
        index.index(session, course.id, numbered)
        session.flush()
        for query in queries:
            found = search(session, query, language="ko", audiences=("learner",))
            expected = {
                str(n) for n, (title, text) in enumerate(entries) if naive(query, title, text)
            }
            assert {hit.lesson_key for hit in found.hits} == expected, (query, entries)
        session.rollback()


@settings(max_examples=150)
@given(text=_texts, start=st.integers(0, 10), length=st.integers(1, 10))
def test_every_word_that_stands_in_a_text_is_in_what_is_looked_through(
    text: str, start: int, length: int
) -> None:
    """Whole words of a text, as somebody copies them, are found again."""
    words = text.split()[start : start + length]
    needles, _ = index._needles(" ".join(words))
    if needles and not is_initials(" ".join(words)):
        assert needles[0] in words_folded(text)
