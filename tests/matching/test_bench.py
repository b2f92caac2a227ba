"""The bench runs and its solvers agree."""

from __future__ import annotations

import pytest

from academy.matching import bench
from academy.matching.problem import prepare


def test_the_solvers_of_the_bench_agree_on_count_and_fit() -> None:
    needs, offers = bench.people(60, 25)
    problem = bench.one_aim(bench.million(prepare(needs, offers, bench.TERMS, salt=bench.SALT)))
    mine = bench.run_engine(problem)
    for other in (bench.run_fallback, bench.run_sparse, bench.run_dense):
        found = other(problem)
        assert (found.pairs, found.fit) == (mine.pairs, mine.fit)
    assert bench.run_greedy(problem).pairs <= mine.pairs


def test_a_line_tells_time_memory_pairs_and_fit(capsys: pytest.CaptureFixture[str]) -> None:
    needs, offers = bench.people(20, 10)
    problem = prepare(needs, offers, bench.TERMS, salt=bench.SALT)
    bench.apart("greedy", bench.run_greedy, problem)
    line = capsys.readouterr().out
    assert line.startswith("  greedy")
    assert all(word in line for word in (" s ", " MB ", " pairs ", " fit"))
