"""Every problem of a course has words."""

import re

import pytest

from academy.catalog.problem_words import LEVELS, WORDS, say
from academy.document.problems import SPEC, Code, Level, problem


@pytest.mark.parametrize("code", Code)
def test_every_problem_is_said_in_korean_with_its_facts(code: Code) -> None:
    facts = {name: f"<{name}>" for name in SPEC[code][1]}
    words = str(say(problem("course.yaml", 1, code, **facts)))
    assert re.search(r"(?:요|다)[.:?]", words)
    assert all(fact in words for fact in facts.values())
    assert "%(" not in words
    assert not re.search(r"\[[가-힣]+/[가-힣]+\]", words)


def test_no_words_are_left_over() -> None:
    assert set(WORDS) == set(Code) == set(SPEC)
    assert set(LEVELS) == set(Level)


def test_particles_follow_the_fact() -> None:
    one = problem("course.yaml", 1, Code.FIELD_UNKNOWN, field="제목")
    other = problem("course.yaml", 1, Code.FIELD_UNKNOWN, field="차시")
    assert str(say(one)) == "‘제목’은 알 수 없는 항목이에요."
    assert str(say(other)) == "‘차시’는 알 수 없는 항목이에요."


def test_a_problem_without_its_facts_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="needs"):
        problem("course.yaml", 1, Code.FIELD_UNKNOWN)
