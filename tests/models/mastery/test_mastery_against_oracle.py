"""The published readings against the slow oracle, on random lakes with the nasty cases."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from answer_lakes import Size, lake_of, random_rows
from lake_builders import rows_in
from mastery_comparison import mastery_differences
from mastery_oracle import Oracle

from mavprep_analytics.engine import DuckDBEngine, run_parameters
from mavprep_analytics.lake import Lake
from mavprep_analytics.mastery import build_mastery

AS_OF = date(1970, 1, 1) + timedelta(days=20_200)
PARAMETERS = run_parameters(AS_OF, "UTC")
READING_DAY = int(PARAMETERS["reading_day"])


def oracle_of(lake: Lake) -> Oracle:
    names = [n for n in lake.head().tables if n.startswith(("core_", "catalogue_"))]
    return Oracle({name: rows_in(lake, name) for name in names})


def differences(lake: Lake) -> list[str]:
    published = ("topic_mastery", "subject_mastery", "difficulty_mastery")
    return mastery_differences(
        {n: rows_in(lake, n) for n in published}, oracle_of(lake), READING_DAY
    )


SEEDS = [1, 2, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 23))]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_published_reading_agrees_with_the_slow_oracle(tmp_path: Path, seed: int) -> None:
    rows = random_rows(seed, Size(students=6 + seed, attempts=60 + 20 * seed))
    lake = lake_of(tmp_path, rows)
    build_mastery(lake, DuckDBEngine(), PARAMETERS)
    assert differences(lake) == []


def test_the_rate_of_every_node_is_the_mean_of_its_active_questions(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, random_rows(1))
    build_mastery(lake, DuckDBEngine(), PARAMETERS)
    nodes = {row["node"]: (row["kind"], row["node_id"]) for row in rows_in(lake, "mastery_tree")}
    found = {nodes[row["node"]]: row for row in rows_in(lake, "node_rates")}
    for column, day in (("rate", READING_DAY), ("previous_rate", READING_DAY - 7)):
        wanted = oracle_of(lake).node_rates(day)
        assert {node: row[column] for node, row in found.items()} == pytest.approx(wanted)
