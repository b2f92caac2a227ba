"""Questions of every kind for property tests: fit for one lesson, with the keys answers get by themselves."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from academy.document import codec
from academy.document import model as m
from academy.formats.draft import with_keys
from tests.document.any_course import BLOCKS

_KINDS = sorted(
    kind for kind in BLOCKS
    if kind in {"choice", "choices", "truefalse", "short", "number", "order", "match", "sort",
                "blanks", "scenario", "reflection", "checklist"}
)  # fmt: skip


def _rekeyed(parts: tuple[Any, ...], name: str) -> tuple[Any, ...]:
    keyed = with_keys(getattr(part, name) for part in parts)
    return tuple(
        part.model_copy(update={"key": key}) for part, (key, _) in zip(parts, keyed, strict=True)
    )


def natural(block: m.AnyQuestion) -> m.AnyQuestion:
    """The same question, its answers with the keys they have when nobody writes one."""
    match block:
        case m.Choice() | m.Choices() | m.TrueFalse():
            return block.model_copy(update={"options": _rekeyed(block.options, "text")})
        case m.Order() | m.Checklist():
            return block.model_copy(update={"items": _rekeyed(block.items, "text")})
        case m.Match():
            return block.model_copy(update={"pairs": _rekeyed(block.pairs, "left")})
        case m.Sort():
            groups = _rekeyed(block.groups, "title")
            items = iter(with_keys(item.text for group in block.groups for item in group.items))
            return block.model_copy(
                update={
                    "groups": tuple(
                        group.model_copy(
                            update={
                                "items": tuple(
                                    item.model_copy(update={"key": next(items)[0]})
                                    for item in group.items
                                )
                            }
                        )
                        for group in groups
                    )
                }
            )
    return block


def _plain(draw: st.DrawFn, block: Any) -> dict[str, Any]:
    """What makes the question one that every system knows."""
    update: dict[str, Any] = {"hint": "", "points": 1}
    if block.kind not in {"reflection", "checklist"}:
        update["counted"] = True
    match block:
        case m.Choice() | m.Choices() | m.TrueFalse():
            options = [option.model_copy(update={"misconception": ""}) for option in block.options]
            while len(options) < 2:
                options.append(m.Option(key="a", text=f"답 {len(options)}"))
            at = draw(st.integers(0, len(options) - 1))
            texts = [o.text for o in options]
            if isinstance(block, m.TrueFalse):
                texts = ["맞아요", "아니에요"]
            update["options"] = tuple(
                option.model_copy(
                    update={
                        "text": text,
                        "right": index == at or (option.right and isinstance(block, m.Choices)),
                    }
                )
                for index, (option, text) in enumerate(zip(options, texts, strict=True))
            )
        case m.ShortText():
            wrong = tuple(one.model_copy(update={"misconception": ""}) for one in block.wrong)
            update |= {"spelling": False, "wrong": wrong, "accepted": ("답", *block.accepted)}
        case m.Number():
            numbers = tuple(one.model_copy(update={"misconception": ""}) for one in block.wrong)
            update |= {"unit": "", "wrong": numbers}
        case m.Match():
            extra = m.Pair(key="a", left="하나", right="둘")
            update |= {"left_title": "물음", "right_title": "짝", "pairs": (*block.pairs, extra)}
        case m.Blanks():
            text = f"{block.prompt[:60]}\n\n앞 [[답|정답]] 뒤"
            update |= {"bank": (), "text": m.normal_markdown(text)}
    return update


@st.composite
def questions(draw: st.DrawFn) -> list[m.AnyQuestion]:
    """Questions with keys of their own; half of them plain enough for any format."""
    made = []
    for number in range(draw(st.integers(1, 4))):
        block = draw(BLOCKS[draw(st.sampled_from(_KINDS))])
        is_plain = draw(st.booleans())
        update = _plain(draw, block) if is_plain else {}
        block = block.model_copy(update={**update, "key": f"q-{number}"})
        try:
            block = type(block).model_validate(block.model_dump())
        except ValueError:
            continue
        made.append(natural(block) if is_plain or draw(st.booleans()) else block)
    return made


def course_of(blocks: list[m.AnyQuestion], title: str = "물음") -> m.Course:
    """One lesson, read back from its own text: what an author could have written."""
    lesson = m.Lesson(key="one", title=title, minutes=5, blocks=tuple(blocks))
    unit = m.Unit(key="first", title="단원", lessons=(lesson,))
    course = m.Course(
        key="bank", title="과정", track=m.Track.SETTLE, hours=Decimal(1), units=(unit,)
    )
    read = codec.decode(codec.encode(course, {})).course
    assert read is not None
    return read


def questions_of(course: m.Course) -> dict[str, m.AnyQuestion]:
    return {
        block.key: block
        for lesson in course.lessons()
        for block in lesson.blocks
        if isinstance(block, m.Question)
    }
