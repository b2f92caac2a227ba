"""Courses of every shape for property tests, with texts that look like the format's own marks."""

import unicodedata
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from academy.document import model as m

_MARKS = [
    ":::", ":::{tip} x", "::::", "## 제목", "##", "### 작은 제목", "### ring {end=good}",
    "> 말", ">", "  > 말", "- [ ] 하나", "- [x] 둘", "- [x](#who)", "- 셋", "-", "1. 넷", "2)",
    "| a | b |", "|---|---|", "a\\|b", "|", "(my-key)=", "(아무 말)=", "```", "```python", "~~~",
    "   ```", "---", ":hint: 말", ":misconception: 말", "{#key}", "말 {#key}", "{#}", "[[답|정답]]",
    "[[답", "\\", "\\- 말", "상대: 말", "상대:", ": ", ", ", "a, b", "1,000원", "    들여 쓴 말",
    "\t탭", "줄 끝  ", "<b>", "&amp;", "null", "~", "true", "2026-11-21", "'", '"', "#", "%x", "@",
    "*", "&a", "*a", "!!x", "? a", "[a", "{a", "a: b", "key: 'x", "…", "",
]  # fmt: skip
_LETTERS = [
    "가", "한글", unicodedata.normalize("NFD", "한글 말"), "😀", "👩‍👩‍👧", "\u200f", "\u202e",
    "\u200b", "\u00a0", "\u3000", "é", "e\u0301", "a", "z9", " ", "  ",
]  # fmt: skip

_fragments = st.sampled_from(_MARKS) | st.sampled_from(_LETTERS) | st.text(max_size=8)
_raw_lines = st.lists(_fragments, max_size=4).map("".join)
_raw_texts = st.lists(_raw_lines, max_size=7).map("\n".join) | st.just("가" * 5_000) | st.just("")

_never = st.sampled_from([False])
_LINE = TypeAdapter(m.Line)
_MARKDOWN = TypeAdapter(m.Markdown)


def _valid(adapter: TypeAdapter[Any], text: str) -> str | None:
    try:
        value: str = adapter.validate_python(text)
    except ValidationError:
        return None
    return value


def _line(text: str) -> str:
    text = text.replace("\n", " ").replace("\t", " ")
    return _valid(_LINE, text) or ""


def _markdown(text: str) -> str:
    valid = _valid(_MARKDOWN, text)
    if valid is None:
        valid = _valid(_MARKDOWN, "\n".join(f"· {line}" for line in text.split("\n")))
    return valid or ""


line = _raw_lines.map(_line) | st.just("가" * 500)
word = line.filter(bool)
markdown = _raw_texts.map(_markdown)
key = st.sampled_from(["a", "b", "ring", "my-key", "q-1", "x" * 60, "0"])
block_key = key | st.sampled_from(["start~1", "start~2", "a~1", "a~2", "b~7", "my-key~999999"])
decimals = st.decimals(-(10**15), 10**15, places=3) | st.sampled_from(
    [Decimal(0), Decimal("-0.0"), Decimal("1E+3"), Decimal("0.000000001"), Decimal("10320.00")]
)
amount = decimals.map(abs)
media_path = st.sampled_from(["media/a.svg", "media/b.png", "media/c-1.mp3", "media/d..e.vtt"])


def _some(part: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(part, max_size=most).map(tuple)


@st.composite
def _made(draw: st.DrawFn, /, kind: type[m.Part], **fields: st.SearchStrategy[Any]) -> m.Part:
    """A part of these fields; a text that this kind cannot hold is made harmless."""
    values = {name: draw(field) for name, field in fields.items()}
    try:
        return kind(**values)
    except ValidationError as error:
        for one in error.errors():
            name = str(one["loc"][0]) if one["loc"] else "accepted_feedback"
            harmless: Any = () if name == "bank" else "말"
            values[name] = "" if name == "accepted_feedback" else harmless
        return kind(**values)


def _question(kind: type[m.Part], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    if "counted" not in fields:
        fields["counted"] = st.booleans()
    return _made(
        kind,
        key=key,
        prompt=markdown,
        hint=line,
        feedback=markdown,
        points=st.integers(0, 100),
        **fields,
    )


_option = st.builds(
    m.Option, key=key, text=line, right=st.booleans(), feedback=markdown, misconception=line
)
_item = st.builds(m.Item, key=key, text=line)
_said = _made(m.SpokenLine, speaker=line, text=word)
_reply = st.builds(m.Reply, text=line, to=key, feedback=markdown)
_node = st.builds(
    m.Node,
    key=key,
    lines=_some(_said),
    replies=_some(_reply, 2),
    end=st.sampled_from(["good", "fine", "poor", None]),
)


@st.composite
def _table(draw: st.DrawFn) -> m.Table:
    width = draw(st.integers(1, 3))
    row = st.lists(line, min_size=width, max_size=width).map(tuple)
    sides = st.sampled_from(["left", "right", "center", ""])
    aligned: st.SearchStrategy[Any] = st.lists(sides, min_size=width, max_size=width).map(tuple)
    return m.Table(
        key=draw(block_key),
        caption=draw(line),
        header=draw(row),
        align=draw(st.just(()) | aligned),
        rows=draw(_some(row)),
    )


BLOCKS: dict[str, st.SearchStrategy[Any]] = {
    "text": _made(m.Text, key=block_key, markdown=markdown, easy=st.none() | markdown),
    "callout": st.builds(
        m.Callout,
        key=block_key,
        tone=st.sampled_from(["tip", "note", "warning", "story"]),
        title=line,
        markdown=markdown,
    ),
    "figure": st.builds(m.Figure, key=block_key, src=media_path, alt=line, caption=markdown),
    "audio": st.builds(m.Audio, key=block_key, src=media_path, title=line, transcript=markdown),
    "video": st.builds(
        m.Video,
        key=block_key,
        src=media_path,
        title=line,
        captions=st.none() | media_path,
        poster=st.none() | media_path,
        transcript=markdown,
    ),
    "table": _table(),
    "file": st.builds(m.File, key=block_key, src=media_path, title=line, markdown=markdown),
    "term": st.builds(
        m.Term, key=block_key, word=line, north=line, english=line, markdown=markdown
    ),
    "steps": st.builds(
        m.Steps, key=block_key, title=line, items=_some(markdown) | st.just(("가\n\n나",) * 11)
    ),
    "compare": st.builds(
        m.Compare,
        key=block_key,
        title=line,
        columns=st.tuples(*[_made(m.Column, title=line, markdown=markdown)] * 2),
    ),
    "choice": _question(m.Choice, options=_some(_option)),
    "choices": _question(m.Choices, options=_some(_option)),
    "truefalse": _question(m.TrueFalse, options=st.tuples(_option, _option)),
    "short": _question(
        m.ShortText,
        accepted=_some(line),
        accepted_feedback=markdown,
        wrong=_some(st.builds(m.WrongText, text=line, feedback=markdown, misconception=line)),
        spelling=st.booleans(),
    ),
    "number": _question(
        m.Number,
        value=decimals,
        tolerance=amount,
        unit=line,
        value_feedback=markdown,
        wrong=_some(
            st.builds(m.WrongNumber, value=decimals, feedback=markdown, misconception=line)
        ),
    ),
    "order": _question(m.Order, items=_some(_item, 4)),
    "match": _question(
        m.Match,
        left_title=line,
        right_title=line,
        pairs=_some(st.builds(m.Pair, key=key, left=line, right=line)),
    ),
    "sort": _question(
        m.Sort, groups=_some(st.builds(m.Group, key=key, title=line, items=_some(_item)))
    ),
    "blanks": _question(m.Blanks, text=markdown, bank=_some(word)),
    "scenario": _question(m.Scenario, title=line, start=key, nodes=_some(_node)),
    "reflection": _question(m.Reflection, counted=_never),
    "checklist": _question(m.Checklist, counted=_never, items=_some(_item)),
}

block = st.sampled_from(sorted(BLOCKS)).flatmap(BLOCKS.__getitem__)
blocks = st.lists(block, max_size=5).map(tuple)
_short = markdown.map(lambda text: text[:200]).map(_markdown)


@st.composite
def _lesson_text(draw: st.DrawFn, originals: tuple[m.AnyBlock, ...]) -> m.LessonText:
    own = draw(st.just(()) | st.just(originals) | blocks)
    return m.LessonText(
        title=draw(line),
        practice_in_life=draw(_short),
        alternative=draw(markdown),
        blocks=own,
        translates=draw(st.none() | st.sampled_from(["0123456789abcdef", "1234567890123456"])),
    )


@st.composite
def lessons(draw: st.DrawFn) -> m.Lesson:
    own = draw(blocks)
    languages = draw(st.lists(st.sampled_from(["en", "zh"]), unique=True, max_size=1))
    return m.Lesson(
        key=draw(key),
        title=draw(line),
        minutes=draw(st.integers(1, 120)),
        reviewed=draw(st.none() | st.dates(date(1000, 1, 1))),
        reviewed_by=draw(line),
        review_every=draw(st.none() | st.integers(1, 60)),
        boundary=draw(st.sampled_from(["basic", "second-reader"])),
        sources=draw(_some(line)),
        facts=draw(_some(st.sampled_from(["P-01", "S-71", "ABC-9999z"]))),
        notice=draw(st.none() | st.sampled_from(m.Notice)),
        min_score=draw(st.none() | st.integers(1, 100)),
        required=draw(st.booleans()),
        practice_in_life=draw(_short),
        alternative=draw(markdown),
        blocks=own,
        translations={language: draw(_lesson_text(own)) for language in languages},
    )


_media = st.dictionaries(media_path, st.binary(max_size=20), max_size=2)


@st.composite
def courses(draw: st.DrawFn) -> tuple[m.Course, dict[str, bytes]]:
    """A course and the bytes of its media."""
    media = draw(_media)
    units = st.builds(
        m.Unit,
        key=key,
        title=line,
        summary=line,
        lessons=_some(lessons(), 2),
        translations=st.dictionaries(
            st.just("en"), st.builds(m.UnitText, title=line, summary=line), max_size=1
        ),
    )
    texts = st.builds(m.CourseText, title=line, summary=line, outcomes=_some(line))
    course = m.Course(
        key=draw(key),
        title=draw(line),
        summary=draw(line),
        track=draw(st.sampled_from(m.Track)),
        number=draw(line),
        level=draw(st.integers(1, 3)),
        hours=draw(st.decimals("0.001", 200, places=3)),
        outcomes=draw(_some(line)),
        prerequisites=draw(_some(key)),
        audience=draw(st.sampled_from(["learner", "mentor"])),
        owner=draw(line),
        licence=draw(line),
        units=draw(_some(units, 2)),
        media=tuple(
            m.MediaFile(path=path, sha256=sha256(data).hexdigest(), size=len(data))
            for path, data in media.items()
        ),
        translations=draw(st.dictionaries(st.sampled_from(["en", "ru"]), texts, max_size=2)),
    )
    return course, media
