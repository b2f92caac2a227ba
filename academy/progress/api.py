"""All that other rooms may call."""

from academy.progress.models import Reflection
from academy.progress.queries import (
    CompletionView,
    LessonMark,
    LessonProgress,
    completion,
    completion_by_code,
    completions,
    everything_about,
    lesson_progress,
    marks,
    reflections,
)
from academy.progress.rules import Graded, LessonGoal, Missing, clean_certificate_code, missing
from academy.progress.service import (
    CourseGoal,
    Place,
    Recorded,
    erase,
    keep_reflection,
    record_answer,
    record_seen,
    set_bookmark,
    show_reflection,
)

__all__ = [
    "CompletionView", "CourseGoal", "Graded", "LessonGoal", "LessonMark", "LessonProgress", "Missing", "Place",
    "Recorded", "Reflection", "clean_certificate_code", "completion", "completion_by_code", "completions", "erase",
    "everything_about", "keep_reflection", "lesson_progress", "marks", "missing", "record_answer", "record_seen",
    "reflections", "set_bookmark", "show_reflection",
]  # fmt: skip
