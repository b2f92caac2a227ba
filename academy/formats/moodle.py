"""Moodle XML question banks, read.

Source: the format's description in Moodle's documentation (quiz > question, one element a setting).
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from academy.formats import limits, xml
from academy.formats.bank import (
    FULL,
    Answer,
    Asked,
    Converter,
    Kind,
    Markup,
    Numeric,
    Rich,
    gap_mark,
    without_gap_marks,
)
from academy.formats.draft import Draft
from academy.formats.facts import Imported, LossCode, Reason, Refused

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_KINDS: Mapping[str, Kind] = {
    "multichoice": "choice",
    "truefalse": "truefalse",
    "shortanswer": "short",
    "numerical": "numerical",
    "matching": "matching",
    "essay": "essay",
    "description": "description",
    "cloze": "gaps",
    "gapselect": "gaps",
    "ddwtos": "gaps",
    "ordering": "order",
}
_MARKUPS: Mapping[str, Markup] = {
    "html": "html",
    "markdown": "markdown",
    "plain_text": "plain",
    "moodle_auto_format": "moodle",
}
_READ = {
    "name", "questiontext", "generalfeedback", "defaultgrade", "idnumber", "single", "usecase",
    "answer", "subquestion", "hint", "tags", "selectoption", "dragbox",
}  # fmt: skip
_ROOTS = {"$course$", "$system$", "$cat1$", "$module$", "top"}


def read(data: bytes, title: str) -> Imported:
    """A course of the questions in a Moodle XML file.

    Raises:
        Refused: it is no XML, another kind of XML, or holds no question.
    """
    draft = Draft()
    converter = Converter(draft, title)
    category: tuple[str, ...] = ()
    count = 0
    for element, depth in xml.walk(data, limits.MAX_MOODLE_BYTES, piecewise=True):
        if depth == 1 and element.tag != "quiz":
            raise Refused(Reason.NOT_THIS, format="Moodle XML")
        if depth != 2 or element.tag != "question":  # noqa: PLR2004  a child of the root
            continue
        if element.get("type") == "category":
            category = _category(_text(element.find("category")))
            continue
        count += 1
        if count > limits.MAX_QUESTIONS:
            raise Refused(Reason.TOO_MANY_QUESTIONS, limit=limits.MAX_QUESTIONS)
        _Question(element, category, count, draft, converter).take()
    return draft.imported(title, converter.chapters)


def _category(path: str) -> tuple[str, ...]:
    parts = path.replace("//", "\x00").split("/")
    names = [part.replace("\x00", "/").strip() for part in parts]
    return tuple(name for name in names if name and name not in _ROOTS)


def _text(element: "Element | None") -> str:
    if element is None:
        return ""
    inner = element.find("text")
    return ("" if inner is None else inner.text or "").replace("\r\n", "\n").strip()


def _rich(element: "Element | None", default: Markup = "moodle") -> Rich | None:
    text = _text(element)
    if element is None or not text:
        return None
    files = {}
    for file in element.findall("file"):
        name = file.get("name") or ""
        try:
            files[name] = base64.b64decode(file.text or "", validate=False)
        except (binascii.Error, ValueError):
            continue  # told as a picture that is missing
    return Rich(text, _MARKUPS.get(element.get("format") or "", default), files)


def _decimal(text: str | None) -> Decimal | None:
    try:
        value = Decimal((text or "").strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) < 30 else None  # noqa: PLR2004  no sane number


class _Question:
    def __init__(
        self,
        element: "Element",
        category: tuple[str, ...],
        number: int,
        draft: Draft,
        converter: Converter,
    ) -> None:
        self._element = element
        self._draft = draft
        self._converter = converter
        self._type = element.get("type") or ""
        title = _text(element.find("name"))
        stem = _rich(element.find("questiontext")) or Rich("")
        self._asked = Asked(
            title or str(number), _KINDS.get(self._type, "short"), stem, title or None
        )
        self._asked.category = category

    def take(self) -> None:
        asked, element = self._asked, self._element
        asked.general = _rich(element.find("generalfeedback"), asked.stem.markup)
        asked.id = (element.findtext("idnumber") or "").strip() or None
        asked.points = _decimal(element.findtext("defaultgrade"))
        tags = [_text(tag) for tag in element.iterfind("tags/tag")]
        asked.tags = tuple(tag for tag in tags if tag)
        hints = [_rich(hint, asked.stem.markup) for hint in element.findall("hint")]
        asked.hints = [hint for hint in hints if hint is not None]
        special: Mapping[str, Callable[[], bool]] = {
            "cloze": self._cloze,
            "gapselect": self._numbered_gaps,
            "ddwtos": self._numbered_gaps,
            "ordering": self._ordering,
        }
        if self._type in special:
            # The text changes when its gaps are marked; losses name the question by its title.
            if not special[self._type]():
                self._draft.lose(LossCode.KIND, asked.place, kind=self._type)
                return
        elif self._type in _KINDS:
            self._answers()
        else:
            self._draft.lose(LossCode.KIND, asked.place, kind=self._type)
            return
        for child in element:
            if child.tag not in _READ and "".join(child.itertext()).strip():
                self._draft.lose_style(LossCode.SETTING, child.tag)
        self._converter.take(asked)

    def _answers(self) -> None:
        asked, element = self._asked, self._element
        answers = element.findall("answer")
        match asked.kind:
            case "choice":
                single = (element.findtext("single") or "true").strip().lower()
                asked.several = single in {"false", "0"}
                asked.answers = [self._answer(answer) for answer in answers]
            case "short":
                asked.case = (element.findtext("usecase") or "").strip() in {"1", "true"}
                asked.answers = [self._answer(answer) for answer in answers]
            case "truefalse":
                self._truth(answers)
            case "numerical":
                self._numbers(answers)
            case "matching":
                for pair in element.findall("subquestion"):
                    left = _rich(pair, asked.stem.markup) or Rich("", "plain")
                    asked.pairs.append((left, _text(pair.find("answer"))))
            case "essay":
                # Nobody grades it here, so it gives no points.
                asked.points = None
            case _:
                pass

    def _answer(self, answer: "Element") -> Answer:
        text = _rich(answer, self._asked.stem.markup) or Rich("", "plain")
        weight = _decimal(answer.get("fraction"))
        feedback = _rich(answer.find("feedback"), self._asked.stem.markup)
        is_right = weight is not None and weight >= FULL
        return Answer(text, is_right, weight, feedback)

    def _truth(self, answers: list["Element"]) -> None:
        for answer in answers:
            feedback = _rich(answer.find("feedback"), self._asked.stem.markup)
            is_right = (_decimal(answer.get("fraction")) or 0) >= FULL
            if _text(answer).lower() == "true":
                self._asked.if_true = feedback
                self._asked.is_true = is_right
            else:
                self._asked.if_false = feedback

    def _numbers(self, answers: list["Element"]) -> None:
        for answer in answers:
            value = _decimal(_text(answer))
            feedback = _rich(answer.find("feedback"), self._asked.stem.markup)
            if value is None:
                self._draft.lose(LossCode.ANSWER, self._asked.place, answer=_text(answer))
                continue
            tolerance = abs(_decimal(answer.findtext("tolerance")) or Decimal(0))
            weight = _decimal(answer.get("fraction"))
            self._asked.numbers.append(
                Numeric(value, tolerance, "range", is_right=True, weight=weight, feedback=feedback)
            )

    # Kinds that Moodle has besides those of GIFT

    def _ordering(self) -> bool:
        self._asked.answers = [self._answer(answer) for answer in self._element.findall("answer")]
        return bool(self._asked.answers)

    def _cloze(self) -> bool:
        """A text with answers inside braces; False when some of them are of a sort we do not have."""
        asked = self._asked
        bank: list[str] = []

        def gap(found: re.Match[str]) -> str:
            answers = re.split(r"(?<!\\)~", found[2])
            right = [answer for answer in answers if answer.startswith(("=", "%100%"))]
            is_choice = found[1].upper().startswith("M") and not found[1].upper().startswith("MW")
            for answer in answers:
                words, feedback = _cloze_words(answer)
                if feedback:
                    self._draft.lose(LossCode.ANSWER_FEEDBACK, asked.place, answer=words)
                if answer not in right and is_choice:
                    bank.append(words)
                elif answer not in right:
                    self._draft.lose(LossCode.ANSWER, asked.place, answer=words)
            asked.gaps.append(tuple(_cloze_words(answer)[0] for answer in right))
            return gap_mark(len(asked.gaps) - 1)

        text = _CLOZE.sub(gap, without_gap_marks(asked.stem.text))
        asked.stem = Rich(text, asked.stem.markup, asked.stem.files)
        asked.bank = tuple(bank)
        return bool(asked.gaps) and all(asked.gaps) and not _CLOZE_ANY.search(text)

    def _numbered_gaps(self) -> bool:
        """A text with the numbers of words in double brackets."""
        asked = self._asked
        options = [*self._element.findall("selectoption"), *self._element.findall("dragbox")]
        words = [_text(option) for option in options]
        used: set[int] = set()

        def gap(found: re.Match[str]) -> str:
            number = int(found[1]) - 1
            if number not in range(len(words)):
                return found.group()
            used.add(number)
            asked.gaps.append((words[number],))
            return gap_mark(len(asked.gaps) - 1)

        text = re.sub(r"\[\[([0-9]{1,3})\]\]", gap, without_gap_marks(asked.stem.text))
        asked.stem = Rich(text, asked.stem.markup, asked.stem.files)
        asked.bank = tuple(word for at, word in enumerate(words) if at not in used) or (
            # Without a wrong word it is still a choice from the right ones.
            tuple(dict.fromkeys(words))
        )
        return bool(asked.gaps)


_CLOZE = re.compile(
    r"\{[0-9]*:(SHORTANSWER_?C?|SA_?C?|MW_?C?|MULTICHOICE_?[A-Z]{0,2}|MC_?[A-Z]{0,2}):((?:\\.|[^\\{}])*)\}",
    re.IGNORECASE,
)
_CLOZE_ANY = re.compile(r"\{[0-9]*:[A-Z_]+:", re.IGNORECASE)


def _cloze_words(answer: str) -> tuple[str, str]:
    """The words of an answer and its feedback."""
    words, *feedback = re.split(r"(?<!\\)#", answer, maxsplit=1)
    words = re.sub(r"^(?:=|%-?[0-9.]+%)", "", words.strip())
    return re.sub(r"\\(.)", r"\1", words).strip(), "".join(feedback).strip()
