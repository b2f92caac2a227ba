"""Texts that look like the format's own marks survive in every field that may hold them."""

import unicodedata
from collections.abc import Callable
from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from academy.document import codec
from academy.document import model as m
from academy.document.body import AnswerKeys

_LINES = [
    "", "글", ":::", ":::{tip} 글", "## 제목", "##", "### ring {end=good}", "#", "> 말", ">", "- [ ] 하나",
    "- [x] 둘", "- [x](#who)", "- 셋", "-", "1. 넷", "2)", "| a | b |", "|---|---|", "a\\|b", "|", "a\\",
    "(my-key)=", "(아무 말)=", "```", "```python", "``` a`b", "~~~", "---", ":hint: 말", ":key:", "{#key}",
    "말 {#key}", "말{#key}", "{#}", "[[답|정답]]", "[[답", "\\", "\\- 말", "\\> 말", "상대: 말", "상대:",
    ":", ": 말", "a, b", "말,", "1,000원", "](#who)", "a](#b)](#c)", "null", "~", "true", "'", '"', "@",
    "*", "&a", "!x", "? a", "[a", "{a", "key: 'x", "…", "한글", unicodedata.normalize("NFD", "한글"), "😀", "\u200f말",
]  # fmt: skip

_TEXTS = [
    *_LINES,
    "글\n\n> 인용",
    "> 인용\n> 둘째 줄",
    "> 인용\n\n> 다른 인용",
    "글\n> 붙은 인용",
    "```\n:::\n## 제목\n> 말\n- [x] 하나\n(a)=\n---\n```",
    "~~~\n```\n~~~",
    "````\n```\n````",
    "```\n코드\n   ```",
    "    들여 쓴 글\n\n      더 들여 쓴 글",
    "글\n\n    :::\n\n   ```",
    "글\n\n\n\n글",
    "줄 끝  \n다음 줄",
    "\t탭\n\t\t둘",
    "## 제목\n\n글",
    "글\n\n## 제목",
    "글\n\n### 작은 제목\n\n글",
    "글\n\n---\n\n글",
    "---\n\n글",
    "글\n\n- 하나\n  - 둘\n\n1. 하나\n   ```\n   둘\n   ```",
    "| a | b |\n|---|---|\n| c | d |",
    "글\n\n:hint: 말",
    "앞 글\n\n뒤의 [[답]] 글\n\n끝 글",
    "하나 [[답]]\n\n둘 [[답]]",
    ">",
    "가" * 5_000,
]


def _option(**fields: str) -> m.Choices:
    values = {"text": "글", **fields}
    options = [{"key": f"o{n}", "right": n == 1, **values} for n in (1, 2)]
    return m.Choices.model_validate({"key": "x", "prompt": "물음", "options": options})


def _scenario(said: m.SpokenLine | None = None, **reply: str) -> m.Scenario:
    replies = (m.Reply(to="a", **{"text": "답", **reply}),)
    node = m.Node(key="a", lines=(said,) if said else (), replies=replies)
    return m.Scenario(key="x", start="a", nodes=(node, m.Node(key="b", end="good")))


def _blanks(text: str, **fields: str) -> m.Blanks:
    return m.Blanks.model_validate({"key": "x", "text": text, **fields})


_ITEM = m.Item(key="i", text="하나")
_MARKDOWN: dict[str, Callable[[str], m.AnyBlock]] = {
    "text": lambda t: m.Text(key="x", markdown=t),
    "easy": lambda t: m.Text(key="x", markdown="글", easy=t),
    "callout": lambda t: m.Callout(key="x", tone="tip", markdown=t),
    "caption": lambda t: m.Figure(key="x", src="media/a.svg", caption=t),
    "transcript": lambda t: m.Audio(key="x", src="media/a.mp3", transcript=t),
    "step": lambda t: m.Steps(key="x", items=("글", t, "글")),
    "eleventh step": lambda t: m.Steps(key="x", items=("글",) * 10 + (t, t)),
    "column": lambda t: m.Compare(
        key="x", columns=(m.Column(title="글", markdown=t), m.Column(title="", markdown=t))
    ),
    "prompt": lambda t: m.Reflection(key="x", prompt=t),
    "prompt and feedback": lambda t: m.Reflection(key="x", prompt=t, feedback=t),
    "feedback": lambda t: m.Reflection(key="x", feedback=t),
    "prompt of choice": lambda t: m.Choice(key="x", prompt=t, options=()),
    "prompt of choices": lambda t: m.Choices(
        key="x", prompt=t, feedback=t, options=(m.Option(key="a", text="글"),)
    ),
    "prompt of short": lambda t: m.ShortText(key="x", prompt=t, accepted=("글",)),
    "prompt of order": lambda t: m.Order(key="x", prompt=t, items=(_ITEM,)),
    "prompt of match": lambda t: m.Match(
        key="x", prompt=t, left_title="", right_title="", pairs=(), feedback=t
    ),
    "prompt of sort": lambda t: m.Sort(
        key="x", prompt=t, groups=(m.Group(key="g", title="글", items=(_ITEM,)),)
    ),
    "prompt of scenario": lambda t: m.Scenario(key="x", prompt=t, start="a", nodes=()),
    "prompt of checklist": lambda t: m.Checklist(key="x", prompt=t, items=(_ITEM,)),
    "option feedback": lambda t: _option(feedback=t),
    "accepted feedback": lambda t: m.ShortText(
        key="x",
        accepted=("글", "말"),
        accepted_feedback=t,
        wrong=(m.WrongText(text="", feedback=t),),
    ),
    "number feedback": lambda t: m.Number(
        key="x",
        value=Decimal(1),
        value_feedback=t,
        wrong=(m.WrongNumber(value=Decimal(2), feedback=t),),
    ),
    "reply feedback": lambda t: _scenario(feedback=t),
    "blanks": _blanks,
    "blanks with a prompt": lambda t: _blanks(t, prompt="물음"),
    "blanks with feedback": lambda t: _blanks("[[답]]", prompt=t, feedback=t),
    "prompt of blanks": lambda t: _blanks("", prompt=t),
    "prompt and blanks": lambda t: _blanks(t, prompt=t),
}
_LINE: dict[str, Callable[[str], m.AnyBlock]] = {
    "title": lambda t: m.Callout(key="x", tone="story", title=t, markdown="글"),
    "alt": lambda t: m.Figure(key="x", src="media/a.svg", alt=t),
    "caption of table": lambda t: m.Table(key="x", caption=t, header=("",), rows=()),
    "cell": lambda t: m.Table(key="x", header=(t, t), rows=((t, ""), ("", t))),
    "word": lambda t: m.Term(key="x", word=t, north=t, english=t, markdown="글"),
    "column title": lambda t: m.Compare(
        key="x", columns=(m.Column(title=t, markdown=""), m.Column(title=t, markdown="글"))
    ),
    "hint": lambda t: m.Reflection(key="x", hint=t),
    "option": lambda t: _option(text=t),
    "misconception": lambda t: _option(misconception=t),
    "accepted": lambda t: m.ShortText(key="x", accepted=(t, t), wrong=(m.WrongText(text=t),)),
    "unit": lambda t: m.Number(key="x", value=Decimal(1), unit=t),
    "item": lambda t: m.Order(key="x", items=(m.Item(key="a", text=t), m.Item(key="b", text=t))),
    "tick": lambda t: m.Checklist(key="x", items=(m.Item(key="a", text=t),)),
    "pair": lambda t: m.Match(
        key="x", left_title=t, right_title=t, pairs=(m.Pair(key="a", left=t, right=t),)
    ),
    "group": lambda t: m.Sort(
        key="x", groups=(m.Group(key="g", title=t, items=(m.Item(key="a", text=t),)),)
    ),
    "bank": lambda t: m.Blanks(key="x", text="[[답]]", bank=(t, "말", t)),
    "narration": lambda t: _scenario(m.SpokenLine(text=t)),
    "speech": lambda t: _scenario(m.SpokenLine(speaker="상대", text=t)),
    "speaker": lambda t: _scenario(m.SpokenLine(speaker=t, text="말")),
    "reply": lambda t: _scenario(text=t),
    "scenario title": lambda t: m.Scenario(key="x", title=t, start="a", nodes=()),
}


def _survive(*blocks: m.AnyBlock) -> None:
    lesson = m.Lesson(key="lesson", title="차시", minutes=5, blocks=blocks)
    unit = m.Unit(key="unit", title="단원", lessons=(lesson,))
    course = m.Course(
        key="course", title="과정", track=m.Track.WORK, hours=Decimal(1), units=(unit,)
    )
    decoded = codec.decode(codec.encode(course, {}))
    assert decoded.problems == ()
    assert decoded.course == course


def _held(make: Callable[[str], m.AnyBlock], texts: list[str]) -> list[m.AnyBlock]:
    """A block for every text that this field may hold."""
    blocks = []
    for text in texts:
        try:
            blocks.append(make(text))
        except ValidationError:
            continue
    return blocks


@pytest.mark.parametrize("field", _MARKDOWN)
def test_every_markdown_field_keeps_hard_texts(field: str) -> None:
    blocks = _held(_MARKDOWN[field], _TEXTS)
    assert len(blocks) > len(_TEXTS) / 2
    for block in blocks:
        _survive(block, m.Text(key="x~1", markdown="다음 글"))


@pytest.mark.parametrize("field", _LINE)
def test_every_field_of_one_line_keeps_hard_texts(field: str) -> None:
    blocks = _held(_LINE[field], _LINES)
    assert len(blocks) > len(_LINES) / 2
    for block in blocks:
        _survive(block)


def test_neighbouring_texts_stay_apart() -> None:
    texts = [
        text.markdown for text in _held(_MARKDOWN["text"], _TEXTS[:-1]) if isinstance(text, m.Text)
    ]
    for first in texts[::4]:
        pairs = [(f"k{n}", first, second) for n, second in enumerate(texts)]
        blocks = [
            block
            for key, one, other in pairs
            for block in (
                m.Callout(key=key, tone="tip", markdown="글"),
                m.Text(key=f"{key}~1", markdown=one),
                m.Text(key=f"{key}~2", markdown=other),
            )
        ]
        for start in range(0, len(blocks), 300):
            _survive(*blocks[start : start + 300])


@pytest.mark.parametrize("key", ["a", "a~1", "start~1", "start~2", "x" * 60, "a~999999"])
def test_keys_of_neighbours_are_kept_whatever_they_are(key: str) -> None:
    for next_key in ("a", "a~1", "a~2", "start~2", "start~3"):
        first = m.Text(key=key, markdown="글")
        callout = m.Callout(key=next_key, tone="tip", markdown="글")
        _survive(first, callout, m.Text(key="b", markdown="글"), first)


def test_answers_with_equal_texts_keep_their_keys() -> None:
    for keys in (("a", "a"), ("a", "b"), ("x-2", "x")):
        options = tuple(m.Option(key=key, text="글") for key in keys)
        _survive(m.Choice(key="q", prompt="물음", options=options))


@pytest.mark.parametrize("text", ["말 {#key}", "{#key}", "{#Key}", "말 {#}", "{#}", "말{#key}"])
def test_an_answer_that_ends_like_a_key_keeps_its_text(text: str) -> None:
    item = m.Item(key=AnswerKeys().implied(text), text=text)
    _survive(m.Order(key="q", prompt="물음", items=(item,)))


@pytest.mark.parametrize(
    "text",
    ["a\nb", "a\x00b", "a\u2028b", "a\u0085b", "a\ud800b", "a\ufeffb", "a\tb", "가" * 501],
)
def test_a_line_refuses_what_is_not_one_line(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(m.Line).validate_python(text)


@pytest.mark.parametrize(
    "text", [":::", "글\n:::{tip}", "```", "~~~\n```", "a\x0cb", "가" * 50_001]
)
def test_markdown_refuses_what_would_end_its_block(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(m.Markdown).validate_python(text)


@pytest.mark.parametrize(
    "value", ["NaN", "sNaN", "Infinity", "1e16", "1e999999999", "0.0000000001"]
)
def test_a_number_refuses_what_cannot_be_written_plainly(value: str) -> None:
    with pytest.raises(ValidationError):
        m.Number.model_validate({"key": "x", "value": value})


@pytest.mark.parametrize(("value", "text"), [("1.50", "1.5"), ("-0", "0"), ("1E+3", "1000")])
def test_equal_numbers_have_one_form(value: str, text: str) -> None:
    number = m.Number.model_validate({"key": "x", "value": value})
    assert str(number.value) == text
