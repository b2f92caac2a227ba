"""The learner's pages. Everything works without JavaScript; with it the same parts are exchanged without a reload."""

import json
import secrets
import unicodedata
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from academy.accounts.api import Action, allow, current
from academy.catalog import api as catalog
from academy.catalog.api import PublishedLesson
from academy.document.render import Part, feedback_html
from academy.kernel.clock import utc_now
from academy.kernel.db import reading, unit_of_work
from academy.kernel.i18n import _, _l, language
from academy.kernel.ids import is_client_id
from academy.learning import queries, service
from academy.learning.queries import LessonPage
from academy.learning.service import AnswerIncomplete, AnswerTooLong, AnswerUnknown
from academy.progress import api as progress

bp = Blueprint("learning", __name__, url_prefix="/learning", template_folder="templates")

TRACKS = {
    "settle": _l("정착과 생활"),
    "digital": _l("디지털 생활과 안전"),
    "work": _l("일과 직업"),
    "money": _l("돈과 창업"),
    "language": _l("말과 글"),
    "civic": _l("시민과 공동체"),
    "mentor": _l("멘토의 배움"),
}
LEVELS = {1: _l("첫걸음"), 2: _l("기본"), 3: _l("더 나아가기")}
NOTICES = {
    "fraud": _l("이 차시에는 사기 이야기가 나와요. 지금 보지 않아도 괜찮아요."),
    "violence": _l("이 차시에는 폭력 이야기가 나와요. 지금 보지 않아도 괜찮아요."),
    "family": _l("이 차시에는 가족 이야기가 나와요. 지금 보지 않아도 괜찮아요."),
    "health": _l("이 차시에는 몸과 마음이 아픈 이야기가 나와요. 지금 보지 않아도 괜찮아요."),
}
VERDICTS = {
    "right": _l("맞았어요."),
    "close": _l("거의 맞았어요. 글자를 한 번 더 볼까요?"),
    "partly": _l("일부는 맞았어요. 남은 것을 더 살펴볼까요?"),
    "wrong": _l("아직이에요. 풀이를 보고 다시 해 볼까요?"),
    "noted": _l("적어 두었어요. 나만 볼 수 있어요."),
}
ANSWER_NOTES = {
    "spelling": _l("뜻은 맞았어요. 적는 법만 한 번 더 볼까요?"),
    "keyboard": _l("자판이 영어로 되어 있었나 봐요. 한글로 바꾸어 보세요."),
    "unit": _l("수는 맞았어요. 단위를 다시 볼까요?"),
    "not-a-number": _l("숫자로 적어 주세요. ‘1만 2천’처럼 적어도 돼요."),
}
TONES = {
    "tip": _l("알아 두면 좋아요"),
    "note": _l("덧붙이는 말"),
    "warning": _l("조심해요"),
    "story": _l("이야기"),
}


@bp.app_context_processor
def _wording() -> dict[str, Any]:
    return {
        "TRACKS": TRACKS,
        "LEVELS": LEVELS,
        "NOTICES": NOTICES,
        "VERDICTS": VERDICTS,
        "TONES": TONES,
        "ANSWER_NOTES": ANSWER_NOTES,
        "fresh_question": _fresh_question,
        "general_feedback": _general_feedback,
        "part_label": _part_label,
    }


def _general_feedback(lesson: PublishedLesson, part: Part) -> str:
    """The explanation that is shown whatever was answered, as safe HTML."""
    question = lesson.questions.get(part.key)
    return feedback_html(lesson.rendered, question.feedback) if question else ""


# What a question looks like before it is answered is the same for everybody: it is made once in a process. A revision never
# changes, so what was made stays right; the oldest go when there are too many.
_FRESH_MOST = 1024
_fresh: OrderedDict[tuple[str, ...], str] = OrderedDict()
_PAGE_ID = "page-id-of-this-page"


def _fresh_question(lesson: PublishedLesson, part: Part, page_id: str) -> Markup:
    """A question that was not answered yet, for the page with this id."""
    easy = "easy" if g.get("easy") else ""
    key = (lesson.course_key, lesson.digest, lesson.place.key, part.key, language(), easy)
    html = _fresh.get(key)
    if html is None:
        html = _question_html(lesson, part, page_id=_PAGE_ID)
        _fresh[key] = html
        while len(_fresh) > _FRESH_MOST:
            _fresh.popitem(last=False)
    return Markup(html.replace(_PAGE_ID, page_id))  # noqa: S704  made by our own template


def _question_html(
    lesson: PublishedLesson,
    part: Part,
    *,
    page_id: str,
    entry: Any = None,
    note: Any = None,
    draft: Any = None,
) -> str:
    """One question in whatever state, as on a whole page."""
    return render_template(
        "learning/question_part.html",
        lesson=lesson,
        part=part,
        entry=entry,
        note=note,
        draft=draft,
        page_id=page_id,
    )


def _part_label(part: Part, key: str) -> str:
    """The words beside one part of an answer, as safe HTML; empty when the part has no name."""
    if part.kind == "blanks":
        return _("%(number)s번째 빈칸", number=int(key) + 1) if key.isdigit() else ""
    named = (*part.items, *part.lefts)
    return next((item.html for item in named if item.key == key), "")


def _wants_part() -> bool:
    """Whether our own script asks for a piece of the page instead of a whole one."""
    return "X-Part" in request.headers


def _client_id(fields: Mapping[str, list[str]]) -> str:
    """The browser's id of this answer, and a mark of what was answered.

    Without JavaScript a page carries one id: sending it twice is one answer, but going back and choosing something
    else is another.
    """
    given = request.form.get("id", "")
    if not is_client_id(given):
        return secrets.token_urlsafe(12)
    return f"{given}.{sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:12]}"


@bp.get("/")
@allow(Action.BROWSE_COURSES)
def home() -> ResponseReturnValue:
    return render_template("learning/home.html", home=queries.home(reading(), current()))


@bp.get("/courses/<course>")
@allow(Action.BROWSE_COURSES)
def course(course: str) -> ResponseReturnValue:
    return render_template(
        "learning/course.html", page=queries.course_page(reading(), course, current())
    )


# The player


def _lesson_html(
    page: LessonPage, *, again: str, drafts: Mapping[str, Mapping[str, Any]] | None = None
) -> str:
    return render_template(
        "learning/lesson.html",
        page=page,
        page_id=secrets.token_urlsafe(9),
        again=again,
        drafts=drafts or {},
    )


@bp.get("/courses/<course>/<lesson>")
@allow(Action.TAKE_COURSE)
def lesson(course: str, lesson: str) -> ResponseReturnValue:
    page = queries.lesson_page(reading(), course, lesson, current())
    return _lesson_html(page, again=request.args.get("again", ""))


@bp.post("/courses/<course>/<lesson>/answer/<block>")
@allow(Action.TAKE_COURSE)
def answer(course: str, lesson: str, block: str) -> ResponseReturnValue:
    person = current()
    fields = {name: values for name, values in request.form.lists() if name != "id"}
    try:
        # Read before the change begins: others wait for their turn only while something is written.
        published = queries.published_lesson(reading(), course, lesson, person)
        with unit_of_work() as session:
            answered = service.answer(
                session,
                published,
                block,
                fields,
                client_id=_client_id(fields),
                by=person,
                now=utc_now(),
            )
    except (AnswerIncomplete, AnswerTooLong, AnswerUnknown) as problem:
        return _answer_again(course, lesson, block, fields, problem)
    if not _wants_part():
        return redirect(
            url_for("learning.lesson", course=course, lesson=lesson, _anchor=f"b-{block}"), 303
        )
    note = None
    if published.rendered.part(block).kind == "reflection":
        text = (fields.get("answer") or [""])[0].strip()
        note = {"text": text, "shown": answered.to_mentor}
    return _question_html(
        published,
        published.rendered.part(block),
        page_id=secrets.token_urlsafe(9),
        entry=answered.recorded.answers.get(block),
        note=note,
    )


def _answer_again(
    course: str,
    lesson: str,
    block: str,
    fields: dict[str, list[str]],
    problem: AnswerIncomplete | AnswerTooLong | AnswerUnknown,
) -> ResponseReturnValue:
    """Show the question again with everything that was given, and what is missing."""
    page = queries.lesson_page(reading(), course, lesson, current())
    part = page.lesson.rendered.part(block)
    # Walking through a talk is not a mistake: the next line is shown.
    going_on = (
        part.kind == "scenario"
        and isinstance(problem, AnswerIncomplete)
        and bool(fields.get("answer"))
    )
    if isinstance(problem, AnswerTooLong):
        text = _("%(most)s자까지 쓸 수 있어요. 조금 줄여 주세요.", most=problem.most)
    elif isinstance(problem, AnswerUnknown):
        text = _("그사이에 문제가 바뀌었어요. 새 문제를 보고 다시 골라 주세요.")
    else:
        text = _("아직 답하지 않은 곳이 있어요. 마저 채우고 눌러 주세요.")
    draft = {"fields": fields, "problem": "" if going_on else text}
    status = 200 if going_on else problem.status
    if _wants_part():
        html = _question_html(
            page.lesson,
            part,
            page_id=secrets.token_urlsafe(9),
            entry=page.progress.answers.get(block),
            note=page.notes.get(block),
            draft=draft,
        )
        return html, status
    return _lesson_html(page, again="", drafts={block: draft}), status


@bp.post("/courses/<course>/<lesson>/seen")
@allow(Action.TAKE_COURSE)
def seen(course: str, lesson: str) -> ResponseReturnValue:
    """A screen was read: keep it, and go on to the next one or to the end of the lesson."""
    person = current()
    following = request.form.get("next", "")
    with unit_of_work() as session:
        published = queries.published_lesson(session, course, lesson, person)
        service.see(
            session,
            published,
            request.form.getlist("block"),
            at_block=following or request.form.get("at", ""),
            by=person,
            now=utc_now(),
        )
    if _wants_part():
        return "", 204
    if "finish" in request.form:
        return redirect(url_for("learning.finished", course=course, lesson=lesson), 303)
    return redirect(
        url_for("learning.lesson", course=course, lesson=lesson, _anchor=f"s-{following}"), 303
    )


@bp.post("/courses/<course>/<lesson>/alternative")
@allow(Action.TAKE_COURSE)
def alternative(course: str, lesson: str) -> ResponseReturnValue:
    person = current()
    with unit_of_work() as session:
        published = queries.published_lesson(session, course, lesson, person)
        service.take_alternative(session, published, by=person, now=utc_now())
    return redirect(url_for("learning.finished", course=course, lesson=lesson), 303)


@bp.get("/courses/<course>/<lesson>/end")
@allow(Action.TAKE_COURSE)
def finished(course: str, lesson: str) -> ResponseReturnValue:
    return _end_page(course, lesson)


def _end_page(course: str, lesson: str, *, draft: str | None = None, problem: str = "") -> str:
    person = current()
    page = queries.lesson_page(reading(), course, lesson, person)
    from_progress = page.progress
    return render_template(
        "learning/end.html",
        page=page,
        missing=progress.missing(page.goal, from_progress.seen, from_progress.answers),
        weakest=_weakest(page),
        completion=progress.completion(reading(), person.account_id, course),
        draft=draft,
        problem=problem,
    )


def _weakest(page: LessonPage) -> str:
    """The first question that could still bring points; empty when none could."""
    answers = page.progress.answers
    return next(
        (
            key
            for key, most in page.goal.counted.items()
            if key in answers and answers[key]["points"] < most
        ),
        "",
    )


@bp.post("/courses/<course>/<lesson>/note")
@allow(Action.KEEP_WORDS)
def note(course: str, lesson: str) -> ResponseReturnValue:
    person = current()
    text = request.form.get("note", "")
    try:
        with unit_of_work() as session:
            published = queries.published_lesson(session, course, lesson, person)
            service.keep_note(session, published, text, by=person, now=utc_now())
    except AnswerTooLong as problem:
        said = _("%(most)s자까지 쓸 수 있어요. 조금 줄여 주세요.", most=problem.most)
        return _end_page(course, lesson, draft=text, problem=said), problem.status
    flash(_("적어 두었어요. 나만 볼 수 있어요.") if text.strip() else _("메모를 지웠어요."))
    return redirect(url_for("learning.finished", course=course, lesson=lesson), 303)


@bp.post("/courses/<course>/<lesson>/show/<block>")
@allow(Action.KEEP_WORDS)
def show_reflection(course: str, lesson: str, block: str) -> ResponseReturnValue:
    person = current()
    with unit_of_work() as session:
        published = queries.published_lesson(session, course, lesson, person)
        service.show_reflection(
            session, published, block, shown=request.form.get("show") == "yes", by=person
        )
    return redirect(
        url_for("learning.lesson", course=course, lesson=lesson, _anchor=f"b-{block}"), 303
    )


@bp.post("/courses/<course>/<lesson>/bookmark/<block>")
@allow(Action.KEEP_WORDS)
def bookmark(course: str, lesson: str, block: str) -> ResponseReturnValue:
    person = current()
    on = request.form.get("on") == "yes"
    with unit_of_work() as session:
        published = queries.published_lesson(session, course, lesson, person)
        service.bookmark(session, published, block, on=on, by=person, now=utc_now())
    if _wants_part():
        return "", 204
    return redirect(
        url_for("learning.lesson", course=course, lesson=lesson, _anchor=f"s-{block}"), 303
    )


@bp.get("/courses/<course>/certificate")
@allow(Action.TAKE_COURSE)
def certificate(course: str) -> ResponseReturnValue:
    person = current()
    completion = progress.completion(reading(), person.account_id, course)
    if completion is None:
        flash(_("꼭 배울 차시를 모두 마치면 수료증을 받을 수 있어요."), "info")
        return redirect(url_for("learning.course", course=course))
    return render_template("learning/certificate.html", completion=completion)


# What I have done, words, search


@bp.get("/done")
@allow(Action.BROWSE_COURSES)
def done() -> ResponseReturnValue:
    return render_template("learning/done.html", courses=queries.done(reading(), current()))


@bp.get("/words")
@allow(Action.KEEP_WORDS)
def words() -> ResponseReturnValue:
    return render_template("learning/words.html", words=queries.my_words(reading(), current()))


def _back_to(default: str) -> str:
    target = request.form.get("next", "")
    return target if target.startswith("/learning/") and "//" not in target else default


@bp.post("/words/<word_id>")
@allow(Action.KEEP_WORDS)
def keep_word(word_id: str) -> ResponseReturnValue:
    person = current()
    with unit_of_work() as session:
        service.keep_word(session, word_id, by=person, now=utc_now())
    if _wants_part():
        return "", 204
    word = queries.word(word_id)
    flash(_("%(word)s[을/를] 내 낱말장에 담았어요.", word=word.south))
    return redirect(_back_to(url_for("learning.words")), 303)


@bp.post("/words/<word_id>/drop")
@allow(Action.KEEP_WORDS)
def drop_word(word_id: str) -> ResponseReturnValue:
    with unit_of_work() as session:
        service.drop_word(session, word_id, by=current())
    flash(_("낱말장에서 뺐어요."))
    return redirect(url_for("learning.words"), 303)


@bp.post("/words/<word_id>/unused")
@allow(Action.KEEP_WORDS)
def unused_word(word_id: str) -> ResponseReturnValue:
    with unit_of_work() as session:
        service.set_unused(
            session, word_id, unused=request.form.get("unused") == "yes", by=current()
        )
    return redirect(url_for("learning.words", _anchor=f"w-{word_id}"), 303)


@bp.get("/search")
@allow(Action.BROWSE_COURSES)
def search() -> ResponseReturnValue:
    person = current()
    # A keyboard that sends its syllables in pieces has no shorter queries than others.
    query = unicodedata.normalize("NFC", request.args.get("q", "")).strip()[:60]
    found = None
    if query:
        found = catalog.search(
            reading(), query, language=person.language, audiences=queries.audiences(person)
        )
    return render_template("learning/search.html", query=query, found=found)
