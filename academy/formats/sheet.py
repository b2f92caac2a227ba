"""Questions in the rows of a table: what an XLSX and a CSV file share.

A row with a kind begins a question; rows below it without one are its further answers. Every setting of a question
has a column, so what goes out comes back.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from academy.document import lines
from academy.document import model as m
from academy.formats import limits
from academy.formats.draft import Chapter, Draft, slug, with_keys
from academy.formats.facts import Imported, Loss, LossCode, Reason, Refused, loss

COLUMNS: Mapping[str, str] = {
    "lesson": "차시",
    "kind": "종류",
    "prompt": "문제",
    "answer": "답",
    "right": "맞음",
    "pair": "짝",
    "feedback": "답 설명",
    "explanation": "풀이",
    "hint": "힌트",
    "misconception": "오해",
    "points": "점수",
    "counted": "셈하기",
    "tolerance": "오차",
    "unit": "단위",
    "bank": "보기 낱말",
    "spelling": "맞춤법 문제",
    "left_title": "왼쪽 제목",
    "right_title": "오른쪽 제목",
    "key": "이름",
    "answer_key": "답 이름",
    "pair_key": "짝 이름",
}
"""Names of the columns, in the order they are written."""

KINDS: Mapping[str, str] = {
    "choice": "하나 고르기",
    "choices": "모두 고르기",
    "truefalse": "맞아요 아니에요",
    "short": "짧은 답",
    "number": "숫자",
    "order": "순서",
    "match": "짝짓기",
    "sort": "나누기",
    "blanks": "빈칸",
    "reflection": "생각 적기",
    "checklist": "점검표",
}

_YES = {
    "o",
    "○",
    "◯",
    "⭕",
    "ㅇ",
    "ok",
    "y",
    "yes",
    "v",
    "✓",
    "✔",
    "true",
    "1",
    "예",
    "네",
    "맞음",
    "참",
}
_NO = {"", "x", "×", "✕", "❌", "n", "no", "false", "0", "아니요", "아니오", "틀림", "거짓"}
_OF_ANSWERS = ("answer", "right", "pair", "feedback", "misconception", "answer_key", "pair_key")
MAX_CELL = 32_767
"""Characters a spreadsheet holds in one cell."""

Cells = Mapping[str, str]


def _name(text: str) -> str:
    return re.sub(r"[\s_·/]+", "", text).lower()


_BY_NAME = {_name(word): column for column, header in COLUMNS.items() for word in (header, column)}
_BY_KIND = {_name(word): kind for kind, header in KINDS.items() for word in (header, kind)}


# Reading


@dataclass(frozen=True, slots=True)
class Row:
    """`place` is where its maker finds it."""

    place: str
    cells: Sequence[str]


def header_of(row: Sequence[str]) -> dict[int, str] | None:
    """The column at every place, when this row names the columns."""
    found: dict[int, str] = {}
    for at, cell in enumerate(row):
        column = _BY_NAME.get(_name(cell))
        if column and column not in found.values():
            found[at] = column
    return found if {"prompt", "answer"} <= set(found.values()) else None


@dataclass(slots=True)
class _Raw:
    place: str
    cells: dict[str, str]
    answers: list[dict[str, str]]

    @property
    def more(self) -> list[dict[str, str]]:
        """Answers whose text is not all that they are."""
        return [answer for answer in self.answers if any(answer.values())]


class Reader:
    """Takes the rows of one or more tables."""

    def __init__(self, draft: Draft, title: str) -> None:
        self._draft = draft
        self._title = title
        self._raws: list[tuple[str, _Raw]] = []
        self._lesson = title
        self._keys: set[str] = set()

    def take(self, rows: Iterable[Row]) -> bool:
        """Read one table; False when no row names its columns."""
        header: dict[int, str] | None = None
        unknown: dict[int, str] = {}
        before: list[Row] = []
        wide = False
        for row in rows:
            if not any(cell.strip() for cell in row.cells):
                continue
            if len(row.cells) > limits.MAX_COLUMNS and any(row.cells[limits.MAX_COLUMNS :]):
                wide = True
            if header is None:
                header = header_of(row.cells)
                if header is None:
                    before.append(row)
                    if len(before) > 10:  # noqa: PLR2004  a title and some advice may stand above
                        return False
                    continue
                unknown = {
                    at: cell
                    for at, cell in enumerate(row.cells)
                    if cell.strip() and at not in header
                }
                continue
            self._row(row, header, unknown)
        if header is None:
            return False
        if wide:
            self._draft.lose(LossCode.COLUMN, "", name=f"{limits.MAX_COLUMNS + 1}…")
        for row in before:
            text = " ".join(cell for cell in row.cells if cell)
            self._draft.lose(LossCode.CELL, row.place, name=row.place, value=text)
        return True

    def _row(self, row: Row, header: Mapping[int, str], unknown: dict[int, str]) -> None:
        cells = {header[at]: cell for at, cell in enumerate(row.cells) if at in header and cell}
        for at, cell in enumerate(row.cells[: limits.MAX_COLUMNS]):
            if cell.strip() and at not in header:
                if at in unknown:
                    self._draft.lose(LossCode.COLUMN, "", name=unknown.pop(at))
                elif at >= len(header):
                    self._draft.lose(LossCode.CELL, row.place, name=str(at + 1), value=cell)
        answer = {name: cells.pop(name) for name in _OF_ANSWERS if name in cells}
        lesson = cells.pop("lesson", "").strip()
        self._lesson = lesson or self._lesson
        if cells.get("kind", "").strip() or cells.get("prompt", "").strip() or not self._raws:
            if len(self._raws) == limits.MAX_QUESTIONS:
                raise Refused(Reason.TOO_MANY_QUESTIONS, limit=limits.MAX_QUESTIONS)
            self._raws.append((self._lesson, _Raw(row.place, cells, [answer] if answer else [])))
            return
        raw = self._raws[-1][1]
        for name, value in cells.items():
            self._draft.lose(LossCode.CELL, row.place, name=COLUMNS[name], value=value)
        raw.answers.append(answer)

    def imported(self) -> Imported:
        """Raises Refused when there was no question."""
        chapters: list[Chapter] = []
        for lesson, raw in self._raws:
            block = self._block(raw)
            if block is None:
                continue
            if not chapters or chapters[-1].title != lesson:
                chapters.append(Chapter(self._title, lesson, is_bank=True))
            chapters[-1].blocks.append(block)
        return self._draft.imported(self._title, chapters)

    # Questions

    def _block(self, raw: _Raw) -> m.AnyQuestion | None:
        name = raw.cells.pop("kind", "").strip()
        kind = _BY_KIND.get(_name(name)) if name else self._guess(raw)
        if kind is None:
            self._draft.lose(LossCode.KIND, raw.place, kind=name)
            return None
        block = self._made(kind, raw)
        left = {name: value for name, value in raw.cells.items() if value.strip()}
        for name, value in left.items():
            self._draft.lose(LossCode.CELL, raw.place, name=COLUMNS[name], value=value)
        return block

    def _guess(self, raw: _Raw) -> str:
        """The kind where nobody wrote one: by how many answers are right."""
        right = [self._yes(answer.get("right", ""), raw.place) for answer in raw.more]
        if any(answer.get("pair") for answer in raw.more):
            return "match"
        if not right:
            return "reflection"
        if all(right):
            return "short"
        return "choices" if sum(right) > 1 else "choice"

    def _yes(self, text: str, place: str) -> bool:
        word = text.strip().lower()
        if word not in _YES | _NO:
            self._draft.lose(LossCode.CELL, place, name=COLUMNS["right"], value=text)
        return word in _YES

    def _shared(self, kind: type[m.AnyQuestion], raw: _Raw) -> dict[str, object]:
        cells, place = raw.cells, raw.place
        key = cells.pop("key", "").strip()
        if key and not (m.is_block_key(key) and "~" not in key):
            self._draft.lose(LossCode.KEY_CHANGED, place, key=key)
            key = slug(key)
        if not key:
            number = len(self._keys) + 1
            while (key := f"q-{number}") in self._keys:
                number += 1
        self._keys.add(key)
        fields: dict[str, object] = {
            "key": key,
            "prompt": self._draft.prompt(cells.pop("prompt", ""), kind, place),
            "hint": self._draft.line(cells.pop("hint", ""), place),
            "feedback": self._draft.markdown(cells.pop("explanation", ""), place),
        }
        points = cells.pop("points", "").strip()
        if points.isdecimal() and points.isascii() and int(points[:5]) <= 100:  # noqa: PLR2004  as the model has it
            fields["points"] = int(points)
        elif points:
            self._draft.lose(LossCode.CELL, place, name=COLUMNS["points"], value=points)
        counted = cells.pop("counted", "").strip()
        if counted and kind not in {m.Reflection, m.Checklist}:
            fields["counted"] = self._yes(counted, place)
        return fields

    def _made(self, kind: str, raw: _Raw) -> m.AnyQuestion | None:
        make: Mapping[str, Callable[[_Raw], m.AnyQuestion | None]] = {
            "choice": lambda raw: self._options(m.Choice, raw),
            "choices": lambda raw: self._options(m.Choices, raw),
            "truefalse": lambda raw: self._options(m.TrueFalse, raw),
            "short": self._short,
            "number": self._number,
            "order": lambda raw: self._items(m.Order, raw),
            "checklist": lambda raw: self._items(m.Checklist, raw),
            "match": self._match,
            "sort": self._sort,
            "blanks": self._blanks,
            "reflection": self._reflection,
        }
        return make[kind](raw)

    def _reflection(self, raw: _Raw) -> m.AnyQuestion | None:
        self._only(raw, ())
        return self._draft.question(m.Reflection, raw.place, **self._shared(m.Reflection, raw))

    def _only(self, raw: _Raw, names: Iterable[str]) -> list[dict[str, str]]:
        """The answers; what stands in other columns than these has no place in this kind."""
        known = set(names)
        for answer in raw.more:
            for name in [name for name in answer if name not in known]:
                value = answer.pop(name)
                if value.strip() and not (name == "right" and not known):
                    self._draft.lose(LossCode.CELL, raw.place, name=COLUMNS[name], value=value)
        return raw.more[:100]

    def _keyed(self, raw: _Raw, answers: Sequence[Mapping[str, str]]) -> list[tuple[str, str]]:
        """Key and text of every answer; a written key that is one wins."""
        texts = [self._draft.line(answer.get("answer", ""), raw.place) for answer in answers]
        return [
            (self._own_key(answer.get("answer_key", ""), raw.place) or implied, text)
            for (implied, text), answer in zip(with_keys(texts), answers, strict=True)
        ]

    def _options(
        self, kind: type[m.Choice | m.Choices | m.TrueFalse], raw: _Raw
    ) -> m.AnyQuestion | None:
        answers = self._only(raw, ("answer", "right", "feedback", "misconception", "answer_key"))
        if kind is m.TrueFalse and len(answers) != 2:  # noqa: PLR2004  true and false
            self._draft.lose(LossCode.BROKEN, raw.place, text=raw.cells.get("prompt", ""))
            raw.cells.clear()
            return None
        options = tuple(
            m.Option(
                key=key,
                text=text,
                right=self._yes(answer.get("right", ""), raw.place),
                feedback=self._draft.markdown(answer.get("feedback", ""), raw.place),
                misconception=self._draft.line(answer.get("misconception", ""), raw.place),
            )
            for (key, text), answer in zip(self._keyed(raw, answers), answers, strict=True)
        )
        return self._draft.question(kind, raw.place, **self._shared(kind, raw), options=options)

    def _parted(self, raw: _Raw) -> tuple[list[dict[str, str]], list[dict[str, str]], str]:
        """Right answers, wrong ones, and the feedback of the right ones."""
        answers = self._only(raw, ("answer", "right", "feedback", "misconception"))
        marked = any(answer.get("right", "").strip() for answer in answers)
        right, wrong, shared = [], [], ""
        for answer in answers:
            if marked and not self._yes(answer.get("right", ""), raw.place):
                wrong.append(answer)
                continue
            right.append(answer)
            feedback = self._draft.markdown(answer.get("feedback", ""), raw.place)
            if feedback and shared and feedback != shared:
                self._draft.lose(
                    LossCode.ANSWER_FEEDBACK, raw.place, answer=answer.get("answer", "")
                )
            shared = shared or feedback
            if answer.get("misconception", "").strip():
                self._draft.lose(
                    LossCode.CELL,
                    raw.place,
                    name=COLUMNS["misconception"],
                    value=answer["misconception"],
                )
        return right, wrong, shared

    def _short(self, raw: _Raw) -> m.AnyQuestion | None:
        right, wrong, feedback = self._parted(raw)
        spelling = raw.cells.pop("spelling", "")
        return self._draft.question(
            m.ShortText,
            raw.place,
            **self._shared(m.ShortText, raw),
            accepted=tuple(
                self._draft.line(answer.get("answer", ""), raw.place) for answer in right
            ),
            accepted_feedback=feedback,
            wrong=tuple(
                m.WrongText(
                    text=self._draft.line(answer.get("answer", ""), raw.place),
                    feedback=self._draft.markdown(answer.get("feedback", ""), raw.place),
                    misconception=self._draft.line(answer.get("misconception", ""), raw.place),
                )
                for answer in wrong
            ),
            spelling=self._yes(spelling, raw.place),
        )

    def _number(self, raw: _Raw) -> m.AnyQuestion | None:
        right, wrong, feedback = self._parted(raw)
        value = _decimal(right[0].get("answer", "")) if right else None
        if value is None or len(right) > 1:
            for answer in right:
                self._draft.lose(LossCode.ANSWER, raw.place, answer=answer.get("answer", ""))
        if value is None:
            self._draft.lose(LossCode.BROKEN, raw.place, text=raw.cells.get("prompt", ""))
            raw.cells.clear()
            return None
        written = raw.cells.pop("tolerance", "")
        tolerance = _decimal(written) if written.strip() else Decimal(0)
        if tolerance is None:
            self._draft.lose(LossCode.CELL, raw.place, name=COLUMNS["tolerance"], value=written)
        others = []
        for answer in wrong:
            number = _decimal(answer.get("answer", ""))
            if number is None:
                self._draft.lose(LossCode.ANSWER, raw.place, answer=answer.get("answer", ""))
                continue
            others.append(
                {
                    "value": number,
                    "feedback": self._draft.markdown(answer.get("feedback", ""), raw.place),
                    "misconception": self._draft.line(answer.get("misconception", ""), raw.place),
                }
            )
        return self._draft.question(
            m.Number,
            raw.place,
            **self._shared(m.Number, raw),
            value=value,
            tolerance=tolerance or Decimal(0),
            unit=self._draft.line(raw.cells.pop("unit", ""), raw.place),
            value_feedback=feedback,
            wrong=tuple(others),
        )

    def _items(self, kind: type[m.Order | m.Checklist], raw: _Raw) -> m.AnyQuestion | None:
        answers = self._only(raw, ("answer", "answer_key"))
        items = tuple(m.Item(key=key, text=text) for key, text in self._keyed(raw, answers))
        return self._draft.question(kind, raw.place, **self._shared(kind, raw), items=items)

    def _match(self, raw: _Raw) -> m.AnyQuestion | None:
        answers = self._only(raw, ("answer", "pair", "answer_key"))
        pairs = tuple(
            m.Pair(key=key, left=text, right=self._draft.line(answer.get("pair", ""), raw.place))
            for (key, text), answer in zip(self._keyed(raw, answers), answers, strict=True)
        )
        return self._draft.question(
            m.Match,
            raw.place,
            **self._shared(m.Match, raw),
            left_title=self._draft.line(raw.cells.pop("left_title", ""), raw.place),
            right_title=self._draft.line(raw.cells.pop("right_title", ""), raw.place),
            pairs=pairs,
        )

    def _sort(self, raw: _Raw) -> m.AnyQuestion | None:
        answers = self._only(raw, ("answer", "pair", "answer_key", "pair_key"))
        groups: dict[str, list[dict[str, str]]] = {}
        written: dict[str, str] = {}
        for answer in answers:
            title = self._draft.line(answer.get("pair", ""), raw.place)
            group = groups.setdefault(title, [])
            written.setdefault(title, self._own_key(answer.get("pair_key", ""), raw.place))
            if answer.get("answer", "").strip():
                group.append(answer)
        keyed = iter(self._keyed(raw, [one for group in groups.values() for one in group]))
        made = []
        for (key, title), group in zip(with_keys(groups), groups.values(), strict=True):
            items = tuple(m.Item(key=k, text=t) for _, (k, t) in zip(group, keyed, strict=False))
            made.append(m.Group(key=written[title] or key, title=title, items=items))
        shared = self._shared(m.Sort, raw)
        return self._draft.question(m.Sort, raw.place, **shared, groups=tuple(made))

    def _own_key(self, written: str, place: str) -> str:
        """A key that was written; empty when it is none."""
        written = written.strip()
        if not written or (m.is_block_key(written) and "~" not in written):
            return written
        self._draft.lose(LossCode.KEY_CHANGED, place, key=written)
        return ""

    def _blanks(self, raw: _Raw) -> m.AnyQuestion | None:
        answers = self._only(raw, ("answer",))
        text = answers[0]["answer"] if answers else ""
        for answer in answers[1:]:
            self._draft.lose(LossCode.ANSWER, raw.place, answer=answer["answer"])
        fields = self._shared(m.Blanks, raw)
        if not answers:
            fields, text = {**fields, "prompt": ""}, str(fields["prompt"])
        words = [word.strip() for word in raw.cells.pop("bank", "").split(lines.BETWEEN)]
        return self._draft.question(
            m.Blanks,
            raw.place,
            **fields,
            text=self._draft.markdown(text, raw.place),
            bank=tuple(self._draft.line(word, raw.place) for word in words if word),
        )


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) < 30 else None  # noqa: PLR2004  no sane number


# Writing


class _Unwritable(Exception):
    pass


def _flag(value: bool) -> str:  # noqa: FBT001  a cell
    return "O" if value else "X"


def rows_of(course: m.Course) -> tuple[list[dict[str, str]], list[Loss]]:
    """The questions of a course as rows by column, and what has no row."""
    losses = [loss(LossCode.ONLY_QUESTIONS, course.title)]
    rows: list[dict[str, str]] = []
    for lesson in course.lessons():
        for block in lesson.blocks:
            if not isinstance(block, m.Question):
                continue
            place = f"{lesson.key}/{block.key}"
            try:
                made = list(_question_rows(block))
            except _Unwritable:
                losses.append(loss(LossCode.KIND, place, kind=block.kind))
                continue
            made[0]["lesson"] = lesson.title or lesson.key
            rows += made
    return rows, losses


def _question_rows(block: m.AnyQuestion) -> Iterator[dict[str, str]]:
    head = {
        "kind": KINDS.get(block.kind, ""),
        "key": block.key,
        "prompt": block.prompt,
        "hint": block.hint,
        "explanation": block.feedback,
        "points": "" if block.points == 1 else str(block.points),
    }
    if not head["kind"]:
        raise _Unwritable
    if not block.counted and not isinstance(block, m.Reflection | m.Checklist):
        head["counted"] = _flag(False)  # noqa: FBT003
    answers = [_filled(row) for row in _answer_rows(block, head)]
    if not all(answers):
        raise _Unwritable  # a row without anything in it cannot be told from no row
    if any(len(cell) > MAX_CELL for row in (head, *answers) for cell in row.values()):
        raise _Unwritable
    yield {**_filled(head), **(answers[0] if answers else {})}
    yield from answers[1:]


def _filled(row: Mapping[str, str]) -> dict[str, str]:
    return {name: cell for name, cell in row.items() if cell}


def _keyed(parts: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The key of every answer that has one of its own; empty for the others."""
    for (key, text), (implied, _) in zip(parts, with_keys(text for _, text in parts), strict=True):
        del text
        yield "" if key == implied else key


def _answer_rows(block: m.AnyQuestion, head: dict[str, str]) -> Iterator[dict[str, str]]:
    match block:
        case m.Choice() | m.Choices() | m.TrueFalse():
            keys = _keyed([(option.key, option.text) for option in block.options])
            for option, key in zip(block.options, keys, strict=True):
                yield {
                    "answer": option.text,
                    "right": _flag(option.right),
                    "feedback": option.feedback,
                    "misconception": option.misconception,
                    "answer_key": key,
                }
        case m.ShortText():
            head["spelling"] = _flag(True) if block.spelling else ""  # noqa: FBT003
            for at, text in enumerate(block.accepted):
                yield {
                    "answer": text,
                    "right": "O",
                    "feedback": "" if at else block.accepted_feedback,
                }
            for wrong in block.wrong:
                yield _wrong(wrong.text, wrong)
        case m.Number():
            head |= {
                "unit": block.unit,
                "tolerance": f"{block.tolerance:f}" if block.tolerance else "",
            }
            yield {"answer": f"{block.value:f}", "right": "O", "feedback": block.value_feedback}
            for number in block.wrong:
                yield _wrong(f"{number.value:f}", number)
        case m.Order() | m.Checklist():
            keys = _keyed([(item.key, item.text) for item in block.items])
            for item, key in zip(block.items, keys, strict=True):
                yield {"answer": item.text, "answer_key": key}
        case m.Match():
            head |= {"left_title": block.left_title, "right_title": block.right_title}
            keys = _keyed([(pair.key, pair.left) for pair in block.pairs])
            for pair, key in zip(block.pairs, keys, strict=True):
                yield {"answer": pair.left, "pair": pair.right, "answer_key": key}
        case m.Sort():
            yield from _sort_rows(block)
        case m.Blanks():
            head["bank"] = lines.BETWEEN.join(block.bank)
            yield {"answer": block.text}
        case _:
            return


def _wrong(text: str, wrong: m.WrongText | m.WrongNumber) -> dict[str, str]:
    return {
        "answer": text,
        "right": "X",
        "feedback": wrong.feedback,
        "misconception": wrong.misconception,
    }


def _sort_rows(block: m.Sort) -> Iterator[dict[str, str]]:
    titles = [group.title for group in block.groups]
    if len(set(titles)) < len(titles) or not all(
        item.text for g in block.groups for item in g.items
    ):
        raise _Unwritable
    group_keys = _keyed([(group.key, group.title) for group in block.groups])
    keys = _keyed([(item.key, item.text) for group in block.groups for item in group.items])
    for group, group_key in zip(block.groups, group_keys, strict=True):
        head = {"pair": group.title, "pair_key": group_key}
        if not group.items:
            yield head
        for at, item in enumerate(group.items):
            row = {"answer": item.text, "pair": group.title, "answer_key": next(keys)}
            yield row if at else {**row, **head}


# The template

EXAMPLES: tuple[dict[str, str], ...] = (
    {"lesson": "첫 차시", "kind": KINDS["choice"], "prompt": "계약서는 몇 장을 쓰나요?", "answer": "한 장", "right": "X",
     "feedback": "한 장이면 나중에 보여 줄 것이 없어요.", "explanation": "두 장을 써서 한 장씩 가져요.",
     "hint": "나중에 서로 다른 말을 하게 되면 무엇이 필요할까요?"},
    {"answer": "두 장", "right": "O", "feedback": "맞아요."},
    {"kind": KINDS["choices"], "prompt": "계약서에 꼭 적는 것을 모두 고르세요.", "answer": "임금", "right": "O"},
    {"answer": "일하는 시간", "right": "O"},
    {"answer": "고향", "right": "X", "feedback": "일과 관계없는 것은 적지 않아도 돼요."},
    {"kind": KINDS["truefalse"], "prompt": "계약서를 휴대폰으로 찍어 두어도 됩니다.", "answer": "맞아요", "right": "O"},
    {"answer": "아니에요", "right": "X"},
    {"kind": KINDS["short"], "prompt": "일을 시작하기 전에 쓰는 문서는 무엇인가요?", "answer": "근로계약서", "right": "O"},
    {"answer": "이력서", "right": "X", "feedback": "이력서는 나를 알리는 글이에요."},
    {"kind": KINDS["number"], "prompt": "하루 8시간, 한 시간에 10,000원이면 하루 임금은 얼마인가요?", "answer": "80000",
     "right": "O", "unit": "원"},
    {"kind": KINDS["order"], "prompt": "먼저 할 일부터 놓아 보세요.", "answer": "계약서를 읽는다"},
    {"answer": "모르는 말을 물어본다"},
    {"answer": "이름을 적는다"},
    {"kind": KINDS["match"], "prompt": "알맞은 곳을 이어 보세요.", "left_title": "하고 싶은 일", "right_title": "갈 곳",
     "answer": "책을 빌리고 싶어요", "pair": "도서관"},
    {"answer": "편지를 보내고 싶어요", "pair": "우체국"},
    {"kind": KINDS["sort"], "prompt": "나누어 보세요.", "answer": "인증번호", "pair": "알려 주지 않는 것"},
    {"answer": "공휴일", "pair": "알려 줘도 되는 것"},
    {"kind": KINDS["blanks"], "prompt": "알맞은 말을 넣어 보세요.", "answer": "계약서는 [[두 장|2장]]을 씁니다."},
    {"kind": KINDS["reflection"], "prompt": "오늘 배운 것 가운데 무엇을 해 보고 싶은가요?"},
    {"kind": KINDS["checklist"], "prompt": "내 계약서를 살펴보세요.", "answer": "임금이 적혀 있어요"},
    {"answer": "일하는 시간이 적혀 있어요"},
)  # fmt: skip


def table(rows: Iterable[Cells]) -> list[list[str]]:
    """Rows under their header; columns that nothing stands in are left away, but for the first few."""
    rows = list(rows)
    used = {name for row in rows for name in row}
    shown = [name for at, name in enumerate(COLUMNS) if at < 8 or name in used]  # noqa: PLR2004  what everybody fills in
    return [
        [COLUMNS[name] for name in shown],
        *([row.get(name, "") for name in shown] for row in rows),
    ]
