"""Where a level begins: to the last published digit, on readings of known mastery and interval."""

import math
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from lake_builders import Row, fill

from mavprep_analytics.engine import DuckDBEngine, run_parameters
from mavprep_analytics.mastery.chain import CHAIN, read_chain
from mavprep_analytics.tables import TABLES

STRENGTH = 15
"""Answers that a root leans on."""


def logit(p: float) -> float:
    return math.log(p / (1 - p))


def half_width(answers: float) -> float:
    """Return half of a root's interval, in logits: of n answers, half of them right, var = 4 / (n + 15)."""
    return 1.2816 * math.sqrt(2 * 4 / (answers + STRENGTH))


def answers_of(half: float) -> float:
    """Return the answers that make half an interval so wide."""
    return 8 * (1.2816 / half) ** 2 - STRENGTH


def rate_of(low: float, answers: float) -> float:
    """Return the rate of the node's questions that puts the lower end there."""
    return 1 / (1 + math.exp(-logit(low) - half_width(answers)))


def root_reading(folder: Path, answers: float, rate: float) -> Row:
    """Return the reading of a student with half of his answers right, to questions that half get right."""
    nanos = round(answers * 1e9)
    sums = {"correct_nanos": nanos // 2, "expected_nanos": nanos // 2, "total_nanos": nanos}
    rows: dict[str, Row] = {
        "mastery_nodes": {"answers": 1, "last_day": 20_000, **sums},
        "node_rates": {"rate": rate, "previous_rate": rate},
    }
    for name, row in rows.items():
        table = TABLES[name]
        data = pa.Table.from_pylist([fill(table, row)], schema=table.arrow_schema)
        pq.write_table(data, folder / f"{name}.parquet")
    inputs = {name: [folder / f"{name}.parquet"] for name in rows}
    parameters = run_parameters(date(2025, 4, 6), "UTC")
    (path,) = read_chain(DuckDBEngine(), inputs, parameters, folder)
    (reading,) = pq.read_table(path, schema=TABLES[CHAIN].arrow_schema).to_pylist()
    return dict(reading)


@pytest.mark.parametrize(
    ("answers", "rate", "column", "value", "level"),
    [
        (10, 0.5, "mastery", "0.5000", "developing"),
        (10, 0.4999, "mastery", "0.4999", "starting"),
        (10, 0.7, "mastery", "0.7000", "proficient"),
        (10, 0.6999, "mastery", "0.6999", "developing"),
        (10, rate_of(0.8, 10), "mastery_low", "0.8000", "mastered"),
        (10, rate_of(0.7999, 10), "mastery_low", "0.7999", "proficient"),
        (answers_of(logit(0.7)), 0.5, "mastery_low", "0.3000", "developing"),
        (answers_of(logit(0.7001)), 0.5, "mastery_low", "0.2999", "not_enough_data"),
    ],
)
def test_a_level_begins_at_its_border(
    tmp_path: Path, answers: float, rate: float, column: str, value: str, level: str
) -> None:
    reading = root_reading(tmp_path, answers, rate)
    assert (str(reading[column]), reading["level"]) == (value, level)
