"""The only reader and writer of courses: a folder's files ↔ Course ↔ canonical JSON.

`decode` never raises for what a file holds. It lists every problem and builds what can be built, so
a course beside error problems may lack the parts they name: show it, check it, but do not keep it
in place of the files.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from academy.document import body, limits, upgrade, yamltext
from academy.document import model as m
from academy.document.places import Loc, Place, Places
from academy.document.problems import SPEC, Code, Problem, errors, problem

MARK = upgrade.MARK

_Built = TypeVar("_Built", bound=BaseModel)
_BLOCKS: Mapping[str, type[m.Part]] = {
    model.model_fields["kind"].default: model for model in get_args(m.AnyBlock)
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """What reading gave.

    Attributes:
        course: None when not even the course's own fields could be read.
        places: where the parts of `course` stand.
        problems: what is wrong with the text; `check` finds what is wrong with the course.
        media: the bytes of the course's media, by path.
    """

    course: m.Course | None
    places: Places
    problems: tuple[Problem, ...]
    media: Mapping[str, bytes]

    @property
    def whole(self) -> bool:
        """Whether nothing was left out."""
        return self.course is not None and not errors(self.problems)


# Names of files

_NUMBERED = re.compile(rf"([0-9]{{1,4}})-({m.KEY})\Z")
_LESSON = re.compile(rf"([0-9]{{1,4}})-({m.KEY})(?:\.([a-z]{{2}}))?\.md\Z")
_YAML = re.compile(r"(course|unit)(?:\.([a-z]{2}))?\.yaml\Z")
_MEDIA = re.compile(r"media/[a-z0-9][a-z0-9._-]*\Z")

MEDIA_TYPES: Mapping[str, str] = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
    "vtt": "text/vtt",
    "pdf": "application/pdf",
}
"""Media type by the name's end."""


def unit_folder(number: int, key: str) -> str:
    """The folder of the unit; `number` counts from 1."""
    return f"{number:02d}-{key}"


def lesson_path(unit: str, number: int, key: str, language: str | None = None) -> str:
    """The path of a lesson in the folder `unit`; `number` counts from 1."""
    return f"{unit}/{number:02d}-{key}{f'.{language}' if language else ''}.md"


def place_of(course: m.Course, places: Places, loc: Loc) -> Place:
    """Where a part is written, or would be when the course does not come from files."""
    found = places.find(loc)
    if found is not None:
        return found
    if len(loc) < 2 or loc[0] != "units":  # noqa: PLR2004  a name and an index
        return Place("course.yaml")
    index = int(loc[1])
    unit = course.units[index]
    folder = unit_folder(index + 1, unit.key)
    if len(loc) < 4 or loc[2] != "lessons":  # noqa: PLR2004  two names, two indexes
        return Place(f"{folder}/unit.yaml")
    number = int(loc[3])
    is_translation = loc[4:5] == ("translations",) and len(loc) > 5  # noqa: PLR2004  a name, a language
    language = str(loc[5]) if is_translation else None
    return Place(lesson_path(folder, number + 1, unit.lessons[number].key, language))


# Fields of the YAML parts, in the order they are written

_ONE, _MANY = "one", "many"
_COURSE = {
    "format_version": _ONE,
    "key": _ONE,
    "title": _ONE,
    "summary": _ONE,
    "track": _ONE,
    "number": _ONE,
    "level": _ONE,
    "hours": _ONE,
    "outcomes": _MANY,
    "prerequisites": _MANY,
    "audience": _ONE,
    "owner": _ONE,
    "licence": _ONE,
}
_COURSE_TEXT = {"title": _ONE, "summary": _ONE, "outcomes": _MANY}
_UNIT = {"title": _ONE, "summary": _ONE}
_LESSON_FIELDS = {
    "key": _ONE,
    "title": _ONE,
    "minutes": _ONE,
    "reviewed": _ONE,
    "reviewed_by": _ONE,
    "review_every": _ONE,
    "boundary": _ONE,
    "sources": _MANY,
    "facts": _MANY,
    "notice": _ONE,
    "min_score": _ONE,
    "required": _ONE,
    "practice_in_life": _ONE,
}
_LESSON_TEXT = {"title": _ONE, "practice_in_life": _ONE, "translates": _ONE}

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_MONTHS = re.compile(r"([0-9]{1,3}) months?\Z")
_FLAGS = {"true": True, "false": False}


# Reading


class _Report:
    """Collects the problems of one file, up to a limit."""

    def __init__(self, path: str, problems: list[Problem]) -> None:
        self.path = path
        self._problems = problems
        self._count = 0

    def __call__(self, line: int | None, code: Code, /, **facts: str | int) -> None:
        self._count += 1
        if self._count < limits.PROBLEMS_PER_FILE:
            self._problems.append(problem(self.path, line, code, **facts))
        elif self._count == limits.PROBLEMS_PER_FILE:
            limit = limits.PROBLEMS_PER_FILE
            self._problems.append(problem(self.path, None, Code.TOO_MANY_PROBLEMS, limit=limit))


@dataclass(slots=True)
class _Marks:
    """Where a raw mapping stands: lines by the way down, and who takes its problems."""

    report: _Report
    lines: dict[tuple[str | int, ...], int] = field(default_factory=dict)

    def line(self, loc: tuple[str | int, ...]) -> int | None:
        for end in range(len(loc), -1, -1):
            if loc[:end] in self.lines:
                return self.lines[loc[:end]]
        return None


@dataclass(slots=True)
class _LessonFiles:
    number: int
    key: str
    original: str | None = None
    translations: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _UnitFiles:
    number: int
    key: str
    files: dict[str | None, str] = field(default_factory=dict)
    lessons: dict[str, _LessonFiles] = field(default_factory=dict)


@dataclass(slots=True)
class _Folder:
    course: dict[str | None, str] = field(default_factory=dict)
    units: dict[str, _UnitFiles] = field(default_factory=dict)
    media: list[str] = field(default_factory=list)


def decode(files: Mapping[str, bytes]) -> Decoded:
    """Read a course from the files of its folder.

    Args:
        files: contents by path, relative to the folder, with `/` between names.
    """
    return _Decoder(files).decode()


class _Decoder:
    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._problems: list[Problem] = []
        self._known: dict[Loc, Place] = {}

    def decode(self) -> Decoded:
        media: dict[str, bytes] = {}
        course = None
        if len(self._files) > limits.MAX_FILES:
            self._report("")(None, Code.FILES_TOO_MANY, limit=limits.MAX_FILES)
        else:
            folder = self._sort_files()
            media = {path: self._files[path] for path in folder.media}
            raw = self._raw_course(folder)
            if raw is not None:
                course = self._upgraded(raw)
        return Decoded(course, Places(self._known), tuple(_in_order(self._problems)), media)

    def _report(self, path: str) -> _Report:
        return _Report(path, self._problems)

    # Which file is what

    def _sort_files(self) -> _Folder:
        folder = _Folder()
        for path in sorted(self._files):
            self._sort_file(path, folder)
        for name, unit in folder.units.items():
            self._refuse_same_numbers(
                (f"{name}/{file}", lesson.number) for file, lesson in unit.lessons.items()
            )
        self._refuse_same_numbers((name, unit.number) for name, unit in folder.units.items())
        return folder

    def _refuse_same_numbers(self, numbered: Iterable[tuple[str, int]]) -> None:
        seen: set[int] = set()
        for path, number in numbered:
            if number in seen:
                self._report(path)(None, Code.NUMBER_TWICE, number=number)
            seen.add(number)

    def _sort_file(self, path: str, folder: _Folder) -> None:
        report = self._report(path)
        parts = path.split("/")
        if _is_unsafe(path, parts):
            report(None, Code.FILE_UNSAFE, name=path)
        elif parts[0] == "media" and len(parts) > 1:
            self._sort_medium(path, folder, report)
        elif len(parts) == 1:
            match = _YAML.match(path)
            if match and match.group(1) == "course":
                folder.course[match.group(2)] = path
            elif path.endswith((".yaml", ".md")) and path.lower() != "readme.md":
                report(None, Code.FILE_NAME, name=path)
            else:
                report(None, Code.FILE_UNKNOWN)
        elif len(parts) == 2:  # noqa: PLR2004  a unit's folder and a file
            self._sort_unit_file(path, parts, folder, report)
        else:
            report(None, Code.FILE_UNKNOWN)

    def _sort_medium(self, path: str, folder: _Folder, report: _Report) -> None:
        name = path.partition("/")[2]
        if not _MEDIA.match(path) or len(path) > 120:  # noqa: PLR2004  as the model has it
            report(None, Code.MEDIA_NAME, name=name)
        elif name.rpartition(".")[2] not in MEDIA_TYPES:
            report(None, Code.MEDIA_TYPE, name=name)
        elif len(self._files[path]) > limits.MAX_MEDIA_BYTES:
            limit = limits.MAX_MEDIA_BYTES // 1024
            report(None, Code.FILE_TOO_LARGE, limit=limit)
        else:
            folder.media.append(path)

    def _sort_unit_file(
        self, path: str, parts: list[str], folder: _Folder, report: _Report
    ) -> None:
        unit_name = _NUMBERED.match(parts[0])
        if unit_name is None:
            if parts[1].endswith((".md", ".yaml")):
                report(None, Code.FILE_NAME, name=parts[0])
            else:
                report(None, Code.FILE_UNKNOWN)
            return
        number, key = int(unit_name.group(1)), unit_name.group(2)
        unit = folder.units.setdefault(parts[0], _UnitFiles(number, key))
        lesson = _LESSON.match(parts[1])
        about = _YAML.match(parts[1])
        if lesson:
            name = f"{lesson.group(1)}-{lesson.group(2)}"
            files = unit.lessons.setdefault(
                name, _LessonFiles(int(lesson.group(1)), lesson.group(2))
            )
            language = lesson.group(3)
            if language:
                files.translations[language] = path
            else:
                files.original = path
        elif about and about.group(1) == "unit":
            unit.files[about.group(2)] = path
        elif parts[1].endswith((".md", ".yaml")):
            report(None, Code.FILE_NAME, name=parts[1])
        else:
            report(None, Code.FILE_UNKNOWN)

    # Text of files

    def _text(self, path: str, limit: int, report: _Report) -> str | None:
        data = self._files[path]
        if len(data) > limit:
            report(None, Code.FILE_TOO_LARGE, limit=limit // 1024)
            return None
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            report(data.count(b"\n", 0, error.start) + 1, Code.ENCODING)
            return None
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        found = m.control_character(text)
        if found:
            line = text.count("\n", 0, found.start()) + 1
            report(line, Code.CONTROL_CHARACTER, character=f"U+{ord(found.group()):04X}")
            return None
        return text

    def _fields(
        self, text: str, first_line: int, spec: Mapping[str, str], report: _Report
    ) -> dict[str, Any] | None:
        """The known fields of a YAML text, typed where their text alone would not do, with MARK."""
        entries = yamltext.read(text, first_line, report)
        if entries is None:
            return None
        marks = _Marks(report, {(): 1})
        fields: dict[str, Any] = {MARK: marks}
        for name, entry in entries.items():
            if name not in spec:
                report(entry.line, Code.FIELD_UNKNOWN, field=name)
                continue
            marks.lines[(name,)] = entry.line
            marks.lines.update({(name, i): line for i, line in enumerate(entry.lines)})
            if entry.value is None:
                continue
            if isinstance(entry.value, list) is not (spec[name] == _MANY):
                report(entry.line, Code.FIELD_SHAPE, field=name)
            elif isinstance(entry.value, str):
                value = _typed(name, entry.value)
                if value is None:
                    report(entry.line, Code.VALUE, field=name, value=entry.value)
                else:
                    fields[name] = value
            else:
                fields[name] = entry.value
        return fields

    def _yaml_file(self, path: str, spec: Mapping[str, str]) -> dict[str, Any] | None:
        report = self._report(path)
        text = self._text(path, limits.MAX_YAML_BYTES, report)
        return None if text is None else self._fields(text, 1, spec, report)

    # The raw tree

    def _raw_course(self, folder: _Folder) -> dict[str, Any] | None:
        path = folder.course.pop(None, None)
        if path is None:
            self._report("course.yaml")(None, Code.COURSE_MISSING)
        raw = self._yaml_file(path, _COURSE) if path else None
        # Even without a course the lessons are read, to list their problems too.
        units = [
            self._raw_unit(name, unit)
            for name, unit in sorted(folder.units.items(), key=lambda item: item[1].number)
        ]
        translations = self._raw_translations(folder.course, _COURSE_TEXT)
        if raw is None:
            return None
        raw["units"] = [unit for unit in units if unit is not None]
        raw["translations"] = translations
        raw["media"] = [
            {
                "path": path,
                "sha256": sha256(self._files[path]).hexdigest(),
                "size": len(self._files[path]),
            }
            for path in folder.media
        ]
        return raw

    def _raw_translations(
        self, paths: Mapping[str | None, str], spec: Mapping[str, str]
    ) -> dict[str, Any]:
        found = {}
        for language, path in paths.items():
            fields = self._yaml_file(path, spec)
            if fields is not None and language is not None:
                found[language] = fields
        return found

    def _raw_unit(self, name: str, unit: _UnitFiles) -> dict[str, Any] | None:
        path = unit.files.pop(None, None)
        if path is None:
            self._report(f"{name}/unit.yaml")(None, Code.UNIT_MISSING, name=name)
        raw = self._yaml_file(path, _UNIT) if path else None
        lessons = [
            self._raw_lesson(lesson)
            for lesson in sorted(unit.lessons.values(), key=lambda lesson: lesson.number)
        ]
        translations = self._raw_translations(unit.files, _UNIT)
        if raw is None:
            return None
        raw["key"] = unit.key
        raw["lessons"] = [lesson for lesson in lessons if lesson is not None]
        raw["translations"] = translations
        return raw

    def _raw_lesson(self, lesson: _LessonFiles) -> dict[str, Any] | None:
        originals: dict[tuple[str, str], Mapping[str, Any]] = {}
        raw = None
        if lesson.original is None:
            for path in lesson.translations.values():
                name = f"{lesson.number:02d}-{lesson.key}.md"
                self._report(path)(None, Code.ORIGINAL_MISSING, name=name)
        else:
            raw = self._lesson_file(lesson.original, _LESSON_FIELDS, {})
        if raw is not None:
            key = raw.setdefault("key", lesson.key)
            marks = raw[MARK]
            if key != lesson.key:
                marks.report(marks.line(("key",)), Code.FILE_KEY, key=key, name=lesson.key)
            elif ("key",) not in marks.lines:
                marks.report(1, Code.FIELD_MISSING, field="key")
            for block in raw["blocks"]:
                originals.setdefault((block["kind"], block["key"]), block)
        translations = {}
        for language, path in lesson.translations.items():
            text = self._lesson_file(path, _LESSON_TEXT, originals)
            if text is not None:
                translations[language] = text
        if raw is not None:
            raw["translations"] = translations
        return raw

    def _lesson_file(
        self,
        path: str,
        spec: Mapping[str, str],
        originals: Mapping[tuple[str, str], Mapping[str, Any]],
    ) -> dict[str, Any] | None:
        report = self._report(path)
        text = self._text(path, limits.MAX_LESSON_BYTES, report)
        if text is None:
            return None
        lines = [line if line.strip() else "" for line in text.split("\n")]
        front = _front_matter_end(lines)
        if front is None:
            report(1, Code.FRONT_MATTER)
            return None
        raw = self._fields("\n".join(text.split("\n")[1:front]), 2, spec, report)
        read = body.read(lines[front + 1 :], front + 2, report, originals)
        if raw is None:
            return None
        raw["blocks"] = [
            {**block.fields, MARK: _Marks(report, block.lines)} for block in read.blocks
        ]
        raw["alternative"] = read.alternative
        return raw

    # From the raw tree to the course

    def _upgraded(self, raw: dict[str, Any]) -> m.Course | None:
        marks: _Marks = raw[MARK]
        line = marks.line(("format_version",))
        try:
            tree = upgrade.upgrade(raw)
        except upgrade.NewerFormat as error:
            marks.report(line, Code.FORMAT_NEWER, version=error.version, known=error.known)
            return None
        except upgrade.UnknownFormat as error:
            marks.report(line, Code.FORMAT_UNKNOWN, version=error.version)
            return None
        return self._build_course(tree)

    def _build_course(self, raw: dict[str, Any]) -> m.Course | None:
        raw["units"] = self._build_all(raw["units"], (), "units", self._build_unit)
        raw["translations"] = self._build_texts(raw["translations"], (), m.CourseText)
        return self._build(m.Course, raw, ())

    def _build_unit(self, raw: dict[str, Any], loc: Loc) -> m.Unit | None:
        raw["lessons"] = self._build_all(raw["lessons"], loc, "lessons", self._build_lesson)
        raw["translations"] = self._build_texts(raw["translations"], loc, m.UnitText)
        return self._build(m.Unit, raw, loc)

    def _build_lesson(self, raw: dict[str, Any], loc: Loc) -> m.Lesson | None:
        raw["blocks"] = self._build_all(raw["blocks"], loc, "blocks", self._build_block)
        translations = {}
        for language, text in raw["translations"].items():
            at = (*loc, "translations", language)
            text["blocks"] = self._build_all(text["blocks"], at, "blocks", self._build_block)
            built = self._build(m.LessonText, text, at)
            if built is not None:
                translations[language] = built
        raw["translations"] = translations
        return self._build(m.Lesson, raw, loc)

    def _build_block(self, raw: dict[str, Any], loc: Loc) -> BaseModel | None:
        model = _BLOCKS.get(raw["kind"])
        return self._build(model, raw, loc) if model else None

    def _build_texts(
        self, raws: Mapping[str, dict[str, Any]], loc: Loc, model: type[m.Part]
    ) -> dict[str, m.Part]:
        texts = {}
        for language, raw in raws.items():
            built = self._build(model, raw, (*loc, "translations", language))
            if built is not None:
                texts[language] = built
        return texts

    def _build_all(
        self,
        raws: list[dict[str, Any]],
        loc: Loc,
        name: str,
        build: Callable[[dict[str, Any], Loc], Any],
    ) -> list[Any]:
        parts: list[Any] = []
        for raw in raws:
            part = build(raw, (*loc, name, len(parts)))
            if part is not None:
                parts.append(part)
        return parts

    def _build(self, model: type[_Built], raw: dict[str, Any], loc: Loc) -> _Built | None:
        marks: _Marks = raw.pop(MARK)
        try:
            part = model.model_validate(raw)
        except ValidationError as error:
            for one in error.errors(include_url=False):
                _report_validation(one, marks)
            self._forget(loc)
            return None
        for way, line in marks.lines.items():
            self._known[(*loc, *way)] = Place(marks.report.path, line)
        return part

    def _forget(self, loc: Loc) -> None:
        """A part was dropped: the next one takes its number."""
        size = len(loc)
        for known in [known for known in self._known if known[:size] == loc]:
            del self._known[known]


def _is_unsafe(path: str, parts: list[str]) -> bool:
    return (
        "\\" in path
        or ":" in path
        or not path.isprintable()
        or any(part in {"", ".", ".."} for part in parts)
    )


def _front_matter_end(lines: list[str]) -> int | None:
    """The line that closes the front matter."""
    if lines[0].rstrip() != "---":
        return None
    return next((at for at, line in enumerate(lines) if at and line.rstrip() == "---"), None)


def _typed(name: str, text: str) -> object:
    """The value of a field that is written in a form of its own; None when it is not."""
    if name == "reviewed":
        try:
            return date.fromisoformat(text) if _DATE.match(text) else None
        except ValueError:
            return None
    if name == "review_every":
        months = _MONTHS.match(text)
        return int(months.group(1)) if months else None
    if name == "required":
        return _FLAGS.get(text)
    return text


_TYPES: Mapping[str, tuple[Code, str]] = {
    "missing": (Code.FIELD_MISSING, ""),
    "extra_forbidden": (Code.FIELD_UNKNOWN, ""),
    "string_too_long": (Code.TOO_LONG, "max_length"),
    "too_long": (Code.TOO_MANY, "max_length"),
    "string_too_short": (Code.EMPTY, ""),
    "too_short": (Code.EMPTY, ""),
}
_KEY_FIELDS = {"key", "to", "start", "prerequisites"}


def _report_validation(error: ErrorDetails, marks: _Marks) -> None:
    loc = error["loc"]
    names = [name for name in loc if isinstance(name, str)]
    name = names[-1] if names else "?"
    known = error["type"] in set(Code)
    code, limit = _TYPES.get(error["type"], (Code.VALUE, ""))
    if known:
        code = Code(error["type"])
    elif error["type"] == "string_pattern_mismatch" and name in _KEY_FIELDS:
        code = Code.KEY_FORM
    context = error.get("ctx", {})
    given = {"field": name, "value": _shown(error["input"]), "limit": context.get(limit, 0)}
    facts = {fact: context.get(fact, given.get(fact, "")) for fact in SPEC[code][1]}
    marks.report(marks.line(loc), code, **facts)


def _shown(value: object) -> str:
    return value if isinstance(value, str) else str(value)[:200]


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda one: (one.path, one.line or 0))


# Writing


def encode(course: m.Course, media: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of the course's folder, by path. Equal courses give equal bytes.

    Args:
        course: any course.
        media: bytes by path (`media/…`). Only what the course lists is taken; what is not given is
            left out.
    """
    files = {"course.yaml": yamltext.write(_chosen(course, _COURSE, {"format_version", "key"}))}
    for language, text in course.translations.items():
        files[f"course.{language}.yaml"] = yamltext.write(_chosen(text, _COURSE_TEXT))
    for number, unit in enumerate(course.units, 1):
        folder = unit_folder(number, unit.key)
        files[f"{folder}/unit.yaml"] = yamltext.write(_chosen(unit, _UNIT))
        for language, unit_text in unit.translations.items():
            files[f"{folder}/unit.{language}.yaml"] = yamltext.write(_chosen(unit_text, _UNIT))
        for place, lesson in enumerate(unit.lessons, 1):
            path = lesson_path(folder, place, lesson.key)
            files[path] = _lesson_file(_chosen(lesson, _LESSON_FIELDS), lesson, {})
            originals: dict[tuple[str, str], m.AnyBlock] = {}
            for block in lesson.blocks:
                originals.setdefault((block.kind, block.key), block)
            for language, lesson_text in lesson.translations.items():
                path = lesson_path(folder, place, lesson.key, language)
                fields = _chosen(lesson_text, _LESSON_TEXT)
                files[path] = _lesson_file(fields, lesson_text, originals)
    encoded = {path: text.encode() for path, text in files.items()}
    for file in course.media:
        if file.path in media:
            encoded[file.path] = media[file.path]
    return encoded


def _lesson_file(
    fields: Mapping[str, Any],
    lesson: m.Lesson | m.LessonText,
    originals: Mapping[tuple[str, str], m.AnyBlock],
) -> str:
    text = body.write(lesson.blocks, lesson.alternative, originals)
    return f"---\n{yamltext.write(fields)}---\n" + (f"\n{text}" if text else "")


def _chosen(
    part: m.Part, spec: Mapping[str, str], always: frozenset[str] | set[str] = frozenset()
) -> dict[str, Any]:
    """The fields that are not as they would be without being written."""
    chosen: dict[str, Any] = {}
    for name in spec:
        value = getattr(part, name)
        field_info = type(part).model_fields[name]
        if name not in always and not field_info.is_required() and value == field_info.default:
            continue
        if name == "review_every":
            chosen[name] = f"{value} months" if value != 1 else "1 month"
        elif isinstance(value, tuple):
            chosen[name] = list(value)
        elif isinstance(value, str):
            chosen[name] = str(value.value if hasattr(value, "value") else value)
        else:
            chosen[name] = value
    return chosen


# JSON


def _plain(value: object) -> object:
    """For JSON, without what the model fills in by itself: a new field then changes no digest."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return {
            name: _plain(part)
            for name, part in value
            if name in {"kind", "format_version"}
            or fields[name].is_required()
            or part != fields[name].get_default(call_default_factory=True)
        }
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return value


def _canonical(value: object) -> str:
    return json.dumps(
        _plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def to_json(course: m.Course) -> str:
    """Canonical JSON: names sorted, no spaces, defaults left out. Equal courses give equal text."""
    return _canonical(course)


def from_json(text: str) -> m.Course:
    """The course of `to_json`, or of an older version of it.

    Raises:
        ValueError: it is not JSON (json.JSONDecodeError), not a course (pydantic.ValidationError),
            or of another version (upgrade.NewerFormat, upgrade.UnknownFormat).
    """
    raw = json.loads(text)
    if not isinstance(raw, dict):
        raise upgrade.UnknownFormat(None)
    return m.Course.model_validate(upgrade.upgrade(raw))


def digest(course: m.Course) -> str:
    """SHA-256 of the canonical JSON, in hex. Media count by their own hashes in `Course.media`."""
    return sha256(to_json(course).encode()).hexdigest()


def fingerprint(lesson: m.Lesson) -> str:
    """What a translation was made from, as 16 hex digits.

    The original's words, pictures and answers count, its dates and sources do not.
    """
    words = {
        "title": lesson.title,
        "practice_in_life": lesson.practice_in_life,
        "alternative": lesson.alternative,
        "blocks": lesson.blocks,
    }
    return sha256(_canonical(words).encode()).hexdigest()[:16]
