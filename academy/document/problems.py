"""What can be wrong with a course. A problem carries facts; words come where people read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """An error stands in the way of publishing; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Code(StrEnum):
    """Every kind of problem. `SPEC` says how grave it is and which facts it carries."""

    # Files
    FILE_UNKNOWN = "file-unknown"
    FILE_UNSAFE = "file-unsafe"
    FILE_UNREADABLE = "file-unreadable"
    FILE_TOO_LARGE = "file-too-large"
    FILES_TOO_MANY = "files-too-many"
    FILE_NAME = "file-name"
    FILE_KEY = "file-key"
    NUMBER_TWICE = "number-twice"
    MEDIA_NAME = "media-name"
    MEDIA_TYPE = "media-type"
    ENCODING = "encoding"
    CONTROL_CHARACTER = "control-character"
    COURSE_MISSING = "course-missing"
    UNIT_MISSING = "unit-missing"
    ORIGINAL_MISSING = "original-missing"
    FORMAT_NEWER = "format-newer"
    FORMAT_UNKNOWN = "format-unknown"
    TOO_MANY_PROBLEMS = "too-many-problems"

    # YAML and single values
    FRONT_MATTER = "front-matter"
    YAML = "yaml"
    YAML_FORBIDDEN = "yaml-forbidden"
    FIELD_UNKNOWN = "field-unknown"
    FIELD_TWICE = "field-twice"
    FIELD_MISSING = "field-missing"
    FIELD_SHAPE = "field-shape"
    VALUE = "value"
    KEY_FORM = "key-form"
    LINE_BREAK = "line-break"
    TOO_LONG = "too-long"
    TOO_MANY = "too-many"
    TOO_LARGE = "too-large"

    # The body of a lesson
    CODE_OPEN = "code-open"
    DIRECTIVE_UNKNOWN = "directive-unknown"
    DIRECTIVE_FORM = "directive-form"
    DIRECTIVE_OPEN = "directive-open"
    DIRECTIVE_STRAY = "directive-stray"
    DIRECTIVE_INSIDE = "directive-inside"
    ARGUMENT_UNEXPECTED = "argument-unexpected"
    OPTION_UNKNOWN = "option-unknown"
    OPTION_TWICE = "option-twice"
    LABEL_INSIDE = "label-inside"
    SCREEN_INSIDE = "screen-inside"
    EASY_MISPLACED = "easy-misplaced"
    TWICE = "twice"
    LINE_UNEXPECTED = "line-unexpected"
    PROMPT_FORM = "prompt-form"
    FEEDBACK_MISPLACED = "feedback-misplaced"
    TRUEFALSE_ANSWERS = "truefalse-answers"
    NUMBER_ANSWERS = "number-answers"
    FEEDBACK_ALONE = "feedback-alone"
    BANK_WORD = "bank-word"
    SPEAKER_FORM = "speaker-form"
    COMPARE_COLUMNS = "compare-columns"
    TABLE_FORM = "table-form"
    ROW_LENGTH = "row-length"

    # The course as a whole, its quality and its safety
    EMPTY = "empty"
    KEY_TWICE = "key-twice"
    PROMPT_EMPTY = "prompt-empty"
    TEXT_EMPTY = "text-empty"
    OPTIONS_NONE = "options-none"
    OPTIONS_ONE = "options-one"
    RIGHT_NONE = "right-none"
    RIGHT_MANY = "right-many"
    RIGHT_ALL = "right-all"
    ANSWER_TWICE = "answer-twice"
    FEEDBACK_MISSING = "feedback-missing"
    BLANKS_NONE = "blanks-none"
    POINTS_NONE = "points-none"
    ALT_MISSING = "alt-missing"
    TRANSCRIPT_MISSING = "transcript-missing"
    CAPTIONS_MISSING = "captions-missing"
    MEDIA_MISSING = "media-missing"
    MEDIA_UNUSED = "media-unused"
    MEDIA_BYTES = "media-bytes"
    MEDIA_KIND = "media-kind"
    SVG_BROKEN = "svg-broken"
    SVG_UNSAFE = "svg-unsafe"
    HTML = "html"
    PICTURE_IN_TEXT = "picture-in-text"
    LINK_DANGEROUS = "link-dangerous"
    LINK_NOT_HTTPS = "link-not-https"
    LINK_UNKNOWN = "link-unknown"
    LINK_DEAD = "link-dead"
    MINUTES_LONG = "minutes-long"
    SOURCES_MISSING = "sources-missing"
    REVIEW_MISSING = "review-missing"
    REVIEW_EVERY_MISSING = "review-every-missing"
    REVIEW_PAST = "review-past"
    REVIEW_FUTURE = "review-future"
    FACT_UNKNOWN = "fact-unknown"
    FACT_UNVERIFIED = "fact-unverified"
    NOTICE_WITHOUT_WAY = "notice-without-way"
    SCORE_WITHOUT_QUESTIONS = "score-without-questions"
    WORDS_FEW = "words-few"
    WORDS_MANY = "words-many"
    SCREEN_LONG = "screen-long"
    PREREQUISITE_UNKNOWN = "prerequisite-unknown"
    PREREQUISITE_SELF = "prerequisite-self"
    NODE_MISSING = "node-missing"
    NODE_UNREACHABLE = "node-unreachable"
    NODE_OPEN = "node-open"
    NODE_CLOSED = "node-closed"
    NODES_NONE = "nodes-none"
    GOOD_END_NONE = "good-end-none"
    ONE_WAY = "one-way"
    TRANSLATION_STALE = "translation-stale"
    TRANSLATION_BLOCKS = "translation-blocks"
    TRANSLATION_ANSWERS = "translation-answers"


_ERROR, _WARNING = Level.ERROR, Level.WARNING

SPEC: Mapping[Code, tuple[Level, frozenset[str]]] = {
    code: (level, frozenset(facts.split()))
    for code, level, facts in (
        (Code.FILE_UNKNOWN, _WARNING, ""),
        (Code.FILE_UNSAFE, _ERROR, "name"),
        (Code.FILE_UNREADABLE, _ERROR, ""),
        (Code.FILE_TOO_LARGE, _ERROR, "limit"),
        (Code.FILES_TOO_MANY, _ERROR, "limit"),
        (Code.FILE_NAME, _ERROR, "name"),
        (Code.FILE_KEY, _ERROR, "key name"),
        (Code.NUMBER_TWICE, _ERROR, "number"),
        (Code.MEDIA_NAME, _ERROR, "name"),
        (Code.MEDIA_TYPE, _ERROR, "name"),
        (Code.ENCODING, _ERROR, ""),
        (Code.CONTROL_CHARACTER, _ERROR, "character"),
        (Code.COURSE_MISSING, _ERROR, ""),
        (Code.UNIT_MISSING, _ERROR, "name"),
        (Code.ORIGINAL_MISSING, _ERROR, "name"),
        (Code.FORMAT_NEWER, _ERROR, "version known"),
        (Code.FORMAT_UNKNOWN, _ERROR, "version"),
        (Code.TOO_MANY_PROBLEMS, _ERROR, "limit"),
        (Code.FRONT_MATTER, _ERROR, ""),
        (Code.YAML, _ERROR, "reason"),
        (Code.YAML_FORBIDDEN, _ERROR, "what"),
        (Code.FIELD_UNKNOWN, _ERROR, "field"),
        (Code.FIELD_TWICE, _ERROR, "field"),
        (Code.FIELD_MISSING, _ERROR, "field"),
        (Code.FIELD_SHAPE, _ERROR, "field"),
        (Code.VALUE, _ERROR, "field value"),
        (Code.KEY_FORM, _ERROR, "value"),
        (Code.LINE_BREAK, _ERROR, "field"),
        (Code.TOO_LONG, _ERROR, "field limit"),
        (Code.TOO_MANY, _ERROR, "field limit"),
        (Code.TOO_LARGE, _ERROR, "limit"),
        (Code.CODE_OPEN, _ERROR, ""),
        (Code.DIRECTIVE_UNKNOWN, _ERROR, "name"),
        (Code.DIRECTIVE_FORM, _ERROR, ""),
        (Code.DIRECTIVE_OPEN, _ERROR, "name"),
        (Code.DIRECTIVE_STRAY, _ERROR, ""),
        (Code.DIRECTIVE_INSIDE, _ERROR, ""),
        (Code.ARGUMENT_UNEXPECTED, _ERROR, "name"),
        (Code.OPTION_UNKNOWN, _ERROR, "option name"),
        (Code.OPTION_TWICE, _ERROR, "option"),
        (Code.LABEL_INSIDE, _ERROR, ""),
        (Code.SCREEN_INSIDE, _ERROR, ""),
        (Code.EASY_MISPLACED, _ERROR, ""),
        (Code.TWICE, _ERROR, "name"),
        (Code.LINE_UNEXPECTED, _ERROR, "line"),
        (Code.PROMPT_FORM, _ERROR, ""),
        (Code.FEEDBACK_MISPLACED, _ERROR, ""),
        (Code.TRUEFALSE_ANSWERS, _ERROR, "count"),
        (Code.NUMBER_ANSWERS, _ERROR, "count"),
        (Code.FEEDBACK_ALONE, _ERROR, ""),
        (Code.BANK_WORD, _ERROR, "word"),
        (Code.SPEAKER_FORM, _ERROR, "speaker"),
        (Code.COMPARE_COLUMNS, _ERROR, "count"),
        (Code.TABLE_FORM, _ERROR, ""),
        (Code.ROW_LENGTH, _ERROR, "count expected"),
        (Code.EMPTY, _ERROR, "field"),
        (Code.KEY_TWICE, _ERROR, "key"),
        (Code.PROMPT_EMPTY, _ERROR, "key"),
        (Code.TEXT_EMPTY, _ERROR, "key"),
        (Code.OPTIONS_NONE, _ERROR, "key"),
        (Code.OPTIONS_ONE, _ERROR, "key"),
        (Code.RIGHT_NONE, _ERROR, "key"),
        (Code.RIGHT_MANY, _ERROR, "key count"),
        (Code.RIGHT_ALL, _WARNING, "key"),
        (Code.ANSWER_TWICE, _ERROR, "key answer"),
        (Code.FEEDBACK_MISSING, _WARNING, "key answer"),
        (Code.BLANKS_NONE, _ERROR, "key"),
        (Code.POINTS_NONE, _WARNING, "key"),
        (Code.ALT_MISSING, _ERROR, "src"),
        (Code.TRANSCRIPT_MISSING, _ERROR, "src"),
        (Code.CAPTIONS_MISSING, _WARNING, "src"),
        (Code.MEDIA_MISSING, _ERROR, "src"),
        (Code.MEDIA_UNUSED, _WARNING, "src"),
        (Code.MEDIA_BYTES, _ERROR, "src"),
        (Code.MEDIA_KIND, _ERROR, "src"),
        (Code.SVG_BROKEN, _ERROR, "src"),
        (Code.SVG_UNSAFE, _ERROR, "src what"),
        (Code.HTML, _ERROR, "html"),
        (Code.PICTURE_IN_TEXT, _ERROR, "src"),
        (Code.LINK_DANGEROUS, _ERROR, "link"),
        (Code.LINK_NOT_HTTPS, _ERROR, "link"),
        (Code.LINK_UNKNOWN, _ERROR, "link"),
        (Code.LINK_DEAD, _ERROR, "link"),
        (Code.MINUTES_LONG, _ERROR, "minutes limit"),
        (Code.SOURCES_MISSING, _ERROR, ""),
        (Code.REVIEW_MISSING, _ERROR, ""),
        (Code.REVIEW_EVERY_MISSING, _WARNING, ""),
        (Code.REVIEW_PAST, _WARNING, "date"),
        (Code.REVIEW_FUTURE, _WARNING, "date"),
        (Code.FACT_UNKNOWN, _ERROR, "fact"),
        (Code.FACT_UNVERIFIED, _ERROR, "fact"),
        (Code.NOTICE_WITHOUT_WAY, _ERROR, ""),
        (Code.SCORE_WITHOUT_QUESTIONS, _ERROR, ""),
        (Code.WORDS_FEW, _WARNING, "count limit"),
        (Code.WORDS_MANY, _WARNING, "count limit"),
        (Code.SCREEN_LONG, _WARNING, "count limit"),
        (Code.PREREQUISITE_UNKNOWN, _ERROR, "course"),
        (Code.PREREQUISITE_SELF, _ERROR, ""),
        (Code.NODE_MISSING, _ERROR, "key node"),
        (Code.NODE_UNREACHABLE, _ERROR, "key node"),
        (Code.NODE_OPEN, _ERROR, "key node"),
        (Code.NODE_CLOSED, _ERROR, "key node"),
        (Code.NODES_NONE, _ERROR, "key"),
        (Code.GOOD_END_NONE, _ERROR, "key"),
        (Code.ONE_WAY, _WARNING, "key"),
        (Code.TRANSLATION_STALE, _WARNING, "language"),
        (Code.TRANSLATION_BLOCKS, _ERROR, "language expected found"),
        (Code.TRANSLATION_ANSWERS, _ERROR, "language key"),
    )
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        path: the file, relative to the course's folder, with `/`.
        line: the line in it, counted from 1; None when the whole file is meant.
        code: what kind of problem.
        facts: what the words need: names, numbers, short excerpts.
    """

    path: str
    line: int | None
    code: Code
    facts: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def level(self) -> Level:
        return SPEC[self.code][0]


_EXCERPT = 80


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def excerpt(text: str) -> str:
    """A short piece of somebody's text, fit for one line of a message."""
    text = " ".join(text[: 4 * _EXCERPT].split())
    text = _printable(text)
    return text if len(text) <= _EXCERPT else text[: _EXCERPT - 1] + "…"


def problem(path: str, line: int | None, code: Code, /, **facts: str | int) -> Problem:
    """Raises ValueError when the facts are not the ones `SPEC` promises (a mistake of ours)."""
    if facts.keys() != SPEC[code][1]:
        message = f"{code} needs {sorted(SPEC[code][1])}, got {sorted(facts)}"
        raise ValueError(message)
    short = {k: excerpt(v) if isinstance(v, str) else v for k, v in facts.items()}
    return Problem(_printable(path[:300]), line, code, short)


def errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Those that stand in the way of publishing."""
    return tuple(item for item in problems if item.level is Level.ERROR)
