"""Question, option and test statistics against the slow oracle, on random lakes with the nasty cases."""

from pathlib import Path
from typing import Any

import pytest
from answer_lakes import PARAMETERS, Size, lake_of, random_rows
from lake_builders import rows_in
from question_comparison import question_differences
from question_oracle import QuestionOracle

from mavprep_analytics.engine import DuckDBEngine
from mavprep_analytics.lake import Lake
from mavprep_analytics.questions import build_questions

SEEDS = [1, 2, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 23))]


def built(folder: Path, rows: dict[str, list[dict[str, Any]]]) -> tuple[Lake, QuestionOracle]:
    lake = lake_of(folder, rows)
    build_questions(lake, DuckDBEngine(), PARAMETERS)
    names = [n for n in lake.head().tables if n.startswith(("core_", "catalogue_"))]
    return lake, QuestionOracle({name: rows_in(lake, name) for name in names})


@pytest.mark.parametrize("seed", SEEDS)
def test_every_statistic_agrees_with_the_slow_oracle(tmp_path: Path, seed: int) -> None:
    size = Size(students=20 + 5 * seed, questions=6, tests=2, attempts=60 + 40 * seed)
    lake, oracle = built(tmp_path, random_rows(seed, size))
    names = ("question_statistics", "question_options", "test_statistics", "question_counts")
    assert question_differences({n: rows_in(lake, n) for n in names}, oracle) == []
