"""One answer to one question → a Result. Pure, total, and fair to Korean.

`parse_answer` turns posted form fields into an `Answer` or says what is the matter; `grade` judges
it. Neither raises for anything that can be posted. The fields, as the page names them:

| kind | fields |
|---|---|
| choice, truefalse | `answer=<option key>` |
| choices | `answer=<option key>`, repeated |
| short, number, reflection | `answer=<text>` |
| order | `answer=<item key>`, repeated in the chosen order; or `place-<item key>=<1…n>` for each |
| match | `pair-<pair key of the left side>=<pair key of the right side>` |
| sort | `group-<item key>=<group key>` |
| blanks | `blank-<i>=<text>`, i from 0 |
| scenario | `answer=<node key>` for every reply chosen, in order, from the start to an end |

Where two replies of a scenario's node lead to one node, the value is `<node key>:<i>`, i being
the index of the reply in its node, from 0; that form is understood everywhere. A checklist is
never sent.

An `Answer` keeps the same fields in one canonical form: `as_json` gives them for storing, and
`parse_answer` reads them again, also against a later revision of the question.

How short texts are compared is told at `judge`; `close` earns the same points as `right`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from academy.document import numbers
from academy.document.hangul import decompose, fold, from_keys, plain, to_keys
from academy.document.model import (
    AnyQuestion,
    Blanks,
    Checklist,
    Choice,
    Choices,
    Line,
    Match,
    Node,
    Number,
    Option,
    Order,
    Reflection,
    Scenario,
    ShortText,
    Sort,
    TrueFalse,
    WrongText,
)
from academy.kernel.josa import final_sound

TEXT_LIMIT = 500
"""Characters of a short text, a number or a blank."""
NOTE_LIMIT = 10_000
"""Characters of a reflection."""
PATH_LIMIT = 200
"""Replies in one scenario; a talk may come back to where it was."""


class Verdict(StrEnum):
    RIGHT = "right"
    CLOSE = "close"
    """거의 맞았어요: the right word with a slip."""
    PARTLY = "partly"
    WRONG = "wrong"
    NOTED = "noted"
    """Kept, not judged."""


class Note(StrEnum):
    """What is worth saying about how the answer was written."""

    SPELLING = "spelling"
    KEYBOARD = "keyboard"
    """The right keys with the keyboard in the other language: rmsfh for 근로."""
    UNIT = "unit"
    """The number has no unit or another one."""
    NOT_A_NUMBER = "not-a-number"


@dataclass(frozen=True)
class Answer:
    """Posted fields in canonical form; see the module's table."""

    fields: Mapping[str, tuple[str, ...]]

    def all(self, name: str) -> tuple[str, ...]:
        return self.fields.get(name, ())

    def one(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    def as_json(self) -> dict[str, list[str]]:
        return {name: list(values) for name, values in self.fields.items()}


@dataclass(frozen=True)
class Incomplete:
    """`missing`: the fields that still need something, or that contradict each other."""

    missing: tuple[str, ...]


@dataclass(frozen=True)
class Forged:
    """`field` holds what the page cannot have sent, or what a later revision no longer has."""

    field: str


@dataclass(frozen=True)
class TooLong:
    """`limit` is in characters."""

    field: str
    limit: int


@dataclass(frozen=True)
class NotGraded:
    """A checklist stays on the device."""


Refusal = Incomplete | Forged | TooLong | NotGraded


@dataclass(frozen=True)
class Result:
    """`points` are 0…question.points.

    `parts` says for each part whether it is right: option keys (chosen where right, left where
    wrong) for choices, item keys for order and sort, pair keys for match, "0", "1" … for blanks.
    `feedback` and `misconceptions` belong to what was chosen, in order. `meant` is the accepted
    answer, as the author wrote it, that a text was taken for.
    """

    verdict: Verdict
    points: int = 0
    parts: Mapping[str, bool] = field(default_factory=dict)
    feedback: tuple[str, ...] = ()
    misconceptions: tuple[str, ...] = ()
    note: Note | None = None
    meant: str = ""


# Reading what was posted


def parse_answer(question: AnyQuestion, raw: Mapping[str, Sequence[str]]) -> Answer | Refusal:
    """The answer in posted fields; fields of no question (a token, an id) are ignored."""
    posted = {name: _strings(values) for name, values in raw.items()}
    match question:
        case Choice() | TrueFalse():
            return _parse_choice(question, posted)
        case Choices():
            return _parse_choices(question, posted)
        case ShortText() | Number():
            return _parse_texts(("answer",), posted, TEXT_LIMIT)
        case Reflection():
            return _parse_texts(("answer",), posted, NOTE_LIMIT)
        case Order():
            return _parse_order(question, posted)
        case Match():
            keys = [pair.key for pair in question.pairs]
            return _parse_places("pair-", keys, keys, posted)
        case Sort():
            items = [item.key for group in question.groups for item in group.items]
            return _parse_places("group-", items, [group.key for group in question.groups], posted)
        case Blanks():
            return _parse_blanks(question, posted)
        case Scenario():
            return _parse_scenario(question, posted)
        case Checklist():
            return NotGraded()


def _strings(values: object) -> tuple[str, ...]:
    """Whatever a form or a stored JSON value holds, as a tuple of the non-empty strings in it."""
    if isinstance(values, str):
        values = (values,)
    if not isinstance(values, Iterable):
        return ()
    return tuple(value for value in values if isinstance(value, str) and value)


Posted = Mapping[str, tuple[str, ...]]


def _parse_choice(question: Choice | TrueFalse, posted: Posted) -> Answer | Refusal:
    chosen = posted.get("answer", ())
    if not chosen:
        return Incomplete(("answer",))
    if len(chosen) > 1 or chosen[0] not in {option.key for option in question.options}:
        return Forged("answer")
    return Answer({"answer": chosen})


def _parse_choices(question: Choices, posted: Posted) -> Answer | Refusal:
    chosen = set(posted.get("answer", ()))
    if not chosen:
        return Incomplete(("answer",))
    keys = [option.key for option in question.options]
    if not chosen <= set(keys):
        return Forged("answer")
    return Answer({"answer": tuple(key for key in keys if key in chosen)})


def _parse_order(question: Order, posted: Posted) -> Answer | Refusal:
    keys = [item.key for item in question.items]
    if chosen := posted.get("answer", ()):
        if len(set(chosen)) != len(chosen) or not set(chosen) <= set(keys):
            return Forged("answer")
        missing = tuple(f"place-{key}" for key in keys if key not in chosen)
        return Incomplete(missing) if missing else Answer({"answer": chosen})
    numbers_ = [str(i) for i in range(1, len(keys) + 1)]
    places = _parse_places("place-", keys, numbers_, posted)
    if not isinstance(places, Answer):
        return places
    taken = [places.one(f"place-{key}") for key in keys]
    shared = tuple(
        f"place-{key}" for key, at in zip(keys, taken, strict=True) if taken.count(at) > 1
    )
    if shared:
        return Incomplete(shared)
    return Answer({"answer": tuple(keys[taken.index(number)] for number in numbers_)})


def _parse_places(
    prefix: str, parts: Sequence[str], places: Sequence[str], posted: Posted
) -> Answer | Refusal:
    names = [prefix + part for part in parts]
    if strange := _strange(prefix, names, posted):
        return Forged(strange)
    for name in names:
        chosen = posted.get(name, ())
        if len(chosen) > 1 or not set(chosen) <= set(places):
            return Forged(name)
    if missing := tuple(name for name in names if not posted.get(name)):
        return Incomplete(missing)
    return Answer({name: posted[name] for name in names})


def _strange(prefix: str, names: Sequence[str], posted: Posted) -> str:
    known = set(names)
    return next((name for name in posted if name.startswith(prefix) and name not in known), "")


def _parse_texts(names: Sequence[str], posted: Posted, limit: int) -> Answer | Refusal:
    fields = {}
    for name in names:
        raw = posted.get(name, ())
        if len(raw) > 1:
            return Forged(name)
        text = "".join(raw)
        # Decomposed Hangul takes three characters a syllable; the first bound keeps NFC cheap.
        if len(text) > 4 * limit or len(text := _clean(text)) > limit:
            return TooLong(name, limit)
        fields[name] = (text,)
    if missing := tuple(name for name, (text,) in fields.items() if not text):
        return Incomplete(missing)
    return Answer(fields)


def _clean(text: str) -> str:
    """NFC without what a database or a page cannot hold: control characters, lone surrogates."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (
        char for char in text if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"}
    )
    return "".join(kept).strip()


def _parse_blanks(question: Blanks, posted: Posted) -> Answer | Refusal:
    names = [f"blank-{i}" for i in range(len(question.accepted))]
    if strange := _strange("blank-", names, posted):
        return Forged(strange)
    answer = _parse_texts(names, posted, TEXT_LIMIT)
    if isinstance(answer, Answer) and question.bank:
        offered = {plain(word) for words in (*question.accepted, question.bank) for word in words}
        for name in names:
            if plain(answer.one(name)) not in offered:
                return Forged(name)
    return answer


def _parse_scenario(question: Scenario, posted: Posted) -> Answer | Refusal:
    steps = posted.get("answer", ())
    if len(steps) > PATH_LIMIT:
        return Forged("answer")
    nodes = {node.key: node for node in question.nodes}
    node = nodes.get(question.start)
    path = []
    for step in steps:
        index = None if node is None else _reply(node, step)
        if node is None or index is None:
            return Forged("answer")
        target = node.replies[index].to
        twins = [reply.to for reply in node.replies].count(target) > 1
        path.append(f"{target}:{index}" if twins else target)
        node = nodes.get(target)
    if node is None or node.end is None:
        return Incomplete(("answer",))
    return Answer({"answer": tuple(path)})


def _reply(node: Node, step: str) -> int | None:
    """The index of the reply that `step` names."""
    target, _, index = step.partition(":")
    for i, reply in enumerate(node.replies):
        if reply.to == target and index in ("", str(i)):
            return i
    return None


# Judging


def grade(question: AnyQuestion, answer: Answer) -> Result:
    """Judge an answer that `parse_answer` gave for this question.

    An answer to another question is judged like one with nothing in it; nothing is raised.
    """
    match question:
        case Choice() | TrueFalse():
            return _grade_choice(question, answer)
        case Choices():
            return _grade_choices(question, answer)
        case ShortText():
            return _grade_short(question, answer)
        case Number():
            return _grade_number(question, answer)
        case Order():
            return _grade_order(question, answer)
        case Match():
            return _grade_match(question, answer)
        case Sort():
            return _grade_sort(question, answer)
        case Blanks():
            return _grade_blanks(question, answer)
        case Scenario():
            return _grade_scenario(question, answer)
        case Reflection() | Checklist():
            return Result(Verdict.NOTED)


def _said(options: Sequence[Option]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The feedback and the misconceptions of the chosen options."""
    feedback = tuple(option.feedback for option in options if option.feedback)
    mistaken = (option for option in options if option.misconception and not option.right)
    return feedback, tuple(option.misconception for option in mistaken)


def _grade_choice(question: Choice | TrueFalse, answer: Answer) -> Result:
    key = answer.one("answer")
    chosen = [option for option in question.options if option.key == key]
    right = any(option.right for option in chosen)
    feedback, misconceptions = _said(chosen)
    return Result(
        Verdict.RIGHT if right else Verdict.WRONG,
        question.points if right else 0,
        feedback=feedback,
        misconceptions=misconceptions,
    )


def _grade_choices(question: Choices, answer: Answer) -> Result:
    keys = set(answer.all("answer"))
    chosen = [option for option in question.options if option.key in keys]
    parts = {option.key: option.right == (option.key in keys) for option in question.options}
    # A wrong tick takes back a right one, so that ticking everything earns nothing.
    gained = sum(1 if option.right else -1 for option in chosen)
    wanted = sum(option.right for option in question.options)
    feedback, misconceptions = _said(chosen)
    complete = bool(parts) and all(parts.values())
    verdict, points = _share(question.points, max(gained, 0), max(wanted, 1), complete=complete)
    return Result(verdict, points, parts, feedback, misconceptions)


def _share(points: int, done: int, of: int, *, complete: bool) -> tuple[Verdict, int]:
    if complete:
        return Verdict.RIGHT, points
    return (Verdict.PARTLY, points * done // of) if done else (Verdict.WRONG, 0)


def _grade_parts(points: int, parts: Mapping[str, bool]) -> Result:
    done = sum(parts.values())
    complete = bool(parts) and done == len(parts)
    verdict, earned = _share(points, done, max(len(parts), 1), complete=complete)
    return Result(verdict, earned, parts)


def _grade_order(question: Order, answer: Answer) -> Result:
    chosen = answer.all("answer")
    texts = {item.key: plain(item.text) for item in question.items}
    # Items that read the same may change places.
    parts = {
        item.key: i < len(chosen) and texts.get(chosen[i]) == texts[item.key]
        for i, item in enumerate(question.items)
    }
    return _grade_parts(question.points, parts)


def _grade_match(question: Match, answer: Answer) -> Result:
    texts = {pair.key: plain(pair.right) or pair.key for pair in question.pairs}
    chosen = {pair.key: answer.one(f"pair-{pair.key}") for pair in question.pairs}
    parts = {key: texts.get(chosen[key]) == text for key, text in texts.items()}
    return _grade_parts(question.points, parts)


def _grade_sort(question: Sort, answer: Answer) -> Result:
    parts: dict[str, bool] = {}
    for group in question.groups:
        for item in group.items:
            right = answer.one(f"group-{item.key}") == group.key
            parts[item.key] = parts.get(item.key, False) or right
    return _grade_parts(question.points, parts)


def _grade_scenario(question: Scenario, answer: Answer) -> Result:
    nodes = {node.key: node for node in question.nodes}
    node = nodes.get(question.start)
    feedback = []
    for step in answer.all("answer")[:PATH_LIMIT]:
        index = None if node is None else _reply(node, step)
        if node is None or index is None:
            return Result(Verdict.WRONG)
        reply = node.replies[index]
        feedback += [reply.feedback] if reply.feedback else []
        node = nodes.get(reply.to)
    good = node is not None and node.end in ("good", "fine")
    verdict = Verdict.RIGHT if good else Verdict.WRONG
    return Result(verdict, question.points if good else 0, feedback=tuple(feedback))


def _grade_short(question: ShortText, answer: Answer) -> Result:
    found = judge(
        answer.one("answer"),
        question.accepted,
        question.wrong,
        spelling=question.spelling,
        prompt=question.prompt,
    )
    accepted = found.verdict in (Verdict.RIGHT, Verdict.CLOSE)
    said = question.accepted_feedback if accepted else (found.wrong.feedback if found.wrong else "")
    mistake = found.wrong.misconception if found.wrong else ""
    return Result(
        found.verdict,
        question.points if accepted else 0,
        feedback=(said,) if said else (),
        misconceptions=(mistake,) if mistake else (),
        note=found.note,
        meant=found.meant,
    )


def _grade_number(question: Number, answer: Answer) -> Result:
    text = answer.one("answer")
    found = numbers.values(text, question.unit, _asked_units(question, text))
    # A listed mistake stays one, even within the tolerance.
    mistake = next((wrong for wrong in question.wrong if wrong.value in found), None)
    near = any(numbers.within(value, question.value, question.tolerance) for value in found)
    if question.value in found or (near and mistake is None):
        said = (question.value_feedback,) if question.value_feedback else ()
        return Result(Verdict.RIGHT, question.points, feedback=said, meant=_shown(question))
    if mistake is not None:
        return Result(
            Verdict.WRONG,
            feedback=(mistake.feedback,) if mistake.feedback else (),
            misconceptions=(mistake.misconception,) if mistake.misconception else (),
        )
    note = None
    if not found:
        note = Note.UNIT if numbers.quantities(text, question.unit) else Note.NOT_A_NUMBER
    return Result(Verdict.WRONG, note=note)


def _shown(question: Number) -> str:
    return f"{question.value:,f}{question.unit}"


def _asked_units(question: Number, text: str) -> tuple[str, ...]:
    """Where the author named no unit, the one that the prompt asks for: 몇 명, 얼마."""
    if question.unit:
        return ()
    prompt = plain(question.prompt)
    words = (quantity.word for quantity in numbers.quantities(text) if quantity.word)
    return tuple(
        word
        for word in words
        if f"몇{word}" in prompt or (numbers.canonical(word) == "원" and "얼마" in prompt)
    )


def _grade_blanks(question: Blanks, answer: Answer) -> Result:
    parts: dict[str, bool] = {}
    close: list[Judgement] = []
    for i, accepted in enumerate(question.accepted):
        text = answer.one(f"blank-{i}")
        if question.bank:
            parts[str(i)] = plain(text) in {plain(word) for word in accepted}
            continue
        others = [word for j, words in enumerate(question.accepted) if j != i for word in words]
        found = judge(text, accepted, rivals=others)
        parts[str(i)] = found.verdict in (Verdict.RIGHT, Verdict.CLOSE)
        close += [found] if found.verdict is Verdict.CLOSE else []
    result = _grade_parts(question.points, parts)
    if result.verdict is Verdict.RIGHT and close:
        return Result(Verdict.CLOSE, result.points, parts, note=close[0].note, meant=close[0].meant)
    return result


# Comparing texts


@dataclass(frozen=True)
class Judgement:
    """How a text compares: what it was taken for, or which listed wrong answer it is."""

    verdict: Verdict
    meant: str = ""
    note: Note | None = None
    wrong: WrongText | None = None


_WRONG = Judgement(Verdict.WRONG)


def judge(
    text: str,
    accepted: Sequence[Line],
    wrong: Sequence[WrongText] = (),
    *,
    spelling: bool = False,
    rivals: Sequence[str] = (),
    prompt: str = "",
) -> Judgement:
    """Compare a text with the accepted and the listed wrong answers, strictest first.

    1. Letters and digits are the same (spaces, quotes, case, NFD aside).
    2. They are, with northern and southern spelling taken as one.
    3. They are, without an ending such as 를, 로, 요, 입니다. An ending is only taken off when an
       answer is left: 이자 never becomes 이.
    4. They are one 하다 verb in another style: 신고합니다, 신고하기.
    5. They are one quantity: 두 장 and 2장. Without the unit it is close.

    At each step an accepted answer goes before a wrong one, so that a listed wrong spelling stays
    wrong. What is left may be *close*: typed with the keyboard in the other language, with one
    stray letter at the end, or with one slip (`_slip`).

    A question about spelling compares NFC text, forgiving only spaces and full stops around it.
    """
    if len(text) > TEXT_LIMIT:
        return _WRONG
    if spelling:
        return _exactly(text, accepted, wrong)
    text = _LAUGHTER.sub("", unicodedata.normalize("NFC", text))
    written = plain(text)
    if not written:
        return _WRONG
    answers = _Answers(accepted, wrong)
    forms = _forms(written)
    return (
        answers.find(plain, [written])
        or answers.find(fold, [written])
        or answers.find(fold, forms)
        or answers.find(_verb_stem, forms)
        or _same_quantity(text, answers)
        or _typed_otherwise(text, answers)
        or _stray_letter(written, answers)
        or _slipped(forms, answers, rivals, prompt)
        or _WRONG
    )


Key = Callable[[str], str]


class _Answers:
    """The accepted and the wrong answers of one question."""

    def __init__(self, accepted: Sequence[Line], wrong: Sequence[WrongText]) -> None:
        self.accepted = [text for text in accepted if plain(text)]
        self.wrong = [entry for entry in wrong if plain(entry.text)]

    def find(self, key: Key, forms: Sequence[str], note: Note | None = None) -> Judgement | None:
        """The answer that has one of the `forms` under `key`; with a note it is only close."""
        keys = {key(form) for form in forms}
        verdict = Verdict.CLOSE if note else Verdict.RIGHT
        for text in self.accepted:
            # 횟수 is 회수 in the North; the other way round 회수 is another word.
            if key(text) in keys or (key is fold and fold(text.replace("횟수", "회수")) in keys):
                return Judgement(verdict, text, note)
        for entry in self.wrong:
            if key(entry.text) in keys:
                return Judgement(Verdict.WRONG, wrong=entry)
        return None


def _exactly(text: str, accepted: Sequence[Line], wrong: Sequence[WrongText]) -> Judgement:
    written = _outer(text)
    if meant := next((one for one in accepted if _outer(one) == written), ""):
        return Judgement(Verdict.RIGHT, meant)
    entry = next((one for one in wrong if _outer(one.text) == written), None)
    return Judgement(Verdict.WRONG, wrong=entry)


def _outer(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip().strip(".。").strip()


# A laugh at the end is no part of the answer.
_LAUGHTER = re.compile(r"[ㅋㅎㅠㅜ]{2,}[\s.!~^]*\Z")
_OPENINGS = ("정답은", "정답", "답은", "답")

# Endings by the sound before them, after a consonant and after a vowel, and how many syllables must
# stay. Not 도, 만, 의, 까지, 부터: they change what is said (14일까지) or make a new word (신용도).
_ENDINGS = (
    ("을", "를", 1),
    ("이", "가", 2),
    ("은", "는", 2),
    ("으로", "로", 2),
    ("에", "에", 2),
    ("에서", "에서", 2),
    ("에게", "에게", 2),
    ("한테", "한테", 2),
    ("께", "께", 2),
    ("입니다", "입니다", 1),
    ("이에요", "예요", 1),
    ("이예요", "이에요", 1),
    ("이요", "이요", 1),
    ("에요", "에요", 1),
    ("요", "요", 2),
    ("이다", "이다", 1),
    ("이다", "다", 2),
    ("임", "임", 2),
    ("이죠", "죠", 2),
    ("이지요", "지요", 2),
    ("이야", "야", 2),
    ("이네요", "네요", 2),
    ("같아요", "같아요", 2),
    ("인것같아요", "인것같아요", 1),
    ("인것같습니다", "인것같습니다", 1),
    ("이라고해요", "라고해요", 1),
    ("이라고합니다", "라고합니다", 1),
    ("이라고생각해요", "라고생각해요", 1),
    ("이라고생각합니다", "라고생각합니다", 1),
)
# Words of their own that look like a word with a particle.
_NOT_INFLECTED = frozenset(
    (
        *("투자가", "정치가", "전세가", "매매가", "거래가", "최저가", "최고가", "공시가"),
        *("대피로", "어린이", "젊은이", "늙은이"),
    )
)


def _forms(written: str) -> list[str]:
    """The text itself first, then what is left of it without an opening and an ending."""
    forms = [written]
    forms += [written.removeprefix(word) for word in _OPENINGS if written.startswith(word)][:1]
    return list(dict.fromkeys(bare for form in forms for bare in (form, *_stems(form)) if bare))


def _stems(text: str) -> Iterator[str]:
    if text in _NOT_INFLECTED:
        return
    for closed, open_, least in _ENDINGS:
        for ending in {closed, open_}:
            stem = text.removesuffix(ending)
            if stem != text and len(stem) >= least and ending in _fitting(stem, closed, open_):
                yield stem


def _fitting(stem: str, closed: str, open_: str) -> tuple[str, ...]:
    """The form of an ending that follows `stem`; both after what can be read in two ways."""
    if not "가" <= stem[-1] <= "힣":
        return closed, open_
    sound = final_sound(stem)
    takes_open = not sound or (sound == "ㄹ" and closed.startswith("으"))
    return (open_,) if takes_open else (closed,)


_UNSAID = frozenset(("원", "번"))
# Styles of one statement; not 했다, 하자, 해도, and not 함: 보관함 is a box.
_VERB = re.compile(r"(?<=..)(?:합니다|한다|해요|하기|하다|하세요|하십시오)\Z")


def _verb_stem(text: str) -> str:
    return _VERB.sub("", fold(text))


_LEADING_ZERO = re.compile(r"(?<![0-9.,])0[0-9]")


def _same_quantity(text: str, answers: _Answers) -> Judgement | None:
    """Two quantities with the same value and unit. Codes such as 010 are not quantities."""
    written = numbers.quantities(text)
    if not written or _LEADING_ZERO.search(text):
        return None
    for near in (False, True):
        for meant in answers.accepted:
            if _quantities_meet(written, meant, near=near):
                verdict, note = (Verdict.CLOSE, Note.UNIT) if near else (Verdict.RIGHT, None)
                return Judgement(verdict, meant, note)
        for entry in answers.wrong:
            if _quantities_meet(written, entry.text, near=near):
                return Judgement(Verdict.WRONG, wrong=entry)
    return None


def _quantities_meet(written: Iterable[numbers.Quantity], meant: str, *, near: bool) -> bool:
    """Same value and unit; `near`: one has no unit, which for 원 and 번 never matters."""
    if _LEADING_ZERO.search(meant):
        return False
    # 이 and 사 alone are words before they are numbers.
    counted = any(char.isdecimal() for char in meant)
    return any(
        one.value == other.value
        and (
            one.unit == other.unit
            or ("" in (one.unit, other.unit) and (near or one.unit + other.unit in _UNSAID))
        )
        for other in numbers.quantities(meant)
        if other.unit or counted
        for one in written
    )


def _typed_otherwise(text: str, answers: _Answers) -> Judgement | None:
    """Close, not right: what stands there cannot be read, though every key was the right one."""
    keys = text.strip(" .,!?\n")
    if (korean := from_keys(keys)) is not None:
        return answers.find(fold, _forms(plain(korean)), Note.KEYBOARD)
    if (latin := to_keys(keys)) is not None:
        return answers.find(plain, [plain(latin)], Note.KEYBOARD)
    return None


_STRAY = re.compile(r"(.+[가-힣])[ㄱ-ㅣ]")


def _stray_letter(written: str, answers: _Answers) -> Judgement | None:
    """One letter left over at the end: an unfinished syllable cannot make another word."""
    stray = _STRAY.fullmatch(written)
    return answers.find(fold, [stray.group(1)], Note.SPELLING) if stray else None


# Long words that one jamo makes another term of the same field.
_APART = tuple(
    pair.split("/")
    for pair in (
        *(
            "기혼/미혼",
            "정기/장기",
            "해지/해제",
            "면제/면세",
            "혼인/본인",
            "보증/보장",
            "공동/공통",
        ),
        *(
            "의료/의류",
            "법인/범인",
            "이자/이사",
            "일급/월급",
            "시급/지급",
            "현금/연금",
            "출금/출근",
        ),
        *(
            "보호/보조",
            "지원/직원",
            "거주/거부",
            "가입/개입",
            "환급/환금",
            "기각/기간",
            "공제/공채",
        ),
        *(
            "인가/인하",
            "내국/외국",
            "고용/공용",
            "급여/급유",
            "접수/접속",
            "경고/광고",
            "정보/정부",
            "보상/보장",
        ),
        *("배상/보상", "채용/차용", "입금/임금", "과세/과제", "전입/전임", "소득/소등"),
    )
)
_NUMERALS = frozenset("영공일이삼사오육칠팔구십백천만억조한두세네석넉")
_NEGATIONS = frozenset("미비무불부반안못몰")
# A slip is told from another word only in a long one.
_LEAST_SYLLABLES = 4
_LEAST_LETTERS = 6
# As much of a prompt as is searched for the answer's words.
_PROMPT_LIMIT = 4_000


def _slipped(
    forms: Sequence[str], answers: _Answers, rivals: Sequence[str], prompt: str
) -> Judgement | None:
    """Close when one slip away from an accepted answer and from no other word of the question."""
    written = [fold(form) for form in forms]
    other_words = {fold(word) for word in rivals}
    if other_words & set(written) or numbers.quantities(forms[0]):
        return None
    mistake = next((one for one in answers.wrong if _any_slip(one.text, written)), None)
    if mistake is not None:
        return Judgement(Verdict.WRONG, wrong=mistake)
    meant = next((one for one in answers.accepted if _any_slip(one, written)), None)
    if meant is None or written[0] in fold(prompt[:_PROMPT_LIMIT]):
        return None
    if any(_any_slip(word, written) for word in rivals):
        return None
    return Judgement(Verdict.CLOSE, meant, Note.SPELLING)


def _any_slip(meant: str, written: Sequence[str]) -> bool:
    return any(_slip(meant, form) for form in written)


def _slip(meant: str, written: str) -> bool:
    """Whether `written` is `meant` with one jamo (or Latin letter) added, missing, wrong or moved.

    That is Damerau–Levenshtein distance 1 (optimal string alignment) over jamo, with 4 syllables or
    6 Latin letters at least. It is no slip in a digit, sign or numeral, in a word of one syllable
    (안, 못, 두), in a first syllable that denies (미혼, 비과세), or where it makes another term.
    """
    target = fold(meant)
    if target == written or _marks(target) != _marks(written) or not _is_long(target):
        return False
    if not one_edit(decompose(target), decompose(written)):
        return False
    shorter = min(len(target), len(written))
    at = next((i for i in range(shorter) if target[i] != written[i]), shorter - 1)
    start, end = _word_at(meant, at, len(target))
    there = {target[at], written[at]}
    return (
        end - start > 1
        and not there <= _NUMERALS
        and not (at == start and there & _NEGATIONS)
        and not any(_swapped(target, written, a, b) for a, b in _APART)
    )


def _marks(text: str) -> str:
    return "".join(char for char in text if not char.isalpha())


def _is_long(text: str) -> bool:
    syllables = sum("가" <= char <= "힣" for char in text)
    latin = sum(char.isascii() and char.isalpha() for char in text)
    return syllables >= _LEAST_SYLLABLES or latin >= _LEAST_LETTERS


def _word_at(text: str, at: int, length: int) -> tuple[int, int]:
    """Where the word around letter `at` of the folded text begins and ends."""
    start = 0
    for word in text.split():
        end = start + len(fold(word))
        if start <= at < end:
            return start, end
        start = end
    return 0, length


def _swapped(target: str, written: str, one: str, other: str) -> bool:
    return any(
        a in target and target.replace(a, b, 1) == written for a, b in ((one, other), (other, one))
    )


def one_edit(a: str, b: str) -> bool:
    """Whether one insertion, deletion, substitution or swap of neighbours makes `a` into `b`."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    shorter = min(len(a), len(b))
    i = next((i for i in range(shorter) if a[i] != b[i]), shorter)
    return (
        a[i + 1 :] == b[i + 1 :]
        or a[i + 1 :] == b[i:]
        or a[i:] == b[i + 1 :]
        or (a[i : i + 2] == b[i : i + 2][::-1] and a[i + 2 :] == b[i + 2 :])
    )
