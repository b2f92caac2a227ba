"""What a course page and a list show of a course, derived once when it is published. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from academy.document.model import Course, Lesson, is_question

SOURCE_LANGUAGE = "ko"


@dataclass(frozen=True)
class OutlineLesson:
    """One lesson as an outline shows it. `body_languages`: those in which the whole lesson can be read."""

    key: str
    title: str
    minutes: int
    required: bool
    notice: str | None
    min_score: int | None
    body_languages: tuple[str, ...]
    unit: str


@dataclass(frozen=True)
class OutlineUnit:
    key: str
    title: str
    summary: str
    lessons: tuple[OutlineLesson, ...]


@dataclass(frozen=True)
class Outline:
    """A course in one language, without its lessons' bodies."""

    title: str
    summary: str
    outcomes: tuple[str, ...]
    units: tuple[OutlineUnit, ...]
    prerequisites: tuple[str, ...]
    owner: str
    licence: str

    def lessons(self) -> tuple[OutlineLesson, ...]:
        return tuple(lesson for unit in self.units for lesson in unit.lessons)

    def required(self) -> tuple[str, ...]:
        return tuple(lesson.key for lesson in self.lessons() if lesson.required)


def _by_language(part: Any, name: str) -> dict[str, Any]:
    values = {SOURCE_LANGUAGE: getattr(part, name)}
    for language, text in part.translations.items():
        value = getattr(text, name)
        if value:
            values[language] = value
    return {
        language: list(value) if isinstance(value, tuple) else value
        for language, value in values.items()
    }


def make_outline(course: Course) -> dict[str, Any]:
    """The outline in all languages, as JSON-able values."""
    return {
        "titles": _by_language(course, "title"),
        "summaries": _by_language(course, "summary"),
        "outcomes": _by_language(course, "outcomes"),
        "prerequisites": list(course.prerequisites),
        "owner": course.owner,
        "licence": course.licence,
        "units": [
            {
                "key": unit.key,
                "titles": _by_language(unit, "title"),
                "summaries": _by_language(unit, "summary"),
                "lessons": [_outline_lesson(lesson) for lesson in unit.lessons],
            }
            for unit in course.units
        ],
    }


def _outline_lesson(lesson: Lesson) -> dict[str, Any]:
    whole = [language for language, text in lesson.translations.items() if text.blocks]
    return {
        "key": lesson.key,
        "titles": _by_language(lesson, "title"),
        "minutes": lesson.minutes,
        "required": lesson.required,
        "notice": lesson.notice.value if lesson.notice else None,
        "min_score": lesson.min_score,
        "body_languages": [SOURCE_LANGUAGE, *whole],
    }


def make_card(course: Course) -> dict[str, Any]:
    """What a list of courses shows, as JSON-able values."""
    lessons = course.lessons()
    return {
        "titles": _by_language(course, "title"),
        "summaries": _by_language(course, "summary"),
        "lessons": [lesson.key for lesson in lessons],
        "lesson_titles": {lesson.key: _by_language(lesson, "title") for lesson in lessons},
        "required": [lesson.key for lesson in lessons if lesson.required],
        "minutes": sum(lesson.minutes for lesson in lessons),
        "questions": sum(is_question(block) for lesson in lessons for block in lesson.blocks),
        "languages": [
            SOURCE_LANGUAGE,
            *(
                language
                for language in course.translations
                if all(
                    language in lesson.translations and lesson.translations[language].blocks
                    for lesson in lessons
                )
            ),
        ],
    }


def in_language(values: Mapping[str, Any], language: str) -> Any:
    return values[language] if language in values else values[SOURCE_LANGUAGE]


def read_outline(stored: Mapping[str, Any], language: str) -> Outline:
    """The stored outline in `language`, with Korean where there is no translation."""
    return Outline(
        title=in_language(stored["titles"], language),
        summary=in_language(stored["summaries"], language),
        outcomes=tuple(in_language(stored["outcomes"], language)),
        prerequisites=tuple(stored["prerequisites"]),
        owner=stored["owner"],
        licence=stored["licence"],
        units=tuple(
            OutlineUnit(
                key=unit["key"],
                title=in_language(unit["titles"], language),
                summary=in_language(unit["summaries"], language),
                lessons=tuple(
                    OutlineLesson(
                        key=lesson["key"],
                        title=in_language(lesson["titles"], language),
                        minutes=lesson["minutes"],
                        required=lesson["required"],
                        notice=lesson["notice"],
                        min_score=lesson["min_score"],
                        body_languages=tuple(lesson["body_languages"]),
                        unit=in_language(unit["titles"], language),
                    )
                    for lesson in unit["lessons"]
                ),
            )
            for unit in stored["units"]
        ),
    )
