"""The body of a lesson: text and directives ↔ raw blocks.

Reading is one pass over the lines, without recursion, and goes on after a mistake: every problem is
reported with its line, and what cannot be read is left out. A raw block is the mapping that the
model validates; `Raw.lines` remembers where its parts stand.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Any
from unicodedata import normalize

from academy.document import limits
from academy.document import lines as ln
from academy.document import model as m
from academy.document.problems import Code
from academy.document.yamltext import Report

Fields = dict[str, Any]


@dataclass(slots=True)
class Raw:
    """A block before validation.

    Attributes:
        fields: what the model validates.
        lines: the line of a part, by its way from the block down; () is the block's.
    """

    fields: Fields
    lines: dict[tuple[str | int, ...], int] = field(default_factory=dict)


@dataclass(slots=True)
class Body:
    blocks: list[Raw] = field(default_factory=list)
    alternative: str = ""


# Keys of answers


def key_from(text: str) -> str:
    """The key of an answer that was given none; equal texts have equal keys."""
    return sha256(normalize("NFC", text).encode("utf-8", "surrogatepass")).hexdigest()[:8]


class AnswerKeys:
    """Gives the answers of one question their keys, in order.

    In a translation an answer without a key has the key of the answer at the same place in the
    original, so that a reader may change the language in the middle of a lesson.
    """

    def __init__(self, original: Sequence[str] = ()) -> None:
        self._original = original
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}
        self._count = 0

    def implied(self, text: str) -> str:
        """The key of the next answer when it is given none: unlike those before it."""
        if self._count < len(self._original):
            return self._original[self._count]
        base = key_from(text)
        number = self._numbers.get(base, 1)
        while (key := base if number == 1 else f"{base}-{number}") in self._taken:
            number += 1
        self._numbers[base] = number  # those below are taken, now and later
        return key

    def take(self, key: str) -> None:
        self._taken.add(key)
        self._count += 1

    def read(self, text: str) -> tuple[str, str]:
        """Text and key of an answer as written."""
        text, key = _split_key(text)
        key = key or self.implied(text)
        self.take(key)
        return text, key

    def written(self, text: str, key: str) -> str:
        """The answer with its key where it needs one."""
        implied = self.implied(text)
        self.take(key)
        if key == implied and not _split_key(text)[1]:
            return text
        return f"{text} {{#{key}}}".lstrip()


def _split_key(text: str) -> tuple[str, str]:
    if not text.endswith("}"):
        return text, ""
    start = text.rfind("{#")
    if start < 0 or (start and text[start - 1] not in " \t"):
        return text, ""
    key = text[start + 2 : -1].strip()
    return (text[:start].rstrip(), key) if key else (text, "")


_ANSWERS = {
    "choice": "options",
    "choices": "options",
    "truefalse": "options",
    "order": "items",
    "checklist": "items",
    "match": "pairs",
}


def answer_keys(block: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Keys of the groups, and of the answers, of a raw block, in order."""
    kind = block.get("kind")
    if kind == "sort":
        groups = block["groups"]
        return [g["key"] for g in groups], [i["key"] for g in groups for i in g["items"]]
    name = _ANSWERS.get(str(kind))
    return [], [answer["key"] for answer in block[name]] if name else []


# Reading


def read(
    lines: Sequence[str],
    first: int,
    report: Report,
    originals: Mapping[tuple[str, str], Mapping[str, Any]] | None = None,
) -> Body:
    """Read a body.

    Args:
        lines: its lines; those of nothing but space are empty.
        first: the number of the first one in the file.
        report: takes the problems.
        originals: for a translation, the raw blocks of the original by kind and key.
    """
    return _BodyReader(lines, first, report, originals or {}).read()


class _BodyReader:
    def __init__(
        self,
        lines: Sequence[str],
        first: int,
        report: Report,
        originals: Mapping[tuple[str, str], Mapping[str, Any]],
    ) -> None:
        self._lines = lines
        self._first = first
        self._report = report
        self._originals = originals
        self._body = Body()
        self._key: str | None = None  # of the block before
        self._text: list[str] = []
        self._line = 0  # of the block's beginning
        self._text_line = 0
        self._label: str | None = None

    def read(self) -> Body:
        code = ln.Code()
        code_line = 0
        at = 0
        while at < len(self._lines):
            if len(self._body.blocks) > limits.BLOCKS:
                limit = limits.BLOCKS
                self._report(at + self._first, Code.TOO_MANY, field="blocks", limit=limit)
                return self._body
            line = self._lines[at]
            was_open = code.is_open
            if code.holds(line):
                code_line = code_line if was_open else at
                self._take_text(line, at)
            elif ln.is_colons(line):
                at = self._read_directive(at)
                continue
            elif ln.is_label(line):
                self._flush()
                self._label = ln.label(line)
                self._line = self._text_line = at
            elif ln.is_screen(line) and any(self._text):
                self._flush()
                self._take_text(line, at)
            else:
                self._take_text(line, at)
            at += 1
        if code.is_open:
            self._report(code_line + self._first, Code.CODE_OPEN)
            self._text, self._label = [], None
        self._flush()
        return self._body

    def _take_text(self, line: str, at: int) -> None:
        if not self._text:
            if not line:
                return
            self._text_line = at
            if self._label is None:
                self._line = at
        self._text.append(line)

    def _flush(self) -> None:
        """What was collected becomes a block."""
        if not self._text and self._label is None:
            return
        key = self._label or m.next_key(self._key)
        fields = {"kind": "text", "key": key, "markdown": "\n".join(self._text)}
        marks: dict[tuple[str | int, ...], int] = {
            (): self._line + self._first,
            ("markdown",): self._text_line + self._first,
        }
        self._add(Raw(fields, marks))
        self._text, self._label = [], None

    def _add(self, raw: Raw) -> None:
        self._take_key(raw.fields["key"])
        self._body.blocks.append(raw)

    def _take_key(self, key: str) -> None:
        # A key in a wrong form is one problem, not one for every block that counts from it.
        self._key = key if m.is_block_key(key) else m.next_key(self._key)

    def _read_directive(self, start: int) -> int:
        """Read the directive that opens at `start`; returns where to go on."""
        opening = ln.opening(self._lines[start])
        if opening is None:
            is_close = ln.closing(self._lines[start])
            code = Code.DIRECTIVE_STRAY if is_close else Code.DIRECTIVE_FORM
            self._report(start + self._first, code)
            return start + 1
        self._flush()
        colons, name, argument = opening
        end, after = self._find_end(start, colons, name)
        kind = _KINDS.get(name)
        if kind is None:
            self._report(start + self._first, Code.DIRECTIVE_UNKNOWN, name=name)
            return after
        directive = Directive(
            name=name,
            argument=argument,
            line=start + self._first,
            lines=self._lines[start + 1 : end],
            first=start + 1 + self._first,
            report=self._report,
        )
        directive.take_options(kind.options)
        if name == "easy":
            self._take_easy(directive)
        elif name == "alternative":
            self._take_alternative(directive)
        else:
            self._take_block(directive, kind)
        return after

    def _find_end(self, start: int, colons: int, name: str) -> tuple[int, int]:
        """The line after the directive's last one, and the line to go on with."""
        code = ln.Code()
        code_line = 0
        for at in range(start + 1, len(self._lines)):
            line = self._lines[at]
            was_open = code.is_open
            if code.holds(line):
                code_line = code_line if was_open else at
            elif ln.is_colons(line):
                if ln.closing(line) >= colons:
                    return at, at + 1
                inner = ln.opening(line)
                if inner and inner[0] >= colons:
                    self._report(start + self._first, Code.DIRECTIVE_OPEN, name=name)
                    return at, at
        if code.is_open:
            self._report(code_line + self._first, Code.CODE_OPEN)
            return start + 1, len(self._lines)
        self._report(start + self._first, Code.DIRECTIVE_OPEN, name=name)
        return len(self._lines), len(self._lines)

    def _take_easy(self, directive: "Directive") -> None:
        directive.refuse_argument()
        before = self._body.blocks[-1].fields if self._body.blocks else {}
        if before.get("kind") != "text" or "easy" in before:
            self._report(directive.line, Code.EASY_MISPLACED)
            return
        before["easy"] = directive.text()
        self._body.blocks[-1].lines[("easy",)] = directive.first

    def _take_alternative(self, directive: "Directive") -> None:
        directive.refuse_argument()
        if self._body.alternative:
            self._report(directive.line, Code.TWICE, name=directive.name)
            return
        self._body.alternative = directive.text()

    def _take_block(self, directive: "Directive", kind: "_Kind") -> None:
        fields: Fields = {"kind": kind.kind, **kind.fixed, **directive.options}
        if kind.argument:
            fields[kind.argument] = directive.argument
        elif directive.argument:
            directive.refuse_argument()
        if "key" not in fields:
            fields["key"] = m.next_key(self._key)
        directive.original = self._originals.get((kind.kind, fields["key"]), {})
        directive.marks[()] = directive.line
        content = kind.read(directive)
        if content is None:
            self._take_key(fields["key"])
            return
        fields.update(content)
        self._add(Raw(fields, directive.marks))


@dataclass(slots=True)
class Directive:
    """A directive while it is read: `lines` is the body, `first` the number of its first line."""

    name: str
    argument: str
    line: int
    lines: Sequence[str]
    first: int
    report: Report
    options: Fields = field(default_factory=dict)
    marks: dict[tuple[str | int, ...], int] = field(default_factory=dict)
    original: Mapping[str, Any] = field(default_factory=dict)

    def take_options(self, known: Mapping[str, str]) -> None:
        """Split the option lines from the body. `known`: the model's field for each name."""
        at = 0
        for at, line in enumerate([*self.lines, ""]):
            option = _option(line)
            if option is None:
                break
            name, value = option
            if name not in known:
                self.report(self.first + at, Code.OPTION_UNKNOWN, option=name, name=self.name)
            elif known[name] in self.options:
                self.report(self.first + at, Code.OPTION_TWICE, option=name)
            else:
                self.options[known[name]] = _typed(value, known[name])
                self.marks[(known[name],)] = self.first + at
        while at < len(self.lines) and not self.lines[at]:
            at += 1
        self.lines = self.lines[at:]
        self.first += at

    def refuse_argument(self) -> None:
        if self.argument:
            self.report(self.line, Code.ARGUMENT_UNEXPECTED, name=self.name)

    def text(self) -> str:
        return "\n".join(self.lines)

    def unexpected(self, at: int) -> None:
        self.report(self.first + at, Code.LINE_UNEXPECTED, line=self.lines[at])

    def split_prompt(self, begins: Callable[[str], bool]) -> int:
        """Where the answers begin; the number of lines when there are none."""
        for at, line in ln.outside_code(self.lines):
            if begins(line):
                return at
        return len(self.lines)


def _option(line: str) -> tuple[str, str] | None:
    if not line.startswith(":"):
        return None
    name, colon, value = line[1:].partition(":")
    if not colon or not name or not name.replace("-", "").replace("_", "").isalnum():
        return None
    if value and value[0] not in " \t":
        return None
    return name, value.strip()


_FLAGS = {"true": True, "false": False}


def _typed(value: str, name: str) -> object:
    if name in {"counted", "spelling"}:
        return _FLAGS.get(value, value)
    if name == "bank":
        return [word.strip() for word in value.split(ln.BETWEEN)] if value else []
    if name == "tolerance":
        return _number(value)
    return value


def _number(text: str) -> str:
    """Without the commas between thousands."""
    head, point, tail = text.partition(".")
    groups = head.lstrip("+-").split(",")
    if len(groups) > 1 and all(len(group) == 3 for group in groups[1:]):  # noqa: PLR2004  1,000
        head = head.replace(",", "")
    return head + point + tail


# Bodies of blocks that are read or looked at


def _read_markdown(name: str) -> Callable[[Directive], Fields | None]:
    def read_text(directive: Directive) -> Fields:
        directive.marks[(name,)] = directive.first
        return {name: directive.text()}

    return read_text


def _read_table(directive: Directive) -> Fields | None:
    rows = []
    for at, line in enumerate(directive.lines):
        if ln.is_row(line):
            rows.append((ln.cells(line), directive.first + at))
        elif line:
            directive.unexpected(at)
    table = _table(rows, directive)
    if table is None:
        return None
    header, align, body = table
    for index, (_, line_number) in enumerate(body):
        directive.marks[("rows", index)] = line_number
    return {"header": header, "align": align, "rows": [cells for cells, _ in body]}


_Rows = list[tuple[list[str], int]]


def _table(rows: _Rows, directive: Directive) -> tuple[list[str], list[str], _Rows] | None:
    if len(rows) < 2:  # noqa: PLR2004  the header and the line under it
        directive.report(directive.line, Code.TABLE_FORM)
        return None
    (header, _), (rule, line) = rows[:2]
    if not header or not all(cell.strip(":") and not cell.strip(":-") for cell in rule):
        directive.report(line, Code.TABLE_FORM)
        return None
    if len(rule) != len(header):
        directive.report(line, Code.ROW_LENGTH, count=len(rule), expected=len(header))
        return None
    body = []
    for cells, line_number in rows[2:]:
        if len(cells) == len(header):
            body.append((cells, line_number))
        else:
            directive.report(line_number, Code.ROW_LENGTH, count=len(cells), expected=len(header))
    return header, [_ALIGN[cell.startswith(":"), cell.endswith(":")] for cell in rule], body


_ALIGN = {(False, False): "", (True, False): "left", (False, True): "right", (True, True): "center"}
_RULES = {"": "---", "left": ":---", "right": "---:", "center": ":---:"}


def _read_steps(directive: Directive) -> Fields | None:
    items: list[list[str]] = []
    width = 0
    for at, line in enumerate(directive.lines):
        text = ln.numbered(line)
        if text is not None:
            width = len(line.partition(" ")[0]) + 1
            directive.marks[("items", len(items))] = directive.first + at
            # Spaces at the end of a line may be a line break of Markdown.
            items.append([line[len(line.partition(" ")[0]) :].lstrip(" \t")])
        elif not line:
            if items:
                items[-1].append("")
        elif items and line[0] in " \t":
            items[-1].append(_dedent(line, width))
        else:
            directive.unexpected(at)
    return {"items": ["\n".join(item) for item in items]}


def _dedent(line: str, width: int) -> str:
    """Without `width` spaces, or fewer when there are fewer; a tab stands for all of them."""
    if line.startswith("\t"):
        return line[1:]
    spaces = len(line) - len(line.lstrip(" "))
    return line[min(spaces, width) :]


def _read_compare(directive: Directive) -> Fields | None:
    columns: list[tuple[str, list[str]]] = []
    heads = {at for at, line in ln.outside_code(directive.lines) if ln.is_heading(line, 3)}
    for at, line in enumerate(directive.lines):
        if at in heads:
            directive.marks[("columns", len(columns))] = directive.first + at
            columns.append((ln.heading(line, 3), []))
        elif columns:
            columns[-1][1].append(line)
        elif line:
            directive.unexpected(at)
    if len(columns) != 2:  # noqa: PLR2004  it compares two things
        directive.report(directive.line, Code.COMPARE_COLUMNS, count=len(columns))
        return None
    return {"columns": [{"title": title, "markdown": "\n".join(text)} for title, text in columns]}


# Bodies of questions


@dataclass(slots=True)
class _Answer:
    """An answer line with what stands under it."""

    text: str
    at: int
    ticked: bool = False
    misconception: str | None = None
    feedback: list[str] = field(default_factory=list)


class _Answers:
    """Collects answers, the quotation under each, and the general explanation after all of them."""

    def __init__(self, directive: Directive) -> None:
        self._directive = directive
        self.answers: list[_Answer] = []
        self.general: list[str] = []
        self._has_general = False

    def add(self, answer: _Answer) -> None:
        if self._has_general:
            self._directive.report(self._directive.first + answer.at - 1, Code.FEEDBACK_MISPLACED)
            self._has_general = False
        self.answers.append(answer)

    def follow(self, line: str, at: int) -> bool:
        """Take a line that belongs to the answers so far. False when it cannot."""
        if line.startswith(">"):
            self._take_general(line, at)
            return True
        if not line:
            return True
        bare = line.strip()
        if line[0] not in " \t" or not self.answers or self._has_general:
            return False
        answer = self.answers[-1]
        if bare.startswith(">"):
            if answer.feedback and not self._directive.lines[at - 1]:
                answer.feedback.append("")
            answer.feedback.append(ln.unquote(line.lstrip()))
        elif bare.startswith(":misconception:") and answer.misconception is None:
            answer.misconception = bare.removeprefix(":misconception:").strip()
        elif not answer.feedback and answer.misconception is None and not bare.startswith(":"):
            answer.text = f"{answer.text} {bare}".strip()
        else:
            return False
        return True

    def _take_general(self, line: str, at: int) -> None:
        if self._has_general:
            if not self._directive.lines[at - 1]:
                self.general.append("")
            self.general.append(ln.unquote(line))
        else:
            self.general = [ln.unquote(line)]
            self._has_general = True


def _prompt_and_rest(directive: Directive, begins: Callable[[str], bool]) -> tuple[Fields, int]:
    """The prompt, and without answers the explanation that ends it; where the answers begin."""
    split = directive.split_prompt(begins)
    lines = list(directive.lines[:split])
    fields: Fields = {}
    if split == len(directive.lines):
        lines, feedback = _without_feedback(lines)
        fields["feedback"] = feedback
    directive.marks[("prompt",)] = directive.first
    fields["prompt"] = "\n".join(lines)
    return fields, split


def _trimmed(lines: Sequence[str]) -> list[str]:
    end = len(lines)
    while end and not lines[end - 1]:
        end -= 1
    return list(lines[:end])


def _without_feedback(lines: Sequence[str]) -> tuple[list[str], str]:
    lines = _trimmed(lines)
    start = ln.final_quote(lines)
    if start is None:
        return lines, ""
    return lines[:start], "\n".join(ln.unquote(line) for line in lines[start:])


def _read_answers(
    directive: Directive,
    parse: Callable[[str], tuple[bool, str] | None],
    begins: Callable[[str], bool],
) -> tuple[Fields, list[_Answer]]:
    fields, split = _prompt_and_rest(directive, begins)
    answers = _Answers(directive)
    for at in range(split, len(directive.lines)):
        line = directive.lines[at]
        parsed = parse(line)
        if parsed is not None:
            answers.add(_Answer(parsed[1], at, ticked=parsed[0]))
        elif not answers.follow(line, at):
            directive.unexpected(at)
    if answers.general:
        fields["feedback"] = "\n".join(answers.general)
    return fields, answers.answers


def _read_options(directive: Directive) -> Fields | None:
    fields, answers = _read_answers(directive, ln.task, ln.is_task)
    keys = AnswerKeys(answer_keys(directive.original)[1])
    options = []
    for index, answer in enumerate(answers):
        text, key = keys.read(answer.text)
        directive.marks[("options", index)] = directive.first + answer.at
        options.append(
            {
                "key": key,
                "text": text,
                "right": answer.ticked,
                "feedback": "\n".join(answer.feedback),
                "misconception": answer.misconception or "",
            }
        )
    if directive.name == "truefalse" and len(options) != 2:  # noqa: PLR2004  true and false
        directive.report(directive.line, Code.TRUEFALSE_ANSWERS, count=len(options))
        return None
    return {**fields, "options": options}


def _right_and_wrong(
    directive: Directive, value: Callable[[str], str], name: str
) -> tuple[Fields, list[str], list[str], list[Fields]]:
    """The shared fields, right answers, the feedback of the right ones, and the wrong answers."""
    fields, answers = _read_answers(directive, ln.task, ln.is_task)
    right: list[str] = []
    feedback: list[str] = []
    wrong: list[Fields] = []
    for answer in answers:
        line = directive.first + answer.at
        if answer.ticked:
            right.append(value(answer.text))
            if answer.misconception is not None:
                directive.report(line, Code.OPTION_UNKNOWN, option="misconception", name="[x]")
            if answer.feedback and feedback:
                directive.report(line, Code.FEEDBACK_MISPLACED)
            feedback = feedback or answer.feedback
        else:
            directive.marks[("wrong", len(wrong))] = line
            wrong.append(
                {
                    name: value(answer.text),
                    "feedback": "\n".join(answer.feedback),
                    "misconception": answer.misconception or "",
                }
            )
    return fields, right, feedback, wrong


def _read_short(directive: Directive) -> Fields | None:
    fields, right, feedback, wrong = _right_and_wrong(directive, str, "text")
    return {**fields, "accepted": right, "accepted_feedback": "\n".join(feedback), "wrong": wrong}


def _read_number(directive: Directive) -> Fields | None:
    fields, right, feedback, wrong = _right_and_wrong(directive, _number, "value")
    if len(right) != 1:
        directive.report(directive.line, Code.NUMBER_ANSWERS, count=len(right))
        return None
    return {**fields, "value": right[0], "value_feedback": "\n".join(feedback), "wrong": wrong}


def _read_items(
    parse: Callable[[str], tuple[bool, str] | None], begins: Callable[[str], bool]
) -> Callable[[Directive], Fields | None]:
    def read_items(directive: Directive) -> Fields:
        fields, answers = _read_answers(directive, parse, begins)
        keys = AnswerKeys(answer_keys(directive.original)[1])
        items = []
        for index, answer in enumerate(answers):
            if answer.feedback or answer.misconception is not None or answer.ticked:
                directive.unexpected(answer.at)
            text, key = keys.read(answer.text)
            directive.marks[("items", index)] = directive.first + answer.at
            items.append({"key": key, "text": text})
        return {**fields, "items": items}

    return read_items


def _numbered(line: str) -> tuple[bool, str] | None:
    text = ln.numbered(line)
    return None if text is None else (False, text)


def _read_match(directive: Directive) -> Fields | None:
    fields, split = _prompt_and_rest(directive, ln.is_row)
    rows: _Rows = []
    answers = _Answers(directive)
    for at in range(split, len(directive.lines)):
        line = directive.lines[at]
        if ln.is_row(line):
            answers.add(_Answer("", at))
            rows.append((ln.cells(line), directive.first + at))
        elif (line and not line.startswith(">")) or not answers.follow(line, at):
            directive.unexpected(at)
    table = _table(rows, directive)
    if table is None:
        return None
    header, _, body = table
    if len(header) != 2:  # noqa: PLR2004  two sides
        directive.report(directive.line, Code.ROW_LENGTH, count=len(header), expected=2)
        return None
    if answers.general:
        fields["feedback"] = "\n".join(answers.general)
    keys = AnswerKeys(answer_keys(directive.original)[1])
    pairs = []
    for index, ((left, right), line_number) in enumerate(body):
        text, key = keys.read(left)
        directive.marks[("pairs", index)] = line_number
        pairs.append({"key": key, "left": text, "right": right})
    return {**fields, "left_title": header[0], "right_title": header[1], "pairs": pairs}


def _read_sort(directive: Directive) -> Fields | None:
    fields, split = _prompt_and_rest(directive, ln.is_bullet)
    group_keys, item_keys = (AnswerKeys(keys) for keys in answer_keys(directive.original))
    answers = _Answers(directive)
    groups: list[Fields] = []
    for at in range(split, len(directive.lines)):
        line = directive.lines[at]
        title = ln.bullet(line)
        item = ln.bullet(line.lstrip()) if line[:1] in {" ", "\t"} else None
        if title is not None:
            text, key = group_keys.read(title)
            directive.marks[("groups", len(groups))] = directive.first + at
            groups.append({"key": key, "title": text, "items": []})
            answers.add(_Answer("", at))
        elif item is not None and groups:
            text, key = item_keys.read(item)
            items = groups[-1]["items"]
            directive.marks[("groups", len(groups) - 1, "items", len(items))] = directive.first + at
            items.append({"key": key, "text": text})
            answers.add(_Answer("", at))
        elif (line and not line.startswith(">")) or not answers.follow(line, at):
            directive.unexpected(at)
    if answers.general:
        fields["feedback"] = "\n".join(answers.general)
    return {**fields, "groups": groups}


def _read_blanks(directive: Directive) -> Fields | None:
    lines, feedback = _without_feedback(directive.lines)
    prompt, text = split_blanks(lines)
    directive.marks[("prompt",)] = directive.marks[("text",)] = directive.first
    return {"prompt": prompt, "text": text, "feedback": feedback}


def split_blanks(lines: Sequence[str]) -> tuple[str, str]:
    """Prompt and text.

    A line `---` parts them; else the text begins with the paragraph of the first blank.
    """
    for at, line in ln.outside_code(lines):
        if ln.is_rule(line):
            return "\n".join(lines[:at]), "\n".join(lines[at + 1 :])
    start = next((at for at, line in enumerate(lines) if m.BLANK.search(line)), len(lines))
    while start < len(lines) and start and lines[start - 1]:
        start -= 1
    return "\n".join(lines[:start]), "\n".join(lines[start:])


def _read_reflection(directive: Directive) -> Fields | None:
    fields, _ = _prompt_and_rest(directive, ln.nothing)
    return fields


def _read_scenario(directive: Directive) -> Fields | None:
    fields, split = _prompt_and_rest(directive, ln.is_node)
    answers = _Answers(directive)
    nodes: list[Fields] = []
    replies: list[tuple[Fields, _Answer]] = []
    for at in range(split, len(directive.lines)):
        line = directive.lines[at]
        if ln.is_node(line):
            directive.marks[("nodes", len(nodes))] = directive.first + at
            answers.add(_Answer("", at))
            nodes.append({**_node(ln.heading(line, 3)), "lines": [], "replies": []})
            continue
        node = nodes[-1]
        reply = _reply(line)
        if reply is not None:
            directive.marks[("nodes", len(nodes) - 1, "replies", len(node["replies"]))] = (
                directive.first + at
            )
            answer = _Answer(reply["text"], at)
            answers.add(answer)
            replies.append((reply, answer))
            node["replies"].append(reply)
        elif not _take_line(line, at, node, answers):
            directive.unexpected(at)
    for reply, answer in replies:
        reply["text"] = answer.text
        reply["feedback"] = "\n".join(answer.feedback)
        if answer.misconception is not None:
            directive.unexpected(answer.at)
    if answers.general:
        fields["feedback"] = "\n".join(answers.general)
    if nodes and "start" not in directive.options:
        fields["start"] = nodes[0]["key"]
    return {**fields, "nodes": nodes}


def _take_line(line: str, at: int, node: Fields, answers: _Answers) -> bool:
    """Take a line of a node that is no reply. False when it has no place there."""
    if not line or line.startswith(">"):
        return answers.follow(line, at)
    if node["replies"]:
        return answers.follow(line, at)
    said = None if line[0] in " \t" else _said(line)
    if said is not None:
        node["lines"].append(said)
    return said is not None


def _node(heading: str) -> Fields:
    key, _, end = heading.partition(" ")
    end = end.strip()
    if end.startswith("{end=") and end.endswith("}"):
        return {"key": key, "end": end[5:-1].strip()}
    return {"key": heading}


def _reply(line: str) -> Fields | None:
    line = line.rstrip()
    if not line.startswith("- [") or not line.endswith(")"):
        return None
    text, link, to = line[3:-1].rpartition("](#")
    return {"text": text.strip(), "to": to.strip()} if link else None


def _said(line: str) -> Fields | None:
    if line.startswith("\\"):
        return {"text": line[1:].strip()}
    if ln.means_something(line):
        return None
    speaker, colon, text = line.partition(": ")
    if colon and speaker and text.strip():
        return {"speaker": speaker, "text": text}
    return {"text": line}


# Kinds


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a directive maps to a block.

    Attributes:
        kind: the block's.
        read: makes fields of the body; None when it reported that it cannot.
        argument: the field that the argument fills; '' when it must be empty.
        options: the field of each option, by the option's name.
        fixed: fields that follow from the directive's name.
    """

    kind: str
    read: Callable[[Directive], Fields | None]
    argument: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)


def _options(*names: str) -> Mapping[str, str]:
    return {name: name for name in names}


_QUESTION = ("points", "counted", "hint")


def _question(read_body: Callable[[Directive], Fields | None], kind: str, *more: str) -> _Kind:
    return _Kind(kind, read_body, "key", _options(*_QUESTION, *more))


def _callout(tone: str) -> _Kind:
    return _Kind("callout", _read_markdown("markdown"), "title", _options("key"), {"tone": tone})


_KINDS: Mapping[str, _Kind] = {
    "easy": _Kind("", _read_markdown("")),
    "alternative": _Kind("", _read_markdown("")),
    "tip": _callout("tip"),
    "note": _callout("note"),
    "warning": _callout("warning"),
    "story": _callout("story"),
    "figure": _Kind("figure", _read_markdown("caption"), "src", _options("key", "alt")),
    "audio": _Kind("audio", _read_markdown("transcript"), "src", _options("key", "title")),
    "video": _Kind(
        "video",
        _read_markdown("transcript"),
        "src",
        _options("key", "title", "captions", "poster"),
    ),
    "table": _Kind("table", _read_table, "caption", _options("key")),
    "file": _Kind("file", _read_markdown("markdown"), "src", _options("key", "title")),
    "term": _Kind("term", _read_markdown("markdown"), "word", _options("key", "north", "english")),
    "steps": _Kind("steps", _read_steps, "title", _options("key")),
    "compare": _Kind("compare", _read_compare, "title", _options("key")),
    "choice": _question(_read_options, "choice"),
    "choices": _question(_read_options, "choices"),
    "truefalse": _question(_read_options, "truefalse"),
    "short": _question(_read_short, "short", "spelling"),
    "number": _question(_read_number, "number", "unit", "tolerance"),
    "order": _question(_read_items(_numbered, ln.is_numbered), "order"),
    "match": _question(_read_match, "match"),
    "sort": _question(_read_sort, "sort"),
    "blanks": _question(_read_blanks, "blanks", "bank"),
    "scenario": _question(_read_scenario, "scenario", "title", "start"),
    "reflection": _question(_read_reflection, "reflection"),
    "checklist": _question(_read_items(ln.task, ln.is_task), "checklist"),
}


# Writing


def write(
    blocks: Sequence[m.AnyBlock],
    alternative: str,
    originals: Mapping[tuple[str, str], m.AnyBlock] | None = None,
) -> str:
    """The canonical text of a body, ending with a line break; '' when there is nothing to say.

    Args:
        blocks: the lesson's blocks.
        alternative: the lesson's gentler way, or ''.
        originals: for a translation, the blocks of the original by kind and key.
    """
    parts: list[str] = []
    if alternative:
        parts.append(_directive("alternative", "", {}, alternative.split("\n")))
    before: m.AnyBlock | None = None
    for block in blocks:
        implied = m.next_key(before.key if before else None)
        if isinstance(block, m.Text):
            parts.extend(_write_text(block, implied, before))
        else:
            original = (originals or {}).get((block.kind, block.key))
            parts.append(_write_block(block, implied, original))
        before = block
    return "\n\n".join(parts) + "\n" if parts else ""


def _write_text(block: m.Text, implied: str, before: m.AnyBlock | None) -> Iterator[str]:
    first = block.markdown.partition("\n")[0]
    runs_on = (
        isinstance(before, m.Text)
        and before.easy is None
        and not (before.markdown and ln.is_screen(first))
    )
    if block.key != implied or not block.markdown or runs_on:
        yield f"({block.key})="
    if block.markdown:
        yield block.markdown
    if block.easy is not None:
        yield _directive("easy", "", {}, _lines(block.easy))


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []


def _directive(name: str, argument: str, options: Mapping[str, object], body: Sequence[str]) -> str:
    head = [f":::{{{name}}} {argument}".rstrip()]
    for option, value in options.items():
        head.append(f":{option}: {_shown(value)}".rstrip())
    if body and (options or body[0].startswith(":")):
        head.append("")
    return "\n".join([*head, *body, ":::"])


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ln.BETWEEN.join(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _write_block(block: m.AnyBlock, implied: str, original: m.AnyBlock | None) -> str:
    name = block.tone if isinstance(block, m.Callout) else block.kind
    kind = _KINDS[name]
    options: dict[str, object] = {}
    for option, attribute in kind.options.items():
        value = getattr(block, attribute)
        if attribute == "key":
            if value != implied:
                options[option] = value
        elif value != type(block).model_fields[attribute].default:
            options[option] = value
    body = _WRITERS[block.kind](block, original)
    if isinstance(block, m.Question):
        body = _with_feedback(block, body)
    argument = getattr(block, kind.argument) if kind.argument else ""
    return _directive(name, argument, options, body)


def _sections(*sections: Sequence[str]) -> list[str]:
    lines: list[str] = []
    for section in sections:
        if section:
            lines.extend(["", *section] if lines else section)
    return lines


def _with_feedback(block: m.Question, body: list[str]) -> list[str]:
    if block.feedback:
        return _sections(body, ln.quote(block.feedback))
    # A quotation that ends the text would be taken for the explanation; an empty one prevents it.
    return _sections(body, [">"]) if ln.final_quote(body) is not None else body


_RIGHT, _WRONG = "- [x]", "- [ ]"


def _indented_quote(text: str) -> list[str]:
    return ln.quote(text, "  ") if text else []


def _task_lines(mark: str, text: str, feedback: str, misconception: str = "") -> list[str]:
    lines = [f"{mark} {text}".rstrip()]
    if misconception:
        lines.append(f"  :misconception: {misconception}")
    return [*lines, *_indented_quote(feedback)]


def _originals(original: m.AnyBlock | None) -> tuple[list[str], list[str]]:
    if isinstance(original, m.Sort):
        groups = original.groups
        return [g.key for g in groups], [i.key for g in groups for i in g.items]
    name = _ANSWERS.get(original.kind) if original else None
    return [], [answer.key for answer in getattr(original, name)] if name else []


def _write_table(block: m.Table, _original: object) -> list[str]:
    align = block.align or ("",) * len(block.header)
    rule = "|" + "|".join(_RULES[side] for side in align) + "|"
    return [ln.row(block.header), rule, *(ln.row(row) for row in block.rows)]


def _write_steps(block: m.Steps, _original: object) -> list[str]:
    lines: list[str] = []
    for number, item in enumerate(block.items, 1):
        mark = f"{number}."
        first, *rest = item.split("\n")
        if first.startswith((" ", "\t", "```", "~~~")):
            rest = [first, *rest]
            first = ""
        lines.append(f"{mark} {first}" if first else mark)
        indent = " " * (len(mark) + 1)
        lines.extend(indent + line if line else "" for line in rest)
    return lines


def _write_compare(block: m.Compare, _original: object) -> list[str]:
    sections: list[list[str]] = []
    for column in block.columns:
        sections += [[f"### {column.title}".rstrip()], _lines(column.markdown)]
    return _sections(*sections)


def _write_options(
    block: m.Choice | m.Choices | m.TrueFalse, original: m.AnyBlock | None
) -> list[str]:
    keys = AnswerKeys(_originals(original)[1])
    lines: list[str] = []
    for option in block.options:
        text = keys.written(option.text, option.key)
        mark = _RIGHT if option.right else _WRONG
        lines += _task_lines(mark, text, option.feedback, option.misconception)
    return _sections(_lines(block.prompt), lines)


def _write_short(block: m.ShortText, _original: object) -> list[str]:
    lines: list[str] = []
    last = len(block.accepted) - 1
    for index, text in enumerate(block.accepted):
        feedback = block.accepted_feedback if index == last else ""
        lines += _task_lines(_RIGHT, text, feedback)
    for answer in block.wrong:
        lines += _task_lines(_WRONG, answer.text, answer.feedback, answer.misconception)
    return _sections(_lines(block.prompt), lines)


def _write_number(block: m.Number, _original: object) -> list[str]:
    lines = _task_lines(_RIGHT, format(block.value, "f"), block.value_feedback)
    for answer in block.wrong:
        value = format(answer.value, "f")
        lines += _task_lines(_WRONG, value, answer.feedback, answer.misconception)
    return _sections(_lines(block.prompt), lines)


def _write_order(block: m.Order, original: m.AnyBlock | None) -> list[str]:
    keys = AnswerKeys(_originals(original)[1])
    items = [
        f"{number}. {keys.written(item.text, item.key)}".rstrip()
        for number, item in enumerate(block.items, 1)
    ]
    return _sections(_lines(block.prompt), items)


def _write_checklist(block: m.Checklist, original: m.AnyBlock | None) -> list[str]:
    keys = AnswerKeys(_originals(original)[1])
    items = [f"- [ ] {keys.written(item.text, item.key)}".rstrip() for item in block.items]
    return _sections(_lines(block.prompt), items)


def _write_match(block: m.Match, original: m.AnyBlock | None) -> list[str]:
    keys = AnswerKeys(_originals(original)[1])
    rows = [ln.row((keys.written(pair.left, pair.key), pair.right)) for pair in block.pairs]
    head = [ln.row((block.left_title, block.right_title)), "|---|---|"]
    return _sections(_lines(block.prompt), [*head, *rows])


def _write_sort(block: m.Sort, original: m.AnyBlock | None) -> list[str]:
    group_keys, item_keys = (AnswerKeys(keys) for keys in _originals(original))
    lines: list[str] = []
    for group in block.groups:
        lines.append(f"- {group_keys.written(group.title, group.key)}".rstrip())
        lines += [f"  - {item_keys.written(item.text, item.key)}".rstrip() for item in group.items]
    return _sections(_lines(block.prompt), lines)


def _write_blanks(block: m.Blanks, _original: object) -> list[str]:
    prompt, text = _lines(block.prompt), _lines(block.text)
    lines = _sections(prompt, text)
    read_back = tuple(m.normal_markdown(part) for part in split_blanks(lines))
    if read_back == (block.prompt, block.text):
        return lines
    return _sections(prompt, [ln.RULE], text)


def _write_scenario(block: m.Scenario, _original: object) -> list[str]:
    sections = [_lines(block.prompt)]
    for node in block.nodes:
        sections.append([f"### {node.key}" + (f" {{end={node.end}}}" if node.end else "")])
        sections.append([_said_line(said) for said in node.lines])
        replies: list[str] = []
        for reply in node.replies:
            replies += [f"- [{reply.text}](#{reply.to})", *_indented_quote(reply.feedback)]
        sections.append(replies)
    return _sections(*sections)


def _said_line(said: m.SpokenLine) -> str:
    if said.speaker:
        return f"{said.speaker}: {said.text}"
    plain = _said(said.text) == {"text": said.text}
    return said.text if plain else f"\\{said.text}"


_WRITERS: Mapping[str, Callable[[Any, Any], list[str]]] = {
    "callout": lambda block, _: _lines(block.markdown),
    "figure": lambda block, _: _lines(block.caption),
    "audio": lambda block, _: _lines(block.transcript),
    "video": lambda block, _: _lines(block.transcript),
    "table": _write_table,
    "file": lambda block, _: _lines(block.markdown),
    "term": lambda block, _: _lines(block.markdown),
    "steps": _write_steps,
    "compare": _write_compare,
    "choice": _write_options,
    "choices": _write_options,
    "truefalse": _write_options,
    "short": _write_short,
    "number": _write_number,
    "order": _write_order,
    "match": _write_match,
    "sort": _write_sort,
    "blanks": _write_blanks,
    "scenario": _write_scenario,
    "reflection": lambda block, _: _lines(block.prompt),
    "checklist": _write_checklist,
}
