"""All that other rooms may call."""

from academy.catalog.media import MediaStore
from academy.catalog.outline import Outline, OutlineLesson, OutlineUnit
from academy.catalog.queries import (
    CourseCard,
    CourseState,
    CourseView,
    PublishedLesson,
    audiences,
    course,
    courses,
    courses_by_key,
    lesson,
    states,
)
from academy.catalog.search import Found, Hit, lexicon, search

__all__ = [
    "CourseCard", "CourseState", "CourseView", "Found", "Hit", "MediaStore", "Outline", "OutlineLesson", "OutlineUnit",
    "PublishedLesson", "audiences", "course", "courses", "courses_by_key", "lesson", "lexicon", "search", "states",
]  # fmt: skip
