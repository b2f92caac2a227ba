"""Time and memory of a round, beside other solvers on the same instance.

    python -m academy.matching.bench            # 500×200 and 2,000×600
    python -m academy.matching.bench --full     # 20,000×5,000, a million pairs and all of them
    python -m academy.matching.bench --full --no-dense      # without the one that needs 5 GB

Every line runs in a process of its own, so its peak memory is its own (interpreter, instance
and solver together). "Count, then fit" is one tier, no floor, no load price: the one aim all
solvers share, so their pairs and fit must agree. Prints; asserts nothing.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

import numpy as np

from academy.matching import assign
from academy.matching.candidates import Pruning, first_candidates
from academy.matching.certificate import positions
from academy.matching.greedy import greedy
from academy.matching.model import TOP_FIT, Aims, Gender, Mark, Mode, Need, Offer, Problem
from academy.matching.problem import prepare
from academy.matching.stages import Ints
from academy.matching.weights import NEIGHBOURS, Terms

TODAY = date(2025, 9, 1)
TERMS = Terms(on=TODAY)
SALT = b"bench"
SIZES = ((500, 200), (2000, 600))
FULL_SIZE = (20_000, 5000)
PRUNED = Pruning(above=0)
ONE_AIM = Aims(floor=0, load_price=0)

_TOPICS = tuple(f"topic-{k}" for k in range(12))
_INTERESTS = tuple(f"interest-{k}" for k in range(20))
_KINDS = ("worker", "student", "retired", "settled")
_AGES = ("20", "30", "40", "50", "60")
# Half of everybody lives around the capital.
_REGIONS = ("11", "28", "41") * 6 + tuple(NEIGHBOURS)


# Shares of the made-up population.
_WOMEN_AMONG_LEARNERS = 0.72
_WOMEN_AMONG_MENTORS = 0.5
_SAME_GENDER = 0.3
_TRAVELS = 0.3


@dataclass(frozen=True)
class Outcome:
    """What a solver found: pairs, their fit, and a remark."""

    pairs: int
    fit: int
    remark: str = ""


def people(learners: int, mentors: int, seed: int = 1) -> tuple[list[Need], list[Offer]]:
    """A made-up round: women mentors are scarce outside the capital, a few answers missing."""
    source = Random(seed)  # noqa: S311 -- an instance, not a secret
    needs = [_need(source, f"l{k:05}", mentors) for k in range(learners)]
    offers = [_offer(source, f"m{k:05}", learners) for k in range(mentors)]
    return needs, offers


def _need(source: Random, name: str, mentors: int) -> Need:
    cards = source.sample(range(mentors), k=min(4, mentors))
    return Need(
        id=name,
        tier=source.choice((1, 2, 2, 3, 3, 3)),
        gender=Gender.FEMALE if source.random() < _WOMEN_AMONG_LEARNERS else Gender.MALE,
        same_gender=source.random() < _SAME_GENDER,
        topics=tuple(source.sample(_TOPICS, k=source.randint(1, 3))),
        region=source.choice(_REGIONS),
        modes=frozenset(source.choice(((Mode.ONLINE,), (Mode.IN_PERSON,), tuple(Mode)))),
        slots=_slots(source),
        languages=source.choice((("ko",), ("ko",), ("ko", "zh"), ("zh", "ko"), ())),
        kinds_wanted=frozenset(source.sample(_KINDS, k=source.randint(0, 2))),
        interests=frozenset(source.sample(_INTERESTS, k=source.randint(0, 5))),
        excluded=frozenset(f"m{source.randrange(mentors):05}" for _ in range(2)),
        marks={f"m{k:05}": source.choice((Mark.YES, Mark.YES, Mark.RATHER_NOT)) for k in cards},
    )


def _offer(source: Random, name: str, learners: int) -> Offer:
    valid = date(2026, 1, 1)
    return Offer(
        id=name,
        verified_until=valid,
        screened_until=valid,
        trained_until=valid,
        conflicts=frozenset(),
        capacity=source.randint(1, 3),
        gender=Gender.FEMALE if source.random() < _WOMEN_AMONG_MENTORS else Gender.MALE,
        topics=frozenset(source.sample(_TOPICS, k=source.randint(2, 5))),
        region=source.choice(_REGIONS),
        travels=source.random() < _TRAVELS,
        modes=frozenset(source.choice(((Mode.ONLINE,), (Mode.IN_PERSON,), tuple(Mode)))),
        slots=_slots(source),
        languages=frozenset(source.choice((("ko",), ("ko",), ("ko", "zh"), ("ko", "en")))),
        kind=source.choice(_KINDS),
        interests=frozenset(source.sample(_INTERESTS, k=source.randint(0, 5))),
        age_band=source.choice(_AGES),
        excluded=frozenset({f"l{source.randrange(learners):05}"}),
    )


def _slots(source: Random) -> frozenset[int]:
    return frozenset(source.sample(range(21), k=source.randint(5, 12)))


def million(problem: Problem) -> Problem:
    """The same people with only the best 50 pairs of everybody."""
    keep = first_candidates(problem, PRUNED)
    return replace(problem, rows=problem.rows[keep], cols=problem.cols[keep], fit=problem.fit[keep])


def one_aim(problem: Problem) -> Problem:
    """The same pairs with "count, then fit" as the aim."""
    return replace(problem, tiers=np.ones_like(problem.tiers), aims=ONE_AIM)


def run_engine(problem: Problem) -> Outcome:
    """All stages, draws, proof and check included."""
    found = assign.solve(problem, engine=assign.ORTOOLS)
    remark = f"proved; {found.candidates:,} candidates, {found.price_rounds} price rounds"
    return Outcome(len(found.pairs), sum(pair.fit for pair in found.pairs), remark)


def run_fallback(problem: Problem) -> Outcome:
    """The same through SciPy."""
    found = assign.solve(problem, engine=assign.SCIPY)
    return Outcome(len(found.pairs), sum(pair.fit for pair in found.pairs), "proved")


def run_greedy(problem: Problem) -> Outcome:
    """Best pair first."""
    found = greedy(problem)
    return Outcome(len(found), sum(pair.fit for pair in found))


def run_sparse(problem: Problem) -> Outcome:
    """SciPy's sparse assignment: one column a place, one for each learner's staying alone."""
    from scipy.sparse import csr_array  # noqa: PLC0415 -- an optional dependency
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching  # noqa: PLC0415

    n, first = len(problem.learners), np.cumsum(problem.places) - problem.places
    copies = problem.places[problem.cols]
    pair = np.repeat(np.arange(len(problem.rows)), copies)
    place = first[problem.cols[pair]] + np.arange(len(pair))
    place -= np.repeat(np.cumsum(copies) - copies, copies)
    places = int(problem.places.sum())
    alone = np.arange(n)
    rows = np.concatenate((problem.rows[pair], alone))
    cols = np.concatenate((place, places + alone))
    bonus = TOP_FIT * n + 1
    costs = np.concatenate((TOP_FIT + 1.0 - problem.fit[pair], np.full(n, TOP_FIT + 1.0 + bonus)))
    graph = csr_array((costs, (rows, cols)), shape=(n, places + n))
    left, right = min_weight_full_bipartite_matching(graph)
    matched = right < places
    owner = np.repeat(np.arange(len(problem.mentors)), problem.places)
    return _outcome(problem, left[matched], owner[right[matched]])


def run_dense(problem: Problem) -> Outcome:
    """SciPy's dense assignment: learners × places, absent pairs worth nothing."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 -- an optional dependency

    owner = np.repeat(np.arange(len(problem.mentors)), problem.places)
    worth = np.zeros((len(problem.learners), len(problem.mentors)), dtype=np.float64)
    worth[problem.rows, problem.cols] = problem.fit + float(TOP_FIT * len(problem.learners) + 1)
    table = worth[:, owner]
    del worth
    rows, places = linear_sum_assignment(table, maximize=True)
    real = table[rows, places] > 0
    return _outcome(problem, rows[real], owner[places[real]])


def _outcome(problem: Problem, rows: Ints, cols: Ints) -> Outcome:
    where = positions(problem, rows.astype(np.int64), cols.astype(np.int64))
    return Outcome(len(rows), int(problem.fit[where].astype(np.int64).sum()))


def apart(what: str, work: Callable[[Problem], Outcome], problem: Problem) -> None:
    """Run one line in a fresh process and print it."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(sender, work, problem))
    process.start()
    sender.close()
    try:
        seconds, megabytes, outcome = receiver.recv()
    except EOFError:
        _print(what, "failed (out of memory?)")
    else:
        text = f"{seconds:9.2f} s {megabytes:8,.0f} MB {outcome.pairs:8,} pairs"
        _print(what, f"{text} {outcome.fit:12,} fit  {outcome.remark}")
    process.join()


def _child(sender: Connection, work: Callable[[Problem], Outcome], problem: Problem) -> None:
    start = time.perf_counter()
    outcome = work(problem)
    seconds = time.perf_counter() - start
    sender.send((seconds, _peak(), outcome))


def _peak() -> float:
    """Peak resident memory of this process in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        # Unlike ru_maxrss, VmHWM does not start from the parent's peak.
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _print(what: str, text: str) -> None:
    sys.stdout.write(f"  {what:28}{text}\n")
    sys.stdout.flush()


def compare(learners: int, mentors: int, *, dense: bool, fallback: bool) -> None:
    """Print the table of one size."""
    needs, offers = people(learners, mentors)
    start = time.perf_counter()
    everything = prepare(needs, offers, TERMS, salt=SALT)
    seconds = time.perf_counter() - start
    sys.stdout.write(
        f"{learners:,} × {mentors:,}: {len(everything.rows):,} feasible pairs, "
        f"{int(everything.places.sum()):,} places\n"
    )
    _print("rules and scores", f"{seconds:9.2f} s {_peak():8,.0f} MB")
    apart("all stages, all pairs", run_engine, everything)
    apart("greedy, all pairs", run_greedy, everything)
    few = million(everything)
    sys.stdout.write(f" the best 50 of each side: {len(few.rows):,} pairs\n")
    apart("all stages", run_engine, few)
    if fallback:
        apart("all stages, SciPy fallback", run_fallback, few)
    same = one_aim(few)
    sys.stdout.write(" the same pairs, count, then fit\n")
    apart("this engine", run_engine, same)
    apart("SciPy sparse", run_sparse, same)
    if dense:
        apart("SciPy dense", run_dense, same)
    apart("greedy", run_greedy, same)


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description="time and memory of the matching engine")
    parser.add_argument("--full", action="store_true", help="20,000 × 5,000 as well")
    parser.add_argument("--no-dense", action="store_true", help="leave out SciPy's dense solver")
    options = parser.parse_args(arguments)
    for size in SIZES:
        compare(*size, dense=True, fallback=True)
    if options.full:
        compare(*FULL_SIZE, dense=not options.no_dense, fallback=False)


if __name__ == "__main__":
    main()
