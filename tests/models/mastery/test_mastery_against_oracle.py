"""The published readings against the slow oracle, on random lakes with the nasty cases."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from answer_lakes import Size, lake_of, random_rows
from lake_builders import rows_in
from mastery_oracle import Node, Oracle, Row

from mavprep_analytics.engine import DuckDBEngine, run_parameters
from mavprep_analytics.lake import Lake
from mavprep_analytics.mastery import build_mastery, constants

AS_OF = date(1970, 1, 1) + timedelta(days=20_200)
PARAMETERS = run_parameters(AS_OF, "UTC")
READING_DAY = int(PARAMETERS["reading_day"])
PUBLISHED = (
    ("topic_mastery", "topic", "topic_id"),
    ("subject_mastery", "subject", "subject_id"),
    ("difficulty_mastery", "band", "difficulty"),
)


def published(lake: Lake) -> dict[tuple[str, Node], Row]:
    return {
        (row["user_id"], (kind, row[column])): row
        for table, kind, column in PUBLISHED
        for row in rows_in(lake, table)
    }


def level(row: Row) -> str:
    mastery, low, high = (float(row[f"mastery{end}"]) for end in ("", "_low", "_high"))
    if round(high - low, 4) > constants.WIDEST_INTERVAL:
        return "not_enough_data"
    if low >= constants.MASTERED_LOW_FROM:
        return "mastered"
    if mastery >= constants.PROFICIENT_FROM:
        return "proficient"
    return "developing" if mastery >= constants.DEVELOPING_FROM else "starting"


def compare(lake: Lake, rows: Mapping[str, list[dict[str, Any]]]) -> None:
    names = [n for n in lake.head().tables if n.startswith(("core_", "catalogue_"))]
    oracle = Oracle({name: rows_in(lake, name) for name in names})
    now, before = oracle.readings(READING_DAY), oracle.readings(READING_DAY - 7)
    found = published(lake)
    assert set(found) == {key for key in now if key[1][0] != "root"}
    for key, row in found.items():
        want, past = now[key], before.get(key)
        assert row["answers"] == want.answers
        assert row["level"] == level(row)
        assert (row["last_answered_on"] - date(1970, 1, 1)).days == want.last_day
        assert float(row["mastery"]) == pytest.approx(want.mastery, abs=1e-4)
        assert float(row["mastery_low"]) == pytest.approx(want.low, abs=1e-4)
        assert float(row["mastery_high"]) == pytest.approx(want.high, abs=1e-4)
        assert (row["previous_mastery"] is None) == (past is None)
        if past is not None:
            assert float(row["previous_mastery"]) == pytest.approx(past.mastery, abs=1e-4)


SEEDS = [1, 2, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 23))]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_published_reading_agrees_with_the_slow_oracle(tmp_path: Path, seed: int) -> None:
    rows = random_rows(seed, Size(students=6 + seed, attempts=60 + 20 * seed))
    lake = lake_of(tmp_path, rows)
    build_mastery(lake, DuckDBEngine(), PARAMETERS)
    compare(lake, rows)
