"""Solving in a process of its own, with a time and a memory limit.

The solver holds the interpreter lock while it works and a defect in it could end the process,
so neither a web request nor a job runner calls `assign.solve` itself. Whatever goes wrong, the
caller gets an exception and no half of an answer.
"""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Callable
from multiprocessing.connection import Connection

from academy.matching.assign import solve
from academy.matching.model import Assignment, EngineFailed, MatchingError, Problem

MEGABYTE = 1 << 20


def solve_apart(
    problem: Problem,
    *,
    seconds: float = 300,
    megabytes: int = 4096,
    work: Callable[[Problem], Assignment] = solve,
) -> Assignment:
    """`work(problem)` in a fresh process.

    Args:
        problem: what to solve.
        seconds: wall time until the process is ended.
        megabytes: address space the process may use.
        work: importable by name from a fresh process; only tests need another.

    Raises:
        EngineFailed: "timeout"; "crashed:<exit code>"; "error:<type>" for anything unforeseen.
        MatchingError: whatever `work` raised of this family.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(sender, problem, work, megabytes), daemon=True)
    process.start()
    sender.close()
    try:
        if not receiver.poll(seconds):
            raise EngineFailed("timeout")
        answer = receiver.recv()
    except EOFError:
        process.join()
        raise EngineFailed(f"crashed:{process.exitcode}") from None
    finally:
        process.kill()
        process.join()
        process.close()
        receiver.close()
    if isinstance(answer, MatchingError):
        raise answer
    if not isinstance(answer, Assignment):
        raise EngineFailed(f"error:{answer}")
    return answer


def _run(
    sender: Connection, problem: Problem, work: Callable[[Problem], Assignment], megabytes: int
) -> None:
    """In the child: send back the assignment, the domain error, or the name of any other."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * MEGABYTE, megabytes * MEGABYTE))
    answer: Assignment | MatchingError | str
    try:
        answer = work(problem)
    except MatchingError as error:
        answer = error
    except Exception as error:  # noqa: BLE001 -- the parent must hear of everything
        answer = type(error).__name__
    sender.send(answer)
    sender.close()
