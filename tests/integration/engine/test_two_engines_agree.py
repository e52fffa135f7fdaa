from pathlib import Path

import pytest
from both_engines import BothEngines
from lake_builders import make_lake, write_rows
from metric_lakes import METRICS
from nasty_lakes import AS_OF, DEFAULT_ZONE, nasty_tables, previous_rankings

from mavprep_analytics.catalogue.time_zones import build_time_zone_offsets
from mavprep_analytics.engine import DuckDBEngine, build, model_names, run_parameters
from mavprep_analytics.engine.spark_engine import SparkConnectEngine
from mavprep_analytics.mastery.build import build_mastery
from mavprep_analytics.mastery.quality import build_quality
from mavprep_analytics.mastery.recall import build_recall
from mavprep_analytics.questions import build_questions

PARAMETERS = run_parameters(AS_OF, DEFAULT_ZONE)


@pytest.mark.parametrize("seed", [1, pytest.param(7, marks=pytest.mark.long)])
def test_every_model_gives_the_same_rows_on_duckdb_and_spark_connect(
    seed: int, tmp_path: Path, spark_connect: SparkConnectEngine
) -> None:
    both = BothEngines(DuckDBEngine(), spark_connect)
    tables = nasty_tables(seed)
    lake = make_lake(tmp_path, {n: rows for n, rows in tables.items() if "mastery" not in n})
    build_time_zone_offsets(lake, DEFAULT_ZONE)
    older = write_rows(lake, "previous_rankings", previous_rankings(seed, tables))
    build(METRICS[0], lake, both, PARAMETERS)
    build_mastery(lake, both, PARAMETERS)
    build_quality(lake, both, PARAMETERS, fewest_answers=1)
    build_recall(lake, both, PARAMETERS)
    for name in METRICS[1:]:
        build(name, lake, both, PARAMETERS, extra={"previous_rankings": older})
    build_questions(lake, both, PARAMETERS)
    build("students", lake, both, PARAMETERS)
    assert set(both.rows) == set(model_names())
    assert all(both.rows[name] for name in METRICS)
