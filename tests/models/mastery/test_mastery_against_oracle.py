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


def differences(lake: Lake) -> list[str]:
    names = [n for n in lake.head().tables if n.startswith(("core_", "catalogue_"))]
    oracle = Oracle({name: rows_in(lake, name) for name in names})
    published = ("topic_mastery", "subject_mastery", "difficulty_mastery")
    return mastery_differences({n: rows_in(lake, n) for n in published}, oracle, READING_DAY)


SEEDS = [1, 2, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 23))]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_published_reading_agrees_with_the_slow_oracle(tmp_path: Path, seed: int) -> None:
    rows = random_rows(seed, Size(students=6 + seed, attempts=60 + 20 * seed))
    lake = lake_of(tmp_path, rows)
    build_mastery(lake, DuckDBEngine(), PARAMETERS)
    assert differences(lake) == []
