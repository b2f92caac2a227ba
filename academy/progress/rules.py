"""Pure decisions about progress."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

# A better verdict is never replaced by a worse one: trying again costs nothing.
_ORDER = ("wrong", "partly", "close", "noted", "right")

_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Graded:
    """What `document.grade` said about one answer, as plain values. `answer` is JSON-able."""

    verdict: str
    points: int
    answer: Any
    parts: Mapping[str, bool]
    misconceptions: tuple[str, ...] = ()


@dataclass(frozen=True)
class LessonGoal:
    """What a lesson asks for: its blocks, its counted questions with their points, and the least score in percent."""

    blocks: Collection[str]
    counted: Mapping[str, int]
    min_score: int | None


def with_answer(answers: Mapping[str, Any], block: str, graded: Graded, at: str) -> dict[str, Any]:
    """The answers of a lesson after one more; the best verdict and points stay, the last answer is kept."""
    before = answers.get(block)
    verdict, points, tries = graded.verdict, graded.points, 1
    if before:
        tries = before["tries"] + 1
        points = max(points, before["points"])
        verdict = max(verdict, before["verdict"], key=_ORDER.index)
    return {
        **answers,
        block: {
            "verdict": verdict,
            "last": graded.verdict,
            "points": points,
            "tries": tries,
            "answer": graded.answer,
            "parts": dict(graded.parts),
            "at": at,
        },
    }


def with_seen(seen: Collection[str], more: Collection[str]) -> list[str]:
    """The seen blocks in the order in which they were seen, each once."""
    return list(dict.fromkeys([*seen, *more]))


@dataclass(frozen=True)
class Missing:
    """What a lesson still waits for: questions without an answer, blocks not seen, and whether the score is too low."""

    questions: tuple[str, ...]
    blocks: tuple[str, ...]
    score: int | None


def missing(goal: LessonGoal, seen: Collection[str], answers: Mapping[str, Any]) -> Missing:
    """What is left to do; `score` is the percentage reached when it is below the least one."""
    questions = tuple(key for key in goal.counted if key not in answers)
    unseen = tuple(key for key in goal.blocks if key not in seen and key not in answers)
    score = None
    total = sum(goal.counted.values())
    if goal.min_score and total:
        reached = sum(
            min(answers[key]["points"], most)
            for key, most in goal.counted.items()
            if key in answers
        )
        percent = reached * 100 // total
        score = percent if percent < goal.min_score else None
    return Missing(questions, unseen, score)


def is_complete(goal: LessonGoal, seen: Collection[str], answers: Mapping[str, Any]) -> bool:
    left = missing(goal, seen, answers)
    return not left.questions and not left.blocks and left.score is None


def new_certificate_code() -> str:
    """Twelve characters in three groups: 59 bits, readable from paper."""
    groups = ("".join(secrets.choice(_CODE_ALPHABET) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


def clean_certificate_code(typed: str) -> str:
    letters = "".join(char for char in typed.upper() if char.isalnum())
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))
