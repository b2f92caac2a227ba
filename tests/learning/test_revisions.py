"""However a course is edited between two answers, nothing that somebody did is lost."""

from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from academy.accounts import api as accounts
from academy.document import model
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from academy.learning.routes import VERDICTS
from academy.progress import api as progress
from tests.builders.accounts import signed_in
from tests.builders.answers import fill_right, fill_wrong
from tests.builders.catalog import a_choice, a_course, a_lesson, a_text, published
from tests.builders.pages import Page
from tests.conftest import NOON
from tests.learning.conftest import Learner

_numbers = count(1)


def a_question(kind: int, key: str) -> model.AnyQuestion:
    """A question under this key, of one of eleven kinds."""
    words = ("하나", "두울", "세엣")
    items = tuple(model.Item(key=f"i{n}", text=word) for n, word in enumerate(words))
    options = tuple(
        model.Option(key=f"o{n}", text=word, right=not n, feedback=f"{word}의 풀이")
        for n, word in enumerate(words)
    )
    made: list[model.AnyQuestion] = [
        a_choice(key),
        model.Choice(key=key, prompt="다른 보기예요.", options=options),
        model.Choices(key=key, prompt="모두 골라요.", options=options),
        model.TrueFalse(key=key, prompt="맞나요?", options=(options[0], options[1])),
        model.ShortText(key=key, prompt="적어요.", accepted=("계약서",)),
        model.Number(key=key, prompt="몇이에요?", value=3, unit="원"),  # type: ignore[arg-type]
        model.Order(key=key, prompt="차례로 놓아요.", items=items),
        model.Match(
            key=key,
            prompt="이어요.",
            left_title="왼쪽",
            right_title="오른쪽",
            pairs=tuple(
                model.Pair(key=f"p{n}", left=word, right=f"{word}짝")
                for n, word in enumerate(words)
            ),
        ),
        model.Sort(
            key=key,
            prompt="나누어요.",
            groups=(
                model.Group(key="g0", title="이쪽", items=items[:1]),
                model.Group(key="g1", title="저쪽", items=items[1:]),
            ),
        ),
        model.Blanks(key=key, prompt="채워요.", text="[[하나]] 다음 [[두울]]"),
        model.Reflection(key=key, prompt="적어 두어요."),
    ]
    return made[kind % len(made)]


@dataclass
class Draft:
    """A course in the hands of an author who changes whatever they like."""

    key: str
    title: str = "계약서 읽기"
    lessons: list[tuple[str, dict[str, Any], list[model.AnyBlock]]] = field(default_factory=list)
    bin: list[tuple[str, model.AnyBlock]] = field(default_factory=list)
    units: int = 1

    def course(self) -> model.Course:
        made = [
            a_lesson(key, *blocks, **{"title": f"차시 {key}", **fields})
            for key, fields, blocks in self.lessons
        ]
        cut = len(made) // self.units + 1
        units = [
            model.Unit(key=f"u{n}", title=f"단원 {n}", lessons=tuple(made[n * cut : (n + 1) * cut]))
            for n in range(self.units)
        ]
        return a_course(self.key, title=self.title).model_copy(
            update={"units": tuple(unit for unit in units if unit.lessons)}
        )

    def edit(self, what: str, a: int, b: int) -> None:
        key, fields, blocks = self.lessons[a % len(self.lessons)]
        at = b % len(blocks)
        block = blocks[at]
        new = f"n{next(_numbers)}"
        match what:
            case "rename":
                self.title, fields["title"] = f"이름 {a}", f"차시 이름 {b}"
            case "units":
                self.units = 1 + a % 3
            case "turn lessons":
                self.lessons.append(self.lessons.pop(a % len(self.lessons)))
            case "turn blocks":
                blocks.append(blocks.pop(at))
            case "new block":
                blocks.insert(at, a_question(a, new) if a % 2 else a_text(f"{new}~1", f"## {new}"))
            case "new lesson":
                self.lessons.insert(
                    a % len(self.lessons), (new, {}, [a_text(), a_question(b, f"{new}-q")])
                )
            case "delete block" if len(blocks) > 1:
                self.bin.append((key, blocks.pop(at)))
            case "restore block" if self.bin:
                where, old = self.bin.pop()
                for name, _, others in self.lessons:
                    if name == where:
                        others.append(old)
            case "delete lesson" if len(self.lessons) > 1:
                self.lessons.pop(a % len(self.lessons))
            case "retype" if isinstance(block, model.Question):
                blocks[at] = a_question(a + b, block.key)
            case "text" if isinstance(block, model.Text):
                blocks[at] = block.model_copy(update={"markdown": f"새 글 {a}"})
            case "asks":
                fields.update(required=bool(a % 3), min_score=b % 100 + 1 if b % 2 else None)


EDITS = (
    "rename", "units", "turn lessons", "turn blocks", "new block", "new lesson", "delete block",
    "restore block", "delete lesson", "retype", "retype", "text", "asks",
)  # fmt: skip
STEPS = st.lists(
    st.tuples(
        st.sampled_from((*EDITS, *["right", "wrong", "see"] * 4)),
        st.integers(0, 60),
        st.integers(0, 60),
    ),
    min_size=2,
    max_size=9,
)


@dataclass
class Memory:
    """What somebody did, as the test remembers it."""

    learner: Learner
    draft: Draft
    kept: dict[tuple[str, str], dict[str, list[str]]] = field(default_factory=dict)
    done: dict[str, Any] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)

    def answer(self, what: str, a: int, b: int) -> None:
        key, _, blocks = self.draft.lessons[a % len(self.draft.lessons)]
        asked = [block for block in blocks if isinstance(block, model.Question)]
        if what == "see" or not asked:
            answer = self.learner.client.post(
                f"/learning/courses/{self.draft.key}/{key}/seen",
                data={"block": [block.key for block in blocks], "at": blocks[b % len(blocks)].key},
            )
            assert answer.status_code == 303
            return
        question: Any = asked[b % len(asked)]
        form = self.learner.question(self.draft.key, key, question.key)
        if what == "right" or isinstance(question, model.Reflection):
            fill_right(form, question)
        else:
            fill_wrong(form, question)
        sent: dict[str, list[str]] = {}
        for name, value in form.fields():
            if name != "id":
                sent.setdefault(name, []).append(value)
        assert form.send(self.learner.client).status_code == 303, (question, sent)
        self.kept[key, question.key] = {} if isinstance(question, model.Reflection) else sent

    def check(self) -> None:
        course = self.draft.key
        for key, _, blocks in self.draft.lessons:
            page = self.learner.open(f"/learning/courses/{course}/{key}")
            answers = self.learner.progress(course, key).answers
            for block in blocks:
                if (key, block.key) in self.kept and isinstance(block, model.Question):
                    said = page.attributes[f"b-{block.key}"]["data-answered"]
                    assert said == answers[block.key]["verdict"]
                    # What follows the first word depends on whether there is an explanation to read.
                    assert str(VERDICTS[answers[block.key]["last"]]).split(" ")[0] in page.text
        for (key, block_key), sent in self.kept.items():
            stored = self.learner.progress(course, key).answers[block_key]
            assert stored["answer"]["fields"] == sent
        for key, at in self.done.items():
            assert self.learner.progress(course, key).completed_at == at
        with self.learner.database.reading() as session:
            account = self.learner.person.account_id
            marks = progress.marks(session, account, course)
            self.done = {mark.lesson_key: mark.completed_at for mark in marks if mark.completed_at}
            codes = [view.code for view in progress.completions(session, account)]
        assert codes[: len(self.codes)] == self.codes
        self.codes = codes

    def look_around(self) -> None:
        course = self.draft.key
        paths = ["/learning/", f"/learning/courses/{course}", "/learning/done"]
        paths += [f"/learning/courses/{course}/{key}/end" for key, _, _ in self.draft.lessons]
        for path in paths:
            page = self.learner.open(path)
            for href in page.hrefs("이어서 하기"):
                if href.startswith(f"/learning/courses/{course}"):
                    self.learner.open(href.partition("#")[0])


@settings(max_examples=15)
@given(steps=STEPS)
def test_a_new_revision_never_loses_work(
    any_app: Flask, database: Database, tmp_path: Path, steps: list[tuple[str, int, int]]
) -> None:
    number = next(_numbers)
    client = any_app.test_client()
    learner = Learner(client, database, signed_in(client, database, now=utc_now()))
    draft = Draft(f"course-{number}")
    for name, kinds in (("one", (0, 6)), ("two", (7,))):
        asked = [a_question(kind, f"q{kind}") for kind in kinds]
        draft.lessons.append((name, {}, [a_text(), *asked]))
    memory = Memory(learner, draft)
    published(database, draft.course(), folder=tmp_path, now=NOON)
    for what, a, b in steps:
        if what in EDITS:
            draft.edit(what, a, b)
            published(database, draft.course(), folder=tmp_path, now=NOON)
        else:
            memory.answer(what, a, b)
        memory.check()
    memory.look_around()
    # Nothing of this person is on the next one's pages.
    client.delete_cookie(accounts.COOKIE)


def test_an_answer_to_a_question_that_changed_its_kind_is_still_there(
    learner: Learner, tmp_path: Path
) -> None:
    """Every kind becomes every other kind."""
    kinds = range(11)
    for turn in kinds:
        asked = [a_question(kind + turn, f"q{kind}") for kind in kinds]
        made = a_course("kinds", a_lesson("one", a_text(), *asked))
        published(learner.database, made, folder=tmp_path, now=NOON)
        for question in asked if turn == 0 else ():
            form = learner.question("kinds", "one", question.key)
            fill_right(form, question)
            assert form.send(learner.client).status_code == 303
        page = learner.open("/learning/courses/kinds/one")
        for kind in kinds:
            said = page.attributes[f"b-q{kind}"]["data-answered"]
            assert said == ("noted" if kind == 10 else "right")


def test_what_was_answered_to_an_unchanged_question_is_filled_in_again(
    any_learner: Learner, tmp_path: Path
) -> None:
    database = any_learner.database
    asked = [a_question(kind, f"q{kind}") for kind in range(11)]
    published(database, a_course("c", a_lesson("one", a_text(), *asked)), folder=tmp_path, now=NOON)
    sent = {}
    for question in asked:
        form = any_learner.question("c", "one", question.key)
        fill_right(form, question)
        sent[question.key] = form.fields()[1:]
        assert form.send(any_learner.client).status_code == 303

    moved = a_course(
        "c",
        a_lesson("new"),
        a_lesson("one", a_text(), a_choice("q-new"), *reversed(asked)),
        title="새",
    )
    published(database, moved, folder=tmp_path, now=NOON)

    for question in asked:
        form = any_learner.question("c", "one", question.key)
        assert form.fields()[1:] == sent[question.key]
    page: Page = any_learner.open("/learning/courses/c/one")
    assert "data-answered" not in page.attributes["b-q-new"]
