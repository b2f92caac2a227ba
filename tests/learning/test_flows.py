"""What a learner does around the questions, with the page's own forms and links."""

import re
import unicodedata
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.accounts.api import Role
from academy.accounts.models import Account
from academy.catalog import disk
from academy.catalog import service as catalog
from academy.document import codec, model
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from academy.learning.routes import NOTICES
from academy.progress import api as progress
from academy.web.settings import Settings
from tests.builders.accounts import signed_in
from tests.builders.answers import fill_right, way_to
from tests.builders.catalog import EVERY_KIND, a_choice, a_course, a_lesson, a_text, published
from tests.builders.pages import Form, Page
from tests.conftest import NOON
from tests.learning.conftest import Learner

READING = "/learning/courses/every-kind/read-and-look"
ASKING = "/learning/courses/every-kind/every-question"


@pytest.fixture
def short(any_learner: Learner, app_settings: Settings) -> Learner:
    """Somebody with a course of one lesson: a text, a question, a step in life, a gentler way."""
    lesson = a_lesson(
        "one",
        a_text(),
        a_choice("q"),
        practice_in_life="계약서를 **한 번** 더 읽어 보세요.",
        notice="fraud",
        alternative="글로만 읽어도 돼요.",
    )
    published(
        any_learner.database,
        a_course("c", lesson, hours="2.50"),
        folder=app_settings.media,
        now=NOON,
    )
    return any_learner


LESSON = "/learning/courses/c/one"


def seen_forms(learner: Learner, path: str) -> list[Form]:
    return [form for form in learner.open(path).forms if form.action == f"{path}/seen"]


def finish(learner: Learner) -> None:
    """Walk through the lesson of `short` to its end."""
    for form in seen_forms(learner, LESSON):
        assert form.send(learner.client).status_code == 303
    question = learner.question("c", "one", "q")
    question.choose("answer", "wrong")
    assert question.send(learner.client).status_code == 303


def test_the_screens_of_a_lesson_lead_from_one_to_the_next_and_to_the_end(
    learner: Learner,
) -> None:
    forms = seen_forms(learner, READING)
    assert len(forms) > 2
    for number, form in enumerate(forms):
        answer = form.send(learner.client)
        assert answer.status_code == 303
        if number + 1 < len(forms):
            target, _, anchor = answer.location.partition("#")
            assert anchor in learner.open(target).ids
            assert anchor == forms[number + 1].section
    assert answer.location.endswith(f"{READING}/end")
    assert not learner.open(answer.location).to(f"{READING}#")
    assert learner.progress("every-kind", "read-and-look").completed_at


def test_a_part_of_the_page_that_was_seen_is_told_without_a_page(learner: Learner) -> None:
    form = seen_forms(learner, READING)[0]
    answer = form.send(learner.client, part=True)
    assert (answer.status_code, answer.data) == (204, b"")
    assert learner.progress("every-kind", "read-and-look").seen


def test_the_end_says_what_is_left_and_leads_there(short: Learner) -> None:
    page = short.open(f"{LESSON}/end")
    assert page.to(f"{LESSON}#") == [f"{LESSON}#b-q"]
    assert "b-q" in short.open(LESSON).ids
    question = short.question("c", "one", "q")
    question.choose("answer", "right")
    question.send(short.client)
    page = short.open(f"{LESSON}/end")
    assert page.to(f"{LESSON}#") == [f"{LESSON}#b-start~1"]


def test_a_certificate_exists_only_after_the_course_is_finished(short: Learner) -> None:
    path = "/learning/courses/c/certificate"
    early = short.client.get(path)
    assert early.status_code == 302
    assert early.location == "/learning/courses/c"
    assert "수료증" in short.open("/learning/courses/c").text
    assert not short.open("/learning/courses/c").to(path)

    finish(short)

    page = short.open(path)
    (code,) = re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", page.text)
    assert "계약서 읽기" in page.text
    assert "2.5시간" in page.text
    assert short.person.nickname not in page.text
    for place in ("/learning/courses/c", f"{LESSON}/end", "/learning/done"):
        assert short.open(place).to(path) == [path]
    finish(short)
    assert code in short.open(path).text


def test_whoever_has_the_code_learns_the_course_and_nothing_about_the_person(
    short: Learner, any_app: Flask
) -> None:
    finish(short)
    with short.database.reading() as session:
        completion = progress.completion(session, short.person.account_id, "c")
    assert completion is not None
    stranger = any_app.test_client()
    page = Page(stranger.get("/progress/certificates").text)
    form = page.form("/progress/certificates")
    form.type("code", f" {completion.code.lower().replace('-', ' ')} ")
    answer = form.send(stranger)
    assert answer.status_code == 302
    answer = stranger.get(answer.location)
    assert answer.status_code == 200
    assert "계약서 읽기" in answer.text
    for secret in (short.person.nickname, short.person.public_id, "data-who", "wrong"):
        assert secret not in answer.text
    assert "Set-Cookie" not in answer.headers or "visit" not in answer.headers["Set-Cookie"]


@pytest.mark.parametrize("code", ["ZZZZ-ZZZZ-ZZZZ", "가나다", "'; DROP TABLE x", "x" * 300])
def test_a_code_that_does_not_exist_is_told_kindly(any_app: Flask, code: str) -> None:
    answer = any_app.test_client().get(f"/progress/certificates/{quote(code, safe='%')}")
    assert answer.status_code == 404
    assert "저희 쪽에서 문제가" not in answer.text
    (field,) = Page(answer.text).form("/progress/certificates").named("code")
    assert field.value, "nobody types a long code twice because of one letter"


def test_the_gentler_way_counts_as_the_lesson(short: Learner) -> None:
    page = short.open(LESSON)
    assert str(NOTICES["fraud"]) in page.text
    assert page.to("#alternative")
    answer = page.form(f"{LESSON}/alternative").send(short.client)
    assert answer.status_code == 303
    end = short.open(answer.location)
    assert end.to("/learning/courses/c/certificate")
    assert short.progress("c", "one").completed_at


def test_a_lesson_without_a_gentler_way_has_none_to_take(learner: Learner) -> None:
    assert learner.client.post(f"{ASKING}/alternative").status_code == 404


def note_form(learner: Learner) -> Form:
    return learner.open(f"{LESSON}/end").form(f"{LESSON}/note")


def test_a_note_is_kept_and_an_empty_one_removes_it(short: Learner) -> None:
    form = note_form(short)
    form.type("note", "내일 다시 읽기\n<b>꼭</b>")
    assert form.send(short.client).status_code == 303
    again = note_form(short)
    assert dict(again.fields())["note"] == "내일 다시 읽기\n<b>꼭</b>"
    again.type("note", "")
    answer = again.send(short.client)
    assert short.open(answer.location)
    assert dict(note_form(short).fields())["note"] == ""


def test_a_note_that_is_too_long_is_refused_and_stays_on_the_screen(short: Learner) -> None:
    form = note_form(short)
    form.type("note", "가" * 4001)
    answer = form.send(short.client)
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "4000자" in page.text
    assert dict(page.form(f"{LESSON}/note").fields())["note"] == "가" * 4001
    assert dict(note_form(short).fields())["note"] == ""


def test_bookmarks_are_set_found_again_and_taken_away(learner: Learner) -> None:
    def form() -> Form:
        forms = [form for form in learner.open(READING).forms if "/bookmark/" in form.action]
        return forms[1]

    block = form().action.rpartition("/")[2]
    answer = form().send(learner.client)
    assert answer.status_code == 303
    assert answer.location.endswith(f"#s-{block}")
    done = learner.open("/learning/done")
    (there,) = [href for href, _ in done.links if href.startswith(READING)]
    assert there == f"{READING}#s-{block}"
    assert f"s-{block}" in learner.open(READING).ids
    form().send(learner.client)
    assert learner.progress("every-kind", "read-and-look").bookmarks == ()
    assert learner.client.post(f"{READING}/bookmark/strange", data={"on": "yes"}).status_code == 404


def test_a_private_text_is_shown_to_a_mentor_only_when_its_writer_says_so(
    learner: Learner,
) -> None:
    form = learner.question("every-kind", "every-question", "q-think")
    form.type("answer", "나만의 글")
    form.send(learner.client)
    path = f"{ASKING}/show/q-think"
    for expected in (True, False):
        assert learner.open(ASKING).form(path).send(learner.client).status_code == 303
        with learner.database.reading() as session:
            notes = progress.reflections(
                session, learner.person.account_id, "every-kind", "every-question"
            )
        assert notes["q-think"].shown is expected
        page = learner.open(ASKING)
        assert ("멘토에게 보여 주고 있어요." in page.text) is expected
        assert ("적어 두었어요. 나만 볼 수 있어요." in page.text) is not expected


def test_a_text_can_be_shown_as_soon_as_it_is_written_and_says_who_reads_it(
    learner: Learner,
) -> None:
    form = learner.question("every-kind", "every-question", "q-think")
    form.type("answer", "나만의 글")
    piece = Page(form.send(learner.client, part=True).text)
    show = piece.form(f"{ASKING}/show/q-think")
    assert "나만 볼 수 있어요." in piece.text
    show.send(learner.client)
    form = learner.question("every-kind", "every-question", "q-think")
    form.type("answer", "고친 글")
    piece = Page(form.send(learner.client, part=True).text)
    assert "고쳐 적으면 고친 글이 보여요." in piece.text
    assert "나만 볼 수" not in piece.text
    (button,) = piece.form(f"{ASKING}/show/q-think").buttons()
    assert button.value == "no"


def test_too_low_a_score_leads_to_a_question_that_could_bring_more(
    any_learner: Learner, app_settings: Settings
) -> None:
    lesson = a_lesson(
        "one",
        a_text(),
        a_choice("q"),
        a_choice("q-two"),
        min_score=80,
    )
    published(any_learner.database, a_course("c", lesson), folder=app_settings.media, now=NOON)
    for block, value in (("q", "right"), ("q-two", "wrong")):
        form = any_learner.question("c", "one", block)
        form.choose("answer", value)
        form.send(any_learner.client)
    for form in seen_forms(any_learner, LESSON):
        form.send(any_learner.client)
    page = any_learner.open(f"{LESSON}/end")
    assert page.hrefs("다시 풀어 보기") == [f"{LESSON}#b-q-two"]


def test_nobody_is_sent_to_an_explanation_that_is_not_there(learner: Learner) -> None:
    for block, explained in (("q-copies", True), ("q-pay", False)):
        form = learner.question("every-kind", "every-question", block)
        if explained:
            form.choose("answer", "one")
        else:
            form.type("answer", "1")
        said = Page(form.send(learner.client, part=True).text).text
        assert "아직이에요." in said
        assert ("풀이를 보고" in said) is explained


def test_words_of_a_lesson_are_kept_marked_and_dropped(learner: Learner) -> None:
    page = learner.open(ASKING)
    forms = [form for form in page.forms if form.action.startswith("/learning/words/")]
    assert forms
    for form in (forms[0], forms[0]):
        answer = form.send(learner.client)
        assert answer.status_code == 303
        assert answer.location == ASKING
    words = learner.open("/learning/words")
    (drop,) = [form for form in words.forms if form.action.endswith("/drop")]
    for form in [form for form in words.forms if form.action.endswith("/unused")]:
        assert form.send(learner.client).status_code == 303
        forms = learner.open("/learning/words").forms
        assert [
            button.value for other in forms for button in other.buttons() if button.name == "unused"
        ] == ["no"]
    assert drop.send(learner.client).status_code == 303
    assert not [f for f in learner.open("/learning/words").forms if f.action.endswith("/drop")]
    assert learner.client.post("/learning/words/no-such-word").status_code == 404


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/accounts/", ""])
def test_keeping_a_word_never_leads_out_of_the_house(learner: Learner, target: str) -> None:
    page = learner.open(ASKING)
    form = next(form for form in page.forms if form.action.startswith("/learning/words/"))
    answer = learner.client.post(form.action, data={"next": target})
    assert answer.location == "/learning/words"


def test_what_was_done_stays_when_the_course_is_retired(short: Learner) -> None:
    finish(short)
    with short.database.writing() as session:
        catalog.retire(session, "c", now=NOON)
    assert "계약서 읽기" not in short.open("/learning/").text
    done = short.open("/learning/done")
    assert "계약서 읽기" in done.text
    assert short.open(done.to("/learning/courses/c/certificate")[0])
    assert short.open(LESSON)


def test_the_search_page_keeps_the_query_and_leads_to_the_lesson(learner: Learner) -> None:
    form = learner.open("/learning/search").form("/learning/search")
    form.type("q", "손전화")
    answer = form.send(learner.client)
    page = Page(answer.text)
    assert dict(page.form("/learning/search").fields())["q"] == "손전화"
    assert "휴대전화" in page.text
    for href, _ in page.links:
        if href.startswith("/learning/courses/"):
            learner.open(href)


@pytest.mark.parametrize(
    "query",
    [
        "%",
        "_",
        "\\",
        "'; DROP TABLE account; --",
        "ㄱ" * 1000,
        "<script>",
        "  ",
        "없는말없는말",
    ],
)
def test_any_query_gives_a_page(short: Learner, query: str) -> None:
    answer = short.client.get("/learning/search", query_string={"q": query})
    assert answer.status_code == 200
    assert "<script>" not in answer.text.replace("<script src", "")


def test_a_query_in_pieces_is_as_long_as_any_other(short: Learner) -> None:
    query = "계약서를 두 장 써요." * 3
    answer = short.client.get(
        "/learning/search", query_string={"q": unicodedata.normalize("NFD", query)}
    )
    assert query in Page(answer.text).text + str(Page(answer.text).forms)


@pytest.mark.parametrize(
    "path",
    [
        "/learning/courses/no-such-course",
        "/learning/courses/no-such-course/certificate",
        "/learning/courses/c/no-such-lesson",
        "/learning/courses/c/no-such-lesson/end",
        "/learning/courses/%00",
        "/learning/courses/c/%00",
        "/learning/courses/%ED%A0%80/one",
        "/learning/courses/' OR 1=1/one",
    ],
)
def test_what_is_not_there_is_a_kind_page_and_never_a_failure(short: Learner, path: str) -> None:
    answer = short.client.get(path)
    assert answer.status_code in {302, 400, 404}
    assert "저희 쪽에서 문제가" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/learning/courses/%00/one/answer/q",
        f"{LESSON}/answer/%00",
        "/learning/courses/c/%00/seen",
        f"{LESSON}/bookmark/%00",
        f"{LESSON}/show/%00",
        "/learning/words/%00",
        "/learning/words/%00/drop",
        "/learning/words/%00/unused",
    ],
)
def test_a_strange_address_keeps_nothing_and_breaks_nothing(short: Learner, path: str) -> None:
    answer = short.client.post(path, data={"answer": "right"})
    assert answer.status_code in {400, 404}
    assert learner_has_done_nothing(short)


@pytest.mark.parametrize("letter", ["\0", "\ud800", "\uffff", "\u202e"])
def test_strange_letters_in_what_is_sent_break_nothing(short: Learner, letter: str) -> None:
    posts = {
        f"{LESSON}/answer/q": {"answer": "right", f"x{letter}": letter, "id": letter * 10},
        f"{LESSON}/seen": {"block": letter, "at": letter, "next": "start~1"},
        f"{LESSON}/note": {"note": f"말{letter}말"},
    }
    for path, data in posts.items():
        body = "&".join(
            f"{quote(name.encode('utf-8', 'surrogatepass'))}"
            f"={quote(value.encode('utf-8', 'surrogatepass'))}"
            for name, value in data.items()
        )
        answer = short.client.post(
            path, data=body, content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code == (400 if letter == "\0" else 303), path
    query = quote(letter.encode("utf-8", "surrogatepass"))
    assert short.client.get(f"/learning/search?q={query}").status_code < 500


def learner_has_done_nothing(learner: Learner) -> bool:
    with learner.database.reading() as session:
        return not progress.marks(session, learner.person.account_id)


def test_courses_for_mentors_are_not_there_for_learners(
    client: FlaskClient, sqlite_database: Database, app_settings: Settings
) -> None:
    made = a_course("mentors", audience="mentor", title="멘토의 첫걸음")
    published(sqlite_database, made, folder=app_settings.media, now=NOON)
    paths = ("/learning/courses/mentors", "/learning/courses/mentors/one")
    for role, status in ((Role.LEARNER, 404), (Role.MENTOR, 200)):
        signed_in(client, sqlite_database, "", role, now=utc_now())
        assert [client.get(path).status_code for path in paths] == [status] * 2
        assert ("멘토의 첫걸음" in client.get("/learning/").text) == (status == 200)
    signed_in(client, sqlite_database, now=utc_now())
    assert client.post(f"{paths[1]}/answer/q-one", data={"answer": "right"}).status_code == 404


def test_an_english_reader_is_told_what_is_only_in_korean(learner: Learner) -> None:
    with learner.database.writing() as session:
        session.get_one(Account, learner.person.account_id).language = "en"
    html = learner.client.get(READING).text
    assert '<html lang="en"' in html
    assert '<div class="screens" lang="' in html


def test_the_whole_sample_can_be_finished_with_forms_alone(learner: Learner) -> None:
    """Every screen, every question, both lessons, the certificate: without a script."""
    for lesson in ("read-and-look", "every-question"):
        path = f"/learning/courses/every-kind/{lesson}"
        for form in seen_forms(learner, path):
            form.send(learner.client)
    course = codec.decode(disk.read(EVERY_KIND).files).course
    assert course is not None
    for question in course.lesson("every-question").blocks:
        if not isinstance(question, model.Question) or isinstance(question, model.Checklist):
            continue
        form = learner.question("every-kind", "every-question", question.key)
        if isinstance(question, model.Scenario):
            for step in way_to(question, ("good",)) or ():
                button = next(button for button in form.buttons() if button.value == step)
                answer = form.send(learner.client, button)
                if answer.status_code == 200:
                    form = Page(answer.text).form(form.action.split("#")[0])
        else:
            fill_right(form, question)
            answer = form.send(learner.client)
        assert answer.status_code == 303, question.key
    assert learner.progress("every-kind", "every-question").completed_at
    page = learner.open("/learning/courses/every-kind/certificate")
    assert "모든 블록을 한 번씩" in page.text
