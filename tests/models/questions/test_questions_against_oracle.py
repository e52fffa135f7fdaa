"""Question, option and test statistics against the slow oracle, on random lakes with the nasty cases."""

from pathlib import Path
from typing import Any

import pytest
from answer_lakes import PARAMETERS, Size, lake_of, random_rows
from lake_builders import rows_in
from question_oracle import QuestionOracle

from mavprep_analytics.engine import DuckDBEngine
from mavprep_analytics.lake import Lake
from mavprep_analytics.questions import build_questions

SEEDS = [1, 2, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 23))]
TOLERANCES = {"average_time_seconds": 0.00501, "median_time_seconds": 0.00501}


def built(folder: Path, rows: dict[str, list[dict[str, Any]]]) -> tuple[Lake, QuestionOracle]:
    lake = lake_of(folder, rows)
    build_questions(lake, DuckDBEngine(), PARAMETERS)
    names = [n for n in lake.head().tables if n.startswith(("core_", "catalogue_"))]
    return lake, QuestionOracle({name: rows_in(lake, name) for name in names})


def same(found: Any, wanted: Any, column: str) -> bool:
    if found is None or wanted is None:
        return found is None and wanted is None
    return abs(float(found) - float(wanted)) <= TOLERANCES.get(column, 0.0000501)


def differences(found: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    return [
        f"{column}: {found[column]} instead of {value}"
        for column, value in wanted.items()
        if not same(found[column], value, column)
    ]


def compare(lake: Lake, oracle: QuestionOracle) -> None:
    found = {row["question_id"]: row for row in rows_in(lake, "question_statistics")}
    wanted = oracle.statistics()
    assert set(found) == set(wanted)
    for question, row in found.items():
        assert differences(row, wanted[question]) == []
        assert {k: row[k] for k in oracle.flags(row, question)} == oracle.flags(row, question)
    options = {(r["question_id"], r["option_label"]): r for r in rows_in(lake, "question_options")}
    wanted_options = oracle.option_statistics()
    assert set(options) == set(wanted_options)
    for key, row in options.items():
        assert differences(row, wanted_options[key]) == []
    tests = {row["test_id"]: row for row in rows_in(lake, "test_statistics")}
    wanted_tests = oracle.reliabilities()
    assert set(tests) == set(wanted_tests)
    for test, row in tests.items():
        assert differences(row, wanted_tests[test]) == []
        assert row["alpha"] == row["kr20"]
    counts = {r["question_id"]: r for r in rows_in(lake, "question_counts")}
    assert {
        q: (r["times_answered"], r["correct_count"]) for q, r in counts.items()
    } == oracle.counts()


@pytest.mark.parametrize("seed", SEEDS)
def test_every_statistic_agrees_with_the_slow_oracle(tmp_path: Path, seed: int) -> None:
    size = Size(students=20 + 5 * seed, questions=6, tests=2, attempts=60 + 40 * seed)
    compare(*built(tmp_path, random_rows(seed, size)))
