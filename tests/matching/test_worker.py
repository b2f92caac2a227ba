"""Solving apart: an answer, or an exception with nothing half-done."""

from __future__ import annotations

import os
from threading import Event
from typing import NoReturn

import pytest

from academy.matching.assign import solve
from academy.matching.model import Assignment, EngineFailed, NotProven, Problem
from academy.matching.worker import solve_apart
from tests.matching.instances import a_draft, seeds


@pytest.fixture(name="problem")
def a_problem() -> Problem:
    return a_draft(next(seeds("worker", 1))).problem()


def hang(problem: Problem) -> NoReturn:
    del problem
    Event().wait()
    raise AssertionError


def crash(problem: Problem) -> NoReturn:
    del problem
    os._exit(7)


def doubt(problem: Problem) -> NoReturn:
    del problem
    raise NotProven("fit:0")


def stumble(problem: Problem) -> NoReturn:
    del problem
    raise ZeroDivisionError


def devour(problem: Problem) -> Assignment:
    hoard = bytearray(1 << 40)
    del hoard
    return solve(problem)


def test_the_answer_from_another_process_is_the_same(problem: Problem) -> None:
    assert solve_apart(problem) == solve(problem)


def test_a_solver_that_never_ends_is_ended(problem: Problem) -> None:
    with pytest.raises(EngineFailed) as failure:
        solve_apart(problem, seconds=0.01, work=hang)
    assert failure.value.status == "timeout"


def test_a_crash_stays_in_the_other_process(problem: Problem) -> None:
    with pytest.raises(EngineFailed) as failure:
        solve_apart(problem, work=crash)
    assert failure.value.status == "crashed:7"


def test_a_doubted_answer_is_passed_on_as_doubt(problem: Problem) -> None:
    with pytest.raises(NotProven) as doubted:
        solve_apart(problem, work=doubt)
    assert doubted.value.stage == "fit:0"


def test_anything_unforeseen_is_named(problem: Problem) -> None:
    with pytest.raises(EngineFailed) as failure:
        solve_apart(problem, work=stumble)
    assert failure.value.status == "error:ZeroDivisionError"


def test_memory_beyond_the_limit_is_refused(problem: Problem) -> None:
    with pytest.raises(EngineFailed) as failure:
        solve_apart(problem, megabytes=2048, work=devour)
    assert failure.value.status == "error:MemoryError"
