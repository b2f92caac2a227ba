"""Both solvers on bare stages, with every kind of bound, against brute force."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest

from academy.matching.assign import ORTOOLS, SCIPY, Engine
from academy.matching.certificate import load_cost
from academy.matching.model import EngineFailed, Kind, NotProven, Stage
from academy.matching.stages import Bools, Ints
from academy.matching.subproblem import Subproblem, place_bounds, prove
from tests.matching.instances import Seed, many, seeds

both = pytest.mark.parametrize("engine", [ORTOOLS, SCIPY], ids=["ortools", "scipy"])


def a_stage(source: Seed) -> Subproblem:
    learners, mentors = source.randint(1, 4), source.randint(1, 3)
    pairs = [(i, j) for i in range(learners) for j in range(mentors) if source.random() < 0.8]
    low = [source.choice([0, 0, 0, 1, 2]) for _ in range(mentors)]
    return Subproblem(
        learners=learners,
        mentors=mentors,
        rows=np.array([i for i, _ in pairs], dtype=np.int32),
        cols=np.array([j for _, j in pairs], dtype=np.int32),
        weights=np.array([source.randint(0, 9) for _ in pairs], dtype=np.int64),
        must=np.array([source.random() < 0.3 for _ in range(learners)], dtype=bool),
        low=np.array(low, dtype=np.int64),
        high=np.array([bound + source.randint(0, 2) for bound in low], dtype=np.int64),
        held=np.array([source.randint(0, 2) for _ in range(mentors)], dtype=np.int64),
        step=source.choice([0, 1, 4]),
    )


def choices(sub: Subproblem) -> Iterator[Bools]:
    for bits in product([False, True], repeat=len(sub.rows)):
        chosen = np.array(bits, dtype=bool)
        load = np.bincount(sub.cols[chosen], minlength=sub.mentors)
        taken = np.bincount(sub.rows[chosen], minlength=sub.learners)
        people = (taken <= 1).all() and (taken[sub.must] == 1).all()
        if people and (sub.low <= load).all() and (load <= sub.high).all():
            yield chosen


def worth(sub: Subproblem, chosen: Bools) -> int:
    first = load_cost(sub.held, sub.cols[chosen], sub.step)
    return int(sub.weights[chosen].sum()) - first


@many
@both
def test_a_stage_is_solved_to_its_optimum_or_refused(engine: Engine, count: int) -> None:
    solved = 0
    for source in seeds("stage", count):
        sub = a_stage(source)
        best = max((worth(sub, chosen) for chosen in choices(sub)), default=None)
        if best is None:
            with pytest.raises(EngineFailed):
                engine.solve(sub)
            continue
        chosen = engine.solve(sub)
        assert worth(sub, chosen) == best, source
        prove(sub, chosen, Stage(Kind.FIT))
        solved += 1
    assert solved > count // 4


@many
def test_only_optima_can_be_proved_under_any_bounds(count: int) -> None:
    for source in seeds("bounds", count):
        sub = a_stage(source)
        every = list(choices(sub))
        best = max((worth(sub, chosen) for chosen in every), default=0)
        for chosen in source.sample(every, k=min(8, len(every))):
            if worth(sub, chosen) == best:
                prove(sub, chosen, Stage(Kind.FIT))
            else:
                with pytest.raises(NotProven):
                    prove(sub, chosen, Stage(Kind.FIT))


@many
def test_bounds_of_places_follow_from_their_prices_one_by_one(count: int) -> None:
    for source in seeds("places", count):
        low, held = source.randint(0, 2), source.randint(0, 2)
        high, step = low + source.randint(0, 3), source.choice([0, 1, 7])
        price = source.randint(-9, 30)
        costs = {k: step * (held + k) for k in range(low, high)}
        must = low + sum(cost < price for cost in costs.values())
        may = low + sum(cost <= price for cost in costs.values())
        bounds = place_bounds(*_arrays(price, low, high, held), step=step)
        assert tuple(int(bound[0]) for bound in bounds) == (must, may), source


def _arrays(price: int, low: int, high: int, held: int) -> tuple[Ints, Ints, Ints, Ints]:
    return np.array([price]), np.array([low]), np.array([high]), np.array([held])
