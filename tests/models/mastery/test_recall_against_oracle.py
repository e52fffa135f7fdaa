"""Recall of every topic against the slow oracle, on random lakes with the nasty cases."""

import pytest
from metric_lakes import assert_same_rows, campus
from nasty_lakes import AS_OF, DEFAULT_ZONE
from oracle_recall import topic_recall

from mavprep_analytics.engine import DuckDBEngine, run_parameters
from mavprep_analytics.mastery import build_recall

SEEDS = [0, 1, 2, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 20))]


@pytest.mark.parametrize("seed", SEEDS)
def test_recall_of_every_topic_agrees_with_the_slow_oracle(seed: int) -> None:
    tables, _, lake = campus(seed)
    build_recall(lake, DuckDBEngine(), run_parameters(AS_OF, DEFAULT_ZONE))
    assert_same_rows("topic_recall", lake, topic_recall(tables, AS_OF, DEFAULT_ZONE))
