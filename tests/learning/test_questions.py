"""Every kind of question, answered through the page's own form as a browser without JavaScript does."""

from collections.abc import Iterator

import pytest

from academy.catalog import disk
from academy.document import codec, model
from academy.learning.routes import VERDICTS
from tests.builders.answers import fill_half, fill_right, fill_wrong, way_to
from tests.builders.catalog import EVERY_KIND
from tests.builders.pages import Page
from tests.learning.conftest import SHIPPED, Learner


def questions(*unlike: type[model.Question]) -> Iterator[object]:
    """Every question of the sample, and one of each kind of a course that ships."""
    seen = set()
    for folder in (EVERY_KIND, SHIPPED):
        course = codec.decode(disk.read(folder).files).course
        assert course is not None
        for lesson in course.lessons():
            for block in lesson.blocks:
                if not isinstance(block, model.Question) or isinstance(block, unlike):
                    continue
                kind = (course.key, type(block)) if folder is SHIPPED else block
                if id(kind) in seen or kind in seen:
                    continue
                seen.add(kind if isinstance(kind, tuple) else id(kind))
                yield pytest.param(course.key, lesson.key, block, id=f"{course.key}-{block.key}")


JUDGED = list(questions(model.Reflection, model.Checklist, model.Scenario))
TALKS = [
    entry
    for entry in questions()
    if isinstance(entry.values[2], model.Scenario)  # type: ignore[attr-defined]
]


@pytest.mark.parametrize(("course", "lesson", "question"), JUDGED)
def test_a_right_answer_is_kept_and_said(
    learner: Learner, course: str, lesson: str, question: model.AnyQuestion
) -> None:
    form = learner.question(course, lesson, question.key)
    fill_right(form, question)
    sent = form.fields()

    answer = form.send(learner.client)

    assert answer.status_code == 303
    assert answer.location.endswith(f"/learning/courses/{course}/{lesson}#b-{question.key}")
    entry = learner.progress(course, lesson).answers[question.key]
    assert (entry["verdict"], entry["points"]) == ("right", question.points)
    page = learner.open(f"/learning/courses/{course}/{lesson}")
    assert str(VERDICTS["right"]) in page.text
    again = page.form(f"/learning/courses/{course}/{lesson}/answer/{question.key}")
    assert without_id(again.fields()) == without_id(sent)


def unanswered(learner: Learner) -> list[str]:
    """What is said about a question that was sent as it stood."""
    form = learner.question("every-kind", "every-question", "q-copies")
    alerts = Page(form.send(learner.client).text).alerts
    assert len(alerts) == 1
    return alerts


def without_id(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in fields if name != "id"]


@pytest.mark.parametrize(("course", "lesson", "question"), JUDGED)
def test_a_wrong_answer_is_kept_said_gently_and_can_be_bettered(
    learner: Learner, course: str, lesson: str, question: model.AnyQuestion
) -> None:
    form = learner.question(course, lesson, question.key)
    fill_wrong(form, question)
    assert form.send(learner.client).status_code == 303
    entry = learner.progress(course, lesson).answers[question.key]
    assert entry["verdict"] in {"wrong", "partly"}
    assert entry["points"] < question.points
    page = learner.open(f"/learning/courses/{course}/{lesson}")
    # What follows the first word depends on whether there is an explanation to read.
    assert str(VERDICTS[entry["verdict"]]).split(" ")[0] in page.text

    better = page.form(f"/learning/courses/{course}/{lesson}/answer/{question.key}")
    fill_right(better, question)
    assert better.send(learner.client).status_code == 303
    entry = learner.progress(course, lesson).answers[question.key]
    assert (entry["verdict"], entry["tries"]) == ("right", 2)


@pytest.mark.parametrize(("course", "lesson", "question"), JUDGED)
@pytest.mark.parametrize("part", [False, True], ids=["page", "part"])
def test_an_answer_that_is_not_whole_is_not_kept_and_nothing_typed_is_lost(
    learner: Learner, course: str, lesson: str, question: model.AnyQuestion, *, part: bool
) -> None:
    form = learner.question(course, lesson, question.key)
    fill_half(form, question)
    sent = form.fields()

    answer = form.send(learner.client, part=part)

    assert answer.status_code == 422
    page = Page(answer.text)
    assert page.alerts == unanswered(learner)
    assert question.key not in learner.progress(course, lesson).answers
    again = page.form(f"/learning/courses/{course}/{lesson}/answer/{question.key}")
    assert without_id(again.fields()) == without_id(sent)
    assert dict(again.fields())["id"] != dict(sent)["id"]


@pytest.mark.parametrize(("course", "lesson", "question"), JUDGED)
def test_the_script_is_given_the_question_and_nothing_else(
    learner: Learner, course: str, lesson: str, question: model.AnyQuestion
) -> None:
    form = learner.question(course, lesson, question.key)
    fill_right(form, question)
    answer = form.send(learner.client, part=True)
    assert answer.status_code == 200
    html = answer.text.strip()
    assert html.startswith("<section")
    assert html.endswith("</section>")
    assert html.count("<section") == 1
    page = Page(html)
    assert f"b-{question.key}" in page.ids
    assert [form.action for form in page.forms] == [
        f"/learning/courses/{course}/{lesson}/answer/{question.key}#b-{question.key}"
    ]
    assert str(VERDICTS["right"]) in page.text


@pytest.mark.parametrize(("course", "lesson", "question"), TALKS)
@pytest.mark.parametrize("ends", [("good", "fine"), ("poor",)], ids=["good", "poor"])
def test_a_talk_is_walked_through_reply_by_reply(
    learner: Learner, course: str, lesson: str, question: model.Scenario, ends: tuple[str, ...]
) -> None:
    way = way_to(question, ends)
    assert way, "the sample has an end of every kind"
    action = f"/learning/courses/{course}/{lesson}/answer/{question.key}"
    form = learner.question(course, lesson, question.key)
    for number, step in enumerate(way, 1):
        button = next(button for button in form.buttons() if button.value == step)
        answer = form.send(learner.client, button)
        if number < len(way):
            assert answer.status_code == 200
            assert question.key not in learner.progress(course, lesson).answers
            form = Page(answer.text).form(action)
            assert [v for name, v in form.fields() if name == "answer"] == way[:number]
    assert answer.status_code == 303
    entry = learner.progress(course, lesson).answers[question.key]
    assert entry["verdict"] == ("wrong" if ends == ("poor",) else "right")
    page = learner.open(f"/learning/courses/{course}/{lesson}")
    (again,) = page.to(f"/learning/courses/{course}/{lesson}?again=")
    fresh = learner.open(again).form(action)
    assert not [name for name, _ in fresh.fields() if name == "answer"]
    assert fresh.buttons()


@pytest.mark.parametrize(
    ("question", "text", "limit"),
    [("q-word", "가" * 501, 500), ("q-pay", "1" * 501, 500), ("q-think", "가" * 4001, 4000)],
)
def test_what_is_too_long_is_not_kept_and_not_lost(
    learner: Learner, question: str, text: str, limit: int
) -> None:
    form = learner.question("every-kind", "every-question", question)
    form.type("answer", text)
    answer = form.send(learner.client)
    assert answer.status_code == 422
    page = Page(answer.text)
    assert f"{limit}자" in page.text
    again = page.form(f"/learning/courses/every-kind/every-question/answer/{question}")
    assert dict(again.fields())["answer"] == text
    assert not learner.progress("every-kind", "every-question").answers


@pytest.mark.parametrize(
    ("question", "fields"),
    [
        ("q-copies", {"answer": "three"}),
        ("q-copies", {"answer": ["one", "two"]}),
        ("q-must", {"answer": "no-such-option"}),
        ("q-steps", {"answer": "x"}),
        ("q-desks", {"pair-x": "y"}),
        ("q-groups", {"group-x": "y"}),
        ("q-fill", {"blank-0": "없는 낱말", "blank-1": "나도"}),
        ("q-fill", {"blank-9": "나도"}),
        ("q-call", {"answer": "nowhere"}),
        ("my-phone", {"answer": "x"}),
    ],
)
def test_an_answer_the_page_cannot_have_sent_is_refused_in_plain_words(
    learner: Learner, question: str, fields: dict[str, object]
) -> None:
    path = f"/learning/courses/every-kind/every-question/answer/{question}"
    answer = learner.client.post(path, data=fields)
    assert answer.status_code == 422
    (said,) = Page(answer.text).alerts
    assert [said] != unanswered(learner)
    assert not learner.progress("every-kind", "every-question").answers


@pytest.mark.parametrize("block", ["no-such-block", "start~1", "practice"])
def test_an_answer_to_what_is_no_question_is_not_found(learner: Learner, block: str) -> None:
    path = f"/learning/courses/every-kind/every-question/answer/{block}"
    assert learner.client.post(path, data={"answer": "x"}).status_code == 404


def test_a_pair_cannot_be_answered_by_sending_its_own_key(learner: Learner) -> None:
    """The page mixes the right sides and names them so that nothing tells where they belong."""
    form = learner.question("every-kind", "every-question", "q-desks")
    names = [control.name for control in form.controls if control.name.startswith("pair-")]
    html = learner.client.get("/learning/courses/every-kind/every-question").text
    fields = {name: name.removeprefix("pair-") for name in names}
    answer = learner.client.post(form.action.split("#")[0], data=fields)
    assert answer.status_code == 422
    shown = {value for control in form.controls for value, _ in control.options if value}
    assert shown
    assert not [value for value in shown if f"pair-{value}" in html]
    assert not learner.progress("every-kind", "every-question").answers


def test_an_answer_without_an_id_or_with_a_strange_one_is_kept(learner: Learner) -> None:
    path = "/learning/courses/every-kind/every-question/answer/q-copies"
    for id_ in ({}, {"id": ""}, {"id": "<script>"}, {"id": "가" * 500}):
        assert learner.client.post(path, data={"answer": "one", **id_}).status_code == 303
    entry = learner.progress("every-kind", "every-question").answers["q-copies"]
    assert entry["tries"] == 4


def test_the_same_form_sent_twice_counts_once(learner: Learner) -> None:
    form = learner.question("every-kind", "every-question", "q-copies")
    form.choose("answer", "one")
    assert [form.send(learner.client).status_code for _ in range(2)] == [303, 303]
    assert learner.progress("every-kind", "every-question").answers["q-copies"]["tries"] == 1


def test_the_page_before_an_answer_holds_no_right_answer_and_no_feedback(learner: Learner) -> None:
    html = learner.client.get("/learning/courses/every-kind/every-question").text
    for secret in (
        "한 장은 내가 가지고",
        "표준근로계약서",
        "82560",
        "계약서를 받는 것은",
        "misconception",
        "한 장이면 된다",
    ):
        assert secret not in html


def test_a_private_text_is_shown_again_to_its_writer(learner: Learner) -> None:
    form = learner.question("every-kind", "every-question", "q-think")
    form.type("answer", "</textarea><b>나만 아는 말</b>\n둘째 줄")
    assert form.send(learner.client).status_code == 303
    again = learner.question("every-kind", "every-question", "q-think")
    assert dict(again.fields())["answer"] == "</textarea><b>나만 아는 말</b>\n둘째 줄"
    entry = learner.progress("every-kind", "every-question").answers["q-think"]
    assert "나만 아는" not in repr(entry)
    assert (entry["verdict"], entry["points"]) == ("noted", 0)


def test_lines_of_a_private_text_count_once_each(learner: Learner) -> None:
    """A browser counts the end of a line as one character and sends two."""
    form = learner.question("every-kind", "every-question", "q-think")
    form.type("answer", "가\n" * 1999 + "가나")
    assert form.send(learner.client).status_code == 303
