"""GIFT, the text format of Moodle's question banks, in both directions.

Source: the format's description in Moodle's documentation and the behaviour of its importer. What a blank line
parts is one question; inside braces a blank line is allowed here, because people write it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import cast

from academy.document import model as m
from academy.formats import limits, text
from academy.formats.bank import (
    FULL,
    LEFT,
    NO,
    RIGHT,
    YES,
    Answer,
    Asked,
    Converter,
    Markup,
    Numeric,
    Rich,
)
from academy.formats.draft import Draft, with_keys
from academy.formats.facts import Exported, Imported, Loss, LossCode, Reason, Refused, loss

_ESCAPES = {
    "\\": "\x01",
    ":": "\x02",
    "#": "\x03",
    "=": "\x04",
    "{": "\x05",
    "}": "\x06",
    "~": "\x07",
    "n": "\x0e",
}
_RESTORE = {mark: "\n" if char == "n" else char for char, mark in _ESCAPES.items()}
_ESCAPED = re.compile(r"\\([\\:#={}~n])")
_HELD = re.compile("[" + "".join(_RESTORE) + "]")
# Our stand-ins must not come from outside, and no course can hold them anyway.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

_SPACE = " \t\n"
_TITLE = re.compile(r"::(.*?)::", re.DOTALL)
_MARKUP = re.compile(r"\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_WEIGHT = re.compile(r"%\s*(-?[0-9]{1,3}(?:\.[0-9]{1,9})?)\s*%")
_TRUTH = re.compile(r"(T|TRUE|F|FALSE)\s*(?:#(.*?))?(?:#(.*))?\Z", re.IGNORECASE | re.DOTALL)
_ID = re.compile(r"\[id:((?:\\\]|[^\]\x00-\x1f])+)\]", re.IGNORECASE)
_TAG = re.compile(r"\[tag:((?:\\\]|[^\]<>`\x00-\x1f])+)\]", re.IGNORECASE)
_CATEGORY = re.compile(r"\s*\$CATEGORY:(.*)")
_NUMBER = r"[-+]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][-+]?[0-9]{1,2})?"
_RANGE = re.compile(rf"({_NUMBER})\s*\.\.\s*({_NUMBER})\Z")
_VALUE = re.compile(rf"({_NUMBER})\s*(?::\s*({_NUMBER})?)?\Z")
_MOODLE_ROOTS = {"$course$", "$system$", "$cat1$", "$module$", "top"}


class _Broken(Exception):
    pass


# Reading


@dataclass(slots=True)
class _Piece:
    """The lines of one question: where they begin, what stood in comments, and the rest."""

    line: int
    comments: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @property
    def body(self) -> str:
        return "\n".join(self.lines)


def parse(source: str) -> tuple[list[Asked], list[Loss]]:
    """The questions of a GIFT text, and those that cannot be read."""
    source, removed = _CONTROL.subn("", source)
    losses = [loss(LossCode.CHARACTERS, "", count=removed)] if removed else []
    asked: list[Asked] = []
    category: tuple[str, ...] = ()
    for piece in _pieces(_ESCAPED.sub(lambda found: _ESCAPES[found[1]], source)):
        place = str(piece.line)
        found = _CATEGORY.match(piece.body)
        if found:
            category = _category(found[1])
            continue
        for body in _split_joined(piece.body):
            try:
                question = _question(body, place)
            except _Broken:
                losses.append(loss(LossCode.BROKEN, place, text=_plain(body)))
                continue
            question.category = category
            notes = _restore("\n".join(piece.comments))
            found_id = _ID.search(notes)
            question.id = found_id[1].replace("\\]", "]").strip() if found_id else None
            question.tags = tuple(tag.replace("\\]", "]").strip() for tag in _TAG.findall(notes))
            piece.comments = []
            asked.append(question)
            if len(asked) > limits.MAX_QUESTIONS:
                raise Refused(Reason.TOO_MANY_QUESTIONS, limit=limits.MAX_QUESTIONS)
    return asked, losses


def _pieces(source: str) -> Iterator[_Piece]:
    lines = source.split("\n")
    braces = _next_braces(lines)
    piece: _Piece | None = None
    depth = 0
    for at, line in enumerate(lines):
        bare = line.strip()
        if bare.startswith("//"):
            piece = piece or _Piece(at + 1)
            piece.comments.append(bare)
            continue
        if _CATEGORY.match(line) and depth <= 0:
            if piece and piece.lines:
                yield piece
            yield _Piece(at + 1, [], [bare])
            piece = None
            continue
        # A brace that is open over a blank line closes later, or was never meant to.
        if not bare and (depth <= 0 or braces[at] != "}"):
            depth = 0
            if piece and piece.lines:
                yield piece
                piece = None
            continue
        piece = piece or _Piece(at + 1)
        if not piece.lines:
            piece.line = at + 1
        piece.lines.append(line)
        depth += line.count("{") - line.count("}")
    if piece and piece.lines:
        yield piece


def _next_braces(lines: list[str]) -> list[str]:
    """For every line the first brace in it or after it; the title of a question counts as opening."""
    braces = [""] * len(lines)
    found = ""
    for at in range(len(lines) - 1, -1, -1):
        opening, closing = lines[at].find("{"), lines[at].find("}")
        if lines[at].lstrip().startswith("::") or (
            opening >= 0 and (closing < 0 or opening < closing)
        ):
            found = "{"
        elif closing >= 0:
            found = "}"
        braces[at] = found
    return braces


def _split_joined(body: str) -> list[str]:
    """Questions that no blank line parts: a second pair of braces belongs to the next one."""
    made: list[str] = []
    while len(made) <= limits.MAX_QUESTIONS:
        close = body.find("}")
        if close < 0 or "{" not in body[close:]:
            return [*made, body]
        cut = body.find("\n", close, body.find("{", close))
        if cut < 0:
            return [*made, body]
        made.append(body[:cut])
        body = body[cut + 1 :]
    return made


def _category(path: str) -> tuple[str, ...]:
    parts = _restore(path).strip().replace("//", "\x00").split("/")
    names = [part.replace("\x00", "/").strip() for part in parts]
    return tuple(name for name in names if name and name not in _MOODLE_ROOTS)


def _restore(held: str) -> str:
    return _HELD.sub(lambda found: _RESTORE[found.group()], held)


def _plain(held: str) -> str:
    return _restore(held).strip(_SPACE)


def _rich(held: str, markup: Markup, *, keep_end: bool = False) -> Rich:
    """A text with its own mark of how it is written, or that of what it belongs to."""
    held = held.lstrip(_SPACE)
    found = _MARKUP.match(held)
    if found:
        markup = cast("Markup", found[1].lower())
        held = held[found.end() :].lstrip(_SPACE)
    ends = keep_end and held.endswith((" ", "\t", "\n"))
    if markup == "markdown":
        held = held if keep_end else held.rstrip(_SPACE)
    else:
        held = text.fold(held) + (" " if ends else "")
    return Rich(_restore(held), markup)


def _question(body: str, place: str) -> Asked:
    body = body.strip(_SPACE)
    title = None
    found = _TITLE.match(body)
    if found:
        title = _restore(text.fold(found[1]))
        body = body[found.end() :]
    start = body.find("{")
    if start < 0:
        if "}" in body:
            raise _Broken
        return Asked(place, "description", _rich(body, "moodle"), title)
    end = body.find("}", start)
    if end < 0 or re.search("[{}]", body[:start] + body[end + 1 :]) or "{" in body[start + 1 : end]:
        raise _Broken
    after = body[end + 1 :]
    gap = bool(after.strip(_SPACE))
    stem = _rich(body[:start], "moodle", keep_end=gap)
    asked = Asked(place, "essay", stem, title)
    if gap:
        if stem.markup != "markdown":
            head = " " if after[:1] in _SPACE else ""
            after = head + text.fold(after)
        asked.after = _restore(after.rstrip(_SPACE))
    _answers(body[start + 1 : end].strip(_SPACE), asked)
    return asked


def _answers(held: str, asked: Asked) -> None:
    held, has_general, general = held.partition("####")
    if has_general:
        asked.general = _rich(general, asked.stem.markup)
    held = held.strip(_SPACE)
    truth = _TRUTH.match(held)
    if not held:
        asked.kind = "essay"
    elif held.startswith("#"):
        asked.kind = "numerical"
        _numbers(held[1:].strip(_SPACE), asked)
    elif truth:
        asked.kind = "truefalse"
        asked.is_true = truth[1].upper().startswith("T")
        wrong, right = (
            _rich(part, asked.stem.markup) if part and part.strip(_SPACE) else None
            for part in (truth[2], truth[3])
        )
        asked.if_true, asked.if_false = (right, wrong) if asked.is_true else (wrong, right)
    else:
        _choices(held, asked)


def _marked(held: str) -> list[tuple[str, str]]:
    """Answers with their marks. `~=` is one mark, as old files have it."""
    if held[:1] not in "~=":
        raise _Broken
    held = held.replace("~=", "=")
    starts = [found.start() for found in re.finditer("[~=]", held)]
    return [
        (held[start], held[start + 1 : end].strip(_SPACE))
        for start, end in zip(starts, [*starts[1:], len(held)], strict=True)
    ]


def _choices(held: str, asked: Asked) -> None:
    marked = _marked(held)
    if all(mark == "=" and "->" in answer for mark, answer in marked):
        asked.kind = "matching"
        for _, answer in marked:
            left, _, right = answer.partition("->")
            right = right.strip(_SPACE) if asked.stem.markup == "markdown" else text.fold(right)
            asked.pairs.append((_rich(left, asked.stem.markup), _restore(right)))
        return
    is_choice = any(mark == "~" for mark, _ in marked)
    asked.kind = "choice" if is_choice else "short"
    asked.several = is_choice and all(mark == "~" for mark, _ in marked)
    for mark, held_answer in marked:
        weight, answer = _weight(held_answer)
        words, feedback = _with_feedback(answer, asked.stem.markup)
        asked.answers.append(Answer(_rich(words, asked.stem.markup), mark == "=", weight, feedback))


def _weight(held: str) -> tuple[Decimal | None, str]:
    found = _WEIGHT.match(held)
    return (Decimal(found[1]), held[found.end() :]) if found else (None, held)


def _with_feedback(held: str, markup: Markup) -> tuple[str, Rich | None]:
    words, has_feedback, feedback = held.partition("#")
    rich = _rich(feedback, markup) if has_feedback and feedback.strip(_SPACE) else None
    return words.strip(_SPACE), rich


def _numbers(held: str, asked: Asked) -> None:
    if not held:
        raise _Broken
    if held[0] not in "~=":
        asked.alone = True
        value, feedback = _with_feedback(held, asked.stem.markup)
        asked.numbers.append(_numeric(value, None, feedback, is_right=True))
        return
    for mark, held_answer in _marked(held):
        weight, answer = _weight(held_answer)
        value, feedback = _with_feedback(answer, asked.stem.markup)
        if mark == "~" and not value.strip("*"):
            if feedback is not None:  # for any other number
                asked.settings["feedback"] = feedback.text
            continue
        if mark == "~" and weight is None:
            weight = Decimal(0)
        asked.numbers.append(_numeric(value, weight, feedback, is_right=mark == "="))
    if not asked.numbers:
        raise _Broken


def _numeric(
    held: str, weight: Decimal | None, feedback: Rich | None, *, is_right: bool
) -> Numeric:
    held = _restore(held).strip(_SPACE)
    between, value = _RANGE.match(held), _VALUE.match(held)
    try:
        if between:
            low, high = sorted((Decimal(between[1]), Decimal(between[2])))
            middle = (low + high) / 2
            return Numeric(middle, high - middle, "high-low", is_right, weight, feedback)
        if value:
            form = "simple" if ":" not in held else "range"
            tolerance = abs(Decimal(value[2] or 0))
            return Numeric(Decimal(value[1]), tolerance, form, is_right, weight, feedback)  # type: ignore[arg-type]
    except (InvalidOperation, OverflowError) as error:
        raise _Broken from error
    raise _Broken


def read(data: bytes, title: str) -> Imported:
    """A course of the questions in a GIFT file.

    Raises:
        Refused: it is no text, or holds no question.
    """
    asked, losses = parse(text.decode(data))
    if not any(one.kind != "description" for one in asked):
        raise Refused(Reason.NOT_THIS, format="GIFT")
    draft = Draft()
    for lost in losses:
        draft.lose(lost.code, lost.place, **lost.facts)
    converter = Converter(draft, title)
    for one in asked:
        converter.take(one)
    return draft.imported(title, converter.chapters)


# Writing

_RESERVED = re.compile(r"[\\:#={}~\n]")


def _escape(words: str) -> str:
    return _RESERVED.sub(
        lambda found: "\\n" if found.group() == "\n" else "\\" + found.group(), words
    )


def _text(words: str) -> str:
    """A text whose leading space means something keeps it."""
    return ("\\n" if words[:1].isspace() else "") + _escape(words)


def _answer(words: str) -> str:
    """An answer, told apart from a mark of how it is written."""
    return ("[markdown]" if _MARKUP.match(words) else "") + _escape(words)


def _feedback(words: str) -> str:
    return f"#{_text(words)}" if words else ""


class _Unwritable(Exception):
    """This question cannot be said in GIFT."""


@dataclass(slots=True)
class _Writer:
    losses: list[Loss]
    place: str = ""

    def lose(self, code: LossCode, **facts: str | int) -> None:
        self.losses.append(loss(code, self.place, **facts))

    def question(self, block: m.AnyQuestion) -> str:
        """The lines of a question.

        Raises:
            _Unwritable: GIFT has nothing of the kind.
        """
        prompt, after = block.prompt, ""
        answers: list[str]
        match block:
            case m.Choice() | m.Choices():
                answers = self._options(block)
            case m.TrueFalse():
                answers = [self._truth(block)]
            case m.ShortText():
                answers = self._short(block)
            case m.Number():
                answers = self._number(block)
            case m.Match():
                answers = self._pairs(block)
            case m.Blanks():
                prompt, answers, after = self._blank(block)
            case m.Reflection():
                answers = []
            case _:
                raise _Unwritable
        self._settings(block)
        general = [f"####{_text(block.feedback)}"] if block.feedback else []
        body = "\n".join(["{", *(f"\t{line}" for line in (*answers, *general)), "}"])
        if isinstance(block, m.TrueFalse | m.Reflection | m.Blanks):
            body = "{" + "".join((*answers, *general)) + "}"
        return f"// [id:{block.key}]\n[markdown]{_text(prompt)}{body}{_escape(after)}"

    def _settings(self, block: m.AnyQuestion) -> None:
        if block.hint:
            self.lose(LossCode.FIELD, name="hint", value=block.hint)
        if block.points != 1:
            self.lose(LossCode.FIELD, name="points", value=str(block.points))
        if not block.counted and not isinstance(block, m.Reflection):
            self.lose(LossCode.FIELD, name="counted", value="false")

    def _keys(self, pairs: list[tuple[str, str]]) -> None:
        for (key, words), (implied, _) in zip(pairs, with_keys(w for _, w in pairs), strict=True):
            if key != implied:
                self.lose(LossCode.FIELD, name="key", value=f"{words} {{#{key}}}")

    def _misconception(self, words: str) -> None:
        if words:
            self.lose(LossCode.FIELD, name="misconception", value=words)

    def _options(self, block: m.Choice | m.Choices) -> list[str]:
        right = sum(option.right for option in block.options)
        if not right or (
            isinstance(block, m.Choice) and (right > 1 or right == len(block.options))
        ):
            raise _Unwritable
        self._keys([(option.key, option.text) for option in block.options])
        share = (FULL / right).quantize(Decimal("0.00001")).normalize()
        made = []
        for option in block.options:
            self._misconception(option.misconception)
            if isinstance(block, m.Choices):
                mark = f"~%{share if option.right else -100:f}%"
            else:
                mark = "=" if option.right else "~"
                mark += "%0%" if not option.right and option.text.startswith("%") else ""
                mark += "%100%" if option.right and option.text.startswith("%") else ""
            made.append(mark + _answer(option.text) + _feedback(option.feedback))
        return made

    def _truth(self, block: m.TrueFalse) -> str:
        yes, no = block.options
        if yes.right is no.right:
            raise _Unwritable
        self._keys([(option.key, option.text) for option in block.options])
        for option, standard in ((yes, YES), (no, NO)):
            self._misconception(option.misconception)
            if option.text != standard:
                self.lose(LossCode.FIELD, name="options", value=option.text)
        right, wrong = (yes, no) if yes.right else (no, yes)
        made = "TRUE" if yes.right else "FALSE"
        if right.feedback:
            return f"{made}#{_text(wrong.feedback)}{_feedback(right.feedback)}"
        return made + _feedback(wrong.feedback)

    def _short(self, block: m.ShortText) -> list[str]:
        accepted = block.accepted
        if not accepted or not all(accepted) or any(w.text == "*" for w in block.wrong):
            raise _Unwritable
        if all("->" in words for words in (*accepted, *(w.text for w in block.wrong))):
            raise _Unwritable  # it would be read as pairs
        if block.spelling:
            self.lose(LossCode.FIELD, name="spelling", value="true")
        made = []
        for words in accepted:
            mark = "=%100%" if words.startswith("%") else "="
            made.append(
                mark + _answer(words.replace("*", "\\*")) + _feedback(block.accepted_feedback)
            )
        for wrong in block.wrong:
            self._misconception(wrong.misconception)
            made.append(
                "=%0%" + _answer(wrong.text.replace("*", "\\*")) + _feedback(wrong.feedback)
            )
        return made

    def _number(self, block: m.Number) -> list[str]:
        if block.unit:
            self.lose(LossCode.FIELD, name="unit", value=block.unit)
        made = [f"={block.value:f}:{block.tolerance:f}{_feedback(block.value_feedback)}"]
        for wrong in block.wrong:
            self._misconception(wrong.misconception)
            made.append(f"=%0%{wrong.value:f}:0{_feedback(wrong.feedback)}")
        return ["#", *made]

    def _pairs(self, block: m.Match) -> list[str]:
        words = [side for pair in block.pairs for side in (pair.left, pair.right)]
        if (
            not block.pairs
            or any("->" in side for side in words)
            or not all(p.left for p in block.pairs)
        ):
            raise _Unwritable
        self._keys([(pair.key, pair.left) for pair in block.pairs])
        for title, standard in ((block.left_title, LEFT), (block.right_title, RIGHT)):
            if title != standard:
                self.lose(LossCode.FIELD, name="title", value=title)
        return [f"={_answer(pair.left)} -> {_escape(pair.right)}" for pair in block.pairs]

    def _blank(self, block: m.Blanks) -> tuple[str, list[str], str]:
        from academy.document.body import split_blanks  # noqa: PLC0415

        if len(block.accepted) != 1:
            raise _Unwritable
        (accepted,) = block.accepted
        whole = "\n\n".join(part for part in (block.prompt, block.text) if part)
        if tuple(map(m.normal_markdown, split_blanks(whole.split("\n")))) != (
            block.prompt,
            block.text,
        ):
            whole = f"{block.prompt}\n\n---\n\n{block.text}".lstrip("\n")
        gap = m.BLANK.search(whole)
        after = whole[gap.end() :] if gap else ""
        if gap is None or not after.strip(_SPACE) or (block.bank and len(accepted) > 1):
            raise _Unwritable  # without a text behind it, it would be a question of another kind
        if not all(accepted) or any(
            "->" in a or "*" in a or a[0] == "%" for a in (*accepted, *block.bank)
        ):
            raise _Unwritable
        answers = [f"={_answer(words)}" for words in accepted]
        answers += [f"~{_answer(words)}" for words in block.bank]
        return whole[: gap.start()], answers, after


def write(course: m.Course) -> Exported:
    """The questions of a course as GIFT."""
    writer = _Writer([loss(LossCode.ONLY_QUESTIONS, course.title)])
    made: list[str] = []
    for unit in course.units:
        for lesson in unit.lessons:
            questions = [block for block in lesson.blocks if isinstance(block, m.Question)]
            if questions:
                names = (unit.title or unit.key, lesson.title or lesson.key)
                path = "/".join(name.replace("/", "//") for name in names)
                made.append(f"$CATEGORY: {path}")
            for block in questions:
                writer.place = f"{lesson.key}/{block.key}"
                before = len(writer.losses)
                try:
                    made.append(writer.question(block))
                except _Unwritable:
                    del writer.losses[before:]
                    writer.lose(LossCode.KIND, kind=block.kind)
    return Exported(("\n\n".join(made) + "\n").encode(), tuple(writer.losses))
