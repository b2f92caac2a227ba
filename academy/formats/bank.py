"""Questions as other systems know them, between GIFT or Moodle XML and our blocks."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from academy.document import body
from academy.document import model as m
from academy.formats.draft import Chapter, Draft, slug, with_keys
from academy.formats.facts import LossCode
from academy.formats.html import LOOKS_LIKE_HTML, to_markdown
from academy.formats.text import escape, fold

Kind = Literal[
    "description", "truefalse", "choice", "short", "numerical", "matching", "essay", "gaps", "order"
]
Markup = Literal["moodle", "html", "plain", "markdown"]

YES, NO = "맞아요", "아니에요"
"""The two answers of a true-false question where its source has no words of its own."""

LEFT, RIGHT = "물음", "짝"
"""The sides of a matching question where its source does not name them."""

GAP = r"\_\_\_\_\_"
FULL = Decimal(100)

# Two private-use characters hold a gap's place while its text becomes Markdown.
_OPEN, _CLOSE = "\ue000", "\ue001"
_HELD = re.compile(rf"{_OPEN}([0-9]+){_CLOSE}")


def gap_mark(number: int) -> str:
    """What stands in a stem for the gap with this index."""
    return f"{_OPEN}{number}{_CLOSE}"


def without_gap_marks(text: str) -> str:
    return text.replace(_OPEN, "").replace(_CLOSE, "")


@dataclass(frozen=True, slots=True)
class Rich:
    """A text and how it is written. `files` are the pictures that travel with it."""

    text: str
    markup: Markup = "moodle"
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """`weight`: percent of the points; None where the source gives none."""

    text: Rich
    is_right: bool
    weight: Decimal | None = None
    feedback: Rich | None = None

    @property
    def points(self) -> Decimal:
        if self.weight is not None:
            return self.weight
        return FULL if self.is_right else Decimal(0)


@dataclass(frozen=True, slots=True)
class Numeric:
    """A number within `tolerance`; `form` is how the source wrote it."""

    value: Decimal
    tolerance: Decimal
    form: Literal["simple", "range", "high-low"]
    is_right: bool = True
    weight: Decimal | None = None
    feedback: Rich | None = None

    @property
    def points(self) -> Decimal:
        return FULL if self.weight is None else self.weight


@dataclass(slots=True)
class Asked:
    """One question as its source has it.

    Attributes:
        place: how its maker finds it.
        after: what follows the gap, when the answers stand inside the text; None when they do not.
        several: any number of answers may be chosen.
        alone: the numbers were written without a list.
        settings: what has no place with us, by name.
    """

    place: str
    kind: Kind
    stem: Rich
    title: str | None = None
    id: str | None = None
    tags: tuple[str, ...] = ()
    after: str | None = None
    answers: list[Answer] = field(default_factory=list)
    numbers: list[Numeric] = field(default_factory=list)
    alone: bool = False
    pairs: list[tuple[Rich, str]] = field(default_factory=list)
    is_true: bool = False
    if_true: Rich | None = None
    """Feedback for who answered that it is true."""
    if_false: Rich | None = None
    gaps: list[tuple[str, ...]] = field(default_factory=list)
    """The accepted answers of each gap; `gap_mark` says where it stands in the stem."""
    bank: tuple[str, ...] = ()
    """Wrong words that are offered; when there are any, gaps are filled from a list."""
    several: bool = False
    general: Rich | None = None
    case: bool = False
    points: Decimal | None = None
    hints: list[Rich] = field(default_factory=list)
    category: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)


class Converter:
    """Turns questions into blocks, chapter by chapter."""

    def __init__(self, draft: Draft, title: str) -> None:
        self._draft = draft
        self._title = title
        self._count = 0
        self.chapters: list[Chapter] = []
        self._taken: set[str] = set()

    def take(self, asked: Asked) -> None:
        """Add a question to the chapter of its category."""
        unit, title = _names(asked.category, self._title)
        if not self.chapters or (self.chapters[-1].unit, self.chapters[-1].title) != (unit, title):
            self.chapters.append(Chapter(unit, title, is_bank=True))
            self._taken = set()
        self._count += 1
        blocks = self.chapters[-1].blocks
        before = blocks[-1] if blocks else None
        made = _Made(self._draft, asked, self._key(asked), before).blocks()
        if made:
            blocks += made
        elif not blocks:
            self.chapters.pop()

    def _key(self, asked: Asked) -> str:
        if asked.id and m.is_block_key(asked.id) and "~" not in asked.id:
            key = asked.id  # two with the same one are told apart when the lesson is made
            self._taken.add(key)
            return key
        key = slug(asked.id or "") or slug(asked.title or "")
        if asked.id and key != asked.id:
            self._draft.lose(LossCode.KEY_CHANGED, asked.place, key=asked.id)
        if not key or key in self._taken:
            key = f"q-{self._count}"
        self._taken.add(key)
        return key


def _names(category: tuple[str, ...], title: str) -> tuple[str, str]:
    if not category:
        return title, title
    return " / ".join(category[:-1]) or title, category[-1]


class _Made:
    """The blocks of one question."""

    def __init__(self, draft: Draft, asked: Asked, key: str, before: m.AnyBlock | None) -> None:
        self._draft = draft
        self._asked = asked
        self._place = asked.place
        self._key = key
        self._before = before
        self._figures: list[m.AnyBlock] = []
        self._read: dict[tuple[str, str], str] = {}

    def blocks(self) -> list[m.AnyBlock]:
        """Pictures come first, then the question; nothing when it cannot be held."""
        asked = self._asked
        if asked.kind == "description":
            text = self._draft.text(self._rich(asked.stem), self._before, self._place)
            self._title()
            return [*self._figures, *([text] if text else [])]
        make: Mapping[str, Callable[[], m.AnyBlock | None]] = {
            "truefalse": self._truefalse,
            "choice": self._choice,
            "short": self._short,
            "numerical": self._number,
            "matching": self._match,
            "essay": self._essay,
            "gaps": self._gaps,
            "order": self._order,
        }
        block = make[asked.kind]()
        if block is None:
            return []
        self._title()
        if asked.tags:
            self._draft.lose(LossCode.TAGS, self._place, tags=", ".join(asked.tags))
        for name, value in asked.settings.items():
            self._draft.lose(LossCode.FIELD, self._place, name=name, value=value)
        return [*self._figures, block]

    def _title(self) -> None:
        title = self._asked.title
        kept = title is not None and title.isascii() and slug(title) == self._key
        if title and not kept and fold(title) != fold(self._asked.stem.text):
            self._draft.lose(LossCode.TITLE, self._place, title=title)

    # Texts

    def _rich(self, rich: Rich | None) -> str:
        """Markdown; a text that is asked for again costs no second loss."""
        if rich is None:
            return ""
        known = (rich.text, rich.markup)
        if known not in self._read:
            self._read[known] = self._converted(rich)
        return self._read[known]

    def _converted(self, rich: Rich) -> str:
        if rich.markup == "markdown":
            return rich.text
        if rich.markup == "html" or (rich.markup == "moodle" and LOOKS_LIKE_HTML.search(rich.text)):
            files = rich.files
            return to_markdown(
                rich.text, self._draft, self._place, lambda src, alt: self._picture(src, alt, files)
            )
        return escape(rich.text)

    def _picture(self, source: str, alt: str, files: Mapping[str, bytes]) -> None:
        name = source.rpartition("/")[2]
        if not source.startswith("@@PLUGINFILE@@/"):
            self._draft.lose(LossCode.PICTURE_OUTSIDE, self._place, name=source)
        elif name not in files:
            self._draft.lose(LossCode.PICTURE_MISSING, self._place, name=name)
        else:
            path = self._draft.picture(name, files[name], self._place)
            if path:
                before = self._figures[-1] if self._figures else self._before
                self._figures.append(self._draft.figure(path, alt, "", before, self._place))
                self._draft.lose(LossCode.PICTURE_MOVED, self._place, name=name)

    def _line(self, rich: Rich) -> str:
        """One line of Markdown; paragraphs of it are joined."""
        text = self._rich(rich)
        if rich.markup != "markdown":
            text = re.sub(r"\\?\n+", " ", text)
        return self._draft.line(text, self._place)

    def _plain(self, rich: Rich) -> str:
        """One line without markup: what is typed."""
        text = rich.text
        if rich.markup == "html":
            text = re.sub(r"<[^<>]*>", " ", text)
        return self._draft.line(text, self._place)

    def _markdown(self, rich: Rich | None) -> str:
        return self._draft.markdown(self._rich(rich), self._place)

    def _shared(self, kind: type[m.AnyQuestion]) -> dict[str, object]:
        asked = self._asked
        text = self._rich(asked.stem)
        if asked.after is not None:
            tail = self._rich(Rich(asked.after, asked.stem.markup))
            text = f"{text.rstrip()} {GAP} {tail.lstrip()}".strip()
        fields: dict[str, object] = {
            "key": self._key,
            "prompt": self._draft.prompt(text, kind, self._place),
            "feedback": self._markdown(asked.general),
        }
        if asked.points is not None and kind is not m.Reflection:
            whole = int(min(max(asked.points, Decimal(0)), FULL))
            fields["points"] = whole
            if whole != asked.points:
                self._draft.lose(
                    LossCode.FIELD, self._place, name="points", value=str(asked.points)
                )
        if asked.hints:
            fields["hint"] = self._line(asked.hints[0])
            for extra in asked.hints[1:]:
                self._draft.lose(LossCode.FIELD, self._place, name="hint", value=extra.text)
        return fields

    def _weights(self, points: Decimal, text: str) -> None:
        if Decimal(0) < points < FULL:
            weight = format(points.normalize(), "f")
            self._draft.lose(LossCode.WEIGHT, self._place, answer=text, weight=weight)

    # Kinds

    def _truefalse(self) -> m.AnyBlock | None:
        asked = self._asked
        (yes, yes_text), (no, no_text) = with_keys((YES, NO))
        options = (
            m.Option(
                key=yes, text=yes_text, right=asked.is_true, feedback=self._markdown(asked.if_true)
            ),
            m.Option(
                key=no,
                text=no_text,
                right=not asked.is_true,
                feedback=self._markdown(asked.if_false),
            ),
        )
        return self._draft.question(
            m.TrueFalse, self._place, **self._shared(m.TrueFalse), options=options
        )

    def _choice(self) -> m.AnyBlock | None:
        asked = self._asked
        gap = self._gap_with_bank()
        if gap is not None:
            return gap
        right = [answer.is_right or answer.points >= FULL for answer in asked.answers]
        several = asked.several or not any(right)
        if several:
            right = [answer.points > 0 for answer in asked.answers]
            shares = {
                answer.points
                for answer, is_right in zip(asked.answers, right, strict=True)
                if is_right
            }
            if len(shares) > 1:
                for answer in asked.answers:
                    self._weights(answer.points, answer.text.text)
        else:
            for answer in asked.answers:
                self._weights(answer.points, answer.text.text)
            if sum(right) > 1:
                self._draft.lose(LossCode.SEVERAL_RIGHT, self._place, count=sum(right))
                several = True
        kind = m.Choices if several else m.Choice
        keyed = with_keys(self._line(answer.text) for answer in asked.answers[:100])
        for answer in asked.answers[100:]:
            self._draft.lose(LossCode.ANSWER, self._place, answer=answer.text.text)
        options = tuple(
            m.Option(key=key, text=text, right=is_right, feedback=self._markdown(answer.feedback))
            for (key, text), answer, is_right in zip(keyed, asked.answers, right, strict=False)
        )
        return self._draft.question(kind, self._place, **self._shared(kind), options=options)

    def _gap_with_bank(self) -> m.Blanks | None:
        """A gap to be filled from a list is a blank with a bank, when nothing is lost by it."""
        asked = self._asked
        right = [answer for answer in asked.answers if answer.is_right]
        if asked.after is None or asked.several or len(right) != 1:
            return None
        if any(a.feedback is not None or a.weight not in {None, Decimal(0)} for a in asked.answers):
            return None
        words = [
            self._draft.line(answer.text.text, self._place)
            for answer in asked.answers
            if not answer.is_right
        ]
        return self._blank([right[0].text.text], tuple(words))

    def _blank(self, accepted: list[str], bank: tuple[str, ...] = ()) -> m.Blanks | None:
        """None when it does not make exactly one blank with these answers."""
        asked = self._asked
        accepted = [answer.strip() for answer in accepted]
        inside = "|".join(accepted)
        before = self._rich(Rich(asked.stem.text, asked.stem.markup, asked.stem.files))
        after = self._rich(Rich(asked.after or "", asked.stem.markup))
        if asked.stem.markup != "markdown":
            before += " " if asked.stem.text.endswith((" ", "\n")) else ""
            after = (" " if (asked.after or "").startswith((" ", "\n")) else "") + after
        text = m.normal_markdown(f"{before}[[{inside}]]{after}")
        prompt, text = body.split_blanks(text.split("\n"))
        fields = {
            "key": self._key,
            "prompt": m.normal_markdown(prompt),
            "text": m.normal_markdown(text),
        }
        try:
            block = m.Blanks(**fields, bank=bank, feedback=self._markdown(asked.general))  # type: ignore[arg-type]
        except ValueError:
            return None
        return block if block.accepted == (tuple(accepted),) and all(accepted) else None

    def _short(self) -> m.AnyBlock | None:
        asked = self._asked
        if (
            asked.after is not None
            and not asked.case
            and all(
                a.feedback is None and a.points == FULL and "*" not in a.text.text
                for a in asked.answers
            )
        ):
            gap = self._blank([answer.text.text for answer in asked.answers])
            if gap is not None:
                return gap
        accepted: list[str] = []
        wrong: list[m.WrongText] = []
        feedbacks: list[tuple[str, str]] = []
        for answer in asked.answers:
            text = self._typed(answer)
            feedback = self._markdown(answer.feedback)
            if text is None or len(accepted) == 100 or len(wrong) == 100:  # noqa: PLR2004  as the model has it
                self._draft.lose(LossCode.ANSWER, self._place, answer=answer.text.text)
            elif answer.points >= FULL:
                accepted.append(text)
                feedbacks.append((text, feedback))
            else:
                self._weights(answer.points, text)
                wrong.append(m.WrongText(text=text, feedback=feedback))
        shared = next((feedback for _, feedback in feedbacks if feedback), "")
        for text, feedback in feedbacks:
            if feedback != shared:
                self._draft.lose(LossCode.ANSWER_FEEDBACK, self._place, answer=text)
        return self._draft.question(
            m.ShortText,
            self._place,
            **self._shared(m.ShortText),
            accepted=tuple(accepted),
            accepted_feedback=shared,
            wrong=tuple(wrong),
            spelling=asked.case,
        )

    def _typed(self, answer: Answer) -> str | None:
        """An answer to type; None when it stands for anything at all."""
        text = self._plain(answer.text)
        if text == "*":
            return None
        if re.search(r"(?<!\\)\*", text):
            self._draft.lose(LossCode.WILDCARD, self._place, answer=text)
        return text.replace("\\*", "*")

    def _number(self) -> m.AnyBlock | None:
        right: Numeric | None = None
        wrong: list[m.WrongNumber] = []
        for number in self._asked.numbers:
            shown = format(number.value, "f")
            if number.points >= FULL and right is None:
                right = number
            elif number.points < FULL and not number.tolerance and len(wrong) < 100:  # noqa: PLR2004
                self._weights(number.points, shown)
                try:
                    wrong.append(
                        m.WrongNumber(value=number.value, feedback=self._markdown(number.feedback))
                    )
                except ValueError:
                    self._draft.lose(LossCode.ANSWER, self._place, answer=shown)
            else:
                self._draft.lose(LossCode.ANSWER, self._place, answer=shown)
        if right is None:
            self._draft.lose(LossCode.BROKEN, self._place, text=self._asked.stem.text)
            return None
        return self._draft.question(
            m.Number,
            self._place,
            **self._shared(m.Number),
            value=right.value,
            tolerance=right.tolerance,
            value_feedback=self._markdown(right.feedback),
            wrong=tuple(wrong),
        )

    def _match(self) -> m.AnyBlock | None:
        pairs: list[tuple[str, str]] = []
        for left, right in self._asked.pairs:
            if not left.text.strip():
                # Moodle's extra answers, which belong to no question.
                self._draft.lose(LossCode.ANSWER, self._place, answer=right)
            elif len(pairs) == 100:  # noqa: PLR2004  as the model has it
                self._draft.lose(LossCode.ANSWER, self._place, answer=left.text)
            else:
                pairs.append(
                    (
                        self._line(left),
                        self._line(
                            Rich(right, "markdown" if left.markup == "markdown" else "plain")
                        ),
                    )
                )
        keyed = with_keys(left for left, _ in pairs)
        made = tuple(
            m.Pair(key=key, left=left, right=right)
            for (key, left), (_, right) in zip(keyed, pairs, strict=True)
        )
        return self._draft.question(
            m.Match,
            self._place,
            **self._shared(m.Match),
            left_title=LEFT,
            right_title=RIGHT,
            pairs=made,
        )

    def _gaps(self) -> m.AnyBlock | None:
        asked = self._asked
        inside = ["|".join(self._word(word) for word in words) for words in asked.gaps]
        stem = asked.stem
        asked.stem = Rich("", stem.markup, stem.files)
        text = _HELD.sub(lambda found: f"[[{inside[int(found[1])]}]]", self._rich(stem))
        bank = tuple(word for word in dict.fromkeys(map(self._word, asked.bank)) if word)
        block = self._draft.question(
            m.Blanks,
            self._place,
            **self._shared(m.Blanks),
            text=self._draft.markdown(text, self._place),
            bank=bank,
        )
        asked.stem = stem
        if block is not None and len(block.accepted) != len(asked.gaps):
            self._draft.lose(LossCode.BROKEN, self._place, text=stem.text)
            return None
        return block

    def _word(self, word: str) -> str:
        """A word for a blank, without the characters that part blanks and words."""
        return self._draft.line(re.sub(r"[\[\]|]|, ", " ", word), self._place)

    def _order(self) -> m.AnyBlock | None:
        keyed = with_keys(self._line(answer.text) for answer in self._asked.answers[:100])
        for answer in self._asked.answers[100:]:
            self._draft.lose(LossCode.ANSWER, self._place, answer=answer.text.text)
        items = tuple(m.Item(key=key, text=text) for key, text in keyed)
        return self._draft.question(m.Order, self._place, **self._shared(m.Order), items=items)

    def _essay(self) -> m.AnyBlock | None:
        self._draft.lose(LossCode.ESSAY, self._place)
        return self._draft.question(m.Reflection, self._place, **self._shared(m.Reflection))
